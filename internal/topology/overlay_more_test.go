package topology

import (
	"slices"
	"strings"
	"testing"
)

// What a router says of a gateway holds as long as the gateway translates the same ranges with as many ports.
func TestStatusOfAGatewayThatChanges(t *testing.T) {
	entry := func(subnetwork ID, options []string, names ...string) NATEntry {
		e := NATEntry{Subnetwork: Known(subnetwork, Origin{}), Options: Known(options, Origin{})}
		for _, n := range names {
			e.Names = append(e.Names, Known(n, Origin{}))
		}
		return e
	}
	gateway := func(changes ...func(*NAT)) *NAT {
		n := &NAT{Object: Object{ID: "nat", Managed: true}, Mode: Known(ListOfRanges, Origin{}), ManualAddresses: Known(true, Origin{}), Addresses: Known(2, Origin{}),
			MinPorts: Known(64, Origin{}), Entries: []NATEntry{entry("a", []string{EntryPrimary, EntrySecondary}, "pods", "more"), entry("b", []string{EntryAllRanges})}}
		for _, c := range changes {
			c(n)
		}
		return n
	}
	ports := func(n int) func(*NAT) { return func(g *NAT) { g.MinPorts = Known(n, Origin{}) } }
	dynamic := func(n *NAT) { n.Dynamic = Known(true, Origin{}) }
	for name, tc := range map[string]struct {
		lower, upper []func(*NAT)
		kept         bool
	}{
		"nothing changes":                              {nil, nil, true},
		"A1: 64 ports are the default":                 {nil, []func(*NAT){ports(0)}, true},
		"A1: 32 are it where they are given out":       {[]func(*NAT){ports(32), dynamic}, []func(*NAT){ports(0), dynamic}, true},
		"trap: 64 are not, there":                      {[]func(*NAT){ports(64), dynamic}, []func(*NAT){ports(0), dynamic}, false},
		"trap: 32 are not, elsewhere":                  {[]func(*NAT){ports(32)}, []func(*NAT){ports(0)}, false},
		"more ports":                                   {nil, []func(*NAT){ports(1024)}, false},
		"ports given out as they are needed":           {nil, []func(*NAT){dynamic}, false},
		"addresses of Google's own choice":             {nil, []func(*NAT){func(n *NAT) { n.ManualAddresses = Known(false, Origin{}) }}, false},
		"all subnetworks":                              {nil, []func(*NAT){func(n *NAT) { n.Mode = Known(AllRanges, Origin{}) }}, false},
		"trap: what is listed beside all subnetworks":  {[]func(*NAT){func(n *NAT) { n.Mode = Known(AllRanges, Origin{}) }}, []func(*NAT){func(n *NAT) { n.Mode, n.Entries = Known(AllRanges, Origin{}), nil }}, true},
		"the list in another order":                    {nil, []func(*NAT){func(n *NAT) { slices.Reverse(n.Entries) }}, true},
		"options and names in another order":           {nil, []func(*NAT){func(n *NAT) { n.Entries[0] = entry("a", []string{EntrySecondary, EntryPrimary}, "more", "pods") }}, true},
		"another subnetwork":                           {nil, []func(*NAT){func(n *NAT) { n.Entries[1] = entry("c", []string{EntryAllRanges}) }}, false},
		"another name":                                 {nil, []func(*NAT){func(n *NAT) { n.Entries[0] = entry("a", []string{EntryPrimary, EntrySecondary}, "pods") }}, false},
		"another option":                               {nil, []func(*NAT){func(n *NAT) { n.Entries[1] = entry("b", []string{EntryPrimary}) }}, false},
		"a status of its own is the newer":             {nil, []func(*NAT){func(n *NAT) { n.Status = &NATStatus{VMs: 9} }}, false},
		"no status below":                              {[]func(*NAT){func(n *NAT) { n.Status = nil }}, nil, false},
		"the number of addresses is not known, in one": {nil, []func(*NAT){func(n *NAT) { n.Addresses = Value[int]{} }}, false},
	} {
		t.Run(name, func(t *testing.T) {
			lower := gateway(append([]func(*NAT){func(n *NAT) { n.Status = &NATStatus{VMs: 7} }}, tc.lower...)...)
			upper := gateway(tc.upper...)
			got := Lay(Facts{NATs: []*NAT{lower}}, Facts{NATs: []*NAT{upper}}, nil).NATs
			if kept := len(got) == 1 && got[0].Status != nil && got[0].Status.VMs == 7; kept != tc.kept {
				t.Errorf("kept is %v: %+v", kept, got[0].Status)
			}
		})
	}
}

// A rule of a response policy has the networks of its policy, whoever tells of them.
func TestNetworksOfAResponsePolicy(t *testing.T) {
	rule := func(source, policy, name string, networks ...ID) *ResponseRule {
		id := Identify("response", "p", "global", policy+"/"+name)
		if policy == "" {
			id = ID(source + ":" + name)
		}
		r := &ResponseRule{Object: Object{ID: id, Address: source + "." + name, Name: name, Source: source, Managed: true}, NetworksTold: len(networks) > 0}
		for _, n := range networks {
			r.Networks = append(r.Networks, Known(n, Origin{}))
		}
		return r
	}
	type rules = []*ResponseRule
	for name, tc := range map[string]struct {
		lower, upper rules
		removed      []ID
		want         string
	}{
		"told below by another rule":          {rules{rule("api", "apis", "a", "net")}, rules{rule("plan", "apis", "b")}, nil, "api.a net, plan.b net"},
		"told below by the rule that it is":   {rules{rule("api", "apis", "a", "net")}, rules{rule("plan", "apis", "a")}, nil, "plan.a net"},
		"told below by one that goes":         {rules{rule("api", "apis", "a", "net")}, rules{rule("plan", "apis", "b")}, []ID{rule("api", "apis", "a").ID}, "plan.b net"},
		"told above for one that is below":    {rules{rule("api", "apis", "a")}, rules{rule("plan", "apis", "b", "net")}, nil, "api.a net, plan.b net"},
		"above before below":                  {rules{rule("api", "apis", "a", "old")}, rules{rule("plan", "apis", "a", "new"), rule("plan", "apis", "b")}, nil, "plan.a new, plan.b new"},
		"trap: another policy":                {rules{rule("api", "other", "a", "net")}, rules{rule("plan", "apis", "b")}, nil, "api.a net, plan.b ?"},
		"trap: rules of no known policy":      {rules{rule("api", "", "a", "net")}, rules{rule("plan", "", "b")}, nil, "api.a net, plan.b ?"},
		"trap: what it tells itself it keeps": {rules{rule("api", "apis", "a", "net")}, rules{rule("plan", "apis", "b", "own")}, nil, "api.a net, plan.b own"},
		"nobody tells":                        {rules{rule("api", "apis", "a")}, rules{rule("plan", "apis", "b")}, nil, "api.a ?, plan.b ?"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, r := range Lay(Facts{Responses: tc.lower}, Facts{Responses: tc.upper}, tc.removed).Responses {
				networks := "?"
				if r.NetworksTold {
					networks = string(r.Networks[0].Or(""))
				}
				got = append(got, r.Address+" "+networks)
			}
			if slices.Sort(got); strings.Join(got, ", ") != tc.want {
				t.Errorf("got %v, want %s", got, tc.want)
			}
			for _, r := range slices.Concat(tc.lower, tc.upper) {
				if r.NetworksTold != (len(r.Networks) > 0) {
					t.Error("a fact that was given is changed")
				}
			}
		})
	}
}

// A workload is one, whoever tells of it: by cluster, namespace, kind and name.
func TestWorkloadID(t *testing.T) {
	c := Known(ID("c"), Origin{})
	for name, tc := range map[string]struct {
		cluster               Value[ID]
		namespace, kind, name string
		want                  ID
	}{
		"all known":                      {c, "shop", "Deployment", "web", "workload:c/shop/Deployment/web"},
		"the namespace left out":         {c, "", "Deployment", "web", "workload:c/default/Deployment/web"},
		"trap: any namespace":            {c, AnyNamespace, "Deployment", "web", ""},
		"trap: no cluster":               {Value[ID]{}, "shop", "Deployment", "web", ""},
		"trap: no kind":                  {c, "shop", "", "web", ""},
		"trap: no name, as generateName": {c, "shop", "Job", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := WorkloadID(tc.cluster, tc.namespace, tc.kind, tc.name); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// What a plan says of a workload takes the place of what runs; what it removes is gone; what nobody names stays.
func TestLayImagesByWorkload(t *testing.T) {
	c := Known(ID("c"), Origin{})
	runs := func(namespace, name, ref string) *ImageUse {
		return &ImageUse{From: "pod of " + name, Ref: Known(ref, Origin{}), Cluster: c, Namespace: namespace, Object: Object{Kind: "Deployment", Name: name}}
	}
	plans := func(namespace, name, ref string) *ImageUse {
		u := runs(namespace, name, ref)
		u.From, u.Object.ID = "kubernetes_deployment."+name, WorkloadID(c, namespace, "Deployment", name)
		return u
	}
	nowhere := runs(AnyNamespace, "web", "old")
	for name, tc := range map[string]struct {
		lower, upper []*ImageUse
		removed      []ID
		want         string
	}{
		"the same workload":               {[]*ImageUse{runs("", "web", "old")}, []*ImageUse{plans("default", "web", "new")}, nil, "new"},
		"trap: of another namespace":      {[]*ImageUse{runs("shop", "web", "old")}, []*ImageUse{plans("", "web", "new")}, nil, "new old"},
		"trap: of any namespace":          {[]*ImageUse{nowhere}, []*ImageUse{plans("", "web", "new")}, nil, "new old"},
		"removed":                         {[]*ImageUse{runs("", "web", "old"), runs("", "api", "stays")}, nil, []ID{WorkloadID(c, "", "Deployment", "web")}, "stays"},
		"removed by what a state tells":   {[]*ImageUse{plans("", "web", "old")}, nil, []ID{WorkloadID(c, "", "Deployment", "web")}, ""},
		"only mentioned beside, by a tag": {[]*ImageUse{runs("", "web", "old")}, []*ImageUse{{From: "--image", Ref: Known("new", Origin{})}}, nil, "new old"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, u := range Lay(Facts{Images: tc.lower}, Facts{Images: tc.upper}, tc.removed).Images {
				got = append(got, u.Ref.Or(""))
			}
			if slices.Sort(got); strings.Join(got, " ") != tc.want {
				t.Errorf("got %v, want %s", got, tc.want)
			}
		})
	}
}

// What Google Cloud tells of a network leaves out how it was made: only a configuration below may add that, and only where nothing else is known.
func TestLayNetworkTakesNoMore(t *testing.T) {
	network := func(read bool, deleted Value[bool]) *Network {
		return &Network{Object: Object{ID: "n", Read: read, Managed: !read}, DefaultRoutesDeleted: deleted}
	}
	yes, no := Known(true, Origin{}), Known(false, Origin{})
	for name, tc := range map[string]struct {
		lower, upper *Network
		want         Value[bool]
	}{
		"read, not told":                 {network(false, yes), network(true, Value[bool]{}), yes},
		"trap: read, told":               {network(false, yes), network(true, no), no},
		"trap: planned, not known":       {network(false, yes), network(false, Unknown[bool](KnownAfterApply, Origin{})), Unknown[bool](KnownAfterApply, Origin{})},
		"read, and nothing below it":     {nil, network(true, Value[bool]{}), Value[bool]{}},
		"read below, and nothing above":  {network(true, Value[bool]{}), nil, Value[bool]{}},
		"planned over read, both silent": {network(true, Value[bool]{}), network(false, Value[bool]{}), Value[bool]{}},
	} {
		t.Run(name, func(t *testing.T) {
			var lower, upper Facts
			if tc.lower != nil {
				lower.Networks = []*Network{tc.lower}
			}
			if tc.upper != nil {
				upper.Networks = []*Network{tc.upper}
			}
			if got := Lay(lower, upper, nil).Networks; len(got) != 1 || got[0].DefaultRoutesDeleted != tc.want {
				t.Errorf("got %+v, want %+v", got[0].DefaultRoutesDeleted, tc.want)
			}
		})
	}
}

// A grant's members that are told above or removed are left out; what remains says as much as before.
func TestLayGrantsMemberByMember(t *testing.T) {
	removed := func(g *Grant) []ID { return []ID{GrantID(g, g.Members[0])} }
	untold := func(g *Grant) { g.MembersTold = false }
	nowhere := func(g *Grant) { g.Project = "" }
	for name, tc := range map[string]struct {
		lower, upper []*Grant
		removed      []ID
		want         int
		members      string
	}{
		"removed whole":                           {[]*Grant{granted("state", "reader", "a b")}, nil, []ID{granted("state", "reader", "a b").ID}, 0, ""},
		"told above, of two":                      {[]*Grant{granted("state", "reader", "a b")}, []*Grant{granted("plan", "reader", "b")}, nil, 2, "a b"},
		"the same grant of a state and its plan":  {[]*Grant{granted("x", "reader", "a b")}, []*Grant{granted("x", "reader", "a b")}, nil, 1, "a b"},
		"members that are not all told remain":    {[]*Grant{granted("state", "reader", "a", untold)}, nil, removed(granted("plan", "reader", "a")), 1, ""},
		"trap: on what is not known":              {[]*Grant{granted("state", "reader", "a", nowhere)}, []*Grant{granted("plan", "reader", "b", binding, nowhere)}, nil, 2, "a b"},
		"trap: a binding whose role is not known": {[]*Grant{granted("state", "reader", "a")}, []*Grant{granted("plan", "reader", "b", binding, func(g *Grant) { g.Role = Value[string]{} })}, nil, 2, "a b"},
		"a policy over a binding of the role":     {[]*Grant{granted("state", "reader", "a", binding)}, []*Grant{granted("plan", "viewer", "b", policy)}, nil, 1, "b"},
	} {
		t.Run(name, func(t *testing.T) {
			got := Lay(Facts{Grants: tc.lower}, Facts{Grants: tc.upper}, tc.removed).Grants
			var members []string
			for _, g := range got {
				for _, m := range g.Members {
					members = append(members, m.Text.Or("?"))
				}
			}
			if slices.Sort(members); len(got) != tc.want || strings.Join(members, " ") != tc.members {
				t.Errorf("%d grants to %v, want %d to %s", len(got), members, tc.want, tc.members)
			}
		})
	}
}
