package terraform

import (
	"fmt"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func protocolText(v topology.Value[[]topology.Protocol]) string {
	list, known := v.Get()
	if !known {
		return "?"
	}
	text := ""
	for _, p := range list {
		text += p.Name
		for _, r := range p.Ports {
			text += fmt.Sprintf(" %d-%d", r.First, r.Last)
		}
		text += ";"
	}
	return text
}

func TestFirewallRules(t *testing.T) {
	rule := func(more object) object {
		after := object{"name": "f", "project": "p", "network": "vpc", "direction": "EGRESS", "destination_ranges": one("0.0.0.0/0")}
		for k, v := range more {
			after[k] = v
		}
		return after
	}
	for _, c := range []struct {
		name    string
		after   object
		unknown object
		rules   int
		action  topology.Action
		ports   string
	}{
		{"ingress is not read", rule(object{"direction": "INGRESS", "allow": one(object{"protocol": "all"})}), nil, 0, 0, ""},
		{"the default direction is ingress", rule(object{"direction": nil, "allow": one(object{"protocol": "all"})}), nil, 0, 0, ""},
		{"a denial", rule(object{"deny": one(object{"protocol": "all", "ports": one[any]()})}), nil, 1, topology.Deny, "all;"},
		{"ports and ranges", rule(object{"allow": one(object{"protocol": "TCP", "ports": one("443", "8000-8080")}, object{"protocol": "17", "ports": nil})}), nil, 1, topology.Allow, "tcp 443-443 8000-8080;17;"},
		{"a port that is none", rule(object{"deny": one(object{"protocol": "tcp", "ports": one("https")})}), nil, 1, topology.Deny, "?"},
		{"an unknown port", rule(object{"deny": one(object{"protocol": "tcp", "ports": one[any](nil)})}), object{"deny": one(object{"ports": one(true)})}, 1, topology.Deny, "?"},
		{"neither", rule(object{"allow": one[any](), "deny": one[any]()}), nil, 0, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			rules := build{resources: []resource{{address: "google_compute_firewall.f", after: c.after, unknown: c.unknown, config: object{}}}}.read(t).After.Firewalls
			if len(rules) != c.rules {
				t.Fatalf("%d rules", len(rules))
			}
			if c.rules == 0 {
				return
			}
			is(t, "action", rules[0].Action, c.action)
			is(t, "network", rules[0].Network, networkID("vpc"))
			is(t, "priority", rules[0].Priority, 1000)
			if got := protocolText(rules[0].Protocols); got != c.ports {
				t.Errorf("protocols are %q, want %q", got, c.ports)
			}
		})
	}
	t.Run("an unknown direction may be egress", func(t *testing.T) {
		after := rule(object{"deny": one(object{"protocol": "all"})})
		delete(after, "direction")
		config := object{"direction": refs("random_shuffle.d.result", "random_shuffle.d")}
		rules := build{resources: []resource{{address: "google_compute_firewall.f", after: after, unknown: object{"direction": true}, config: config}}}.read(t).After.Firewalls
		if len(rules) != 1 {
			t.Fatalf("%d rules", len(rules))
		}
		unknown(t, "disabled", rules[0].Disabled, topology.KnownAfterApply)
	})
}

// A rule of a policy holds in every network that its policy is associated with, and in no other.
func TestFirewallPolicies(t *testing.T) {
	match := one(object{"dest_ip_ranges": one("0.0.0.0/0"), "layer4_configs": one(object{"ip_protocol": "tcp", "ports": one("443")})})
	rule := func(address, policy string, more object) resource {
		after := object{"project": "p", "priority": 10, "direction": "EGRESS", "action": "deny", "match": match}
		for k, v := range more {
			after[k] = v
		}
		return resource{address: address, after: after, unknown: object{"firewall_policy": true}, config: object{"firewall_policy": refs(policy+".id", policy)}}
	}
	named := func(address, name string, more object) resource {
		after := object{"name": name, "project": "p"}
		for k, v := range more {
			after[k] = v
		}
		return resource{address: address, after: after, unknown: object{"id": true}, config: object{}}
	}
	const global, regional = "google_compute_network_firewall_policy", "google_compute_region_network_firewall_policy"
	association := func(address, policy, network string) resource {
		return resource{address: address, after: object{"name": "x", "project": "p", "attachment_target": "projects/p/global/networks/" + network}, unknown: object{"firewall_policy": true},
			config: object{"firewall_policy": refs(policy+".id", policy)}}
	}
	for _, c := range []struct {
		name      string
		resources []resource
		layer     topology.Layer
		action    topology.Action
		networks  []topology.ID
	}{
		{"two networks", []resource{named(global+".a", "a", nil), named(global+".b", "b", nil), rule(global+"_rule.r", global+".a", nil), association(global+"_association.x", global+".a", "n1"),
			association(global+"_association.y", global+".a", "n2"), association(global+"_association.z", global+".b", "n3")}, topology.LayerGlobalPolicy, topology.Deny, []topology.ID{networkID("n1"), networkID("n2")}},
		{"no association", []resource{named(global+".a", "a", nil), rule(global+"_rule.r", global+".a", nil)}, topology.LayerGlobalPolicy, topology.Deny, nil},
		{"a regional policy", []resource{named(regional+".a", "a", object{"region": "r1"}), rule(regional+"_rule.r", regional+".a", object{"region": "r1", "action": "goto_next"}),
			association(regional+"_association.x", regional+".a", "n1")}, topology.LayerRegionalPolicy, topology.GotoNext, []topology.ID{networkID("n1")}},
		{"inspection", []resource{named(global+".a", "a", nil), rule(global+"_rule.r", global+".a", object{"action": "apply_security_profile_group"}), association(global+"_association.x", global+".a", "n1")},
			topology.LayerGlobalPolicy, topology.Inspect, []topology.ID{networkID("n1")}},
		{"a policy with its rules", []resource{named(global+"_with_rules.a", "a", object{"rule": one(
			object{"priority": 1, "direction": "EGRESS", "action": "allow", "match": match}, object{"priority": 2, "direction": "INGRESS", "action": "deny", "match": match})}),
			association(global+"_association.x", global+"_with_rules.a", "n1")}, topology.LayerGlobalPolicy, topology.Allow, []topology.ID{networkID("n1")}},
		{"a hierarchical policy names its targets", []resource{named("google_compute_firewall_policy.a", "", nil),
			rule("google_compute_firewall_policy_rule.r", "google_compute_firewall_policy.a", object{"target_resources": one("https://www.googleapis.com/compute/v1/projects/p/global/networks/n1")})},
			topology.LayerHierarchical, topology.Deny, []topology.ID{networkID("n1")}},
		{"a hierarchical policy over anything", []resource{named("google_compute_firewall_policy.a", "", nil), rule("google_compute_firewall_policy_rule.r", "google_compute_firewall_policy.a", nil)},
			topology.LayerHierarchical, topology.Deny, []topology.ID{""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rules := build{resources: c.resources}.read(t).After.Firewalls
			if len(rules) != len(c.networks) {
				t.Fatalf("%d rules, want one for each of %v", len(rules), c.networks)
			}
			ids := map[topology.ID]bool{}
			for i, r := range rules {
				ids[r.ID] = true
				if r.Layer != c.layer || r.Network.Or("") != c.networks[i] {
					t.Errorf("rule %d is of layer %d in %s (%s)", i, r.Layer, r.Network.Or(""), r.Network.Why())
				}
				is(t, "action", r.Action, c.action)
				if got := protocolText(r.Protocols); got != "tcp 443-443;" {
					t.Errorf("protocols are %q", got)
				}
			}
			if len(ids) != len(rules) {
				t.Error("two rules have one ID")
			}
		})
	}
	t.Run("what no address tells", func(t *testing.T) {
		r := rule("google_compute_firewall_policy_rule.r", "google_compute_firewall_policy.a", object{"match": one(object{"dest_fqdns": one("example.com"), "dest_region_codes": one[any](), "layer4_configs": one(object{"ip_protocol": "all"})})})
		rules := build{resources: []resource{r}}.read(t).After.Firewalls
		if len(rules) != 1 || len(rules[0].Beyond) != 1 || rules[0].Beyond[0] != "dest_fqdns" {
			t.Errorf("read %+v", rules)
		}
	})
}
