package googlecloud

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func routeJSON(name, fields string) object {
	return object{"route", `{"name": "` + name + `", "selfLink": "` + api + `global/routes/` + name + `", "network": "` + vpcLink + `", ` + fields + `}`}
}

func TestNextHop(t *testing.T) {
	for _, tc := range []struct {
		name, fields, through string
		want                  topology.NextHopKind // HopUnknown where it is not known
	}{
		{"the internet gateway", `"destRange": "0.0.0.0/0", "nextHopGateway": "` + api + `global/gateways/default-internet-gateway"`, "default-internet-gateway", topology.HopInternetGateway},
		{"written short", `"destRange": "0.0.0.0/0", "nextHopGateway": "default-internet-gateway"`, "default-internet-gateway", topology.HopInternetGateway},
		{"another gateway", `"destRange": "0.0.0.0/0", "nextHopGateway": "` + api + `global/gateways/ncc"`, "gateway ncc", topology.HopCustom},
		{"an instance", `"destRange": "0.0.0.0/0", "nextHopInstance": "` + api + `zones/us-central1-a/instances/proxy"`, "instance proxy", topology.HopCustom},
		{"an address", `"destRange": "0.0.0.0/0", "nextHopIp": "10.0.0.9"`, "address 10.0.0.9", topology.HopCustom},
		{"a tunnel", `"destRange": "0.0.0.0/0", "nextHopVpnTunnel": "` + api + `regions/us-central1/vpnTunnels/hq"`, "VPN tunnel hq", topology.HopCustom},
		{"a load balancer", `"destRange": "0.0.0.0/0", "nextHopIlb": "10.0.0.9"`, "load balancer 10.0.0.9", topology.HopCustom},
		{"an attachment", `"destRange": "0.0.0.0/0", "nextHopInterconnectAttachment": "` + api + `regions/us-central1/interconnectAttachments/dc"`, "interconnect attachment dc", topology.HopCustom},
		{"a subnetwork", `"destRange": "10.0.0.0/20", "nextHopNetwork": "` + vpcLink + `"`, "network vpc", topology.HopLocal},
		{"a peer's subnetwork", `"destRange": "10.9.0.0/20", "nextHopPeering": "hub"`, "peering hub", topology.HopLocal},
		{"a spoke's subnetwork", `"destRange": "10.9.0.0/20", "nextHopHub": "projects/p/locations/global/hubs/all"`, "hub all", topology.HopLocal},
		{"a peer's way out", `"destRange": "0.0.0.0/0", "nextHopPeering": "hub"`, "peering hub", topology.HopCustom},
		{"nothing", `"destRange": "0.0.0.0/0"`, "", topology.HopUnknown},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := sole(t, read(t, routeJSON("r", tc.fields)).Routes)
			if got := r.NextHop.Or(topology.HopUnknown); got != tc.want || r.Through != tc.through {
				t.Errorf("next hop %v through %q", got, r.Through)
			}
			is(t, "network", r.Network, theVPC)
			is(t, "priority", r.Priority, 1000)
			if r.ID != "google_compute_route/p/global/r" || r.Address != "//compute.googleapis.com/projects/p/global/routes/r" || r.Region != "" {
				t.Errorf("%+v", r.Object)
			}
		})
	}
	r := sole(t, read(t, routeJSON("r", `"destRange": "10.0.0.1", "priority": 0, "tags": ["egress"]`)).Routes)
	is(t, "priority", r.Priority, 0)
	is(t, "destination", r.Destination, netip.MustParsePrefix("10.0.0.1/32"))
	if !slices.Equal(r.Tags.Or(nil), []string{"egress"}) {
		t.Errorf("tags %v", r.Tags)
	}
}

func TestPolicyRoute(t *testing.T) {
	const start = `{"name": "projects/77/locations/global/PolicyBasedRoutes/pbr", "network": "projects/p/global/networks/vpc"`
	for _, tc := range []struct {
		name, fields string
		none         bool
		want         topology.NextHopKind
	}{
		{name: "all traffic", fields: `"nextHopIlbIp": "10.0.0.9"`, want: topology.HopCustom},
		{name: "of TCP", fields: `"filter": {"ipProtocol": "TCP", "protocolVersion": "IPV4"}, "nextHopIlbIp": "10.0.0.9"`, want: topology.HopCustom},
		{name: "passed over", fields: `"nextHopOtherRoutes": "DEFAULT_ROUTING"`, want: topology.HopLocal},
		{name: "of UDP", fields: `"filter": {"ipProtocol": "UDP"}`, none: true},
		{name: "of IPv6", fields: `"filter": {"protocolVersion": "IPV6"}`, none: true},
		{name: "from attachments", fields: `"interconnectAttachment": {"region": "all"}`, none: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := read(t, object{"policyroute", start + `, ` + tc.fields + `}`})
			if tc.none {
				if len(f.Routes) != 0 {
					t.Errorf("%+v", f.Routes[0])
				}
				return
			}
			r := sole(t, f.Routes)
			is(t, "next hop", r.NextHop, tc.want)
			is(t, "network", r.Network, theVPC)
			is(t, "priority", r.Priority, 1000)
			is(t, "source", r.Source, netip.MustParsePrefix("0.0.0.0/0"))
			if r.ID != "google_network_connectivity_policy_based_route/p/global/pbr" || !r.Policy {
				t.Errorf("%+v", r)
			}
		})
	}
	r := sole(t, read(t, object{"policyroute", start + `, "priority": 7, "filter": {"srcRange": "10.0.0.0/24", "destRange": "34.0.0.0/8"}, "virtualMachine": {"tags": ["web"]}}`}).Routes)
	is(t, "priority", r.Priority, 7)
	is(t, "source", r.Source, netip.MustParsePrefix("10.0.0.0/24"))
	is(t, "destination", r.Destination, netip.MustParsePrefix("34.0.0.0/8"))
	if !slices.Equal(r.Tags.Or(nil), []string{"web"}) {
		t.Errorf("tags %v", r.Tags)
	}
}

// What was listed is all there is: without a default route among them, the network has none, whatever its configuration once said.
func TestDefaultRouteEndToEnd(t *testing.T) {
	cluster := clusterJSON(`"networkConfig": {"network": "projects/p/global/networks/vpc", "subnetwork": "projects/p/regions/us-central1/subnetworks/gke", "defaultEnablePrivateNodes": true}`,
		`"nodePools": [{"name": "a", "config": {"tags": ["node"]}}]`)
	network := object{"network", `{"name": "vpc", "selfLink": "` + vpcLink + `"}`}
	own := routeJSON("subnet", `"destRange": "10.0.0.0/20", "nextHopNetwork": "`+vpcLink+`", "priority": 0`)
	usual := routeJSON("default-route-1", `"destRange": "0.0.0.0/0", "nextHopGateway": "default-internet-gateway", "priority": 1000`)
	learned := func(priority string) object {
		return object{"status", `{"network": "` + vpcLink + `", "bestRoutes": [{"destRange": "0.0.0.0/0", "priority": ` + priority + `, "routeType": "BGP", "nextHopVpnTunnel": "hq"}]}`}
	}
	created := func(f *topology.Facts) { f.Networks[0].Managed, f.Networks[0].Created = true, true }
	managed := func(f *topology.Facts) {
		f.Networks[0].Managed = true
		f.Networks[0].DefaultRoutesDeleted = topology.Known(false, topology.Origin{})
	}
	for _, tc := range []struct {
		name    string
		objects []object
		refused string
		unread  bool
		change  func(*topology.Facts)
		want    topology.Verdict
		says    string
	}{
		{name: "listed with the others", objects: []object{own, usual}, want: topology.Pass, says: `route "default-route-1"`},
		{name: "missing among the others", objects: []object{own}, want: topology.Fail, says: "no route to 0.0.0.0/0"},
		{name: "no route at all", want: topology.Fail, says: "no route to 0.0.0.0/0"},
		{name: "missing though the configuration left it", objects: []object{own}, change: managed, want: topology.Fail, says: "no route to 0.0.0.0/0"},
		{name: "listed, and the configuration knows", objects: []object{own, usual}, change: managed, want: topology.Pass, says: `route "default-route-1"`},
		{name: "a network that is only planned", change: func(f *topology.Facts) { managed(f); created(f) }, want: topology.Pass, says: "the network's default route"},
		{name: "not listed: Google's default", unread: true, want: topology.Pass, says: "the network's default route"},
		{name: "refused", refused: "403: compute.routes.list", want: topology.Undecided, says: "403: compute.routes.list"},
		{name: "for other tags", objects: []object{routeJSON("r", `"destRange": "0.0.0.0/0", "nextHopGateway": "default-internet-gateway", "tags": ["bastion"]`)}, want: topology.Fail, says: "bastion"},
		{name: "learned, and better", objects: []object{usual, learned("100")}, want: topology.Undecided, says: "VPN tunnel hq: custom egress"},
		{name: "learned, and worse", objects: []object{usual, learned("5000")}, want: topology.Pass, says: `route "default-route-1"`},
		{name: "learned, of equal priority: the static one wins", objects: []object{usual, learned("1000")}, want: topology.Pass, says: `route "default-route-1"`},
		{name: "learned alone", objects: []object{own, learned("5000")}, want: topology.Undecided, says: "custom egress"},
		{name: "learned in another region", objects: []object{own, learned("100")}, change: func(f *topology.Facts) {
			for _, r := range f.Routes {
				r.Region = strings.Replace(r.Region, "us-central1", "us-east1", 1)
			}
		}, want: topology.Fail, says: "no route to 0.0.0.0/0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := read(t, append([]object{cluster, network}, tc.objects...)...)
			if !tc.unread {
				f.Readings = []topology.Reading{{Collection: topology.Routes, Project: "p", Refused: tc.refused}}
			}
			if tc.change != nil {
				tc.change(&f)
			}
			exporter(&f)
			for _, r := range checks.Judge(topology.New(f), nil, checks.Policy{}).Results {
				if r.Check != "internet-route" {
					continue
				}
				if r.Status != tc.want || !strings.Contains(r.Message, tc.says) {
					t.Errorf("%s, want %s: %s", r.Status, tc.want, r.Message)
				}
				return
			}
			t.Error("internet-route says nothing")
		})
	}
}
