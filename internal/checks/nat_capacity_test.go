package checks

import (
	"fmt"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Each address has the ports 1024 to 65535, in aligned blocks of a power of two.
func TestBlocks(t *testing.T) {
	for _, tc := range []struct{ ports, vms int }{{32, 2016}, {64, 1008}, {128, 504}, {512, 126}, {1024, 63}, {2048, 31}, {4096, 15}, {8192, 7}, {32768, 1}, {65536, 0}} {
		if got := blocks(tc.ports); got != tc.vms {
			t.Errorf("%d ports: %d VMs for each address, want %d", tc.ports, got, tc.vms)
		}
	}
}

func TestPortsPerVM(t *testing.T) {
	f := world(addSubnetwork("other", "10.60.0.0/20"))
	for _, tc := range []struct {
		name    string
		changes []func(*topology.NAT)
		want    int
	}{
		{"a static default", []func(*topology.NAT){primaries}, 64},
		{"a dynamic default", []func(*topology.NAT){primaries, dynamic}, 32},
		{"rounded up", []func(*topology.NAT){primaries, minPorts(50)}, 64},
		{"a power of two stays", []func(*topology.NAT){primaries, minPorts(128)}, 128},
		{"secondary ranges have a floor", nil, 1024},
		{"a floor for a listed secondary range", []func(*topology.NAT){lists(named("gke", "pods"))}, 1024},
		{"no floor for primary ranges", []func(*topology.NAT){lists(entry("gke", topology.EntryPrimary))}, 64},
		{"more than the floor", []func(*topology.NAT){minPorts(4096)}, 4096},
		{"no floor when dynamic", []func(*topology.NAT){dynamic}, 32},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := f
			g.NATs = nil
			nat("n", tc.changes...)(&g)
			if got := portsPerVM(g.NATs[0]); got != tc.want {
				t.Errorf("%d ports, want %d", got, tc.want)
			}
		})
	}
}

func maxNodes(n int) func(*topology.NodePool) {
	return func(p *topology.NodePool) { p.MaxNodes = known(n) }
}

func TestNATCapacity(t *testing.T) {
	const natAddress = "google_compute_router_nat.n"
	one := func(status topology.Verdict, fix string, says ...string) []want {
		return []want{{status, Warning, natAddress, says, fix, ""}}
	}
	var cases []expectation
	for _, tc := range []struct {
		ports, addresses, room int
	}{{64, 1, 1008}, {64, 2, 2016}, {1024, 1, 63}, {2048, 2, 62}, {4096, 1, 15}} {
		gateway := nat("n", primaries, manual(tc.addresses), minPorts(tc.ports))
		room := fmt.Sprintf(`"n" has ports for %d nodes`, tc.room)
		cases = append(cases,
			expectation{name: fmt.Sprintf("%d ports, %d addresses: %d nodes", tc.ports, tc.addresses, tc.room), facts: world(gateway, pool(maxNodes(tc.room))),
				want: one(topology.Pass, "", room)},
			expectation{name: fmt.Sprintf("%d ports, %d addresses: one node more", tc.ports, tc.addresses), facts: world(gateway, pool(maxNodes(tc.room+1))),
				want: one(topology.Fail, fmt.Sprintf("%d addresses, or", tc.addresses+1), room, fmt.Sprintf("can reach %d", tc.room+1))})
	}
	other := func(f *topology.Facts) { f.Clusters = append(f.Clusters, newCluster("d", newPool("d-pool"))) }
	unknownSize := func(p *topology.NodePool) { p.MaxNodes = later[int]() }
	cases = append(cases,
		expectation{name: "automatic addresses", facts: world(nat("n"), pool(maxNodes(100000))), want: nil},
		expectation{name: "no gateway", facts: world(), want: nil},
		expectation{name: "the pods' range is translated: a floor of 1,024", facts: world(nat("n", manual(1)), pool(maxNodes(64))), want: one(topology.Fail, "2 addresses", "63 nodes", "1024 ports")},
		expectation{name: "pools add up", facts: world(nat("n", manual(1)), pool(maxNodes(32)), addPool("more", maxNodes(32))), want: one(topology.Fail, "", "can reach 64")},
		expectation{name: "public pools do not", facts: world(nat("n", manual(1)), pool(maxNodes(32)), addPool("more", maxNodes(32), public)), want: one(topology.Pass, "", "can reach 32")},
		expectation{name: "a pool that GKE may put in two subnetworks counts once", facts: world(addSubnetwork("extra", "10.50.0.0/20"), cluster(extraSubnetwork("extra")),
			pool(func(p *topology.NodePool) { p.Subnetwork.Origin, p.MaxNodes = clusterOrigin(), known(40) }), nat("n", manual(1))), want: one(topology.Pass, "", "can reach 40")},
		expectation{name: "a size that apply decides", facts: world(nat("n", manual(1)), pool(unknownSize)), want: one(topology.Undecided, "", "is not known", "default-pool")},
		expectation{name: "a size that apply decides, beside too many", facts: world(nat("n", manual(1)), pool(unknownSize), addPool("more", maxNodes(64))), want: one(topology.Fail, "", "can reach 64")},
		expectation{name: "addresses that apply decides", facts: world(nat("n", manual(1), func(n *topology.NAT) { n.Addresses = later[int]() })), want: one(topology.Undecided, "", "how many addresses")},
		expectation{name: "a custom next hop", facts: world(nat("n", manual(1)), pool(maxNodes(64)), proxied), want: []want{{topology.Skip, Warning, gkeAddress, []string{"Cloud NAT does not apply"}, "", ""}}},
	)
	expect(t, "nat-capacity", cases)
	t.Run("clusters behind one gateway add up", func(t *testing.T) {
		j := judge(world(nat("n", manual(1)), pool(maxNodes(62)), other), Policy{})
		for _, r := range resultsOf(j, "nat-capacity") {
			compare(t, r, want{topology.Fail, Warning, natAddress, []string{"can reach 65"}, "", ""})
		}
		if n := len(resultsOf(j, "nat-capacity")); n != 2 {
			t.Errorf("%d results, want one for each cluster", n)
		}
	})
}

// What Google itself says of a gateway counts beside what the sizes of clusters come to.
func TestNATCapacityByGoogle(t *testing.T) {
	status := func(s topology.NATStatus) func(*topology.NAT) {
		return func(n *topology.NAT) { n.Status = &s }
	}
	one := func(status topology.Verdict, fix string, says ...string) []want {
		return []want{{status, Warning, "google_compute_router_nat.n", says, fix, ""}}
	}
	unknownSize := func(p *topology.NodePool) { p.MaxNodes = later[int]() }
	expect(t, "nat-capacity", []expectation{
		{name: "it asks for more, though the clusters are small", facts: world(nat("n", manual(1), status(topology.NATStatus{Addresses: 1, ExtraNeeded: 2, VMs: 2}))),
			want: one(topology.Fail, "3 addresses, or", `Cloud NAT itself says that "n" needs 2 more addresses`, "its clusters can reach 3")},
		{name: "it asks for one", facts: world(nat("n", manual(1), status(topology.NATStatus{ExtraNeeded: 1}))), want: one(topology.Fail, "2 addresses, or", "needs one more address")},
		{name: "it asks for more, and the clusters ask for more still", facts: world(nat("n", manual(1), status(topology.NATStatus{ExtraNeeded: 1})), pool(maxNodes(200))), want: one(topology.Fail, "4 addresses, or", "needs one more address", "can reach 200")},
		{name: "it asks for more, and the sizes are not known", facts: world(nat("n", manual(1), status(topology.NATStatus{ExtraNeeded: 1})), pool(unknownSize)), want: one(topology.Fail, "2 addresses, or", "needs one more address", "is not known")},
		{name: "it asks for nothing", facts: world(nat("n", manual(1), status(topology.NATStatus{Addresses: 1, VMs: 3}))), want: one(topology.Pass, "", "can reach 3")},
		{name: "it asks for nothing, and the clusters are large", facts: world(nat("n", manual(1), status(topology.NATStatus{Addresses: 1})), pool(maxNodes(64))), want: one(topology.Fail, "2 addresses, or", "can reach 64")},
		{name: "automatic addresses", facts: world(nat("n", status(topology.NATStatus{ExtraNeeded: 1}))), want: nil},
		{name: "a block that no address holds", facts: world(nat("n", manual(1), minPorts(40000))), want: one(topology.Fail, "fewer ports for each VM", "ports for 0 nodes")},
	})
	r := the(t, judge(world(nat("n", manual(1), status(topology.NATStatus{Addresses: 1, ExtraNeeded: 2, VMs: 5}))), Policy{}), "nat-capacity")
	last := r.Evidence[len(r.Evidence)-1]
	if last.Attribute != "natStatus.minExtraNatIpsNeeded" || last.Value != "2 more addresses, with 1 in use and 5 VM interfaces that have ports" || last.Assumed {
		t.Errorf("evidence %+v", last)
	}
}
