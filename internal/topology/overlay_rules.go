package topology

import "strconv"

// layRules lays firewall rules: those of a VPC by name, those of a policy by their priority in it, which is how Google Cloud knows them.
func layRules(lower, upper []*FirewallRule, gone map[ID]bool) []*FirewallRule {
	over := make(map[ID]int, len(upper))
	for i, r := range upper {
		over[RuleID(r)] = i
	}
	out := append([]*FirewallRule(nil), upper...)
	for _, r := range lower {
		id := RuleID(r)
		network, _ := r.Network.Get()
		anywhere := *r
		anywhere.Network = Value[ID]{}
		// A rule that is removed without its networks is removed from all of them.
		i, told := over[id]
		if told && out[i].Depth == 0 && r.Depth != 0 {
			placed := *out[i]
			placed.Depth = r.Depth // not everybody who tells of a policy tells its place
			out[i] = &placed
		}
		if !told && !gone[id] && !gone[r.ID] && !gone[RuleID(&anywhere)] && !gone[r.Policy] && !gone[network] {
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
