package egress

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const (
	pass = topology.Pass
	fail = topology.Fail
	open = topology.Undecided
)

func secondary(name string) Range { return Range{Name: k(name)} }

func TestCoverage(t *testing.T) {
	other := networkID("p", "other")
	namesake := networkID("q", "net")
	unlisted := func(n *topology.NAT) { n.Mode, n.EntriesTold = k(topology.ListOfRanges), false }
	oneOf := func(options topology.Value[[]string], of ...topology.ID) topology.NATEntry {
		return topology.NATEntry{Subnetwork: u[topology.ID](), OneOf: of, Options: options, NamesTold: true}
	}
	bastion := subnetworkID("p", region, "bastion")
	created := Range{Name: u[string](), Created: true}
	tests := []struct {
		name string
		nats []*topology.NAT
		more func(*topology.Facts)
		ask  Range
		want topology.Verdict
		why  string
	}{
		{name: "no gateway", ask: PrimaryRange, want: fail, why: "no Public NAT"},
		{name: "all ranges, primary", nats: []*topology.NAT{nat("a")}, ask: PrimaryRange, want: pass},
		{name: "all ranges, secondary", nats: []*topology.NAT{nat("a")}, ask: secondary("pods"), want: pass},
		{name: "all ranges, created by gke", nats: []*topology.NAT{nat("a")}, ask: created, want: pass},
		{name: "all primary, primary", nats: []*topology.NAT{nat("a", mode(topology.AllPrimaryRanges))}, ask: PrimaryRange, want: pass},
		{name: "all primary, secondary", nats: []*topology.NAT{nat("a", mode(topology.AllPrimaryRanges))}, ask: secondary("pods"), want: fail, why: "primary ranges only"},
		{name: "the empty name is the primary range", nats: []*topology.NAT{nat("a", mode(topology.AllPrimaryRanges))}, ask: secondary(""), want: pass},

		{name: "listed, no options means all", nats: []*topology.NAT{nat("a", entries(entry(gke, list())))}, ask: secondary("pods"), want: pass},
		{name: "listed, all", nats: []*topology.NAT{nat("a", entries(entry(gke, list(topology.EntryAllRanges))))}, ask: created, want: pass},
		{name: "listed, primary", nats: []*topology.NAT{nat("a", entries(entry(gke, list(topology.EntryPrimary))))}, ask: PrimaryRange, want: pass},
		{name: "listed, primary, asked for pods", nats: []*topology.NAT{nat("a", entries(entry(gke, list(topology.EntryPrimary))))}, ask: secondary("pods"), want: fail, why: "lists only the primary range"},
		{name: "listed, pods only", nats: []*topology.NAT{nat("a", entries(entry(gke, list(topology.EntrySecondary), "pods")))}, ask: PrimaryRange, want: fail, why: `lists only secondary range "pods"`},
		{name: "listed, primary and pods", nats: []*topology.NAT{nat("a", entries(entry(gke, list(topology.EntryPrimary, topology.EntrySecondary), "pods")))}, ask: secondary("pods"), want: pass},
		{name: "listed, other pods", nats: []*topology.NAT{nat("a", entries(entry(gke, list(topology.EntryPrimary, topology.EntrySecondary), "old")))}, ask: secondary("pods"), want: fail, why: `the primary range and secondary range "old"`},
		{name: "a created range cannot be listed", nats: []*topology.NAT{nat("a", entries(entry(gke, list(topology.EntrySecondary), "pods")))}, ask: created, want: fail, why: "not the range that GKE will create"},
		{name: "names not told", nats: []*topology.NAT{nat("a", entries(topology.NATEntry{Subnetwork: k(gke), Options: list(topology.EntrySecondary)}))}, ask: secondary("pods"), want: open, why: "not all known"},
		{name: "names not told do not matter for the primary range", nats: []*topology.NAT{nat("a", entries(topology.NATEntry{Subnetwork: k(gke), Options: list(topology.EntrySecondary)}))}, ask: PrimaryRange, want: fail},
		{name: "one name not known, another fits", nats: []*topology.NAT{nat("a", entries(topology.NATEntry{Subnetwork: k(gke), Options: list(topology.EntrySecondary),
			Names: []topology.Value[string]{u[string](), k("pods")}, NamesTold: true}))}, ask: secondary("pods"), want: pass},
		{name: "range name not known", nats: []*topology.NAT{nat("a", entries(entry(gke, list(topology.EntrySecondary), "pods")))}, ask: Range{Name: u[string]()}, want: open, why: "name of the range"},
		{name: "options not known", nats: []*topology.NAT{nat("a", entries(entry(gke, u[[]string]())))}, ask: PrimaryRange, want: open},

		{name: "lists the bastion's subnetwork", nats: []*topology.NAT{nat("a", entries(entry(bastion, list())))}, ask: PrimaryRange, want: fail, why: "does not list the subnetwork"},
		{name: "lists a namesake of another region", nats: []*topology.NAT{nat("a", entries(entry(subnetworkID("p", "us-east1", "gke"), list())))}, ask: PrimaryRange, want: fail, why: `another subnetwork "gke" (project "p", us-east1)`},
		{name: "lists a namesake of another project", nats: []*topology.NAT{nat("a", entries(entry(subnetworkID("q", region, "gke"), list())))}, ask: PrimaryRange, want: fail, why: `project "q"`},
		{name: "entries not told", nats: []*topology.NAT{nat("a", unlisted)}, ask: PrimaryRange, want: open, why: "subnetworks it lists"},
		{name: "entries not told, but one fits", nats: []*topology.NAT{nat("a", entries(entry(gke, list())), func(n *topology.NAT) { n.EntriesTold = false })}, ask: PrimaryRange, want: pass},

		{name: "unknown entry", nats: []*topology.NAT{nat("a", entries(oneOf(list())))}, ask: PrimaryRange, want: open, why: "known after apply"},
		{name: "unknown entry that cannot be it", nats: []*topology.NAT{nat("a", entries(oneOf(list(), bastion)))}, ask: PrimaryRange, want: fail},
		{name: "unknown entry, the only candidate", nats: []*topology.NAT{nat("a", entries(oneOf(list(), gke)))}, ask: PrimaryRange, want: pass},
		{name: "one unknown entry, two candidates", nats: []*topology.NAT{nat("a", entries(oneOf(list(), gke, bastion)))}, ask: PrimaryRange, want: open},
		{name: "as many unknown entries as candidates", nats: []*topology.NAT{nat("a", entries(oneOf(list(), gke, bastion), oneOf(list(), bastion, gke)))}, ask: PrimaryRange, want: pass},
		{name: "as many, but of different options", nats: []*topology.NAT{nat("a", entries(oneOf(list(), gke, bastion), oneOf(list(topology.EntrySecondary), bastion, gke)))}, ask: PrimaryRange, want: open, why: "different ranges"},
		{name: "as many, none of which fits", nats: []*topology.NAT{nat("a", entries(oneOf(list(topology.EntrySecondary), gke, bastion), oneOf(list(topology.EntrySecondary), bastion, gke)))}, ask: PrimaryRange, want: fail},

		{name: "private gateway", nats: []*topology.NAT{nat("a", kind("PRIVATE"))}, ask: PrimaryRange, want: fail, why: "is of type PRIVATE"},
		{name: "private beside public", nats: []*topology.NAT{nat("a", kind("PRIVATE")), nat("b")}, ask: PrimaryRange, want: pass},
		{name: "type not known", nats: []*topology.NAT{nat("a", func(n *topology.NAT) { n.Type = u[string]() })}, ask: PrimaryRange, want: open, why: "type is not known"},
		{name: "type not known, but it serves no vms", nats: []*topology.NAT{nat("a", func(n *topology.NAT) { n.Type, n.EndpointTypes = u[string](), list("ENDPOINT_TYPE_SWG") })}, ask: PrimaryRange, want: fail},
		{name: "unset type is public", nats: []*topology.NAT{nat("a", kind(""))}, ask: PrimaryRange, want: pass},
		{name: "web proxy gateway", nats: []*topology.NAT{nat("a", endpoints("ENDPOINT_TYPE_SWG"))}, ask: PrimaryRange, want: fail, why: "serves no VMs (endpoint types ENDPOINT_TYPE_SWG)"},
		{name: "vms among others", nats: []*topology.NAT{nat("a", endpoints("ENDPOINT_TYPE_MANAGED_PROXY_LB", "ENDPOINT_TYPE_VM"))}, ask: PrimaryRange, want: pass},
		{name: "endpoint types not known", nats: []*topology.NAT{nat("a", func(n *topology.NAT) { n.EndpointTypes = u[[]string]() })}, ask: PrimaryRange, want: open},
		{name: "ipv6 only", nats: []*topology.NAT{nat("a", entries(), func(n *topology.NAT) { n.Mode64 = k("ALL_IPV6_SUBNETWORKS") })}, ask: PrimaryRange, want: fail, why: "IPv6 only"},

		{name: "other region", nats: []*topology.NAT{nat("a", in("p", "us-east1", "e"))}, more: routers(router("p", "us-east1", "e", net)), ask: PrimaryRange, want: fail, why: "is in us-east1, the subnetwork in us-central1"},
		{name: "region that starts alike", nats: []*topology.NAT{nat("a", in("p", "us-central11", "e"))}, more: routers(router("p", "us-central11", "e", net)), ask: PrimaryRange, want: fail},
		{name: "other network", nats: []*topology.NAT{nat("a", in("p", region, "o"))}, more: routers(router("p", region, "o", other)), ask: PrimaryRange, want: fail, why: `belongs to network "other"`},
		{name: "network of the same name in another project", nats: []*topology.NAT{nat("a", in("q", region, "r"))}, more: routers(router("q", region, "r", namesake)), ask: PrimaryRange, want: fail, why: `network "net" of project "q"`},
		{name: "router in no source", nats: []*topology.NAT{nat("a", in("p", region, "unseen"))}, ask: PrimaryRange, want: open, why: `router "unseen" is in no source`},
		{name: "router in no source, other region", nats: []*topology.NAT{nat("a", in("p", "us-east1", "unseen"))}, ask: PrimaryRange, want: fail},
		{name: "router in no source, lists the subnetwork", nats: []*topology.NAT{nat("a", in("p", region, "unseen"), entries(entry(gke, list())))}, ask: PrimaryRange, want: pass},
		{name: "router not known", nats: []*topology.NAT{nat("a", func(n *topology.NAT) { n.Router = u[topology.ID]() })}, ask: PrimaryRange, want: open, why: "router is not known"},
		{name: "router not known, another covers", nats: []*topology.NAT{nat("a", func(n *topology.NAT) { n.Router = u[topology.ID]() }), nat("b")}, ask: PrimaryRange, want: pass},
		{name: "mode not known", nats: []*topology.NAT{nat("a", func(n *topology.NAT) { n.Mode = u[string]() })}, ask: PrimaryRange, want: open, why: "which ranges"},

		{name: "union of gateways, primary", nats: []*topology.NAT{nat("a", entries(entry(gke, list(topology.EntryPrimary)))), nat("b", entries(entry(gke, list(topology.EntrySecondary), "pods")))}, ask: PrimaryRange, want: pass},
		{name: "union of gateways, pods", nats: []*topology.NAT{nat("a", entries(entry(gke, list(topology.EntryPrimary)))), nat("b", entries(entry(gke, list(topology.EntrySecondary), "pods")))}, ask: secondary("pods"), want: pass},
		{name: "union of entries", nats: []*topology.NAT{nat("a", entries(entry(gke, list(topology.EntryPrimary)), entry(gke, list(topology.EntrySecondary), "pods")))}, ask: secondary("pods"), want: pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			f.NATs = tt.nats
			if tt.more != nil {
				tt.more(&f)
			}
			c := evaluator(f).Coverage(k(gke), k(net), region, tt.ask)
			said := c.Why
			for _, m := range c.Misses {
				said += "; " + m.Why
			}
			if c.Verdict != tt.want || !strings.Contains(said, tt.why) {
				t.Errorf("got %s %q, want %s with %q", c.Verdict, said, tt.want, tt.why)
			}
			if (len(c.Gateways) == 0) != (tt.want == fail) {
				t.Errorf("%s names %d gateways", c.Verdict, len(c.Gateways))
			}
		})
	}
}

func mode(m string) func(*topology.NAT) { return func(n *topology.NAT) { n.Mode = k(m) } }
func kind(v string) func(*topology.NAT) { return func(n *topology.NAT) { n.Type = k(v) } }
func endpoints(v ...string) func(*topology.NAT) {
	return func(n *topology.NAT) { n.EndpointTypes = list(v...) }
}

func in(project, location, router string) func(*topology.NAT) {
	return func(n *topology.NAT) {
		n.Project, n.Location, n.Router = project, location, k(routerID(project, location, router))
	}
}

func routers(list ...*topology.Router) func(*topology.Facts) {
	return func(f *topology.Facts) { f.Routers = append(f.Routers, list...) }
}

func TestCoverageOfWhatIsPartlyKnown(t *testing.T) {
	none := u[topology.ID]()
	tests := []struct {
		name                string
		subnetwork, network topology.Value[topology.ID]
		region              string
		change              func(*topology.Facts)
		want                topology.Verdict
		why                 string
	}{
		{name: "all ranges cover an unknown subnetwork of a known network", subnetwork: none, network: k(net), region: region, want: pass},
		{name: "a list may cover an unknown subnetwork", subnetwork: none, network: k(net), region: region, want: open, why: "subnetwork is not known",
			change: func(f *topology.Facts) { f.NATs = []*topology.NAT{nat("a", entries(entry(gke, list())))} }},
		{name: "a private gateway covers no unknown subnetwork either", subnetwork: none, network: k(net), region: region, want: fail,
			change: func(f *topology.Facts) { f.NATs = []*topology.NAT{nat("a", kind("PRIVATE"))} }},
		{name: "the network is the subnetwork's", subnetwork: k(gke), network: none, region: region, want: pass},
		{name: "the region is the subnetwork's", subnetwork: k(gke), network: k(net), region: "", want: pass},
		{name: "network not known", subnetwork: none, network: none, region: region, want: open, why: "network of the subnetwork is not known"},
		{name: "network not known, no gateway in the region", subnetwork: none, network: none, region: "us-east1", want: open, why: "network is not known"},
		{name: "network in no source, nothing seen", subnetwork: k(subnetworkID("h", region, "s")), network: k(networkID("h", "shared")), region: region, want: open, why: "--state"},
		{name: "network in no source, its gateway lists the literal subnetwork", subnetwork: k(subnetworkID("h", region, "s")), network: k(networkID("h", "shared")), region: region, want: pass,
			change: func(f *topology.Facts) {
				f.Routers = append(f.Routers, router("h", region, "r", networkID("h", "shared")))
				f.NATs = append(f.NATs, nat("b", in("h", region, "r"), entries(entry(subnetworkID("h", region, "s"), list()))))
			}},
		{name: "routers were listed", subnetwork: k(subnetworkID("h", region, "s")), network: k(networkID("h", "shared")), region: region, want: fail,
			change: func(f *topology.Facts) {
				f.Readings = []topology.Reading{{Collection: topology.Routers, Project: "h"}}
			}},
		{name: "listing routers was refused", subnetwork: k(subnetworkID("h", region, "s")), network: k(networkID("h", "shared")), region: region, want: open, why: "403: compute.routers.list",
			change: func(f *topology.Facts) {
				f.Readings = []topology.Reading{{Collection: topology.Routers, Project: "h", Refused: "403: compute.routers.list"}}
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			f.NATs = []*topology.NAT{nat("a")}
			if tt.change != nil {
				tt.change(&f)
			}
			c := evaluator(f).Coverage(tt.subnetwork, tt.network, tt.region, PrimaryRange)
			if c.Verdict != tt.want || !strings.Contains(c.Why, tt.why) {
				t.Errorf("got %s %q, want %s with %q", c.Verdict, c.Why, tt.want, tt.why)
			}
		})
	}
}

func TestCoverageNamesAllGatewaysAndNearestMissFirst(t *testing.T) {
	f := world()
	f.NATs = []*topology.NAT{nat("b"), nat("a")}
	if c := evaluator(f).Coverage(k(gke), k(net), region, PrimaryRange); len(c.Gateways) != 2 || c.Gateways[0].Name != "a" {
		t.Errorf("gateways %v", c.Gateways)
	}
	f = world()
	f.Routers = append(f.Routers, router("p", "us-east1", "e", net))
	f.NATs = []*topology.NAT{
		nat("far", in("p", "us-east1", "e"), kind("PRIVATE")),
		nat("pods", entries(entry(gke, list(topology.EntrySecondary), "pods"))),
	}
	c := evaluator(f).Coverage(k(gke), k(net), region, PrimaryRange)
	if len(c.Misses) != 2 || c.Misses[0].NAT.Name != "pods" || c.Misses[1].Why != "is of type PRIVATE and is in us-east1, the subnetwork in us-central1" {
		t.Errorf("misses %+v", c.Misses)
	}
}

func TestExit(t *testing.T) {
	f := world()
	wantHop(t, evaluator(f).Exit(source()), HopExit, fail, "no Public NAT gateway translates subnetwork gke (10.10.0.0/20)")
	f.NATs = []*topology.NAT{nat("nat-a")}
	h := evaluator(f).Exit(source())
	wantHop(t, h, HopExit, pass, "subnetwork gke (10.10.0.0/20) is translated by nat-a")
	if h.Object == nil || h.Object.Name != "nat-a" || len(h.Evidence) == 0 {
		t.Errorf("hop %+v", h)
	}
	f.NATs = []*topology.NAT{nat("nat-a", func(n *topology.NAT) { n.Type = u[string]() })}
	wantHop(t, evaluator(f).Exit(source()), HopExit, open, "its type is not known: known after apply")
}
