package terraform

import (
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// layer is what one plan or state tells, to be laid over what lies below it.
type layer struct {
	after, before *moment
	// removed are the identities that the plan takes out of the world.
	removed []topology.ID
	changes bool
}

// moment is the facts of a document at one time, and what of it is no fact by itself: it needs what lies below.
type moment struct {
	facts  topology.Facts
	world  *world
	hidden []topology.ID
}

func newMoment(doc *document, instances []*instance) *moment {
	w := newWorld(doc, instances)
	return &moment{w.facts(), w, w.hiddenIDs()}
}

func layerOf(doc *document) layer {
	after := newMoment(doc, doc.instances)
	if doc.before == nil {
		return layer{after: after, before: after}
	}
	l := layer{after: after, before: newMoment(doc, doc.before), changes: true}
	for _, in := range slices.Concat(doc.removed, doc.replaced) {
		it := l.before.world.identify(in)
		l.removed = append(l.removed, it.id, it.known)
	}
	// What the plan told of before and does not tell of after is gone too: a member of a binding, a rule of a policy, a name that changes.
	kept := map[string]bool{}
	for _, in := range doc.instances {
		kept[in.address] = in.forgotten
	}
	still := map[topology.ID]bool{}
	for id := range after.identities {
		still[id] = true
	}
	for id, o := range l.before.identities {
		address, _, _ := strings.Cut(o.Address, ".node_pool[") // of a pool that its cluster lists
		if o.Managed && !kept[address] && !still[id] {
			l.removed = append(l.removed, id)
		}
	}
	return l
}

// identities are those of the facts, and of the rules that nothing in the document attaches to a network.
func (m *moment) identities(yield func(topology.ID, *topology.Object) bool) {
	for id, o := range m.facts.Identities {
		if !yield(id, o) {
			return
		}
	}
	for _, r := range m.world.policyRules {
		if !yield(topology.RuleID(r), &r.Object) {
			return
		}
	}
}

// lay puts plans over what exists, and that over the states.
func (r *Reading) lay(states []layer, existing topology.Facts, plans []layer) {
	r.After, r.Before = topology.Facts{}, topology.Facts{}
	var after, before pile
	for _, s := range states {
		after.put(s.after, nil)
		before.put(s.before, nil)
	}
	after.existing(existing)
	before.existing(existing)
	for _, p := range plans {
		r.Changed = r.Changed || p.changes
		gone := map[attachment]bool{}
		for _, a := range p.before.attachments() {
			gone[a.pair()] = true
		}
		for _, a := range p.after.attachments() {
			delete(gone, a.pair())
		}
		after.dissociate(gone)
		after.put(p.after, p.removed)
		before.put(p.before, nil)
	}
	r.After, r.Before = after.facts, before.facts
	distinct(&r.After, &r.Before)
}
