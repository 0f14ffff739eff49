package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"google.golang.org/api/dns/v1"
	"google.golang.org/api/iam/v1"
	"google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/protobuf/proto"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

// faultArgs is a check of a project with two images. Registries are not asked: this is about Google Cloud.
var faultArgs = []string{"check", "--live", "--project", "shop", "--internet", "required", "--skip", "image-exists", "--format", "json",
	"--image", "europe-west1-docker.pkg.dev/shop/apps/web:1", "--image", "europe-west1-docker.pkg.dev/shop/hub/library/redis:7"}

// faultRun is what a live check said, and its exit status.
type faultRun struct {
	code           int
	stdout, stderr string
	// worst is the status of each check of each cluster.
	worst map[string]string
	// verdicts and private are the verdict of each cluster, and which of its nodes are private.
	verdicts, private map[string]string
	errors            string
}

// runLive runs a live check against a server. The token is nowhere in what it says, and the server saw no other.
func runLive(ctx context.Context, t *testing.T, s *fake.Server, args ...string) faultRun {
	t.Helper()
	var out, errs bytes.Buffer
	std := streams{in: strings.NewReader(""), out: &out, err: &errs, env: environment(s)}
	r := faultRun{code: run(ctx, args, std), stdout: out.String(), stderr: errs.String(), worst: map[string]string{}, verdicts: map[string]string{}, private: map[string]string{}}
	if strings.Contains(r.stdout+r.stderr, cloudToken) {
		t.Error("the token is in what was printed")
	}
	for _, token := range s.Tokens() {
		if token != cloudToken {
			t.Errorf("another token was shown: %q", token)
		}
	}
	if r.stdout == "" {
		return r
	}
	var said struct {
		Clusters []struct {
			Name, Verdict string
			PrivateNodes  string `json:"private_nodes"`
		}
		Results []struct{ Check, Status, Cluster string }
		Errors  []struct{ Source, Message string }
	}
	if err := json.Unmarshal(out.Bytes(), &said); err != nil {
		t.Fatalf("%v: %s", err, r.stdout)
	}
	rank := map[string]int{"fail": 1, "unknown": 2, "pass": 3, "skip": 4}
	for _, x := range said.Results {
		key := x.Check + " of " + x.Cluster[strings.LastIndex(x.Cluster, "/")+1:]
		if was := r.worst[key]; was == "" || rank[x.Status] < rank[was] {
			r.worst[key] = x.Status
		}
	}
	for _, c := range said.Clusters {
		r.verdicts[c.Name], r.private[c.Name] = c.Verdict, c.PrivateNodes
	}
	for _, e := range said.Errors {
		r.errors += e.Source + ": " + e.Message + "\n"
	}
	return r
}

// busyWorld has something of everything that a live read asks for: a cluster that can pull, one whose nodes no gateway translates, and around them
// routers with reserved addresses and with BGP peers, zones, policies, repositories and roles.
func busyWorld() fake.World {
	const region, nodes = "europe-west1", "serviceAccount:nodes@shop.iam.gserviceaccount.com"
	covered := fake.PrivateCluster("covered", region, "main", "shop", "shop-pods", "shop-services")
	covered.NodePools[0].Config.ServiceAccount = "nodes@shop.iam.gserviceaccount.com"
	router := fake.NAT("nat", region, "main", fake.AllRanges("shop"), fake.SecondaryRanges("batch", "batch-pods"))
	router.Nats[0].NatIpAllocateOption, router.Nats[0].NatIps = proto.String("MANUAL_ONLY"), []string{"out-1"}
	vpn := fake.Router{Router: &computepb.Router{Name: proto.String("vpn"), Region: proto.String(region), Network: proto.String("main"),
		BgpPeers: []*computepb.RouterBgpPeer{{Name: proto.String("office")}}}}
	remote := fake.DockerRepository(region, "hub", fake.Allow("roles/artifactregistry.reader", nodes))
	remote.Mode = artifactregistrypb.Repository_REMOTE_REPOSITORY
	subnetwork := func(name, nodes, pods, services string) *computepb.Subnetwork {
		return fake.WithGoogleAccess(fake.Subnet(name, region, "main", nodes, fake.Range(name+"-pods", pods), fake.Range(name+"-services", services)))
	}
	return fake.World{
		Above: []fake.Ancestor{{Name: "folders/7", Parent: "organizations/9", Policy: fake.Allow("roles/logging.viewer", "group:all@example.com")},
			{Name: "organizations/9", Policy: fake.Allow("roles/browser", "group:all@example.com")}},
		Projects: []fake.Project{{ID: "shop", Number: 4200, Parent: "folders/7",
			Networks:    []*computepb.Network{fake.VPC("main")},
			Subnetworks: []*computepb.Subnetwork{subnetwork("shop", "10.0.0.0/20", "10.4.0.0/16", "10.8.0.0/20"), subnetwork("batch", "10.0.16.0/20", "10.5.0.0/16", "10.8.16.0/20")},
			Routes:      []*computepb.Route{fake.DefaultRoute("main")},
			Routers:     []fake.Router{router, vpn},
			Clusters:    []*containerpb.Cluster{covered, fake.PrivateCluster("uncovered", region+"-b", "main", "batch", "batch-pods", "batch-services")},
			PolicyRoutes: []*networkconnectivity.PolicyBasedRoute{{Name: "projects/shop/locations/global/policyBasedRoutes/lb", Network: "projects/shop/global/networks/other", Priority: 100,
				NextHopIlbIp: "10.9.0.1", Filter: &networkconnectivity.Filter{ProtocolVersion: "IPV4", DestRange: "192.0.2.0/24"}}},
			Firewalls: []*computepb.Firewall{{Name: proto.String("ssh"), Network: proto.String("main"), Allowed: []*computepb.Allowed{{IPProtocol: proto.String("tcp"), Ports: []string{"22"}}}}},
			FirewallPolicies: []*computepb.FirewallPolicy{{Name: proto.String("regional"), Region: proto.String(region),
				Associations: []*computepb.FirewallPolicyAssociation{{Name: proto.String("main"), AttachmentTarget: proto.String("main")}}}},
			Zones: []fake.Zone{fake.PrivateZone("pkg", "pkg.dev.", []string{"main"}, [2]string{"pkg.dev.", "199.36.153.8"}, [2]string{"*.pkg.dev.", "199.36.153.8"})},
			ResponsePolicies: []fake.ResponsePolicy{{ResponsePolicy: &dns.ResponsePolicy{ResponsePolicyName: "quiet", Networks: []*dns.ResponsePolicyNetwork{{NetworkUrl: "main"}}},
				Rules: []*dns.ResponsePolicyRule{{RuleName: "elsewhere", DnsName: "example.com."}}}},
			Repositories: []fake.Repository{fake.DockerRepository(region, "apps", nil), remote},
			Perimeter:    map[string]*artifactregistrypb.VPCSCConfig{region: {Name: "projects/shop/locations/" + region + "/vpcscConfig", VpcscPolicy: artifactregistrypb.VPCSCConfig_ALLOW}},
			Roles:        []*iam.Role{{Name: "projects/shop/roles/puller", IncludedPermissions: []string{"artifactregistry.repositories.downloadArtifacts"}}},
			Policy:       fake.Allow("projects/shop/roles/puller", nodes),
		}},
	}
}
