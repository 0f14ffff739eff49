package live

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/api/dns/v1"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const hub = "projects/hub/global/networks/hub"

// peering makes a zone ask another network.
func peering(z fake.Zone, target string) fake.Zone {
	z.PeeringConfig = &dns.ManagedZonePeeringConfig{TargetNetwork: &dns.ManagedZonePeeringConfigTargetNetwork{NetworkUrl: "https://www.googleapis.com/compute/v1/" + target}}
	return z
}

// plainly is a cluster on one network with these zones and response policies, and a hub with a zone of its own.
func plainly(zones []fake.Zone, responses ...fake.ResponsePolicy) fake.World {
	return fake.World{Projects: []fake.Project{
		{ID: "shop", Clusters: []*gke{fake.PrivateCluster("one", region, vpc, "projects/net/regions/"+region+"/subnetworks/gke", "", "")}},
		{ID: "net", Networks: nil, Zones: zones, ResponsePolicies: responses},
		{ID: "hub", Zones: []fake.Zone{fake.PrivateZone("hubs", "pkg.dev.", []string{hub}, [2]string{"*.pkg.dev.", "10.0.0.1"})}},
	}}
}

// dnsCalls are what was asked of Cloud DNS below projects, lists of a project's zones and policies aside.
func dnsCalls(s *fake.Server, project string) (below []string, listed bool) {
	for call := range asked(s) {
		path, is := strings.CutPrefix(call, "GET /dns/v1/projects/"+project+"/")
		switch {
		case is && strings.Contains(path, "/"):
			below = append(below, path)
		case is:
			listed = true
		}
	}
	slices.Sort(below)
	return below, listed
}

// Record sets are read of private zones that nodes see and that answer for Google's names, and of no others.
func TestWhichZonesAreRead(t *testing.T) {
	mine, other := []string{vpc}, []string{"projects/net/global/networks/other"}
	public := fake.PrivateZone("z", "gcr.io.", mine)
	public.Visibility = "public"
	forwarding := fake.PrivateZone("z", "gcr.io.", mine)
	forwarding.ForwardingConfig = &dns.ManagedZoneForwardingConfig{}
	for _, tc := range []struct {
		name string
		zone fake.Zone
		read bool
		hub  bool
	}{
		{"over gcr.io", fake.PrivateZone("z", "gcr.io.", mine), true, false},
		{"over a name below pkg.dev", fake.PrivateZone("z", "europe-docker.pkg.dev.", mine), true, false},
		{"over all that there is", fake.PrivateZone("z", ".", mine), true, false},
		{"over something else", fake.PrivateZone("z", "corp.example.", mine), false, false},
		{"on another network", fake.PrivateZone("z", "gcr.io.", other), false, false},
		{"on both", fake.PrivateZone("z", "gcr.io.", append(slices.Clone(other), vpc)), true, false},
		{"on none", fake.PrivateZone("z", "gcr.io.", nil), false, false},
		{"public", public, false, false},
		{"that forwards", forwarding, false, false},
		{"that asks the hub", peering(fake.PrivateZone("z", "pkg.dev.", mine), hub), false, true},
		{"that asks the hub for something else", peering(fake.PrivateZone("z", "corp.example.", mine), hub), false, false},
		{"of another network that asks the hub", peering(fake.PrivateZone("z", "pkg.dev.", other), hub), false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, plainly([]fake.Zone{tc.zone}))
			facts, _ := read(t, client(t, s), Want{Projects: []string{"shop"}})
			if below, _ := dnsCalls(s, "net"); slices.Contains(below, "managedZones/z/rrsets") != tc.read {
				t.Errorf("asked %v", below)
			}
			below, listed := dnsCalls(s, "hub")
			if listed != tc.hub || slices.Contains(below, "managedZones/hubs/rrsets") != tc.hub {
				t.Errorf("the hub was listed: %v, asked %v", listed, below)
			}
			if tc.zone.Visibility == "private" && len(facts.Zones) < 1 {
				t.Error("the zone itself is not told of")
			}
			if why := refusalOf(facts, topology.DNS, "net"); why != "" {
				t.Error(why)
			}
		})
	}
}

// Peering is followed from hub to hub, round and round no more than once.
func TestChainOfPeerings(t *testing.T) {
	w := plainly([]fake.Zone{peering(fake.PrivateZone("first", "pkg.dev.", []string{vpc}), hub)})
	w.Projects[2].Zones = []fake.Zone{peering(fake.PrivateZone("second", "pkg.dev.", []string{hub}), "projects/far/global/networks/far")}
	w.Projects = append(w.Projects, fake.Project{ID: "far", Zones: []fake.Zone{
		peering(fake.PrivateZone("back", "gcr.io.", []string{"projects/far/global/networks/far"}), vpc),
		fake.PrivateZone("end", "pkg.dev.", []string{"projects/far/global/networks/far"}, [2]string{"*.pkg.dev.", "10.0.0.9"}),
	}})
	s := serve(t, w)
	facts, _ := read(t, client(t, s), Want{Projects: []string{"shop"}})
	if len(facts.Zones) != 4 || len(facts.RecordSets) != 1 {
		t.Errorf("%d zones, %d record sets", len(facts.Zones), len(facts.RecordSets))
	}
	for call, n := range asked(s) {
		if n != 1 {
			t.Errorf("%d times %s", n, call)
		}
	}
	for _, project := range []string{"hub", "far"} {
		if _, routed := asked(s)["GET /compute/v1/projects/"+project+"/aggregated/routers"]; routed {
			t.Errorf("routers of %s were read: no node is there", project)
		}
	}
}

// A hub that may not be read leaves its names unread, and those of the network itself read.
func TestHiddenHub(t *testing.T) {
	w := plainly([]fake.Zone{peering(fake.PrivateZone("first", "pkg.dev.", []string{vpc}), "projects/hidden/global/networks/hidden"), fake.PrivateZone("own", "gcr.io.", []string{vpc}, [2]string{"gcr.io.", "10.0.0.1"})})
	facts, _ := read(t, client(t, serve(t, w)), Want{Projects: []string{"shop"}})
	if why := refusalOf(facts, topology.DNS, "hidden"); !strings.HasPrefix(why, "403: dns.") {
		t.Errorf("%q", why)
	}
	if !topology.New(facts).Listed(topology.DNS, "net") || len(facts.RecordSets) != 1 {
		t.Errorf("the network's own: %q, %d record sets", refusalOf(facts, topology.DNS, "net"), len(facts.RecordSets))
	}
}

// Rules are read of response policies on the nodes' networks, and of no others.
func TestWhichResponsePoliciesAreRead(t *testing.T) {
	on := func(name string, networks ...string) fake.ResponsePolicy {
		p := fake.ResponsePolicy{ResponsePolicy: &dns.ResponsePolicy{ResponsePolicyName: name}, Rules: []*dns.ResponsePolicyRule{{RuleName: "r", DnsName: "gcr.io."}}}
		for _, n := range networks {
			p.Networks = append(p.Networks, &dns.ResponsePolicyNetwork{NetworkUrl: "https://www.googleapis.com/compute/v1/" + n})
		}
		return p
	}
	s := serve(t, plainly(nil, on("mine", vpc), on("others", hub), on("nobodys"), on("both", hub, vpc)))
	read(t, client(t, s), Want{Projects: []string{"shop"}})
	below, _ := dnsCalls(s, "net")
	if want := []string{"responsePolicies/both/rules", "responsePolicies/mine/rules"}; !slices.Equal(below, want) {
		t.Errorf("asked %v, want %v", below, want)
	}
}

// What was gone between the list and the question for it is no refusal; what was refused is one.
func TestNamesThatGo(t *testing.T) {
	for _, tc := range []struct {
		name  string
		match fake.Match
		fault fake.Fault
		why   string
	}{
		{"a zone is deleted", fake.Match{Permission: "dns.resourceRecordSets.list"}, fake.Gone(), ""},
		{"a policy is deleted", fake.Match{Permission: "dns.responsePolicyRules.list"}, fake.Gone(), ""},
		{"rules are refused", fake.Match{Permission: "dns.responsePolicyRules.list"}, fake.Denied(), "403: dns.responsePolicyRules.list (roles/dns.reader holds it)"},
		{"zones are refused", fake.Match{Path: "/dns/v1/projects/net/managedZones"}, fake.Denied(), "403: dns.managedZones.list (roles/dns.reader holds it)"},
		{"response policies are refused", fake.Match{Path: "/dns/v1/projects/net/responsePolicies"}, fake.Denied(), "403: dns.responsePolicies.list (roles/dns.reader holds it)"},
		{"the API is off", fake.Match{Path: "/dns/v1/projects/net/*"}, fake.Disabled(), "403: dns.googleapis.com is off in project net (dns.managedZones.list)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, estate())
			s.Fault(tc.match, tc.fault)
			facts, _ := read(t, client(t, s), everything())
			if got := refusalOf(facts, topology.DNS, "net"); got != tc.why {
				t.Errorf("%q, want %q", got, tc.why)
			}
		})
	}
}
