package checks

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// probed is a world as Google Cloud tells it: a subnetwork, and gateways on its router.
func probed(nats ...*topology.NAT) topology.Facts {
	kind := func(k, where, name string) topology.Object {
		return topology.Object{ID: topology.Identify(k, project, where, name), Kind: k, Address: "//compute/" + name, Name: name, Project: project, Location: region}
	}
	network := known(topology.Identify("google_compute_network", project, "global", "vpc"))
	router := kind("google_compute_router", region, "router")
	for _, n := range nats {
		n.Router = known(router.ID)
		n.Type, n.EndpointTypes, n.EntriesTold = known("PUBLIC"), known([]string{"ENDPOINT_TYPE_VM"}), true
	}
	var readings []topology.Reading
	for _, c := range []topology.Collection{topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.DNS, topology.Endpoints} {
		readings = append(readings, topology.Reading{Collection: c, Project: project})
	}
	return topology.Facts{
		Clusters: []*topology.Cluster{newCluster("other", newPool("other"))},
		Networks: []*topology.Network{{Object: kind("google_compute_network", "global", "vpc"), DefaultRoutesDeleted: known(false)}},
		Subnetworks: []*topology.Subnetwork{{Object: kind("google_compute_subnetwork", region, "gke"), Network: network, GoogleAccess: known(true),
			Primary: known(netip.MustParsePrefix("10.10.0.0/20")), SecondaryTold: true, Secondary: []topology.Range{secondary("pods", "10.20.0.0/16"), secondary("services", "10.30.0.0/20")}}},
		Routers: []*topology.Router{{Object: router, Network: network}},
		Routes: []*topology.Route{{Object: kind("google_compute_route", "global", "default"), Network: network, Destination: known(netip.MustParsePrefix("0.0.0.0/0")),
			Priority: known(1000), Tags: known([]string{}), NextHop: known(topology.HopInternetGateway)}},
		NATs: nats, Readings: readings,
	}
}

func gatewayOf(name, mode string, entries ...topology.NATEntry) *topology.NAT {
	n := &topology.NAT{Mode: known(mode), Entries: entries}
	n.Object = topology.Object{ID: topology.ID("nat/" + name), Address: "//compute/" + name, Name: name, Project: project, Location: region}
	return n
}

func entryOf(names ...string) topology.NATEntry {
	options := []string{topology.EntryPrimary}
	if len(names) > 0 {
		options = []string{topology.EntrySecondary}
	}
	e := topology.NATEntry{Subnetwork: known(Probe{Project: project, Region: region, Subnetwork: "gke"}.ID()), Options: known(options), NamesTold: true}
	for _, n := range names {
		e.Names = append(e.Names, known(n))
	}
	return e
}

func TestProbe(t *testing.T) {
	wide := gatewayOf("wide", topology.AllRanges)
	for _, tc := range []struct {
		name   string
		facts  topology.Facts
		pods   []string
		covers string // the ranges with a gateway: primary, pods, services
		want   []string
	}{
		{"everything is translated", probed(wide), []string{"pods"}, "- pods services", []string{"nat-node-range pass", "nat-pod-range pass", "nat-overlap pass"}},
		{"nothing is", probed(), []string{"pods"}, "", []string{"nat-node-range fail", "nat-pod-range fail"}},
		{"the services range is nobody's concern", probed(gatewayOf("list", topology.ListOfRanges, entryOf(), entryOf("pods"))), []string{"pods"}, "- pods", []string{"nat-node-range pass", "nat-pod-range pass"}},
		{"only the pods: the seed of many incidents", probed(gatewayOf("list", topology.ListOfRanges, entryOf("pods"))), []string{"pods"}, "pods", []string{"nat-node-range fail", "nat-pod-range pass"}},
		{"two claim it", probed(wide, gatewayOf("second", topology.AllPrimaryRanges)), nil, "- pods services", []string{"nat-overlap fail"}},
		{"the routers were refused", refusedRouters(), nil, "", []string{"nat-node-range unknown"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := Probe{Project: project, Region: region, Subnetwork: "gke", PodRanges: tc.pods}
			top := topology.New(p.Over(tc.facts))
			j := Judge(top, nil, Policy{Internet: "required", Only: []string{"nat-node-range", "nat-pod-range", "nat-overlap"}})
			var got []string
			for _, r := range j.Results {
				got = append(got, r.Check+" "+r.Status.String())
				if strings.Contains(r.Message, "cluster") {
					t.Errorf("speaks of a cluster where there is none: %s", r.Message)
				}
			}
			for _, want := range tc.want {
				if !slices.Contains(got, want) {
					t.Errorf("no %q in %q", want, got)
				}
			}
			var covered []string
			for _, r := range p.Ranges(top) {
				if r.Verdict == topology.Pass {
					covered = append(covered, map[bool]string{true: "-", false: r.Name}[r.Name == ""])
				} else if r.Why == "" {
					t.Errorf("range %q is not translated, and nothing says why", r.Name)
				}
			}
			if got := strings.Join(covered, " "); got != tc.covers {
				t.Errorf("covered %q, want %q", got, tc.covers)
			}
		})
	}
}

func refusedRouters() topology.Facts {
	f := probed()
	for i, r := range f.Readings {
		if r.Collection == topology.Routers {
			f.Readings[i].Refused = "403: compute.routers.list"
		}
	}
	return f
}

// A subnetwork nobody tells of is undecided, never a pass and never a failure.
func TestProbeOfNothing(t *testing.T) {
	p := Probe{Project: project, Region: region, Subnetwork: "elsewhere"}
	top := topology.New(p.Over(topology.Facts{}))
	if rows := p.Ranges(top); rows != nil {
		t.Errorf("ranges of nothing: %v", rows)
	}
	for _, r := range Judge(top, nil, Policy{Internet: "required", Only: []string{"nat-node-range"}}).Results {
		if r.Status != topology.Undecided {
			t.Errorf("%s: %s", r.Status, r.Message)
		}
	}
}

// Every range of a subnetwork is told with what it is and who translates it; what is not known of one does not hide it.
func TestRangesAreToldWhole(t *testing.T) {
	p := Probe{Project: project, Region: region, Subnetwork: "gke"}
	rows := func(f topology.Facts) string {
		var out []string
		for _, r := range p.Ranges(topology.New(f)) {
			out = append(out, fmt.Sprintf("%s %s %s [%s]", r.Name, r.CIDR, r.Verdict, strings.Join(r.Gateways, " ")))
		}
		return strings.Join(out, "; ")
	}
	changed := func(f topology.Facts, do func(*topology.Subnetwork)) topology.Facts {
		do(f.Subnetworks[0])
		return f
	}
	for name, tc := range map[string]struct {
		facts topology.Facts
		want  string
	}{
		"everything":     {probed(gatewayOf("a", topology.AllRanges)), " 10.10.0.0/20 pass [a]; pods 10.20.0.0/16 pass [a]; services 10.30.0.0/20 pass [a]"},
		"each its own":   {probed(gatewayOf("a", topology.ListOfRanges, entryOf()), gatewayOf("b", topology.ListOfRanges, entryOf("pods"))), " 10.10.0.0/20 pass [a]; pods 10.20.0.0/16 pass [b]; services 10.30.0.0/20 fail []"},
		"claimed twice":  {probed(gatewayOf("a", topology.AllPrimaryRanges), gatewayOf("b", topology.ListOfRanges, entryOf())), " 10.10.0.0/20 pass [a b]; pods 10.20.0.0/16 fail []; services 10.30.0.0/20 fail []"},
		"no gateway":     {probed(), " 10.10.0.0/20 fail []; pods 10.20.0.0/16 fail []; services 10.30.0.0/20 fail []"},
		"a range is new": {changed(probed(gatewayOf("a", topology.AllRanges)), func(s *topology.Subnetwork) { s.Secondary[0].Prefix = later[netip.Prefix]() }), " 10.10.0.0/20 pass [a]; pods  pass [a]; services 10.30.0.0/20 pass [a]"},
		"a name is new":  {changed(probed(gatewayOf("a", topology.AllRanges)), func(s *topology.Subnetwork) { s.Secondary[0].Name = later[string]() }), " 10.10.0.0/20 pass [a]; ? 10.20.0.0/16 pass [a]; services 10.30.0.0/20 pass [a]"},
		"nothing is known of the primary": {changed(probed(gatewayOf("a", topology.AllRanges)), func(s *topology.Subnetwork) { s.Primary = later[netip.Prefix]() }),
			"  pass [a]; pods 10.20.0.0/16 pass [a]; services 10.30.0.0/20 pass [a]"},
	} {
		if got := rows(tc.facts); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tc.want)
		}
	}
	if got := (Probe{Project: project, Region: region, Subnetwork: "other"}).Ranges(topology.New(probed())); got != nil {
		t.Errorf("a subnetwork that is not there: %+v", got)
	}
}

// A probe asks for the pod ranges it is told, in the network that its subnetwork lies in.
func TestProbeOfPodRanges(t *testing.T) {
	for _, tc := range []struct {
		name   string
		ranges []string
		want   string
	}{
		{"none", nil, "pass Public"},
		{"one that is translated", []string{"pods"}, "pass"},
		{"the second is not", []string{"pods", "services"}, "fail"},
		{"the first is not", []string{"services", "pods"}, "fail"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := Probe{Project: project, Region: region, Subnetwork: "gke", PodRanges: tc.ranges}
			f := p.Over(probed(gatewayOf("a", topology.ListOfRanges, entryOf()), gatewayOf("b", topology.ListOfRanges, entryOf("pods"))))
			worst := topology.Skip
			for _, r := range resultsOf(judge(f, Policy{Internet: "required"}), "nat-pod-range") {
				worst = topology.All(worst, r.Status)
			}
			if len(tc.ranges) > 0 && worst.String() != tc.want {
				t.Errorf("%s, want %s", worst, tc.want)
			}
			c := f.Clusters[0]
			if network := c.Network.Or(""); len(f.Clusters) != 1 || network != f.Networks[0].ID || len(c.ExtraPodRanges) != max(0, len(tc.ranges)-1) {
				t.Errorf("%+v", c)
			}
		})
	}
	away := Probe{Project: project, Region: region, Subnetwork: "other"}.Over(probed())
	if c := away.Clusters[0]; c.Network.Known() || !strings.Contains(c.Network.Why(), `no source tells of subnetwork "other"`) {
		t.Errorf("%+v", c.Network)
	}
}
