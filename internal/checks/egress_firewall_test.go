package checks

import (
	"net/netip"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestEgressFirewall(t *testing.T) {
	one := func(status topology.Verdict, says ...string) []want {
		w := want{status: status, severity: Error, object: clusterAddress, says: says}
		if status == topology.Fail {
			w.fix = "443"
		}
		return []want{w}
	}
	allow := func(priority int, changes ...func(*topology.FirewallRule)) change {
		return rule("allow", topology.Allow, priority, "0.0.0.0/0", changes...)
	}
	ports := func(name string, first, last int) func(*topology.FirewallRule) {
		return func(r *topology.FirewallRule) {
			r.Protocols = known([]topology.Protocol{{Name: name, Ports: []topology.PortRange{{First: first, Last: last}}}})
		}
	}
	inLayer := func(l topology.Layer) func(*topology.FirewallRule) {
		return func(r *topology.FirewallRule) { r.Layer, r.Policy = l, "policy" }
	}
	expect(t, "egress-firewall", []expectation{
		{name: "no rule", facts: world(), want: one(topology.Pass, "no rule denies tcp 443")},
		{name: "everything denied", facts: world(denyAll), want: one(topology.Fail, `TCP 443 does not leave cluster "c"`, `rule "deny-all" (priority 1000)`)},
		{name: "allowed before", facts: world(denyAll, allow(900)), want: one(topology.Pass, `rule "allow" (priority 900)`)},
		{name: "443 allowed before", facts: world(denyAll, allow(900, ports("tcp", 440, 450))), want: one(topology.Pass)},
		{name: "only 80 allowed before", facts: world(denyAll, allow(900, ports("tcp", 80, 80))), want: one(topology.Fail)},
		{name: "only UDP allowed before", facts: world(denyAll, allow(900, ports("udp", 443, 443))), want: one(topology.Fail)},
		{name: "at equal priority deny wins", facts: world(denyAll, allow(1000)), want: one(topology.Fail)},
		{name: "allowed after", facts: world(denyAll, allow(1100)), want: one(topology.Fail)},
		{name: "denied for others", facts: world(rule("deny-all", topology.Deny, 1000, "0.0.0.0/0", ruleTags("vm"))), want: one(topology.Pass)},
		{name: "allowed for others", facts: world(denyAll, allow(900, ruleTags("vm"))), want: one(topology.Fail)},
		{name: "allowed for the nodes", facts: world(denyAll, allow(900, ruleTags("node"))), want: one(topology.Pass)},
		{name: "allowed for their account", facts: world(denyAll, allow(900, func(r *topology.FirewallRule) { r.TargetAccounts = known([]string{"nodes@p.iam.gserviceaccount.com"}) })), want: one(topology.Pass)},
		{name: "private ranges denied", facts: world(rule("deny-private", topology.Deny, 1, "10.0.0.0/8")), want: one(topology.Pass)},
		{name: "disabled", facts: world(denyAll, func(f *topology.Facts) { f.Firewalls[0].Disabled = known(true) }), want: one(topology.Pass)},
		{name: "a policy above all", facts: world(allow(1), rule("org", topology.Deny, 5, "0.0.0.0/0", inLayer(topology.LayerGlobalPolicy)), network(func(n *topology.Network) { n.PoliciesFirst = known(true) })),
			want: one(topology.Fail, `rule "org"`)},
		{name: "the same policy after the VPC rules", facts: world(allow(1), rule("org", topology.Deny, 5, "0.0.0.0/0", inLayer(topology.LayerGlobalPolicy))), want: one(topology.Pass)},
		{name: "names that cannot be compared", facts: world(denyAll, allow(900, func(r *topology.FirewallRule) {
			r.Destinations, r.Beyond = known([]netip.Prefix{}), []string{"registry-1.docker.io"}
		})),
			want: one(topology.Undecided, "registry-1.docker.io")},
		{name: "an action that apply decides", facts: world(denyAll, func(f *topology.Facts) { f.Firewalls[0].Action = later[topology.Action]() }), want: one(topology.Undecided, topology.KnownAfterApply)},
	})
}

func TestEgressFirewallFix(t *testing.T) {
	for _, tc := range []struct {
		name    string
		changes []change
		fix     string
	}{
		{"before the rule that denies", []change{denyAll}, "priority           = 999\n"},
		{"in the policy that denies", []change{rule("org", topology.Deny, 5, "0.0.0.0/0", func(r *topology.FirewallRule) { r.Layer, r.Policy = topology.LayerGlobalPolicy, "policy" })}, `# in the policy of rule "org"`},
		{"nothing comes before zero", []change{rule("deny-all", topology.Deny, 0, "0.0.0.0/0")}, "# a priority number below"},
		{"on the network", []change{denyAll}, "network            = google_compute_network.vpc.id"},
		{"on a network that is only named", []change{denyAll, unseen}, `network            = "projects/p/global/networks/vpc"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			compare(t, the(t, judge(world(tc.changes...), Policy{}), "egress-firewall"), want{status: topology.Fail, fix: tc.fix})
		})
	}
}
