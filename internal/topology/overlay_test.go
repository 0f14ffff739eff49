package topology

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func net(name, source string, managed bool) *Network {
	return &Network{Object: Object{ID: Identify("network", "p", "global", name), Address: name, Name: name, Source: source, Managed: managed}}
}

// Lay puts a plan over a state: later facts win, what is removed is gone, and a mention never wins over what is managed.
func TestLay(t *testing.T) {
	id := Identify("network", "p", "global", "a")
	for _, tc := range []struct {
		name         string
		lower, upper []*Network
		removed      []ID
		want         string
	}{
		{"nothing", nil, nil, nil, ""},
		{"only below", []*Network{net("a", "state", true)}, nil, nil, "a:state"},
		{"only above", nil, []*Network{net("a", "plan", true)}, nil, "a:plan"},
		{"side by side", []*Network{net("a", "state", true)}, []*Network{net("b", "plan", true)}, nil, "a:state b:plan"},
		{"above wins", []*Network{net("a", "state", true)}, []*Network{net("a", "plan", true)}, nil, "a:plan"},
		{"removed below", []*Network{net("a", "state", true), net("b", "state", true)}, nil, []ID{id}, "b:state"},
		{"removed and made again", []*Network{net("a", "state", true)}, []*Network{net("a", "plan", true)}, []ID{id}, "a:plan"},
		{"a data source above what a state manages", []*Network{net("a", "state", true)}, []*Network{net("a", "plan", false)}, nil, "a:state"},
		{"a data source below", []*Network{net("a", "state", false)}, []*Network{net("a", "plan", true)}, nil, "a:plan"},
		{"two data sources", []*Network{net("a", "state", false)}, []*Network{net("a", "plan", false)}, nil, "a:plan"},
		{"a data source of what is removed", []*Network{net("a", "state", true)}, []*Network{net("a", "plan", false)}, []ID{id}, "a:plan"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, n := range Lay(Facts{Networks: tc.lower}, Facts{Networks: tc.upper}, tc.removed).Networks {
				got = append(got, n.Name+":"+n.Source)
			}
			slices.Sort(got)
			if strings.Join(got, " ") != tc.want {
				t.Errorf("got %v, want %s", got, tc.want)
			}
		})
	}
}

// factsOf has one object of a name in every collection.
func factsOf(t *testing.T, name string) Facts {
	t.Helper()
	f := Facts{Readings: []Reading{{Collection: Routes, Project: name}}}
	v := reflect.ValueOf(&f).Elem()
	for i := range v.NumField() {
		list := v.Field(i)
		if list.Len() > 0 {
			continue
		}
		fact := reflect.New(list.Type().Elem().Elem())
		fact.Elem().FieldByName("Object").Set(reflect.ValueOf(Object{ID: ID(name), Address: name}))
		if from := fact.Elem().FieldByName("From"); from.Kind() == reflect.String {
			from.SetString(name)
		}
		list.Set(reflect.Append(list, fact))
	}
	return f
}

// Every collection is laid, those included that are added to Facts later.
func TestLayEverything(t *testing.T) {
	for _, tc := range []struct {
		name    string
		removed []ID
		want    int
	}{{"both", nil, 2}, {"the lower removed", []ID{"low"}, 1}} {
		t.Run(tc.name, func(t *testing.T) {
			v := reflect.ValueOf(Lay(factsOf(t, "low"), factsOf(t, "up"), tc.removed))
			for i := range v.NumField() {
				want := tc.want
				if v.Type().Field(i).Name == "Readings" {
					want = 2 // what was read stays read
				}
				if n := v.Field(i).Len(); n != want {
					t.Errorf("%s has %d facts, want %d", v.Type().Field(i).Name, n, want)
				}
			}
		})
	}
}

// A workload's images are those that the later source tells of it.
func TestLayImages(t *testing.T) {
	use := func(from, ref string) *ImageUse { return &ImageUse{From: from, Ref: Known(ref, Origin{})} }
	f := Lay(Facts{Images: []*ImageUse{use("web", "nginx:1"), use("web", "sidecar:1"), use("api", "api:1")}}, Facts{Images: []*ImageUse{use("web", "nginx:2")}}, nil)
	var got []string
	for _, u := range f.Images {
		got = append(got, u.From+"="+u.Ref.Or(""))
	}
	if want := "web=nginx:2 api=api:1"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
