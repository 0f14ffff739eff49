package googlecloud

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/dns/v1"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func privateZone(name, dnsName string, id uint64, networks ...string) *dns.ManagedZone {
	z := &dns.ManagedZone{Name: name, DnsName: dnsName, Id: id, Visibility: "private", PrivateVisibilityConfig: &dns.ManagedZonePrivateVisibilityConfig{}}
	for _, n := range networks {
		z.PrivateVisibilityConfig.Networks = append(z.PrivateVisibilityConfig.Networks, &dns.ManagedZonePrivateVisibilityConfigNetwork{NetworkUrl: n})
	}
	return z
}

func rrset(name, kind string, data ...string) *dns.ResourceRecordSet {
	return &dns.ResourceRecordSet{Name: name, Type: kind, Rrdatas: data}
}

const vpc = "https://www.googleapis.com/compute/v1/projects/p/global/networks/vpc"

// Record sets find their zone by its name and by its number, in whatever order they come; those of public and of deleted zones are left out.
func TestRecordSets(t *testing.T) {
	v := New("export")
	v.RecordSet("p", "pkg", rrset("pkg.dev.", "A", "199.36.153.8"))
	v.RecordSet("123", "77", rrset("*.pkg.dev.", "CNAME", "pkg.dev."))
	v.RecordSet("p", "deleted", rrset("gone.dev.", "A", "10.0.0.1"))
	v.RecordSet("p", "open", rrset("example.com.", "A", "203.0.113.1"))
	v.RecordSet("other", "pkg", rrset("pkg.dev.", "A", "10.9.9.9"))
	v.Zone("p", privateZone("pkg", "pkg.dev.", 77, vpc))
	v.Zone("p", &dns.ManagedZone{Name: "open", DnsName: "example.com.", Visibility: "public"})
	v.Project("p", 123, "")
	f := v.Facts()
	if len(f.Zones) != 1 || f.Zones[0].Address != "//dns.googleapis.com/projects/p/managedZones/pkg" {
		t.Fatalf("zones %v", f.Zones)
	}
	zone := topology.Identify("google_dns_managed_zone", "p", "global", "pkg")
	var got []string
	for _, r := range f.RecordSets {
		if id, known := r.Zone.Get(); !known || id != zone {
			t.Errorf("%s is in %v", r.Address, id)
		}
		got = append(got, string(r.ID)+" "+r.Address)
	}
	slices.Sort(got)
	want := []string{
		"google_dns_record_set/p/global/pkg/*.pkg.dev./CNAME //dns.googleapis.com/projects/p/managedZones/pkg/rrsets/*.pkg.dev./CNAME",
		"google_dns_record_set/p/global/pkg/pkg.dev./A //dns.googleapis.com/projects/p/managedZones/pkg/rrsets/pkg.dev./A",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A zone says for which networks it answers, and how: itself, by another network, or by servers that nobody here can ask.
func TestZones(t *testing.T) {
	peer := privateZone("peer", "gcr.io.", 2, vpc)
	peer.PeeringConfig = &dns.ManagedZonePeeringConfig{TargetNetwork: &dns.ManagedZonePeeringConfigTargetNetwork{
		NetworkUrl: "https://www.googleapis.com/compute/v1/projects/9/global/networks/hub"}}
	forward := privateZone("forward", "corp.", 3)
	forward.ForwardingConfig = &dns.ManagedZoneForwardingConfig{}
	directory := privateZone("directory", "svc.", 4)
	directory.ServiceDirectoryConfig = &dns.ManagedZoneServiceDirectoryConfig{}
	v := New("export")
	v.Project("hub-project", 9, "")
	for _, z := range []*dns.ManagedZone{peer, forward, directory, privateZone("odd", "odd", 5, "nonsense")} {
		v.Zone("p", z)
	}
	z := v.Facts().Zones
	hub := topology.Identify("google_compute_network", "hub-project", "global", "hub")
	if z[0].PeerNetwork == nil || z[0].PeerNetwork.Or("") != hub {
		t.Errorf("peers with %v, want %s", z[0].PeerNetwork, hub)
	}
	if id := z[0].Networks[0].Or(""); id != topology.Identify("google_compute_network", "p", "global", "vpc") {
		t.Errorf("attached to %s", id)
	}
	if z[0].Forwarding || !z[1].Forwarding || !z[2].Forwarding {
		t.Error("forwarding zones, and those of Service Directory, are answered elsewhere; the peering one is not")
	}
	if z[3].Networks[0].Known() || z[3].DNSName.Or("") != "odd." {
		t.Errorf("%v: a link that names no network is unknown, and a name ends in a dot", z[3])
	}
}

// What a routing policy chooses is not read from data that is empty.
func TestRoutedRecords(t *testing.T) {
	v := New("export")
	v.Zone("p", privateZone("z", "pkg.dev.", 1))
	v.RecordSet("p", "z", &dns.ResourceRecordSet{Name: "pkg.dev.", Type: "A", RoutingPolicy: &dns.RRSetRoutingPolicy{}})
	if r := v.Facts().RecordSets[0]; r.Data.Known() || r.Data.Why() == "" {
		t.Errorf("data %v", r.Data)
	}
}

func TestResponsePolicies(t *testing.T) {
	data := func(kind string, d ...string) *dns.ResponsePolicyRuleLocalData {
		return &dns.ResponsePolicyRuleLocalData{LocalDatas: []*dns.ResourceRecordSet{rrset("pkg.dev.", "TXT", "x"), rrset("pkg.dev.", kind, d...)}}
	}
	v := New("export")
	v.ResponsePolicyRule("p", "42", &dns.ResponsePolicyRule{RuleName: "a", DnsName: "*.pkg.dev.", LocalData: data("A", "199.36.153.8")})
	v.ResponsePolicyRule("p", "policy", &dns.ResponsePolicyRule{RuleName: "b", DnsName: "gcr.io.", Behavior: "bypassResponsePolicy"})
	v.ResponsePolicyRule("p", "deleted", &dns.ResponsePolicyRule{RuleName: "c", DnsName: "gcr.io."})
	v.ResponsePolicy("p", &dns.ResponsePolicy{ResponsePolicyName: "policy", Id: 42, Networks: []*dns.ResponsePolicyNetwork{{NetworkUrl: vpc}}})
	f := v.Facts()
	if len(f.Responses) != 2 {
		t.Fatalf("%d rules", len(f.Responses))
	}
	a, b := f.Responses[0], f.Responses[1]
	if a.Type != "A" || !slices.Equal(a.Data.Or(nil), []string{"199.36.153.8"}) || a.Bypass || !a.NetworksTold || len(a.Networks) != 1 {
		t.Errorf("%+v", a)
	}
	if !b.Bypass || b.ID != topology.Identify("google_dns_response_policy_rule", "p", "global", "policy/b") {
		t.Errorf("%+v", b)
	}
}

// Only a policy with servers of its own changes what names resolve to; inbound forwarding and logging do not.
func TestServerPolicies(t *testing.T) {
	networks := []*dns.PolicyNetwork{{NetworkUrl: vpc}}
	v := New("export")
	v.DNSPolicy("p", &dns.Policy{Name: "inbound", EnableInboundForwarding: true, Networks: networks, AlternativeNameServerConfig: &dns.PolicyAlternativeNameServerConfig{}})
	v.DNSPolicy("5", &dns.Policy{Name: "own", Networks: networks, AlternativeNameServerConfig: &dns.PolicyAlternativeNameServerConfig{
		TargetNameServers: []*dns.PolicyAlternativeNameServerConfigTargetNameServer{{Ipv4Address: "10.0.0.2"}}}})
	v.Project("p", 5, "")
	f := v.Facts()
	if len(f.NameServers) != 1 || f.NameServers[0].ID != topology.Identify("google_dns_policy", "p", "global", "own") || len(f.NameServers[0].Networks) != 1 {
		t.Errorf("%+v", f.NameServers)
	}
}
