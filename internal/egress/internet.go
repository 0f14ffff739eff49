package egress

import "github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"

// Internet draws the path to the public internet.
func (e *Evaluator) Internet(s Source) Path {
	route := e.Route(s, TheInternet)
	wall := e.Firewall(s, TheInternet)
	if route.Custom {
		// "Cloud NAT can only use routes whose next hops are the default internet gateway" (Cloud NAT documentation).
		return Along(route, wall, Hop{Name: HopExit, Status: topology.Skip, Detail: "cloud nat does not apply behind a custom next hop"})
	}
	return Along(route, wall, e.Exit(s))
}

// The domains that hold Google's registries; GKE's own images come from the second.
const (
	anyPackage   = "us-docker.pkg.dev"
	anyContainer = "gcr.io"
)

// Isolated tells whether the configuration shows isolation by design: no way to the internet, Google's registries steered to
// private, restricted or endpoint addresses, and no Public NAT on the primary range.
func (e *Evaluator) Isolated(s Source) bool {
	if e.Route(s, TheInternet).Status != topology.Fail && e.Firewall(s, TheInternet).Status != topology.Fail {
		return false
	}
	network := e.networkOf(s.Network, s.Subnetwork)
	for _, host := range []string{anyPackage, anyContainer} {
		if r := e.Resolve(network, host); !r.Kind.Steered() || r.Verdict == topology.Fail {
			return false
		}
	}
	return e.Coverage(s.Subnetwork, s.Network, s.Region, PrimaryRange).Verdict == topology.Fail
}
