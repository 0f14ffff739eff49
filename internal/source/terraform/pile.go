package terraform

import (
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// pile is facts that were laid on each other, and what waits for others: node pools for their cluster, rules of policies for a network.
type pile struct {
	facts topology.Facts
	pools []loosePool
	rules []*topology.FirewallRule
	// attachments are those of states and plans.
	attachments []attachment
}

func (p *pile) put(m *moment, removed []topology.ID) {
	upper := m.facts
	upper.Firewalls = p.rulesOver(m)
	p.attach(m)
	p.facts = topology.Lay(p.facts, upper, slices.Concat(removed, m.hidden))
	p.rules = slices.DeleteFunc(p.rules, func(r *topology.FirewallRule) bool { return slices.Contains(removed, topology.RuleID(r)) })
	p.rules = append(p.rules, m.world.policyRules...)
	p.pools = append(p.pools, m.world.loosePools...)
	p.attachPools()
}

// existing lays what Google Cloud tells. What it would tell of and does not is gone, whatever a state still says.
func (p *pile) existing(facts topology.Facts) {
	p.facts = topology.Lay(p.facts, facts, outdated(p.facts, facts))
	// Google Cloud tells of a cluster with all its pools: what a state tells of them is older.
	p.pools = slices.DeleteFunc(p.pools, func(l loosePool) bool {
		return slices.ContainsFunc(facts.Clusters, func(c *topology.Cluster) bool { return c.ID == l.cluster.id })
	})
}

// outdated are the routers, gateways and static routes of states that Google Cloud no longer lists.
func outdated(states, exist topology.Facts) []topology.ID {
	told := map[topology.ID]bool{}
	for id := range exist.Identities {
		told[id] = true
	}
	t := topology.New(topology.Facts{Readings: exist.Readings})
	var out []topology.ID
	check := func(c topology.Collection, o *topology.Object) {
		if _, name := topology.SplitID(o.ID); o.Managed && name != "" && !told[o.ID] && t.Listed(c, o.Project) {
			out = append(out, o.ID)
		}
	}
	for _, r := range states.Routers {
		check(topology.Routers, &r.Object)
	}
	for _, n := range states.NATs {
		check(topology.Routers, &n.Object)
	}
	for _, r := range states.Routes {
		if !r.Policy {
			check(topology.Routes, &r.Object)
		}
	}
	return out
}

// loosePool is a node pool whose cluster its own document does not tell of.
type loosePool struct {
	world   *world
	in      *instance
	cluster target
}

// attachPools gives loose pools to their clusters, as far as these are told of by now: what a pool does not set itself is its cluster's.
func (p *pile) attachPools() {
	var shells []*topology.Cluster
	p.pools = slices.DeleteFunc(p.pools, func(l loosePool) bool {
		i := slices.IndexFunc(p.facts.Clusters, func(c *topology.Cluster) bool { return c.ID == l.cluster.id })
		if i < 0 {
			return false
		}
		c := p.facts.Clusters[i]
		at := slices.IndexFunc(shells, func(s *topology.Cluster) bool { return s.ID == c.ID })
		if at < 0 {
			// A mention of the cluster brings the pools, and leaves the cluster as it is.
			shell := *c
			shell.Managed, shell.Read, shell.Pools = false, false, nil
			at, shells = len(shells), append(shells, &shell)
		}
		shells[at].Pools = append(shells[at].Pools, l.world.managedPool(l.in, c, l.cluster))
		return true
	})
	if len(shells) > 0 {
		p.facts = topology.Lay(p.facts, topology.Facts{Clusters: shells}, nil)
	}
}
