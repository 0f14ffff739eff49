package terraform

import (
	"testing"
)

// A cluster's project is unknown on create unless its block sets it: the provider's is taken, as far as the plan shows it.
func TestProjectOfACluster(t *testing.T) {
	provider := func(expression object) object {
		return object{"google": object{"name": "google", "expressions": object{"project": expression}}}
	}
	cluster := resource{address: "google_container_cluster.c", after: object{"name": "c", "location": "r1"}, unknown: object{"project": true, "subnetwork": true}, provider: "google",
		config: object{"subnetwork": refs("google_compute_subnetwork.s.id", "google_compute_subnetwork.s")}}
	filled := resource{address: "google_compute_router.r", after: object{"name": "r", "region": "r1", "project": "filled"}, provider: "google", config: object{}}
	written := resource{address: "google_compute_router.r", after: object{"name": "r", "region": "r1", "project": "other"}, provider: "google", config: object{"project": constant("other")}}
	subnetwork := subnetworkOf("google_compute_subnetwork.s", "s", "vpc")
	for _, c := range []struct {
		name string
		plan build
		want string
	}{
		{"its own", build{resources: []resource{{address: "google_container_cluster.c", after: object{"name": "c", "project": "own"}, config: object{}}}}, "own"},
		{"a constant", build{resources: []resource{cluster}, providers: provider(constant("const"))}, "const"},
		{"a variable", build{resources: []resource{cluster}, providers: provider(refs("var.project")), variables: object{"project": object{"value": "v"}}}, "v"},
		{"a sensitive variable", build{resources: []resource{cluster}, providers: provider(refs("var.project")), variables: object{"project": object{"value": "v"}}, secrets: []string{"project"}}, ""},
		{"an interpolation is none of its variables", build{resources: []resource{cluster}, providers: provider(refs("var.prefix", "var.env")), variables: object{"prefix": object{"value": "x"}, "env": object{"value": "y"}}}, ""},
		{"an interpolation that shows in another resource", build{resources: []resource{cluster, filled}, providers: provider(refs("var.prefix", "var.env"))}, "filled"},
		{"a resource that sets its own project shows nothing", build{resources: []resource{cluster, written}, providers: provider(refs("var.prefix", "var.env"))}, ""},
		{"that of its subnetwork", build{resources: []resource{cluster, subnetwork}}, "p"},
		{"a data source's project is not the provider's", build{resources: []resource{cluster,
			{address: "data.google_compute_network.d", after: object{"name": "d", "project": "data"}, provider: "google", config: object{}}}, providers: provider(refs("a", "b"))}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.plan.read(t).After.Clusters[0].Project; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A module without providers of its own inherits those above it: "module.a.module.b:google" leads to "module.a:google" and "google".
func TestInheritedProvider(t *testing.T) {
	for _, c := range []struct {
		name, key, want string
		providers       object
	}{
		{"from the root", "module.a.module.b:google", "root", object{"module.a.module.b:google": object{}, "google": object{"expressions": object{"project": constant("root")}}}},
		{"from the module above", "module.a.module.b:google", "above", object{"module.a:google": object{"expressions": object{"project": constant("above")}}, "google": object{"expressions": object{"project": constant("root")}}}},
		{"an alias", "google.other", "other", object{"google.other": object{"expressions": object{"project": constant("other")}}, "google": object{"expressions": object{"project": constant("root")}}}},
		{"none", "google", "", nil},
		{"no colon", "module.a", "", nil},
		{"colons alone", "::::", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := build{providers: c.providers, resources: []resource{{address: "google_container_cluster.c", after: object{"name": "c", "location": "r1"}, provider: c.key, config: object{}}}}
			if got := b.read(t).After.Clusters[0].Project; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestIdentityWithoutAName(t *testing.T) {
	b := build{resources: []resource{{address: "google_compute_network.n", after: object{"project": "p"}, unknown: object{"name": true, "id": true}, config: object{}},
		{address: "google_compute_router.r", after: object{"name": "r", "project": "p", "region": "r1"}, unknown: object{"network": true}, config: object{"network": refs("google_compute_network.n.id", "google_compute_network.n")}}}}
	f := b.read(t).After
	if got := f.Networks[0].ID; got != "addr:plan.json/google_compute_network.n" {
		t.Errorf("ID is %q", got)
	}
	is(t, "the router's network", f.Routers[0].Network, f.Networks[0].ID)
}
