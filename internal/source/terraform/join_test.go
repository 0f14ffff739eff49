package terraform

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// keyed are the subnetworks s["a"], s["b"] and s["c"] of a module or the root, each named after its key.
func keyed(module string) []resource {
	var out []resource
	for _, k := range []string{"a", "b", "c"} {
		out = append(out, resource{address: module + `google_compute_subnetwork.s["` + k + `"]`, after: object{"name": strings.Map(word, module) + k, "project": "p", "region": "r1"},
			unknown: object{"id": true, "network": true}, config: object{"network": refs("google_compute_network.vpc.id", "google_compute_network.vpc")}})
	}
	return out
}

func word(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}

// clusterAt is a cluster whose subnetwork only references tell.
func clusterAt(address string, config object) resource {
	return resource{address: address, after: object{"name": "c", "location": "r1", "project": "p"}, unknown: object{"subnetwork": true, "network": true}, config: config}
}

// How a cluster finds its subnetwork when only references tell.
func TestJoinByReference(t *testing.T) {
	const s = "google_compute_subnetwork.s"
	each := func(key string, references ...string) []resource {
		c := clusterAt(fmt.Sprintf("google_container_cluster.c[%q]", key), object{"subnetwork": refs(references...)})
		c.forEach = refs(s)
		return append(keyed(""), c)
	}
	platform := func(cluster string, given object, nets ...string) build {
		b := build{calls: []call{
			{path: "platform", given: object{}, outputs: object{}},
			{path: "platform.net", given: object{}, outputs: object{"subnets": object{"expression": refs(s)}, "first": object{"expression": refs(s+`["a"].id`, s+`["a"]`, s)}}},
			{path: "platform.cluster", given: given, outputs: object{}, forEach: refs("var.clusters")}}}
		for _, n := range nets {
			b.resources = append(b.resources, keyed(n)...)
		}
		b.resources = append(b.resources, clusterAt(cluster, object{"subnetwork": refs("var.subnetwork")}))
		return b
	}
	for _, c := range []struct {
		name     string
		plan     build
		want     topology.ID
		inferred bool
		why      string
	}{
		{name: "a literal key", plan: build{resources: each("x", s+`["b"].id`, s+`["b"]`, s)}, want: subnetID("b")},
		{name: "each.key", plan: build{resources: each("c", s, "each.key")}, want: subnetID("c")},
		{name: "each.value", plan: build{resources: each("b", "each.value.id", "each.value")}, want: subnetID("b")},
		{name: "a key that no candidate has", plan: build{resources: each("x", s, "each.key")}, why: "lead to several objects"},
		{name: "a local alone", plan: build{resources: each("b", "local.subnetwork")}, why: "passes through a local"},
		{name: "a local, and one subnetwork in the module",
			plan: build{resources: []resource{subnetworkOf(s, "only", "vpc"), clusterAt("google_container_cluster.c", object{"subnetwork": refs("local.subnetwork")})}},
			want: subnetID("only"), inferred: true},
		{name: "two references in one expression", plan: build{resources: each("x", s+`["a"].id`, s+`["a"]`, s, s+`["b"].id`, s+`["b"]`)}, why: "lead to several objects"},
		{name: "the module's own instance, not its namesake's",
			plan: platform(`module.platform["prod"].module.cluster["b"].google_container_cluster.c`, object{"subnetwork": refs("module.net.subnets", "module.net", "each.key")},
				`module.platform["dev"].module.net.`, `module.platform["prod"].module.net.`), want: subnetID("moduleplatformprodmodulenet" + "b")},
		{name: "an output that names one", plan: platform(`module.platform.module.cluster["c"].google_container_cluster.c`, object{"subnetwork": refs("module.net.first", "module.net")}, `module.platform.module.net.`),
			want: subnetID("moduleplatformmodulenet" + "a")},
		{name: "a literal key behind an output", plan: platform(`module.platform.module.cluster["c"].google_container_cluster.c`,
			object{"subnetwork": refs(`module.net.subnets["b"].self_link`, `module.net.subnets["b"]`, "module.net.subnets", "module.net")}, `module.platform.module.net.`), want: subnetID("moduleplatformmodulenet" + "b")},
		{name: "a whole module", plan: platform(`module.platform.module.cluster["c"].google_container_cluster.c`, object{"subnetwork": refs("module.net", "each.key")}, `module.platform.module.net.`),
			why: "lead to several objects"},
		{name: "a variable that nothing sets", plan: platform(`module.platform.module.cluster["c"].google_container_cluster.c`, object{}, `module.platform.module.net.`), why: topology.KnownAfterApply},
		{name: "a reference that is no address", plan: build{resources: each("b", "not an address")}, why: "passes through a local"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.plan.resources = append(c.plan.resources, networkNamed("vpc"))
			r := c.plan.read(t)
			if len(r.After.Clusters) != 1 {
				t.Fatalf("%d clusters", len(r.After.Clusters))
			}
			v := r.After.Clusters[0].Subnetwork
			if c.why != "" {
				unknown(t, "subnetwork", v, c.why)
				return
			}
			is(t, "subnetwork", v, c.want)
			if v.Inferred != c.inferred {
				t.Errorf("inferred is %v", v.Inferred)
			}
		})
	}
}

// A name is compared with its project and region: namesakes elsewhere are other objects.
func TestJoinByName(t *testing.T) {
	at := func(address, project, region string) resource {
		return resource{address: "google_compute_subnetwork." + address, after: object{"name": "gke", "project": project, "region": region}, config: object{}}
	}
	for _, c := range []struct {
		name      string
		resources []resource
		text      string
		want      topology.ID
		inferred  bool
	}{
		{"in the cluster's project and region", []resource{at("a", "p", "r1"), at("b", "q", "r1"), at("c", "p", "r2")}, "gke", subnetID("gke"), false},
		{"in another project, by its path", []resource{at("a", "p", "r1"), at("b", "q", "r1")}, "projects/q/regions/r1/subnetworks/gke", "google_compute_subnetwork/q/r1/gke", false},
		{"as a URL", []resource{at("a", "p", "r1")}, "https://www.googleapis.com/compute/v1/projects/p/regions/r1/subnetworks/gke", subnetID("gke"), false},
		{"of an object that nobody tells of", nil, "projects/host/regions/r1/subnetworks/gke", "google_compute_subnetwork/host/r1/gke", false},
		{"of a namesake in another region alone", []resource{at("c", "p", "r2")}, "gke", subnetID("gke"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := build{resources: append(c.resources, resource{address: "google_container_cluster.c",
				after: object{"name": "c", "location": "r1-b", "project": "p", "subnetwork": c.text, "network": "vpc"}, config: object{}})}
			v := b.read(t).After.Clusters[0].Subnetwork
			is(t, "subnetwork", v, c.want)
			if v.Inferred != c.inferred {
				t.Errorf("inferred is %v", v.Inferred)
			}
		})
	}
	t.Run("without a project, of the only one that bears it", func(t *testing.T) {
		b := build{resources: []resource{at("a", "p", "r1"), {address: "google_container_cluster.c", after: object{"name": "c", "location": "r1", "subnetwork": "gke", "network": "vpc"}, unknown: object{"project": true}, config: object{}}}}
		v := b.read(t).After.Clusters[0].Subnetwork
		is(t, "subnetwork", v, subnetID("gke"))
		if !v.Inferred {
			t.Error("it is not marked inferred")
		}
	})
}

// References that go round in circles, or that fan out at every step, come to an end at once.
func TestReferencesEnd(t *testing.T) {
	circle := build{calls: []call{
		{path: "a", given: object{"x": refs("module.b.y", "module.b")}, outputs: object{"y": object{"expression": refs("var.x")}}},
		{path: "b", given: object{"x": refs("module.a.y", "module.a")}, outputs: object{"y": object{"expression": refs("var.x")}}}},
		resources: []resource{
			{address: "module.a.google_compute_network.n", after: object{"name": "a", "project": "p"}, config: object{}},
			{address: "module.b.google_compute_network.n", after: object{"name": "b", "project": "p"}, config: object{}},
			clusterAt("google_container_cluster.c", object{"subnetwork": refs("module.a.y", "module.a")})}}
	var routers []resource
	for i := range 200 {
		routers = append(routers, resource{address: fmt.Sprintf("google_compute_router.r%d", i), after: object{"name": fmt.Sprint("r", i), "project": "p", "region": "r1"}, unknown: object{"network": true},
			config: object{"network": refs(fmt.Sprintf("google_compute_router.r%d.network", (i+1)%200), fmt.Sprintf("google_compute_router.r%d.network", (i+7)%200), fmt.Sprintf("google_compute_router.r%d.network", (i+50)%200))}})
	}
	self := build{resources: []resource{clusterAt("google_container_cluster.c", object{"subnetwork": refs("google_container_cluster.c.subnetwork", "google_container_cluster.c")})}}
	fan := build{}
	path := ""
	for i := range 60 {
		name := fmt.Sprintf("m%d", i)
		path = strings.TrimPrefix(path+"."+name, ".")
		fan.calls = append(fan.calls, call{path: path, given: object{"x": refs("var.x", "var.y"), "y": refs("var.y", "var.x")}})
	}
	fan.resources = []resource{clusterAt("module."+strings.ReplaceAll(path, ".", ".module.")+".google_container_cluster.c", object{"subnetwork": refs("var.x", "var.y"), "network": refs("var.y", "var.x"), "private_cluster_config": refs("var.x")})}
	for name, b := range map[string]build{"modules in a circle": circle, "resources in circles": {resources: routers}, "a reference to itself": self, "a fan through sixty modules": fan} {
		t.Run(name, func(t *testing.T) {
			r := b.read(t)
			for _, c := range r.After.Clusters {
				if c.Subnetwork.Known() {
					t.Errorf("subnetwork is %v", c.Subnetwork)
				}
			}
			for _, x := range r.After.Routers {
				if x.Network.Known() {
					t.Errorf("network is %v", x.Network)
				}
			}
		})
	}
}
