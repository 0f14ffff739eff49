package live

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func known[T any](v T) topology.Value[T] { return topology.Known(v, topology.Origin{}) }

func unknown[T any]() topology.Value[T] {
	return topology.Unknown[T]("only apply knows", topology.Origin{})
}

// in names an object of a project.
func in(project, name string) topology.Object { return topology.Object{Project: project, Name: name} }

func networkOf(project, name string) topology.ID {
	return topology.Identify(networkKind, project, "global", name)
}

// withPools is a cluster of project shop whose pools have these accounts.
func withPools(network topology.Value[topology.ID], accounts ...topology.Value[string]) *topology.Cluster {
	c := &topology.Cluster{Object: in("shop", "c"), Network: network}
	for _, a := range accounts {
		c.Pools = append(c.Pools, &topology.NodePool{ServiceAccount: a})
	}
	return c
}

// What is read goes by the clusters, whichever source tells of them.
func TestScope(t *testing.T) {
	main, own := networkOf("net", "main"), networkOf("shop", "own")
	subnetwork := topology.Identify("google_compute_subnetwork", "net", region, "gke")
	for _, tc := range []struct {
		name                      string
		live                      []*topology.Cluster
		told                      topology.Facts
		hosts, accounts, projects string
		toldOf                    string
	}{
		{name: "nothing"},
		{name: "a cluster on a Shared VPC", live: []*topology.Cluster{withPools(known(main))}, hosts: "net"},
		{name: "two on one network", live: []*topology.Cluster{withPools(known(main)), withPools(known(main))}, hosts: "net"},
		{name: "on two networks", live: []*topology.Cluster{withPools(known(own)), withPools(known(main))}, hosts: "net shop"},
		{name: "a network that nobody knows", live: []*topology.Cluster{withPools(unknown[topology.ID]())}},
		{name: "a network without a project", live: []*topology.Cluster{withPools(known(topology.ID("addr:google_compute_network.n")))}},
		{name: "accounts, each once", live: []*topology.Cluster{withPools(known(main), known("b@x"), known("a@x"), known("b@x"))},
			hosts: "net", accounts: "serviceAccount:a@x serviceAccount:b@x"},
		{name: "the default account by either name", live: []*topology.Cluster{withPools(known(main), known(""), known("default"))}, hosts: "net", projects: "shop"},
		{name: "an account that nobody knows", live: []*topology.Cluster{withPools(known(main), unknown[string]())}, hosts: "net"},
		{name: "a planned cluster", told: topology.Facts{Clusters: []*topology.Cluster{withPools(known(main), known("a@x"))}},
			hosts: "net", accounts: "serviceAccount:a@x", toldOf: "net shop"},
		{name: "planned, known by its subnetwork", told: topology.Facts{Clusters: []*topology.Cluster{{Object: in("shop", "c"), Network: unknown[topology.ID](), Subnetwork: known(subnetwork)}},
			Subnetworks: []*topology.Subnetwork{{Object: topology.Object{ID: subnetwork, Project: "net"}, Network: known(main)}}}, hosts: "net", toldOf: "net shop"},
		{name: "planned, on a subnetwork that is planned elsewhere", told: topology.Facts{Clusters: []*topology.Cluster{{Object: in("shop", "c"), Subnetwork: known(topology.ID("addr:google_compute_subnetwork.s"))}}},
			toldOf: "shop"},
		{name: "networks alone name projects and are not read", told: topology.Facts{Networks: []*topology.Network{{Object: in("a", "n")}}, Subnetworks: []*topology.Subnetwork{{Object: in("b", "s")}}}, toldOf: "a b"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var live []cluster
			for _, c := range tc.live {
				live = append(live, cluster{fact: c})
			}
			r := &reading{want: Want{Told: tc.told}}
			s := r.scope(live)
			got := []string{strings.Join(s.hosts(), " "), strings.Join(s.accounts, " "), strings.Join(s.projects, " "), strings.Join(slices.Sorted(maps.Keys(s.told)), " ")}
			if diff := cmp.Diff([]string{tc.hosts, tc.accounts, tc.projects, tc.toldOf}, got); diff != "" {
				t.Errorf("hosts, accounts, projects of default accounts, projects told of:\n%s", diff)
			}
		})
	}
}

// A plan's cluster that names a subnetwork of somebody else's project, and no network, is followed to the network.
func TestNetworkBehindASubnetwork(t *testing.T) {
	for _, tc := range []struct {
		name, region, subnetwork string
		read                     bool
	}{
		{"it is there", region, "gke", true},
		{"in another region", "us-east1", "gke", false},
		{"it is not there", region, "later", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := &topology.Cluster{Object: in("shop", "c"), Network: unknown[topology.ID](), Subnetwork: known(topology.Identify("google_compute_subnetwork", "net", tc.region, tc.subnetwork))}
			s := serve(t, estate())
			facts, troubles := read(t, client(t, s), Want{Told: topology.Facts{Clusters: []*topology.Cluster{c}}})
			if got := topology.New(facts).Listed(topology.Routers, "net"); got != tc.read || len(troubles) > 0 {
				t.Errorf("the network was read: %v, %v", got, troubles)
			}
		})
	}
	t.Run("nobody may list subnetworks", func(t *testing.T) {
		s := serve(t, estate())
		s.Fault(fake.Match{Permission: "compute.subnetworks.list"}, fake.Denied())
		c := &topology.Cluster{Object: in("shop", "c"), Subnetwork: known(topology.Identify("google_compute_subnetwork", "net", region, "gke"))}
		if facts, _ := read(t, client(t, s), Want{Told: topology.Facts{Clusters: []*topology.Cluster{c}}}); len(facts.Readings) != 0 {
			t.Errorf("%d readings of networks that nobody knows", len(facts.Readings))
		}
	})
}

// Every kind of object that a plan changes leads to its network, and to the clusters there.
func TestTouches(t *testing.T) {
	main := networkOf("net", "main")
	mine := topology.Object{ID: "it", Project: "net", Source: "plan.json", Managed: true}
	read := mine
	read.Managed = false
	router := topology.Object{ID: "router", Source: "state.json"}
	for _, tc := range []struct {
		name     string
		told     topology.Facts
		networks int
	}{
		{"nothing", topology.Facts{}, 0},
		{"a network", topology.Facts{Networks: []*topology.Network{{Object: topology.Object{ID: main, Source: "plan.json", Managed: true}}}}, 1},
		{"a network of a data source", topology.Facts{Networks: []*topology.Network{{Object: topology.Object{ID: main, Source: "plan.json"}}}}, 0},
		{"a network of another source", topology.Facts{Networks: []*topology.Network{{Object: topology.Object{ID: main, Source: "state.json", Managed: true}}}}, 0},
		{"a subnetwork", topology.Facts{Subnetworks: []*topology.Subnetwork{{Object: mine, Network: known(main)}}}, 1},
		{"a router", topology.Facts{Routers: []*topology.Router{{Object: mine, Network: known(main)}}}, 1},
		{"a gateway on somebody's router", topology.Facts{Routers: []*topology.Router{{Object: router, Network: known(main)}}, NATs: []*topology.NAT{{Object: mine, Router: known(router.ID)}}}, 1},
		{"a gateway on a router that nobody knows", topology.Facts{NATs: []*topology.NAT{{Object: mine, Router: unknown[topology.ID]()}}}, 0},
		{"a route", topology.Facts{Routes: []*topology.Route{{Object: mine, Network: known(main)}}}, 1},
		{"a route that is only read", topology.Facts{Routes: []*topology.Route{{Object: read, Network: known(main)}}}, 0},
		{"a route on a network that nobody knows", topology.Facts{Routes: []*topology.Route{{Object: mine, Network: unknown[topology.ID]()}}}, 0},
		{"a firewall rule", topology.Facts{Firewalls: []*topology.FirewallRule{{Object: mine, Network: known(main)}}}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.told.Clusters = []*topology.Cluster{{Object: in("shop", "c")}, {Object: in("", "of no project")}}
			networks, near := touches(tc.told, []string{"plan.json"})
			if len(networks) != tc.networks || tc.networks > 0 && !networks[main] {
				t.Errorf("networks %v", networks)
			}
			want := []string(nil)
			if tc.networks > 0 {
				want = []string{"net", "shop"}
			}
			if !slices.Equal(near, want) {
				t.Errorf("projects nearby %v, want %v", near, want)
			}
		})
	}
}

// Clusters in projects that only a plan leads to: where there are none, or nobody may know, that is no trouble of the reader's unless it was refused.
func TestProjectsNearby(t *testing.T) {
	network := topology.Object{ID: networkOf("net", "main"), Kind: networkKind, Name: "main", Project: "net", Source: "plan.json", Managed: true}
	told := topology.Facts{Networks: []*topology.Network{{Object: network}}}
	for _, tc := range []struct {
		name    string
		fault   fake.Fault
		trouble bool
	}{
		{"GKE is off there", fake.Disabled(), false},
		{"there is no such project yet", fake.Gone(), false},
		{"refused", fake.Denied(), true},
		{"GKE is off in the project of the credentials", off("764086051850"), true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, estate())
			s.Fault(fake.Match{Permission: "container.clusters.list"}, tc.fault)
			facts, troubles := read(t, client(t, s), Want{Told: told, Touching: []string{"plan.json"}})
			if got := len(troubles) > 0; got != tc.trouble || (refusalOf(facts, topology.Clusters, "net") != "") != tc.trouble {
				t.Errorf("troubles %v, refused %q", troubles, refusalOf(facts, topology.Clusters, "net"))
			}
			// Who asks for the project by name is told in any case.
			if _, troubles := read(t, client(t, s), Want{Projects: []string{"net"}}); len(troubles) == 0 {
				t.Error("asked for by name, and nothing is said")
			}
		})
	}
}

func TestNetworkID(t *testing.T) {
	want := networkOf("net", "main")
	for _, link := range []string{"projects/net/global/networks/main", "https://www.googleapis.com/compute/v1/projects/net/global/networks/main",
		"https://compute.googleapis.com/compute/beta/projects/net/global/networks/main/", "//compute.googleapis.com/projects/net/global/networks/main"} {
		if got := networkID(link); got != want {
			t.Errorf("%s: %s", link, got)
		}
	}
	if networkID("projects/net/global/networks/other") == want || networkID("projects/other/global/networks/main") == want {
		t.Error("other networks are taken for it")
	}
}

// Networks that no cluster is on are listed and cost no call of their own.
func TestUnusedNetworks(t *testing.T) {
	w := estate()
	for _, name := range []string{"a", "b", "c"} {
		w.Projects[1].Networks = append(w.Projects[1].Networks, fake.VPC(name))
		r := fake.NAT("r-"+name, region, name)
		r.BgpPeers = []*computepb.RouterBgpPeer{{}}
		w.Projects[1].Routers = append(w.Projects[1].Routers, r)
	}
	plain, more := serve(t, estate()), serve(t, w)
	read(t, client(t, plain), everything())
	facts, _ := read(t, client(t, more), everything())
	if diff := cmp.Diff(asked(plain), asked(more)); diff != "" || len(facts.Networks) != 5 {
		t.Errorf("%d networks; calls without them (-), with them (+):\n%s", len(facts.Networks), diff)
	}
}
