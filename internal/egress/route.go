package egress

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Routes to parts of the internet as large as this decide about all of it; smaller ones are exceptions to it.
const internetBits = 4

// Route judges the best route of a source to a destination: longest prefix first, then lowest priority number.
func (e *Evaluator) Route(s Source, d Destination) Hop {
	s.Network = e.networkOf(s.Network, s.Subnetwork)
	k := e.key(s, d)
	// Only policy-based routes look at the source range, only dynamic ones at the region, and none at who the nodes are.
	k.cluster, k.account = "", ""
	if e.routesByNetwork(); !e.regional {
		k.region = ""
	}
	if s.Network.Known() && len(e.tableOf(s).policies) == 0 {
		k.subnetwork = ref{}
	}
	h, done := e.routed[k]
	if !done {
		h = e.route(s, d)
		e.routed[k] = h
	}
	return h
}

func (e *Evaluator) route(s Source, d Destination) Hop {
	if !s.Network.Known() {
		return e.routeAnywhere(s, d)
	}
	q := routing{e: e, s: s, d: d, table: e.tableOf(s)}
	var o outcome
	switch {
	case len(d.Prefixes) == 0:
		o = q.along(everywhere, internetBits)
		if d.Google && o.verdict == topology.Fail {
			o = q.someRangesOr(o)
		}
	default:
		for i, p := range d.Prefixes {
			most := p.Addr().BitLen()
			if p.Bits() <= internetBits {
				most = internetBits
			}
			if next := q.along(p, most); i == 0 || next.worse(o) {
				o = next
			}
		}
	}
	if why := e.refused(topology.Routes, s.Network); why != "" && o.verdict == topology.Pass {
		return Hop{Name: HopRoute, Status: topology.Undecided, Detail: "whether other routes exist could not be read: " + why, Evidence: o.evidence}
	}
	return Hop{Name: HopRoute, Status: o.verdict, Detail: o.detail, Evidence: o.evidence, Custom: o.custom, Object: o.object}
}

// routeAnywhere is the answer where the network itself is not known: the default route, unless a route is known that could matter.
func (e *Evaluator) routeAnywhere(s Source, d Destination) Hop {
	for _, r := range e.t.Routes() {
		if hop, known := r.NextHop.Get(); !known || hop != topology.HopInternetGateway {
			return Hop{Name: HopRoute, Status: topology.Undecided, Detail: "the network is not known: " + s.Network.Why()}
		}
	}
	return Hop{Name: HopRoute, Status: topology.Pass, Detail: d.Name + " is reached by the default route of the network, assumed",
		Evidence: []Evidence{assumed(s.Network, "default route", "0.0.0.0/0 to the default internet gateway")}}
}

// outcome is where one part of a destination leads.
type outcome struct {
	verdict  topology.Verdict
	custom   bool
	detail   string
	object   *topology.Object
	evidence []Evidence
}

// worse prefers, among undecided outcomes, the one that leads to a custom next hop: it says more.
func (o outcome) worse(than outcome) bool {
	return o.verdict > than.verdict || o.verdict == than.verdict && o.custom && !than.custom
}

func worst(list []outcome) outcome {
	w := list[0]
	for _, o := range list[1:] {
		if o.worse(w) {
			w = o
		}
	}
	return w
}

// possible collects the outcomes that cannot be excluded, and why there are several.
type possible struct {
	outcomes []outcome
	unsure   string
}

func (p *possible) add(o outcome, unsure string) {
	p.outcomes = append(p.outcomes, o)
	p.unsure = first(p.unsure, unsure)
}

// decide gives the outcome if all that are possible agree.
func (p *possible) decide() outcome {
	last := p.outcomes[len(p.outcomes)-1]
	var evidence []Evidence
	for _, o := range p.outcomes {
		if o.verdict != last.verdict {
			for _, o := range p.outcomes {
				evidence = append(evidence, o.evidence...)
			}
			return outcome{verdict: topology.Undecided, detail: "whether " + p.unsure, evidence: evidence}
		}
		last.custom = last.custom && o.custom
	}
	return last
}

// routing is one destination asked of one table.
type routing struct {
	e     *Evaluator
	s     Source
	d     Destination
	table *table
}

// along judges a part of the destination. Where routes lead into it, its halves are judged for themselves: a pair of routes
// to 0.0.0.0/1 and 128.0.0.0/1 is how the default route is commonly overruled.
func (q routing) along(p netip.Prefix, most int) outcome {
	if p.Bits() < most && p.Addr().Is4() && q.table.inside(p, most) {
		low, high := halves(p)
		return worst([]outcome{q.along(low, most), q.along(high, most)})
	}
	var poss possible
	if q.policies(p, &poss) {
		return poss.decide()
	}
	q.table.best(p, &poss, q.text(p))
	return poss.decide()
}

// text names the part of the destination.
func (q routing) text(p netip.Prefix) string {
	if p == everywhere || len(q.d.Prefixes) > 0 {
		return p.String()
	}
	return fmt.Sprintf("%s of %s", p, q.d.Name)
}

// policies asks the policy-based routes, which come before all others (VPC documentation, routing order).
// It reports whether one certainly decides.
func (q routing) policies(p netip.Prefix, poss *possible) bool {
	for _, c := range q.table.policies {
		m := and(c.match, q.towards(c.route.Route, p), q.from(c.route.Route))
		if m.verdict == topology.Fail {
			continue
		}
		if hop, known := c.route.NextHop.Get(); known && hop != topology.HopCustom && hop != topology.HopUnknown {
			if m.verdict == topology.Pass {
				return false // "default routing": the other policy-based routes are passed over
			}
			continue
		}
		if m.verdict == topology.Pass {
			poss.add(c.outcome(q.text(p)), "")
			return true
		}
		poss.add(c.outcome(q.text(p)), fmt.Sprintf("policy-based route %q applies is not known: %s", c.route.Display(), m.why))
	}
	return false
}

func (q routing) towards(r *topology.Route, p netip.Prefix) match {
	switch to, known := r.Destination.Get(); {
	case !known:
		return maybe("its destination is not known: %s", r.Destination.Why())
	case contains(to, p):
		return yes
	}
	return no
}

func (q routing) from(r *topology.Route) match {
	from, known := r.Source.Get()
	if !known {
		return maybe("its source range is not known: %s", r.Source.Why())
	}
	return within([]netip.Prefix{from}, q.e.primary(q.s.Subnetwork))
}

// someRangesOr softens a missing default route where routes lead to public ranges: Google's default domains may live in them.
func (q routing) someRangesOr(o outcome) outcome {
	for _, c := range q.table.routes {
		to, known := c.route.destination()
		if hop, told := c.hop(); known && to.Bits() > 0 && told && hop == topology.HopInternetGateway && public(to) {
			return outcome{verdict: topology.Undecided, evidence: append(slices.Clone(o.evidence), c.outcome(to.String()).evidence...),
				detail: "routes to some public ranges exist; whether they hold all of Google's is not decided"}
		}
	}
	return o
}
