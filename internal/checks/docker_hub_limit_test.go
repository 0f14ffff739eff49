package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestDockerHubLimit(t *testing.T) {
	const address = "google_compute_router_nat.n"
	one := func(status topology.Verdict, says ...string) []want {
		w := want{status: status, severity: Warning, object: address, says: says}
		if status == topology.Fail {
			w.fix = "us-central1-docker.pkg.dev"
		}
		return []want{w}
	}
	nodes := func(n int) change { return pool(maxNodes(n)) }
	images := func(refs ...string) change {
		return func(f *topology.Facts) {
			for _, r := range refs {
				pulls(r)(f)
			}
		}
	}
	loose := func(n *topology.NAT) { n.ManualAddresses = later[bool]() }
	toldNothing := func(n *topology.NAT) { n.ManualAddresses, n.Addresses = known(true), later[int]() }
	other := func(f *topology.Facts) {
		c := newCluster("other", newPool("many"))
		c.Pools[0].MaxNodes = known(500)
		f.Clusters = append(f.Clusters, c)
	}
	const granted = "grants one address 100 in six hours (as of July 2026)"
	expect(t, "docker-hub-limit", []expectation{
		{name: "no image of Docker Hub", facts: world(nat("n"), nodes(500), pulls(google), pulls(quay))},
		{name: "no gateway", facts: world(nodes(500), pulls(hub))},
		{name: "no way to Docker Hub", facts: world(nat("n"), denyAll, nodes(500), pulls(hub))},
		{name: "within the limit", facts: world(nat("n", manual(1)), nodes(100), pulls(hub)), want: one(topology.Pass, "100 pulls", granted)},
		{name: "one too many", facts: world(nat("n", manual(1)), nodes(101), pulls(hub)), want: one(topology.Fail, "101 nodes", "101 pulls", granted)},
		{name: "images multiply", facts: world(nat("n", manual(1)), nodes(40), images(hub, "redis:7", "busybox")), want: one(topology.Fail, "3 docker.io images", "120 pulls")},
		{name: "the same image under two names is one", facts: world(nat("n", manual(1)), nodes(60), images(hub, "docker.io/library/nginx:1.27")), want: one(topology.Pass, "1 docker.io images", "60 pulls")},
		{name: "addresses share", facts: world(nat("n", manual(2)), nodes(200), pulls(hub)), want: one(topology.Pass, "100 pulls", "each of its 2 addresses")},
		{name: "addresses share, not enough", facts: world(nat("n", manual(2)), nodes(201), pulls(hub)), want: one(topology.Fail, "101 pulls")},
		{name: "automatic addresses hold 63 nodes of 1,024 ports each", facts: world(nat("n"), nodes(1000), pulls(hub)), want: one(topology.Pass, "63 pulls", "each of its addresses")},
		{name: "automatic addresses, two images", facts: world(nat("n"), nodes(1000), images(hub, "redis:7")), want: one(topology.Fail, "126 pulls")},
		{name: "addresses that apply decides", facts: world(nat("n", toldNothing), nodes(500), pulls(hub)), want: one(topology.Undecided, topology.KnownAfterApply)},
		{name: "allocation that apply decides", facts: world(nat("n", loose), nodes(500), pulls(hub)), want: one(topology.Undecided, topology.KnownAfterApply)},
		{name: "nodes that nobody counts", facts: world(nat("n"), pool(func(p *topology.NodePool) { p.MaxNodes = later[int]() }), pulls(hub)), want: one(topology.Undecided, "how many nodes", granted)},
		{name: "nodes that nobody counts beside too many", facts: world(nat("n", manual(1)), nodes(101), addPool("b", func(p *topology.NodePool) { p.MaxNodes = later[int]() }), pulls(hub)), want: one(topology.Fail, "101 pulls")},
		{name: "authenticated", facts: world(nat("n", manual(1)), nodes(500), pulls(hub, with("s")), secret("s", "https://index.docker.io/v1/"))},
		{name: "a secret that the kubelet never matches", facts: world(nat("n", manual(1)), nodes(500), pulls(hub, with("s")), secret("s", "registry-1.docker.io")), want: one(topology.Fail, "500 pulls")},
		{name: "a setting", facts: world(nat("n", manual(1)), nodes(150), pulls(hub)), policy: Policy{HubLimit: 200}, want: one(topology.Pass, "grants one address 200 in six hours")},
		{name: "only the pool that the pods come onto", facts: world(nat("n", manual(1)), nodes(500), addPool("b", maxNodes(10)), pulls(hub, onPool("b"))), want: one(topology.Pass, "10 nodes", "10 pulls")},
		{name: "on public nodes", facts: world(nat("n", manual(1)), nodes(500), addPool("open", public), pulls(hub, onPool("open")))},
		{name: "another cluster's nodes pull nothing of it", facts: world(nat("n", manual(1)), nodes(10), other, pulls(hub)), want: one(topology.Pass, "10 pulls")},
		{name: "containerd_config takes Docker Hub's place", facts: world(nat("n", manual(1)), nodes(500), pulls(hub), hosts("docker.io", "https://us-docker.pkg.dev"))},
		{name: "pools that the network tells apart, behind one gateway", facts: world(nat("n", manual(1)), nodes(60), addPool("b", tagged("x"), maxNodes(60)), pulls(hub)), want: one(topology.Fail, "120 nodes", "120 pulls")},
		{name: "another pool's gateway carries nothing", facts: world(addSubnetwork("far", "10.40.0.0/20"), addPool("far", in("far"), maxNodes(500)), nat("n", lists(entry("gke")), manual(1)), nat("m", lists(entry("far")), manual(1)),
			nodes(10), pulls(hub, onPool("default-pool"))), want: one(topology.Pass, "10 pulls")},
		{name: "a pool that GKE may put in two subnetworks counts once", facts: world(addSubnetwork("extra", "10.50.0.0/20"), cluster(extraSubnetwork("extra")),
			pool(func(p *topology.NodePool) { p.Subnetwork.Origin, p.MaxNodes = clusterOrigin(), known(80) }), nat("n", manual(1)), pulls(hub)), want: one(topology.Pass, "80 pulls")},
		{name: "nodes that may be public", facts: world(nat("n", manual(1)), pool(perhaps), pulls(hub)), want: one(topology.Undecided, "how many nodes", "whether the nodes are private at all is not known")},
		{name: "nodes that nobody counts beside few", facts: world(nat("n", manual(1)), nodes(50), addPool("b", func(p *topology.NodePool) { p.MaxNodes = later[int]() }), pulls(hub)),
			want: one(topology.Undecided, "at least 50 nodes", "and not all is known", "google_container_node_pool.b")},
		{name: "automatic addresses that nobody counts are no question", facts: world(nat("n", func(n *topology.NAT) { n.Addresses = later[int]() }), nodes(50), pulls(hub)), want: one(topology.Pass, "50 pulls")},
		{name: "automatic addresses that nobody counts, too many pulls", facts: world(nat("n", func(n *topology.NAT) { n.Addresses = later[int]() }), nodes(1000), images(hub, "redis:7")), want: one(topology.Fail, "126 pulls")},
		{name: "automatic addresses, as many nodes as one holds", facts: world(nat("n"), nodes(63), pulls(hub)), want: one(topology.Pass, "63 pulls in a rollout from its address")},
		{name: "automatic addresses of which there are several now", facts: world(nat("n", func(n *topology.NAT) { n.Addresses = known(4) }), nodes(60), images(hub, "redis:7")), want: one(topology.Fail, "120 pulls")},
		{name: "automatic addresses, a block that none holds", facts: world(nat("n", minPorts(40000)), nodes(500), pulls(hub)), want: one(topology.Fail, "500 pulls")},
		{name: "one address is called by itself", facts: world(nat("n", manual(1)), nodes(10), pulls(hub)), want: one(topology.Pass, "10 pulls in a rollout from its address;")},
		{name: "no address at all", facts: world(nat("n", manual(0)), nodes(10), pulls(hub)), want: one(topology.Pass, "10 pulls")},
		{name: "an image that does not parse", facts: world(nat("n", manual(1)), nodes(500), pulls("Nginx"))},
		{name: "only what a chart may pull", facts: world(nat("n", manual(1)), nodes(500), pulls(hub, guessed)), want: one(topology.Fail, "500 pulls")},
	})
}
