package egress

import (
	"cmp"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

type tableKey struct {
	network ref
	tags    string
	region  string // where a Cloud Router learned any route
}

// table is the routes that may apply to nodes with certain tags, best first.
type table struct {
	routes   []candidate
	policies []candidate
	// none says why there may be no default route.
	none outcome
	// missed is a default route that these nodes have no tag for.
	missed *topology.Route
}

// candidate is a route that applies, or may. The network's own default route has no object.
type candidate struct {
	route    routeOrDefault
	match    match
	bits     int
	priority int
}

// routeOrDefault is a route of the sources, or the default route that a network has from its creation.
type routeOrDefault struct {
	*topology.Route
	evidence Evidence
}

func (r routeOrDefault) destination() (netip.Prefix, bool) {
	if r.Route == nil {
		return everywhere, true
	}
	return r.Destination.Get()
}

// anyBits sorts routes whose destination is not known before all others: they might be the most specific.
const anyBits = 129

// defaultPriority is that of the default route a new network gets, and of static routes that name none.
const defaultPriority = 1000

// routesByNetwork sorts the routes when first asked, and notes whether any of them is a dynamic one, which holds in one region only.
func (e *Evaluator) routesByNetwork() *shelf[*topology.Route] {
	if e.routes == nil {
		e.routes = shelve(e.t.Routes(), func(r *topology.Route) ([]topology.Value[topology.ID], bool) { return one(r.Network) })
		e.regional = slices.ContainsFunc(e.t.Routes(), func(r *topology.Route) bool { return r.Region != "" })
	}
	return e.routes
}

func (e *Evaluator) tableOf(s Source) *table {
	routes := e.routesByNetwork()
	k := tableKey{network: refer(s.Network), tags: joined(s.Tags)}
	if e.regional {
		k.region = s.Region
	}
	if t := e.tables[k]; t != nil {
		return t
	}
	t := &table{none: outcome{verdict: topology.Fail}}
	id, _ := s.Network.Get()
	for _, r := range slices.Concat(routes.of[id], routes.anywhere) {
		// GKE's own tags never select a route: nobody knows them when the route is written.
		here := inNetwork(r.Network, s.Network)
		m := and(here, learnedHere(r, s), tagged(r.Tags, s, false))
		if m.verdict == topology.Fail {
			if here.verdict != topology.Fail && t.missed == nil && leadsOut(r) {
				t.missed = r
			}
			continue
		}
		if r.Policy {
			t.policies = append(t.policies, candidate{route: routeOrDefault{Route: r}, match: m, priority: r.Priority.Or(math.MaxInt)})
			continue
		}
		t.add(r, m)
	}
	e.addDefault(t, s.Network)
	slices.SortStableFunc(t.routes, better)
	slices.SortStableFunc(t.policies, better)
	e.tables[k] = t
	return t
}

// learnedHere asks whether a dynamic route is in force where the nodes are.
func learnedHere(r *topology.Route, s Source) match {
	switch {
	case r.Region == "" || r.Region == s.Region:
		return yes
	case s.Region == "":
		return maybe("a Cloud Router learned it in %s, and the region of the nodes is not known", r.Region)
	}
	return no
}

// better orders routes: the longest prefix first, then the lowest priority number, then static before dynamic.
func better(a, b candidate) int {
	return cmp.Or(-cmp.Compare(a.bits, b.bits), cmp.Compare(a.priority, b.priority), cmp.Compare(a.rank(), b.rank()))
}

// rank puts static routes before dynamic ones of the same length and priority (VPC documentation, "Routing order").
func (c candidate) rank() int {
	if c.route.Route != nil && c.route.Region != "" {
		return 1
	}
	return 0
}

func (t *table) add(r *topology.Route, m match) {
	c := candidate{route: routeOrDefault{Route: r}, match: m, bits: anyBits}
	if to, known := r.Destination.Get(); !known {
		c.match = and(m, maybe("its destination is not known: %s", r.Destination.Why()))
	} else if c.bits = to.Bits(); to.Addr().Is6() {
		return
	}
	p, known := r.Priority.Get()
	c.priority = p
	if !known {
		// It may come before all routes of its length; if there are no others, it certainly counts.
		last := c
		last.priority = math.MaxInt
		t.routes = append(t.routes, last)
		c.priority = -1
		c.match = and(c.match, maybe("its priority is not known: %s", r.Priority.Why()))
	}
	t.routes = append(t.routes, c)
}

// addDefault adds the route that every network has unless delete_default_routes_on_create took it away.
// Where the routes of a network that exists were listed, it has those and no other.
func (e *Evaluator) addDefault(t *table, network topology.Value[topology.ID]) {
	id, _ := network.Get()
	n := e.t.Network(id)
	c := candidate{match: yes, priority: defaultPriority}
	if e.routesListed(n, id) {
		t.none.evidence = []Evidence{{Object: linkText(id), Attribute: "routes", Value: "listed"}}
		return
	}
	if n == nil || !n.Managed {
		if n == nil || !n.DefaultRoutesDeleted.Known() {
			c.route.evidence = assumed(network, "default route", "0.0.0.0/0 to the default internet gateway")
			if n != nil {
				c.route.evidence.Object = n.Address
			}
			t.routes = append(t.routes, c)
			return
		}
	}
	deleted, known := n.DefaultRoutesDeleted.Get()
	c.route.evidence = read(&n.Object, "delete_default_routes_on_create", n.DefaultRoutesDeleted, fmt.Sprint(deleted))
	switch {
	case !known:
		c.route.evidence.Value = "unknown"
		c.match = maybe("whether the default routes are deleted is not known: %s", n.DefaultRoutesDeleted.Why())
	case deleted:
		t.none.detail = ": default routes are deleted when the network is created"
		t.none.evidence = []Evidence{c.route.evidence}
		return
	}
	t.routes = append(t.routes, c)
}

// routesListed tells whether a source listed the routes of a network. Of one that is created by the plan at hand there was nothing to list.
func (e *Evaluator) routesListed(n *topology.Network, id topology.ID) bool {
	if n == nil {
		project, _ := topology.SplitID(id)
		return e.t.Listed(topology.Routes, project)
	}
	return !n.Created && e.t.Listed(topology.Routes, n.Project)
}

// inside tells whether routes lead into a prefix, down to a length.
func (t *table) inside(p netip.Prefix, most int) bool {
	into := func(c candidate) bool {
		to, known := c.route.destination()
		return known && to.Bits() > p.Bits() && to.Bits() <= most && p.Contains(to.Addr())
	}
	return slices.ContainsFunc(t.routes, into) || slices.ContainsFunc(t.policies, into)
}

// best collects the outcomes of the routes that hold the prefix: those that may apply, down to the first that does.
// Routes of equal length and priority share the traffic, so the worst of them counts.
func (t *table) best(p netip.Prefix, poss *possible, text string) {
	for i := 0; i < len(t.routes); {
		first := t.routes[i]
		var certain, unsure []outcome
		why := ""
		for ; i < len(t.routes) && better(t.routes[i], first) == 0; i++ {
			c := t.routes[i]
			if to, known := c.route.destination(); known && !contains(to, p) {
				continue
			}
			if c.match.verdict == topology.Pass {
				certain = append(certain, c.outcome(text))
				continue
			}
			unsure = append(unsure, c.outcome(text))
			if why == "" {
				why = c.unsure()
			}
		}
		if len(certain) == 0 {
			for _, o := range unsure {
				poss.add(o, why)
			}
			continue
		}
		if len(unsure) > 0 {
			poss.add(worst(append(unsure, certain...)), why)
		}
		poss.add(worst(certain), "")
		return
	}
	none := t.none
	none.detail = "no route to " + text + none.detail
	if t.missed != nil {
		none.detail += fmt.Sprintf("; route %q applies only to nodes with tag %s", t.missed.Display(), "\""+strings.Join(t.missed.Tags.Or(nil), "\" or \"")+"\"")
		none.evidence = append(slices.Clone(none.evidence), Evidence{Object: t.missed.Address, Attribute: "tags", Value: strings.Join(t.missed.Tags.Or(nil), ", ")})
	}
	poss.add(none, "")
}

func (c candidate) unsure() string {
	if c.route.Route == nil {
		return "the default route exists is not known: " + c.match.why
	}
	return fmt.Sprintf("route %q applies is not known: %s", c.route.Display(), c.match.why)
}

func (c candidate) hop() (topology.NextHopKind, bool) {
	if c.route.Route == nil {
		return topology.HopInternetGateway, true
	}
	return c.route.NextHop.Get()
}

// outcome is where the route leads. Cloud NAT and Private Google Access use only routes whose next hop is the default internet
// gateway (Cloud NAT documentation); another next hop may give egress of its own kind, which is not known here.
func (c candidate) outcome(text string) outcome {
	if c.route.Route == nil {
		return outcome{verdict: topology.Pass, detail: text + " leads to the default internet gateway by the network's default route",
			evidence: []Evidence{c.route.evidence}}
	}
	r := c.route.Route
	o := outcome{object: &r.Object}
	hop, known := r.NextHop.Get()
	kind := fmt.Sprintf("route %q", r.Display())
	if r.Policy {
		kind = "policy-based " + kind
	}
	through := r.Through
	switch {
	case !known || hop == topology.HopUnknown:
		o.verdict = topology.Undecided
		o.detail = fmt.Sprintf("%s for %s leads to a next hop that is not known", kind, text)
		if !known {
			o.detail += ": " + r.NextHop.Why()
		}
		through = "unknown"
	case hop == topology.HopInternetGateway:
		o.verdict = topology.Pass
		o.detail = fmt.Sprintf("%s leads to the default internet gateway by %s", text, kind)
		through = "default internet gateway"
	case hop == topology.HopCustom:
		if through == "" {
			through = "a custom next hop"
		}
		o.verdict, o.custom = topology.Undecided, true
		o.detail = fmt.Sprintf("%s for %s leads through %s: custom egress, not decided here", kind, text, through)
	default:
		if through == "" {
			through = "the network or a peer"
		}
		o.verdict = topology.Fail
		o.detail = fmt.Sprintf("%s for %s stays within %s", kind, text, through)
	}
	o.evidence = []Evidence{read(&r.Object, "next_hop", r.NextHop, through)}
	return o
}

// leadsOut tells whether a route is a default route to the internet gateway.
func leadsOut(r *topology.Route) bool {
	to, known := r.Destination.Get()
	return known && to.Bits() == 0 && r.NextHop.Or(topology.HopUnknown) == topology.HopInternetGateway
}
