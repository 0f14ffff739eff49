package live

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/dns/v1"
	"google.golang.org/protobuf/proto"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

// oneProject is what most people have: a cluster and its network in one project.
func oneProject() fake.World {
	return fake.World{Projects: []fake.Project{{ID: "solo", Parent: "organizations/2",
		Clusters:    []*gke{accounted(fake.PrivateCluster("one", region, "main", "gke", "pods", "services"))},
		Networks:    []*computepb.Network{fake.VPC("main")},
		Subnetworks: []*computepb.Subnetwork{fake.Subnet("gke", region, "main", "10.0.0.0/20", fake.Range("pods", "10.4.0.0/14"), fake.Range("services", "10.8.0.0/20"))},
		Routers:     []fake.Router{fake.NAT("nat", region, "main")}, Routes: []*computepb.Route{fake.DefaultRoute("main")},
		Repositories: []fake.Repository{fake.DockerRepository(region, "apps", nil), fake.DockerRepository(region, "more", nil), fake.DockerRepository("us", "apps", nil)},
	}}, Above: []fake.Ancestor{{Name: "organizations/2"}, {Name: "folders/1", Parent: "organizations/2"}}}
}

// accounted gives the nodes of a cluster an account of their own.
func accounted(c *gke) *gke {
	for _, p := range c.NodePools {
		p.Config.ServiceAccount = "nodes@solo.iam.gserviceaccount.com"
	}
	return c
}

// callsOf counts a read of a world.
func callsOf(t *testing.T, w fake.World, images ...string) int {
	t.Helper()
	s := serve(t, w)
	_, troubles := read(t, client(t, s), Want{Projects: projects(w), Images: images})
	if len(troubles) > 0 {
		t.Errorf("troubles: %v", troubles)
	}
	return len(s.Calls())
}

// projects are those that have clusters.
func projects(w fake.World) []string {
	var out []string
	for _, p := range w.Projects {
		if len(p.Clusters) > 0 {
			out = append(out, p.ID)
		}
	}
	return out
}

// documented reads the numbers that the guide gives: rows that end in one.
func documented(t *testing.T) map[string]int {
	t.Helper()
	text, err := os.ReadFile("../../../../docs/guides/live-and-exports.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, m := range regexp.MustCompile(`(?m)^\| ([^|]+?) \| (\d+) \|$`).FindAllStringSubmatch(string(text), -1) {
		rows[m[1]], _ = strconv.Atoi(m[2])
	}
	return rows
}

// What one more of each thing costs is what the guide says, and the guide says it of nothing else.
func TestCallsAreThoseOfTheGuide(t *testing.T) {
	const app = region + "-docker.pkg.dev/solo/apps/web:1"
	web := []string{app}
	on := "projects/solo/global/networks/main"
	guide := documented(t)
	for _, tc := range []struct {
		row            string
		before         []string
		after          []string
		first, further func(*fake.World)
	}{
		{row: "one more project with clusters, on a network that is read anyway", further: func(w *fake.World) {
			w.Projects = append(w.Projects, fake.Project{ID: "second", Clusters: []*gke{accounted(fake.PrivateCluster("two", region, on, "projects/solo/regions/"+region+"/subnetworks/gke", "pods", "services"))}})
		}},
		{row: "one more project with a network in use", first: func(w *fake.World) {
			w.Projects = append(w.Projects, fake.Project{ID: "host", Networks: []*computepb.Network{fake.VPC("shared"), fake.VPC("other")}})
		}, further: func(w *fake.World) {
			w.Projects[0].Clusters = append(w.Projects[0].Clusters, accounted(fake.PrivateCluster("two", region, "projects/host/global/networks/shared", "projects/host/regions/"+region+"/subnetworks/s", "", "")))
		}},
		{row: "one more network in use", first: func(w *fake.World) {
			w.Projects[0].Networks = append(w.Projects[0].Networks, fake.VPC("other"))
		}, further: func(w *fake.World) {
			w.Projects[0].Clusters = append(w.Projects[0].Clusters, accounted(fake.PrivateCluster("two", region, "other", "s", "", "")))
		}},
		{row: "one private zone over Google's domains", further: func(w *fake.World) {
			w.Projects[0].Zones = []fake.Zone{fake.PrivateZone("z", "gcr.io.", []string{on})}
		}},
		{row: "one response policy on a network in use", further: func(w *fake.World) {
			w.Projects[0].ResponsePolicies = []fake.ResponsePolicy{{ResponsePolicy: &dns.ResponsePolicy{ResponsePolicyName: "p", Networks: []*dns.ResponsePolicyNetwork{{NetworkUrl: on}}}}}
		}},
		{row: "one router on a network in use with reserved addresses or BGP peers", further: func(w *fake.World) {
			w.Projects[0].Routers[0].Nats[0].NatIpAllocateOption = proto.String("MANUAL_ONLY")
			w.Projects[0].Routers[0].BgpPeers = []*computepb.RouterBgpPeer{{}}
		}},
		{row: "one regional firewall policy on a network in use", further: func(w *fake.World) {
			w.Projects[0].FirewallPolicies = []*computepb.FirewallPolicy{{Name: proto.String("p"), Region: proto.String(region), Associations: []*computepb.FirewallPolicyAssociation{{AttachmentTarget: proto.String(on)}}}}
		}},
		{row: "the first repository of a project, under an organisation", after: web},
		{row: "one more repository in the same location", before: web, after: append([]string{region + "-docker.pkg.dev/solo/more/web:1"}, web...)},
		{row: "one more repository in another location", before: web, after: append([]string{"us-docker.pkg.dev/solo/apps/web:1"}, web...)},
		{row: "one folder above such a project", before: web, after: web, further: func(w *fake.World) { w.Projects[0].Parent = "folders/1" }},
		{row: "one custom role that nodes hold there", before: web, after: web, further: func(w *fake.World) {
			w.Projects[0].Policy = fake.Allow("organizations/2/roles/r", "serviceAccount:nodes@solo.iam.gserviceaccount.com")
		}},
		{row: "one project whose nodes have the default account, where images ask for repositories", before: web, after: web, further: func(w *fake.World) {
			w.Projects[0].Clusters[0].NodePools[0].Config.ServiceAccount = "default"
		}},
		{row: "one project whose hosts of gcr.io are asked for", before: []string{"us-docker.pkg.dev/solo/gcr/web:1"}, after: []string{"gcr.io/solo/web:1"}},
		{row: "one location with remote or virtual repositories that are asked for", before: web, after: web, further: func(w *fake.World) {
			w.Projects[0].Repositories[0].Mode = remote("").Mode
		}},
	} {
		t.Run(tc.row, func(t *testing.T) {
			without, with := oneProject(), oneProject()
			if tc.first != nil {
				tc.first(&without)
				tc.first(&with)
			}
			if tc.further != nil {
				tc.further(&with)
			}
			want, said := guide[tc.row]
			if got := callsOf(t, with, tc.after...) - callsOf(t, without, tc.before...); !said || got != want {
				t.Errorf("%d calls more; the guide says %d (%v)", got, want, said)
			}
			delete(guide, tc.row)
		})
	}
	const whole = "one project with its clusters and one network"
	if got := callsOf(t, oneProject()); got != guide[whole] {
		t.Errorf("%d calls, the guide says %d", got, guide[whole])
	}
	if delete(guide, whole); len(guide) > 0 {
		t.Errorf("the guide has rows that nobody counts: %v", guide)
	}
}

// The same number of calls reads one project of any size.
func TestCallsDoNotGrow(t *testing.T) {
	small := serve(t, oneProject())
	read(t, client(t, small), Want{Projects: []string{"solo"}})
	for name, grow := range map[string]func(*fake.Project){
		"1,000 clusters": func(p *fake.Project) {
			for i := range 999 {
				p.Clusters = append(p.Clusters, accounted(fake.PrivateCluster(fmt.Sprint("gke-", i), region, "main", "gke", "pods", "services")))
			}
		},
		"100 subnetworks, each with a cluster": func(p *fake.Project) {
			for i := range 99 {
				name := fmt.Sprint("s-", i)
				p.Subnetworks = append(p.Subnetworks, fake.Subnet(name, region, "main", fmt.Sprintf("10.1.%d.0/24", i), fake.Range("pods", fmt.Sprintf("10.%d.0.0/16", 100+i))))
				p.Clusters = append(p.Clusters, accounted(fake.PrivateCluster(name, region, "main", name, "pods", "")))
			}
		},
		"50 pools, each with an account of its own": func(p *fake.Project) {
			pools := fake.PrivateCluster("many", region, "main", "gke", "pods", "services")
			for i := range 49 {
				pool := proto.CloneOf(pools.NodePools[0])
				pool.Name, pool.Config.ServiceAccount = fmt.Sprint("p-", i), fmt.Sprintf("p-%d@solo.iam.gserviceaccount.com", i)
				pools.NodePools = append(pools.NodePools, pool)
			}
			p.Clusters[0] = pools
		},
		"100 automatic gateways and routes": func(p *fake.Project) {
			for i := range 100 {
				p.Routers = append(p.Routers, fake.NAT(fmt.Sprint("nat-", i), fmt.Sprint("region-", i), "main"))
				p.Routes = append(p.Routes, &computepb.Route{Name: proto.String(fmt.Sprint("r-", i)), Network: proto.String("main"), DestRange: proto.String("192.168.0.0/24"), NextHopIp: proto.String("10.0.0.9")})
			}
		},
		"100 zones of its own names": func(p *fake.Project) {
			for i := range 100 {
				p.Zones = append(p.Zones, fake.PrivateZone(fmt.Sprint("z-", i), fmt.Sprintf("z%d.example.", i), []string{"projects/solo/global/networks/main"}))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := oneProject()
			grow(&w.Projects[0])
			large := serve(t, w)
			facts, troubles := read(t, client(t, large), Want{Projects: []string{"solo"}})
			if diff := cmp.Diff(asked(small), asked(large)); diff != "" || len(troubles) > 0 || len(facts.Clusters) != len(w.Projects[0].Clusters) {
				t.Errorf("%d clusters, %v; calls for one (-), with %s (+):\n%s", len(facts.Clusters), troubles, name, diff)
			}
		})
	}
}
