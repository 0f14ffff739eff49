package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestNodeScopes(t *testing.T) {
	const poolAddress = "google_container_node_pool.default-pool"
	scopes := func(list ...string) change {
		return pool(func(p *topology.NodePool) { p.Scopes = known(list) })
	}
	pass := []want{{status: topology.Pass, severity: Error, object: poolAddress}}
	fail := func(says string) []want {
		return []want{{topology.Fail, Error, poolAddress, []string{"whatever IAM grants", says}, "cloud-platform", ""}}
	}
	decides := pool(func(p *topology.NodePool) {
		p.Scopes = topology.Unknown[[]string]("node_config names none, and the API decides", topology.Origin{})
	})
	const auth = "https://www.googleapis.com/auth/"
	expect(t, "node-scopes", []expectation{
		{name: "cloud-platform", facts: world(pulls(google), scopes(auth+"cloud-platform")), want: pass},
		{name: "reading storage among others", facts: world(pulls(google), scopes(auth+"logging.write", auth+"devstorage.read_only")), want: pass},
		{name: "an alias", facts: world(pulls(google), scopes("storage-ro")), want: pass},
		{name: "logging and monitoring alone", facts: world(pulls(google), scopes(auth+"logging.write", auth+"monitoring")), want: fail("logging.write")},
		{name: "none", facts: world(pulls(google), scopes()), want: fail("none")},
		{name: "a scope that only looks alike", facts: world(pulls(google), scopes(auth+"cloud-platform.nothing")), want: fail("nothing")},
		{name: "the API decides", facts: world(pulls(google), decides), want: []want{{status: topology.Undecided, severity: Warning, object: poolAddress, says: []string{"the API decides"}}}},
		{name: "no image asks", facts: world(pulls(hub), scopes()), want: []want{{status: topology.Skip, object: clusterAddress}}},
		{name: "a pool that the image does not come onto", facts: world(pulls(google, onPool("b")), scopes(), addPool("b", func(p *topology.NodePool) { p.Scopes = known([]string{auth + "cloud-platform"}) })),
			want: []want{{status: topology.Pass, object: "google_container_node_pool.b"}}},
		{name: "an image that is only inferred", facts: world(pulls(google, guessed), scopes()), want: []want{{topology.Fail, Warning, poolAddress, nil, "cloud-platform", ""}}},
	})
}
