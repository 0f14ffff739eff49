package checks

import (
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// past is what held before the plan.
type past struct {
	// passed are the checks, by cluster, for which everything passed.
	passed map[string]bool
	// new are the addresses of subnetworks, clusters, pools and workloads that were not there: nothing is taken from them.
	new map[string]bool
}

func pastKey(check, cluster string) string { return check + "\x00" + cluster }

// held reports whether the plan takes away what a failing result misses: the check held for the cluster, and what it speaks of was there.
func (p past) held(r *Result) bool {
	return p.passed[pastKey(r.Check, r.Cluster)] && !p.new[r.Object.Address]
}

// heldBefore judges the world that the plan changes; nil when there was none.
func heldBefore(before, after *topology.Topology, policy Policy) past {
	p := past{passed: map[string]bool{}, new: map[string]bool{}}
	if before == nil {
		return p
	}
	subjects(after, func(address string) { p.new[address] = true })
	subjects(before, func(address string) { delete(p.new, address) })
	paths := egress.New(before)
	for _, c := range before.Clusters() {
		if !policy.chooses(c) {
			continue
		}
		worst := map[string]topology.Verdict{}
		for _, r := range judgeCluster(newCase(before, paths, c, policy), policy.selected(), policy) {
			worst[r.Check] = topology.All(worst[r.Check], r.Status)
		}
		for check, v := range worst {
			p.passed[pastKey(check, c.Address)] = v == topology.Pass
		}
	}
	return p
}

// subjects calls with the address of everything that wants to pull.
func subjects(t *topology.Topology, each func(address string)) {
	for _, s := range t.Subnetworks() {
		each(s.Address)
	}
	for _, c := range t.Clusters() {
		each(c.Address)
		for _, p := range c.Pools {
			each(p.Address)
		}
	}
	for _, i := range t.Images() {
		each(i.Object.Address)
	}
}
