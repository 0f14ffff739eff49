package terraform_test

import (
	"fmt"
	"strings"
	"testing"

	"cloud.google.com/go/container/apiv1/containerpb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// liveCluster is a private regional cluster with pools of these names.
func liveCluster(pools ...string) topology.Facts {
	v := googlecloud.New("live")
	private := true
	c := &containerpb.Cluster{Name: "c", Location: "r1", SelfLink: "https://container.googleapis.com/v1/projects/p/locations/r1/clusters/c",
		NetworkConfig: &containerpb.NetworkConfig{Network: "projects/host/global/networks/vpc", Subnetwork: "projects/host/regions/r1/subnetworks/s", DefaultEnablePrivateNodes: &private},
		Locations:     []string{"r1-a", "r1-b"}}
	for _, name := range pools {
		c.NodePools = append(c.NodePools, &containerpb.NodePool{Name: name, InitialNodeCount: 1})
	}
	v.Cluster(c)
	return v.Facts()
}

// pools lists a cluster's pools by name; "!" marks those that Terraform manages.
func pools(f topology.Facts) string {
	var out []string
	for _, c := range f.Clusters {
		for _, p := range c.Pools {
			name := p.Name
			if p.Managed {
				name += "!"
			}
			out = append(out, name)
		}
	}
	return strings.Join(out, " ")
}

// Node pools may be managed apart from their cluster, and beside pools that others manage.
func TestPoolsUnderAPlan(t *testing.T) {
	pool := func(name string) object {
		return object{"name": name, "project": "p", "location": "r1", "cluster": "c", "node_count": 2}
	}
	cluster := func(more object) object {
		v := object{"name": "c", "project": "p", "location": "r1", "network": "projects/host/global/networks/vpc", "subnetwork": "projects/host/regions/r1/subnetworks/s",
			"private_cluster_config": one(object{"enable_private_nodes": true})}
		for k, x := range more {
			v[k] = x
		}
		return v
	}
	listed := func(names ...string) object {
		var list []any
		for _, n := range names {
			list = append(list, object{"name": n, "node_count": 1})
		}
		return object{"node_pool": list}
	}
	bare := object{"remove_default_node_pool": true, "node_pool": listed("a", "b")["node_pool"]}
	const ofC, aPool = "google_container_cluster.c", "google_container_node_pool.a"
	for _, c := range []struct {
		name    string
		exists  topology.Facts
		state   []any
		changes []change
		want    string
	}{
		{"a new pool of a cluster that only exists", liveCluster("a"), nil, []change{{address: aPool, after: pool("new")}}, "new! a"},
		{"a pool of such a cluster", liveCluster("a", "b"), nil, []change{{address: aPool, before: pool("a"), after: pool("a")}}, "a! b"},
		{"a pool of such a cluster destroyed", liveCluster("a", "b"), nil, []change{{address: aPool, before: pool("a")}}, "b"},
		{"a pool of such a cluster under another name", liveCluster("a", "b"), nil,
			[]change{{address: aPool, before: pool("a"), after: pool("c"), actions: []string{"create", "delete"}}}, "c! b"},
		{"a pool of a cluster that is nowhere", topology.Facts{}, nil, []change{{address: aPool, after: pool("new")}}, ""},
		{"the cluster's own list beside a newer pool", liveCluster("a", "new"), nil,
			[]change{{address: ofC, before: cluster(listed("a")), after: cluster(listed("a"))}}, "a! new"},
		{"a cluster that lists none", liveCluster("a", "b"), nil, []change{{address: ofC, before: cluster(nil), after: cluster(nil)}}, "a b"},
		{"a cluster made anew", liveCluster("a", "b"), nil, []change{{address: ofC, before: cluster(bare), after: cluster(object{"remove_default_node_pool": true}), actions: []string{"delete", "create"}},
			{address: aPool, before: pool("a"), after: pool("a"), actions: []string{"delete", "create"}}}, "a!"},
		{"the default pool that the plan begins to remove", liveCluster("default-pool", "a"), nil,
			[]change{{address: ofC, before: cluster(listed("default-pool", "a")), after: cluster(object{"remove_default_node_pool": true, "node_pool": listed("default-pool", "a")["node_pool"]})},
				{address: aPool, before: pool("a"), after: pool("a")}}, "a!"},
		{"a default pool that somebody made again", liveCluster("default-pool", "a"), nil,
			[]change{{address: ofC, before: cluster(bare), after: cluster(bare)}, {address: aPool, before: pool("a"), after: pool("a")}}, "b! a! default-pool"},
		{"a cluster that Terraform lets go of", liveCluster("a", "b"), nil, []change{{address: ofC, before: cluster(listed("a")), actions: []string{"forget"}}}, "a b"},
		{"pools of a state beside the cluster of a plan", topology.Facts{}, []any{aPool, pool("a")}, []change{{address: ofC, after: cluster(object{"remove_default_node_pool": true})}}, "a!"},
		{"a cluster of a state and a pool of a plan", topology.Facts{}, []any{ofC, cluster(object{"remove_default_node_pool": true})}, []change{{address: aPool, after: pool("a")}}, "a!"},
		{"pools of a state that are gone", liveCluster("b"), []any{aPool, pool("a")}, []change{{address: "google_compute_network.vpc", after: object{"name": "vpc", "project": "p"}}}, "b"},
		{"a new pool of a cluster that stays", liveCluster("a", "b"), nil, []change{{address: ofC, before: cluster(nil), after: cluster(nil)}, {address: aPool, after: pool("new")}}, "new! a b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var in terraform.Input
			if c.state != nil {
				in.States = []string{stateOf(t, c.state...)}
			}
			if c.changes != nil {
				in.Plans = []string{planOf(t, c.changes...)}
			}
			if got := pools(laid(t, c.exists, in).After); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A pool takes from the cluster that exists what it does not set itself.
func TestPoolOfAClusterThatOnlyExists(t *testing.T) {
	plan := planOf(t, change{address: "google_container_node_pool.new", after: object{"name": "new", "project": "p", "location": "r1", "cluster": "projects/p/locations/r1/clusters/c",
		"node_count": 2, "node_locations": one("r1-a", "r1-b")}})
	r := laid(t, liveCluster("a"), terraform.Input{Plans: []string{plan}})
	c := r.After.Clusters[0]
	p := c.Pools[0]
	got := fmt.Sprint(p.Private.Or(false), " ", p.OwnPrivacy, " ", p.Subnetwork.Or("?"), " ", p.Cluster.Or("?"), " ", p.MaxNodes.Or(0), " ", c.Managed)
	if want := "true false google_compute_subnetwork/host/r1/s google_container_cluster/p/r1/c 5 false"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := pools(r.Before); got != "a" {
		t.Errorf("before there were %q", got)
	}
}
