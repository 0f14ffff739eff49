package egress

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Coverage says whether Public NAT gateways that serve VMs translate a range.
type Coverage struct {
	Verdict topology.Verdict
	// Gateways translate the range (Pass), or may (Undecided).
	Gateways []*topology.NAT
	// Why says what is not known and which source would tell (Undecided), or the nearest miss (Fail).
	Why string
	// Misses are gateways that look as if they served the range and do not, nearest first.
	Misses   []Miss
	Evidence []Evidence
}

// Miss is a gateway that does not translate a range, and why not.
type Miss struct {
	NAT *topology.NAT
	Why string
}

// Range is the range of a subnetwork that is asked about.
type Range struct {
	Name    topology.Value[string]
	Primary bool
	// Created is true for a secondary range that GKE will create: nobody can list it by name beforehand.
	Created bool
}

// PrimaryRange is the range nodes have their addresses from.
var PrimaryRange = Range{Primary: true}

func (r Range) primary() bool {
	name, known := r.Name.Get()
	return r.Primary || known && name == "" && !r.Created
}

type coverKey struct {
	subnetwork, network    ref
	region                 string
	name                   string
	named, primary, create bool
}

// Scanned gateways for near misses are limited: they only word the failure, they do not decide it.
const (
	mostMisses    = 50
	mostNamesakes = 3
)

// Coverage asks which gateways translate a range, over all gateways that could serve it.
func (e *Evaluator) Coverage(subnetwork, network topology.Value[topology.ID], region string, r Range) Coverage {
	name, named := r.Name.Get()
	k := coverKey{refer(subnetwork), refer(network), region, name, named, r.primary(), r.Created}
	c, done := e.covered[k]
	if !done {
		c = e.cover(subnetwork, e.networkOf(network, subnetwork), region, r)
		e.covered[k] = c
	}
	return c
}

// mostMaybes is how many undecided gateways are told of; where the network is not known every gateway of the region is one.
const mostMaybes = 20

func (e *Evaluator) cover(subnetwork, network topology.Value[topology.ID], region string, r Range) Coverage {
	q := question{subnetwork: subnetwork, network: network, region: e.regionOf(subnetwork, region), rng: r}
	index := e.gatewayIndex()
	var covers, may Coverage
	var misses []judged
	unsure := ""
	candidates := index.candidates(q)
	for _, g := range candidates {
		switch j := q.judge(g); j.verdict {
		case topology.Pass:
			covers.Gateways = append(covers.Gateways, g.nat)
			covers.Evidence = append(covers.Evidence, j.evidence...)
		case topology.Undecided:
			if unsure == "" {
				unsure = fmt.Sprintf("gateway %q may serve it: %s", g.nat.Display(), j.why)
			}
			if len(may.Gateways) < mostMaybes {
				may.Gateways = append(may.Gateways, g.nat)
				may.Evidence = append(may.Evidence, j.evidence...)
			}
		default:
			misses = append(misses, j)
		}
	}
	if len(covers.Gateways) > 0 {
		covers.Verdict = topology.Pass
		return covers
	}
	near := q.misses(index, candidates, misses)
	if len(may.Gateways) > 0 {
		may.Verdict, may.Why, may.Misses = topology.Undecided, unsure, near
		return may
	}
	c := Coverage{Misses: near}
	for _, m := range near {
		c.Evidence = append(c.Evidence, read(&m.NAT.Object, "source_subnetwork_ip_ranges_to_nat", m.NAT.Mode, m.NAT.Mode.Or("unknown")))
	}
	// Absence counts only where somebody looked.
	if seen, why := e.t.Seen(topology.Routers, network); !seen {
		c.Verdict, c.Why = topology.Undecided, why
		return c
	}
	c.Verdict = topology.Fail
	c.Why = "its network has no Public NAT gateway in its region"
	if len(near) == 0 {
		none := assumed(network, "Cloud NAT", "none in "+first(region, "the region"))
		none.Assumed = false
		c.Evidence = []Evidence{none}
	}
	if len(near) > 0 {
		c.Why = fmt.Sprintf("gateway %q %s", near[0].NAT.Display(), near[0].Why)
	}
	return c
}

// regionOf is the region asked for, or the subnetwork's where the question names none.
func (e *Evaluator) regionOf(subnetwork topology.Value[topology.ID], region string) string {
	id, known := subnetwork.Get()
	if region != "" || !known {
		return region
	}
	if sub := e.t.Subnetwork(id); sub != nil {
		return sub.Region()
	}
	return ""
}

// misses words the failures of the gateways asked and, where they are few, of their neighbours.
func (q question) misses(index *gatewayIndex, asked []*gateway, misses []judged) []Miss {
	done := make(map[*gateway]bool, len(asked))
	for _, g := range asked {
		done[g] = true
	}
	look := func(list []*gateway, most int) {
		for _, g := range list {
			if most == 0 {
				return
			}
			if !done[g] {
				done[g] = true
				most--
				if j := q.judge(g); j.verdict == topology.Fail {
					misses = append(misses, j)
				}
			}
		}
	}
	if id, known := q.network.Get(); known {
		look(index.all.of[id], mostMisses)
	}
	if len(misses) == 0 && q.region != "" {
		look(index.region[q.region], mostNamesakes)
	}
	slices.SortStableFunc(misses, func(a, b judged) int {
		return cmp.Or(cmp.Compare(a.failed, b.failed), cmp.Compare(a.rank, b.rank), cmp.Compare(a.at.order, b.at.order))
	})
	out := make([]Miss, 0, len(misses))
	for _, m := range misses {
		out = append(out, Miss{NAT: m.at.nat, Why: m.why})
	}
	return out
}

// Exit is the Public NAT hop for the primary range: a pull is made by a process of the node, and leaves with the node's address.
func (e *Evaluator) Exit(s Source) Hop {
	c := e.Coverage(s.Subnetwork, s.Network, s.Region, PrimaryRange)
	h := Hop{Name: HopExit, Status: c.Verdict, Evidence: c.Evidence}
	where := e.subnetworkText(s.Subnetwork)
	switch c.Verdict {
	case topology.Pass:
		names := ""
		for i, g := range c.Gateways {
			if i > 0 {
				names += ", "
			}
			names += g.Display()
		}
		h.Detail = where + " is translated by " + names
		h.Object = &c.Gateways[0].Object
	case topology.Fail:
		h.Detail = "no Public NAT gateway translates " + where + ": " + c.Why
	default:
		h.Detail = "whether a Public NAT gateway translates " + where + " is not known: " + c.Why
	}
	return h
}
