package terraform

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestZones(t *testing.T) {
	network := func(v any) []any { return one(object{"networks": one(object{"network_url": v})}) }
	reference := object{"private_visibility_config": one(object{"networks": one(object{"network_url": refs("google_compute_network.vpc.id", "google_compute_network.vpc")})})}
	for _, c := range []struct {
		name           string
		after, unknown object
		config         object
		check          func(*testing.T, []*topology.Zone)
	}{
		{"a public zone is not read", object{"visibility": "public"}, nil, object{}, func(t *testing.T, z []*topology.Zone) {
			if len(z) != 0 {
				t.Errorf("read %d zones", len(z))
			}
		}},
		{"a private zone by name", object{"private_visibility_config": network("vpc")}, nil, object{}, func(t *testing.T, z []*topology.Zone) {
			is(t, "network", z[0].Networks[0], networkID("vpc"))
			is(t, "name", z[0].DNSName, "gcr.io.")
		}},
		{"a private zone by reference", object{"private_visibility_config": one(object{"networks": one(object{})})}, object{"private_visibility_config": network(true)}, reference,
			func(t *testing.T, z []*topology.Zone) { is(t, "network", z[0].Networks[0], networkID("vpc")) }},
		{"networks unknown as a whole", object{}, object{"private_visibility_config": one(object{"networks": true})}, object{"private_visibility_config": one(object{"networks": refs("random_id.x")})},
			func(t *testing.T, z []*topology.Zone) {
				if z[0].NetworksTold {
					t.Error("the networks are told")
				}
			}},
		{"a peering zone", object{"private_visibility_config": network("vpc"), "peering_config": one(object{"target_network": one(object{"network_url": "projects/hub/global/networks/hub"})})}, nil, object{},
			func(t *testing.T, z []*topology.Zone) {
				is(t, "peer", *z[0].PeerNetwork, topology.Identify("google_compute_network", "hub", "global", "hub"))
			}},
		{"a forwarding zone", object{"private_visibility_config": network("vpc"), "forwarding_config": one(object{"target_name_servers": one(object{"ipv4_address": "10.0.0.2"})})}, nil, object{},
			func(t *testing.T, z []*topology.Zone) {
				if !z[0].Forwarding {
					t.Error("it forwards nothing")
				}
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := object{"name": "z", "project": "p", "dns_name": "gcr.io", "visibility": "private"}
			for k, v := range c.after {
				after[k] = v
			}
			c.check(t, build{resources: []resource{networkNamed("vpc"), {address: "google_dns_managed_zone.z", after: after, unknown: c.unknown, config: c.config}}}.read(t).After.Zones)
		})
	}
}

func TestRecordsAndResponses(t *testing.T) {
	zone := resource{address: "google_dns_managed_zone.z", after: object{"name": "z", "project": "p", "dns_name": "gcr.io.", "visibility": "private"}, config: object{}}
	public := resource{address: "google_dns_managed_zone.pub", after: object{"name": "pub", "project": "p", "dns_name": "example.com.", "visibility": "public"}, config: object{}}
	address := resource{address: "google_compute_global_address.a", after: object{"name": "a", "project": "p", "address": "10.9.9.9"}, unknown: object{"id": true}, config: object{}}
	b := build{resources: []resource{zone, public, address, networkNamed("vpc"),
		{address: "google_dns_record_set.known", after: object{"name": "gcr.io.", "project": "p", "type": "A", "managed_zone": "z", "rrdatas": one("199.36.153.8")}, config: object{}},
		{address: "google_dns_record_set.reserved", after: object{"name": "*.gcr.io.", "project": "p", "type": "A", "managed_zone": "z"}, unknown: object{"rrdatas": one(true)},
			config: object{"rrdatas": refs("google_compute_global_address.a.address", "google_compute_global_address.a")}},
		{address: "google_dns_record_set.public", after: object{"name": "example.com.", "project": "p", "type": "A", "managed_zone": "pub", "rrdatas": one("1.1.1.1")}, config: object{}},
		{address: "google_compute_global_forwarding_rule.psc", after: object{"name": "psc", "project": "p", "target": "all-apis", "network": "vpc"}, unknown: object{"ip_address": true},
			config: object{"ip_address": refs("google_compute_global_address.a.id", "google_compute_global_address.a")}},
		{address: "google_compute_global_forwarding_rule.web", after: object{"name": "web", "project": "p", "target": "projects/p/global/targetHttpProxies/x"}, config: object{}},
		{address: "google_dns_response_policy.rp", after: object{"response_policy_name": "rp", "project": "p", "networks": one(object{"network_url": "vpc"})}, config: object{}},
		{address: "google_dns_response_policy_rule.local", after: object{"response_policy": "rp", "project": "p", "rule_name": "local", "dns_name": "pkg.dev.",
			"local_data": one(object{"local_datas": one(object{"name": "pkg.dev.", "type": "A", "rrdatas": one("199.36.153.4")})})}, config: object{}},
		{address: "google_dns_response_policy_rule.pass", after: object{"response_policy": "rp", "project": "p", "rule_name": "pass", "dns_name": "x.pkg.dev.", "behavior": "bypassResponsePolicy"}, config: object{}},
		{address: "google_dns_policy.servers", after: object{"name": "dp", "project": "p", "networks": one(object{"network_url": "vpc"}), "alternative_name_server_config": one(object{})}, config: object{}},
		{address: "google_dns_policy.logging", after: object{"name": "lp", "project": "p", "networks": one(object{"network_url": "vpc"}), "alternative_name_server_config": one[any]()}, config: object{}},
	}}
	f := b.read(t).After
	if len(f.RecordSets) != 2 || len(f.Responses) != 2 || len(f.NameServers) != 1 || len(f.Endpoints) != 1 {
		t.Fatalf("%d record sets, %d responses, %d name servers, %d endpoints", len(f.RecordSets), len(f.Responses), len(f.NameServers), len(f.Endpoints))
	}
	is(t, "zone", f.RecordSets[0].Zone, topology.Identify("google_dns_managed_zone", "p", "global", "z"))
	if data := f.RecordSets[0].Data.Or(nil); !slices.Equal(data, []string{"199.36.153.8"}) {
		t.Errorf("data are %v", data)
	}
	id := topology.Identify("google_compute_global_address", "p", "global", "a")
	if !slices.Equal(f.RecordSets[1].AddressIDs, []topology.ID{id}) || f.Endpoints[0].AddressID != id {
		t.Errorf("addresses are %v and %v", f.RecordSets[1].AddressIDs, f.Endpoints[0].AddressID)
	}
	is(t, "endpoint", f.Endpoints[0].Address, netip.MustParseAddr("10.9.9.9"))
	is(t, "response network", f.Responses[0].Networks[0], networkID("vpc"))
	if f.Responses[0].Type != "A" || f.Responses[0].Bypass || !f.Responses[1].Bypass {
		t.Errorf("responses are %+v", f.Responses)
	}
}
