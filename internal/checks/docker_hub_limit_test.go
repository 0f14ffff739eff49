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
	})
}
