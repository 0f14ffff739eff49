package egress

import (
	"net/netip"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func zone(name, dns string, of ...topology.ID) *topology.Zone {
	return &topology.Zone{Object: object("zone", "p", "", name, true), DNSName: k(dns), Networks: ids(of...), NetworksTold: true}
}

func record(zone, kind, dns string, data ...string) *topology.RecordSet {
	return &topology.RecordSet{Object: object("record", "p", "", zone+kind+dns, true), Zone: k(topology.Identify("zone", "p", "", zone)),
		DNS: k(dns), Type: k(kind), Data: list(data...)}
}

func response(name, dns, kind string, data ...string) *topology.ResponseRule {
	return &topology.ResponseRule{Object: object("response", "p", "", name, true), Networks: ids(net), NetworksTold: true,
		DNS: k(dns), Type: kind, Data: list(data...)}
}

func endpoint(name string, of topology.ID, address string) *topology.Endpoint {
	return &topology.Endpoint{Object: object("endpoint", "p", "global", name, true), Network: k(of), Address: k(netip.MustParseAddr(address)), Bundle: k("all-apis")}
}

var vips = []string{"199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"}

// gcr is the zone that the documentation asks for: the apex and a wildcard.
func gcr(f *topology.Facts) {
	f.Zones = append(f.Zones, zone("gcr", "gcr.io.", net))
	f.RecordSets = append(f.RecordSets, record("gcr", "A", "gcr.io.", vips...), record("gcr", "CNAME", "*.gcr.io.", "gcr.io."))
}

func TestResolve(t *testing.T) {
	hub := networkID("p", "hub")
	peering := func(name, dns string, to topology.Value[topology.ID], of ...topology.ID) *topology.Zone {
		z := zone(name, dns, of...)
		z.PeerNetwork = &to
		return z
	}
	tests := []struct {
		name   string
		host   string
		facts  func(*topology.Facts)
		want   topology.Verdict
		kind   AddressKind
		plain  bool // nothing overrides the name
		detail string
	}{
		{name: "public", host: "gcr.io", want: pass, plain: true, detail: "public DNS"},
		{name: "apex", host: "gcr.io", facts: gcr, want: pass, kind: PrivateVIP, detail: `zone "gcr" answers for gcr.io with 199.36.153.8 and 3 more`},
		{name: "wildcard", host: "gke.gcr.io", facts: gcr, want: pass, kind: PrivateVIP},
		{name: "case does not matter", host: "GKE.gcr.io", facts: gcr, want: pass, kind: PrivateVIP},
		{name: "another domain", host: "us-docker.pkg.dev", facts: gcr, want: pass, plain: true},
		{name: "a name that only ends alike", host: "notgcr.io", facts: gcr, want: pass, plain: true},
		{name: "no wildcard", host: "gke.gcr.io", want: fail, detail: `zone "gcr" answers for gke.gcr.io but has no record for it: no such host`, facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, zone("gcr", "gcr.io.", net))
			f.RecordSets = append(f.RecordSets, record("gcr", "A", "gcr.io.", vips...))
		}},
		{name: "no apex", host: "gcr.io", want: fail, detail: "no such host", facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, zone("gcr", "gcr.io.", net))
			f.RecordSets = append(f.RecordSets, record("gcr", "A", "*.gcr.io.", vips...))
		}},
		{name: "zone of another network", host: "gcr.io", want: pass, plain: true, facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, zone("gcr", "gcr.io.", hub))
		}},
		{name: "zone of a namesake network", host: "gcr.io", want: pass, plain: true, facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, zone("gcr", "gcr.io.", networkID("q", "net")))
		}},
		{name: "zone with unknown networks", host: "gcr.io", want: open, plain: true, detail: `whether zone "gcr" answers`, facts: func(f *topology.Facts) {
			z := zone("gcr", "gcr.io.")
			z.NetworksTold = false
			f.Zones = append(f.Zones, z)
		}},
		{name: "zone with an unknown network, other domain", host: "us-docker.pkg.dev", want: pass, plain: true, facts: func(f *topology.Facts) {
			z := zone("gcr", "gcr.io.")
			z.NetworksTold = false
			f.Zones = append(f.Zones, z)
		}},
		{name: "longest suffix", host: "gke.gcr.io", want: pass, kind: RestrictedVIP, facts: func(f *topology.Facts) {
			gcr(f)
			f.Zones = append(f.Zones, zone("gke", "gke.gcr.io.", net))
			f.RecordSets = append(f.RecordSets, record("gke", "A", "gke.gcr.io.", "199.36.153.4"))
		}},
		{name: "exact name before wildcard", host: "gke.gcr.io", want: pass, kind: RestrictedVIP, facts: func(f *topology.Facts) {
			gcr(f)
			f.RecordSets = append(f.RecordSets, record("gcr", "A", "gke.gcr.io.", "199.36.153.4"))
		}},
		{name: "a name of another type hides the wildcard", host: "gke.gcr.io", want: fail, detail: "has no A record", facts: func(f *topology.Facts) {
			gcr(f)
			f.RecordSets = append(f.RecordSets, record("gcr", "TXT", "gke.gcr.io.", "x"))
		}},
		{name: "data not known", host: "gcr.io", want: open, detail: "known after apply", facts: func(f *topology.Facts) {
			gcr(f)
			f.RecordSets[0].Data = u[[]string]()
		}},
		{name: "a record of unknown name", host: "x.pkg.dev", want: open, facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, zone("pkg", "pkg.dev.", net))
			r := record("pkg", "A", "?", vips...)
			r.DNS = u[string]()
			f.RecordSets = append(f.RecordSets, r)
		}},
		{name: "records of a mentioned zone were not looked at", host: "gcr.io", want: open, detail: "its records are not known", facts: func(f *topology.Facts) {
			z := zone("gcr", "gcr.io.", net)
			z.Managed = false
			f.Zones = append(f.Zones, z)
		}},
		{name: "alias to the public name of the vip", host: "gcr.io", want: pass, kind: PrivateVIP, facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, zone("gcr", "gcr.io.", net))
			f.RecordSets = append(f.RecordSets, record("gcr", "CNAME", "gcr.io.", "private.googleapis.com."))
		}},
		{name: "alias to the restricted name", host: "gcr.io", want: pass, kind: RestrictedVIP, facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, zone("gcr", "gcr.io.", net))
			f.RecordSets = append(f.RecordSets, record("gcr", "CNAME", "gcr.io.", "restricted.googleapis.com."))
		}},
		{name: "alias into a zone without the name", host: "gcr.io", want: fail, detail: `zone "apis"`, facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, zone("gcr", "gcr.io.", net), zone("apis", "googleapis.com.", net))
			f.RecordSets = append(f.RecordSets, record("gcr", "CNAME", "gcr.io.", "private.googleapis.com."), record("apis", "A", "storage.googleapis.com.", vips...))
		}},
		{name: "alias to itself", host: "x.gcr.io", want: fail, detail: "circle", facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, zone("gcr", "gcr.io.", net))
			f.RecordSets = append(f.RecordSets, record("gcr", "CNAME", "*.gcr.io.", "y.gcr.io."))
		}},
		{name: "forwarding", host: "gcr.io", want: open, detail: "asked of your own servers", facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, zone("gcr", "gcr.io.", net))
			f.Zones[0].Forwarding = true
		}},
		{name: "own name servers", host: "gcr.io", want: open, detail: "asked of your own servers", facts: func(f *topology.Facts) {
			gcr(f)
			f.NameServers = []*topology.NameServers{{Object: object("policy", "p", "", "dns", true), Networks: ids(net), NetworksTold: true}}
		}},
		{name: "name servers of another network", host: "gcr.io", want: pass, kind: PrivateVIP, facts: func(f *topology.Facts) {
			gcr(f)
			f.NameServers = []*topology.NameServers{{Object: object("policy", "p", "", "dns", true), Networks: ids(hub), NetworksTold: true}}
		}},

		{name: "response policy", host: "gke.gcr.io", want: pass, kind: RestrictedVIP, facts: func(f *topology.Facts) {
			gcr(f)
			f.Responses = []*topology.ResponseRule{response("a", "*.gcr.io.", "A", "199.36.153.4")}
		}},
		{name: "a wildcard is not the apex", host: "gcr.io", want: pass, kind: PrivateVIP, facts: func(f *topology.Facts) {
			gcr(f)
			f.Responses = []*topology.ResponseRule{response("a", "*.gcr.io.", "A", "199.36.153.4")}
		}},
		{name: "bypass of a wildcard", host: "gke.gcr.io", want: pass, kind: PrivateVIP, facts: func(f *topology.Facts) {
			gcr(f)
			pass := response("b", "gke.gcr.io.", "")
			pass.Bypass = true
			f.Responses = []*topology.ResponseRule{response("a", "*.gcr.io.", "A", "199.36.153.4"), pass}
		}},
		{name: "alias of a wildcard to a name below it", host: "storage.googleapis.com", want: pass, kind: PrivateVIP, facts: func(f *topology.Facts) {
			f.Responses = []*topology.ResponseRule{response("a", "*.googleapis.com.", "CNAME", "private.googleapis.com.")}
		}},
		{name: "response policy for ipv6 beside ipv4", host: "gcr.io", want: pass, kind: PrivateVIP, facts: func(f *topology.Facts) {
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "AAAA", "2600:2d00:2:2000::"), response("b", "gcr.io.", "A", vips...)}
		}},

		{name: "peering zone", host: "gke.gcr.io", want: pass, kind: PrivateVIP, facts: func(f *topology.Facts) {
			gcr(f)
			f.Zones[0].Networks = ids(hub)
			f.Zones = append(f.Zones, peering("peer", "gcr.io.", k(hub), net))
		}},
		{name: "peering zone, no record there", host: "gke.gcr.io", want: fail, detail: "no such host", facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, zone("gcr", "gcr.io.", hub), peering("peer", "gcr.io.", k(hub), net))
			f.RecordSets = append(f.RecordSets, record("gcr", "A", "gcr.io.", vips...))
		}},
		{name: "peering to a network that nobody saw", host: "gcr.io", want: open, detail: "--state", facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, peering("peer", "gcr.io.", k(networkID("h", "hub")), net))
		}},
		{name: "peering to a network without zones", host: "gcr.io", want: pass, kind: PublicDNS, facts: func(f *topology.Facts) {
			f.Networks = append(f.Networks, network("p", "hub"))
			f.Zones = append(f.Zones, peering("peer", "gcr.io.", k(hub), net))
		}},
		{name: "peering to an unknown network", host: "gcr.io", want: open, facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, peering("peer", "gcr.io.", u[topology.ID](), net))
		}},
		{name: "peering in a circle", host: "gcr.io", want: fail, detail: "circle", facts: func(f *topology.Facts) {
			f.Zones = append(f.Zones, peering("there", "gcr.io.", k(hub), net), peering("back", "gcr.io.", k(net), hub))
		}},

		{name: "endpoint", host: "gcr.io", want: pass, kind: EndpointAddress, detail: `endpoint "psc"`, facts: func(f *topology.Facts) {
			f.Endpoints = []*topology.Endpoint{endpoint("psc", net, "10.3.0.5")}
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A", "10.3.0.5")}
		}},
		{name: "endpoint in a peered network", host: "gcr.io", want: fail, kind: OtherPrivate, detail: "not reachable over VPC peering", facts: func(f *topology.Facts) {
			f.Endpoints = []*topology.Endpoint{endpoint("psc", hub, "10.3.0.5")}
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A", "10.3.0.5")}
		}},
		{name: "same address elsewhere, own endpoints unseen", host: "gcr.io", want: open, kind: OtherPrivate, facts: func(f *topology.Facts) {
			notManaged(f)
			f.Endpoints = []*topology.Endpoint{endpoint("psc", hub, "10.3.0.5")}
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A", "10.3.0.5")}
		}},
		{name: "same address in both networks", host: "gcr.io", want: pass, kind: EndpointAddress, facts: func(f *topology.Facts) {
			f.Endpoints = []*topology.Endpoint{endpoint("psc", hub, "10.3.0.5"), endpoint("own", net, "10.3.0.5")}
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A", "10.3.0.5")}
		}},
		{name: "private address of nobody", host: "gcr.io", want: open, kind: OtherPrivate, detail: "no endpoint known here", facts: func(f *topology.Facts) {
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A", "10.3.0.5")}
		}},
		{name: "public address", host: "gcr.io", want: pass, kind: OtherPublic, facts: func(f *topology.Facts) {
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A", "142.250.1.82")}
		}},
		{name: "endpoint's own domain", host: "gcr.io", want: pass, kind: EndpointAddress, facts: func(f *topology.Facts) {
			f.Endpoints = []*topology.Endpoint{endpoint("psc", net, "10.3.0.5")}
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "CNAME", "gcr-psc.p.googleapis.com.")}
		}},
		{name: "endpoint address known after apply", host: "gcr.io", want: open, kind: EndpointAddress, facts: func(f *topology.Facts) {
			f.Endpoints = []*topology.Endpoint{endpoint("psc", net, "10.3.0.5")}
			f.Endpoints[0].Address = u[netip.Addr]()
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A")}
			f.Responses[0].Data = u[[]string]()
		}},
		{name: "not an address", host: "gcr.io", want: open, detail: `"localhost"`, facts: func(f *topology.Facts) {
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A", "localhost")}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			if tt.facts != nil {
				tt.facts(&f)
			}
			r := evaluator(f).Resolve(k(net), tt.host)
			wantHop(t, r.Hop, HopDNS, tt.want, tt.detail)
			if r.Verdict != tt.want || r.Kind != tt.kind || r.Overridden == tt.plain {
				t.Errorf("got %s, kind %d, overridden %t: %s", r.Verdict, r.Kind, r.Overridden, r.Hop.Detail)
			}
		})
	}
}

func TestResolveUnseen(t *testing.T) {
	f := world()
	notManaged(&f)
	r := evaluator(f).Resolve(k(net), "gcr.io")
	if r.Verdict != pass || !r.Hop.Evidence[0].Assumed {
		t.Errorf("got %+v", r)
	}
	f.Readings = []topology.Reading{{Collection: topology.DNS, Project: "p", Refused: "403: dns.managedZones.list"}}
	wantHop(t, evaluator(f).Resolve(k(net), "gcr.io").Hop, HopDNS, open, "403: dns.managedZones.list")

	nowhere := u[topology.ID]()
	if r := evaluator(topology.Facts{}).Resolve(nowhere, "gcr.io"); r.Verdict != pass {
		t.Errorf("got %+v", r)
	}
	gcr(&f)
	if r := evaluator(f).Resolve(nowhere, "gcr.io"); r.Verdict != open {
		t.Errorf("got %+v", r)
	}
	if r := evaluator(f).Resolve(nowhere, "us-docker.pkg.dev"); r.Verdict != pass {
		t.Errorf("got %+v", r)
	}
}

// An endpoint whose reserved address apply has yet to give is known by the reference that it and the record share.
func TestEndpointByReservedAddress(t *testing.T) {
	for _, c := range []struct {
		name     string
		reserved topology.ID
		want     topology.Verdict
	}{
		{"the record's address", "addr:plan/google_compute_global_address.psc", topology.Pass},
		{"another address", "addr:plan/google_compute_global_address.other", topology.Undecided},
	} {
		t.Run(c.name, func(t *testing.T) {
			network := topology.Identify("google_compute_network", "p", "global", "vpc")
			on := topology.Known(network, topology.Origin{})
			zone := topology.Object{ID: "zone", Address: "google_dns_managed_zone.gcr", Name: "gcr", Managed: true}
			e := New(topology.New(topology.Facts{
				Networks: []*topology.Network{{Object: topology.Object{ID: network, Name: "vpc", Managed: true}}},
				Zones:    []*topology.Zone{{Object: zone, DNSName: topology.Known("gcr.io.", topology.Origin{}), Networks: []topology.Value[topology.ID]{on}, NetworksTold: true}},
				RecordSets: []*topology.RecordSet{{Object: topology.Object{ID: "r", Address: "google_dns_record_set.gcr"}, Zone: topology.Known[topology.ID]("zone", topology.Origin{}),
					DNS: topology.Known("gcr.io.", topology.Origin{}), Type: topology.Known("A", topology.Origin{}), Data: topology.Unknown[[]string](topology.KnownAfterApply, topology.Origin{}),
					AddressIDs: []topology.ID{"addr:plan/google_compute_global_address.psc"}}},
				Endpoints: []*topology.Endpoint{{Object: topology.Object{ID: "e", Name: "psc"}, Network: on, AddressID: c.reserved}},
			}))
			r := e.Resolve(on, "gcr.io")
			if r.Verdict != c.want || r.Kind != EndpointAddress {
				t.Errorf("got %v of kind %v, expected %v at an endpoint: %s", r.Verdict, r.Kind, c.want, r.Hop.Detail)
			}
		})
	}
}
