package egress

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// seen is evidence as a report writes it: object, attribute, value, and a star where it is assumed.
func seen(list []Evidence) string {
	var out []string
	for _, e := range list {
		text := short(e.Object) + " " + e.Attribute + "=" + e.Value
		if e.Assumed {
			text += "*"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

// short is an address without its type.
func short(address string) string {
	if _, name, typed := strings.Cut(address, "."); typed {
		return name
	}
	return address
}

// Every verdict says which object and attribute it rests on, and what was only assumed.
func TestEvidence(t *testing.T) {
	vip := Destination{Name: "vip", Prefixes: []netip.Prefix{privateVIP}}
	routed := func(e *Evaluator) Hop { return e.Route(source(), TheInternet) }
	walled := func(e *Evaluator) Hop { return e.Firewall(source(), TheInternet) }
	toVIP := func(e *Evaluator) Hop { return e.Firewall(source(), vip) }
	exit := func(e *Evaluator) Hop { return e.Exit(source()) }
	access := func(e *Evaluator) Hop { h, _ := e.Access(source()); return h }
	named := func(host string) func(*Evaluator) Hop {
		return func(e *Evaluator) Hop { return e.Resolve(k(net), host).Hop }
	}
	tests := []struct {
		name   string
		facts  func(*topology.Facts)
		ask    func(*Evaluator) Hop
		object string
		want   string
	}{
		{name: "the default route of a managed network", ask: routed, want: "p_global_net delete_default_routes_on_create=false"},
		{name: "the default route of a network elsewhere", ask: routed, facts: func(f *topology.Facts) {
			notManaged(f)
			f.Networks[0].DefaultRoutesDeleted = topology.Value[bool]{}
		}, want: "p_global_net default route=0.0.0.0/0 to the default internet gateway*"},
		{name: "the default route of a network nobody describes", ask: routed, facts: func(f *topology.Facts) { f.Networks = nil },
			want: "projects/p/global/networks/net default route=0.0.0.0/0 to the default internet gateway*"},
		{name: "default routes that may be deleted", ask: routed, facts: func(f *topology.Facts) { f.Networks[0].DefaultRoutesDeleted = u[bool]() },
			want: "p_global_net delete_default_routes_on_create=unknown"},
		{name: "default routes deleted", ask: routed, facts: deleted, want: "p_global_net delete_default_routes_on_create=true"},
		{name: "routes listed, none found", ask: routed, facts: routesRead, want: "projects/p/global/networks/net routes=listed"},
		{name: "a tagged way out that was missed", ask: routed, facts: func(f *topology.Facts) {
			deleted(f)
			f.Routes = []*topology.Route{route("out", "0.0.0.0/0", 1, gateway0, withTags("a", "b"))}
		}, want: "p_global_net delete_default_routes_on_create=true; p_global_out tags=a, b"},
		{name: "a route to the gateway", ask: routed, object: "p_global_own", facts: func(f *topology.Facts) {
			f.Routes = []*topology.Route{route("own", "0.0.0.0/0", 1, gateway0)}
		}, want: "p_global_own next_hop=default internet gateway"},
		{name: "a route through a tunnel", ask: routed, object: "p_global_vpn", facts: func(f *topology.Facts) {
			f.Routes = []*topology.Route{route("vpn", "0.0.0.0/0", 1, custom)}
		}, want: "p_global_vpn next_hop=vpn tunnel hq"},
		{name: "a route to somewhere", ask: routed, object: "p_global_x", facts: func(f *topology.Facts) {
			f.Routes = []*topology.Route{route("x", "0.0.0.0/0", 1, custom, hopNotKnown)}
		}, want: "p_global_x next_hop=unknown"},
		{name: "two routes that disagree", ask: routed, facts: func(f *topology.Facts) {
			f.Routes = []*topology.Route{route("x", "0.0.0.0/0", 1, local, func(r *topology.Route) { r.Network = u[topology.ID]() })}
		}, want: "p_global_x next_hop=the network or a peer; p_global_net delete_default_routes_on_create=false"},

		{name: "the implied rule of a managed network", ask: walled, want: "projects/p/global/networks/net implied egress rule=allow"},
		{name: "the implied rule where nobody looked", ask: walled, facts: notManaged, want: "projects/p/global/networks/net implied egress rule=allow*"},
		{name: "a rule", ask: walled, object: "p_global_d", facts: func(f *topology.Facts) {
			f.Firewalls = []*topology.FirewallRule{rule("d", 7, deny)}
		}, want: "p_global_d action=deny, priority 7"},
		{name: "a rule that may, before one that does", ask: walled, object: "p_global_a", facts: func(f *topology.Facts) {
			f.Firewalls = []*topology.FirewallRule{rule("a", 7, allow, beyond("fqdn quay.io")), rule("d", 8, deny)}
		}, want: "p_global_a action=allow, priority 7; p_global_d action=deny, priority 8"},
		{name: "a rule of no known priority", ask: walled, facts: func(f *topology.Facts) {
			f.Firewalls = []*topology.FirewallRule{rule("d", 7, deny, func(r *topology.FirewallRule) { r.Priority = u[int]() })}
		}, object: "p_global_d", want: "p_global_d action=deny"},
		{name: "the worst of two addresses", ask: toVIP, object: "p_global_d", facts: func(f *topology.Facts) {
			f.Firewalls = []*topology.FirewallRule{rule("d", 7, deny, to("199.36.153.8/31", "199.36.153.10/31"))}
		}, want: "p_global_d action=deny, priority 7"},

		{name: "no gateway at all", ask: exit, want: "projects/p/global/networks/net Cloud NAT=none in us-central1"},
		{name: "a near miss", ask: exit, facts: func(f *topology.Facts) { f.NATs = []*topology.NAT{nat("a", kind("PRIVATE"))} },
			want: "p_us-central1_a source_subnetwork_ip_ranges_to_nat=ALL_SUBNETWORKS_ALL_IP_RANGES"},
		{name: "two gateways", ask: exit, object: "p_us-central1_a", facts: func(f *topology.Facts) { f.NATs = []*topology.NAT{nat("b"), nat("a", entries(entry(gke, list())))} },
			want: "p_us-central1_a source_subnetwork_ip_ranges_to_nat=LIST_OF_SUBNETWORKS; p_us-central1_a subnetwork=gke; p_us-central1_b source_subnetwork_ip_ranges_to_nat=ALL_SUBNETWORKS_ALL_IP_RANGES"},
		{name: "a gateway that may", ask: exit, facts: func(f *topology.Facts) {
			f.NATs = []*topology.NAT{nat("a", func(n *topology.NAT) { n.Type = u[string]() })}
		},
			want: "p_us-central1_a source_subnetwork_ip_ranges_to_nat=ALL_SUBNETWORKS_ALL_IP_RANGES"},

		{name: "access off", ask: access, object: "p_us-central1_gke", want: "p_us-central1_gke private_ip_google_access=false"},
		{name: "access on", ask: access, object: "p_us-central1_gke", facts: func(f *topology.Facts) { f.Subnetworks[0].GoogleAccess = k(true) },
			want: "p_us-central1_gke private_ip_google_access=true"},
		{name: "access not known", ask: access, object: "p_us-central1_gke", facts: func(f *topology.Facts) { f.Subnetworks[0].GoogleAccess = u[bool]() },
			want: "p_us-central1_gke private_ip_google_access=unknown"},
		{name: "A6: access implied by a gateway", ask: access, object: "p_us-central1_a", facts: func(f *topology.Facts) { f.NATs = []*topology.NAT{nat("a")} },
			want: "p_us-central1_gke private_ip_google_access=false; p_us-central1_a source_subnetwork_ip_ranges_to_nat=ALL_SUBNETWORKS_ALL_IP_RANGES"},

		{name: "public DNS", ask: named("gcr.io"), want: "projects/p/global/networks/net private zones=none for gcr.io"},
		{name: "an alias and what it leads to", ask: named("gke.gcr.io"), object: "p__gcr", facts: gcr,
			want: "p__gcr dns_name=gcr.io.; p__gcrCNAME*.gcr.io. rrdatas=gcr.io.; p__gcr dns_name=gcr.io.; p__gcrAgcr.io. rrdatas=199.36.153.8, 199.36.153.9, 199.36.153.10, 199.36.153.11"},
		{name: "an endpoint", ask: named("gcr.io"), object: "p__a", facts: func(f *topology.Facts) {
			f.Endpoints = []*topology.Endpoint{endpoint("psc", net, "10.3.0.5")}
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A", "10.3.0.5")}
		}, want: "p__a local_data=10.3.0.5; p_global_psc ip_address=10.3.0.5"},
		{name: "the endpoint's own zone", ask: named("storage-psc.p.googleapis.com"), object: "p_global_psc", facts: func(f *topology.Facts) {
			f.Endpoints = []*topology.Endpoint{endpoint("psc", net, "10.3.0.5")}
		}, want: "p_global_psc ip_address=10.3.0.5"},
		{name: "data not known", ask: named("gcr.io"), object: "p__a", facts: func(f *topology.Facts) {
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A")}
			f.Responses[0].Data = u[[]string]()
		}, want: "p__a local_data=unknown"},
		{name: "a peering zone and what answers behind it", ask: named("gcr.io"), object: "p__gcr", facts: func(f *topology.Facts) {
			gcr(f)
			f.Zones[0].Networks = ids(networkID("p", "hub"))
			peer, there := zone("peer", "gcr.io.", net), k(networkID("p", "hub"))
			peer.PeerNetwork = &there
			f.Zones = append(f.Zones, peer)
		}, want: "p__peer dns_name=gcr.io.; p__gcr dns_name=gcr.io.; p__gcrAgcr.io. rrdatas=199.36.153.8, 199.36.153.9, 199.36.153.10, 199.36.153.11"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			if tt.facts != nil {
				tt.facts(&f)
			}
			h := tt.ask(evaluator(f))
			if got := seen(h.Evidence); got != tt.want {
				t.Errorf("got  %s\nwant %s\n%s", got, tt.want, h.Detail)
			}
			object := ""
			if h.Object != nil {
				object = short(h.Object.Address)
			}
			if object != tt.object {
				t.Errorf("object %q, want %q: %s", object, tt.object, h.Detail)
			}
		})
	}
}

// A value that carries its own origin is shown with it: file and line of where it was written.
func TestEvidenceKeepsTheOrigin(t *testing.T) {
	f := world()
	at := topology.Origin{Object: "google_compute_subnetwork.nodes", Attribute: "private_ip_google_access", File: "network.tf", Line: 12}
	f.Subnetworks[0].GoogleAccess = topology.Default(true, at)
	h, _ := evaluator(f).Access(source())
	want := Evidence{Object: at.Object, Attribute: at.Attribute, Value: "true", Assumed: true, File: at.File, Line: at.Line}
	if len(h.Evidence) != 1 || h.Evidence[0] != want {
		t.Errorf("got %+v, want %+v", h.Evidence, want)
	}
}
