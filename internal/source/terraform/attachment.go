package terraform

import (
	"cmp"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// attachment is a firewall policy that applies to a network. One configuration may hold the policy, another its rules and a third what it applies to,
// so that rules meet networks only when all of it is laid.
type attachment struct {
	policy, network topology.ID
	depth           int // the place of the policy among those of the network
}

// pair is the attachment wherever its policy stands.
func (a attachment) pair() attachment { return attachment{policy: a.policy, network: a.network} }

// attachments are those that a document manages.
func (m *moment) attachments() []attachment {
	var out []attachment
	for _, typ := range []string{"google_compute_network_firewall_policy_association", "google_compute_region_network_firewall_policy_association"} {
		_, policy, _ := policyKinds(typ)
		for id, list := range m.world.associations(typ, policy) {
			for _, in := range list {
				if t := m.world.join(in, []string{"attachment_target"}, "google_compute_network", nil); t.known && !in.data {
					out = append(out, attachment{id, t.id, m.world.depth(in)})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b attachment) int {
		return cmp.Or(cmp.Compare(a.policy, b.policy), cmp.Compare(a.network, b.network))
	})
	return out
}

// dissociate drops rules from networks that their policies no longer apply to.
func (p *pile) dissociate(gone map[attachment]bool) {
	if len(gone) == 0 {
		return
	}
	p.attachments = slices.DeleteFunc(p.attachments, func(a attachment) bool { return gone[a.pair()] })
	p.facts.Firewalls = slices.DeleteFunc(slices.Clone(p.facts.Firewalls), func(r *topology.FirewallRule) bool {
		return gone[attachment{policy: r.Policy, network: r.Network.Or("")}]
	})
}

// rulesOver are the document's rules, those of policies also in the networks that the policies apply to by what lies below.
func (p *pile) rulesOver(m *moment) []*topology.FirewallRule {
	over := slices.Clone(m.facts.Firewalls)
	told, placed := identitiesOf(over), map[topology.ID]bool{}
	for _, r := range m.world.policyRules {
		place := func(network topology.Value[topology.ID], depth int) {
			here := *r
			here.Network, here.Depth = network, depth
			placed[topology.RuleID(r)] = true
			if id := topology.RuleID(&here); !told[id] {
				told[id] = true
				over = append(over, &here)
			}
		}
		for _, b := range p.facts.Firewalls {
			if b.Policy == r.Policy && b.Network.Known() {
				place(b.Network, b.Depth)
			}
		}
		for _, a := range p.attachments {
			if a.policy == r.Policy {
				place(topology.Known(a.network, topology.Origin{Object: r.Address}), a.depth)
			}
		}
	}
	// Where a hierarchical policy is known to apply, its rules no longer may apply anywhere.
	return slices.DeleteFunc(over, func(r *topology.FirewallRule) bool { return !r.Network.Known() && placed[topology.RuleID(r)] })
}

// attach adds to the rules below those of their policies in the networks that the document attaches these to.
func (p *pile) attach(m *moment) {
	told := identitiesOf(p.facts.Firewalls)
	out := slices.Clone(p.facts.Firewalls)
	for _, a := range m.attachments() {
		for i, r := range out {
			if r.Policy == a.policy && r.Network.Or("") == a.network && a.depth != 0 && r.Depth != a.depth {
				moved := *r
				moved.Depth = a.depth
				out[i] = &moved
			}
		}
		for _, r := range slices.Concat(p.facts.Firewalls, p.rules) {
			if r.Policy != a.policy {
				continue
			}
			here := *r
			here.Network, here.Depth = topology.Known(a.network, r.Network.Origin), a.depth
			if id := topology.RuleID(&here); !told[id] {
				told[id] = true
				out = append(out, &here)
			}
		}
		p.attachments = slices.DeleteFunc(p.attachments, func(old attachment) bool { return old.pair() == a.pair() })
		p.attachments = append(p.attachments, a)
	}
	p.facts.Firewalls = out
}

func identitiesOf(rules []*topology.FirewallRule) map[topology.ID]bool {
	out := map[topology.ID]bool{}
	for _, r := range rules {
		out[topology.RuleID(r)] = true
	}
	return out
}
