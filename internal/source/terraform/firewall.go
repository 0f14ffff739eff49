package terraform

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

func (w *world) readFirewall(in *instance, f *topology.Facts) {
	direction := stringOf(w.settled(in, "direction"), in.from("direction"), "INGRESS")
	if d, known := direction.Get(); known && d != "EGRESS" {
		return
	}
	r := &topology.FirewallRule{Object: w.object(in), Layer: topology.LayerVPC, Network: w.networkOf(in)}
	r.Priority = intOf(w.settled(in, "priority"), in.from("priority"), 1000)
	r.Disabled = boolOf(w.settled(in, "disabled"), in.from("disabled"))
	r.Destinations = prefixesOf(w.settled(in, "destination_ranges"), in.from("destination_ranges"))
	r.Sources = prefixesOf(w.settled(in, "source_ranges"), in.from("source_ranges"))
	r.TargetTags = stringsOf(w.settled(in, "target_tags"), in.from("target_tags"))
	r.TargetAccounts = stringsOf(w.settled(in, "target_service_accounts"), in.from("target_service_accounts"))
	allow, deny := w.settled(in, "allow"), w.settled(in, "deny")
	allows, allowTold := elements(allow)
	denies, denyTold := elements(deny)
	switch {
	case len(denies) > 0:
		r.Action = topology.Known(topology.Deny, in.from("deny"))
		r.Protocols = protocolsOf(denies, "protocol", "ports", in.from("deny"))
	case len(allows) > 0:
		r.Action = topology.Known(topology.Allow, in.from("allow"))
		r.Protocols = protocolsOf(allows, "protocol", "ports", in.from("allow"))
	case allowTold && denyTold:
		return
	default:
		r.Action = topology.Unknown[topology.Action](topology.KnownAfterApply, in.from("deny"))
		r.Protocols = topology.Unknown[[]topology.Protocol](topology.KnownAfterApply, in.from("deny"))
	}
	if !direction.Known() {
		// Whether it concerns egress at all is open: it may match and it may not.
		r.Disabled = topology.Unknown[bool](direction.Why(), direction.Origin)
	}
	f.Firewalls = append(f.Firewalls, r)
}

func protocolsOf(blocks []cty.Value, protocol, ports string, from topology.Origin) topology.Value[[]topology.Protocol] {
	var out []topology.Protocol
	for _, b := range blocks {
		name, known := asString(attribute(b, protocol))
		list := stringsOf(attribute(b, ports), from)
		texts, portsKnown := list.Get()
		if !known || !portsKnown || isSensitive(b) || isSensitive(attribute(b, protocol)) {
			return topology.Unknown[[]topology.Protocol](topology.KnownAfterApply, from)
		}
		p := topology.Protocol{Name: strings.ToLower(name)}
		for _, text := range texts {
			r, ok := portRange(text)
			if !ok {
				return topology.Unknown[[]topology.Protocol]("a port is no number or range", from)
			}
			p.Ports = append(p.Ports, r)
		}
		out = append(out, p)
	}
	return topology.Known(out, from)
}

func portRange(text string) (topology.PortRange, bool) {
	first, last, isRange := strings.Cut(text, "-")
	a, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return topology.PortRange{}, false
	}
	if !isRange {
		return topology.PortRange{First: a, Last: a}, true
	}
	b, err := strconv.Atoi(strings.TrimSpace(last))
	return topology.PortRange{First: a, Last: b}, err == nil
}

// policyKinds gives the layer, the policy type and the association type of each kind of firewall policy.
func policyKinds(typ string) (layer topology.Layer, policy, association string) {
	switch {
	case strings.HasPrefix(typ, "google_compute_region_network_firewall_policy"):
		return topology.LayerRegionalPolicy, "google_compute_region_network_firewall_policy", "google_compute_region_network_firewall_policy_association"
	case strings.HasPrefix(typ, "google_compute_network_firewall_policy"):
		return topology.LayerGlobalPolicy, "google_compute_network_firewall_policy", "google_compute_network_firewall_policy_association"
	}
	return topology.LayerHierarchical, "google_compute_firewall_policy", "google_compute_firewall_policy_association"
}

// readPolicyRule reads a rule that names its policy.
func (w *world) readPolicyRule(in *instance, f *topology.Facts) {
	_, policy, _ := policyKinds(in.typ)
	t := w.joinPolicy(in, policy)
	name := cmp.Or(shown(attribute(in.value, "rule_name")), shown(attribute(in.value, "priority")))
	w.addPolicyRule(in, func(path ...string) cty.Value { return w.settled(in, path...) }, t, name, f)
}

// readPolicyWithRules reads a policy that holds its rules.
func (w *world) readPolicyWithRules(in *instance, f *topology.Facts) {
	rules, told := elements(attribute(in.value, "rule"))
	if !told {
		rules = []cty.Value{cty.EmptyObjectVal}
	}
	self := target{id: w.identify(in).id, instance: in, known: true}
	for i, rule := range rules {
		name := cmp.Or(shown(attribute(rule, "rule_name")), fmt.Sprintf("rule %d", i))
		w.addPolicyRule(in, func(path ...string) cty.Value { return dig(rule, path...) }, self, name, f)
	}
}

func (w *world) joinPolicy(in *instance, policy string) target {
	for _, typ := range []string{policy, policy + "_with_rules"} {
		if t := w.join(in, []string{"firewall_policy"}, typ, nil); t.instance != nil {
			return t
		}
	}
	return w.join(in, []string{"firewall_policy"}, policy, nil)
}

// addPolicyRule adds a rule once for each network its policy is associated with. A hierarchical policy lies above projects: which networks
// are below it is not told by the configuration.
func (w *world) addPolicyRule(in *instance, get func(...string) cty.Value, policy target, name string, f *topology.Facts) {
	layer, policyType, association := policyKinds(in.typ)
	direction := stringOf(get("direction"), in.from("direction"), "INGRESS")
	if d, known := direction.Get(); known && d != "EGRESS" || !forNodes(get) {
		return
	}
	rule := topology.FirewallRule{Object: w.object(in), Layer: layer, Policy: policy.id}
	rule.Name = name
	if it := policy.instance; it != nil {
		rule.Region = w.object(it).Location
	} else if layer == topology.LayerRegionalPolicy {
		rule.Region = parseLink(shown(attribute(in.value, "firewall_policy"))).location
	}
	rule.Priority = intOf(get("priority"), in.from("priority"), 0)
	rule.Disabled = boolOf(get("disabled"), in.from("disabled"))
	if !direction.Known() {
		rule.Disabled = topology.Unknown[bool](direction.Why(), direction.Origin)
	}
	rule.Action = actionOf(stringOf(get("action"), in.from("action")))
	rule.Destinations = prefixesOf(get("match", "dest_ip_ranges"), in.from("match.dest_ip_ranges"))
	rule.Sources = prefixesOf(get("match", "src_ip_ranges"), in.from("match.src_ip_ranges"))
	for _, beyond := range []string{"dest_fqdns", "dest_address_groups", "dest_region_codes", "dest_threat_intelligences", "dest_network_scope", "dest_network_type", "dest_network_context"} {
		if !isNull(get("match", beyond)) && !isEmpty(get("match", beyond)) {
			rule.Beyond = append(rule.Beyond, beyond)
		}
	}
	layer4 := get("match", "layer4_configs")
	if isNull(layer4) {
		layer4 = get("match", "layer4_config")
	}
	blocks, told := elements(layer4)
	rule.Protocols = protocolsOf(blocks, "ip_protocol", "ports", in.from("match.layer4_configs"))
	if !told {
		rule.Protocols = topology.Unknown[[]topology.Protocol](topology.KnownAfterApply, in.from("match.layer4_configs"))
	}
	rule.TargetTags = topology.Default([]string{}, in.from("target_tags"))
	rule.TargetAccounts = stringsOf(get("target_service_accounts"), in.from("target_service_accounts"))
	secure := get("target_secure_tags")
	rule.SecureTags = !isNull(secure) && !isEmpty(secure)
	if targets, told := elements(get("target_resources")); policy.known && told && len(targets) == 0 {
		bare := rule
		w.policyRules = append(w.policyRules, &bare)
	}
	networks, depths := w.policyNetworks(policy, policyType, association, layer, in, get)
	for i, network := range networks {
		r := rule
		r.ID += topology.ID(fmt.Sprintf("#%s#%d", name, i))
		r.Network, r.Depth = network, depths[i]
		f.Firewalls = append(f.Firewalls, &r)
	}
}

// forNodes tells whether a rule can apply to VMs. One whose secure tags have all lost their effect applies to none.
func forNodes(get func(...string) cty.Value) bool {
	if kind, known := asString(get("target_type")); known && kind != "" && kind != "INSTANCES" {
		return false
	}
	tags, _ := elements(get("target_secure_tags"))
	working := slices.ContainsFunc(tags, func(t cty.Value) bool {
		state, _ := asString(attribute(t, "state"))
		return state != "INEFFECTIVE"
	})
	return len(tags) == 0 || working
}

func isEmpty(v cty.Value) bool {
	list, told := elements(v)
	return told && len(list) == 0
}

func actionOf(s topology.Value[string]) topology.Value[topology.Action] {
	text, known := s.Get()
	if !known {
		return topology.Unknown[topology.Action](s.Why(), s.Origin)
	}
	switch strings.ToLower(text) {
	case "allow":
		return topology.Known(topology.Allow, s.Origin)
	case "deny":
		return topology.Known(topology.Deny, s.Origin)
	case "goto_next":
		return topology.Known(topology.GotoNext, s.Origin)
	}
	return topology.Known(topology.Inspect, s.Origin)
}

// policyNetworks lists the networks that a policy is associated with, and its place among the policies of each.
func (w *world) policyNetworks(policy target, policyType, association string, layer topology.Layer, in *instance,
	get func(...string) cty.Value) (networks []topology.Value[topology.ID], depths []int) {
	if layer == topology.LayerHierarchical {
		networks = w.hierarchicalNetworks(in, get)
		return networks, make([]int, len(networks))
	}
	if !policy.known {
		return nil, nil
	}
	for _, a := range w.associations(association, policyType)[policy.id] {
		t := w.join(a, []string{"attachment_target"}, "google_compute_network", nil)
		networks, depths = append(networks, t.fact(a.from("attachment_target"))), append(depths, w.depth(a))
	}
	return networks, depths
}

// depth is the priority of a policy's association; zero where it is not told.
func (w *world) depth(association *instance) int {
	return intOf(w.settled(association, "priority"), association.from("priority"), 0).Or(0)
}

// hierarchicalNetworks are those a hierarchical rule names as its target resources; without them, which ones it meets is not told.
func (w *world) hierarchicalNetworks(in *instance, get func(...string) cty.Value) []topology.Value[topology.ID] {
	var out []topology.Value[topology.ID]
	targets, _ := elements(get("target_resources"))
	for i, v := range targets {
		from := in.from(fmt.Sprintf("target_resources[%d]", i))
		if t, ok := w.joinValue(in, v, "google_compute_network"); ok {
			out = append(out, t.fact(from))
		} else {
			out = append(out, topology.Unknown[topology.ID](topology.KnownAfterApply, from))
		}
	}
	if len(out) == 0 {
		out = append(out, topology.Unknown[topology.ID]("which networks lie under the policy is not told", in.from("target_resources")))
	}
	return out
}

// associations lists the associations of a type by the policy they associate.
func (w *world) associations(typ, policyType string) map[topology.ID][]*instance {
	if byPolicy, done := w.associated[typ]; done {
		return byPolicy
	}
	byPolicy := map[topology.ID][]*instance{}
	for _, in := range w.instances {
		if in.typ != typ {
			continue
		}
		if p := w.joinPolicy(in, policyType); p.known {
			byPolicy[p.id] = append(byPolicy[p.id], in)
		}
	}
	w.associated[typ] = byPolicy
	return byPolicy
}
