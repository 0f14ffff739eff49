package terraform

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func one[T any](list ...T) []any {
	out := []any{}
	for _, v := range list {
		out = append(out, v)
	}
	return out
}

// Privacy of nodes: the provider prints an explicit false of the cluster as null, and a pool inherits what it does not set.
func TestPrivateNodes(t *testing.T) {
	block := func(v any) object { return object{"private_cluster_config": one(object{"enable_private_nodes": v})} }
	pool := func(own any) *resource {
		return &resource{address: "google_container_node_pool.np", after: object{"name": "np", "cluster": "c", "location": "r1", "project": "p", "network_config": own}, config: object{}}
	}
	for _, c := range []struct {
		name    string
		cluster object
		unknown object
		config  object
		pool    *resource
		want    string
	}{
		{name: "true", cluster: block(true), want: "true"},
		{name: "null is false", cluster: block(nil), want: "false"},
		{name: "no block", cluster: object{}, want: "false"},
		{name: "an empty block list", cluster: object{"private_cluster_config": one[any]()}, want: "false"},
		{name: "unknown until apply", cluster: object{"private_cluster_config": one(object{})}, unknown: object{"private_cluster_config": one(object{"enable_private_nodes": true})},
			config: object{"private_cluster_config": one(object{"enable_private_nodes": refs("random_integer.coin.result", "random_integer.coin")})}, want: "?"},
		{name: "left out, and printed as unknown", unknown: object{"private_cluster_config": true}, config: object{}, want: "false"},
		{name: "a null that a variable passed on", cluster: object{"private_cluster_config": one(object{})}, unknown: object{"private_cluster_config": one(object{"enable_private_nodes": true})},
			config: object{"private_cluster_config": one(object{"enable_private_nodes": refs("var.private")})}, want: "false"},
		{name: "a pool inherits", cluster: block(true), pool: pool(one[any]()), want: "true"},
		{name: "a pool sets its own", cluster: block(true), pool: pool(one(object{"enable_private_nodes": false})), want: "false"},
		{name: "a private pool of a public cluster", cluster: block(nil), pool: pool(one(object{"enable_private_nodes": true})), want: "true"},
		{name: "another type", cluster: block("maybe"), want: "?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := object{"name": "c", "location": "r1", "project": "p"}
			for k, v := range c.cluster {
				after[k] = v
			}
			if c.config == nil {
				c.config = object{}
			}
			b := build{resources: []resource{{address: "google_container_cluster.c", after: after, unknown: c.unknown, config: c.config}}}
			if c.pool != nil {
				after["remove_default_node_pool"] = true
				b.resources = append(b.resources, *c.pool)
			}
			pools := b.read(t).After.Clusters[0].Pools
			if len(pools) != 1 {
				t.Fatalf("%d pools", len(pools))
			}
			if got := textOf(pools[0].Private); got != c.want {
				t.Errorf("private is %s (%s), want %s", got, pools[0].Private.Why(), c.want)
			}
			if own := c.pool != nil && c.name != "a pool inherits"; pools[0].OwnPrivacy != own {
				t.Errorf("own privacy is %v", pools[0].OwnPrivacy)
			}
		})
	}
}

func textOf(v topology.Value[bool]) string {
	switch b, known := v.Get(); {
	case !known:
		return "?"
	case b:
		return "true"
	}
	return "false"
}

// Which pools a cluster has: managed ones, inline ones, the default pool where it is kept, and one that stands for what nobody told.
func TestPoolsOfACluster(t *testing.T) {
	managed := resource{address: "google_container_node_pool.np", after: object{"name": "np", "cluster": "projects/p/locations/r1/clusters/c", "node_count": 1}, config: object{}}
	byReference := resource{address: "google_container_node_pool.np", after: object{"name": "np", "node_count": 1}, unknown: object{"cluster": true},
		config: object{"cluster": refs("google_container_cluster.c.id", "google_container_cluster.c")}}
	elsewhere := resource{address: "google_container_node_pool.np", after: object{"name": "np", "cluster": "projects/p/locations/r2/clusters/c", "node_count": 1}, config: object{}}
	for _, c := range []struct {
		name    string
		cluster object
		more    []resource
		want    []string
	}{
		{"nothing told", object{"initial_node_count": 1}, nil, []string{"google_container_cluster.c"}},
		{"the default pool beside a managed one", object{"initial_node_count": 1}, []resource{managed}, []string{"google_container_cluster.c", "google_container_node_pool.np"}},
		{"the default pool removed", object{"remove_default_node_pool": true}, []resource{managed}, []string{"google_container_node_pool.np"}},
		{"the default pool removed and no other", object{"remove_default_node_pool": true}, nil, []string{"google_container_cluster.c"}},
		{"a pool by reference", object{"remove_default_node_pool": true}, []resource{byReference}, []string{"google_container_node_pool.np"}},
		{"a namesake's pool", object{"remove_default_node_pool": true}, []resource{elsewhere}, []string{"google_container_cluster.c"}},
		{"inline pools", object{"node_pool": one(object{"name": "x"}, object{"name": "y"})}, nil, []string{"google_container_cluster.c.node_pool[0]", "google_container_cluster.c.node_pool[1]"}},
		{"a managed pool that the cluster's state lists too", object{"node_pool": one(object{"name": "np"})}, []resource{managed}, []string{"google_container_node_pool.np"}},
		{"the removed default pool in a state", object{"remove_default_node_pool": true, "node_pool": one(object{"name": "default-pool"}, object{"name": "np"})}, []resource{managed}, []string{"google_container_node_pool.np"}},
		{"Autopilot", object{"enable_autopilot": true}, nil, []string{"google_container_cluster.c"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := object{"name": "c", "location": "r1", "project": "p"}
			for k, v := range c.cluster {
				after[k] = v
			}
			b := build{resources: append([]resource{{address: "google_container_cluster.c", after: after, config: object{}}}, c.more...)}
			pools := b.read(t).After.Clusters[0].Pools
			if len(pools) != len(c.want) {
				t.Fatalf("%d pools, want %v", len(pools), c.want)
			}
			for i, p := range pools {
				if p.Address != c.want[i] {
					t.Errorf("pool %d is %s, want %s", i, p.Address, c.want[i])
				}
			}
		})
	}
}

// The most nodes of a pool: zones times the maximum of one zone, and what an upgrade adds.
func TestMaxNodes(t *testing.T) {
	for _, c := range []struct {
		name          string
		location      string
		pool, unknown object
		want          int
		assumed       bool
	}{
		{"a regional pool has three zones", "r1", object{"node_count": 2}, nil, 7, true},
		{"a zonal pool has one", "r1-b", object{"node_count": 2}, nil, 3, false},
		{"zones that are listed", "r1", object{"node_count": 2, "node_locations": one("r1-a", "r1-b")}, nil, 5, false},
		{"the maximum of autoscaling", "r1-b", object{"node_count": 2, "autoscaling": one(object{"max_node_count": 10})}, nil, 11, false},
		{"a total maximum", "r1", object{"autoscaling": one(object{"total_max_node_count": 10, "max_node_count": 0})}, nil, 11, false},
		{"a total of zero is none", "r1-b", object{"autoscaling": one(object{"total_max_node_count": 0, "max_node_count": 4})}, nil, 5, false},
		{"surge", "r1-b", object{"node_count": 2, "upgrade_settings": one(object{"max_surge": 20})}, nil, 22, false},
		{"no surge", "r1-b", object{"node_count": 2, "upgrade_settings": one(object{"max_surge": 0})}, nil, 2, false},
		{"an initial count", "r1-b", object{"initial_node_count": 3}, nil, 4, false},
		{"nothing set", "r1-b", object{}, nil, -1, false},
		{"unknown until apply", "r1-b", object{"autoscaling": one(object{})}, object{"autoscaling": one(object{"max_node_count": true})}, -1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := object{"name": "np", "cluster": "projects/p/locations/" + c.location + "/clusters/c"}
			for k, v := range c.pool {
				after[k] = v
			}
			config := object{"autoscaling": one(object{"max_node_count": refs("random_integer.n.result", "random_integer.n")})}
			b := build{resources: []resource{{address: "google_container_cluster.c", after: object{"name": "c", "location": c.location, "project": "p", "remove_default_node_pool": true}, config: object{}},
				{address: "google_container_node_pool.np", after: after, unknown: c.unknown, config: config}}}
			got := b.read(t).After.Clusters[0].Pools[0].MaxNodes
			if c.want < 0 {
				unknown(t, "nodes", got, "")
				return
			}
			is(t, "nodes", got, c.want)
			if got.Assumed != c.assumed {
				t.Errorf("assumed is %v", got.Assumed)
			}
		})
	}
}

// What a cluster leaves out is Google's default; what it sets is read.
func TestClusterAttributes(t *testing.T) {
	b := build{resources: []resource{{address: "google_container_cluster.c", after: object{"name": "c", "location": "r1-b", "project": "p", "default_snat_status": one(object{"disabled": true}),
		"ip_allocation_policy": one(object{"cluster_secondary_range_name": "pods", "additional_pod_ranges_config": one(object{"pod_range_names": one("more")}), "auto_ipam_config": one(object{"enabled": true}),
			"additional_ip_ranges_config": one(object{"subnetwork": "s2", "pod_ipv4_range_names": one("pods2")})})},
		config: object{}},
		{address: "google_container_cluster.d", after: object{"name": "d", "location": "r1-b", "project": "p"}, unknown: object{"network": true, "subnetwork": true, "default_snat_status": true}, config: object{}}}}
	clusters := b.read(t).After.Clusters
	c, d := clusters[0], clusters[1]
	is(t, "SNAT disabled", c.SNATDisabled, true)
	is(t, "pod range", c.PodRange, "pods")
	is(t, "further pod range", c.ExtraPodRanges[0], "more")
	is(t, "automatic ranges", c.AutoIPAM, true)
	is(t, "further subnetwork", c.ExtraSubnetworks[0].Subnetwork, subnetID("s2"))
	is(t, "its pod range", c.ExtraSubnetworks[0].PodRanges[0], "pods2")
	is(t, "SNAT disabled by default", d.SNATDisabled, false)
	is(t, "default network", d.Network, networkID("default"))
	is(t, "default subnetwork", d.Subnetwork, subnetID("default"))
	if !d.Network.Assumed || !d.SNATDisabled.Assumed {
		t.Error("defaults are not marked assumed")
	}
}
