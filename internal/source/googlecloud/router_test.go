package googlecloud

import (
	"slices"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func routerJSON(nat string) object {
	return object{"router", `{"name": "r", "region": "` + api + `regions/us-central1", "network": "` + vpcLink + `", "selfLink": "` + api + `regions/us-central1/routers/r", "nats": [` + nat + `]}`}
}

const list = `"name": "n", "sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS"`

func TestNAT(t *testing.T) {
	f := read(t, routerJSON(`{`+list+`, "subnetworks": [{"name": "`+api+`regions/us-central1/subnetworks/gke"},
		{"name": "https://compute.googleapis.com/compute/v1/projects/q/regions/us-central1/subnetworks/gke", "sourceIpRangesToNat": ["PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"], "secondaryIpRangeNames": ["pods"]}, {}],
		"natIpAllocateOption": "MANUAL_ONLY", "natIps": ["`+api+`regions/us-central1/addresses/a", "`+api+`regions/us-central1/addresses/b"], "drainNatIps": ["projects/p/regions/us-central1/addresses/b"],
		"minPortsPerVm": 128, "maxPortsPerVm": 4096, "enableDynamicPortAllocation": true}`))
	r, n := sole(t, f.Routers), sole(t, f.NATs)
	is(t, "network", r.Network, theVPC)
	is(t, "router", n.Router, r.ID)
	if n.ID != "google_compute_router_nat/p/us-central1/r/n" || n.Address != "//compute.googleapis.com/projects/p/regions/us-central1/routers/r/nats/n" || n.Name != "n" || n.Kind != "google_compute_router_nat" || n.Region() != "us-central1" {
		t.Errorf("%+v", n.Object)
	}
	is(t, "type", n.Type, "PUBLIC")
	is(t, "manual", n.ManualAddresses, true)
	is(t, "addresses", n.Addresses, 1)
	is(t, "ports", n.MinPorts, 128)
	is(t, "most ports", n.MaxPorts, 4096)
	is(t, "dynamic", n.Dynamic, true)
	if len(n.Entries) != 3 || !n.EntriesTold {
		t.Fatalf("%d entries", len(n.Entries))
	}
	is(t, "entry", n.Entries[0].Subnetwork, theGKE)
	is(t, "a namesake of another project", n.Entries[1].Subnetwork, "google_compute_subnetwork/q/us-central1/gke")
	is(t, "names", sole(t, n.Entries[1].Names), "pods")
	if o := n.Entries[0].Options; !o.Assumed || !slices.Equal(o.Or(nil), []string{topology.EntryAllRanges}) {
		t.Errorf("options left out: %v", o)
	}
	if n.Entries[2].Subnetwork.Known() {
		t.Error("an entry without a name passes for a subnetwork")
	}
}

// Older routers leave out the type and the endpoint types, and gateways of IPv6 alone the ranges of IPv4.
func TestNATLeftOut(t *testing.T) {
	for _, tc := range []struct {
		name, nat, mode, kind string
		ends                  []string
		manual                bool
	}{
		{"an older router", `"sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"`, topology.AllRanges, "PUBLIC", []string{"ENDPOINT_TYPE_VM"}, false},
		{"a private one", `"type": "PRIVATE", "endpointTypes": ["ENDPOINT_TYPE_MANAGED_PROXY_LB"], "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES", "natIpAllocateOption": "AUTO_ONLY"`,
			topology.AllPrimaryRanges, "PRIVATE", []string{"ENDPOINT_TYPE_MANAGED_PROXY_LB"}, false},
		{"IPv6 alone", `"sourceSubnetworkIpRangesToNat64": "ALL_IPV6_SUBNETWORKS", "sourceSubnetworkIpRangesToNat": "SUBNETWORK_IP_RANGE_TO_NAT_OPTION_UNSPECIFIED"`, topology.ListOfRanges, "PUBLIC", []string{"ENDPOINT_TYPE_VM"}, false},
		{"nothing at all", `"natIpAllocateOption": "MANUAL_ONLY"`, "", "PUBLIC", []string{"ENDPOINT_TYPE_VM"}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := sole(t, read(t, routerJSON(`{"name": "n", `+tc.nat+`}`)).NATs)
			is(t, "type", n.Type, tc.kind)
			is(t, "manual", n.ManualAddresses, tc.manual)
			is(t, "ports", n.MinPorts, 0)
			if n.Mode.Or("") != tc.mode || n.Mode.Known() != (tc.mode != "") {
				t.Errorf("mode %v", n.Mode)
			}
			if !slices.Equal(n.EndpointTypes.Or(nil), tc.ends) {
				t.Errorf("endpoint types %v", n.EndpointTypes)
			}
		})
	}
}

// Gateways of one name in two routers are two; a status finds its own.
func TestNATStatus(t *testing.T) {
	f := read(t, object{"status", `{"natStatus": [{"name": "n", "userAllocatedNatIps": ["203.0.113.1", "203.0.113.2"], "drainUserAllocatedNatIps": ["203.0.113.2"], "autoAllocatedNatIps": ["203.0.113.3"],
		"minExtraNatIpsNeeded": 2, "numVmEndpointsWithNatMappings": 5}, {"name": "gone"}]}`},
		routerJSON(`{`+list+`}`), object{"router", `{"name": "s", "selfLink": "` + api + `regions/us-central1/routers/s", "network": "` + vpcLink + `", "nats": [{"name": "n"}]}`})
	if len(f.NATs) != 2 {
		t.Fatalf("%d gateways", len(f.NATs))
	}
	for _, n := range f.NATs {
		if of, _ := n.Router.Get(); of == "google_compute_router/p/us-central1/s" {
			if n.Status != nil {
				t.Errorf("a gateway without a status has %+v", n.Status)
			}
		} else if n.Status == nil || *n.Status != (topology.NATStatus{Addresses: 2, ExtraNeeded: 2, VMs: 5}) {
			t.Errorf("status %+v", n.Status)
		}
	}
}

// Of the routes that a router learned, those to public addresses are facts, in the router's region and once for each prefix.
func TestLearnedRoutes(t *testing.T) {
	f := read(t, object{"status", `{"network": "` + vpcLink + `",
		"bestRoutes": [
		  {"destRange": "0.0.0.0/0", "priority": 100, "routeType": "BGP", "nextHopIp": "169.254.0.2", "nextHopVpnTunnel": "` + api + `regions/us-central1/vpnTunnels/hq"},
		  {"destRange": "0.0.0.0/0", "priority": 100, "routeType": "BGP", "nextHopIp": "169.254.1.2"},
		  {"destRange": "199.36.153.8/30", "nextHopIp": "169.254.0.2", "routeType": "BGP"},
		  {"destRange": "10.0.0.0/8", "priority": 100, "routeType": "BGP"}, {"destRange": "192.168.7.0/24", "routeType": "BGP"}, {"destRange": "::/0", "routeType": "BGP"},
		  {"destRange": "8.8.8.0/24", "routeType": "STATIC"}, {"destRange": "nonsense"}, {}],
		"bestRoutesForRouter": [{"destRange": "0.0.0.0/0", "priority": 500, "routeType": "BGP"}, {"destRange": "128.0.0.0/1", "priority": 500, "routeType": "BGP"}]}`})
	want := map[string]string{"0.0.0.0/0": "VPN tunnel hq", "199.36.153.8/30": "address 169.254.0.2", "128.0.0.0/1": "Cloud Router r"}
	if len(f.Routes) != len(want) {
		t.Errorf("%d routes, want %d", len(f.Routes), len(want))
	}
	for _, r := range f.Routes {
		to, _ := r.Destination.Get()
		is(t, "network", r.Network, theVPC)
		is(t, "next hop", r.NextHop, topology.HopCustom)
		if r.Through != want[to.String()] || r.Region != "us-central1" || r.Policy {
			t.Errorf("%s: %+v", to, r)
		}
		if p, known := r.Priority.Get(); to.Bits() == 0 && p != 100 || to.Bits() == 30 && known {
			t.Errorf("%s: priority %v", to, r.Priority)
		}
	}
}
