package live

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/protobuf/proto"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// A router is asked for its state where that adds something: it has reserved addresses or peers, and its network is in use.
func TestWhichRoutersAreAsked(t *testing.T) {
	router := func(change func(*computepb.Router)) fake.Router {
		r := fake.NAT("it", region, "main")
		change(r.Router)
		return r
	}
	reserved := func(r *computepb.Router) { r.Nats[0].NatIpAllocateOption = proto.String("MANUAL_ONLY") }
	peers := func(r *computepb.Router) {
		r.Nats, r.BgpPeers = nil, []*computepb.RouterBgpPeer{{Name: proto.String("office")}}
	}
	for _, tc := range []struct {
		name   string
		router fake.Router
		asked  bool
	}{
		{"automatic addresses", router(func(*computepb.Router) {}), false},
		{"reserved addresses", router(reserved), true},
		{"one of two gateways has reserved addresses", router(func(r *computepb.Router) {
			r.Nats = append(r.Nats, &computepb.RouterNat{Name: proto.String("second"), NatIpAllocateOption: proto.String("MANUAL_ONLY")})
		}), true},
		{"peers", router(peers), true},
		{"neither gateway nor peer", router(func(r *computepb.Router) { r.Nats = nil }), false},
		{"reserved, on a network without nodes", router(func(r *computepb.Router) { reserved(r); r.Network = proto.String("unused") }), false},
		{"peers, on a network without nodes", router(func(r *computepb.Router) { peers(r); r.Network = proto.String("unused") }), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := estate()
			w.Projects[1].Routers = []fake.Router{tc.router}
			s := serve(t, w)
			read(t, client(t, s), everything())
			if n := asked(s)["GET /compute/v1/projects/net/regions/"+region+"/routers/it/getRouterStatus"]; n > 1 || (n == 1) != tc.asked {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

// A router that does not say what it learned leaves the routes unread where it has peers, and costs nothing where it has none.
func TestRoutersThatDoNotSay(t *testing.T) {
	for _, tc := range []struct {
		name  string
		peers bool
		fault fake.Fault
		why   string
	}{
		{"with peers", true, fake.Denied(), "403: compute.routers.get (roles/compute.networkViewer holds it)"},
		{"with peers, and down", true, fake.Status(503, ""), "503: compute.routers.get"},
		{"without peers", false, fake.Denied(), ""},
		{"with peers, and gone", true, fake.Gone(), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := estate()
			if !tc.peers {
				w.Projects[1].Routers[0].BgpPeers = nil
			}
			s := serve(t, w)
			s.Fault(fake.Match{Permission: "compute.routers.get"}, tc.fault)
			facts, _ := read(t, client(t, s), everything())
			if got := refusalOf(facts, topology.Routes, "net"); got != tc.why {
				t.Errorf("routes: %q, want %q", got, tc.why)
			}
			if got := refusalOf(facts, topology.Routers, "net"); got != "" || len(facts.NATs) != 2 {
				t.Errorf("routers: %q, %d gateways", got, len(facts.NATs))
			}
		})
	}
}

// byRegion is an aggregated list in which one region warns.
func byRegion(items, code string) string {
	return fmt.Sprintf(`{"items":{"regions/%s":{"warning":{"code":%q}},"regions/us-east1":{"%s":[{"name":"n","region":"us-east1"}]}}}`, region, code, items)
}

// A region that is left out of a list with a note is not a region without anything.
func TestWarningsOfLists(t *testing.T) {
	lists := []struct {
		path, items, permission string
		of                      topology.Collection
	}{
		{"aggregated/subnetworks", "subnetworks", "compute.subnetworks.list", topology.Subnetworks},
		{"aggregated/routers", "routers", "compute.routers.list", topology.Routers},
		{"aggregated/firewallPolicies", "firewallPolicies", "compute.firewallPolicies.list", topology.Firewalls},
	}
	for _, list := range lists {
		for code, lacks := range map[string]string{
			"":                           "",
			"NO_RESULTS_ON_PAGE":         "",
			"EXPERIMENTAL_TYPE_USED":     "",
			"UNREACHABLE":                "what could not be reached",
			"PARTIAL_SUCCESS":            "what could not be read",
			"LIST_OVERHEAD_QUOTA_EXCEED": "what is beyond the quota of a list",
		} {
			t.Run(list.items+"/"+code, func(t *testing.T) {
				if _, is := computepb.Warning_Code_value[code]; !is && code != "" {
					t.Fatal("Compute Engine has no such warning")
				}
				s := serve(t, estate())
				s.Fault(fake.Match{Path: "/compute/v1/projects/net/" + list.path}, fake.Status(200, byRegion(list.items, code)))
				facts, _ := read(t, client(t, s), everything())
				want := ""
				if lacks != "" {
					want = "the answer lacks " + lacks + ": " + list.permission
				}
				if got := refusalOf(facts, list.of, "net"); got != want {
					t.Errorf("%q, want %q", got, want)
				}
			})
		}
	}
	t.Run("a list that is not by region", func(t *testing.T) {
		s := serve(t, estate())
		s.Fault(fake.Match{Path: "/compute/v1/projects/net/global/routes"}, fake.Status(200, `{"items":[],"warning":{"code":"UNREACHABLE"}}`))
		facts, _ := read(t, client(t, s), everything())
		if got := refusalOf(facts, topology.Routes, "net"); got != "the answer lacks what could not be reached: compute.routes.list" {
			t.Errorf("%q", got)
		}
	})
	t.Run("the second page", func(t *testing.T) {
		s := serve(t, estate())
		s.Pages(1)
		s.Fault(fake.Match{Path: "/compute/v1/projects/net/aggregated/routers", Pages: true}, fake.Status(200, `{"items":{},"unreachables":["regions/b","regions/a"]}`))
		facts, _ := read(t, client(t, s), everything())
		if got := refusalOf(facts, topology.Routers, "net"); got != "the answer lacks regions/a, regions/b: compute.routers.list" || len(facts.NATs) != 0 {
			t.Errorf("%q, %d gateways", got, len(facts.NATs))
		}
	})
}

// Zones that did not answer cost the clusters there, and nobody takes the others for all.
func TestMissingZones(t *testing.T) {
	w := estate()
	w.Projects[0].MissingZones = []string{"us-east1-b", "us-east1-c"}
	facts, troubles := read(t, client(t, serve(t, w)), everything())
	const why = "the answer lacks us-east1-b, us-east1-c: container.clusters.list"
	if got := refusalOf(facts, topology.Clusters, "shop"); got != why || len(facts.Clusters) != 2 {
		t.Errorf("%q, %d clusters", got, len(facts.Clusters))
	}
	if len(troubles) != 1 || troubles[0] != (Trouble{Source: "live project shop", Message: why}) {
		t.Errorf("%v", troubles)
	}
	if !topology.New(facts).Listed(topology.Routers, "net") {
		t.Error("the network of the clusters that were seen was not read")
	}
}

// Regional firewall policies are not among the rules in force for a network as a whole: those on a network in use are read one by one, with their rules.
func TestRegionalFirewallPolicies(t *testing.T) {
	policy := func(name, region, network string) *computepb.FirewallPolicy {
		p := &computepb.FirewallPolicy{Name: proto.String(name), Associations: []*computepb.FirewallPolicyAssociation{{Name: proto.String("a"), AttachmentTarget: proto.String(network)}}}
		if region != "" {
			p.Region = proto.String(region)
		}
		return p
	}
	ruled := policy("ruled", region, vpc)
	ruled.Rules = []*computepb.FirewallPolicyRule{{Priority: proto.Int32(1), Direction: proto.String("EGRESS"), Action: proto.String("deny")}}
	w := estate()
	w.Projects[1].FirewallPolicies = []*computepb.FirewallPolicy{policy("mine", region, vpc), policy("others", region, "projects/net/global/networks/unused"), policy("global", "", vpc), policy("unattached", region, ""), ruled}
	s := serve(t, w)
	read(t, client(t, s), everything())
	var got []string
	for call := range asked(s) {
		if _, name, is := strings.Cut(call, "/firewallPolicies/"); is {
			got = append(got, name)
		}
	}
	if !slices.Equal(got, []string{"mine"}) {
		t.Errorf("policies read one by one: %v, want that on the network in use whose rules the list leaves out", got)
	}
}

// Where the networks may not be listed, nobody knows which rules are in force; the rest of the project is read.
func TestNetworksRefused(t *testing.T) {
	s := serve(t, estate())
	s.Fault(fake.Match{Permission: "compute.networks.list"}, fake.Denied())
	facts, _ := read(t, client(t, s), everything())
	const why = "403: compute.networks.list (roles/compute.networkViewer holds it)"
	for c, want := range map[topology.Collection]string{topology.Networks: why, topology.Firewalls: why, topology.Routers: "", topology.Routes: "", topology.DNS: ""} {
		if got := refusalOf(facts, c, "net"); got != want {
			t.Errorf("%s: %q, want %q", c, got, want)
		}
	}
	if len(facts.NATs) != 2 {
		t.Errorf("%d gateways", len(facts.NATs))
	}
}

// A project that a plan names and nobody finds is not there yet: it has nothing, and nothing in it was refused.
func TestPlannedProject(t *testing.T) {
	c := &topology.Cluster{Object: in("shop", "c"), Network: known(networkOf("later", "main"))}
	for _, tc := range []struct {
		name  string
		fault fake.Fault
		clean bool
	}{
		{"not there", fake.Gone(), true},
		{"there and refused", fake.Denied(), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := estate()
			w.Projects = append(w.Projects, fake.Project{ID: "later"})
			s := serve(t, w)
			s.Fault(fake.Match{}, tc.fault)
			facts, _ := read(t, client(t, s), Want{Told: topology.Facts{Clusters: []*topology.Cluster{c}}})
			for _, of := range []topology.Collection{topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Endpoints, topology.Firewalls, topology.DNS} {
				if got := topology.New(facts).Listed(of, "later"); got != tc.clean {
					t.Errorf("%s listed: %v (%s)", of, got, refusalOf(facts, of, "later"))
				}
			}
		})
	}
	// The host project of a live cluster is there: a 404 in it is no answer.
	s := serve(t, estate())
	s.Fault(fake.Match{Path: "/compute/v1/projects/net/aggregated/routers"}, fake.Gone())
	facts, _ := read(t, client(t, s), everything())
	if got := refusalOf(facts, topology.Routers, "net"); got != "404: compute.routers.list" {
		t.Errorf("%q", got)
	}
}
