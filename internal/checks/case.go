package checks

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Case is one cluster before a check.
type Case struct {
	Facts   *topology.Topology
	Paths   *egress.Evaluator
	Cluster *topology.Cluster
	Policy  Policy
	// Groups are the private node pools that the network treats alike.
	Groups []Group
	// All is true when every pool of the cluster is private and treated alike, so that results speak of the cluster.
	All bool
	// fleet is shared by the clusters that are judged together.
	fleet *fleet
	// ways and demands are what was found once for all private nodes, or for a group.
	ways    map[string]reach
	demands map[*Group]demand
	images  []use
	read    bool
	// private is every private node; alike is true where no pool sets itself apart by taints or by what its containerd asks.
	private []part
	alike   bool
}

// Group is the private node pools of a cluster that share subnetwork, tags and service account.
type Group struct {
	Pools []*topology.NodePool
	egress.Source
	// Maybe is true when it is open whether these nodes are private.
	Maybe bool
}

// newCase sorts a cluster's pools into groups.
func newCase(t *topology.Topology, paths *egress.Evaluator, c *topology.Cluster, p Policy) *Case {
	k := &Case{Facts: t, Paths: paths, Cluster: c, Policy: p}
	byKey := map[string]int{}
	for _, pool := range c.Pools {
		private, known := pool.Private.Get()
		if known && !private {
			continue
		}
		places := []topology.Value[topology.ID]{pool.Subnetwork}
		if pool.Subnetwork.Origin == c.Subnetwork.Origin {
			// GKE picks the subnetwork of a pool that names none, among all of the cluster's.
			for _, extra := range c.ExtraSubnetworks {
				places = append(places, extra.Subnetwork)
			}
		}
		for _, place := range places {
			key := groupKey(pool, place, known)
			i, there := byKey[key]
			if !there {
				i = len(k.Groups)
				byKey[key] = i
				k.Groups = append(k.Groups, Group{Maybe: !known, Source: source(t, c, pool, place)})
			}
			k.Groups[i].Pools = append(k.Groups[i].Pools, pool)
		}
	}
	// Certain ones first: of results that say the same, the first is kept.
	slices.SortStableFunc(k.Groups, func(a, b Group) int {
		switch {
		case a.Maybe == b.Maybe:
			return 0
		case b.Maybe:
			return -1
		}
		return 1
	})
	k.All = len(k.Groups) == 1 && len(k.Groups[0].Pools) == len(c.Pools)
	return k
}

// doubt is why it is open whether the group's nodes are private; empty where they are.
func (g *Group) doubt() string {
	if !g.Maybe {
		return ""
	}
	return "whether the nodes are private at all is not known: " + g.Pools[0].Private.Why()
}

// soften turns a failure into an undecided result where it is open whether the nodes are private at all.
func (g *Group) soften(r Result) Result {
	if r.Status == topology.Fail && g.Maybe {
		r.Status = topology.Undecided
		r.Message += "; " + g.doubt()
	}
	return r
}

// aroundNAT says why Cloud NAT does not apply to a group: the best route to the internet leads elsewhere. Empty where it applies.
func (k *Case) aroundNAT(g *Group) string {
	if hop := k.Paths.Route(g.Source, egress.TheInternet); hop.Custom {
		return "Cloud NAT does not apply: " + hop.Detail
	}
	return ""
}

func groupKey(p *topology.NodePool, place topology.Value[topology.ID], known bool) string {
	tags, tagsKnown := p.Tags.Get()
	sorted := slices.Sorted(slices.Values(tags))
	account, accountKnown := p.ServiceAccount.Get()
	parts := []string{string(place.Or(topology.ID("?" + place.Origin.Object))), strings.Join(sorted, ","), account}
	for _, b := range []bool{known, tagsKnown, accountKnown} {
		parts = append(parts, map[bool]string{true: "k", false: "u"}[b])
	}
	return strings.Join(parts, "\x00")
}

func source(t *topology.Topology, c *topology.Cluster, p *topology.NodePool, place topology.Value[topology.ID]) egress.Source {
	s := egress.Source{Cluster: c, Subnetwork: place, Network: c.Network, Region: c.Region(), Tags: p.Tags, ServiceAccount: p.ServiceAccount}
	if id, known := place.Get(); known {
		if sub := t.Subnetwork(id); sub != nil {
			if sub.Network.Known() {
				s.Network = sub.Network
			}
			s.Region = cmp.Or(sub.Location, s.Region)
		}
	}
	return s
}

// privacy says in the report's words which of a cluster's nodes are private.
func privacy(c *topology.Cluster) string {
	private, public := 0, 0
	for _, p := range c.Pools {
		switch v, known := p.Private.Get(); {
		case !known:
			return "unknown"
		case v:
			private++
		default:
			public++
		}
	}
	switch {
	case private == 0:
		return "none"
	case public == 0:
		return "all"
	}
	return "some"
}

// subnetwork is the group's subnetwork, nil when no source describes it, and the object that results about it name.
func (k *Case) subnetwork(g *Group) (*topology.Subnetwork, Object) {
	id, known := g.Subnetwork.Get()
	if !known {
		return nil, objectOf(&k.Cluster.Object)
	}
	if s := k.Facts.Subnetwork(id); s != nil {
		return s, objectOf(&s.Object)
	}
	_, name := topology.SplitID(id)
	return nil, Object{Kind: "google_compute_subnetwork", Address: linkOf(id), Name: name}
}

// linkOf writes an ID as the path people know: projects/P/regions/R/subnetworks/N.
func linkOf(id topology.ID) string {
	parts := strings.SplitN(string(id), "/", 4)
	if _, name := topology.SplitID(id); name == "" || len(parts) < 4 {
		return string(id)
	}
	return "projects/" + parts[1] + "/regions/" + parts[2] + "/subnetworks/" + parts[3]
}

// about is the object of a result on a group: the cluster when all its nodes are alike, else the pool.
func (k *Case) about(g *Group) Object {
	if k.All {
		return objectOf(&k.Cluster.Object)
	}
	return objectOf(&g.Pools[0].Object)
}

// who names a group's nodes in a sentence.
func (k *Case) who(g *Group) string {
	if k.Cluster.Kind == probeKind {
		return "private nodes of subnetwork " + quote(k.Cluster.Display())
	}
	if k.All {
		return "cluster " + quote(k.Cluster.Display())
	}
	if len(g.Pools) == 1 {
		return "node pool " + quote(g.Pools[0].Display())
	}
	names := make([]string, 0, len(g.Pools))
	for _, p := range g.Pools {
		names = append(names, quote(p.Display()))
	}
	if len(names) > 4 {
		names = append(names[:3], "…")
	}
	return "node pools " + strings.Join(names, ", ")
}

func objectOf(o *topology.Object) Object {
	return Object{Kind: o.Kind, Address: o.Address, Name: o.Name, File: o.File, Line: o.Line}
}

func quote(s string) string { return `"` + s + `"` }
