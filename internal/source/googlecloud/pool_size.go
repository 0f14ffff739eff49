package googlecloud

import (
	"cmp"

	"cloud.google.com/go/container/apiv1/containerpb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// autopilotGrows is why the most nodes of an Autopilot cluster are not known.
const autopilotGrows = "Autopilot adds nodes as it needs them"

// maxNodes is the most nodes of a pool: the total maximum as it is, else the maximum or the first size of one zone times the zones, and the nodes that
// an upgrade adds at once (maxSurge, 1 by default; GKE documentation, "Surge upgrades").
func (c cluster) maxNodes(n *topology.NodePool, p *containerpb.NodePool) topology.Value[int] {
	if c.fact.Autopilot.Or(false) {
		return topology.Unknown[int](autopilotGrows, c.fact.From("autopilot.enabled"))
	}
	surge := 1
	if settings := p.GetUpgradeSettings(); settings != nil {
		surge = int(settings.GetMaxSurge())
	}
	zones, assumed := c.zones(p)
	size := func(count int32, times int, attribute string) topology.Value[int] {
		most := topology.Known(int(count)*times+surge, n.From(attribute))
		most.Assumed = assumed && times == zones
		return most
	}
	switch scaling := p.GetAutoscaling(); {
	case scaling.GetEnabled() && scaling.GetTotalMaxNodeCount() > 0:
		return size(scaling.GetTotalMaxNodeCount(), 1, "autoscaling.totalMaxNodeCount")
	case scaling.GetEnabled() && scaling.GetMaxNodeCount() > 0:
		return size(scaling.GetMaxNodeCount(), zones, "autoscaling.maxNodeCount")
	}
	return size(p.GetInitialNodeCount(), zones, "initialNodeCount")
}

// zones counts the zones of a pool: its own list, else the cluster's, else one for a zonal cluster and for a regional one the three that GKE picks by
// default.
func (c cluster) zones(p *containerpb.NodePool) (count int, assumed bool) {
	if own := cmp.Or(len(p.GetLocations()), len(c.told.GetLocations())); own > 0 {
		return own, false
	}
	if c.fact.Region() != c.fact.Location {
		return 1, false
	}
	return 3, true
}

// sizesByNow takes back the sizes of pools that do not scale by themselves where the cluster has more nodes than they all could: initialNodeCount
// stays what it was when a pool is resized.
func (c cluster) sizesByNow() {
	most := 0
	for _, p := range c.fact.Pools {
		n, known := p.MaxNodes.Get()
		if !known {
			return
		}
		most += n
	}
	if int(c.told.GetCurrentNodeCount()) <= most { //nolint:staticcheck // deprecated, and all that tells a resized pool
		return
	}
	for _, p := range c.fact.Pools {
		if p.MaxNodes.Origin.Attribute == "initialNodeCount" {
			p.MaxNodes = topology.Unknown[int]("the cluster has more nodes by now than its pools were made with", p.MaxNodes.Origin)
		}
	}
}
