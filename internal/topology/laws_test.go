package topology

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Kleene's laws, over every choice of three verdicts: neither the order nor the grouping of what is combined shows, repeating changes nothing,
// and conjunction and disjunction distribute over each other.
func TestKleeneLaws(t *testing.T) {
	decided := []Verdict{Pass, Undecided, Fail} // Skip counts for nothing, and is apart
	for _, a := range decided {
		for _, b := range decided {
			for _, c := range decided {
				for law, sides := range map[string][2]Verdict{
					"All commutes":                {All(a, b), All(b, a)},
					"Any commutes":                {Any(a, b), Any(b, a)},
					"All associates":              {All(a, All(b, c)), All(All(a, b), c)},
					"Any associates":              {Any(a, Any(b, c)), Any(Any(a, b), c)},
					"All of a list":               {All(a, b, c), All(All(a, b), c)},
					"Any of a list":               {Any(a, b, c), Any(Any(a, b), c)},
					"All is idempotent":           {All(a, a), a},
					"Any is idempotent":           {Any(a, a), a},
					"All absorbs":                 {All(a, Any(a, b)), a},
					"Any absorbs":                 {Any(a, All(a, b)), a},
					"All distributes":             {All(a, Any(b, c)), Any(All(a, b), All(a, c))},
					"Any distributes":             {Any(a, All(b, c)), All(Any(a, b), Any(a, c))},
					"Pass is neutral in All":      {All(a, Pass), a},
					"Fail is neutral in Any":      {Any(a, Fail), a},
					"Fail decides All":            {All(a, Fail), Fail},
					"Pass decides Any":            {Any(a, Pass), Pass},
					"Skip counts for none in All": {All(a, Skip, b), All(a, b)},
					"Skip counts for none in Any": {Any(a, Skip, b), Any(a, b)},
				} {
					if sides[0] != sides[1] {
						t.Errorf("%s: not for %s, %s, %s: %s and %s", law, a, b, c, sides[0], sides[1])
					}
				}
			}
		}
	}
}

// tellers are who can tell of one object, in every collection that Lay lays by the identity of its objects alone.
var tellers = []string{"managed", "read", "mentioned"}

// told has one object, of one identity in each collection, as a source tells of it; n tells sources of a kind apart.
func told(kind string, n int) Facts {
	var f Facts
	v := reflect.ValueOf(&f).Elem()
	for i := range v.NumField() {
		list := v.Field(i)
		if slices.Contains([]string{"Readings", "Grants", "Images", "Firewalls", "Clusters"}, v.Type().Field(i).Name) {
			continue
		}
		fact := reflect.New(list.Type().Elem().Elem())
		source := fmt.Sprint(kind, n)
		fact.Elem().FieldByName("Object").Set(reflect.ValueOf(Object{ID: "x", Address: source, Source: source, Managed: kind == "managed", Read: kind == "read"}))
		list.Set(reflect.Append(list, fact))
	}
	return f
}

// words writes what facts tell, each collection in the order of its addresses.
func words(f Facts) string {
	v := reflect.ValueOf(f)
	var out []string
	for i := range v.NumField() {
		list := v.Field(i)
		var facts []string
		for j := range list.Len() {
			one := list.Index(j)
			if one.Kind() == reflect.Pointer {
				one = one.Elem()
			}
			facts = append(facts, fmt.Sprintf("%+v", one.Interface()))
		}
		slices.Sort(facts)
		out = append(out, v.Type().Field(i).Name+": "+strings.Join(facts, " | "))
	}
	return strings.Join(out, "\n")
}

// Sources are laid one over another: it does not matter which two are laid first.
func TestLayAssociates(t *testing.T) {
	for _, a := range tellers {
		for _, b := range tellers {
			for _, c := range tellers {
				t.Run(a+", "+b+", "+c, func(t *testing.T) {
					low, middle, top := told(a, 1), told(b, 2), told(c, 3)
					left, right := words(Lay(Lay(low, middle, nil), top, nil)), words(Lay(low, Lay(middle, top, nil), nil))
					if left != right {
						t.Errorf("from below\n%s\nfrom above\n%s", left, right)
					}
				})
			}
		}
	}
}

// populated is facts of every collection, several of each, some of which lie in others.
func populated(source string, managed bool, names ...string) Facts {
	var f Facts
	object := func(kind, name string) Object {
		return Object{ID: Identify(kind, "p", "r", name), Kind: kind, Address: source + "." + kind + "." + name, Name: name, Project: "p", Location: "r", Source: source, Managed: managed}
	}
	ref := func(kind, name string) Value[ID] { return Known(Identify(kind, "p", "r", name), Origin{}) }
	for i, n := range names {
		f.Networks = append(f.Networks, &Network{Object: object("network", n)})
		f.Subnetworks = append(f.Subnetworks, &Subnetwork{Object: object("subnetwork", n), Network: ref("network", n)})
		f.Routers = append(f.Routers, &Router{Object: object("router", n), Network: ref("network", n)})
		f.NATs = append(f.NATs, &NAT{Object: object("nat", n), Router: ref("router", n), Entries: []NATEntry{{Subnetwork: ref("subnetwork", n)}}})
		f.Routes = append(f.Routes, &Route{Object: object("route", n), Network: ref("network", n)})
		f.Firewalls = append(f.Firewalls, &FirewallRule{Object: object("rule", n), Policy: ID("policy" + n), Priority: Known(i, Origin{}), Network: ref("network", n)})
		f.Zones = append(f.Zones, &Zone{Object: object("zone", n)})
		f.RecordSets = append(f.RecordSets, &RecordSet{Object: object("record", n), Zone: ref("zone", n)})
		f.Responses = append(f.Responses, &ResponseRule{Object: object("response", n+"/rule"), NetworksTold: true})
		f.Clusters = append(f.Clusters, &Cluster{Object: object("cluster", n), Pools: []*NodePool{{Object: object("pool", n)}, {Object: object("pool", n+"2")}}})
		f.Grants = append(f.Grants, &Grant{Object: object("grant", n), Project: "p", Role: Known("role"+n, Origin{}), Members: []Member{{Text: Known("m"+n, Origin{})}}, MembersTold: true})
		f.Images = append(f.Images, &ImageUse{Ref: Known(n, Origin{}), From: n, Cluster: ref("cluster", n), Object: Object{Kind: "Deployment", Name: n}})
		f.Secrets = append(f.Secrets, &PullSecret{Object: object("secret", n)})
		f.Answers = append(f.Answers, &ImageAnswer{Object: object("answer", n)})
	}
	return f
}

// Laying nothing, or the same again, changes nothing; and facts given stay as they are.
func TestLayIsIdempotent(t *testing.T) {
	f := populated("plan", true, "a", "b")
	before := words(f)
	for name, got := range map[string]Facts{
		"over nothing":  Lay(Facts{}, f, nil),
		"under nothing": Lay(f, Facts{}, nil),
		"over itself":   Lay(f, f, nil),
		"twice":         Lay(Lay(f, f, nil), f, nil),
	} {
		if text := without(words(got)); text != without(before) {
			t.Errorf("%s:\n%s\nwas\n%s", name, text, without(before))
		}
	}
	Lay(f, populated("state", false, "a", "c"), []ID{Identify("network", "p", "r", "a"), Identify("cluster", "p", "r", "b")})
	if words(f) != before {
		t.Error("the facts given were changed")
	}
}

// without leaves out where pointers point, which differs where a copy says the same.
func without(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		if at := strings.Index(w, "0x"); at >= 0 {
			words[i] = w[:at]
		}
	}
	return strings.Join(words, " ")
}

// The order in which sources tell of facts does not show in what is laid, nor in what is answered.
func TestTheOrderOfFactsDoesNotShow(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	shuffled := func(f Facts) Facts {
		v := reflect.ValueOf(&f).Elem()
		for i := range v.NumField() {
			random.Shuffle(v.Field(i).Len(), reflect.Swapper(v.Field(i).Interface()))
		}
		for _, c := range f.Clusters {
			random.Shuffle(len(c.Pools), reflect.Swapper(c.Pools))
		}
		return f
	}
	lower := func() Facts { return populated("state", true, "a", "b", "c", "d") }
	upper := func() Facts { return populated("plan", true, "c", "d", "e") }
	removed := []ID{Identify("network", "p", "r", "b"), Identify("network", "p", "r", "d")}
	want := New(Lay(lower(), upper(), removed))
	for range 10 {
		got := New(Lay(shuffled(lower()), shuffled(upper()), removed))
		for i := range reflect.ValueOf(got.facts).NumField() {
			a, b := reflect.ValueOf(got.facts).Field(i), reflect.ValueOf(want.facts).Field(i)
			name := reflect.TypeOf(got.facts).Field(i).Name
			if a.Len() != b.Len() {
				t.Fatalf("%s: %d facts, want %d", name, a.Len(), b.Len())
			}
			for j := range a.Len() {
				if !reflect.DeepEqual(a.Index(j).Interface(), b.Index(j).Interface()) {
					t.Errorf("%s, fact %d: %+v, want %+v", name, j, a.Index(j).Elem(), b.Index(j).Elem())
				}
			}
		}
	}
}

// Every collection is sorted by address, then by identity, so that reports do not depend on who told first.
func TestEveryCollectionIsSorted(t *testing.T) {
	var f Facts
	v := reflect.ValueOf(&f).Elem()
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; name == "Readings" || name == "Images" {
			continue
		}
		for _, o := range []Object{{ID: "2", Address: "b"}, {ID: "3", Address: "a"}, {ID: "1", Address: "b"}} {
			fact := reflect.New(v.Field(i).Type().Elem().Elem())
			fact.Elem().FieldByName("Object").Set(reflect.ValueOf(o))
			v.Field(i).Set(reflect.Append(v.Field(i), fact))
		}
	}
	sorted := reflect.ValueOf(New(f).facts)
	for i := range sorted.NumField() {
		ids := ""
		for j := range sorted.Field(i).Len() {
			ids += sorted.Field(i).Index(j).Elem().FieldByName("ID").String()
		}
		if ids != "" && ids != "312" {
			t.Errorf("%s: in the order %s", sorted.Type().Field(i).Name, ids)
		}
	}
}
