package googlecloud

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cloud.google.com/go/container/apiv1/containerpb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// clusters is what was told of clusters and node pools, until all of it is there: pools may come apart from their cluster, and before it.
type clusters struct {
	list []cluster
	// apart holds the pools that came alone, by the ID of their cluster.
	apart map[topology.ID][]*containerpb.NodePool
}

type cluster struct {
	told *containerpb.Cluster
	fact *topology.Cluster
}

// Cluster adds a GKE cluster with its node pools.
func (v *Inventory) Cluster(c *containerpb.Cluster) {
	o := v.clusterObject(clusterLink(c))
	if o.Name == "" || !v.once(o.ID) {
		return
	}
	v.clusters.list = append(v.clusters.list, cluster{told: c, fact: &topology.Cluster{Object: o}})
}

// Pool adds a node pool that came apart from its cluster; address is its full resource name.
func (v *Inventory) Pool(address string, p *containerpb.NodePool) {
	at, _, found := strings.Cut(address, "/nodePools/")
	if !found || p.GetName() == "" {
		return
	}
	id := v.clusterObject(parseLink(at)).ID
	if v.clusters.apart == nil {
		v.clusters.apart = map[topology.ID][]*containerpb.NodePool{}
	}
	v.clusters.apart[id] = append(v.clusters.apart[id], p)
}

// clusterLink is where a cluster lies: its self link tells, or what else of it names its project.
func clusterLink(c *containerpb.Cluster) link {
	l := parseLink(c.GetSelfLink())
	l.name, l.location = cmp.Or(c.GetName(), l.name), cmp.Or(c.GetLocation(), l.location)
	for _, p := range c.GetNodePools() {
		l.project = cmp.Or(l.project, parseLink(p.GetSelfLink()).project)
	}
	// Under Shared VPC the network lies in another project, so it comes last.
	l.project = cmp.Or(l.project, parseLink(c.GetNetworkConfig().GetNetwork()).project)
	return l
}

// clusterObject names a cluster by its full resource name, which says "locations" for zones too.
func (v *Inventory) clusterObject(l link) topology.Object {
	project := v.projectID(l.project)
	return v.object("google_container_cluster", "//container.googleapis.com/projects/"+project+"/locations/"+l.location+"/clusters/"+l.name, project, l.location, l.name)
}

// settleClusters reads the clusters once everything they name was told.
func (v *Inventory) settleClusters() {
	for _, c := range v.clusters.list {
		v.readCluster(c.told, c.fact)
		pools := slices.Concat(c.told.GetNodePools(), v.clusters.apart[c.fact.ID])
		read := map[string]bool{}
		for _, p := range pools {
			if name := p.GetName(); name != "" && !read[name] {
				read[name] = true
				c.fact.Pools = append(c.fact.Pools, v.readPool(c, p))
			}
		}
		if len(c.fact.Pools) == 0 {
			c.fact.Pools = []*topology.NodePool{v.standIn(c)}
		}
		c.sizesByNow()
		v.facts.Clusters = append(v.facts.Clusters, c.fact)
	}
	v.clusters = clusters{}
}

func (v *Inventory) readCluster(c *containerpb.Cluster, f *topology.Cluster) {
	f.Network, f.Subnetwork = v.clusterNetwork(c, f)
	f.PrivateNodes = privateNodes(c, f)
	f.Autopilot = settled(c.GetAutopilot().GetEnabled(), f.From("autopilot.enabled"))
	f.SNATDisabled = settled(c.GetNetworkConfig().GetDefaultSnatStatus().GetDisabled(), f.From("networkConfig.defaultSnatStatus.disabled"))
	ranges := c.GetIpAllocationPolicy()
	f.PodRange = text(ranges.GetClusterSecondaryRangeName(), "", f.From("ipAllocationPolicy.clusterSecondaryRangeName"))
	if ranges.GetUseIpAliases() && ranges.GetClusterSecondaryRangeName() == "" {
		// The range exists, whoever made it; only its name is left out.
		f.PodRange = topology.Unknown[string]("the API does not name it", f.PodRange.Origin)
	}
	f.AutoIPAM = settled(ranges.GetAutoIpamConfig().GetEnabled(), f.From("ipAllocationPolicy.autoIpamConfig.enabled"))
	for i, name := range ranges.GetAdditionalPodRangesConfig().GetPodRangeNames() {
		from := f.From(fmt.Sprintf("ipAllocationPolicy.additionalPodRangesConfig.podRangeNames[%d]", i))
		f.ExtraPodRanges = append(f.ExtraPodRanges, topology.Known(name, from))
	}
	for i, extra := range ranges.GetAdditionalIpRangesConfigs() {
		// One that drains counts as long as it is listed: nodes still run there.
		from := f.From(fmt.Sprintf("ipAllocationPolicy.additionalIpRangesConfigs[%d]", i))
		s := topology.ClusterSubnetwork{Subnetwork: v.subnetworkOf(f, extra.GetSubnetwork(), from)}
		for _, name := range extra.GetPodIpv4RangeNames() {
			s.PodRanges = append(s.PodRanges, topology.Known(name, from))
		}
		f.ExtraSubnetworks = append(f.ExtraSubnetworks, s)
	}
}

// clusterNetwork is the network and subnetwork that networkConfig names in full. The cluster's own fields are short names, so that under Shared VPC
// they do not tell the project; left out, both are those called "default".
func (v *Inventory) clusterNetwork(c *containerpb.Cluster, f *topology.Cluster) (network, subnetwork topology.Value[topology.ID]) {
	own := c.GetNetworkConfig()
	home := &topology.Object{Project: v.projectID(cmp.Or(parseLink(own.GetSubnetwork()).project, parseLink(own.GetNetwork()).project, f.Project)), Location: f.Location}
	refer := func(kind, full, short, attribute string) topology.Value[topology.ID] {
		from := f.From(attribute)
		if full != "" {
			from = f.From("networkConfig." + attribute)
		}
		id := v.refer(home, kind, cmp.Or(full, short, "default"), from)
		id.Assumed = full == "" && short == ""
		return id
	}
	network = refer("google_compute_network", own.GetNetwork(), c.GetNetwork(), "network")
	subnetwork = refer("google_compute_subnetwork", own.GetSubnetwork(), c.GetSubnetwork(), "subnetwork")
	if subnetwork.Assumed && !network.Assumed {
		subnetwork = topology.Unknown[topology.ID]("the cluster names none", subnetwork.Origin) // a legacy network has none
	}
	return network, subnetwork
}

// subnetworkOf is a subnetwork that a cluster names, in full or by its name in the cluster's own region and network project.
func (v *Inventory) subnetworkOf(f *topology.Cluster, name string, from topology.Origin) topology.Value[topology.ID] {
	home := &topology.Object{Project: f.Project, Location: f.Location}
	if id, known := f.Network.Get(); known {
		home.Project, _ = topology.SplitID(id)
	}
	return v.refer(home, "google_compute_subnetwork", name, from)
}

// privateNodes is the cluster's default: networkConfig.defaultEnablePrivateNodes, and where that is left out the deprecated field before it. That a
// cluster has a privateClusterConfig proves nothing: public ones have one too.
func privateNodes(c *containerpb.Cluster, f *topology.Cluster) topology.Value[bool] {
	if own := c.GetNetworkConfig(); own != nil && own.DefaultEnablePrivateNodes != nil {
		return topology.Known(*own.DefaultEnablePrivateNodes, f.From("networkConfig.defaultEnablePrivateNodes"))
	}
	if c.GetPrivateClusterConfig().GetEnablePrivateNodes() { //nolint:staticcheck // deprecated, and all that older clusters have
		return topology.Known(true, f.From("privateClusterConfig.enablePrivateNodes"))
	}
	return topology.Default(false, f.From("networkConfig.defaultEnablePrivateNodes"))
}

// settled is a boolean of which the API leaves out false, Google's default.
func settled(b bool, from topology.Origin) topology.Value[bool] {
	if b {
		return topology.Known(true, from)
	}
	return topology.Default(false, from)
}
