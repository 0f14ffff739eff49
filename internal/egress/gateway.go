package egress

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// vmEndpoint is the endpoint type of VMs, GKE nodes among them; an empty list means it.
const vmEndpoint = "ENDPOINT_TYPE_VM"

// gateway is a NAT with the network and region its router gives it.
type gateway struct {
	nat     *topology.NAT
	network topology.Value[topology.ID]
	region  string
	order   int
}

// gatewayIndex finds the gateways that could serve a subnetwork without looking at the others.
type gatewayIndex struct {
	all *shelf[*gateway]
	// open may serve subnetworks they do not name; listing are those that serve exactly the subnetworks they name.
	open    *shelf[*gateway]
	listing map[topology.ID][]*gateway
	region  map[string][]*gateway
}

func (e *Evaluator) gatewayIndex() *gatewayIndex {
	if e.gateways != nil {
		return e.gateways
	}
	x := &gatewayIndex{listing: map[topology.ID][]*gateway{}, region: map[string][]*gateway{}}
	var all, open []*gateway
	for i, n := range e.t.NATs() {
		g := &gateway{nat: n, region: n.Region(), order: i}
		if id, known := n.Router.Get(); !known {
			g.network = topology.Unknown[topology.ID]("its router is not known: "+n.Router.Why(), n.Router.Origin)
		} else if r := e.t.Router(id); r == nil {
			g.network = topology.Unknown[topology.ID](fmt.Sprintf("its router %q is in no source", nameOf(id)), n.Router.Origin)
		} else {
			g.network = r.Network
			g.region = cmp.Or(g.region, r.Region())
		}
		all = append(all, g)
		x.region[g.region] = append(x.region[g.region], g)
		if !namesAll(n) {
			open = append(open, g)
			continue
		}
		for _, entry := range n.Entries {
			id, _ := entry.Subnetwork.Get()
			if list := x.listing[id]; len(list) == 0 || list[len(list)-1] != g {
				x.listing[id] = append(list, g)
			}
		}
	}
	network := func(g *gateway) ([]topology.Value[topology.ID], bool) { return one(g.network) }
	x.all, x.open = shelve(all, network), shelve(open, network)
	e.gateways = x
	return x
}

// namesAll tells whether every subnetwork the gateway serves is known by name.
func namesAll(n *topology.NAT) bool {
	if mode, known := n.Mode.Get(); !known && len(n.Entries) == 0 || known && mode != topology.ListOfRanges || !n.EntriesTold {
		return false
	}
	return !slices.ContainsFunc(n.Entries, func(entry topology.NATEntry) bool { return !entry.Subnetwork.Known() })
}

// candidates are the gateways that could translate the range, in the order of their addresses.
func (x *gatewayIndex) candidates(q question) []*gateway {
	var list []*gateway
	network, inNetwork := q.network.Get()
	subnetwork, named := q.subnetwork.Get()
	switch {
	case inNetwork && named:
		list = slices.Concat(x.open.of[network], x.open.anywhere, x.listing[subnetwork])
	case inNetwork:
		list = slices.Concat(x.all.of[network], x.all.anywhere)
	case q.region != "":
		list = slices.Concat(x.region[q.region], x.region[""])
	default:
		list = slices.Clone(x.all.anywhere)
		for _, of := range x.all.of {
			list = append(list, of...)
		}
	}
	slices.SortFunc(list, func(a, b *gateway) int { return cmp.Compare(a.order, b.order) })
	return slices.Compact(list)
}

// question is one range of one subnetwork.
type question struct {
	subnetwork, network topology.Value[topology.ID]
	region              string
	rng                 Range
}

// judged is what one gateway is to a range. The fewer conditions fail, the nearer the miss.
type judged struct {
	at       *gateway
	verdict  topology.Verdict
	why      string
	failed   int
	rank     int
	evidence []Evidence
}

// judge asks all that Cloud NAT asks: "a gateway is associated with one region, one VPC network and one Cloud Router", is public,
// serves VMs, and names the range or all of them (Cloud NAT documentation).
func (q question) judge(g *gateway) judged {
	j := judged{at: g, verdict: topology.Pass}
	var why []string
	add := func(rank int, v topology.Verdict, text string) {
		switch {
		case v == topology.Fail:
			if j.verdict != topology.Fail {
				why, j.rank = nil, rank
			}
			j.failed++
			why = append(why, text)
		case v == topology.Undecided && j.verdict != topology.Fail:
			why = append(why, text)
		}
		j.verdict = topology.All(j.verdict, v)
	}
	ranges, text, evidence := q.ranges(g.nat)
	j.evidence = evidence
	add(1, ranges, text)
	v, text := publicForVMs(g.nat)
	add(2, v, text)
	v, text = q.sameRegion(g)
	add(3, v, text)
	v, text = q.sameNetwork(g)
	add(4, v, text)
	j.why = strings.Join(why, " and ")
	return j
}

// publicForVMs: "a Private NAT gateway gives no internet egress", and secure web proxies and proxy load balancers have gateways of their own.
func publicForVMs(n *topology.NAT) (topology.Verdict, string) {
	kind, kindKnown := n.Type.Get()
	if kindKnown && kind != "" && kind != "PUBLIC" {
		return topology.Fail, "is of type " + kind
	}
	ends, endsKnown := n.EndpointTypes.Get()
	if endsKnown && len(ends) > 0 && !slices.Contains(ends, vmEndpoint) {
		return topology.Fail, fmt.Sprintf("serves no VMs (endpoint types %s)", strings.Join(ends, ", "))
	}
	switch {
	case !kindKnown:
		return topology.Undecided, "its type is not known: " + n.Type.Why()
	case !endsKnown:
		return topology.Undecided, "its endpoint types are not known: " + n.EndpointTypes.Why()
	}
	return topology.Pass, ""
}

func (q question) sameRegion(g *gateway) (topology.Verdict, string) {
	switch {
	case g.region == "":
		return topology.Undecided, "its region is not known"
	case q.region == "":
		return topology.Undecided, "the region of the subnetwork is not known"
	case g.region != q.region:
		return topology.Fail, fmt.Sprintf("is in %s, the subnetwork in %s", g.region, q.region)
	}
	return topology.Pass, ""
}

func (q question) sameNetwork(g *gateway) (topology.Verdict, string) {
	its, known := g.network.Get()
	mine, asked := q.network.Get()
	switch {
	case known && asked && its != mine:
		project, name := topology.SplitID(its)
		if other, same := topology.SplitID(mine); same == name && other != project {
			return topology.Fail, fmt.Sprintf("belongs to network %q of project %q", name, project)
		}
		return topology.Fail, fmt.Sprintf("belongs to network %q", nameOf(its))
	case known && asked:
		return topology.Pass, ""
	case q.namedBy(g.nat):
		// A gateway can list only subnetworks of its router's network: the API refuses others.
		return topology.Pass, ""
	case !known:
		return topology.Undecided, g.network.Why()
	}
	return topology.Undecided, "the network of the subnetwork is not known: " + q.network.Why()
}

func (q question) namedBy(n *topology.NAT) bool {
	id, known := q.subnetwork.Get()
	return known && slices.ContainsFunc(n.Entries, func(entry topology.NATEntry) bool {
		its, named := entry.Subnetwork.Get()
		return named && its == id
	})
}
