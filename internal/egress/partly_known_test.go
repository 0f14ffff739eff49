package egress

import (
	"net/netip"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Of several addresses the worst counts, whatever its place; addresses that a rule does not name are not judged by it.
func TestFirewallToSeveralAddresses(t *testing.T) {
	for _, parts := range [][]netip.Prefix{{privateVIP, restrictedVIP}, {restrictedVIP, privateVIP}} {
		d := Destination{Name: "both", Prefixes: parts}
		for _, tt := range []struct {
			name  string
			rules []*topology.FirewallRule
			want  topology.Verdict
		}{
			{"one denied", []*topology.FirewallRule{rule("d", 1, deny, to("199.36.153.4/30"))}, fail},
			{"one may be denied", []*topology.FirewallRule{rule("d", 1, deny, to("199.36.153.4/31"))}, open},
			{"one denied, one may be", []*topology.FirewallRule{rule("d", 1, deny, to("199.36.153.4/31")), rule("e", 2, deny, to("199.36.153.8/30"))}, fail},
			{"trap: a neighbour denied", []*topology.FirewallRule{rule("d", 1, deny, to("199.36.153.0/30"))}, pass},
			{"C1: both allowed before all is denied", []*topology.FirewallRule{rule("a", 1, allow, to("199.36.153.4/30", "199.36.153.8/30")), rule("d", 2, deny)}, pass},
		} {
			t.Run(tt.name, func(t *testing.T) {
				f := world()
				f.Firewalls = tt.rules
				wantHop(t, evaluator(f).Firewall(source(), d), HopFirewall, tt.want, "")
			})
		}
	}
}

// Where the source's network is not known its subnetwork's is; where neither is, only rules that could deny leave the answer open.
func TestFirewallByTheNetworkOfTheSubnetwork(t *testing.T) {
	known, nowhere := source(), source()
	known.Network = u[topology.ID]()
	nowhere.Network, nowhere.Subnetwork = u[topology.ID](), u[topology.ID]()
	unsure := func(r *topology.FirewallRule) { r.Action = u[topology.Action]() }
	elsewhere := func(r *topology.FirewallRule) { r.Network = k(networkID("p", "hub")) }
	for _, tt := range []struct {
		name   string
		source Source
		rule   *topology.FirewallRule
		want   topology.Verdict
	}{
		{"the subnetwork's, denied", known, rule("d", 1, deny), fail},
		{"trap: the subnetwork's, another denied", known, rule("d", 1, deny, elsewhere), pass},
		{"nowhere, a rule that denies", nowhere, rule("d", 1, deny), open},
		{"nowhere, a rule of no known action", nowhere, rule("d", 1, allow, unsure), open},
		{"nowhere, a rule that inspects", nowhere, rule("d", 1, topology.Inspect), open},
		{"trap: nowhere, a rule that allows", nowhere, rule("a", 1, allow), pass},
		{"trap: nowhere, a rule that passes on", nowhere, rule("n", 1, next, global), pass},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			f.Firewalls = []*topology.FirewallRule{tt.rule}
			wantHop(t, evaluator(f).Firewall(tt.source, TheInternet), HopFirewall, tt.want, "")
		})
	}
	f := world()
	deleted(&f)
	wantHop(t, evaluator(f).Route(known, TheInternet), HopRoute, fail, "default routes are deleted")
}

// A listing that was refused hides rules and routes that could break a path; it mends none that is broken.
func TestRefusedListingsMendNothing(t *testing.T) {
	f := world()
	notManaged(&f)
	f.Readings = []topology.Reading{{Collection: topology.Firewalls, Project: "p", Refused: "403: compute.firewalls.list"}, {Collection: topology.Routes, Project: "p", Refused: "403: compute.routes.list"}}
	f.Firewalls = []*topology.FirewallRule{rule("d", 1, deny)}
	f.Routes = []*topology.Route{route("hub", "0.0.0.0/0", 1, local)}
	wantHop(t, evaluator(f).Firewall(source(), TheInternet), HopFirewall, fail, `rule "d"`)
	wantHop(t, evaluator(f).Route(source(), TheInternet), HopRoute, fail, `route "hub"`)
}

// B5: GKE switches Private Google Access on in its own project only; the project of a network is the object's, or the one its identity names.
func TestAccessByTheProjectOfTheNetwork(t *testing.T) {
	other := networkID("host", "shared")
	sub := subnetworkID("host", region, "nodes")
	for _, tt := range []struct {
		name    string
		cluster string
		network *topology.Network
		id      topology.ID
		want    topology.Verdict
		reason  AccessReason
	}{
		{"own project, by the object", "host", network("host", "shared"), other, pass, AccessSwitchedOn},
		{"own project, by the identity", "host", nil, other, pass, AccessSwitchedOn},
		{"Shared VPC, by the object", "service", network("host", "shared"), other, fail, AccessOff},
		{"Shared VPC, by the identity", "service", nil, other, fail, AccessOff},
		{"an object that knows its project, of no such identity", "host", &topology.Network{Object: topology.Object{ID: "plan:vpc", Project: "host"}}, "plan:vpc", pass, AccessSwitchedOn},
		{"nobody knows", "host", nil, "plan:vpc", open, AccessUnknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := topology.Facts{Subnetworks: []*topology.Subnetwork{subnetwork("host", region, "nodes", tt.id)}}
			if tt.network != nil {
				f.Networks = []*topology.Network{tt.network}
			}
			f.Readings = []topology.Reading{{Collection: topology.Routers, Project: topology.AnyProject}}
			s := source()
			s.Network, s.Subnetwork, s.Cluster.Project, s.Cluster.Created = k(tt.id), k(sub), tt.cluster, true
			h, reason := evaluator(f).Access(s)
			wantHop(t, h, HopAccess, tt.want, "")
			if reason != tt.reason {
				t.Errorf("reason %q, want %q: %s", reason, tt.reason, h.Detail)
			}
		})
	}
}

// Isolated by design: steered to an endpoint counts as to a virtual address, and a zone that is broken is no design.
func TestIsolatedBySteering(t *testing.T) {
	steer := func(host, address string) *topology.ResponseRule { return response(host, host, "A", address) }
	for _, tt := range []struct {
		name  string
		facts func(*topology.Facts)
		want  bool
	}{
		{"to an endpoint", dns(deleted, steer("gcr.io.", "10.3.0.5"), steer("*.pkg.dev.", "10.3.0.5"), endpoint("psc", net, "10.3.0.5")), true},
		{"to the restricted address", dns(deleted, steer("gcr.io.", "199.36.153.4"), steer("*.pkg.dev.", "199.36.153.4")), true},
		{"trap: to a public address", dns(deleted, steer("gcr.io.", "142.250.1.82"), steer("*.pkg.dev.", "142.250.1.82")), false},
		{"trap: to the endpoint of another network", dns(deleted, steer("gcr.io.", "10.3.0.5"), steer("*.pkg.dev.", "10.3.0.5"), endpoint("psc", networkID("p", "hub"), "10.3.0.5")), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			tt.facts(&f)
			if got := evaluator(f).Isolated(source()); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

// The route hop to an endpoint names the endpoint.
func TestTheEndpointIsNamed(t *testing.T) {
	f := world()
	dns(response("a", "gcr.io.", "A", "10.3.0.5"), endpoint("psc", net, "10.3.0.5"))(&f)
	if h := evaluator(f).Google(source(), "gcr.io").Hops[1]; h.Object == nil || h.Object.Name != "psc" {
		t.Errorf("got %+v", h)
	}
}
