package egress

import (
	"fmt"
	"net/netip"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Firewall judges whether TCP 443 leaves a source towards a destination, by the rules in their enforcement order.
func (e *Evaluator) Firewall(s Source, d Destination) Hop {
	s.Network = e.networkOf(s.Network, s.Subnetwork)
	k := e.key(s, d)
	if s.Network.Known() {
		set := e.layersOf(s)
		if !set.bySource {
			k.subnetwork = ref{}
		}
		if !set.byGKETag {
			k.cluster = ""
		}
	}
	h, done := e.filtered[k]
	if !done {
		h = e.firewall(s, d)
		e.filtered[k] = h
	}
	return h
}

func (e *Evaluator) firewall(s Source, d Destination) Hop {
	if !s.Network.Known() {
		return e.firewallAnywhere(s, d)
	}
	parts := d.Prefixes
	if len(parts) == 0 {
		parts = []netip.Prefix{everywhere}
	}
	var h Hop
	for i, p := range parts {
		f := filter{e: e, s: s, d: d, part: p, whole: len(d.Prefixes) == 0}
		if next := f.ordered(); i == 0 || next.Status > h.Status {
			h = next
		}
	}
	if why := e.refused(topology.Firewalls, s.Network); why != "" && h.Status == topology.Pass {
		h.Status, h.Detail, h.Object = topology.Undecided, "whether other firewall rules exist could not be read: "+why, nil
	}
	return h
}

// firewallAnywhere is the answer where the network itself is not known: egress is allowed unless rules are known that could deny it.
func (e *Evaluator) firewallAnywhere(s Source, d Destination) Hop {
	for _, r := range e.t.Firewalls() {
		if action, known := r.Action.Get(); !known || action != topology.Allow && action != topology.GotoNext {
			return Hop{Name: HopFirewall, Status: topology.Undecided, Detail: "the network is not known: " + s.Network.Why()}
		}
	}
	return Hop{Name: HopFirewall, Status: topology.Pass, Detail: "no rule denies tcp 443 to " + d.Name,
		Evidence: []Evidence{assumed(s.Network, "implied egress rule", "allow")}}
}

// filter is one part of a destination asked of the rules.
type filter struct {
	e     *Evaluator
	s     Source
	d     Destination
	part  netip.Prefix
	whole bool
}

// ordered evaluates the layers. By default VPC rules come before network policies; a network can turn that round
// (network_firewall_policy_enforcement_order). Where that is not known, it matters only if the answers differ.
func (f filter) ordered() Hop {
	var first topology.Value[bool]
	id, _ := f.s.Network.Get()
	n := f.e.t.Network(id)
	if n != nil {
		first = n.PoliciesFirst
	}
	layers := f.e.layersOf(f.s).layers
	before, known := first.Get()
	if known || n == nil {
		return f.hop(inOrder(layers, before))
	}
	classic, policies := f.hop(inOrder(layers, false)), f.hop(inOrder(layers, true))
	if classic.Status == policies.Status {
		return classic
	}
	return Hop{Name: HopFirewall, Status: topology.Undecided,
		Detail:   "whether network policies come before VPC rules is not known, and they disagree",
		Evidence: append(classic.Evidence, policies.Evidence...)}
}

// decision is how the rules can end, and by which rule.
type decision struct {
	action topology.Action
	rule   *topology.FirewallRule // nil for the implied rule
	unsure string                 // what is not known where the rule only may match; empty when it does
}

// walk collects the ways the layers from i on can end. What follows a rule that only may match stays possible.
func (f filter) walk(layers []layer, i int, memo map[int][]decision) []decision {
	if i == len(layers) {
		// Every VPC network has an implied rule that allows egress, of the lowest priority (VPC firewall rules documentation).
		return []decision{{action: topology.Allow}}
	}
	if found, done := memo[i]; done {
		return found
	}
	l := layers[i]
	member := l.appliesTo(f.s)
	if member.verdict == topology.Fail {
		return f.walk(layers, i+1, memo)
	}
	var found []decision
	ended := false
	for _, ordered := range l.rules {
		m := and(ordered.match, f.match(l, ordered.rule))
		if m.verdict == topology.Fail {
			continue
		}
		action, known := ordered.rule.Action.Get()
		switch {
		case !known:
			why := f.unsure(ordered.rule, "allows or denies", "its action is not known: "+ordered.rule.Action.Why())
			found = append(found, decision{topology.Allow, ordered.rule, why}, decision{topology.Deny, ordered.rule, why})
		case action == topology.GotoNext:
			if m.verdict == topology.Undecided {
				for _, later := range f.walk(layers, i+1, memo) {
					later.unsure = f.unsure(ordered.rule, "passes on", m.why)
					found = append(found, later)
				}
				continue
			}
		case m.verdict == topology.Undecided:
			found = append(found, decision{action, ordered.rule, f.unsure(ordered.rule, actionText(action), m.why)})
		default:
			found = append(found, decision{action: action, rule: ordered.rule})
		}
		if m.verdict == topology.Pass {
			ended = known && action != topology.GotoNext || !known
			break
		}
	}
	if !ended {
		found = append(found, f.walk(layers, i+1, memo)...)
	}
	if member.verdict == topology.Undecided {
		for k := range found {
			if r := found[k].rule; r != nil && r.Policy == l.policy && found[k].unsure == "" {
				found[k].unsure = f.unsure(r, actionText(found[k].action), member.why)
			}
		}
		found = append(found, f.walk(layers, i+1, memo)...)
	}
	memo[i] = distinct(found)
	return memo[i]
}

// distinct keeps the first way of each kind to end and the last of all, which is all that the answer is made from.
func distinct(found []decision) []decision {
	var kept []decision
	had := map[topology.Action]bool{}
	for i, d := range found {
		if !had[d.action] || i == len(found)-1 {
			had[d.action] = true
			kept = append(kept, d)
		}
	}
	return kept
}

// unsure words what is not known of a rule.
func (f filter) unsure(r *topology.FirewallRule, does, why string) string {
	return fmt.Sprintf("rule %s %s tcp 443 to %s is not known: %s", ruleText(r), does, f.d.Name, why)
}

// hop folds the possible ends: if they agree, the last one decides, for all before it only might.
func (f filter) hop(layers []layer) Hop {
	found := f.walk(layers, 0, map[int][]decision{})
	last := found[len(found)-1]
	h := Hop{Name: HopFirewall}
	for _, d := range found {
		if d.action == last.action && d.action != topology.Inspect {
			continue
		}
		open := d
		if d.unsure == "" && last.unsure != "" {
			open = last
		}
		h.Status = topology.Undecided
		h.Detail = "whether " + open.unsure
		if open.action == topology.Inspect && open.unsure == "" {
			h.Detail = fmt.Sprintf("rule %s sends tcp 443 to %s to inspection, not decided here", ruleText(open.rule), f.d.Name)
		}
		if open.rule != nil {
			h.Object = &open.rule.Object
		}
		h.Evidence = f.evidence(open, last)
		return h
	}
	h.Evidence = f.evidence(last)
	h.Status = topology.Pass
	if last.action == topology.Deny {
		h.Status = topology.Fail
	}
	switch {
	case last.rule != nil:
		h.Object = &last.rule.Object
		h.Detail = fmt.Sprintf("rule %s %s tcp 443 to %s", ruleText(last.rule), actionText(last.action), f.d.Name)
	default:
		h.Detail = fmt.Sprintf("no rule denies tcp 443 to %s", f.d.Name)
	}
	return h
}

func (f filter) evidence(list ...decision) []Evidence {
	var out []Evidence
	for i, d := range list {
		switch {
		case i > 0 && d.rule == list[0].rule:
		case d.rule != nil:
			value := map[topology.Action]string{topology.Allow: "allow", topology.Deny: "deny", topology.GotoNext: "goto_next", topology.Inspect: "inspect"}[d.action]
			if p, known := d.rule.Priority.Get(); known {
				value = fmt.Sprintf("%s, priority %d", value, p)
			}
			seen := read(&d.rule.Object, "action", d.rule.Action, value)
			seen.Attribute = "action"
			out = append(out, seen)
		default:
			seen, _ := f.e.t.Seen(topology.Firewalls, f.s.Network)
			implied := assumed(f.s.Network, "implied egress rule", "allow")
			implied.Assumed = !seen
			out = append(out, implied)
		}
	}
	return out
}

func ruleText(r *topology.FirewallRule) string {
	if p, known := r.Priority.Get(); known {
		return fmt.Sprintf("%q (priority %d)", r.Display(), p)
	}
	return fmt.Sprintf("%q", r.Display())
}

func actionText(a topology.Action) string {
	switch a {
	case topology.Allow:
		return "allows"
	case topology.Deny:
		return "denies"
	case topology.Inspect:
		return "inspects"
	}
	return "passes on"
}
