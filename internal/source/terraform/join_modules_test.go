package terraform

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Module instances are told apart by their keys, as their callers' each.key and count.index have them.
func TestJoinThroughModuleKeys(t *testing.T) {
	nets := func(keys ...string) (out []resource) {
		for _, k := range keys {
			out = append(out, resource{address: "module.net[" + k + "].google_compute_subnetwork.s", after: object{"name": "net" + strings.Trim(k, `"`), "project": "p", "region": "r1"},
				unknown: object{"id": true, "network": true}, config: object{}})
		}
		return out
	}
	output := call{path: "net", given: object{}, outputs: object{"id": object{"expression": refs("google_compute_subnetwork.s.id", "google_compute_subnetwork.s")}}}
	for _, c := range []struct {
		name, cluster string
		nets          []resource
		references    []string
		want          topology.ID
		why           string
	}{
		{"each.key chooses a module instance", `google_container_cluster.c["b"]`, nets(`"a"`, `"b"`, `"c"`), []string{"module.net", "each.key"}, subnetID("netb"), ""},
		{"count.index chooses a module instance", `google_container_cluster.c[1]`, nets("0", "1", "2"), []string{"module.net", "count.index"}, subnetID("net1"), ""},
		{"an index is no key of the same digit", `google_container_cluster.c[1]`, nets(`"0"`, `"1"`), []string{"module.net", "count.index"}, "", "lead to several objects"},
		{"a literal key of a module", `google_container_cluster.c["b"]`, nets(`"a"`, `"b"`), []string{`module.net["a"].id`, `module.net["a"]`, "module.net"}, subnetID("neta"), ""},
		{"a key with slashes and dots", `google_container_cluster.c["x"]`, nets(`"r1/a.b"`, `"r1/c.d"`), []string{`module.net["r1/c.d"].id`, `module.net["r1/c.d"]`, "module.net"}, subnetID("netr1/c.d"), ""},
		{"without each.key any of them may be meant", `google_container_cluster.c["b"]`, nets(`"a"`, `"b"`), []string{"module.net"}, "", "lead to several objects"},
		{"a key that no module instance has", `google_container_cluster.c["z"]`, nets(`"a"`, `"b"`), []string{"module.net", "each.key"}, "", "lead to several objects"},
		{"a literal key that no module instance has", `google_container_cluster.c["z"]`, nets(`"a"`, `"b"`), []string{`module.net["z"].id`, `module.net["z"]`}, "", topology.KnownAfterApply},
		{"a module of which nothing of interest is planned", `google_container_cluster.c`, nil, []string{"module.net.id", "module.net"}, "", "passes through a local"},
		{"a module that is not called", `google_container_cluster.c`, nets(`"a"`), []string{"module.other.id", "module.other"}, "", topology.KnownAfterApply},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := build{calls: []call{output}, resources: append(c.nets, clusterAt(c.cluster, object{"subnetwork": refs(c.references...)}))}
			v := b.read(t).After.Clusters[0].Subnetwork
			if c.want == "" {
				unknown(t, "subnetwork", v, c.why)
				if c.why == topology.KnownAfterApply && v.Why() != c.why {
					t.Errorf("it blames %q", v.Why())
				}
				return
			}
			is(t, "subnetwork", v, c.want)
		})
	}
}

// A module's own for_each stands behind each.value in what it is given.
func TestJoinThroughEachValueOfAModule(t *testing.T) {
	for name, tc := range map[string]struct {
		given, inside []string
		want          topology.ID
	}{
		"each.value.id":             {[]string{"each.value.id", "each.value"}, []string{"var.subnetwork"}, subnetID("b")},
		"each.key into a resource":  {[]string{"google_compute_subnetwork.s", "each.key"}, []string{"var.subnetwork"}, subnetID("b")},
		"a literal key of an input": {[]string{"google_compute_subnetwork.s"}, []string{`var.subnetwork["c"].id`, `var.subnetwork["c"]`, "var.subnetwork"}, subnetID("c")},
		"no key":                    {[]string{"google_compute_subnetwork.s"}, []string{"var.subnetwork"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := build{calls: []call{{path: "gke", given: object{"subnetwork": refs(tc.given...)}, forEach: refs("google_compute_subnetwork.s")}},
				resources: append(keyed(""), clusterAt(`module.gke["b"].google_container_cluster.c`, object{"subnetwork": refs(tc.inside...)}))}
			v := b.read(t).After.Clusters[0].Subnetwork
			if tc.want == "" {
				unknown(t, "subnetwork", v, "lead to several objects")
				return
			}
			is(t, "subnetwork", v, tc.want)
		})
	}
}

// Data sources that are read during apply are joined like resources, and apart from resources of the same name.
func TestJoinThroughDataSources(t *testing.T) {
	read := func(address, name string, after object) resource {
		after["name"], after["project"], after["region"] = name, "p", "r1"
		return resource{address: address, actions: []string{"read"}, reason: "read_because_dependency_pending", after: after, unknown: object{"id": true, "self_link": true}, config: object{}}
	}
	managed := resource{address: "google_compute_subnetwork.s", after: object{"name": "managed", "project": "p", "region": "r1"}, unknown: object{"id": true}, config: object{}}
	vpc := object{"network": "https://www.googleapis.com/compute/v1/projects/host/global/networks/shared"}
	for name, tc := range map[string]struct {
		resources []resource
		config    object
		want      topology.ID
	}{
		"by its ID": {[]resource{managed, read("data.google_compute_subnetwork.s", "looked-up", object{})},
			object{"subnetwork": refs("data.google_compute_subnetwork.s.id", "data.google_compute_subnetwork.s")}, subnetID("looked-up")},
		"the resource of that name": {[]resource{managed, read("data.google_compute_subnetwork.s", "looked-up", object{})},
			object{"subnetwork": refs("google_compute_subnetwork.s.id", "google_compute_subnetwork.s")}, subnetID("managed")},
		"by its key": {[]resource{read(`data.google_compute_subnetwork.s["a"]`, "a", object{}), read(`data.google_compute_subnetwork.s["b/c"]`, "b-c", object{})},
			object{"subnetwork": refs(`data.google_compute_subnetwork.s["b/c"].id`, `data.google_compute_subnetwork.s["b/c"]`, "data.google_compute_subnetwork.s")}, subnetID("b-c")},
	} {
		t.Run(name, func(t *testing.T) {
			c := build{resources: append(tc.resources, clusterAt("google_container_cluster.c", tc.config))}.read(t).After.Clusters[0]
			is(t, "subnetwork", c.Subnetwork, tc.want)
		})
	}
	t.Run("the network of a data source that the plan tells of", func(t *testing.T) {
		shared := resource{address: "data.google_compute_network.shared", actions: []string{"read"}, after: object{"name": "shared", "project": "host"}, config: object{}}
		b := build{resources: []resource{shared, read("data.google_compute_subnetwork.s", "looked-up", vpc),
			clusterAt("google_container_cluster.c", object{"network": refs("data.google_compute_subnetwork.s.network", "data.google_compute_subnetwork.s")})}}
		is(t, "network", b.read(t).After.Clusters[0].Network, "google_compute_network/host/global/shared")
	})
}

// A large family is found by its keys as a small one is, and candidates that come twice are one.
func TestJoinAmongMany(t *testing.T) {
	var many []resource
	for i := range 40 {
		many = append(many, resource{address: fmt.Sprintf(`google_compute_subnetwork.s["k%d"]`, i), after: object{"name": fmt.Sprint("n", i), "project": "p", "region": "r1"}, unknown: object{"id": true}, config: object{}})
	}
	at := func(key string, references ...string) topology.Value[topology.ID] {
		c := clusterAt(fmt.Sprintf("google_container_cluster.c[%q]", key), object{"subnetwork": refs(references...)})
		return build{resources: append(slices.Clone(many), c)}.read(t).After.Clusters[0].Subnetwork
	}
	is(t, "by each.key", at("k33", "google_compute_subnetwork.s", "each.key"), subnetID("n33"))
	is(t, "by a literal key", at("x", `google_compute_subnetwork.s["k7"].id`, `google_compute_subnetwork.s["k7"]`), subnetID("n7"))
	unknown(t, "by no key", at("x", "google_compute_subnetwork.s", "each.key"), "lead to several objects")
	router := resource{address: "google_compute_router.r", after: object{"name": "r", "project": "p", "region": "r1"}, config: object{}}
	nat := resource{address: "google_compute_router_nat.n", after: object{"name": "n", "project": "p", "region": "r1", "router": "r", "source_subnetwork_ip_ranges_to_nat": topology.ListOfRanges,
		"subnetwork": one(object{"source_ip_ranges_to_nat": one(topology.EntryAllRanges)})}, unknown: object{"subnetwork": one(object{"name": true})},
		config: object{"subnetwork": one(object{"name": refs("google_compute_subnetwork.s", "module.m.all", "module.m"), "source_ip_ranges_to_nat": constant(one(topology.EntryAllRanges))})}}
	b := build{resources: append(slices.Clone(many), router, nat, resource{address: "module.m.google_compute_network.n", after: object{"name": "n", "project": "p"}, config: object{}}),
		calls: []call{{path: "m", given: object{"all": refs("google_compute_subnetwork.s")}, outputs: object{"all": object{"expression": refs("var.all")}}}}}
	if e := b.read(t).After.NATs[0].Entries[0]; len(e.OneOf) != 40 {
		t.Errorf("%d candidates, want each of the 40 once", len(e.OneOf))
	}
}
