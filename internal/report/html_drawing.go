package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// network is what a report tells of one cluster's ways out: nothing is judged here, what results say is put where it happens.
type network struct {
	name, place string
	mark        mark
	ranges      []end
	lanes       []lane
}

// end is a line in a box: a range of the nodes, or a registry.
type end struct {
	name  string
	mark  mark
	count int
}

// lane is one way out: the hops in the order a packet meets them, and what lies at its end.
type lane struct {
	title string
	hops  []station
	ends  []end
}

// station is one hop; told says whether any result speaks of it.
type station struct {
	name, under, why string
	mark             mark
	told             bool
	// at is the result that decided the mark.
	at *checks.Result
}

const (
	toInternet = iota
	toGoogle
)

// held are the checks that speak for a hop also where they passed and draw no path.
var held = []map[string][]string{
	toInternet: {"internet-route": {egress.HopRoute}, "egress-firewall": {egress.HopFirewall}, "nat-node-range": {egress.HopExit}},
	toGoogle:   {"private-google-access": {egress.HopRoute, egress.HopFirewall, egress.HopAccess}, "registry-dns": {egress.HopDNS}},
}

// networkOf gathers what the results of a cluster tell of its ways out.
func networkOf(g *group) network {
	n := network{name: Clean(cmp.Or(g.Name, g.Address)), place: place(g.Cluster), mark: clusterMark(g.Verdict), lanes: []lane{
		toInternet: {title: "The internet", hops: []station{{name: egress.HopRoute}, {name: egress.HopFirewall}, {name: egress.HopExit}}},
		toGoogle:   {title: "Google’s registries", hops: []station{{name: egress.HopDNS}, {name: egress.HopRoute}, {name: egress.HopFirewall}, {name: egress.HopAccess}}},
	}}
	for _, r := range g.results {
		way := wayOf(r)
		for _, hop := range r.Path {
			n.lanes[way].meet(Clean(hop.Name), softened(hop.Status, r), Clean(hop.Detail), r)
		}
		for _, hop := range held[way][r.Check] {
			if r.Status == topology.Pass || len(r.Path) == 0 {
				n.lanes[way].meet(hop, markIn(r), Clean(r.Message), r)
			}
		}
		n.source(r)
	}
	n.gateways(g.results)
	n.registries(g)
	n.lanes = slices.DeleteFunc(n.lanes, func(l lane) bool {
		return len(l.ends) == 0 && !slices.ContainsFunc(l.hops, func(s station) bool { return s.told })
	})
	return n
}

// wayOf tells which way a result is about: the internet is reached by an exit, Google's services by an access.
func wayOf(r *checks.Result) int {
	for way := range held {
		if _, is := held[way][r.Check]; is {
			return way
		}
	}
	named := func(name string) bool {
		return slices.ContainsFunc(r.Path, func(h egress.Hop) bool { return h.Name == name })
	}
	if named(egress.HopAccess) && !named(egress.HopExit) {
		return toGoogle
	}
	return toInternet
}

// softened is the mark of a hop as far as its result weighs: what a warning or an exception breaks is no error.
func softened(v topology.Verdict, r *checks.Result) mark {
	if v == topology.Fail && (r.Severity != checks.Error || r.Suppressed != nil) {
		return bang
	}
	return verdictMark(v)
}

func markIn(r *checks.Result) mark { return softened(r.Status, r) }

// weight orders marks by what a reader must see first.
func weight(m mark) int { return slices.Index([]mark{dash, tick, bang, question, cross}, m) }

// order is how a packet meets the hops.
var order = []string{egress.HopDNS, egress.HopRoute, egress.HopFirewall, egress.HopExit, egress.HopAccess}

// meet notes what a result says of a hop; the worst stays. A hop that the way does not always have finds its place.
func (l *lane) meet(name string, m mark, why string, r *checks.Result) {
	place := slices.Index(order, name)
	if place < 0 {
		return
	}
	i, met := slices.BinarySearchFunc(l.hops, place, func(s station, place int) int { return slices.Index(order, s.name) - place })
	if !met {
		l.hops = slices.Insert(l.hops, i, station{name: name})
	}
	if s := &l.hops[i]; !s.told || weight(m) > weight(s.mark) {
		s.told, s.mark, s.why, s.at = true, m, why, r
	}
}

// source adds the range that a result is about.
func (n *network) source(r *checks.Result) {
	suffix := map[string]string{"nat-node-range": " · nodes", "nat-pod-range": " · pods"}[r.Check]
	if suffix != "" && r.Object.Kind == "google_compute_subnetwork" {
		n.ranges = added(n.ranges, Clean(cmp.Or(r.Object.Name, r.Object.Address))+suffix, markIn(r))
	}
}

// added counts a name once more; the worst mark stays.
func added(list []end, name string, m mark) []end {
	i := slices.IndexFunc(list, func(e end) bool { return e.name == name })
	if i < 0 {
		return append(list, end{name, m, 1})
	}
	list[i].count++
	if weight(m) > weight(list[i].mark) {
		list[i].mark = m
	}
	return list
}

// gateways names the Public NAT gateways that results speak of, under the exit.
func (n *network) gateways(results []*checks.Result) {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, r := range results {
		if r.Object.Kind == "google_compute_router_nat" {
			add(Clean(cmp.Or(r.Object.Name, r.Object.Address)))
		}
	}
	// Where no result is about a gateway, what results rest on may name one.
	for _, r := range results {
		for _, e := range r.Evidence {
			if _, name, is := strings.Cut(e.Object, "google_compute_router_nat."); is && len(names) == 0 {
				add(Clean(name))
			}
		}
	}
	exit := &n.lanes[toInternet].hops[slices.IndexFunc(n.lanes[toInternet].hops, func(s station) bool { return s.name == egress.HopExit })]
	switch {
	case len(names) > 1:
		exit.under = counted(len(names), "gateway")
	case len(names) == 1:
		exit.under = names[0]
	}
}
