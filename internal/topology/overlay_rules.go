package topology

import "strconv"

// layRules lays firewall rules: those of a VPC by name, those of a policy by their priority in it, which is how Google Cloud knows them.
func layRules(lower, upper []*FirewallRule, gone map[ID]bool) []*FirewallRule {
	over := make(map[ID]bool, len(upper))
	for _, r := range upper {
		over[RuleID(r)] = true
	}
	out := append([]*FirewallRule(nil), upper...)
	for _, r := range lower {
		id := RuleID(r)
		network, _ := r.Network.Get()
		anywhere := *r
		anywhere.Network = Value[ID]{}
		// A rule that is removed without its networks is removed from all of them.
		if !over[id] && !gone[id] && !gone[r.ID] && !gone[RuleID(&anywhere)] && !gone[r.Policy] && !gone[network] {
			out = append(out, r)
		}
	}
	return out
}

// RuleID is the identity of a firewall rule. A rule of a policy is known by policy and priority, and is told once for each network it applies to.
func RuleID(r *FirewallRule) ID {
	priority, known := r.Priority.Get()
	if r.Policy == "" || !known {
		return r.ID
	}
	return r.Policy + ID("#"+strconv.Itoa(priority)+"#") + r.Network.Or("")
}
