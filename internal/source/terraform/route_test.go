package terraform

import (
	"net/netip"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Where a route leads, by its value or by what its configuration refers to.
func TestNextHop(t *testing.T) {
	for _, c := range []struct {
		name           string
		after, unknown object
		config         object
		want           topology.NextHopKind
		through        string
	}{
		{"the internet gateway", object{"next_hop_gateway": "default-internet-gateway"}, nil, object{}, topology.HopInternetGateway, "default-internet-gateway"},
		{"the internet gateway as a URL", object{"next_hop_gateway": "https://www.googleapis.com/compute/v1/projects/p/global/gateways/default-internet-gateway"}, nil, object{}, topology.HopInternetGateway, "default-internet-gateway"},
		{"an instance", object{"next_hop_instance": "projects/p/zones/r1-a/instances/proxy"}, nil, object{}, topology.HopCustom, "instance proxy"},
		{"an instance that is created too", object{"next_hop_instance": nil}, nil, object{"next_hop_instance": refs("google_compute_instance.proxy.id", "google_compute_instance.proxy")}, topology.HopCustom, "instance google_compute_instance.proxy.id"},
		{"a tunnel", object{}, object{"next_hop_vpn_tunnel": true}, object{"next_hop_vpn_tunnel": refs("google_compute_vpn_tunnel.t.id")}, topology.HopCustom, "VPN tunnel google_compute_vpn_tunnel.t.id"},
		{"an address", object{"next_hop_ip": "10.0.0.9"}, nil, object{}, topology.HopCustom, "address 10.0.0.9"},
		{"a load balancer", object{"next_hop_ilb": "10.0.0.8"}, nil, object{}, topology.HopCustom, "load balancer 10.0.0.8"},
		{"a variable that was null", object{"next_hop_ip": nil, "next_hop_gateway": "default-internet-gateway"}, nil, object{"next_hop_ip": refs("var.ip")}, topology.HopInternetGateway, "default-internet-gateway"},
		{"a gateway unknown until apply", object{}, object{"next_hop_gateway": true}, object{"next_hop_gateway": refs("random_id.x.hex")}, topology.HopUnknown, ""},
		{"the network itself", object{"next_hop_network": "projects/p/global/networks/vpc"}, nil, object{}, topology.HopLocal, "network vpc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := object{"name": "r", "project": "p", "network": "vpc", "dest_range": "0.0.0.0/0", "tags": one("egress")}
			for k, v := range c.after {
				after[k] = v
			}
			r := build{resources: []resource{{address: "google_compute_route.r", after: after, unknown: c.unknown, config: c.config}}}.read(t).After.Routes[0]
			if got := r.NextHop.Or(topology.HopUnknown); got != c.want || r.Through != c.through {
				t.Errorf("leads to %d through %q, want %d through %q", got, r.Through, c.want, c.through)
			}
			is(t, "destination", r.Destination, netip.MustParsePrefix("0.0.0.0/0"))
			is(t, "priority", r.Priority, 1000)
			if tags := r.Tags.Or(nil); len(tags) != 1 || tags[0] != "egress" {
				t.Errorf("tags are %v", tags)
			}
		})
	}
}

func TestPolicyRoutes(t *testing.T) {
	for _, c := range []struct {
		name    string
		after   object
		want    int
		kind    topology.NextHopKind
		through string
	}{
		{"to a load balancer", object{"next_hop_ilb_ip": "10.0.0.8", "filter": one(object{"protocol_version": "IPV4", "src_range": "10.0.0.0/20"})}, 1, topology.HopCustom, "load balancer 10.0.0.8"},
		{"to the other routes", object{"next_hop_other_routes": "DEFAULT_ROUTING", "filter": one(object{"ip_protocol": "TCP"})}, 1, topology.HopLocal, "the other routes"},
		{"of another protocol", object{"next_hop_ilb_ip": "10.0.0.8", "filter": one(object{"ip_protocol": "UDP"})}, 0, 0, ""},
		{"of an attachment", object{"next_hop_ilb_ip": "10.0.0.8", "filter": one(object{}), "interconnect_attachment": one(object{"region": "all"})}, 0, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := object{"name": "r", "project": "p", "network": "vpc"}
			for k, v := range c.after {
				after[k] = v
			}
			routes := build{resources: []resource{{address: "google_network_connectivity_policy_based_route.r", after: after, config: object{}}}}.read(t).After.Routes
			if len(routes) != c.want {
				t.Fatalf("%d routes", len(routes))
			}
			if c.want == 0 {
				return
			}
			if !routes[0].Policy || routes[0].Through != c.through {
				t.Errorf("read %+v", routes[0])
			}
			is(t, "next hop", routes[0].NextHop, c.kind)
			is(t, "destination", routes[0].Destination, netip.MustParsePrefix("0.0.0.0/0"))
		})
	}
}
