package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestNATOverlap(t *testing.T) {
	one := func(status topology.Verdict, severity Severity, says ...string) []want {
		return []want{{status, severity, gkeAddress, says, "", ""}}
	}
	clash := func(severity Severity, says ...string) []want {
		return []want{{topology.Fail, severity, gkeAddress, append(says, "claimed by 2 Public NAT gateways", "given ports by none"), `"LIST_OF_SUBNETWORKS"`, ""}}
	}
	unsure := lists(topology.NATEntry{Subnetwork: later[topology.ID](), NamesTold: true})
	expect(t, "nat-overlap", []expectation{
		{name: "one gateway", facts: world(nat("all")), want: one(topology.Pass, Error)},
		{name: "lists that do not meet", facts: world(nat("a", lists(named("gke"))), nat("b", lists(onlySecondary("gke", "pods")))), want: one(topology.Pass, Error)},
		{name: "lists of other subnetworks", facts: world(addSubnetwork("far", "10.40.0.0/20"), nat("a", lists(entry("gke"))), nat("b", lists(entry("far")))), want: one(topology.Pass, Error)},
		{name: "a private gateway beside a public one", facts: world(nat("all"), nat("private", ofType("PRIVATE"))), want: one(topology.Pass, Error)},
		{name: "a gateway of another region", facts: world(nat("all"), natOn("east", "us-east1", "vpc")), want: one(topology.Pass, Error)},
		{name: "two for everything", facts: world(nat("a"), nat("b")), want: clash(Error, "the primary range of subnetwork", `"a" and "b"`)},
		{name: "everything and a list", facts: world(nat("a"), nat("b", lists(entry("gke")))), want: clash(Error)},
		{name: "two lists", facts: world(nat("a", lists(entry("gke"))), nat("b", lists(entry("gke")))), want: clash(Error)},
		{name: "a secondary range only", facts: world(nat("a", lists(named("gke", "pods"))), nat("b", lists(onlySecondary("gke", "pods")))), want: clash(Error, `secondary range "pods"`)},
		{name: "primary ranges twice", facts: world(nat("a", primaries), nat("b", lists(entry("gke", topology.EntryPrimary)))), want: clash(Warning)},
		{name: "primary ranges beside everything", facts: world(nat("a", primaries), nat("b")), want: clash(Error)},
		{name: "two that apply decides", facts: world(nat("a", unsure), nat("b", unsure)), want: one(topology.Undecided, Error, "claimed twice is not known", topology.KnownAfterApply)},
		{name: "one that apply decides claims nothing twice", facts: world(nat("a", unsure)), want: one(topology.Skip, Error, "no Public NAT gateway is known")},
		{name: "one that apply decides beside one that is certain", facts: world(nat("a"), nat("b", unsure)), want: one(topology.Pass, Error)},
		{name: "only a secondary range is claimed", facts: world(nat("a", lists(onlySecondary("gke", "services")))), want: one(topology.Pass, Error)},
		{name: "a gateway for proxies beside one for VMs", facts: world(nat("all"), nat("swg", func(n *topology.NAT) { n.EndpointTypes = known([]string{"ENDPOINT_TYPE_SWG"}) })), want: one(topology.Pass, Error)},
		{name: "three", facts: world(nat("a"), nat("b"), nat("c")), want: []want{{topology.Fail, Error, gkeAddress, []string{"claimed by 3 Public NAT gateways"}, `"LIST_OF_SUBNETWORKS"`, ""}}},
		{name: "the subnetwork's ranges could not be read", facts: world(func(f *topology.Facts) { f.Subnetworks = nil }, unmanaged, nat("a"), reading(topology.Subnetworks, "403: compute.subnetworks.list")),
			want: []want{{topology.Undecided, Error, "projects/p/regions/us-central1/subnetworks/gke", []string{"claimed twice is not known", "403: compute.subnetworks.list"}, "", ""}}},
		{name: "others could not be read, and this one is told", facts: world(unmanaged, nat("a"), reading(topology.Subnetworks, "403: compute.subnetworks.list")), want: one(topology.Pass, Error)},
		{name: "one, and others could not be read", facts: world(unmanaged, nat("a"), reading(topology.Routers, "403: compute.routers.list")), want: one(topology.Undecided, Error, "claimed twice is not known", "403: compute.routers.list")},
		{name: "two, and others could not be read", facts: world(unmanaged, nat("a"), nat("b"), reading(topology.Routers, "403: compute.routers.list")), want: clash(Error)},
		{name: "no gateway", facts: world(), want: one(topology.Skip, Error)},
		{name: "a custom next hop", facts: world(proxied, nat("a"), nat("b")), want: one(topology.Skip, Error, "Cloud NAT does not apply")},
	})
}

func TestNATRangeNames(t *testing.T) {
	const natAddress = "google_compute_router_nat.n"
	pass := []want{{topology.Pass, Warning, natAddress, []string{"exist, and no pod range is left out"}, "", ""}}
	fail := func(says ...string) []want {
		return []want{{topology.Fail, Warning, natAddress, says, "# in google_compute_router_nat.n\nsubnetwork {\n  name                    = google_compute_subnetwork.gke.id", ""}}
	}
	unknown := func(says ...string) []want {
		return []want{{topology.Undecided, Warning, natAddress, says, "", ""}}
	}
	byName := nat("n", lists(named("gke", "pods")))
	created := pool(func(p *topology.NodePool) { p.PodRange = known("") })
	auto := cluster(func(c *topology.Cluster) { c.AutoIPAM = known(true) })
	expect(t, "nat-range-names", []expectation{
		{name: "the name exists", facts: world(byName), want: pass},
		{name: "the services range may be listed", facts: world(nat("n", lists(named("gke", "pods", "services")))), want: pass},
		{name: "a name that does not exist", facts: world(nat("n", lists(named("gke", "pods", "pod")))), want: fail(`lists secondary range "pod"`, `subnetwork "gke" does not have`)},
		{name: "a range that GKE creates", facts: world(created, byName), want: fail("GKE will create the pod range", `cluster "c"`, "left out")},
		{name: "a range that GKE creates, all ranges listed", facts: world(created, nat("n", lists(entry("gke", topology.EntryAllRanges)))), want: nil},
		{name: "automatic IP address management", facts: world(auto, byName), want: fail("auto_ipam_config", "left out")},
		{name: "automatic IP address management, everything translated", facts: world(auto, nat("n")), want: nil},
		{name: "a private gateway is no way to the internet", facts: world(created, nat("n", lists(named("gke", "pods")), ofType("PRIVATE"))), want: nil},
		{name: "another subnetwork's names", facts: world(addSubnetwork("far", "10.40.0.0/20"), nat("n", lists(named("far", "nothing")))), want: nil},
		{name: "another subnetwork's names, in a gateway of this one too", facts: world(addSubnetwork("far", "10.40.0.0/20"), nat("n", lists(named("far", "nothing"), named("gke", "pods")))), want: pass},
		{name: "an entry that apply decides beside this one's", facts: world(nat("n", lists(topology.NATEntry{Subnetwork: later[topology.ID](), Options: known([]string{topology.EntrySecondary}), NamesTold: true}, named("gke", "pods")))), want: pass},
		{name: "all ranges beside names that do not exist", facts: world(nat("n", lists(func() topology.NATEntry {
			e := named("gke", "nothing")
			e.Options = known([]string{topology.EntryAllRanges, topology.EntrySecondary})
			return e
		}()))), want: nil},
		{name: "names without the option that asks for them", facts: world(nat("n", lists(func() topology.NATEntry {
			e := named("gke", "nothing")
			e.Options = known([]string{topology.EntryPrimary})
			return e
		}()))), want: nil},
		{name: "a gateway without a type is a public one", facts: world(nat("n", lists(named("gke", "nothing")), ofType(""))), want: fail(`lists secondary range "nothing"`)},
		{name: "a gateway for VMs and proxies", facts: world(nat("n", lists(named("gke", "nothing")), func(n *topology.NAT) { n.EndpointTypes = known([]string{"ENDPOINT_TYPE_SWG", "ENDPOINT_TYPE_VM"}) })), want: fail(`"nothing"`)},
		{name: "a gateway for proxies alone", facts: world(nat("n", lists(named("gke", "nothing")), func(n *topology.NAT) { n.EndpointTypes = known([]string{"ENDPOINT_TYPE_SWG"}) })), want: nil},
		{name: "the name is there beside one that apply decides", facts: world(byName, subnetwork(func(s *topology.Subnetwork) { s.Secondary[1].Name = later[string]() })), want: pass},
		{name: "the name may be the one that apply decides", facts: world(byName, subnetwork(func(s *topology.Subnetwork) { s.Secondary[0].Name = later[string]() })), want: unknown(`the ranges of subnetwork "gke" are not known`)},
		{name: "a name that is missing beside one that apply decides", facts: world(nat("n", lists(named("gke", "pods", "gone"), func() topology.NATEntry { return entry("far") }()), func(n *topology.NAT) { n.Entries[0].Names[0] = later[string]() })),
			want: fail(`lists secondary range "gone"`)},
		{name: "automatic management that apply decides", facts: world(cluster(func(c *topology.Cluster) { c.AutoIPAM = later[bool]() }), byName), want: pass},
		{name: "a name that apply decides", facts: world(nat("n", lists(named("gke", "pods")), func(n *topology.NAT) { n.Entries[0].Names[0] = later[string]() })), want: unknown(topology.KnownAfterApply)},
		{name: "a list that apply decides", facts: world(byName, func(f *topology.Facts) { f.NATs[0].Entries[0].NamesTold = false }), want: unknown("the list of names is not known")},
		{name: "ranges that nobody told", facts: world(byName, subnetwork(func(s *topology.Subnetwork) { s.SecondaryTold = false })), want: unknown(`the ranges of subnetwork "gke" are not known`)},
		{name: "a subnetwork that no source describes", facts: world(byName, func(f *topology.Facts) { f.Subnetworks = nil }), want: unknown(`the ranges of subnetwork "gke" are not known`)},
		{name: "a custom next hop", facts: world(created, byName, proxied), want: []want{{topology.Skip, Warning, gkeAddress, []string{"Cloud NAT does not apply"}, "", ""}}},
	})
}
