package topology

import (
	"slices"
	"strings"
	"testing"
)

// clusterOf is a cluster as a source tells it; a pool is "name" as its cluster lists it, "name!" as a resource of its own, and "*" for whatever
// nodes it will have.
func clusterOf(source string, pools ...string) *Cluster {
	c := &Cluster{Object: Object{ID: Identify("google_container_cluster", "p", "r", "c"), Kind: "google_container_cluster", Name: "c", Project: "p", Location: "r", Source: source,
		Managed: source != "api", Read: source == "api"}}
	for _, name := range pools {
		p := &NodePool{Object: c.Object}
		switch own, is := strings.CutSuffix(name, "!"); {
		case name == "*":
		case is || source == "api":
			p.Kind, p.Name, p.ID = "google_container_node_pool", own, ID(source+"/"+own)
		default:
			p.Kind, p.Name = "google_container_node_pool", name
		}
		c.Pools = append(c.Pools, p)
	}
	return c
}

// The pools of a cluster may be told of by several sources.
func TestLayPools(t *testing.T) {
	autopilot := func(c *Cluster) *Cluster { c.Autopilot = Known(true, Origin{}); return c }
	gone := func(name string) []ID {
		c := clusterOf("plan", name)
		return []ID{PoolID(c, c.Pools[0])}
	}
	for _, c := range []struct {
		name         string
		lower, upper *Cluster
		removed      []ID
		want         string
	}{
		{"pools that only exist stay", clusterOf("api", "a", "b"), clusterOf("plan", "a!"), nil, "plan:a api:b"},
		{"a removed one goes", clusterOf("api", "a", "b"), clusterOf("plan", "a!"), gone("b"), "plan:a"},
		{"a removed one goes though the cluster is in no plan", clusterOf("api", "a", "b"), nil, gone("b"), "api:a"},
		{"the default pool that the plan removes", clusterOf("api", "default-pool", "a"), clusterOf("plan", "a!"), gone("default-pool"), "plan:a"},
		{"a cluster made anew has no old pools", clusterOf("api", "a", "b"), clusterOf("plan", "a!"), []ID{clusterOf("api").ID}, "plan:a"},
		{"no stand-in where pools exist", clusterOf("api", "a"), clusterOf("plan", "*"), nil, "api:a"},
		{"the stand-in where the last is removed", clusterOf("api", "a"), clusterOf("plan", "*"), gone("a"), "plan:"},
		{"a stand-in over a stand-in", clusterOf("api", "*"), clusterOf("plan", "*"), nil, "plan:"},
		{"an old stand-in beside a pool", clusterOf("api", "*"), clusterOf("plan", "a!"), nil, "plan:a"},
		{"Autopilot follows its cluster", autopilot(clusterOf("api", "pool-1", "pool-2")), autopilot(clusterOf("plan", "*")), nil, "plan:"},
		{"another state's pools stay", clusterOf("state", "a!"), clusterOf("plan", "b!"), nil, "plan:b state:a"},
		{"a pool of its own over one that the cluster lists", clusterOf("state", "a!"), clusterOf("plan", "a"), nil, "state:a"},
		{"the cluster's list over what exists", clusterOf("api", "a"), clusterOf("plan", "a"), nil, "plan:a"},
		{"what exists is all there is", clusterOf("state", "a!", "old!"), clusterOf("api", "a", "b"), nil, "state:a api:b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			upper := Facts{}
			if c.upper != nil {
				upper.Clusters = []*Cluster{c.upper}
			}
			before := len(c.lower.Pools)
			clusters := Lay(Facts{Clusters: []*Cluster{c.lower}}, upper, c.removed).Clusters
			if len(clusters) != 1 || len(c.lower.Pools) != before {
				t.Fatalf("%d clusters, and %d pools below are left of %d", len(clusters), len(c.lower.Pools), before)
			}
			var got []string
			for _, p := range clusters[0].Pools {
				name := p.Name
				if p.StandsIn() {
					name = ""
				}
				got = append(got, p.Source+":"+name)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

// A cluster's stand-in has no identity that a plan could remove; its pools have.
func TestPoolIdentities(t *testing.T) {
	var got []string
	for id := range (Facts{Clusters: []*Cluster{clusterOf("api", "a", "*")}}).Identities {
		got = append(got, string(id))
	}
	want := []string{"google_container_cluster/p/r/c", "google_container_node_pool/p/r/c/a"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
