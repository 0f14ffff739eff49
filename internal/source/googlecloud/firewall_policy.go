package googlecloud

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"cloud.google.com/go/compute/apiv1/computepb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// firewallPolicy is a firewall policy and the networks its rules hold for.
type firewallPolicy struct {
	object   topology.Object
	label    string // the name people know it by
	layer    topology.Layer
	depth    int
	networks []topology.Value[topology.ID]
	// depths are the priorities of the associations with the networks, where they differ.
	depths []int
}

// FirewallPolicy adds a network firewall policy, global or regional, with its associations, or a hierarchical one. One that is associated with nothing
// is not in force.
func (v *Inventory) FirewallPolicy(p *computepb.FirewallPolicy) {
	if kind := p.GetPolicyType(); kind != "" && kind != "VPC_POLICY" || len(p.GetAssociations()) == 0 {
		return
	}
	l := parseLink(p.GetSelfLink())
	name, region := cmp.Or(p.GetName(), l.name), parseLink(p.GetRegion()).name
	for _, a := range p.GetAssociations() {
		l.project = cmp.Or(l.project, parseLink(a.GetAttachmentTarget()).project)
	}
	if l.kind == "firewallPolicies" && l.location != "global" {
		region = cmp.Or(region, l.location)
	}
	if strings.HasPrefix(p.GetParent(), "organizations/") || strings.HasPrefix(p.GetParent(), "folders/") || l.project == "" {
		v.hierarchical(p, name)
		return
	}
	one := v.networkPolicy(l.project, region, name)
	one.label = cmp.Or(p.GetShortName(), name)
	for _, a := range p.GetAssociations() {
		one.networks = append(one.networks, v.refer(&one.object, "google_compute_network", a.GetAttachmentTarget(), one.object.From("associations")))
		one.depths = append(one.depths, int(a.GetPriority()))
	}
	v.policyRules(one, p.GetRules())
}

func (v *Inventory) networkPolicy(project, region, name string) firewallPolicy {
	project = v.projectID(project)
	if region != "" {
		return firewallPolicy{layer: topology.LayerRegionalPolicy, object: v.object("google_compute_region_network_firewall_policy",
			"//compute.googleapis.com/projects/"+project+"/regions/"+region+"/firewallPolicies/"+name, project, region, name)}
	}
	return firewallPolicy{layer: topology.LayerGlobalPolicy, object: v.object("google_compute_network_firewall_policy",
		"//compute.googleapis.com/projects/"+project+"/global/firewallPolicies/"+name, project, "", name)}
}

func (v *Inventory) hierarchicalPolicy(name, label string, depth int) firewallPolicy {
	return firewallPolicy{layer: topology.LayerHierarchical, depth: depth, label: cmp.Or(label, name),
		object: v.object("google_compute_firewall_policy", "//compute.googleapis.com/locations/global/firewallPolicies/"+name, "", "", name)}
}

// hierarchical adds a policy of an organisation or a folder. Which networks lie below that is not told here; an effective answer tells it.
func (v *Inventory) hierarchical(p *computepb.FirewallPolicy, name string) {
	depth := 1
	if slices.ContainsFunc(p.GetAssociations(), func(a *computepb.FirewallPolicyAssociation) bool {
		return strings.Contains(a.GetAttachmentTarget(), "organizations/")
	}) {
		depth = 0
	}
	one := v.hierarchicalPolicy(name, cmp.Or(p.GetShortName(), p.GetDisplayName()), depth)
	one.networks = []topology.Value[topology.ID]{topology.Unknown[topology.ID]("which networks lie under the policy is not told", one.object.From("associations"))}
	v.policyRules(one, p.GetRules())
}

// lastDepth places the policies that Google itself writes: after every hierarchical one and before the VPC rules ("Firewall policy rule evaluation
// order", regional system firewall policies).
const lastDepth = 1000

// EffectiveFirewalls adds every rule that holds for a network, hierarchical policies included. Link is the network's self link. The answer holds no
// regional policies (networks.getEffectiveFirewalls): those come with their associations.
func (v *Inventory) EffectiveFirewalls(link string, e *computepb.NetworksGetEffectiveFirewallsResponse) {
	if e == nil || parseLink(link).project == "" {
		return
	}
	v.effective = true
	for _, f := range e.GetFirewalls() {
		v.vpcRule(f, link)
	}
	for i, p := range e.GetFirewallPolicys() {
		var one firewallPolicy
		label := cmp.Or(p.GetShortName(), p.GetDisplayName(), p.GetName())
		switch kind := p.GetType(); {
		case kind == "HIERARCHY":
			one = v.hierarchicalPolicy(p.GetName(), label, i)
		case strings.HasPrefix(kind, "SYSTEM"):
			one = v.hierarchicalPolicy(p.GetName(), label, lastDepth)
		case kind == "NETWORK_REGIONAL":
			continue
		default:
			one = v.networkPolicy(parseLink(link).project, "", p.GetName())
			one.label, one.depth = label, int(p.GetPriority())
		}
		one.networks = []topology.Value[topology.ID]{v.refer(&topology.Object{}, "google_compute_network", link, one.object.From("associations"))}
		v.policyRules(one, p.GetRules())
	}
}

// policyRules adds the egress rules of a policy, one for each network.
func (v *Inventory) policyRules(p firewallPolicy, rules []*computepb.FirewallPolicyRule) {
	for _, told := range rules {
		if told.GetDirection() != "EGRESS" || !forNodes(told) {
			continue
		}
		rule := v.policyRule(p, told)
		for _, network := range v.narrowed(p, told) {
			one := rule
			one.Network, one.Depth = network, p.depthIn(network)
			if id, known := network.Get(); known {
				one.ID += "#" + id
			}
			if v.once(one.ID) {
				v.facts.Firewalls = append(v.facts.Firewalls, &one)
			}
		}
	}
}

// depthIn is the policy's place among those of a network.
func (p firewallPolicy) depthIn(network topology.Value[topology.ID]) int {
	for i, depth := range p.depths {
		if p.networks[i].Or("?") == network.Or("") {
			return depth
		}
	}
	return p.depth
}

// forNodes tells whether a rule can apply to VMs. One whose secure tags have all lost their effect applies to none.
func forNodes(r *computepb.FirewallPolicyRule) bool {
	tags := r.GetTargetSecureTags()
	lost := func(t *computepb.FirewallPolicyRuleSecureTag) bool { return t.GetState() == "INEFFECTIVE" }
	working := slices.ContainsFunc(tags, func(t *computepb.FirewallPolicyRuleSecureTag) bool { return !lost(t) })
	return (r.GetTargetType() == "" || r.GetTargetType() == "INSTANCES") && (len(tags) == 0 || working)
}

// narrowed are the networks of a policy that a rule is for: those it names itself, where it names any.
func (v *Inventory) narrowed(p firewallPolicy, r *computepb.FirewallPolicyRule) []topology.Value[topology.ID] {
	var own []topology.Value[topology.ID]
	for _, link := range r.GetTargetResources() {
		named := v.refer(&p.object, "google_compute_network", link, p.object.From("targetResources"))
		if slices.ContainsFunc(p.networks, func(n topology.Value[topology.ID]) bool { return !n.Known() || n.Or("") == named.Or("") }) {
			own = append(own, named)
		}
	}
	if len(r.GetTargetResources()) == 0 {
		return p.networks
	}
	return own
}

func (v *Inventory) policyRule(p firewallPolicy, r *computepb.FirewallPolicyRule) topology.FirewallRule {
	place := strconv.Itoa(int(r.GetPriority()))
	f := topology.FirewallRule{Layer: p.layer, Policy: p.object.ID, Depth: p.depth}
	f.Object = v.object(p.object.Kind+"_rule", p.object.Address+"/rules/"+place, p.object.Project, p.object.Location, p.object.Name+"/"+place)
	f.Name, f.Region = cmp.Or(r.GetRuleName(), p.label), p.object.Location
	f.Priority = topology.Known(int(r.GetPriority()), f.From("priority"))
	f.Disabled = settled(r.GetDisabled(), f.From("disabled"))
	f.Action = action(r.GetAction(), f.From("action"))
	m := r.GetMatch()
	f.Destinations = prefixes(m.GetDestIpRanges(), f.From("match.destIpRanges"))
	f.Sources = prefixes(m.GetSrcIpRanges(), f.From("match.srcIpRanges"))
	f.Beyond = beyond(m)
	f.Protocols = protocols(m.GetLayer4Configs(), (*computepb.FirewallPolicyRuleMatcherLayer4Config).GetIpProtocol, f.From("match.layer4Configs"))
	f.TargetTags = topology.Default([]string{}, f.From("targetTags"))
	f.TargetAccounts = texts(r.GetTargetServiceAccounts(), f.From("targetServiceAccounts"))
	f.SecureTags = len(r.GetTargetSecureTags()) > 0
	return f
}

// beyond names the destinations that cannot be compared with an address.
func beyond(m *computepb.FirewallPolicyRuleMatcher) []string {
	var out []string
	for _, d := range []struct {
		name string
		told bool
	}{
		{"destFqdns", len(m.GetDestFqdns()) > 0},
		{"destAddressGroups", len(m.GetDestAddressGroups()) > 0},
		{"destRegionCodes", len(m.GetDestRegionCodes()) > 0},
		{"destThreatIntelligences", len(m.GetDestThreatIntelligences()) > 0},
		{"destNetworkType", m.GetDestNetworkType() != "" && m.GetDestNetworkType() != "UNSPECIFIED"},
		{"destNetworkContext", m.GetDestNetworkContext() != "" && m.GetDestNetworkContext() != "UNSPECIFIED"},
	} {
		if d.told {
			out = append(out, d.name)
		}
	}
	return out
}

// settleFirewalls leaves out what is open about hierarchical policies where effective answers told which networks they hold for.
func (v *Inventory) settleFirewalls() {
	if v.effective {
		v.facts.Firewalls = slices.DeleteFunc(v.facts.Firewalls, func(r *topology.FirewallRule) bool {
			return r.Layer == topology.LayerHierarchical && !r.Network.Known()
		})
	}
}
