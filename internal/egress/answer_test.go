package egress

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// That no private zone answers is seen only where the zones of all that may bind one were listed: of the network's project, and of the clusters' in it.
func TestNoZoneIsSeenOrAssumed(t *testing.T) {
	for _, tc := range []struct {
		name    string
		managed bool
		project string // of the cluster
		listed  []string
		assumed bool
	}{
		{"nobody looked", false, "p", nil, true},
		{"the network's project was read", false, "p", []string{"p"}, false},
		{"the network's, of a Shared VPC", false, "service", []string{"p"}, true},
		{"both of a Shared VPC", false, "service", []string{"p", "service"}, false},
		{"only the cluster's", false, "service", []string{"service"}, true},
		{"all there is was handed over", false, "service", []string{topology.AnyProject}, false},
		{"a network of a state", true, "service", nil, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := topology.Facts{Networks: []*topology.Network{{Object: object("network", "p", "global", "net", tc.managed)}},
				Clusters: []*topology.Cluster{{Object: topology.Object{ID: "c", Project: tc.project}, Network: k(net)}, {Object: topology.Object{ID: "d", Project: "q"}, Network: k(networkID("q", "other"))}}}
			for _, p := range tc.listed {
				f.Readings = append(f.Readings, topology.Reading{Collection: topology.DNS, Project: p})
			}
			r := New(topology.New(f)).Resolve(k(net), "europe-docker.pkg.dev")
			if r.Verdict != topology.Pass || len(r.Hop.Evidence) != 1 || r.Hop.Evidence[0].Assumed != tc.assumed {
				t.Errorf("%v, %+v", r.Verdict, r.Hop.Evidence)
			}
		})
	}
}

// Policies of a network are tried by the priority of their association, and a priority that is not told is 1000.
func TestPoliciesOfANetworkInOrder(t *testing.T) {
	rule := func(policy topology.ID, depth int, a topology.Action) *topology.FirewallRule {
		return &topology.FirewallRule{Object: topology.Object{ID: policy + "/1", Address: string(policy)}, Layer: topology.LayerGlobalPolicy, Policy: policy, Depth: depth, Network: k(net), Priority: k(1),
			Action: k(a), Disabled: k(false), Destinations: prefixes(), Sources: prefixes(), TargetTags: list(), TargetAccounts: list(), Protocols: k([]topology.Protocol{})}
	}
	for _, tc := range []struct {
		name        string
		allow, deny int
		want        topology.Verdict
	}{{"the one that allows comes first", 10, 20, topology.Pass}, {"the one that denies comes first", 20, 10, topology.Fail},
		{"before the default", 999, 0, topology.Pass}, {"after the default", 1001, 0, topology.Fail}} {
		t.Run(tc.name, func(t *testing.T) {
			f := topology.Facts{Networks: []*topology.Network{{Object: object("network", "p", "global", "net", true), PoliciesFirst: k(false)}},
				Firewalls: []*topology.FirewallRule{rule("b-allows", tc.allow, topology.Allow), rule("a-denies", tc.deny, topology.Deny)}}
			if got := New(topology.New(f)).Firewall(Source{Network: k(net), Region: region, Tags: list()}, TheInternet).Status; got != tc.want {
				t.Errorf("%v, want %v", got, tc.want)
			}
		})
	}
}
