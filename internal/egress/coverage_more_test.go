package egress

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// The algorithm of the fact sheet (A7) over every mode, option and range: the union over gateways is the union of what each translates.
func TestCoverageIsAUnion(t *testing.T) {
	pods := secondary("pods")
	gateways := map[string]*topology.NAT{
		"all":            nat("all"),
		"primary":        nat("primary", mode(topology.AllPrimaryRanges)),
		"listed":         nat("listed", entries(entry(gke, list()))),
		"listed primary": nat("listed primary", entries(entry(gke, list(topology.EntryPrimary)))),
		"listed pods":    nat("listed pods", entries(entry(gke, list(topology.EntrySecondary), "pods"))),
		"elsewhere":      nat("elsewhere", entries(entry(subnetworkID("p", region, "bastion"), list()))),
		"private":        nat("private", kind("PRIVATE")),
		"proxies":        nat("proxies", endpoints("ENDPOINT_TYPE_SWG")),
		"unknown":        nat("unknown", func(n *topology.NAT) { n.Type = u[string]() }),
	}
	alone := map[string][2]topology.Verdict{
		"all":            {pass, pass},
		"primary":        {pass, fail},
		"listed":         {pass, pass},
		"listed primary": {pass, fail},
		"listed pods":    {fail, pass},
		"elsewhere":      {fail, fail},
		"private":        {fail, fail},
		"proxies":        {fail, fail},
		"unknown":        {open, open},
	}
	cover := func(names ...string) [2]topology.Verdict {
		f := world()
		for _, name := range names {
			f.NATs = append(f.NATs, gateways[name])
		}
		e := evaluator(f)
		return [2]topology.Verdict{e.Coverage(k(gke), k(net), region, PrimaryRange).Verdict, e.Coverage(k(gke), k(net), region, pods).Verdict}
	}
	for a, of := range alone {
		if got := cover(a); got != of {
			t.Errorf("%s: %v, want %v", a, got, of)
		}
		for b, other := range alone {
			want := [2]topology.Verdict{topology.Any(of[0], other[0]), topology.Any(of[1], other[1])}
			if got := cover(a, b); a != b && got != want {
				t.Errorf("%s and %s: %v, want %v", a, b, got, want)
			}
		}
	}
}

// What a gateway's list leaves open, and what it does not although part of it is not known.
func TestCoverageOfListsPartlyKnown(t *testing.T) {
	bastion := subnetworkID("p", region, "bastion")
	oneOf := func(options topology.Value[[]string], of ...topology.ID) topology.NATEntry {
		return topology.NATEntry{Subnetwork: u[topology.ID](), OneOf: of, Options: options, NamesTold: true}
	}
	named := func(told bool, names ...topology.Value[string]) topology.NATEntry {
		return topology.NATEntry{Subnetwork: k(gke), Options: list(topology.EntrySecondary), Names: names, NamesTold: told}
	}
	modeless := func(n *topology.NAT) { n.Mode = u[string]() }
	tests := []struct {
		name string
		nat  *topology.NAT
		ask  Range
		want topology.Verdict
		why  string
	}{
		{
			name: "only a list has entries, though the mode is not known",
			nat:  nat("a", entries(entry(gke, list())), modeless),
			ask:  PrimaryRange,
			want: pass,
		},
		{
			name: "a mode of Google's that came later",
			nat:  nat("a", mode("ALL_SUBNETWORKS_SOME_DAY")),
			ask:  PrimaryRange,
			want: open,
			why:  `mode "ALL_SUBNETWORKS_SOME_DAY" is not known to this program`,
		},
		{
			name: "two unknown entries for two subnetworks, a third for one of them",
			nat:  nat("a", entries(oneOf(list(), gke, bastion), oneOf(list(), gke))),
			ask:  PrimaryRange,
			want: pass,
		},
		{
			name: "trap: two unknown entries that do not mean the same two subnetworks",
			nat:  nat("a", entries(oneOf(list(), gke, bastion), oneOf(list(), bastion, subnetworkID("p", region, "third")))),
			ask:  PrimaryRange,
			want: open,
		},
		{
			name: "trap: a known entry takes no place among the unknown ones",
			nat:  nat("a", entries(oneOf(list(), gke, bastion), entry(bastion, list()))),
			ask:  PrimaryRange,
			want: open,
		},
		{
			name: "one name is not known",
			nat:  nat("a", entries(named(true, u[string](), k("old")))),
			ask:  secondary("pods"),
			want: open,
			why:  "are not all known",
		},
		{
			name: "trap: one name is not known, and the primary range is asked for",
			nat:  nat("a", entries(named(true, u[string](), k("old")))),
			ask:  PrimaryRange,
			want: fail,
			why:  `lists only secondary range "old"`,
		},
		{
			name: "no names at all",
			nat:  nat("a", entries(named(true))),
			ask:  secondary("pods"),
			want: fail,
			why:  "lists only secondary ranges",
		},
		{
			name: "several names",
			nat:  nat("a", entries(named(true, k("a"), k("b")))),
			ask:  secondary("pods"),
			want: fail,
			why:  `lists only secondary ranges "a", "b"`,
		},
		{
			name: "a range of no known name and an empty list",
			nat:  nat("a", entries(named(true))),
			ask:  Range{Name: u[string]()},
			want: fail,
		},
		{
			name: "B4: the range that GKE creates cannot be listed, whatever the list says of the primary one",
			nat:  nat("a", entries(entry(gke, list(topology.EntryPrimary)))),
			ask:  Range{Name: u[string](), Created: true},
			want: fail,
			why:  "lists only the primary range",
		},
		{
			name: "a created range of no name is not the primary one",
			nat:  nat("a", mode(topology.AllPrimaryRanges)),
			ask:  Range{Name: k(""), Created: true},
			want: fail,
		},
		{
			name: "NAT64 beside a list: said only where nothing else is",
			nat:  nat("a", entries(entry(bastion, list())), func(n *topology.NAT) { n.Mode64 = k("ALL_IPV6_SUBNETWORKS") }),
			ask:  PrimaryRange,
			want: fail,
			why:  "does not list the subnetwork",
		},
		{
			name: "several reasons are all said, and what is not known is not, beside them",
			nat: nat("a", kind("PRIVATE"), in("p", "us-east1", "unseen"), func(n *topology.NAT) {
				n.EndpointTypes = u[[]string]()
			}),
			ask:  PrimaryRange,
			want: fail,
			why:  "is of type PRIVATE and is in us-east1, the subnetwork in us-central1",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			f.NATs = []*topology.NAT{tt.nat}
			c := evaluator(f).Coverage(k(gke), k(net), region, tt.ask)
			if c.Verdict != tt.want || !strings.Contains(c.Why, tt.why) {
				t.Errorf("got %s %q, want %s with %q", c.Verdict, c.Why, tt.want, tt.why)
			}
		})
	}
}

// A failure names the gateway that comes nearest, and says what it lacks.
func TestNearMisses(t *testing.T) {
	east := func(f *topology.Facts) { f.Routers = append(f.Routers, router("p", "us-east1", "e", net)) }
	theirs := func(f *topology.Facts) {
		f.Routers = append(f.Routers, router("p", region, "o", networkID("p", "other")))
	}
	for _, tt := range []struct {
		name  string
		facts func(*topology.Facts)
		nats  []*topology.NAT
		want  string
	}{
		{"nothing near", nil, nil, "its network has no Public NAT gateway in its region"},
		{"A5: in the other region", east, []*topology.NAT{nat("far", in("p", "us-east1", "e"))}, `gateway "far" is in us-east1, the subnetwork in us-central1`},
		{"one fault is nearer than two", east, []*topology.NAT{nat("a", in("p", "us-east1", "e"), kind("PRIVATE")), nat("b", in("p", "us-east1", "e"))}, `gateway "b" is in us-east1`},
		{"the wrong list is nearer than the wrong region", east, []*topology.NAT{nat("a", in("p", "us-east1", "e")), nat("b", entries())}, `gateway "b" does not list the subnetwork`},
		{"of equals the first by address", nil, []*topology.NAT{nat("b", kind("PRIVATE")), nat("a", kind("PRIVATE"))}, `gateway "a" is of type PRIVATE`},
		{"A5: of another network, where ours has none", theirs, []*topology.NAT{nat("o", in("p", region, "o"))}, `gateway "o" belongs to network "other"`},
		{"trap: of another network, where ours has one", func(f *topology.Facts) { theirs(f); east(f) }, []*topology.NAT{nat("o", in("p", region, "o")), nat("far", in("p", "us-east1", "e"))}, `gateway "far" is in us-east1`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			if tt.facts != nil {
				tt.facts(&f)
			}
			f.NATs = tt.nats
			c := evaluator(f).Coverage(k(gke), k(net), region, PrimaryRange)
			if c.Verdict != fail || !strings.Contains(c.Why, tt.want) || len(c.Misses) > len(tt.nats) {
				t.Errorf("got %s %q with %d misses, want %q", c.Verdict, c.Why, len(c.Misses), tt.want)
			}
		})
	}
}

// Where the network is not known every gateway may serve: the first is named, and a list of them stays short.
func TestManyGatewaysThatMay(t *testing.T) {
	f := world()
	for i := range 30 {
		f.NATs = append(f.NATs, nat(fmt.Sprintf("nat-%02d", i)))
	}
	none := u[topology.ID]()
	c := evaluator(f).Coverage(none, none, region, PrimaryRange)
	if c.Verdict != open || len(c.Gateways) != mostMaybes || len(c.Evidence) != mostMaybes || !strings.Contains(c.Why, `"nat-00"`) {
		t.Errorf("%s, %d gateways, %q", c.Verdict, len(c.Gateways), c.Why)
	}
	if c := evaluator(f).Coverage(none, none, "", PrimaryRange); c.Verdict != open || !strings.Contains(c.Why, `"nat-00" may serve it: the region of the subnetwork is not known`) {
		t.Errorf("%s %q", c.Verdict, c.Why)
	}
	if c := evaluator(f).Coverage(none, k(net), "us-east1", PrimaryRange); c.Verdict != fail || len(c.Misses) != 30 {
		t.Errorf("%s with %d misses", c.Verdict, len(c.Misses))
	}
	f.NATs = f.NATs[:2]
	if h := evaluator(f).Exit(source()); !strings.HasSuffix(h.Detail, "is translated by nat-00, nat-01") {
		t.Error(h.Detail)
	}
	f.NATs[0].Location, f.NATs[0].Router = "", k(routerID("p", "", "gone"))
	if c := evaluator(topology.Facts{NATs: f.NATs[:1]}).Coverage(k(gke), k(net), region, PrimaryRange); c.Verdict != open || !strings.Contains(c.Why, "its region is not known") {
		t.Errorf("%s %q", c.Verdict, c.Why)
	}
}

// The path to a registry names the address that is asked for, or says that there is none to ask for.
func TestPathsToGoogleSayWhereNamesLead(t *testing.T) {
	for _, tt := range []struct {
		name  string
		facts func(*topology.Facts)
		hop   int
		want  string
	}{
		{"private address", gcr, 1, "199.36.153.8/32 leads to the default internet gateway"},
		{"no record", dns(zone("gcr", "gcr.io.", net)), 1, "gcr.io has no address"},
		{"data not known", dns(gcr, func(f *topology.Facts) { f.RecordSets[0].Data = u[[]string]() }), 1, "the address of gcr.io is not known"},
		{"own servers", dns(func(f *topology.Facts) {
			f.Zones = []*topology.Zone{zone("gcr", "gcr.io.", net)}
			f.Zones[0].Forwarding = true
		}), 2, "the address of gcr.io is not known"},
		{"endpoint", dns(response("a", "gcr.io.", "A", "10.3.0.5"), endpoint("psc", net, "10.3.0.5")), 1, "10.3.0.5 is an internal address of the network"},
		{"nobody's address", dns(response("a", "gcr.io.", "A", "10.3.0.5")), 1, "how 10.3.0.5 is reached is not known here"},
		{"private address, denied", dns(gcr, func(f *topology.Facts) { f.Firewalls = []*topology.FirewallRule{rule("d", 1, deny)} }), 2, "denies tcp 443 to 199.36.153.8/30"},
		{"restricted address, denied", dns(response("a", "gcr.io.", "A", "199.36.153.4"), func(f *topology.Facts) { f.Firewalls = []*topology.FirewallRule{rule("d", 1, deny)} }), 2, "denies tcp 443 to 199.36.153.4/30"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			tt.facts(&f)
			if h := evaluator(f).Google(source(), "gcr.io").Hops[tt.hop]; !strings.Contains(h.Detail, tt.want) {
				t.Errorf("%s: %q, want %q", h.Name, h.Detail, tt.want)
			}
		})
	}
}
