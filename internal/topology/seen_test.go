package topology

import (
	"strings"
	"testing"
)

func TestSeen(t *testing.T) {
	id := Identify("network", "p", "global", "a")
	here := Known(id, Origin{})
	network := func(managed bool) []*Network {
		n := net("a", "plan", managed)
		n.Project = "p"
		return []*Network{n}
	}
	read := func(refused string) Reading { return Reading{Collection: Routers, Project: "p", Refused: refused} }
	for _, tc := range []struct {
		name     string
		networks []*Network
		readings []Reading
		network  Value[ID]
		seen     bool
		why      string
	}{
		{"managed", network(true), nil, here, true, ""},
		{"a data source", network(false), nil, here, false, `network "a" is not managed here`},
		{"a literal", nil, nil, here, false, `network "a" is not managed here`},
		{"a name without a project", nil, nil, Known(ID("vpc"), Origin{}), false, `network "vpc" is not managed here`},
		{"a data source, listed", network(false), []Reading{read("")}, here, true, ""},
		{"a literal, listed", nil, []Reading{read("")}, here, true, ""},
		{"a literal, refused", nil, []Reading{read("403: compute.routers.list")}, here, false, "403: compute.routers.list"},
		{"refused by one, listed by another", nil, []Reading{read("403"), read("")}, here, true, ""},
		{"listed by one, refused by another", nil, []Reading{read(""), read("403")}, here, true, ""},
		{"refused by two", nil, []Reading{read("timed out"), read("403")}, here, false, "403"},
		{"another project listed", nil, []Reading{{Collection: Routers, Project: "q"}}, here, false, "is not managed here"},
		{"another collection listed", nil, []Reading{{Collection: Routes, Project: "p"}}, here, false, "is not managed here"},
		{"managed, refused elsewhere", network(true), []Reading{read("403")}, here, true, ""},
		{"not known", nil, []Reading{read("")}, Unknown[ID](KnownAfterApply, Origin{}), false, "the network is not known: " + KnownAfterApply},
	} {
		t.Run(tc.name, func(t *testing.T) {
			seen, why := New(Facts{Networks: tc.networks, Readings: tc.readings}).Seen(Routers, tc.network)
			if seen != tc.seen || !strings.Contains(why, tc.why) || seen && why != "" {
				t.Errorf("got %v, %q, want %v, %q", seen, why, tc.seen, tc.why)
			}
		})
	}
}

// Where nothing was looked at, the words name every source that would tell.
func TestSeenNamesTheSources(t *testing.T) {
	_, why := New(Facts{}).Seen(Routers, Known(Identify("network", "p", "global", "a"), Origin{}))
	for _, source := range []string{"--state"} {
		if !strings.Contains(why, source) {
			t.Errorf("%q does not name %s", why, source)
		}
	}
}

func TestWatched(t *testing.T) {
	f := Facts{Networks: []*Network{net("a", "plan", true)}}
	top := New(f)
	var read []Collection
	w := top.Watched(func(c Collection) { read = append(read, c) })
	w.Clusters()
	w.NATs()
	w.Seen(Routes, Known(f.Networks[0].ID, Origin{}))
	top.Images()
	if len(read) != 3 || read[0] != Clusters || read[1] != Routers || read[2] != Networks {
		t.Errorf("read %v", read)
	}
}

// New sorts by address and finds by identity.
func TestNew(t *testing.T) {
	b, a := &NodePool{Object: Object{Address: "b"}}, &NodePool{Object: Object{Address: "a"}}
	top := New(Facts{Networks: []*Network{net("b", "", true), net("a", "", true)}, Clusters: []*Cluster{{Object: Object{ID: "c"}, Pools: []*NodePool{b, a}}},
		Images: []*ImageUse{{From: "z"}, {From: "a", Ref: Known("y", Origin{})}, {From: "a", Ref: Known("x", Origin{})}}})
	if top.facts.Networks[0].Name != "a" || top.Cluster("c").Pools[0].Address != "a" {
		t.Error("facts are not sorted by address")
	}
	if u := top.Images(); u[0].Ref.Or("") != "x" || u[2].From != "z" {
		t.Error("images are not sorted by place and reference")
	}
	if top.Network(Identify("network", "p", "global", "b")) == nil || top.Network("nothing") != nil || top.Subnetwork("x") != nil || top.Router("x") != nil {
		t.Error("lookups")
	}
}
