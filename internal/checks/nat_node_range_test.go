package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestNATNodeRange(t *testing.T) {
	expect(t, "nat-node-range", []expectation{
		{name: "every range of the network", facts: world(nat("all")),
			want: []want{{topology.Pass, Error, gkeAddress, []string{`subnetwork "gke" (10.10.0.0/20)`, `"all"`}, "", ""}}},
		{name: "primary ranges are enough", facts: world(nat("primaries", primaries)),
			want: []want{{topology.Pass, Error, gkeAddress, nil, "", ""}}},
		{name: "the subnetwork is listed", facts: world(nat("listed", lists(entry("gke", topology.EntryPrimary)))),
			want: []want{{topology.Pass, Error, gkeAddress, nil, "", ""}}},
		{name: "no options are all ranges", facts: world(nat("listed", lists(entry("gke")))),
			want: []want{{topology.Pass, Error, gkeAddress, nil, "", ""}}},
		{name: "two gateways, one of them wrong", facts: world(nat("private", ofType("PRIVATE")), nat("all")),
			want: []want{{topology.Pass, Error, gkeAddress, []string{`by "all"`}, "", ""}}},
		{name: "no gateway at all", facts: world(),
			want: []want{{topology.Fail, Error, gkeAddress, []string{`subnetwork "gke" (10.10.0.0/20) has no Public NAT`, `cluster "c" cannot pull`, "outside Google"},
				"network = google_compute_network.vpc.id", ""}}},
		{name: "another subnetwork is listed", facts: world(addSubnetwork("bastion", "10.11.0.0/20"), nat("bastion", lists(entry("bastion", topology.EntryAllRanges)))),
			want: []want{{topology.Fail, Error, gkeAddress, []string{`gateway "bastion" does not list the subnetwork`},
				"# in google_compute_router_nat.bastion\nsubnetwork {\n  name                    = google_compute_subnetwork.gke.id", ""}}},
		{name: "only the pods' range is listed", facts: world(nat("pods", lists(onlySecondary("gke", "pods")))),
			want: []want{{topology.Fail, Error, gkeAddress, []string{`lists only secondary range "pods"`}, "ALL_IP_RANGES", ""}}},
		{name: "a private gateway", facts: world(nat("private", ofType("PRIVATE"))),
			want: []want{{topology.Fail, Error, gkeAddress, []string{`gateway "private" is of type PRIVATE`}, `resource "google_compute_router_nat"`, ""}}},
		{name: "a gateway for proxies", facts: world(nat("swg", func(n *topology.NAT) { n.EndpointTypes = known([]string{"ENDPOINT_TYPE_SWG"}) })),
			want: []want{{topology.Fail, Error, gkeAddress, []string{"serves no VMs (endpoint types ENDPOINT_TYPE_SWG)"}, "", ""}}},
		{name: "another region", facts: world(natOn("east", "us-east1", "vpc")),
			want: []want{{topology.Fail, Error, gkeAddress, []string{"is in us-east1, the subnetwork in us-central1"}, `region  = "us-central1"`, ""}}},
		{name: "another network", facts: world(natOn("mgmt", region, "mgmt")),
			want: []want{{topology.Fail, Error, gkeAddress, []string{`gateway "mgmt" belongs to network "mgmt"`}, "", ""}}},
		{name: "an entry that apply decides", facts: world(nat("later", lists(topology.NATEntry{Subnetwork: later[topology.ID](), NamesTold: true}))),
			want: []want{{topology.Undecided, Error, gkeAddress, []string{`gateway "later" may serve it`, topology.KnownAfterApply}, "", ""}}},
		{name: "nobody looked", facts: world(unmanaged),
			want: []want{{topology.Undecided, Error, gkeAddress, []string{"is not managed here", "--state"}, "", ""}}},
		{name: "public pools are not asked", facts: world(addSubnetwork("public", "10.12.0.0/20"), nat("listed", lists(entry("gke"))), addPool("public", public, in("public"))),
			want: []want{{topology.Pass, Error, gkeAddress, nil, "", ""}}},
	})
}

func ofType(kind string) func(*topology.NAT) {
	return func(n *topology.NAT) { n.Type = known(kind) }
}

func onlySecondary(subnetwork string, names ...string) topology.NATEntry {
	e := named(subnetwork, names...)
	e.Options = known([]string{topology.EntrySecondary})
	return e
}

// natOn adds a gateway on a router of its own, in another region or network.
func natOn(name, region, network string) change {
	return func(f *topology.Facts) {
		f.Routers = append(f.Routers, newRouter("of-"+name, region, network))
		nat(name, func(n *topology.NAT) {
			n.Location, n.Router = region, known(topology.Identify("router", project, region, "of-"+name))
		})(f)
	}
}

func public(p *topology.NodePool) { p.Private, p.OwnPrivacy = known(false), true }

func in(subnetwork string) func(*topology.NodePool) {
	return func(p *topology.NodePool) {
		p.Subnetwork = topology.Known(subnetworkID(subnetwork), p.From("network_config.subnetwork"))
	}
}

func tagged(tags ...string) func(*topology.NodePool) {
	return func(p *topology.NodePool) { p.Tags = known(tags) }
}

func TestNATNodeRangeOfPools(t *testing.T) {
	two := []change{addSubnetwork("far", "10.40.0.0/20"), addPool("far", in("far"))}
	all := func(more ...change) topology.Facts { return world(append(two, more...)...) }
	expect(t, "nat-node-range", []expectation{
		{name: "one subnetwork of two", facts: all(nat("listed", lists(entry("gke")))),
			want: []want{
				{topology.Fail, Error, "google_compute_subnetwork.far", []string{`"far" (10.40.0.0/20)`, `node pool "far" cannot pull`}, "", ""},
				{topology.Pass, Error, gkeAddress, nil, "", ""}}},
		{name: "both by two gateways", facts: all(nat("a", lists(entry("gke"))), nat("b", lists(entry("far")))),
			want: []want{{topology.Pass, Error, "google_compute_subnetwork.far", nil, "", ""}, {topology.Pass, Error, gkeAddress, nil, "", ""}}},
		{name: "two pools in one subnetwork are one result", facts: world(addPool("tagged", tagged("other"))),
			want: []want{{topology.Fail, Error, gkeAddress, nil, "", ""}}},
		{name: "the tags of one pool lead around the gateway, the other's not", facts: world(addPool("tagged", tagged("proxied")), route("proxy", "0.0.0.0/0", topology.HopCustom,
			routeTags("proxied"), func(r *topology.Route) { r.Priority = known(100) })),
			want: []want{{topology.Skip, Error, gkeAddress, []string{"Cloud NAT does not apply", "proxy"}, "", ""}, {topology.Fail, Error, gkeAddress, nil, "", ""}}},
		{name: "a further subnetwork of a multi-subnet cluster", facts: world(addSubnetwork("extra", "10.50.0.0/20"), cluster(extraSubnetwork("extra", "extra-pods")),
			pool(func(p *topology.NodePool) { p.Subnetwork.Origin = clusterOrigin() }), nat("listed", lists(entry("gke")))),
			want: []want{{topology.Fail, Error, "google_compute_subnetwork.extra", []string{`"extra" (10.50.0.0/20) has no Public NAT`}, "", ""}, {topology.Pass, Error, gkeAddress, nil, "", ""}}},
		{name: "a custom next hop", facts: world(proxied, nat("all")),
			want: []want{{topology.Skip, Error, gkeAddress, []string{"Cloud NAT does not apply", `route "to-proxy"`, "instance proxy"}, "", ""}}},
		{name: "shared VPC: a gateway of the service project does not count", facts: sharedVPC(nat("mine", func(n *topology.NAT) {
			n.Router = known(topology.Identify("router", project, region, "router"))
		})), want: []want{{topology.Fail, Error, gkeAddress, []string{`belongs to network "vpc" of project "p"`}, `project                            = "host"`, ""}}},
	})
}

func extraSubnetwork(name string, podRanges ...string) func(*topology.Cluster) {
	return func(c *topology.Cluster) {
		e := topology.ClusterSubnetwork{Subnetwork: known(subnetworkID(name))}
		for _, r := range podRanges {
			e.PodRanges = append(e.PodRanges, known(r))
		}
		c.ExtraSubnetworks = append(c.ExtraSubnetworks, e)
	}
}

func clusterOrigin() topology.Origin {
	return topology.Origin{Object: clusterAddress, Attribute: "subnetwork"}
}

// sharedVPC moves network and subnetwork to a host project, where the cluster uses them.
func sharedVPC(changes ...change) topology.Facts {
	f := world(changes...)
	host := newNetwork("host", "vpc")
	f.Networks = append(f.Networks, host)
	host.Address = "google_compute_network.shared"
	sub := f.Subnetworks[0]
	sub.ID, sub.Project, sub.Network = topology.Identify("subnetwork", "host", region, "gke"), "host", known(host.ID)
	c := f.Clusters[0]
	c.Network = known(host.ID)
	c.Subnetwork = topology.Known(sub.ID, c.From("subnetwork"))
	for _, p := range c.Pools {
		p.Subnetwork = c.Subnetwork
	}
	return f
}
