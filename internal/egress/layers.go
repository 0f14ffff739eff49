package egress

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

type layerKey struct {
	network ref
	region  string
}

// layer is the rules of one policy, or all VPC rules, in the order they are tried.
type layer struct {
	kind   topology.Layer
	policy topology.ID
	depth  int
	rules  []orderedRule
}

// orderedRule is a rule at its place; a rule whose priority is not known stands at both ends of its layer.
type orderedRule struct {
	rule     *topology.FirewallRule
	match    match
	priority int
}

// ruleSet is the rules that may apply to a network and region, and what about the nodes they look at.
type ruleSet struct {
	layers             []layer
	bySource, byGKETag bool
}

// layersOf collects the rules that may apply to a network and region.
func (e *Evaluator) layersOf(s Source) *ruleSet {
	k := layerKey{refer(s.Network), s.Region}
	if set := e.layers[k]; set != nil {
		return set
	}
	if e.rules == nil {
		e.rules = shelve(e.t.Firewalls(), func(r *topology.FirewallRule) ([]topology.Value[topology.ID], bool) { return one(r.Network) })
	}
	type layerID struct {
		kind   topology.Layer
		depth  int
		policy topology.ID
	}
	at := map[layerID]int{}
	set := &ruleSet{}
	var layers []layer
	id, _ := s.Network.Get()
	for _, r := range slices.Concat(e.rules.of[id], e.rules.anywhere) {
		if r.Layer == topology.LayerRegionalPolicy && r.Region != "" && s.Region != "" && r.Region != s.Region {
			continue
		}
		set.bySource = set.bySource || len(r.Sources.Or(nil)) > 0
		set.byGKETag = set.byGKETag || slices.ContainsFunc(r.TargetTags.Or(nil), func(t string) bool { return strings.HasPrefix(t, "gke-") })
		to := layerID{kind: r.Layer}
		if r.Layer != topology.LayerVPC {
			to.policy = r.Policy
		}
		if r.Layer == topology.LayerHierarchical {
			to.depth = r.Depth
		}
		i, found := at[to]
		if !found {
			i = len(layers)
			at[to] = i
			layers = append(layers, layer{kind: to.kind, policy: to.policy})
		}
		layers[i].depth = cmp.Or(layers[i].depth, r.Depth)
		layers[i].rules = append(layers[i].rules, place(r)...)
	}
	for _, l := range layers {
		slices.SortStableFunc(l.rules, func(a, b orderedRule) int {
			return cmp.Or(cmp.Compare(a.priority, b.priority), cmp.Compare(tie(a.rule), tie(b.rule)))
		})
	}
	set.layers = layers
	e.layers[k] = set
	return set
}

func place(r *topology.FirewallRule) []orderedRule {
	p, known := r.Priority.Get()
	if known {
		return []orderedRule{{r, yes, p}}
	}
	return []orderedRule{{r, maybe("its priority is not known: %s", r.Priority.Why()), -1}, {r, yes, math.MaxInt}}
}

// tie: among VPC rules of equal priority a deny rule overrides an allow rule (VPC firewall rules documentation).
func tie(r *topology.FirewallRule) int {
	if a, known := r.Action.Get(); known && a == topology.Allow {
		return 1
	}
	return 0
}

// place is a policy's place among those of its layer.
func (l layer) place() int {
	if l.kind == topology.LayerHierarchical {
		return l.depth
	}
	return cmp.Or(l.depth, 1000)
}

// inOrder sorts layers into their enforcement order. Hierarchical policies always come first, the organisation's before a folder's; policies of one
// network come in the order of their association's priority.
func inOrder(layers []layer, policiesFirst bool) []layer {
	place := func(k topology.Layer) int {
		if policiesFirst && k == topology.LayerVPC {
			return int(topology.LayerRegionalPolicy) + 1
		}
		return int(k)
	}
	sorted := slices.Clone(layers)
	slices.SortStableFunc(sorted, func(a, b layer) int {
		return cmp.Or(cmp.Compare(place(a.kind), place(b.kind)), cmp.Compare(a.place(), b.place()), cmp.Compare(a.policy, b.policy))
	})
	return sorted
}

// appliesTo asks whether a policy as a whole applies to the network. Its rules apply together or not at all.
func (l layer) appliesTo(s Source) match {
	if l.kind == topology.LayerVPC {
		return yes
	}
	unsure := no
	for _, r := range l.rules {
		switch m := inNetwork(r.rule.Network, s.Network); m.verdict {
		case topology.Pass:
			return yes
		case topology.Undecided:
			unsure = m
			if l.kind == topology.LayerHierarchical {
				unsure = maybe("which networks lie under the policy is not told")
			}
		}
	}
	return unsure
}

// match asks whether a rule applies to TCP 443 from the source to the part of the destination.
func (f filter) match(l layer, r *topology.FirewallRule) match {
	network := yes
	if l.kind == topology.LayerVPC {
		network = inNetwork(r.Network, f.s.Network)
	}
	place := yes
	if r.Layer == topology.LayerRegionalPolicy && (r.Region == "" || f.s.Region == "") {
		place = maybe("its region or that of the nodes is not known")
	}
	m := and(network, place, enabled(r), carries(r.Protocols), f.towards(r), f.targets(r))
	if m.verdict == topology.Fail {
		return no
	}
	return and(m, f.from(r))
}

func enabled(r *topology.FirewallRule) match {
	switch off, known := r.Disabled.Get(); {
	case !known:
		return maybe("whether it is disabled is not known: %s", r.Disabled.Why())
	case off:
		return no
	}
	return yes
}

// carries asks whether protocols include TCP 443, by name or number; none listed means all.
func carries(v topology.Value[[]topology.Protocol]) match {
	list, known := v.Get()
	if !known {
		return maybe("its protocols are not known: %s", v.Why())
	}
	for _, p := range list {
		name := strings.ToLower(p.Name)
		if name != "tcp" && name != "6" && name != "all" && name != "" {
			continue
		}
		if len(p.Ports) == 0 || slices.ContainsFunc(p.Ports, func(r topology.PortRange) bool { return r.First <= 443 && 443 <= r.Last }) {
			return yes
		}
	}
	if len(list) == 0 {
		return yes
	}
	return no
}

func (f filter) from(r *topology.FirewallRule) match {
	ranges, known := r.Sources.Get()
	switch {
	case !known:
		return maybe("its source ranges are not known: %s", r.Sources.Why())
	case len(ranges) == 0:
		return yes
	}
	return within(ranges, f.e.primary(f.s.Subnetwork))
}

// towards asks whether a rule's destinations hold the part asked for.
func (f filter) towards(r *topology.FirewallRule) match {
	list, known := r.Destinations.Get()
	switch {
	case !known:
		return maybe("its destinations are not known: %s", r.Destinations.Why())
	case len(list) == 0 && len(r.Beyond) == 0:
		return yes
	case f.whole && f.e.everywhere(r, list), !f.whole && covers(list, f.part):
		return yes
	case len(r.Beyond) > 0:
		return maybe("its destinations include %s", strings.Join(r.Beyond, ", "))
	case !f.whole && slices.ContainsFunc(list, f.part.Overlaps):
		return maybe("it applies to a part of %s only", f.part)
	case !f.whole:
		return no
	}
	return f.someOf(r, list)
}

// everywhere tells whether a rule names all public addresses; asked once for each rule.
func (e *Evaluator) everywhere(r *topology.FirewallRule, list []netip.Prefix) bool {
	all, done := e.all[r]
	if !done {
		all = covers(slices.Concat(list, special), everywhere)
		e.all[r] = all
	}
	return all
}

// someOf weighs a rule that names some public ranges against the whole internet. To allow a few is not to allow the registries,
// nor to exclude them; to deny a few narrow ones is not to deny the registries.
func (f filter) someOf(r *topology.FirewallRule, list []netip.Prefix) match {
	action, known := r.Action.Get()
	for _, p := range list {
		if public(p) && (!known || action != topology.Deny || p.Bits() <= internetBits) {
			return maybe("it names some public ranges; whether they hold %s is not decided", f.d.Name)
		}
	}
	return no
}

// targets asks whether the nodes are among those a rule is limited to.
func (f filter) targets(r *topology.FirewallRule) match {
	if r.SecureTags {
		return maybe("which nodes wear its secure tags is not told")
	}
	return and(tagged(r.TargetTags, f.s, true), runsAs(r.TargetAccounts, f.s.ServiceAccount))
}

// computeDefault is how the project's default compute service account ends; a pool that names none runs as that one.
const computeDefault = "-compute@developer.gserviceaccount.com"

func runsAs(targets topology.Value[[]string], account topology.Value[string]) match {
	want, known := targets.Get()
	if !known {
		return maybe("its target service accounts are not known: %s", targets.Why())
	}
	if len(want) == 0 {
		return yes
	}
	as, told := account.Get()
	if !told {
		return maybe("it applies to some service accounts only, and that of the nodes is not known: %s", account.Why())
	}
	if slices.ContainsFunc(want, func(w string) bool { return strings.EqualFold(w, as) }) {
		return yes
	}
	if as == "" || as == "default" {
		if slices.ContainsFunc(want, func(w string) bool { return strings.HasSuffix(w, computeDefault) }) {
			return maybe("it applies to a default compute service account, which may be that of the nodes")
		}
	}
	return no
}
