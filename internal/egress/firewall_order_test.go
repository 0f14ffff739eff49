package egress

import (
	"net/netip"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// inPolicy puts a rule into a policy of a layer; order is the policy's place in it: the depth below the organisation, or the priority of the
// policy's association with the network.
func inPolicy(layer topology.Layer, policy topology.ID, order int) change {
	return func(r *topology.FirewallRule) { r.Layer, r.Policy, r.Depth = layer, policy, order }
}

func regionalPolicy(policy topology.ID, order int) change {
	return func(r *topology.FirewallRule) {
		inPolicy(topology.LayerRegionalPolicy, policy, order)(r)
		r.Region = region
	}
}

func fqdn(names ...string) change { return beyond(names...) }

func secureTags(r *topology.FirewallRule) { r.SecureTags = true }

func policiesFirst(v topology.Value[bool]) func(*topology.Facts) {
	return func(f *topology.Facts) { f.Networks[0].PoliciesFirst = v }
}

// The order in which Google Cloud tries firewall rules: hierarchical policies from the organisation down, then VPC rules and network policies
// (or the other way round), the global ones before the regional ones; then the implied rule that allows egress.
func TestFirewallOrderAcrossLayers(t *testing.T) {
	org := func(p int, a topology.Action, changes ...change) *topology.FirewallRule {
		return rule("org", p, a, append([]change{inPolicy(topology.LayerHierarchical, "org", 0)}, changes...)...)
	}
	folder := func(depth, p int, a topology.Action, changes ...change) *topology.FirewallRule {
		return rule("folder", p, a, append([]change{inPolicy(topology.LayerHierarchical, topology.ID("folder"+string(rune('0'+depth))), depth)}, changes...)...)
	}
	vpc := func(p int, a topology.Action, changes ...change) *topology.FirewallRule {
		return rule("vpc", p, a, changes...)
	}
	globally := func(policy topology.ID, order, p int, a topology.Action, changes ...change) *topology.FirewallRule {
		return rule("global-"+string(policy), p, a, append([]change{inPolicy(topology.LayerGlobalPolicy, policy, order)}, changes...)...)
	}
	regionally := func(order, p int, a topology.Action, changes ...change) *topology.FirewallRule {
		return rule("regional", p, a, append([]change{regionalPolicy("r", order)}, changes...)...)
	}
	type rules = []*topology.FirewallRule
	tests := []struct {
		name   string
		rules  rules
		facts  func(*topology.Facts)
		want   topology.Verdict
		detail string
	}{
		{
			name:   "the organisation's word is the last, whatever its priority is below",
			rules:  rules{org(60000, deny), folder(1, 1, allow), vpc(1, allow), globally("g", 1000, 1, allow)},
			want:   fail,
			detail: `rule "org" (priority 60000) denies`,
		},
		{
			name:   "the outer folder comes before the inner one",
			rules:  rules{folder(2, 1, deny), folder(1, 9, allow)},
			want:   pass,
			detail: `rule "folder" (priority 9) allows`,
		},
		{
			name:   "every layer passes on, and nobody denies: the implied rule allows",
			rules:  rules{org(1, next), folder(1, 1, next), globally("g", 1000, 1, next), regionally(1000, 1, next)},
			want:   pass,
			detail: "no rule denies",
		},
		{
			name:   "every layer passes on to the one that denies",
			rules:  rules{org(1, next), folder(1, 1, next), globally("g", 1000, 1, next), regionally(1000, 1, deny)},
			want:   fail,
			detail: `rule "regional"`,
		},
		{
			name:  "goto_next skips the rest of its own policy only",
			rules: rules{org(1, next), org(2, deny), folder(1, 5, deny), vpc(1, allow)},
			want:  fail,
		},
		{
			name:  "trap: goto_next after the rule that decides",
			rules: rules{org(2, next), org(1, deny)},
			want:  fail,
		},
		{
			name:  "the association of lower priority comes first among network policies",
			rules: rules{globally("a", 2000, 1, deny), globally("z", 10, 1, allow)},
			want:  pass,
		},
		{
			name:  "trap: the same two policies, associated the other way round",
			rules: rules{globally("a", 10, 1, deny), globally("z", 2000, 1, allow)},
			want:  fail,
		},
		{
			name:  "associations of regional policies, too",
			rules: rules{regionally(2000, 1, deny), rule("first", 1, allow, regionalPolicy("s", 10))},
			want:  pass,
		},
		{
			name:  "a global policy passes on to a regional one, not back to the VPC rules",
			rules: rules{vpc(65000, next), globally("g", 1000, 1, next), regionally(1000, 7, deny)},
			want:  fail,
		},
		{
			name:  "policies first: hierarchical, policies, then VPC rules",
			rules: rules{org(1, next), globally("g", 1000, 1, next), regionally(1000, 1, allow), vpc(1, deny)},
			facts: policiesFirst(k(true)),
			want:  pass,
		},
		{
			name:  "policies first does not come before the organisation",
			rules: rules{org(1, deny), globally("g", 1000, 1, allow)},
			facts: policiesFirst(k(true)),
			want:  fail,
		},
		{
			name:   "policies first, and they pass on: VPC rules decide",
			rules:  rules{globally("g", 1000, 1, next), vpc(1, deny)},
			facts:  policiesFirst(k(true)),
			want:   fail,
			detail: `rule "vpc"`,
		},
		{
			name:  "the order of a network that no source describes is Google's default",
			rules: rules{globally("g", 1000, 1, deny), vpc(1, allow)},
			facts: func(f *topology.Facts) { f.Networks = nil },
			want:  pass,
		},
		{
			name:  "the order is not known, and only the last of both layers denies",
			rules: rules{globally("g", 1000, 1, deny), vpc(1, deny)},
			facts: policiesFirst(u[bool]()),
			want:  fail,
		},
		{
			name:   "an FQDN rule of a policy is not decided (FW001, Connectivity Tests leave it out, too)",
			rules:  rules{globally("g", 1000, 1, allow, fqdn("fqdn ghcr.io")), globally("g", 1000, 2, deny)},
			want:   open,
			detail: "its destinations include fqdn ghcr.io",
		},
		{
			name:  "trap: an FQDN rule behind one that decides",
			rules: rules{globally("g", 1000, 1, deny), globally("g", 1000, 2, allow, fqdn("fqdn ghcr.io"))},
			want:  fail,
		},
		{
			name:  "trap: an FQDN rule that agrees with what follows",
			rules: rules{globally("g", 1000, 1, allow, fqdn("fqdn ghcr.io"))},
			want:  pass,
		},
		{
			name:   "secure tags: who wears them is not told",
			rules:  rules{globally("g", 1000, 1, allow, secureTags), globally("g", 1000, 2, deny)},
			want:   open,
			detail: "which nodes wear its secure tags is not told",
		},
		{
			name:  "trap: secure tags on a rule for other traffic",
			rules: rules{globally("g", 1000, 1, allow, secureTags, carry(topology.Protocol{Name: "udp"})), globally("g", 1000, 2, deny)},
			want:  fail,
		},
		{
			name:   "a rule that may pass on past one that denies",
			rules:  rules{org(1, next, fqdn("fqdn quay.io")), org(2, deny)},
			want:   open,
			detail: `rule "org" (priority 1) passes on tcp 443 to the internet is not known`,
		},
		{
			name:  "a rule that may pass on, where what follows agrees",
			rules: rules{org(1, next, fqdn("fqdn quay.io")), org(2, allow), vpc(1, allow)},
			want:  pass,
		},
		{
			name:   "inspection names its rule",
			rules:  rules{globally("g", 1000, 3, topology.Inspect)},
			want:   open,
			detail: `rule "global-g" (priority 3) sends tcp 443 to the internet to inspection, not decided here`,
		},
		{
			name:  "trap: inspection behind a rule that allows",
			rules: rules{globally("g", 1000, 1, allow), globally("g", 1000, 3, topology.Inspect)},
			want:  pass,
		},
		{
			name:   "inspection of nodes that may be meant",
			rules:  rules{globally("g", 1000, 3, topology.Inspect, secureTags)},
			want:   open,
			detail: "inspects tcp 443 to the internet is not known: which nodes wear its secure tags is not told",
		},
		{
			name:   "a regional policy whose region is not known",
			rules:  rules{rule("regional", 1, deny, regional(""))},
			want:   open,
			detail: "its region or that of the nodes is not known",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			f.Firewalls = tt.rules
			if tt.facts != nil {
				tt.facts(&f)
			}
			wantHop(t, evaluator(f).Firewall(source(), TheInternet), HopFirewall, tt.want, tt.detail)
		})
	}
}

// What a rule is limited to: destinations, sources, tags, accounts, ports. Beside each, what only looks like it.
func TestFirewallLimits(t *testing.T) {
	tests := []struct {
		name   string
		rule   *topology.FirewallRule
		source func(*Source)
		facts  func(*topology.Facts)
		want   topology.Verdict
		detail string
	}{
		{
			name: "port 443 begins the range",
			rule: rule("d", 1, deny, carry(topology.Protocol{Name: "tcp", Ports: []topology.PortRange{{First: 443, Last: 1000}}})),
			want: fail,
		},
		{
			name: "trap: the range begins after it",
			rule: rule("d", 1, deny, carry(topology.Protocol{Name: "tcp", Ports: []topology.PortRange{{First: 444, Last: 1000}}})),
			want: pass,
		},
		{
			name: "trap: the range ends before it",
			rule: rule("d", 1, deny, carry(topology.Protocol{Name: "tcp", Ports: []topology.PortRange{{First: 1, Last: 442}}})),
			want: pass,
		},
		{
			name:   "protocols not known",
			rule:   rule("d", 1, deny, func(r *topology.FirewallRule) { r.Protocols = u[[]topology.Protocol]() }),
			want:   open,
			detail: "its protocols are not known",
		},
		{
			name:   "source ranges not known",
			rule:   rule("d", 1, deny, func(r *topology.FirewallRule) { r.Sources = u[[]netip.Prefix]() }),
			want:   open,
			detail: "its source ranges are not known",
		},
		{
			name:   "source ranges, and the range of the nodes is not known",
			rule:   rule("d", 1, deny, from("10.0.0.0/8")),
			facts:  func(f *topology.Facts) { f.Subnetworks = nil },
			want:   open,
			detail: "the range of the nodes is not known",
		},
		{
			name:  "all sources are these nodes, too, whatever their range is",
			rule:  rule("d", 1, deny, from("0.0.0.0/0")),
			facts: func(f *topology.Facts) { f.Subnetworks = nil },
			want:  fail,
		},
		{
			name: "one of several tags is of another cluster's nodes",
			rule: rule("d", 1, deny, tags("gke-other-1a2b-node", "gke-c-1a2b-node")),
			want: open,
		},
		{
			name: "trap: a tag of a cluster whose name only begins alike",
			rule: rule("d", 1, deny, tags("gke-cache-1a2b-node")),
			want: pass,
		},
		{
			name:   "a tag of GKE where the cluster is not known",
			rule:   rule("d", 1, deny, tags("gke-cache-1a2b-node")),
			source: func(s *Source) { s.Cluster = nil },
			want:   open,
		},
		{
			name:   "trap: a tag of one's own where the cluster is not known",
			rule:   rule("d", 1, deny, tags("cache")),
			source: func(s *Source) { s.Cluster = nil },
			want:   pass,
		},
		{
			name:   "a tag of GKE where the cluster's name is not known",
			rule:   rule("d", 1, deny, tags("gke-cache-1a2b-node")),
			source: func(s *Source) { s.Cluster = &topology.Cluster{} },
			want:   open,
		},
		{
			name:   "target tags not known",
			rule:   rule("d", 1, deny, func(r *topology.FirewallRule) { r.TargetTags = u[[]string]() }),
			want:   open,
			detail: "its tags are not known",
		},
		{
			name:   "target accounts not known",
			rule:   rule("d", 1, deny, func(r *topology.FirewallRule) { r.TargetAccounts = u[[]string]() }),
			want:   open,
			detail: "its target service accounts are not known",
		},
		{
			name: "accounts are compared without case",
			rule: rule("d", 1, deny, runs("Nodes@P.iam.gserviceaccount.com")),
			want: fail,
		},
		{
			name:   "C5: a pool that names no account, in the word of Terraform",
			rule:   rule("d", 1, deny, runs("123-compute@developer.gserviceaccount.com")),
			source: func(s *Source) { s.ServiceAccount = k("default") },
			want:   open,
			detail: "a default compute service account",
		},
		{
			name: "trap: the default account of others",
			rule: rule("d", 1, deny, runs("123-compute@developer.gserviceaccount.com")),
			want: pass,
		},
		{
			name: "a sixteenth of the internet denied is not decided",
			rule: rule("d", 1, deny, to("32.0.0.0/4")),
			want: open,
		},
		{
			name: "trap: a narrower range denied is no registry's for sure",
			rule: rule("d", 1, deny, to("32.0.0.0/5")),
			want: pass,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, s := world(), source()
			f.Firewalls = []*topology.FirewallRule{tt.rule}
			if tt.facts != nil {
				tt.facts(&f)
			}
			if tt.source != nil {
				tt.source(&s)
			}
			wantHop(t, evaluator(f).Firewall(s, TheInternet), HopFirewall, tt.want, tt.detail)
		})
	}
}
