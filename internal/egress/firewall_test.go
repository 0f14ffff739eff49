package egress

import (
	"net/netip"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

type change = func(*topology.FirewallRule)

func rule(name string, priority int, action topology.Action, changes ...change) *topology.FirewallRule {
	r := &topology.FirewallRule{Object: object("firewall", "p", "global", name, true), Layer: topology.LayerVPC, Network: k(net), Priority: k(priority),
		Action: k(action), Disabled: k(false), Destinations: prefixes(), Sources: prefixes(), TargetTags: list(), TargetAccounts: list(),
		Protocols: k([]topology.Protocol{{Name: "all"}})}
	for _, c := range changes {
		c(r)
	}
	return r
}

func to(v ...string) change {
	return func(r *topology.FirewallRule) { r.Destinations = prefixes(v...) }
}
func from(v ...string) change { return func(r *topology.FirewallRule) { r.Sources = prefixes(v...) } }
func tags(v ...string) change { return func(r *topology.FirewallRule) { r.TargetTags = list(v...) } }
func runs(v ...string) change {
	return func(r *topology.FirewallRule) { r.TargetAccounts = list(v...) }
}
func beyond(v ...string) change { return func(r *topology.FirewallRule) { r.Beyond = v } }
func carry(p ...topology.Protocol) change {
	return func(r *topology.FirewallRule) { r.Protocols = k(p) }
}
func global(r *topology.FirewallRule) { r.Layer, r.Policy = topology.LayerGlobalPolicy, "g" }
func regional(in string) change {
	return func(r *topology.FirewallRule) { r.Layer, r.Policy, r.Region = topology.LayerRegionalPolicy, "r", in }
}

func above(policy topology.ID, depth int, known bool) change {
	return func(r *topology.FirewallRule) {
		r.Layer, r.Policy, r.Depth = topology.LayerHierarchical, policy, depth
		if !known {
			r.Network = u[topology.ID]()
		}
	}
}

const (
	allow = topology.Allow
	deny  = topology.Deny
	next  = topology.GotoNext
)

func TestFirewallToTheInternet(t *testing.T) {
	rules := func(list ...*topology.FirewallRule) []*topology.FirewallRule { return list }
	denyAll := func() *topology.FirewallRule { return rule("deny-all", 65000, deny) }
	web := topology.Protocol{Name: "tcp", Ports: []topology.PortRange{{First: 80, Last: 80}, {First: 443, Last: 443}}}
	public := []string{"1.0.0.0/8", "2.0.0.0/7", "4.0.0.0/6", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2",
		"128.0.0.0/3", "160.0.0.0/5", "168.0.0.0/6", "172.0.0.0/12", "172.32.0.0/11", "172.64.0.0/10", "172.128.0.0/9", "173.0.0.0/8", "174.0.0.0/7",
		"176.0.0.0/4", "192.0.0.0/9", "192.128.0.0/11", "192.160.0.0/13", "192.169.0.0/16", "192.170.0.0/15", "192.172.0.0/14", "192.176.0.0/12",
		"192.192.0.0/10", "193.0.0.0/8", "194.0.0.0/7", "196.0.0.0/6", "200.0.0.0/5", "208.0.0.0/4"}
	tests := []struct {
		name   string
		rules  []*topology.FirewallRule
		source func(*Source)
		facts  func(*topology.Facts)
		want   topology.Verdict
		detail string
	}{
		{name: "no rules", want: pass, detail: "no rule denies"},
		{name: "deny all", rules: rules(denyAll()), want: fail, detail: `rule "deny-all" (priority 65000) denies tcp 443 to the internet`},
		{name: "deny all, disabled", rules: rules(rule("d", 1, deny, func(r *topology.FirewallRule) { r.Disabled = k(true) })), want: pass},
		{name: "deny all, perhaps disabled", rules: rules(rule("d", 1, deny, func(r *topology.FirewallRule) { r.Disabled = u[bool]() })), want: open, detail: "disabled is not known"},
		{name: "deny all, another network", rules: rules(rule("d", 1, deny, func(r *topology.FirewallRule) { r.Network = k(networkID("q", "net")) })), want: pass},
		{name: "deny all, unknown network", rules: rules(rule("d", 1, deny, func(r *topology.FirewallRule) { r.Network = u[topology.ID]() })), want: open, detail: "its network is not known"},
		{name: "unknown network that cannot change the outcome", rules: rules(rule("d", 1, deny, func(r *topology.FirewallRule) { r.Network = u[topology.ID]() }), denyAll()), want: fail},
		{name: "allowed before denied", rules: rules(rule("web", 1000, allow, carry(web)), denyAll()), want: pass, detail: `rule "web" (priority 1000) allows`},
		{name: "denied before allowed", rules: rules(rule("web", 65001, allow, carry(web)), denyAll()), want: fail},
		{name: "a tie denies", rules: rules(rule("a-web", 65000, allow), denyAll()), want: fail},
		{name: "priority not known", rules: rules(rule("web", 0, allow, func(r *topology.FirewallRule) { r.Priority = u[int]() }), denyAll()), want: open, detail: "priority is not known"},
		{name: "action not known", rules: rules(rule("x", 1, allow, func(r *topology.FirewallRule) { r.Action = u[topology.Action]() })), want: open, detail: "action is not known"},
		{name: "inspection", rules: rules(rule("ips", 1, topology.Inspect)), want: open, detail: "inspection"},

		{name: "udp denied", rules: rules(rule("udp", 1, deny, carry(topology.Protocol{Name: "udp"}))), want: pass},
		{name: "smtp denied", rules: rules(rule("smtp", 1, deny, carry(topology.Protocol{Name: "tcp", Ports: []topology.PortRange{{First: 25, Last: 25}}}))), want: pass},
		{name: "a range of ports", rules: rules(rule("ports", 1, deny, carry(topology.Protocol{Name: "TCP", Ports: []topology.PortRange{{First: 1, Last: 1024}}}))), want: fail},
		{name: "protocol by number", rules: rules(rule("six", 1, deny, carry(topology.Protocol{Name: "6"}))), want: fail},
		{name: "no protocol is all", rules: rules(rule("none", 1, deny, carry())), want: fail},
		{name: "dns allowed only", rules: rules(rule("dns", 1, allow, carry(topology.Protocol{Name: "udp", Ports: []topology.PortRange{{First: 53, Last: 53}}})), denyAll()), want: fail},

		{name: "private ranges denied", rules: rules(rule("d", 1, deny, to("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))), want: pass},
		{name: "private ranges allowed", rules: rules(rule("a", 1, allow, to("10.0.0.0/8", "199.36.153.8/30")), denyAll()), want: fail},
		{name: "both halves denied", rules: rules(rule("d", 1, deny, to("0.0.0.0/1", "128.0.0.0/1"))), want: fail},
		{name: "half denied", rules: rules(rule("d", 1, deny, to("128.0.0.0/1"))), want: open},
		{name: "a bad neighbourhood denied", rules: rules(rule("d", 1, deny, to("5.188.0.0/16"))), want: pass},
		{name: "some ranges allowed", rules: rules(rule("a", 1, allow, to("140.82.112.0/20")), denyAll()), want: open, detail: `whether rule "a" (priority 1) allows`},
		{name: "all but private allowed", rules: rules(rule("a", 1, allow, to(public...)), denyAll()), want: pass},
		{name: "ipv6 denied", rules: rules(rule("d", 1, deny, to("::/0"))), want: pass},
		{name: "domains allowed", rules: rules(rule("a", 1, allow, beyond("fqdn registry-1.docker.io")), denyAll()), want: open, detail: "fqdn registry-1.docker.io"},
		{name: "threat list denied", rules: rules(rule("a", 1, deny, beyond("threat intelligence iplist-tor"))), want: open},
		{name: "everything beside a threat list", rules: rules(rule("a", 1, deny, to("0.0.0.0/0"), beyond("threat intelligence iplist-tor"))), want: fail},
		{name: "destinations not known", rules: rules(rule("a", 1, deny, func(r *topology.FirewallRule) { r.Destinations = u[[]netip.Prefix]() })), want: open},

		{name: "from these nodes", rules: rules(rule("d", 1, deny, from("10.10.0.0/16"))), want: fail},
		{name: "from others", rules: rules(rule("d", 1, deny, from("10.20.0.0/16"))), want: pass},
		{name: "from some of these nodes", rules: rules(rule("d", 1, deny, from("10.10.0.0/24"))), want: open},

		{name: "tag of these nodes", rules: rules(rule("d", 1, deny, tags("node", "x"))), want: fail},
		{name: "tag of others", rules: rules(rule("d", 1, deny, tags("bastion"))), want: pass},
		{name: "allowed for another tag", rules: rules(rule("a", 1, allow, tags("bastion")), denyAll()), want: fail},
		{name: "tags not known", rules: rules(rule("d", 1, deny, tags("bastion"))), source: func(s *Source) { s.Tags = u[[]string]() }, want: open},
		{name: "tag by gke", rules: rules(rule("a", 1, allow, tags("gke-c-1a2b-node")), denyAll()), want: open, detail: "gives the nodes"},
		{name: "tag by gke of another cluster", rules: rules(rule("a", 1, allow, tags("gke-other-1a2b-node")), denyAll()), want: fail},
		{name: "secure tags", rules: rules(rule("d", 1, deny, global, func(r *topology.FirewallRule) { r.SecureTags = true })), want: open, detail: "secure tags"},

		{name: "account of these nodes", rules: rules(rule("d", 1, deny, runs("nodes@p.iam.gserviceaccount.com"))), want: fail},
		{name: "account of others", rules: rules(rule("d", 1, deny, runs("other@p.iam.gserviceaccount.com"))), want: pass},
		{name: "account not known", rules: rules(rule("d", 1, deny, runs("other@p.iam.gserviceaccount.com"))), source: func(s *Source) { s.ServiceAccount = u[string]() }, want: open},
		{name: "default account", rules: rules(rule("d", 1, deny, runs("123-compute@developer.gserviceaccount.com"))), source: func(s *Source) { s.ServiceAccount = k("") }, want: open},
		{name: "default account, another targeted", rules: rules(rule("d", 1, deny, runs("other@p.iam.gserviceaccount.com"))), source: func(s *Source) { s.ServiceAccount = k("") }, want: pass},

		{name: "global policy denies after vpc rules", rules: rules(rule("g", 1, deny, global)), want: fail},
		{name: "vpc rules come before the global policy", rules: rules(rule("g", 1, deny, global), rule("v", 1000, allow)), want: pass},
		{name: "policies first", rules: rules(rule("g", 1, deny, global), rule("v", 1000, allow)), facts: func(f *topology.Facts) { f.Networks[0].PoliciesFirst = k(true) }, want: fail},
		{name: "order not known and it matters", rules: rules(rule("g", 1, deny, global), rule("v", 1000, allow)), facts: func(f *topology.Facts) { f.Networks[0].PoliciesFirst = u[bool]() }, want: open, detail: "they disagree"},
		{name: "order not known, does not matter", rules: rules(rule("g", 1, allow, global), rule("v", 1000, allow)), facts: func(f *topology.Facts) { f.Networks[0].PoliciesFirst = u[bool]() }, want: pass},
		{name: "regional policy of another region", rules: rules(rule("r", 1, deny, regional("us-east1"))), want: pass},
		{name: "regional policy of this region", rules: rules(rule("r", 1, deny, regional(region))), want: fail},
		{name: "global policy before the regional", rules: rules(rule("r", 1, deny, regional(region)), rule("g", 9, allow, global)), want: pass},
		{name: "goto next leaves the policy", rules: rules(rule("n", 1, next, global), rule("g", 2, deny, global)), want: pass},
		{name: "goto next for others", rules: rules(rule("n", 1, next, global, runs("other@p.iam.gserviceaccount.com")), rule("g", 2, deny, global)), want: fail},
		{name: "goto next perhaps", rules: rules(rule("n", 1, next, global, to("140.82.112.0/20")), rule("g", 2, deny, global)), want: open},

		{name: "organisation before vpc", rules: rules(rule("o", 1, deny, above("org", 0, true)), rule("v", 1, allow)), want: fail},
		{name: "organisation passes on to the folder", rules: rules(rule("n", 1, next, above("org", 0, true)), rule("f", 1, deny, above("folder", 1, true)), rule("v", 1, allow)), want: fail},
		{name: "organisation decides before the folder", rules: rules(rule("o", 1, allow, above("org", 0, true)), rule("f", 1, deny, above("folder", 1, true))), want: pass},
		{name: "policy over networks not told", rules: rules(rule("o", 1, deny, above("org", 0, false))), want: open, detail: "which networks lie under the policy"},
		{name: "policy over networks not told, denied anyway", rules: rules(rule("o", 1, deny, above("org", 0, false)), denyAll()), want: fail},
		{name: "rules of a policy apply together", rules: rules(rule("o", 1, allow, above("org", 0, false)), rule("p", 2, deny, above("org", 0, false))), want: pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			f.Firewalls = tt.rules
			if tt.facts != nil {
				tt.facts(&f)
			}
			s := source()
			if tt.source != nil {
				tt.source(&s)
			}
			h := evaluator(f).Firewall(s, TheInternet)
			wantHop(t, h, HopFirewall, tt.want, tt.detail)
			if len(h.Evidence) == 0 {
				t.Error("no evidence")
			}
		})
	}
}

func TestFirewallToAddresses(t *testing.T) {
	vip := Destination{Name: "199.36.153.8/30", Prefixes: []netip.Prefix{privateVIP}}
	tests := []struct {
		name  string
		rules []*topology.FirewallRule
		want  topology.Verdict
	}{
		{"allowed", []*topology.FirewallRule{rule("a", 1, allow, to("199.36.153.8/30")), rule("d", 2, deny)}, pass},
		{"the other vip allowed", []*topology.FirewallRule{rule("a", 1, allow, to("199.36.153.4/30")), rule("d", 2, deny)}, fail},
		{"a part allowed", []*topology.FirewallRule{rule("a", 1, allow, to("199.36.153.8/32")), rule("d", 2, deny)}, open},
		{"allowed in two parts", []*topology.FirewallRule{rule("a", 1, allow, to("199.36.153.8/31", "199.36.153.10/31")), rule("d", 2, deny)}, pass},
		{"allowed, written with host bits", []*topology.FirewallRule{rule("a", 1, allow, to("199.36.153.9/31", "199.36.153.11/31")), rule("d", 2, deny)}, pass},
		{"a public range denied", []*topology.FirewallRule{rule("d", 1, deny, to("199.0.0.0/8"))}, fail},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			f.Firewalls = tt.rules
			wantHop(t, evaluator(f).Firewall(source(), vip), HopFirewall, tt.want, "")
		})
	}
}

func TestFirewallUnseen(t *testing.T) {
	f := world()
	notManaged(&f)
	h := evaluator(f).Firewall(source(), TheInternet)
	wantHop(t, h, HopFirewall, pass, "")
	if !h.Evidence[0].Assumed {
		t.Error("the implied rule is not marked assumed")
	}
	f.Readings = []topology.Reading{{Collection: topology.Firewalls, Project: "p", Refused: "403: compute.firewalls.list"}}
	wantHop(t, evaluator(f).Firewall(source(), TheInternet), HopFirewall, open, "403: compute.firewalls.list")
	s := source()
	s.Network, s.Subnetwork = u[topology.ID](), u[topology.ID]()
	wantHop(t, evaluator(topology.Facts{}).Firewall(s, TheInternet), HopFirewall, pass, "")
	f.Firewalls = []*topology.FirewallRule{rule("d", 1, deny)}
	wantHop(t, evaluator(f).Firewall(s, TheInternet), HopFirewall, open, "network is not known")
}
