package live

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

type gke = containerpb.Cluster

// A full read finds the host project by itself, and everything there is to know.
func TestRead(t *testing.T) {
	s := serve(t, estate())
	facts, troubles := read(t, client(t, s), everything())
	if len(troubles) > 0 {
		t.Errorf("troubles: %v", troubles)
	}
	if again, _ := read(t, client(t, s), everything()); !reflect.DeepEqual(facts, again) {
		t.Error("the same answers make other facts")
	}
	for what, n := range map[string][2]int{
		"clusters":     {len(facts.Clusters), 2},
		"networks":     {len(facts.Networks), 2},
		"subnetworks":  {len(facts.Subnetworks), 1},
		"gateways":     {len(facts.NATs), 2},
		"routes":       {len(facts.Routes), 1},
		"zones":        {len(facts.Zones), 4},
		"record sets":  {len(facts.RecordSets), 3}, // those of corp.example. are not asked for
		"repositories": {len(facts.Repositories), 2},
		"custom roles": {len(facts.Roles), 1},
		"ancestries":   {len(facts.Ancestries), 1},
		"perimeters":   {len(facts.VPCSC), 1},
	} {
		if n[0] != n[1] {
			t.Errorf("%d %s, want %d", n[0], what, n[1])
		}
	}
	top := topology.New(facts)
	for _, at := range []struct {
		c       topology.Collection
		project string
	}{
		{topology.Clusters, "shop"}, {topology.Networks, "net"}, {topology.Subnetworks, "net"}, {topology.Routers, "net"}, {topology.Routes, "net"},
		{topology.Firewalls, "net"}, {topology.DNS, "net"}, {topology.DNS, "hub"}, {topology.Endpoints, "net"}, {topology.Repositories, "reg"}, {topology.IAM, "reg"},
	} {
		if !top.Listed(at.c, at.project) {
			t.Errorf("%s of %s: not listed: %s", at.c, at.project, top.RefusedIn(at.c, at.project))
		}
	}
	if got := s.Tokens(); !slices.Equal(got, []string{token}) {
		t.Errorf("shown tokens %d", len(got))
	}
}

// The role that the checks declare is what a full read needs: no call without its permission, no permission without a call. What only an organisation
// can grant is asked for, and no part of it.
func TestPermissions(t *testing.T) {
	var declared []string
	for _, c := range checks.All() {
		declared = append(declared, c.Permissions...)
	}
	slices.Sort(declared)
	if diff := cmp.Diff(slices.Compact(declared), Permissions()); diff != "" {
		t.Errorf("checks declare (-), and the client asks (+):\n%s", diff)
	}
	s := serve(t, estate())
	c := client(t, s)
	read(t, c, everything())
	read(t, c, Want{Clusters: []string{"projects/shop/locations/" + region + "/clusters/one"}})
	read(t, c, Want{Projects: []string{"shop"}, Images: []string{"gcr.io/reg/web:1"}})
	var called []string
	for p := range s.Counts() {
		if !strings.HasPrefix(p, "resourcemanager.folders.") && !strings.HasPrefix(p, "resourcemanager.organizations.") {
			called = append(called, p)
		}
	}
	slices.Sort(called)
	if diff := cmp.Diff(Permissions(), called); diff != "" {
		t.Errorf("the client declares (-), and the server was asked (+):\n%s", diff)
	}
}

// With the least role nothing is refused but what lies above projects, and that is silent: a grant of the repository's own decides.
func TestLeastRole(t *testing.T) {
	s := serve(t, estate())
	s.Grant(Permissions())
	facts, troubles := read(t, client(t, s), everything())
	if len(troubles) > 0 {
		t.Errorf("troubles: %v", troubles)
	}
	for _, r := range facts.Readings {
		if r.Refused != "" && r.Collection != topology.IAM {
			t.Errorf("%s of %s: %s", r.Collection, r.Project, r.Refused)
		}
	}
	if why := refusalOf(facts, topology.IAM, "reg"); !strings.HasPrefix(why, "403: resourcemanager.folders.") {
		t.Errorf("what is above is refused with %q", why)
	}
}

// A hundred who ask at once ask as one does.
func TestManyAskers(t *testing.T) {
	s := serve(t, estate())
	read(t, client(t, s), everything())
	one := asked(s)
	s.Forget()
	c := client(t, s)
	first, _ := read(t, client(t, serve(t, estate())), everything())
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			facts, troubles, err := c.Read(t.Context(), everything())
			if err != nil || len(troubles) > 0 {
				t.Errorf("%v, %v", troubles, err)
			}
			if len(facts.Readings) != len(first.Readings) {
				t.Errorf("%d readings, want %d", len(facts.Readings), len(first.Readings))
			}
		})
	}
	group.Wait()
	if diff := cmp.Diff(one, asked(s)); diff != "" {
		t.Errorf("calls of one asker (-), of a hundred (+):\n%s", diff)
	}
	for call, n := range one {
		if n != 1 {
			t.Errorf("%s: %d times", call, n)
		}
	}
}

// Pages are all read, an empty one among them.
func TestPages(t *testing.T) {
	s := serve(t, estate())
	whole, _ := read(t, client(t, s), everything())
	s.Pages(1)
	s.Fault(fake.Match{API: "compute"}, fake.EmptyPage())
	paged, troubles := read(t, client(t, s), everything())
	if len(troubles) > 0 || len(paged.NATs) != len(whole.NATs) || len(paged.Zones) != len(whole.Zones) || len(paged.Repositories) != len(whole.Repositories) {
		t.Errorf("paged: %d gateways, %d zones, %d repositories, %v", len(paged.NATs), len(paged.Zones), len(paged.Repositories), troubles)
	}
}

// Clusters that nobody asked for are judged where a plan touches their network, and left alone elsewhere.
func TestNeighbours(t *testing.T) {
	w := estate()
	w.Projects[0].Networks = []*computepb.Network{fake.VPC("own")}
	w.Projects[0].Clusters = append(w.Projects[0].Clusters, fake.PrivateCluster("apart", region, "own", "own", "", ""))
	network := topology.Object{ID: "google_compute_network/net/global/main", Kind: networkKind, Name: "main", Project: "net", Source: "plan.json", Managed: true}
	mine := topology.Object{ID: "google_container_cluster/shop/" + region + "/mine", Name: "mine", Project: "shop", Source: "plan.json", Managed: true}
	on := topology.Known(network.ID, topology.Origin{})
	told := topology.Facts{Clusters: []*topology.Cluster{{Object: mine, Network: on}}, Routes: []*topology.Route{{Object: network, Network: on}}}
	told.Routes[0].ID = "google_compute_route/net/global/r"
	for _, tc := range []struct {
		name string
		want Want
		read string
	}{
		{"a plan that touches the network", Want{Told: told, Touching: []string{"plan.json"}}, "one two"},
		{"a state that manages it", Want{Told: told}, ""},
		{"a plan that touches nothing", Want{Told: topology.Facts{Clusters: told.Clusters}, Touching: []string{"plan.json"}}, ""},
		{"the project by name", Want{Told: told, Projects: []string{"shop"}}, "apart one two"},
		{"one cluster by name", Want{Clusters: []string{"projects/shop/locations/" + region + "/clusters/apart"}}, "apart"},
		{"one that is not there", Want{Clusters: []string{"projects/shop/locations/" + region + "/clusters/gone"}}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			facts, troubles := read(t, client(t, serve(t, w)), tc.want)
			var names []string
			for _, c := range facts.Clusters {
				names = append(names, c.Name)
			}
			slices.Sort(names)
			if got := strings.Join(names, " "); got != tc.read || len(troubles) > 0 {
				t.Errorf("clusters %q, want %q; %v", got, tc.read, troubles)
			}
			if tc.want.Told.Clusters != nil && !topology.New(facts).Listed(topology.Routers, "net") {
				t.Error("the network of the plan's cluster was not read")
			}
		})
	}
}

// Rights are read only where an image asks for a repository.
func TestRightsOnDemand(t *testing.T) {
	s := serve(t, estate())
	read(t, client(t, s), Want{Projects: []string{"shop"}, Images: []string{"nginx", "gcr.io/distroless/static", "no image at all"}})
	for _, c := range s.Calls() {
		if c.API == "artifact_registry" || c.API == "resource_manager_v3" || c.API == "iam" {
			t.Errorf("asked %s", c.Path)
		}
	}
	// The repositories of gcr.io lie where their host says.
	s.Forget()
	read(t, client(t, s), Want{Projects: []string{"shop"}, Images: []string{"eu.gcr.io/reg/app"}})
	if asked(s)["GET /artifactregistry/v1/projects/reg/locations/europe/repositories"] != 1 {
		t.Errorf("eu.gcr.io: %v", asked(s))
	}
}

func TestProgress(t *testing.T) {
	w := everything()
	last := [2]int{}
	w.Progress = func(done, total int) {
		if done > total || done < last[0] || total < last[1] {
			t.Errorf("%d of %d after %v", done, total, last)
		}
		last = [2]int{done, total}
	}
	read(t, client(t, serve(t, estate())), w)
	if last[0] == 0 || last[0] != last[1] {
		t.Errorf("ended with %v", last)
	}
}
