package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestInternetRoute(t *testing.T) {
	one := func(status topology.Verdict, object string, says ...string) []want {
		w := want{status: status, severity: Error, object: object, says: says}
		if status == topology.Fail {
			w.fix = `next_hop_gateway = "default-internet-gateway"`
		}
		return []want{w}
	}
	gateway := topology.HopInternetGateway
	expect(t, "internet-route", []expectation{
		{name: "the network's default route", facts: world(), want: one(topology.Pass, clusterAddress, "0.0.0.0/0", "default internet gateway")},
		{name: "deleted", facts: world(noDefaultRoute), want: one(topology.Fail, clusterAddress, `cluster "c" has no route to the internet`, "default routes are deleted")},
		{name: "deleted and written again", facts: world(noDefaultRoute, route("own", "0.0.0.0/0", gateway)), want: one(topology.Pass, clusterAddress, `route "own"`)},
		{name: "for a tag that the nodes wear", facts: world(noDefaultRoute, route("own", "0.0.0.0/0", gateway, routeTags("node"))), want: one(topology.Pass, clusterAddress)},
		{name: "for a tag that the nodes do not wear", facts: world(noDefaultRoute, route("own", "0.0.0.0/0", gateway, routeTags("vm"))), want: one(topology.Fail, clusterAddress)},
		{name: "a pair of halves to the gateway", facts: world(noDefaultRoute, route("low", "0.0.0.0/1", gateway), route("high", "128.0.0.0/1", gateway)), want: one(topology.Pass, clusterAddress)},
		{name: "half is not enough", facts: world(noDefaultRoute, route("low", "0.0.0.0/1", gateway)), want: one(topology.Fail, clusterAddress)},
		{name: "an appliance", facts: world(proxied), want: one(topology.Undecided, clusterAddress, `route "to-proxy"`, "instance proxy", "custom egress")},
		{name: "an appliance by halves", facts: world(route("low", "0.0.0.0/1", topology.HopCustom), route("high", "128.0.0.0/1", topology.HopCustom)), want: one(topology.Undecided, clusterAddress, "custom egress")},
		{name: "an appliance for a tag of others", facts: world(route("proxy", "0.0.0.0/0", topology.HopCustom, routeTags("vm"), func(r *topology.Route) { r.Priority = known(1) })), want: one(topology.Pass, clusterAddress)},
		{name: "an appliance of worse priority", facts: world(route("proxy", "0.0.0.0/0", topology.HopCustom, func(r *topology.Route) { r.Priority = known(2000) })), want: one(topology.Pass, clusterAddress)},
		{name: "a private range to an appliance", facts: world(route("onprem", "10.0.0.0/8", topology.HopCustom)), want: one(topology.Pass, clusterAddress)},
		{name: "another network's route", facts: world(proxied, func(f *topology.Facts) { f.Routes[0].Network = known(networkID("other")) }), want: one(topology.Pass, clusterAddress)},
		{name: "a next hop that apply decides", facts: world(proxied, func(f *topology.Facts) { f.Routes[0].NextHop = later[topology.NextHopKind]() }), want: one(topology.Undecided, clusterAddress, topology.KnownAfterApply)},
		{name: "nobody looked: Google's default", facts: world(unmanaged), want: one(topology.Pass, clusterAddress)},
		{name: "pools that differ by tag", facts: world(noDefaultRoute, route("own", "0.0.0.0/0", gateway, routeTags("node")), addPool("bare", tagged())), want: []want{
			{topology.Fail, Error, "google_container_node_pool.bare", []string{`node pool "bare" has no route`}, "google_compute_network.vpc.id", ""},
			{topology.Pass, Error, "google_container_node_pool.default-pool", nil, "", ""}}},
	})
}

// Behind a custom next hop Cloud NAT does not apply, so that nothing is said of gateways.
func TestCustomNextHop(t *testing.T) {
	for _, tc := range []struct {
		name    string
		changes []change
	}{
		{"no gateway", []change{proxied}},
		{"gateways that would fail", []change{proxied, nat("a", manual(0), lists(named("gke", "nothing"))), nat("b", manual(0), lists(named("gke", "nothing")))}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := judge(world(tc.changes...), Policy{})
			for _, check := range []string{"nat-node-range", "nat-pod-range", "nat-overlap", "nat-range-names", "nat-capacity"} {
				compare(t, the(t, j, check), want{status: topology.Skip, says: []string{"Cloud NAT does not apply"}})
			}
			if v := j.Clusters[0].Verdict; v != ClusterUnknown {
				t.Errorf("verdict %s, want unknown", v)
			}
		})
	}
}

// What nobody looked at is Google's default, and the evidence says so.
func TestAssumed(t *testing.T) {
	for _, check := range []string{"internet-route", "egress-firewall", "registry-dns"} {
		for name, tc := range map[string]struct {
			change  change
			assumed bool
		}{"managed": {func(*topology.Facts) {}, false}, "mentioned": {unseen, true}} {
			t.Run(check+" "+name, func(t *testing.T) {
				r := the(t, judge(world(tc.change), Policy{}), check)
				compare(t, r, want{status: topology.Pass})
				if len(r.Evidence) == 0 || r.Evidence[0].Assumed != tc.assumed {
					t.Errorf("evidence %+v, want assumed %v", r.Evidence, tc.assumed)
				}
			})
		}
	}
}
