package egress

import (
	"net/netip"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func route(name, to string, priority int, hop topology.NextHopKind, change ...func(*topology.Route)) *topology.Route {
	r := &topology.Route{Object: object("route", "p", "global", name, true), Network: k(net), Destination: prefix(to), Priority: k(priority),
		Tags: list(), NextHop: k(hop), Source: prefix("0.0.0.0/0")}
	if hop == topology.HopCustom {
		r.Through = "vpn tunnel hq"
	}
	for _, c := range change {
		c(r)
	}
	return r
}

func withTags(tags ...string) func(*topology.Route) {
	return func(r *topology.Route) { r.Tags = list(tags...) }
}

func policyFrom(from string) func(*topology.Route) {
	return func(r *topology.Route) { r.Policy, r.Source = true, prefix(from) }
}

const (
	gateway0 = topology.HopInternetGateway
	custom   = topology.HopCustom
	local    = topology.HopLocal
)

func deleted(f *topology.Facts)    { f.Networks[0].DefaultRoutesDeleted = k(true) }
func notManaged(f *topology.Facts) { f.Networks[0].Managed = false }

func routesRead(f *topology.Facts) {
	f.Readings = []topology.Reading{{Collection: topology.Routes, Project: "p"}}
}

func learned(in string) func(*topology.Route) {
	return func(r *topology.Route) { r.Region = in }
}

func TestRouteToTheInternet(t *testing.T) {
	unknownTags := func(s *Source) { s.Tags = u[[]string]() }
	tests := []struct {
		name   string
		routes []*topology.Route
		facts  []func(*topology.Facts)
		source func(*Source)
		want   topology.Verdict
		custom bool
		detail string
	}{
		{name: "default route", want: pass, detail: "the network's default route"},
		{name: "default routes deleted", facts: []func(*topology.Facts){deleted}, want: fail, detail: "no route to 0.0.0.0/0: default routes are deleted when the network is created"},
		{name: "deleted and made anew", routes: []*topology.Route{route("own", "0.0.0.0/0", 500, gateway0)}, facts: []func(*topology.Facts){deleted}, want: pass, detail: `route "own"`},
		{name: "whether deleted is not known", facts: []func(*topology.Facts){func(f *topology.Facts) { f.Networks[0].DefaultRoutesDeleted = u[bool]() }}, want: open, detail: "default routes are deleted is not known"},
		{name: "whether deleted does not matter", routes: []*topology.Route{route("own", "0.0.0.0/0", 2000, gateway0)},
			facts: []func(*topology.Facts){func(f *topology.Facts) { f.Networks[0].DefaultRoutesDeleted = u[bool]() }}, want: pass},
		{name: "not managed here", facts: []func(*topology.Facts){notManaged, func(f *topology.Facts) { f.Networks[0].DefaultRoutesDeleted = topology.Value[bool]{} }}, want: pass},
		{name: "not managed, routes listed, none found", facts: []func(*topology.Facts){notManaged, func(f *topology.Facts) {
			f.Readings = []topology.Reading{{Collection: topology.Routes, Project: "p"}}
		}}, want: fail, detail: "no route to 0.0.0.0/0"},
		{name: "not managed, listing refused", facts: []func(*topology.Facts){notManaged, func(f *topology.Facts) {
			f.Readings = []topology.Reading{{Collection: topology.Routes, Project: "p", Refused: "403: compute.routes.list"}}
		}}, want: open, detail: "403: compute.routes.list"},

		{name: "better custom route", routes: []*topology.Route{route("vpn", "0.0.0.0/0", 900, custom)}, want: open, custom: true, detail: `route "vpn" for 0.0.0.0/0 leads through vpn tunnel hq: custom egress, not decided here`},
		{name: "worse custom route", routes: []*topology.Route{route("vpn", "0.0.0.0/0", 1100, custom)}, want: pass},
		{name: "tie with the default route", routes: []*topology.Route{route("vpn", "0.0.0.0/0", 1000, custom)}, want: open, custom: true},
		{name: "the pair of halves", routes: []*topology.Route{route("low", "0.0.0.0/1", 1000, custom), route("high", "128.0.0.0/1", 1000, custom)}, want: open, custom: true, detail: "0.0.0.0/1 of the internet"},
		{name: "one half only", routes: []*topology.Route{route("high", "128.0.0.0/1", 1000, custom)}, want: open, custom: true, detail: "128.0.0.0/1"},
		{name: "halves to the gateway, defaults deleted", routes: []*topology.Route{route("low", "0.0.0.0/1", 1000, gateway0), route("high", "128.0.0.0/1", 1000, gateway0)}, facts: []func(*topology.Facts){deleted}, want: pass},
		{name: "one half to the gateway, defaults deleted", routes: []*topology.Route{route("low", "0.0.0.0/1", 1000, gateway0)}, facts: []func(*topology.Facts){deleted}, want: fail, detail: "no route to 128.0.0.0/1"},
		{name: "longest prefix beats priority", routes: []*topology.Route{route("gw", "0.0.0.0/0", 1, gateway0), route("low", "0.0.0.0/1", 65000, custom), route("high", "128.0.0.0/1", 65000, custom)}, want: open, custom: true},
		{name: "on-premises range through a vpn", routes: []*topology.Route{route("hq", "10.0.0.0/8", 100, custom)}, want: pass},
		{name: "a public range through a vpn", routes: []*topology.Route{route("peer", "8.8.0.0/16", 100, custom)}, want: pass},
		{name: "only public ranges to the gateway", routes: []*topology.Route{route("some", "142.250.0.0/15", 100, gateway0)}, facts: []func(*topology.Facts){deleted}, want: fail},
		{name: "ipv6 default route only", routes: []*topology.Route{route("six", "::/0", 100, gateway0)}, facts: []func(*topology.Facts){deleted}, want: fail},
		{name: "stays in the network", routes: []*topology.Route{route("hub", "0.0.0.0/0", 100, local)}, want: fail, detail: "stays within"},
		{name: "next hop not known", routes: []*topology.Route{route("x", "0.0.0.0/0", 100, custom, func(r *topology.Route) { r.NextHop = u[topology.NextHopKind]() })}, want: open, detail: "next hop that is not known: known after apply"},

		{name: "tagged route for others", routes: []*topology.Route{route("proxy", "0.0.0.0/0", 100, custom, withTags("bastion"))}, want: pass},
		{name: "tagged route for these nodes", routes: []*topology.Route{route("proxy", "0.0.0.0/0", 100, custom, withTags("bastion", "node"))}, want: open, custom: true},
		{name: "gateway route for other tags only", routes: []*topology.Route{route("gw", "0.0.0.0/0", 100, gateway0, withTags("egress"))}, facts: []func(*topology.Facts){deleted}, want: fail},
		{name: "tags of the nodes not known", routes: []*topology.Route{route("proxy", "0.0.0.0/0", 100, custom, withTags("egress"))}, source: unknownTags, want: open, detail: `whether route "proxy" applies is not known`},
		{name: "tags not known, all routes agree", routes: []*topology.Route{route("gw", "0.0.0.0/0", 100, gateway0, withTags("egress"))}, source: unknownTags, want: pass},
		{name: "tags not known, both custom", routes: []*topology.Route{route("a", "0.0.0.0/0", 100, custom, withTags("egress")), route("b", "0.0.0.0/0", 200, custom)}, source: unknownTags, want: open, custom: true},

		{name: "another network's route", routes: []*topology.Route{route("vpn", "0.0.0.0/0", 1, custom, func(r *topology.Route) { r.Network = k(networkID("q", "net")) })}, want: pass},
		{name: "route of an unknown network", routes: []*topology.Route{route("vpn", "0.0.0.0/0", 1, custom, func(r *topology.Route) { r.Network = u[topology.ID]() })}, want: open, detail: "its network is not known"},
		{name: "unknown network, would not be best", routes: []*topology.Route{route("vpn", "0.0.0.0/0", 2000, custom, func(r *topology.Route) { r.Network = u[topology.ID]() })}, want: pass},
		{name: "priority not known", routes: []*topology.Route{route("vpn", "0.0.0.0/0", 1, custom, func(r *topology.Route) { r.Priority = u[int]() })}, want: open, detail: "its priority is not known"},
		{name: "priority not known, no rival", routes: []*topology.Route{route("gw", "0.0.0.0/0", 1, gateway0, func(r *topology.Route) { r.Priority = u[int]() })}, facts: []func(*topology.Facts){deleted}, want: pass},
		{name: "destination not known", routes: []*topology.Route{route("x", "0.0.0.0/0", 1, custom, func(r *topology.Route) { r.Destination = u[netip.Prefix]() })}, want: open, detail: "its destination is not known"},

		{name: "managed, routes listed, none found", facts: []func(*topology.Facts){routesRead}, want: fail, detail: "no route to 0.0.0.0/0"},
		{name: "managed, routes listed, one found", routes: []*topology.Route{route("own", "0.0.0.0/0", 1000, gateway0)}, facts: []func(*topology.Facts){routesRead}, want: pass, detail: `route "own"`},
		{name: "managed, listed, the default route turned to a proxy", routes: []*topology.Route{route("proxy", "0.0.0.0/0", 2000, custom)}, facts: []func(*topology.Facts){routesRead}, want: open, custom: true},
		{name: "planned, so that there was nothing to list", facts: []func(*topology.Facts){routesRead, func(f *topology.Facts) { f.Networks[0].Created = true }}, want: pass},
		{name: "managed, listing refused", facts: []func(*topology.Facts){func(f *topology.Facts) {
			f.Readings = []topology.Reading{{Collection: topology.Routes, Project: "p", Refused: "403: compute.routes.list"}}
		}}, want: pass},

		{name: "learned here", routes: []*topology.Route{route("bgp", "0.0.0.0/0", 100, custom, learned(region))}, want: open, custom: true},
		{name: "learned elsewhere", routes: []*topology.Route{route("bgp", "0.0.0.0/0", 100, custom, learned("us-east1"))}, want: pass},
		{name: "learned, and worse than the default route", routes: []*topology.Route{route("bgp", "0.0.0.0/0", 1001, custom, learned(region))}, want: pass},
		{name: "learned, with the priority of the default route", routes: []*topology.Route{route("bgp", "0.0.0.0/0", 1000, custom, learned(region))}, want: pass},
		{name: "learned halves beat the default route", routes: []*topology.Route{route("low", "0.0.0.0/1", 5000, custom, learned(region)), route("high", "128.0.0.0/1", 5000, custom, learned(region))}, want: open, custom: true},
		{name: "learned, where the region of the nodes is not known", routes: []*topology.Route{route("bgp", "0.0.0.0/0", 100, custom, learned(region))}, source: func(s *Source) { s.Region = "" }, want: open, detail: "the region of the nodes is not known"},

		{name: "policy-based route before all", routes: []*topology.Route{route("gw", "0.0.0.0/0", 1, gateway0), route("pbr", "0.0.0.0/0", 1000, custom, policyFrom("10.10.0.0/16"))}, want: open, custom: true, detail: "policy-based route"},
		{name: "policy-based route for other sources", routes: []*topology.Route{route("pbr", "0.0.0.0/0", 1000, custom, policyFrom("10.99.0.0/16"))}, want: pass},
		{name: "policy-based route for a part of the range", routes: []*topology.Route{route("pbr", "0.0.0.0/0", 1000, custom, policyFrom("10.10.0.0/24"))}, want: open, detail: "a part of the nodes' range"},
		{name: "policy-based route to private ranges", routes: []*topology.Route{route("pbr", "10.0.0.0/8", 1000, custom, policyFrom("0.0.0.0/0"))}, want: pass},
		{name: "policy-based exemption first", routes: []*topology.Route{route("skip", "0.0.0.0/0", 100, local, policyFrom("0.0.0.0/0")), route("pbr", "0.0.0.0/0", 1000, custom, policyFrom("0.0.0.0/0"))}, want: pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			f.Routes = tt.routes
			for _, change := range tt.facts {
				change(&f)
			}
			s := source()
			if tt.source != nil {
				tt.source(&s)
			}
			h := evaluator(f).Route(s, TheInternet)
			wantHop(t, h, HopRoute, tt.want, tt.detail)
			if h.Custom != tt.custom {
				t.Errorf("custom is %t", h.Custom)
			}
			if len(h.Evidence) == 0 {
				t.Error("no evidence")
			}
		})
	}
}

func TestRouteToGoogle(t *testing.T) {
	vip := Destination{Name: "199.36.153.8/30", Prefixes: []netip.Prefix{privateVIP}}
	domains := Destination{Name: "us-docker.pkg.dev", Google: true}
	tests := []struct {
		name   string
		to     Destination
		routes []*topology.Route
		want   topology.Verdict
		custom bool
	}{
		{name: "vip without any route", to: vip, want: fail},
		{name: "vip by its own route", to: vip, routes: []*topology.Route{route("vip", "199.36.153.8/30", 1000, gateway0)}, want: pass},
		{name: "vip by the other vip's route", to: vip, routes: []*topology.Route{route("vip", "199.36.153.4/30", 1000, gateway0)}, want: fail},
		{name: "vip by both vips' route", to: vip, routes: []*topology.Route{route("vip", "199.36.153.0/28", 1000, gateway0)}, want: pass},
		{name: "vip beside a custom default", to: vip, routes: []*topology.Route{route("vip", "199.36.153.8/30", 1000, gateway0), route("vpn", "0.0.0.0/0", 1, custom)}, want: pass},
		{name: "vip through a custom default", to: vip, routes: []*topology.Route{route("vpn", "0.0.0.0/0", 1, custom)}, want: open, custom: true},
		{name: "half the vip", to: vip, routes: []*topology.Route{route("vip", "199.36.153.8/31", 1000, gateway0)}, want: fail},
		{name: "domains without a route", to: domains, want: fail},
		{name: "domains by the vip's route only", to: domains, routes: []*topology.Route{route("vip", "199.36.153.8/30", 1000, gateway0)}, want: fail},
		{name: "domains by some public ranges", to: domains, routes: []*topology.Route{route("goog", "142.250.0.0/15", 1000, gateway0)}, want: open},
		{name: "domains by a default route", to: domains, routes: []*topology.Route{route("gw", "0.0.0.0/0", 1000, gateway0)}, want: pass},
		{name: "an overruled default route is no public range", to: domains, routes: []*topology.Route{route("gw", "0.0.0.0/0", 1000, gateway0), route("hub", "0.0.0.0/0", 1, local)}, want: fail},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			deleted(&f)
			f.Routes = tt.routes
			h := evaluator(f).Route(source(), tt.to)
			wantHop(t, h, HopRoute, tt.want, "")
			if h.Custom != tt.custom {
				t.Errorf("custom is %t", h.Custom)
			}
		})
	}
}

func TestRouteOfAnUnknownNetwork(t *testing.T) {
	s := source()
	s.Network, s.Subnetwork = u[topology.ID](), u[topology.ID]()
	h := evaluator(topology.Facts{}).Route(s, TheInternet)
	wantHop(t, h, HopRoute, pass, "assumed")
	if !h.Evidence[0].Assumed {
		t.Error("the default route is not marked assumed")
	}
	f := topology.Facts{Routes: []*topology.Route{route("vpn", "0.0.0.0/0", 1, custom)}}
	wantHop(t, evaluator(f).Route(s, TheInternet), HopRoute, open, "network is not known")
}

// One evaluator is asked from several regions: what was learned in one does not answer for the other.
func TestLearnedRoutesByRegion(t *testing.T) {
	f := world()
	f.Routes = []*topology.Route{route("bgp", "0.0.0.0/0", 100, custom, learned(region))}
	e := evaluator(f)
	for _, tc := range []struct {
		region string
		want   topology.Verdict
	}{{region, open}, {"us-east1", pass}, {region, open}} {
		s := source()
		s.Region = tc.region
		if h := e.Route(s, TheInternet); h.Status != tc.want {
			t.Errorf("%s: %s, want %s: %s", tc.region, h.Status, tc.want, h.Detail)
		}
	}
}
