package checks

import (
	"cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Probe is private nodes in one subnetwork that stand in for a cluster's, where a question is about a subnetwork and not about a cluster.
type Probe struct {
	// Project and Region are the subnetwork's; Subnetwork is its name.
	Project, Region, Subnetwork string
	// Account is the nodes' service account; empty for the Compute Engine default account.
	Account string
	Tags    []string
	// PodRanges are the names of secondary ranges that pods have their addresses from.
	PodRanges []string
}

// probeKind marks the cluster that stands for a probe.
const probeKind = "google_compute_subnetwork"

// ID is the identity of the subnetwork asked about.
func (p Probe) ID() topology.ID {
	return topology.Identify("google_compute_subnetwork", p.Project, p.Region, p.Subnetwork)
}

// Over puts the probe's nodes into a world in place of its clusters and of what those pull.
func (p Probe) Over(f topology.Facts) topology.Facts {
	from := topology.Origin{Object: "subnetwork", Attribute: "subnetwork"}
	c := &topology.Cluster{PrivateNodes: topology.Known(true, from), Subnetwork: topology.Known(p.ID(), from), PodRange: topology.Known("", from),
		Autopilot: topology.Known(false, from), SNATDisabled: topology.Default(false, from), AutoIPAM: topology.Known(false, from)}
	c.Object = topology.Object{ID: topology.ID("addr:probe/" + string(p.ID())), Kind: probeKind, Address: "subnetwork", Name: p.Subnetwork, Project: p.Project, Location: p.Region}
	c.Network = topology.Unknown[topology.ID]("no source tells of subnetwork "+quote(p.Subnetwork), from)
	for _, s := range f.Subnetworks {
		if s.ID == p.ID() {
			c.Network = s.Network
		}
	}
	pool := &topology.NodePool{Object: c.Object, Cluster: topology.Known(c.ID, from), Private: c.PrivateNodes, Subnetwork: c.Subnetwork,
		Tags:           topology.Known(p.Tags, topology.Origin{Object: "subnetwork", Attribute: "network_tags"}),
		ServiceAccount: topology.Known(p.Account, topology.Origin{Object: "subnetwork", Attribute: "service_account"}),
		Scopes:         topology.Known([]string{topology.CloudPlatform}, from),
		MaxNodes:       topology.Unknown[int]("nobody said how many nodes there are", from)}
	for i, name := range p.PodRanges {
		if v := topology.Known(name, topology.Origin{Object: "subnetwork", Attribute: "pod_ranges"}); i == 0 {
			pool.PodRange = v
		} else {
			c.ExtraPodRanges = append(c.ExtraPodRanges, v)
		}
	}
	c.Pools = []*topology.NodePool{pool}
	f.Clusters, f.Images, f.Masquerades = []*topology.Cluster{c}, nil, nil
	return f
}

// RangeCoverage says of one range of a subnetwork which gateways translate it.
type RangeCoverage struct {
	// Name is empty for the primary range. CIDR is empty where it is not known.
	Name, CIDR string
	Verdict    topology.Verdict
	// Gateways are the names of those that translate it; or may, where that is undecided.
	Gateways []string
	// Why says what is not known, or the nearest miss.
	Why string
}

// Ranges lists the ranges of the probe's subnetwork, the primary one first, with the gateways that translate each.
func (p Probe) Ranges(t *topology.Topology) []RangeCoverage {
	sub := t.Subnetwork(p.ID())
	if sub == nil {
		return nil
	}
	paths := egress.New(t)
	row := func(name string, prefix string, r egress.Range) RangeCoverage {
		c := paths.Coverage(topology.Known(p.ID(), topology.Origin{}), sub.Network, p.Region, r)
		out := RangeCoverage{Name: name, CIDR: prefix, Verdict: c.Verdict, Why: c.Why}
		for _, g := range c.Gateways {
			out.Gateways = append(out.Gateways, g.Display())
		}
		return out
	}
	cidr := ""
	if prefix, known := sub.Primary.Get(); known {
		cidr = prefix.String()
	}
	out := []RangeCoverage{row("", cidr, egress.PrimaryRange)}
	for _, s := range sub.Secondary {
		cidr := ""
		if prefix, known := s.Prefix.Get(); known {
			cidr = prefix.String()
		}
		out = append(out, row(cmp.Or(s.Name.Or(""), "?"), cidr, egress.Range{Name: s.Name}))
	}
	return out
}
