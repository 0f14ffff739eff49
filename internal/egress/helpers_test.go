package egress

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// The world of these tests: network "net" of project "p", managed here, with subnetwork "gke" in us-central1.
const region = "us-central1"

func k[T any](v T) topology.Value[T] { return topology.Known(v, topology.Origin{}) }

func u[T any]() topology.Value[T] {
	return topology.Unknown[T](topology.KnownAfterApply, topology.Origin{})
}

func list(values ...string) topology.Value[[]string] { return k(values) }

func prefixes(values ...string) topology.Value[[]netip.Prefix] {
	out := []netip.Prefix{}
	for _, v := range values {
		out = append(out, netip.MustParsePrefix(v))
	}
	return k(out)
}

func prefix(v string) topology.Value[netip.Prefix] { return k(netip.MustParsePrefix(v)) }

func ids(values ...topology.ID) []topology.Value[topology.ID] {
	var out []topology.Value[topology.ID]
	for _, v := range values {
		out = append(out, k(v))
	}
	return out
}

func object(kind, project, location, name string, managed bool) topology.Object {
	return topology.Object{ID: topology.Identify(kind, project, location, name), Kind: "google_compute_" + kind,
		Address: "google_compute_" + kind + "." + project + "_" + location + "_" + name, Name: name, Project: project, Location: location, Managed: managed}
}

func networkID(project, name string) topology.ID {
	return topology.Identify("network", project, "global", name)
}

func subnetworkID(project, location, name string) topology.ID {
	return topology.Identify("subnetwork", project, location, name)
}

func routerID(project, location, name string) topology.ID {
	return topology.Identify("router", project, location, name)
}

var (
	net = networkID("p", "net")
	gke = subnetworkID("p", region, "gke")
)

// world is the facts most tests start from.
func world() topology.Facts {
	return topology.Facts{
		Networks:    []*topology.Network{network("p", "net")},
		Subnetworks: []*topology.Subnetwork{subnetwork("p", region, "gke", net)},
		Routers:     []*topology.Router{router("p", region, "r", net)},
	}
}

func network(project, name string) *topology.Network {
	return &topology.Network{Object: object("network", project, "global", name, true), DefaultRoutesDeleted: k(false), PoliciesFirst: k(false)}
}

func subnetwork(project, location, name string, of topology.ID) *topology.Subnetwork {
	return &topology.Subnetwork{Object: object("subnetwork", project, location, name, true), Network: k(of), GoogleAccess: k(false),
		GoogleAccessConfigured: k(false), Primary: prefix("10.10.0.0/20"), SecondaryTold: true}
}

func router(project, location, name string, of topology.ID) *topology.Router {
	return &topology.Router{Object: object("router", project, location, name, true), Network: k(of)}
}

func nat(name string, change ...func(*topology.NAT)) *topology.NAT {
	n := &topology.NAT{Object: object("nat", "p", region, name, true), Router: k(routerID("p", region, "r")), Type: k("PUBLIC"),
		EndpointTypes: list(), Mode: k(topology.AllRanges), EntriesTold: true, Mode64: k("")}
	for _, c := range change {
		c(n)
	}
	return n
}

func entries(list ...topology.NATEntry) func(*topology.NAT) {
	return func(n *topology.NAT) { n.Mode, n.Entries = k(topology.ListOfRanges), list }
}

func entry(id topology.ID, options topology.Value[[]string], names ...string) topology.NATEntry {
	e := topology.NATEntry{Subnetwork: k(id), Options: options, NamesTold: true}
	for _, n := range names {
		e.Names = append(e.Names, k(n))
	}
	return e
}

func source() Source {
	return Source{Network: k(net), Subnetwork: k(gke), Region: region, Tags: list("node"), ServiceAccount: k("nodes@p.iam.gserviceaccount.com"),
		Cluster: &topology.Cluster{Object: topology.Object{ID: "cluster/p/us-central1/c", Name: "c", Project: "p", Location: region}, PrivateNodes: k(true)}}
}

func evaluator(f topology.Facts) *Evaluator { return New(topology.New(f)) }

func wantHop(t *testing.T, h Hop, name string, status topology.Verdict, detail string) {
	t.Helper()
	if h.Name != name || h.Status != status || !strings.Contains(h.Detail, detail) {
		t.Errorf("got %s %s %q, want %s %s with %q", h.Name, h.Status, h.Detail, name, status, detail)
	}
	if h.Detail == "" {
		t.Error("a hop must say what it saw")
	}
}
