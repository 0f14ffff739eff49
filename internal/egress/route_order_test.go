package egress

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func hopNotKnown(r *topology.Route) { r.NextHop = u[topology.NextHopKind]() }

func hopOddly(r *topology.Route) { r.NextHop = k(topology.HopUnknown) }

func through(what string) func(*topology.Route) {
	return func(r *topology.Route) { r.Through = what }
}

func noPriority(r *topology.Route) { r.Priority = u[int]() }

func policyOf(from topology.Value[netip.Prefix], to topology.Value[netip.Prefix]) func(*topology.Route) {
	return func(r *topology.Route) { r.Policy, r.Source, r.Destination = true, from, to }
}

// How one route is chosen of several (VPC documentation, routing order): policy-based routes first, then the longest prefix, then the lowest
// priority number, then static before dynamic; routes that tie share the traffic.
func TestRoutePrecedence(t *testing.T) {
	anything, notKnown := prefix("0.0.0.0/0"), u[netip.Prefix]()
	type routes = []*topology.Route
	tests := []struct {
		name   string
		routes routes
		facts  func(*topology.Facts)
		source func(*Source)
		want   topology.Verdict
		custom bool
		detail string
	}{
		{
			name:   "A5: the tags of a route that these nodes lack are said",
			routes: routes{route("out", "0.0.0.0/0", 100, gateway0, withTags("egress", "nat"))},
			facts:  deleted,
			want:   fail,
			detail: `; route "out" applies only to nodes with tag "egress" or "nat"`,
		},
		{
			name:   "trap: a tagged route that leads elsewhere is no way out",
			routes: routes{route("vpn", "0.0.0.0/0", 100, custom, withTags("egress"))},
			facts:  deleted,
			want:   fail,
			detail: "default routes are deleted when the network is created",
		},
		{
			name:   "the first tagged way out, by address, is the one named",
			routes: routes{route("b", "0.0.0.0/0", 1, gateway0, withTags("two")), route("a", "0.0.0.0/0", 2, gateway0, withTags("one"))},
			facts:  deleted,
			want:   fail,
			detail: `route "a" applies only to nodes with tag "one"`,
		},
		{
			name:   "tags of the route are not known",
			routes: routes{route("vpn", "0.0.0.0/0", 100, custom, func(r *topology.Route) { r.Tags = u[[]string]() })},
			want:   open,
			detail: "its tags are not known",
		},
		{
			name:   "trap: tags of GKE select no route",
			routes: routes{route("vpn", "0.0.0.0/0", 100, custom, withTags("gke-c-1a2b-node"))},
			want:   pass,
		},
		{
			name:   "two gateways' routes of one priority",
			routes: routes{route("a", "0.0.0.0/0", 100, gateway0), route("b", "0.0.0.0/0", 100, gateway0)},
			want:   pass,
		},
		{
			name:   "routes that tie share the traffic: the worst counts",
			routes: routes{route("a", "0.0.0.0/0", 100, gateway0), route("b", "0.0.0.0/0", 100, local)},
			want:   fail,
			detail: `route "b" for 0.0.0.0/0 stays within the network or a peer`,
		},
		{
			name:   "a tie with a route that may apply",
			routes: routes{route("a", "0.0.0.0/0", 100, gateway0), route("b", "0.0.0.0/0", 100, custom, withTags("proxied"))},
			source: func(s *Source) { s.Tags = u[[]string]() },
			want:   open,
			detail: `whether route "b" applies is not known`,
		},
		{
			name:   "static before dynamic of one priority",
			routes: routes{route("learned", "0.0.0.0/0", 100, custom, learned(region)), route("static", "0.0.0.0/0", 100, gateway0)},
			want:   pass,
			detail: `route "static"`,
		},
		{
			name:   "trap: a dynamic one of better priority",
			routes: routes{route("learned", "0.0.0.0/0", 99, custom, learned(region)), route("static", "0.0.0.0/0", 100, gateway0)},
			want:   open,
			custom: true,
			detail: `route "learned"`,
		},
		{
			name:   "the best of many, not the first",
			routes: routes{route("c", "0.0.0.0/0", 900, custom), route("b", "0.0.0.0/0", 90, local), route("a", "0.0.0.0/0", 9, gateway0)},
			want:   pass,
			detail: `by route "a"`,
		},
		{
			name:   "a priority that is not known, and no difference",
			routes: routes{route("a", "0.0.0.0/0", 0, gateway0, noPriority), route("b", "0.0.0.0/0", 500, gateway0)},
			want:   pass,
		},
		{
			name:   "a priority that is not known may be the worst",
			routes: routes{route("a", "0.0.0.0/0", 0, local, noPriority), route("b", "0.0.0.0/0", 500, gateway0)},
			want:   open,
			detail: `whether route "a" applies is not known: its priority is not known`,
		},
		{
			name:   "one of four quarters leads elsewhere",
			routes: routes{route("quarter", "64.0.0.0/2", 1000, custom, through(""))},
			want:   open,
			custom: true,
			detail: `route "quarter" for 64.0.0.0/2 of the internet leads through a custom next hop`,
		},
		{
			name:   "a sixteenth is a part of the internet, a smaller one an exception to it",
			routes: routes{route("sixteenth", "64.0.0.0/4", 1000, local, through("peering hub"))},
			want:   fail,
			detail: `stays within peering hub`,
		},
		{
			name:   "trap: a thirty-second",
			routes: routes{route("less", "64.0.0.0/5", 1000, local)},
			want:   pass,
		},
		{
			name:   "a fail in one half and a detour in the other is a fail",
			routes: routes{route("low", "0.0.0.0/1", 1000, custom), route("high", "128.0.0.0/1", 1000, local)},
			want:   fail,
			detail: `route "high"`,
		},
		{
			name:   "of two undecided halves the custom hop says more",
			routes: routes{route("low", "0.0.0.0/1", 1000, custom, hopNotKnown), route("high", "128.0.0.0/1", 1000, custom)},
			want:   open,
			custom: true,
			detail: `route "high"`,
		},
		{
			name:   "a next hop of a kind that is not known",
			routes: routes{route("odd", "0.0.0.0/0", 100, custom, hopOddly)},
			want:   open,
			detail: `route "odd" for 0.0.0.0/0 leads to a next hop that is not known`,
		},
		{
			name:   "agreed on nothing but that it is not decided",
			routes: routes{route("a", "0.0.0.0/0", 100, custom, withTags("x")), route("b", "0.0.0.0/0", 200, custom, hopNotKnown)},
			source: func(s *Source) { s.Tags = u[[]string]() },
			want:   open,
		},
		{
			name:   "whether the default route exists, and a worse route leads elsewhere",
			routes: routes{route("worse", "0.0.0.0/0", 2000, custom)},
			facts:  func(f *topology.Facts) { f.Networks[0].DefaultRoutesDeleted = u[bool]() },
			want:   open,
			detail: "whether the default route exists is not known: whether the default routes are deleted is not known",
		},
		{
			name:   "a policy-based route whose source is not known",
			routes: routes{route("pbr", "0.0.0.0/0", 100, custom, policyOf(notKnown, anything))},
			want:   open,
			detail: `whether policy-based route "pbr" applies is not known: its source range is not known`,
		},
		{
			name:   "a policy-based route whose destination is not known",
			routes: routes{route("pbr", "0.0.0.0/0", 100, custom, policyOf(anything, notKnown))},
			want:   open,
			detail: "its destination is not known",
		},
		{
			name:   "a policy-based route to half of the internet",
			routes: routes{route("pbr", "0.0.0.0/0", 100, custom, policyOf(anything, prefix("128.0.0.0/1")))},
			want:   open,
			custom: true,
			detail: `policy-based route "pbr" for 128.0.0.0/1 of the internet leads through vpn tunnel hq`,
		},
		{
			name:   "trap: a policy-based route for nodes with another tag",
			routes: routes{route("pbr", "0.0.0.0/0", 100, custom, policyOf(anything, anything), withTags("proxied"))},
			want:   pass,
		},
		{
			name:   "a policy-based exemption that may apply leaves the other open",
			routes: routes{route("skip", "0.0.0.0/0", 1, gateway0, policyOf(notKnown, anything)), route("pbr", "0.0.0.0/0", 100, custom, policyOf(anything, anything))},
			want:   open,
			custom: true,
		},
		{
			name:   "trap: an exemption of worse priority",
			routes: routes{route("skip", "0.0.0.0/0", 500, gateway0, policyOf(anything, anything)), route("pbr", "0.0.0.0/0", 100, custom, policyOf(anything, anything))},
			want:   open,
			custom: true,
		},
		{
			name:   "a policy-based route without a known priority comes last of its kind",
			routes: routes{route("skip", "0.0.0.0/0", 500, gateway0, policyOf(anything, anything)), route("pbr", "0.0.0.0/0", 0, custom, policyOf(anything, anything), noPriority)},
			want:   pass,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, s := world(), source()
			f.Routes = tt.routes
			if tt.facts != nil {
				tt.facts(&f)
			}
			if tt.source != nil {
				tt.source(&s)
			}
			h := evaluator(f).Route(s, TheInternet)
			wantHop(t, h, HopRoute, tt.want, tt.detail)
			if h.Custom != tt.custom {
				t.Errorf("custom is %t: %s", h.Custom, h.Detail)
			}
		})
	}
}

// Destinations of several parts are as good as their worst part, whatever its place.
func TestRouteToSeveralAddresses(t *testing.T) {
	both := func(a, b netip.Prefix) Destination { return Destination{Name: "both", Prefixes: []netip.Prefix{a, b}} }
	for _, d := range []Destination{both(privateVIP, restrictedVIP), both(restrictedVIP, privateVIP)} {
		for _, tt := range []struct {
			name   string
			routes []*topology.Route
			want   topology.Verdict
			detail string
		}{
			{"a route for one only", []*topology.Route{route("vip", "199.36.153.8/30", 1000, gateway0)}, fail, "no route to 199.36.153.4/30"},
			{"a route for both", []*topology.Route{route("vips", "199.36.153.0/28", 1000, gateway0)}, pass, `by route "vips"`},
			{"one through an appliance", []*topology.Route{route("vips", "199.36.153.0/28", 1000, gateway0), route("nva", "199.36.153.4/30", 1000, custom)}, open, `route "nva"`},
			{"trap: an address inside, which no packet of ours goes to", []*topology.Route{route("vips", "199.36.153.0/28", 1000, gateway0), route("odd", "199.36.153.1/32", 1, local)}, pass, ""},
		} {
			t.Run(fmt.Sprint(tt.name, d.Prefixes), func(t *testing.T) {
				f := world()
				deleted(&f)
				f.Routes = tt.routes
				wantHop(t, evaluator(f).Route(source(), d), HopRoute, tt.want, tt.detail)
			})
		}
	}
}

// Where the network of the nodes is not known, only routes that could not matter leave the default.
func TestRoutesOfNoKnownNetwork(t *testing.T) {
	s := source()
	s.Network, s.Subnetwork = u[topology.ID](), u[topology.ID]()
	for _, tt := range []struct {
		name  string
		route *topology.Route
		want  topology.Verdict
	}{
		{"one to the internet gateway", route("gw", "0.0.0.0/0", 1, gateway0), pass},
		{"one that stays within", route("hub", "0.0.0.0/0", 1, local), open},
		{"one to somewhere", route("x", "0.0.0.0/0", 1, custom, hopNotKnown), open},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wantHop(t, evaluator(topology.Facts{Routes: []*topology.Route{tt.route}}).Route(s, TheInternet), HopRoute, tt.want, "")
		})
	}
}
