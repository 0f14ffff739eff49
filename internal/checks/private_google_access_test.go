package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// access sets private_ip_google_access, and whether a configuration sets it.
func access(on, configured bool) change {
	return subnetwork(func(s *topology.Subnetwork) {
		s.GoogleAccess, s.GoogleAccessConfigured = known(on), known(configured)
	})
}

func created(f *topology.Facts) { f.Clusters[0].Created = true }

// privatePools is a public cluster with private pools.
func privatePools(f *topology.Facts) {
	f.Clusters[0].PrivateNodes = known(false)
	f.Clusters[0].Pools[0].OwnPrivacy = true
}

func TestPrivateGoogleAccess(t *testing.T) {
	one := func(status topology.Verdict, severity Severity, says ...string) []want {
		w := want{status: status, severity: severity, object: gkeAddress, says: says}
		if status == topology.Fail {
			w.fix = "private_ip_google_access = true"
		}
		return []want{w}
	}
	shared := func(changes ...change) topology.Facts { return sharedVPC(changes...) }
	expect(t, "private-google-access", []expectation{
		{name: "on", facts: world(), want: one(topology.Pass, Error, "private google access is on")},
		{name: "implied by a gateway on the primary range", facts: world(access(false, true), nat("n", primaries)), want: one(topology.Pass, Error, "implied by gateway n")},
		{name: "a gateway on the pods' range implies nothing", facts: world(access(false, true), nat("n", lists(onlySecondary("gke", "pods")))), want: one(topology.Fail, Error)},
		{name: "a private gateway implies nothing", facts: world(access(false, true), nat("n", ofType("PRIVATE"))), want: one(topology.Fail, Error)},
		{name: "a new cluster, nothing configured: GKE switches it on", facts: world(created, access(false, false)), want: one(topology.Pass, Error, "switched on by gke")},
		{name: "a new cluster, configured false: the next apply switches it off", facts: world(created, access(false, true)),
			want: one(topology.Fail, Warning, "private_ip_google_access = false", "the next apply switches it off again")},
		{name: "a new cluster, configured false, a gateway", facts: world(created, access(false, true), nat("n")), want: one(topology.Pass, Error)},
		{name: "an existing cluster", facts: world(access(false, false)), want: one(topology.Fail, Error, `cluster "c" cannot reach Google's registries from subnetwork "gke"`, "no Public NAT gateway implies it")},
		{name: "an existing cluster, configured false", facts: world(access(false, true)), want: one(topology.Fail, Error)},
		{name: "an existing cluster, apply decides", facts: world(subnetwork(func(s *topology.Subnetwork) { s.GoogleAccess = later[bool]() })), want: one(topology.Undecided, Error, topology.KnownAfterApply)},
		{name: "a shared VPC, on", facts: shared(), want: one(topology.Pass, Error)},
		{name: "a shared VPC: GKE does not switch it on", facts: shared(created, access(false, false)), want: one(topology.Fail, Error)},
		{name: "a shared VPC, configured false", facts: shared(created, access(false, true)), want: one(topology.Fail, Error)},
		{name: "private pools on a public cluster, not configured", facts: world(created, privatePools, access(false, false)),
			want: one(topology.Undecided, Error, "private pools of a public cluster")},
		{name: "private pools on a public cluster, configured false", facts: world(created, privatePools, access(false, true)), want: one(topology.Fail, Error)},
		{name: "private pools on a public cluster, on", facts: world(created, privatePools), want: one(topology.Pass, Error)},
		{name: "a gateway that apply decides", facts: world(access(false, true), nat("n", lists(topology.NATEntry{Subnetwork: later[topology.ID](), NamesTold: true}))),
			want: one(topology.Undecided, Error, "whether a Public NAT gateway implies it is not known")},
	})
}

// Access alone is not enough: Google's public addresses need a route and an open firewall.
func TestPrivateGoogleAccessPath(t *testing.T) {
	vip := privateAddresses
	expect(t, "private-google-access", []expectation{
		{name: "no route", facts: world(noDefaultRoute), want: []want{{topology.Fail, Error, clusterAddress, []string{"cannot reach Google's registries", "no route"}, "next_hop_gateway", "internet-route"}}},
		{name: "no route, and nobody asks for the internet", facts: world(noDefaultRoute), policy: Policy{Internet: "images"},
			want: []want{{topology.Fail, Error, clusterAddress, []string{"no route"}, "next_hop_gateway", ""}}},
		{name: "everything denied", facts: world(denyAll), want: []want{{topology.Fail, Error, clusterAddress, []string{`rule "deny-all"`}, "priority           = 999", "egress-firewall"}}},
		{name: "some public ranges are routed", facts: world(noDefaultRoute, route("google", "142.250.0.0/15", topology.HopInternetGateway)),
			want: []want{{topology.Undecided, Error, gkeAddress, []string{"routes to some public ranges exist"}, "", ""}}},
		{name: "steered names are the matter of registry-dns", facts: world(noDefaultRoute, denyAll, steer(vip...)), want: []want{{topology.Pass, Error, gkeAddress, nil, "", ""}}},
		{name: "steered names need access too", facts: world(steer(vip...), access(false, true)), want: []want{{topology.Fail, Error, gkeAddress, nil, "private_ip_google_access = true", ""}}},
		{name: "an endpoint needs access too", facts: world(endpoint("10.99.0.5"), steer("10.99.0.5"), access(false, true)), want: []want{{topology.Fail, Error, gkeAddress, nil, "", ""}}},
	})
}

func TestPrivateGoogleAccessFix(t *testing.T) {
	f := world(access(false, true), func(f *topology.Facts) { f.Subnetworks[0].Managed = false })
	r := the(t, judge(f, Policy{}), "private-google-access")
	compare(t, r, want{status: topology.Fail, fix: "gcloud compute networks subnets update gke --region=us-central1 --project=p --enable-private-ip-google-access"})
}
