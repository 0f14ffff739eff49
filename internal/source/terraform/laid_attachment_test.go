package terraform_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/protobuf/proto"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func liveRule(priority int32, action string) *computepb.FirewallPolicyRule {
	return &computepb.FirewallPolicyRule{Priority: proto.Int32(priority), Action: proto.String(action), Direction: proto.String("EGRESS"),
		Match: &computepb.FirewallPolicyRuleMatcher{DestIpRanges: []string{"0.0.0.0/0"}, Layer4Configs: []*computepb.FirewallPolicyRuleMatcherLayer4Config{{IpProtocol: proto.String("all")}}}}
}

// livePolicy is a policy that denies at 100 and allows at 200, in a network or two.
func livePolicy(networks ...string) topology.Facts {
	v := googlecloud.New("live")
	p := &computepb.FirewallPolicy{Name: proto.String("rules"), SelfLink: proto.String(compute + "global/firewallPolicies/rules"),
		Rules: []*computepb.FirewallPolicyRule{liveRule(100, "deny"), liveRule(200, "allow")}}
	for _, n := range networks {
		p.Associations = append(p.Associations, &computepb.FirewallPolicyAssociation{Name: proto.String(n), AttachmentTarget: proto.String(compute + "global/networks/" + n)})
	}
	v.FirewallPolicy(p)
	return v.Facts()
}

// liveHierarchy is what a network's effective rules tell of a policy of the organisation.
func liveHierarchy() topology.Facts {
	v := googlecloud.New("live")
	v.EffectiveFirewalls(compute+"global/networks/n", &computepb.NetworksGetEffectiveFirewallsResponse{FirewallPolicys: []*computepb.NetworksGetEffectiveFirewallsResponseEffectiveFirewallPolicy{
		{Type: proto.String("HIERARCHY"), Name: proto.String("4711"), Rules: []*computepb.FirewallPolicyRule{liveRule(100, "deny")}}}})
	return v.Facts()
}

// policyRules lists the rules of policies: network, priority and whether they deny.
func policyRules(f topology.Facts) string {
	var out []string
	for _, r := range f.Firewalls {
		_, network := topology.SplitID(r.Network.Or("///?"))
		action := map[topology.Action]string{topology.Allow: "allow", topology.Deny: "deny"}[r.Action.Or(topology.Inspect)]
		out = append(out, fmt.Sprint(network, " ", r.Priority.Or(0), " ", action))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// A policy, its rules and what it applies to may each be managed elsewhere, or only exist.
func TestPolicyRulesUnderAPlan(t *testing.T) {
	const policy = "projects/p/global/firewallPolicies/rules"
	rule := func(priority int, action string) object {
		return object{"project": "p", "firewall_policy": policy, "priority": priority, "action": action, "direction": "EGRESS",
			"match": one(object{"dest_ip_ranges": one("0.0.0.0/0"), "layer4_configs": one(object{"ip_protocol": "all"})})}
	}
	with := func(rules ...any) object { return object{"name": "rules", "project": "p", "rule": rules} }
	association := func(network string) object {
		return object{"name": network, "project": "p", "firewall_policy": policy, "attachment_target": "projects/p/global/networks/" + network}
	}
	above := rule(100, "allow")
	above["firewall_policy"] = "locations/global/firewallPolicies/4711"
	const aRule, anAssociation = "google_compute_network_firewall_policy_rule.r", "google_compute_network_firewall_policy_association.a"
	for _, c := range []struct {
		name          string
		exists        topology.Facts
		address       string
		before, after object
		want          string
	}{
		{"a rule that stays", livePolicy("n"), aRule, rule(100, "deny"), rule(100, "deny"), "n 100 deny, n 200 allow"},
		{"a rule that turns", livePolicy("n"), aRule, rule(100, "deny"), rule(100, "allow"), "n 100 allow, n 200 allow"},
		{"a new rule, wherever the policy applies", livePolicy("n", "m"), aRule, nil, rule(50, "deny"), "m 100 deny, m 200 allow, m 50 deny, n 100 deny, n 200 allow, n 50 deny"},
		{"a rule destroyed", livePolicy("n", "m"), aRule, rule(100, "deny"), nil, "m 200 allow, n 200 allow"},
		{"a rule of a policy that applies nowhere", topology.Facts{}, aRule, nil, rule(50, "deny"), ""},
		{"an association", livePolicy("n"), anAssociation, nil, association("m"), "m 100 deny, m 200 allow, n 100 deny, n 200 allow"},
		{"an association destroyed", livePolicy("n", "m"), anAssociation, association("n"), nil, "m 100 deny, m 200 allow"},
		{"an association that moves", livePolicy("n"), anAssociation, association("n"), association("m"), ""},
		{"a policy destroyed with its rules", livePolicy("n"), "google_compute_network_firewall_policy.p", object{"name": "rules", "project": "p"}, nil, ""},
		{"a policy that holds its rules", livePolicy("n"), "google_compute_network_firewall_policy_with_rules.p",
			with(rule(100, "deny"), rule(200, "allow")), with(rule(200, "allow")), "n 200 allow"},
		{"a rule of a hierarchical policy", liveHierarchy(), "google_compute_firewall_policy_rule.r", rule(100, "deny"), above, "n 100 allow"},
		{"a hierarchical rule destroyed", liveHierarchy(), "google_compute_firewall_policy_rule.r", above, nil, ""},
		{"a hierarchical rule where nothing tells of networks", topology.Facts{}, "google_compute_firewall_policy_rule.r", nil, above, "? 100 allow"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := laid(t, c.exists, terraform.Input{Plans: []string{planOf(t, change{address: c.address, before: c.before, after: c.after})}})
			if got := policyRules(r.After); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// A policy's rules, and what it applies to, may come from two configurations, whichever is read first.
func TestPolicyOfSeveralSources(t *testing.T) {
	rule := object{"project": "p", "firewall_policy": "rules", "priority": 100, "action": "deny", "direction": "EGRESS",
		"match": one(object{"dest_ip_ranges": one("0.0.0.0/0"), "layer4_configs": one(object{"ip_protocol": "all"})})}
	association := object{"name": "n", "project": "p", "firewall_policy": "projects/p/global/firewallPolicies/rules", "attachment_target": "projects/p/global/networks/n"}
	rules := stateOf(t, "google_compute_network_firewall_policy_rule.r", rule)
	applies := stateOf(t, "google_compute_network_firewall_policy_association.a", association)
	destroyed := planOf(t, change{address: "google_compute_network_firewall_policy_rule.r", before: rule})
	released := planOf(t, change{address: "google_compute_network_firewall_policy_association.a", before: association})
	for _, c := range []struct {
		name          string
		states, plans []string
		want          string
	}{
		{"rules first", []string{rules, applies}, nil, "n 100 deny"},
		{"rules last", []string{applies, rules}, nil, "n 100 deny"},
		{"rules alone", []string{rules}, nil, ""},
		{"a rule destroyed", []string{rules, applies}, []string{destroyed}, ""},
		{"an association destroyed", []string{rules, applies}, []string{released}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := terraform.Read(context.Background(), terraform.Input{States: c.states, Plans: c.plans})
			if err != nil {
				t.Fatal(err)
			}
			if got := policyRules(r.After); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
