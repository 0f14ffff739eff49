package checks

import (
	"net/netip"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// The world of these tests: cluster "c" of project "p" in us-central1 with one private pool, in subnetwork "gke" of network "vpc", all of
// one configuration. There is no gateway and Private Google Access is on; changes make of it what a case needs.
const (
	project = "p"
	region  = "us-central1"
)

type change func(*topology.Facts)

func world(changes ...change) topology.Facts {
	c := newCluster("c", newPool("default-pool"))
	f := topology.Facts{
		Clusters:    []*topology.Cluster{c},
		Networks:    []*topology.Network{newNetwork(project, "vpc")},
		Subnetworks: []*topology.Subnetwork{newSubnetwork("gke", "10.10.0.0/20")},
		Routers:     []*topology.Router{newRouter("router", region, "vpc")},
	}
	for _, ch := range changes {
		ch(&f)
	}
	return f
}

func known[T any](v T) topology.Value[T] { return topology.Known(v, topology.Origin{}) }

func later[T any]() topology.Value[T] {
	return topology.Unknown[T](topology.KnownAfterApply, topology.Origin{})
}

func object(kind, project, location, name string) topology.Object {
	return topology.Object{ID: topology.Identify(kind, project, location, name), Kind: "google_compute_" + kind,
		Address: "google_compute_" + kind + "." + name, Name: name, Project: project, Location: location, Managed: true}
}

func networkID(name string) topology.ID {
	return topology.Identify("network", project, "global", name)
}

func subnetworkID(name string) topology.ID {
	return topology.Identify("subnetwork", project, region, name)
}

func newNetwork(project, name string) *topology.Network {
	return &topology.Network{Object: object("network", project, "global", name), DefaultRoutesDeleted: known(false), PoliciesFirst: known(false)}
}

func newSubnetwork(name, cidr string) *topology.Subnetwork {
	return &topology.Subnetwork{Object: object("subnetwork", project, region, name), Network: known(networkID("vpc")), GoogleAccess: known(true),
		GoogleAccessConfigured: known(true), Primary: known(netip.MustParsePrefix(cidr)), SecondaryTold: true,
		Secondary: []topology.Range{secondary("pods", "10.20.0.0/16"), secondary("services", "10.30.0.0/20")}}
}

func secondary(name, cidr string) topology.Range {
	return topology.Range{Name: known(name), Prefix: known(netip.MustParsePrefix(cidr))}
}

func newRouter(name, region, network string) *topology.Router {
	return &topology.Router{Object: object("router", project, region, name), Network: known(networkID(network))}
}

func newCluster(name string, pools ...*topology.NodePool) *topology.Cluster {
	o := object("cluster", project, region, name)
	o.Kind, o.Address = "google_container_cluster", "google_container_cluster."+name
	c := &topology.Cluster{Object: o, Network: known(networkID("vpc")), Subnetwork: topology.Known(subnetworkID("gke"), o.From("subnetwork")),
		PrivateNodes: known(true), Autopilot: known(false), PodRange: known("pods"), AutoIPAM: known(false), SNATDisabled: known(false), Pools: pools}
	for _, p := range pools {
		p.Cluster, p.Subnetwork = known(o.ID), c.Subnetwork
	}
	return c
}

func newPool(name string) *topology.NodePool {
	o := object("pool", project, region, name)
	o.Kind, o.Address = "google_container_node_pool", "google_container_node_pool."+name
	return &topology.NodePool{Object: o, Private: known(true), Subnetwork: known(subnetworkID("gke")), PodRange: known("pods"), Tags: known([]string{"node"}),
		ServiceAccount: known("nodes@p.iam.gserviceaccount.com"), MaxNodes: known(3)}
}

// cluster, pool, subnetwork and network change the first of their kind.
func cluster(do func(*topology.Cluster)) change {
	return func(f *topology.Facts) { do(f.Clusters[0]) }
}

func pool(do func(*topology.NodePool)) change {
	return func(f *topology.Facts) { do(f.Clusters[0].Pools[0]) }
}

func subnetwork(do func(*topology.Subnetwork)) change {
	return func(f *topology.Facts) { do(f.Subnetworks[0]) }
}

func network(do func(*topology.Network)) change {
	return func(f *topology.Facts) { do(f.Networks[0]) }
}

// addPool adds a pool to the cluster; addSubnetwork another subnetwork to the network.
func addPool(name string, changes ...func(*topology.NodePool)) change {
	return func(f *topology.Facts) {
		p := newPool(name)
		for _, ch := range changes {
			ch(p)
		}
		f.Clusters[0].Pools = append(f.Clusters[0].Pools, p)
	}
}

func addSubnetwork(name, cidr string) change {
	return func(f *topology.Facts) { f.Subnetworks = append(f.Subnetworks, newSubnetwork(name, cidr)) }
}

// unmanaged makes the network one that is only mentioned.
func unmanaged(f *topology.Facts) { f.Networks[0].Managed = false }

// unseen takes the network out of all sources: a literal.
func unseen(f *topology.Facts) { f.Networks = nil }
