package egress

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// facts collects zones and records into a world.
func dns(parts ...any) func(*topology.Facts) {
	return func(f *topology.Facts) {
		for _, p := range parts {
			switch p := p.(type) {
			case *topology.Zone:
				f.Zones = append(f.Zones, p)
			case *topology.RecordSet:
				f.RecordSets = append(f.RecordSets, p)
			case *topology.ResponseRule:
				f.Responses = append(f.Responses, p)
			case *topology.Endpoint:
				f.Endpoints = append(f.Endpoints, p)
			case *topology.NameServers:
				f.NameServers = append(f.NameServers, p)
			case func(*topology.Facts):
				p(f)
			}
		}
	}
}

// anyName leaves the name that a fact answers for to apply.
func anyName[T any](v T) T {
	switch p := any(v).(type) {
	case *topology.Zone:
		p.DNSName = u[string]()
	case *topology.ResponseRule:
		p.DNS = u[string]()
	case *topology.RecordSet:
		p.DNS = u[string]()
	}
	return v
}

// Names as Cloud DNS answers for them: wildcards by RFC 4592, the closest zone, aliases, policies; and what only looks like an answer.
func TestNames(t *testing.T) {
	unattached := func(r *topology.ResponseRule) *topology.ResponseRule {
		r.Networks, r.NetworksTold = nil, false
		return r
	}
	anywhere := func(p *topology.Endpoint) *topology.Endpoint { p.Network = u[topology.ID](); return p }
	unsaid := func(p *topology.Endpoint) *topology.Endpoint { p.Address = u[netip.Addr](); return p }
	restricted := "199.36.153.4"
	tests := []struct {
		name   string
		host   string
		facts  func(*topology.Facts)
		want   topology.Verdict
		kind   AddressKind
		plain  bool
		detail string
	}{
		{
			name:   "C2: the wildcard is missing below an existing name",
			host:   "a.eu.gcr.io",
			facts:  dns(gcr, record("gcr", "A", "eu.gcr.io.", vips...)),
			want:   fail,
			detail: `zone "gcr" answers for a.eu.gcr.io but has no record for it`,
		},
		{
			name:  "trap: a wildcard holds for names many labels below it",
			host:  "a.b.gcr.io",
			facts: gcr,
			want:  pass,
			kind:  PrivateVIP,
		},
		{
			name:   "a name that exists only because of one below it has no records",
			host:   "eu.gcr.io",
			facts:  dns(gcr, record("gcr", "A", "deep.eu.gcr.io.", vips...)),
			want:   fail,
			detail: "no such host",
		},
		{
			name:   "trap: a wildcard below another closes the outer one",
			host:   "eu.gcr.io",
			facts:  dns(gcr, record("gcr", "A", "*.eu.gcr.io.", restricted)),
			want:   fail,
			detail: "no such host",
		},
		{
			name:  "the inner wildcard",
			host:  "a.eu.gcr.io",
			facts: dns(gcr, record("gcr", "A", "*.eu.gcr.io.", restricted)),
			want:  pass,
			kind:  RestrictedVIP,
		},
		{
			name:  "names are written in any case, with or without the final dot",
			host:  "gcr.io",
			facts: dns(zone("gcr", "GCR.io", net), record("gcr", "A", "Gcr.IO", restricted)),
			want:  pass,
			kind:  RestrictedVIP,
		},
		{
			name:   "a zone for the root answers for all names",
			host:   "gcr.io",
			facts:  dns(zone("root", ".", net), record("root", "A", "example.com.", "10.1.1.1")),
			want:   fail,
			detail: `zone "root" answers for gcr.io`,
		},
		{
			name:  "trap: any closer zone comes before the root",
			host:  "gcr.io",
			facts: dns(zone("root", ".", net), gcr),
			want:  pass,
			kind:  PrivateVIP,
		},
		{
			name:  "one zone, several networks: split horizon by attachment",
			host:  "gcr.io",
			facts: dns(zone("theirs", "gcr.io.", networkID("p", "hub")), zone("ours", "gcr.io.", networkID("p", "hub"), net), record("ours", "A", "gcr.io.", restricted), record("theirs", "A", "gcr.io.", "10.9.9.9")),
			want:  pass,
			kind:  RestrictedVIP,
		},
		{
			name:   "a record of no known zone may be the one that is missing",
			host:   "gcr.io",
			facts:  dns(zone("gcr", "gcr.io.", net), anyZone(record("gcr", "A", "gcr.io.", restricted))),
			want:   open,
			detail: "and the name of record set",
		},
		{
			name:   "a zone of no known name may be the closest",
			host:   "gcr.io",
			facts:  dns(anyName(zone("any", "", net))),
			want:   open,
			plain:  true,
			detail: `the name that zone "any" answers for is not known`,
		},
		{
			name:   "a rule of no known name may be the first",
			host:   "gcr.io",
			facts:  dns(gcr, anyName(response("any", "", "A", restricted))),
			want:   open,
			kind:   PrivateVIP,
			detail: `the name that response policy rule "any" answers for is not known`,
		},
		{
			name:   "a rule that may be attached comes before the zones",
			host:   "gcr.io",
			facts:  dns(gcr, unattached(response("maybe", "gcr.io.", "A", restricted))),
			want:   open,
			kind:   PrivateVIP,
			detail: `whether response policy rule "maybe" answers for gcr.io is not known`,
		},
		{
			name:  "trap: a rule that may be attached, for another name",
			host:  "gcr.io",
			facts: dns(gcr, unattached(response("maybe", "pkg.dev.", "A", restricted))),
			want:  pass,
			kind:  PrivateVIP,
		},
		{
			name:  "trap: a rule that may be attached, and matches less closely than one that is",
			host:  "gke.gcr.io",
			facts: dns(unattached(response("maybe", "*.gcr.io.", "A", restricted)), response("sure", "gke.gcr.io.", "A", vips...)),
			want:  pass,
			kind:  PrivateVIP,
		},
		{
			name:   "a rule that may be attached, of no known name",
			host:   "gcr.io",
			facts:  dns(gcr, anyName(unattached(response("maybe", "", "A", restricted)))),
			want:   open,
			kind:   PrivateVIP,
			detail: `"maybe"`,
		},
		{
			name: "trap: a zone that may be attached, and is less close than one that is",
			host: "gke.gcr.io",
			facts: dns(gcr, func(f *topology.Facts) {
				f.Zones = append(f.Zones, &topology.Zone{Object: object("zone", "p", "", "io", true), DNSName: k("io.")})
			}),
			want: pass,
			kind: PrivateVIP,
		},
		{
			name:   "own servers that may be asked",
			host:   "gcr.io",
			facts:  dns(gcr, &topology.NameServers{Object: object("policy", "p", "", "dns", true)}),
			want:   open,
			kind:   PrivateVIP,
			detail: `whether policy "dns" sends it to your own servers is not known`,
		},
		{
			name:   "response policies come before zones, own servers before both",
			host:   "gcr.io",
			facts:  dns(response("a", "gcr.io.", "A", restricted), &topology.NameServers{Object: object("policy", "p", "", "dns", true), Networks: ids(net), NetworksTold: true}),
			want:   open,
			detail: `gcr.io is asked of your own servers (policy "dns")`,
		},
		{
			name:   "an empty local answer",
			host:   "gcr.io",
			facts:  dns(response("a", "gcr.io.", "CNAME")),
			want:   fail,
			detail: "has no A record",
		},
		{
			name:   "an alias says through what",
			host:   "gke.gcr.io",
			facts:  gcr,
			want:   pass,
			kind:   PrivateVIP,
			detail: `zone "gcr" answers for gke.gcr.io with gcr.io: zone "gcr" answers for gcr.io with`,
		},
		{
			name:   "one bad address among good ones",
			host:   "gcr.io",
			facts:  dns(response("a", "gcr.io.", "A", "199.36.153.8", "10.9.9.9")),
			want:   open,
			kind:   OtherPrivate,
			detail: "199.36.153.8 and 1 more: a private address that no endpoint known here holds",
		},
		{
			name:   "a single address is written out",
			host:   "gcr.io",
			facts:  dns(response("a", "gcr.io.", "A", restricted)),
			want:   pass,
			kind:   RestrictedVIP,
			detail: "with 199.36.153.4: restricted.googleapis.com",
		},
		{
			name:  "trap: the addresses beside the two (C1: /30, four each)",
			host:  "gcr.io",
			facts: dns(response("a", "gcr.io.", "A", "199.36.153.12")),
			want:  pass,
			kind:  OtherPublic,
		},
		{
			name:   "an endpoint of a network that is not known",
			host:   "gcr.io",
			facts:  dns(response("a", "gcr.io.", "A", "10.3.0.5"), anywhere(endpoint("psc", net, "10.3.0.5"))),
			want:   open,
			kind:   EndpointAddress,
			detail: "an endpoint whose network is not known",
		},
		{
			name:   "an endpoint whose address is not known may hold it",
			host:   "gcr.io",
			facts:  dns(response("a", "gcr.io.", "A", "10.3.0.5"), unsaid(endpoint("psc", net, "10.3.0.5")), endpoint("theirs", networkID("p", "hub"), "10.3.0.5")),
			want:   open,
			kind:   OtherPrivate,
			detail: "the address of an endpoint is not known",
		},
		{
			name:  "C1: the endpoint's own zone names its service and itself",
			host:  "storage-psc.p.googleapis.com",
			facts: dns(endpoint("psc", net, "10.3.0.5")),
			want:  pass,
			kind:  EndpointAddress,
		},
		{
			name:  "trap: the own zone of another endpoint",
			host:  "storage-other.p.googleapis.com",
			facts: dns(endpoint("psc", net, "10.3.0.5")),
			want:  pass,
			plain: true,
		},
		{
			name:  "trap: an alias to a name that ends like the private one",
			host:  "gcr.io",
			facts: dns(response("a", "gcr.io.", "CNAME", "notprivate.googleapis.com.")),
			want:  pass,
		},
		{
			name:   "a chain of aliases without an end",
			host:   "a.gcr.io",
			facts:  dns(gcr, record("gcr", "CNAME", "a.gcr.io.", "b.gcr.io."), record("gcr", "CNAME", "b.gcr.io.", "a.gcr.io.")),
			want:   fail,
			detail: "is resolved in a circle",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			tt.facts(&f)
			r := evaluator(f).Resolve(k(net), tt.host)
			wantHop(t, r.Hop, HopDNS, tt.want, tt.detail)
			if r.Kind != tt.kind || r.Overridden == tt.plain {
				t.Errorf("kind %d, overridden %t: %s", r.Kind, r.Overridden, r.Hop.Detail)
			}
		})
	}
}

func anyZone(r *topology.RecordSet) *topology.RecordSet { r.Zone = u[topology.ID](); return r }

// The two names whose public records are the virtual addresses have four each (C1), and the others are not known here.
func TestPublicRecordsOfTheVirtualAddresses(t *testing.T) {
	for host, want := range map[string]string{
		"private.googleapis.com":    "199.36.153.8 199.36.153.9 199.36.153.10 199.36.153.11",
		"restricted.googleapis.com": "199.36.153.4 199.36.153.5 199.36.153.6 199.36.153.7",
		"storage.googleapis.com":    "",
	} {
		var got []string
		for _, a := range evaluator(world()).Resolve(k(net), host).Addresses {
			got = append(got, a.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", host, got, want)
		}
	}
}

// What a zone without the record says depends on whether anybody looked.
func TestZonesWithoutTheRecord(t *testing.T) {
	mentioned := zone("gcr", "gcr.io.", net)
	mentioned.Managed = false
	read := func(f *topology.Facts) { f.Readings = []topology.Reading{{Collection: topology.DNS, Project: "p"}} }
	other := record("gcr", "A", "other.gcr.io.", vips...)
	for _, tt := range []struct {
		name  string
		facts func(*topology.Facts)
		want  topology.Verdict
	}{
		{"managed zone of a managed network", dns(zone("gcr", "gcr.io.", net)), fail},
		{"managed zone of a network seen elsewhere, with records", dns(notManaged, zone("gcr", "gcr.io.", net), other), fail},
		{"managed zone of a network seen elsewhere, records seen elsewhere, too", dns(notManaged, zone("gcr", "gcr.io.", net)), open},
		{"mentioned zone, some records seen", dns(mentioned, other), fail},
		{"mentioned zone, no records seen", dns(mentioned), open},
		{"mentioned zone, nothing listed", dns(notManaged, mentioned, other), open},
		{"mentioned zone, zones listed", dns(notManaged, read, mentioned, other), fail},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			tt.facts(&f)
			wantHop(t, evaluator(f).Resolve(k(net), "gcr.io").Hop, HopDNS, tt.want, "")
		})
	}
}

// Where the network is not known, anything that could answer keeps the name open.
func TestNamesInAnUnknownNetwork(t *testing.T) {
	for _, tt := range []struct {
		name  string
		facts func(*topology.Facts)
		want  topology.Verdict
	}{
		{"nothing", dns(), pass},
		{"a zone", dns(gcr), open},
		{"trap: a zone for another domain", dns(zone("pkg", "pkg.dev.", net)), pass},
		{"a zone of no known name", dns(anyName(zone("any", "", net))), open},
		{"a response rule", dns(response("a", "*.gcr.io.", "A", vips...)), open},
		{"trap: a response rule for another domain", dns(response("a", "pkg.dev.", "A", vips...)), pass},
		{"a response rule of no known name", dns(anyName(response("a", "", "A", vips...))), open},
		{"own servers", dns(&topology.NameServers{Object: object("policy", "p", "", "dns", true)}), open},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			tt.facts(&f)
			wantHop(t, evaluator(f).Resolve(u[topology.ID](), "gke.gcr.io").Hop, HopDNS, tt.want, "")
		})
	}
}
