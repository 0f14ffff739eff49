package checks

import (
	"fmt"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// A sentence names the pools it is about: all of four, and the first of more.
func TestNamesOfPools(t *testing.T) {
	for n, who := range map[int]string{
		1: `node pool "p0"`, 2: `node pools "p0", "p1"`, 4: `node pools "p0", "p1", "p2", "p3"`, 5: `node pools "p0", "p1", "p2", …`,
	} {
		f := world(addSubnetwork("far", "10.40.0.0/20"), nat("n", lists(entry("gke"))))
		for i := range n {
			addPool(fmt.Sprintf("p%d", i), in("far"))(&f)
		}
		r := resultsOf(judge(f, Policy{}), "nat-node-range")[0]
		compare(t, r, want{status: topology.Fail, object: "google_compute_subnetwork.far", says: []string{who + " cannot pull"}})
	}
}

// A result speaks of the cluster where all its nodes are alike, and of the pool where others differ: public ones differ, too.
func TestWhatAResultIsAbout(t *testing.T) {
	const first = "google_container_node_pool.default-pool"
	expect(t, "internet-route", []expectation{
		{name: "all alike", facts: world(noDefaultRoute, addPool("b")), want: []want{{topology.Fail, Error, clusterAddress, []string{`cluster "c" has no route`}, "", ""}}},
		{name: "one is public", facts: world(noDefaultRoute, addPool("open", public)), want: []want{{topology.Fail, Error, first, []string{`node pool "default-pool" has no route`}, "", ""}}},
		{name: "tags in another order are the same", facts: world(noDefaultRoute, pool(tagged("a", "b")), addPool("b", tagged("b", "a"))),
			want: []want{{topology.Fail, Error, clusterAddress, nil, "", ""}}},
		{name: "tags that apply decides are none of those known", facts: world(noDefaultRoute, pool(tagged()), addPool("b", func(p *topology.NodePool) { p.Tags = later[[]string]() })),
			want: []want{{topology.Fail, Error, "google_container_node_pool.b", nil, "", ""}, {topology.Fail, Error, first, nil, "", ""}}},
	})
}

// What the subnetwork says of its network and region counts, whatever the cluster says, or does not.
func TestWhereNodesAre(t *testing.T) {
	elsewhere := cluster(func(c *topology.Cluster) { c.Network = known(networkID("other")) })
	nowhere := cluster(func(c *topology.Cluster) { c.Network = later[topology.ID]() })
	noPlace := cluster(func(c *topology.Cluster) { c.Location = "" })
	farAway := cluster(func(c *topology.Cluster) { c.Location = "europe-west1" })
	unseenSubnetwork := func(f *topology.Facts) { f.Subnetworks = nil }
	without := subnetwork(func(s *topology.Subnetwork) { s.Network = later[topology.ID]() })
	pass := []want{{status: topology.Pass, severity: Error, object: gkeAddress}}
	expect(t, "nat-node-range", []expectation{
		{name: "the cluster names another network", facts: world(nat("n"), elsewhere), want: pass},
		{name: "the cluster's network apply decides", facts: world(nat("n"), nowhere), want: pass},
		{name: "the subnetwork's network apply decides: the cluster's counts", facts: world(nat("n"), without), want: []want{{status: topology.Pass}}},
		{name: "the cluster's place is not told", facts: world(nat("n"), noPlace), want: pass},
		{name: "the cluster says another region", facts: world(nat("n"), farAway), want: pass},
		{name: "a subnetwork that no source describes", facts: world(nat("n"), unseenSubnetwork),
			want: []want{{status: topology.Pass, object: "projects/p/regions/us-central1/subnetworks/gke", says: []string{`subnetwork "gke"`}}}},
		{name: "a subnetwork that apply decides", facts: world(cluster(func(c *topology.Cluster) { c.Subnetwork = later[topology.ID]() }), pool(func(p *topology.NodePool) { p.Subnetwork = later[topology.ID]() })),
			want: []want{{status: topology.Fail, object: clusterAddress, says: []string{`the subnetwork of cluster "c"`}}}},
	})
}

// A chosen severity is not made worse by doubt, and doubt only softens what fails.
func TestDoubtSoftensOnlyFailures(t *testing.T) {
	for _, tc := range []struct {
		name    string
		changes []change
		check   string
		status  topology.Verdict
	}{
		{"passes stay", []change{pool(perhaps), nat("n")}, "nat-node-range", topology.Pass},
		{"failures do not", []change{pool(perhaps)}, "nat-node-range", topology.Undecided},
		{"skips stay", []change{pool(perhaps), proxied}, "nat-node-range", topology.Skip},
		{"overlaps too", []change{pool(perhaps), nat("n")}, "nat-overlap", topology.Pass},
	} {
		t.Run(tc.name, func(t *testing.T) {
			compare(t, the(t, judge(world(tc.changes...), Policy{}), tc.check), want{status: tc.status})
		})
	}
}
