package live

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/api/dns/v1"
	"google.golang.org/api/iam/v1"
	"google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/protobuf/proto"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const (
	vpc      = "projects/net/global/networks/main"
	region   = "europe-west1"
	nodes    = "serviceAccount:nodes@shop.iam.gserviceaccount.com"
	appImage = "europe-west1-docker.pkg.dev/reg/apps/web:1"
	hubImage = "europe-west1-docker.pkg.dev/reg/hub/library/nginx:1"
	token    = "ya29.the-token-of-these-tests"
)

// estate is a cluster of project shop on the Shared VPC of project net, with a peering zone into project hub, and images in project reg, which lies in
// a folder: every question has a reason to be asked.
func estate() fake.World {
	cluster := fake.PrivateCluster("one", region, vpc, "projects/net/regions/"+region+"/subnetworks/gke", "pods", "services")
	other := fake.PrivateCluster("two", region, vpc, "projects/net/regions/"+region+"/subnetworks/gke", "pods", "services")
	other.NodePools[0].Config.ServiceAccount = strings.TrimPrefix(nodes, "serviceAccount:")
	nat := fake.NAT("nat", region, "main")
	nat.Nats[0].NatIpAllocateOption = proto.String("MANUAL_ONLY")
	nat.Nats[0].NatIps = []string{"projects/net/regions/" + region + "/addresses/a"}
	nat.BgpPeers = []*computepb.RouterBgpPeer{{Name: proto.String("office")}}
	private := fake.PrivateZone("gcr", "gcr.io.", []string{vpc}, [2]string{"gcr.io.", "199.36.153.8"}, [2]string{"*.gcr.io.", "199.36.153.8"})
	peering := fake.PrivateZone("pkg", "pkg.dev.", []string{vpc})
	peering.PeeringConfig = &dns.ManagedZonePeeringConfig{TargetNetwork: &dns.ManagedZonePeeringConfigTargetNetwork{NetworkUrl: "https://www.googleapis.com/compute/v1/projects/hub/global/networks/hub"}}
	corp := fake.PrivateZone("corp", "corp.example.", []string{vpc}, [2]string{"a.corp.example.", "10.0.0.9"})
	return fake.World{
		Projects: []fake.Project{
			{ID: "shop", Clusters: slices.Clone([]*gke{cluster, other})},
			{
				ID: "net", Networks: []*computepb.Network{fake.VPC("main"), fake.VPC("unused")},
				Subnetworks: []*computepb.Subnetwork{fake.WithGoogleAccess(fake.Subnet("gke", region, "main", "10.0.0.0/20", fake.Range("pods", "10.4.0.0/14"), fake.Range("services", "10.8.0.0/20")))},
				Routers:     []fake.Router{nat, fake.NAT("plain", "us-east1", "main")}, Routes: []*computepb.Route{fake.DefaultRoute("main")},
				PolicyRoutes:     []*networkconnectivity.PolicyBasedRoute{},
				FirewallPolicies: []*computepb.FirewallPolicy{{Name: proto.String("regional"), Region: proto.String(region), Associations: []*computepb.FirewallPolicyAssociation{{Name: proto.String("a"), AttachmentTarget: proto.String(vpc)}}}},
				Zones:            []fake.Zone{private, peering, corp},
				ResponsePolicies: []fake.ResponsePolicy{{ResponsePolicy: &dns.ResponsePolicy{ResponsePolicyName: "rp", Networks: []*dns.ResponsePolicyNetwork{{NetworkUrl: vpc}}}}},
			},
			{ID: "hub", Zones: []fake.Zone{fake.PrivateZone("pkg", "pkg.dev.", []string{"projects/hub/global/networks/hub"}, [2]string{"*.pkg.dev.", "199.36.153.8"})}},
			{
				ID: "reg", Parent: "folders/1", Repositories: []fake.Repository{
					fake.DockerRepository(region, "apps", fake.Allow("projects/reg/roles/puller", nodes)), remote("hub"),
				},
				Policy: fake.Allow("roles/viewer", "user:me@example.com"),
				Roles:  []*iam.Role{{Name: "projects/reg/roles/puller", IncludedPermissions: []string{"artifactregistry.repositories.downloadArtifacts"}}},
			},
		},
		Above: []fake.Ancestor{{Name: "folders/1", Parent: "organizations/2", Policy: &iampb.Policy{}}, {Name: "organizations/2", Policy: &iampb.Policy{}}},
	}
}

func remote(name string) fake.Repository {
	r := fake.DockerRepository(region, name, &iampb.Policy{})
	r.Mode = artifactregistrypb.Repository_REMOTE_REPOSITORY
	return r
}

// everything asks for all that the estate has.
func everything() Want {
	return Want{Projects: []string{"shop"}, Images: []string{appImage, hubImage}}
}

func serve(t *testing.T, w fake.World) *fake.Server {
	t.Helper()
	s, err := fake.Start(w)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// naps are the times that a client would have waited.
type naps struct {
	mu   sync.Mutex
	list []time.Duration
}

func (n *naps) wait(ctx context.Context, d time.Duration) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, d)
	return ctx.Err()
}

// client asks a server, and waits for nothing.
func client(t *testing.T, s *fake.Server, change ...func(*Options)) *Client {
	t.Helper()
	env := map[string]string{}
	for _, line := range s.Environment(token) {
		name, value, _ := strings.Cut(line, "=")
		env[name] = value
	}
	o, err := Resolve(Attributes{}, func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	o.Wait = new(naps).wait
	for _, c := range change {
		c(&o)
	}
	return New(o)
}

func read(t *testing.T, c *Client, w Want) (topology.Facts, []Trouble) {
	t.Helper()
	facts, troubles, err := c.Read(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	return facts, troubles
}

// refusalOf is why a collection was not read; empty when it was.
func refusalOf(f topology.Facts, c topology.Collection, project string) string {
	return topology.New(f).RefusedIn(c, project)
}

// asked are the calls so far, the same ones counted.
func asked(s *fake.Server) map[string]int {
	n := map[string]int{}
	for _, c := range s.Calls() {
		n[fmt.Sprint(c.Method, " ", c.Path)]++
	}
	return n
}
