package checks

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// fleet adds up, once for all clusters, the most nodes that each gateway serves.
type fleet struct {
	cases   map[topology.ID]*Case // of the clusters that are judged
	nodes   map[*topology.NAT]int
	unknown map[*topology.NAT]string
	hub     map[*topology.NAT]*hubLoad
	// references are those that were parsed: clusters mostly run the same images.
	references map[string]parsed
}

type parsed struct {
	ref image.Reference
	err error
}

// shared is the fleet of a case; one that is judged alone has its own.
func (k *Case) shared() *fleet {
	if k.fleet == nil {
		k.fleet = &fleet{}
	}
	return k.fleet
}

// parse reads a reference, each once.
func (f *fleet) parse(text string) (image.Reference, error) {
	p, done := f.references[text]
	if !done {
		p.ref, p.err = image.Parse(text)
		if f.references == nil {
			f.references = map[string]parsed{}
		}
		f.references[text] = p
	}
	return p.ref, p.err
}

// nodesBehind is the most nodes of every pool, of any cluster, whose primary range the gateway translates, and why that is not all.
func (k *Case) nodesBehind(n *topology.NAT) (total int, unknown string) {
	f := k.shared()
	if f.nodes == nil {
		f.count(k)
	}
	return f.nodes[n], f.unknown[n]
}

// caseOf is a cluster's case: the one it is judged by, where it is.
func (f *fleet) caseOf(k *Case, c *topology.Cluster) *Case {
	if judged := f.cases[c.ID]; judged != nil {
		return judged
	}
	return newCase(k.Facts, k.Paths, c, k.Policy)
}

func (f *fleet) count(k *Case) {
	f.nodes, f.unknown = map[*topology.NAT]int{}, map[*topology.NAT]string{}
	type served struct {
		nat  *topology.NAT
		pool *topology.NodePool
	}
	// GKE picks the subnetwork of a pool that names none, so that a pool may stand in several groups; its nodes count once.
	counted := map[served]bool{}
	for _, c := range k.Facts.Clusters() {
		for _, g := range f.caseOf(k, c).Groups {
			cover := k.Paths.Coverage(g.Subnetwork, g.Network, g.Region, egress.PrimaryRange)
			if cover.Verdict != topology.Pass {
				continue
			}
			for _, n := range cover.Gateways {
				for _, p := range g.Pools {
					if counted[served{n, p}] {
						continue
					}
					counted[served{n, p}] = true
					f.add(n, &g, p)
				}
			}
		}
	}
}

func (f *fleet) add(n *topology.NAT, g *Group, p *topology.NodePool) {
	switch most, known := p.MaxNodes.Get(); {
	case g.Maybe:
		f.unknown[n] = g.doubt()
	case known:
		f.nodes[n] += most
	default:
		f.unknown[n] = fmt.Sprintf("%s, %s", p.Address, p.MaxNodes.Why())
	}
}
