package terraform

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// An optional attribute that apply also computes is unknown on create both where it is left out and where something unknown is given. Only references to what is
// created tell the two apart, through as many modules as they pass.
func TestLeftOutOrUnknown(t *testing.T) {
	const random = "random_integer.coin"
	unset := object{"private_cluster_config": one(object{"enable_private_nodes": true})}
	cluster := func(address string, expression object) resource {
		return resource{address: address, after: object{"name": "c", "location": "r1", "project": "p", "private_cluster_config": one(object{})}, unknown: unset,
			config: object{"private_cluster_config": one(object{"enable_private_nodes": expression})}}
	}
	inner := func(expression object, calls ...call) build {
		return build{calls: calls, resources: []resource{cluster("module.outer.module.gke.google_container_cluster.c", expression)}}
	}
	outer := func(given object) call { return call{path: "outer", given: given, outputs: object{}} }
	gke := func(given object) call { return call{path: "outer.gke", given: given, outputs: object{}} }
	private := refs("var.private")
	for name, tc := range map[string]struct {
		plan build
		want string
	}{
		"a null that is written":                {build{resources: []resource{cluster("google_container_cluster.c", constant(nil))}}, "false"},
		"a variable of the root":                {build{resources: []resource{cluster("google_container_cluster.c", private)}}, "false"},
		"each.value":                            {build{resources: []resource{cluster("google_container_cluster.c", refs("each.value.private", "each.value"))}}, "false"},
		"something that is created":             {build{resources: []resource{cluster("google_container_cluster.c", refs(random+".result", random))}}, "?"},
		"a variable or what is created":         {build{resources: []resource{cluster("google_container_cluster.c", refs("var.private", random+".result", random))}}, "?"},
		"a data source":                         {build{resources: []resource{cluster("google_container_cluster.c", refs("data.external.x.result", "data.external.x"))}}, "?"},
		"a module's output":                     {build{resources: []resource{cluster("google_container_cluster.c", refs("module.m.private", "module.m"))}}, "?"},
		"a reference that is no address":        {build{resources: []resource{cluster("google_container_cluster.c", refs("var.private", "not an address"))}}, "?"},
		"no reference at all":                   {build{resources: []resource{cluster("google_container_cluster.c", object{})}}, "?"},
		"a variable that no call sets":          {inner(private, outer(object{}), gke(object{})), "false"},
		"a variable given a null":               {inner(private, outer(object{}), gke(object{"private": constant(nil)})), "false"},
		"a variable given a variable":           {inner(private, outer(object{"all": constant(nil)}), gke(object{"private": refs("var.all")})), "false"},
		"a variable given each.key":             {inner(private, outer(object{}), gke(object{"private": refs("each.key")})), "false"},
		"a variable given what is created":      {inner(private, outer(object{}), gke(object{"private": refs(random+".result", random)})), "?"},
		"two modules up, what is created":       {inner(private, outer(object{"all": refs(random+".result", random)}), gke(object{"private": refs("var.all")})), "?"},
		"another input that is what is created": {inner(private, outer(object{}), gke(object{"private": constant(nil), "other": refs(random+".result", random)})), "false"},
	} {
		t.Run(name, func(t *testing.T) {
			pools := tc.plan.read(t).After.Clusters[0].Pools
			if got := textOf(pools[0].Private); got != tc.want {
				t.Errorf("private is %s (%s), want %s", got, pools[0].Private.Why(), tc.want)
			}
		})
	}
}

// What is unknown as a whole or in part stays unknown; what is certainly empty is empty.
func TestUnknownAsAWhole(t *testing.T) {
	random := refs("random_shuffle.x.result", "random_shuffle.x")
	firewall := func(after object, unknown, config object) topology.Facts {
		all := object{"name": "f", "project": "p", "network": "vpc", "direction": "EGRESS", "destination_ranges": one("0.0.0.0/0")}
		for k, v := range after {
			all[k] = v
		}
		return build{resources: []resource{{address: "google_compute_firewall.f", after: all, unknown: unknown, config: config}}}.read(t).After
	}
	t.Run("a firewall rule that may allow or deny", func(t *testing.T) {
		f := firewall(nil, object{"allow": true, "deny": true}, object{"allow": one(object{"protocol": random}), "deny": random})
		if len(f.Firewalls) != 1 {
			t.Fatalf("%d rules", len(f.Firewalls))
		}
		unknown(t, "action", f.Firewalls[0].Action, topology.KnownAfterApply)
		unknown(t, "protocols", f.Firewalls[0].Protocols, topology.KnownAfterApply)
	})
	t.Run("a firewall rule that may deny, and allows nothing", func(t *testing.T) {
		f := firewall(object{"allow": one[any]()}, object{"deny": true}, object{"deny": random})
		if len(f.Firewalls) != 1 {
			t.Fatalf("%d rules", len(f.Firewalls))
		}
		unknown(t, "action", f.Firewalls[0].Action, topology.KnownAfterApply)
	})
	t.Run("a firewall rule whose ranges are not known", func(t *testing.T) {
		f := firewall(object{"deny": one(object{"protocol": "all"}), "destination_ranges": nil}, object{"destination_ranges": true}, object{"destination_ranges": random})
		unknown(t, "destinations", f.Firewalls[0].Destinations, topology.KnownAfterApply)
		is(t, "action", f.Firewalls[0].Action, topology.Deny)
	})
	t.Run("a route whose address was a null variable leads on to the network", func(t *testing.T) {
		r := build{resources: []resource{{address: "google_compute_route.r", after: object{"name": "r", "project": "p", "network": "vpc", "dest_range": "10.0.0.0/8", "next_hop_ip": nil,
			"next_hop_network": "projects/p/global/networks/vpc"}, config: object{"next_hop_ip": refs("var.ip")}}}}.read(t).After.Routes[0]
		is(t, "next hop", r.NextHop, topology.HopLocal)
	})
	t.Run("a route whose address was a null variable leads on to an instance", func(t *testing.T) {
		r := build{resources: []resource{{address: "google_compute_route.r", after: object{"name": "r", "project": "p", "network": "vpc", "dest_range": "0.0.0.0/0", "next_hop_ip": nil,
			"next_hop_ilb": "10.0.0.8"}, config: object{"next_hop_ip": refs("var.ip")}}}}.read(t).After.Routes[0]
		is(t, "next hop", r.NextHop, topology.HopCustom)
		if r.Through != "load balancer 10.0.0.8" {
			t.Errorf("through %q", r.Through)
		}
	})
}

// A further subnetwork of a cluster is known by the reference in the block of its own place.
func TestFurtherSubnetworksByReference(t *testing.T) {
	s := func(key string) object {
		at := `google_compute_subnetwork.s["` + key + `"]`
		return object{"subnetwork": refs(at+".id", at)}
	}
	ranges := one(object{"pod_ipv4_range_names": one("p1")}, object{"pod_ipv4_range_names": one("p2")}, object{})
	hidden := object{"subnetwork": true}
	b := build{resources: append(keyed(""), resource{address: "google_container_cluster.c",
		after:   object{"name": "c", "project": "p", "location": "r1", "ip_allocation_policy": one(object{"additional_ip_ranges_config": ranges})},
		unknown: object{"ip_allocation_policy": one(object{"additional_ip_ranges_config": one(hidden, hidden, hidden)})},
		config:  object{"ip_allocation_policy": one(object{"additional_ip_ranges_config": one(s("c"), s("a"))})}})}
	extra := b.read(t).After.Clusters[0].ExtraSubnetworks
	if len(extra) != 3 {
		t.Fatalf("%d further subnetworks", len(extra))
	}
	is(t, "the first", extra[0].Subnetwork, subnetID("c"))
	is(t, "the second", extra[1].Subnetwork, subnetID("a"))
	is(t, "the second's range", extra[1].PodRanges[0], "p2")
	unknown(t, "one that no block writes", extra[2].Subnetwork, topology.KnownAfterApply)
}

// A custom role that is created too is named by its reference, as grants of it are once it is there.
func TestCustomRoleByReference(t *testing.T) {
	role := refs("google_project_iam_custom_role.puller.id", "google_project_iam_custom_role.puller")
	for name, tc := range map[string]struct {
		custom object
		want   string
	}{
		"its project and ID": {object{"role_id": "puller", "project": "p", "permissions": one("artifactregistry.repositories.downloadArtifacts")}, "projects/p/roles/puller"},
		"in another project": {object{"role_id": "puller", "project": "q", "permissions": one("x.y.z")}, "projects/q/roles/puller"},
	} {
		t.Run(name, func(t *testing.T) {
			b := build{resources: []resource{{address: "google_project_iam_custom_role.puller", after: tc.custom, unknown: object{"id": true, "name": true}, config: object{}},
				{address: "google_project_iam_member.m", after: object{"project": "p", "member": "user:a@example.com"}, unknown: object{"role": true}, config: object{"role": role}}}}
			f := b.read(t).After
			is(t, "role", f.Grants[0].Role, tc.want)
		})
	}
}
