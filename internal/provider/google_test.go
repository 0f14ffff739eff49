package provider

import (
	"fmt"
	"strings"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

// accessToken is what the tests ask with; it must show nowhere.
const accessToken = "ya29.a0-this-is-secret"

// shop is a project as people have it: the gateway lists one of two subnetworks, and a cluster was put into the other.
func shop() fake.World {
	lost := fake.PrivateCluster("lost", "europe-west4", "vpc", "lonely", "lonely-pods", "")
	fine := fake.PrivateCluster("fine", "europe-west4", "vpc", "gke", "pods", "services")
	fine.NodePools[0].Config.ServiceAccount = "nodes@shop.iam.gserviceaccount.com"
	return fake.World{Projects: []fake.Project{{
		ID:       "shop",
		Clusters: []*containerpb.Cluster{fine, lost, fake.Cluster("open", "europe-west4", "vpc", "lonely", "lonely-pods", ""), fake.PrivateCluster("twice", "europe-west4-a", "vpc", "gke", "pods", ""), fake.PrivateCluster("twice", "europe-west4-b", "vpc", "gke", "pods", "")},
		Networks: []*computepb.Network{fake.VPC("vpc")},
		Subnetworks: []*computepb.Subnetwork{
			fake.WithGoogleAccess(fake.Subnet("gke", "europe-west4", "vpc", "10.0.0.0/20", fake.Range("pods", "10.4.0.0/14"), fake.Range("services", "10.8.0.0/20"))),
			fake.WithGoogleAccess(fake.Subnet("lonely", "europe-west4", "vpc", "10.1.0.0/20", fake.Range("lonely-pods", "10.12.0.0/14")))},
		Routers: []fake.Router{fake.NAT("nat", "europe-west4", "vpc", fake.AllRanges("gke"))},
		Routes:  []*computepb.Route{fake.DefaultRoute("vpc")},
		Repositories: []fake.Repository{fake.DockerRepository("europe", "apps", fake.Allow("roles/artifactregistry.reader", "serviceAccount:nodes@shop.iam.gserviceaccount.com")),
			fake.DockerRepository("europe", "closed", nil)},
		Policy: fake.Allow("roles/editor", "user:owner@example.com"),
	}}}
}

// cloud is a started world and the environment that leads a provider to it.
func cloud(t *testing.T, w fake.World) (*fake.Server, []string) {
	t.Helper()
	s, err := fake.Start(w)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, append(s.Environment(accessToken), "GOOGLE_PROJECT=shop", "GOOGLE_REGION=europe-west4")
}

// reading is a configuration with one data source called "it", and an output of its verdict.
func reading(typ, arguments, output string) string {
	return required + fmt.Sprintf("data %q \"it\" {\n%s\n}\noutput \"it\" {\n  value = \"passed=${data.%s.it.passed} verdict=${data.%s.it.verdict}; %s\"\n}\n",
		typ, arguments, typ, typ, strings.ReplaceAll(output, "IT", "data."+typ+".it"))
}

const nodesOf = `private=${IT.private_nodes}`

// TestClusterDataSource: what is there, in a plan of the real terraform.
func TestClusterDataSource(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, arguments, env string
		exit                 int
		said                 []string
	}{
		{"fine", `name = "fine"`, "", 0, []string{"passed=true verdict=pass; private=all", "!Warning: nat", "!Warning: gkepreflight"}},
		{"lost", `name = "lost"`, "", 1, []string{`Error: nat-node-range: subnetwork "lonely" has no Public NAT`, "main.tf line", `name = "lost"`, enforcementVariable + "=warn"}},
		{"lost, and never failing", "name = \"lost\"\n  fail_on = \"never\"", "", 0, []string{`Warning: nat-node-range: subnetwork "lonely" has no Public NAT`, "passed=true verdict=fail"}},
		{"lost, under warn", `name = "lost"`, enforcementVariable + "=warn", 0, []string{`Warning: nat-node-range: subnetwork "lonely" has no Public NAT (cluster "lost")`, "passed=false verdict=fail"}},
		{"lost, under off", `name = "lost"`, enforcementVariable + "=off", 0, []string{"!Warning: nat", "passed=true verdict=skip"}},
		{"lost, with an exception", "name = \"lost\"\n  ignore = [{ check = \"nat-*-range\", reason = \"x\" }]", "", 1, []string{"invalid exception"}},
		{"lost, accepted", "name = \"lost\"\n  ignore = [{ check = \"nat-node-range\", reason = \"moves next week\" }]", "", 0, []string{"passed=true", "!Error"}},
		{"lost, only what images need", "name = \"lost\"\n  internet = \"images\"\n  images = [\"europe-docker.pkg.dev/other/apps/web:1\"]", "", 0, []string{"!Error: nat-node-range"}},
		{"public nodes", `name = "open"`, "", 0, []string{"passed=true verdict=pass; private=none"}},
		{"an image its account may read", "name = \"fine\"\n  images = [\"europe-docker.pkg.dev/shop/apps/web:1\"]", "", 0, []string{"passed=true verdict=pass"}},
		{"an image its account may not read", "name = \"fine\"\n  images = [\"nginx:1\", \"europe-docker.pkg.dev/shop/closed/web:1\"]", "", 1, []string{"Error: registry-access", `Error: registry-access: the path is open, but service account "nodes@shop.iam.gserviceaccount.com" may not read`}},
		{"an image of a repository that is not there", "name = \"fine\"\n  images = [\"europe-docker.pkg.dev/shop/gone/web:1\"]", "", 1, []string{"Error: repository"}},
		{"not there", `name = "later"`, "", 0, []string{`Warning: gkepreflight_cluster: there is no cluster "later" in project shop`, "passed=true verdict=unknown; private=unknown"}},
		{"not there, and strict", "name = \"later\"\n  strict = true", "", 1, []string{`Error: gkepreflight_cluster: there is no cluster "later"`}},
		{"two of a name", `name = "twice"`, "", 0, []string{"2 clusters", "europe-west4-a, europe-west4-b", "verdict=unknown"}},
		{"two of a name, one of them in the provider's zone", `name = "twice"`, "GOOGLE_ZONE=europe-west4-b", 0, []string{"verdict=pass"}},
		{"two of a name, and a location", "name = \"twice\"\n  location = \"europe-west4-a\"", "", 0, []string{"verdict=pass"}},
		{"no name", `name = "Prod*"`, "", 1, []string{"Error: not a name"}},
		{"no duration", "name = \"fine\"\n  timeout = \"soon\"", "", 1, []string{"Error: not a duration"}},
		{"no such threshold", "name = \"fine\"\n  fail_on = \"info\"", "", 1, []string{"error, warning, never"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, env := cloud(t, shop())
			if test.env != "" {
				env = append(env, test.env)
			}
			newFolder(t, "main.tf", reading("gkepreflight_cluster", "  "+test.arguments, nodesOf)).run(append(env, "plan")...).want(t, test.exit, append(test.said, "!"+accessToken)...)
		})
	}
}
