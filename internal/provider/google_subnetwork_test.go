package provider

import (
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

const rangesText = `${join(", ", [for r in IT.ranges : "${r.name}=${r.covered == null ? "?" : r.covered}[${join("+", r.gateways)}]"])}`

// TestNATCoverage: each range of a subnetwork, in a plan of the real terraform.
func TestNATCoverage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, arguments, env string
		world                func() fake.World
		exit                 int
		said                 []string
	}{
		{"covered", `subnetwork = "gke"`, "", shop, 0, []string{"passed=true verdict=pass; =true[nat], pods=true[nat], services=true[nat]", "!Warning: nat"}},
		{"by its link", `subnetwork = "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west4/subnetworks/gke"`, "GOOGLE_PROJECT=other", shop, 0, []string{"verdict=pass"}},
		{"uncovered", `subnetwork = "lonely"`, "", shop, 1, []string{`Error: nat-node-range: subnetwork "lonely" has no Public NAT`, `private nodes of subnetwork "lonely" cannot pull`, "!cluster \"lonely\""}},
		{"uncovered, and never failing", "subnetwork = \"lonely\"\n  fail_on = \"never\"", "", shop, 0, []string{"passed=true verdict=fail; =false[], lonely-pods=false[]"}},
		{"only the primary range", `subnetwork = "gke"`, "", listing(fake.PrimaryRange("gke")), 0, []string{"passed=true verdict=pass; =true[nat], pods=false[], services=false[]", "!Warning: nat"}},
		{"only the primary range, and pods asked for", "subnetwork = \"gke\"\n  pod_ranges = [\"pods\"]", "", listing(fake.PrimaryRange("gke")), 0, []string{`Warning: nat-pod-range: pod range "pods" of subnetwork "gke" has no Public NAT`, "verdict=warn"}},
		{"pods asked for, from warnings on", "subnetwork = \"gke\"\n  pod_ranges = [\"pods\"]\n  fail_on = \"warning\"", "", listing(fake.PrimaryRange("gke")), 1, []string{"Error: nat-pod-range"}},
		{"only the pods", `subnetwork = "gke"`, "", listing(fake.SecondaryRanges("gke", "pods")), 1, []string{"Error: nat-node-range"}},
		{"not there", `subnetwork = "later"`, "", shop, 0, []string{`Warning: gkepreflight_nat_coverage: there is no subnetwork "later" in europe-west4 of project shop`, "passed=true verdict=unknown; \""}},
		{"another region", "subnetwork = \"gke\"\n  region = \"us-east1\"", "", shop, 0, []string{"there is no subnetwork", "us-east1"}},
		{"another region than the link's", "subnetwork = \"projects/shop/regions/europe-west4/subnetworks/gke\"\n  region = \"us-east1\"", "", shop, 1, []string{"Error: another region than the link's", `region = "us-east1"`}},
		{"the link's own region", "subnetwork = \"projects/shop/regions/europe-west4/subnetworks/gke\"\n  region = \"europe-west4\"", "", shop, 0, []string{"verdict=pass"}},
		{"pods of a range that is not there", "subnetwork = \"gke\"\n  pod_ranges = [\"pods\", \"nope\"]", "", shop, 1, []string{"Error: no such range", `no secondary range "nope"`}},
		{"no region", `subnetwork = "gke"`, "GOOGLE_REGION=", shop, 1, []string{"Error: no region"}},
		{"no project", `subnetwork = "gke"`, "GOOGLE_PROJECT=", shop, 1, []string{"Error: no project"}},
		{"no subnetwork", `subnetwork = "projects/shop/global/networks/vpc"`, "", shop, 1, []string{"Error: not a subnetwork"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, env := cloud(t, test.world())
			if test.env != "" {
				env = append(env, test.env)
			}
			newFolder(t, "main.tf", reading("gkepreflight_nat_coverage", "  "+test.arguments, rangesText)).run(append(env, "plan")...).want(t, test.exit, test.said...)
		})
	}
}

// listing is the shop with a gateway that lists this alone.
func listing(entry *computepb.RouterNatSubnetworkToNat) func() fake.World {
	return func() fake.World {
		w := shop()
		w.Projects[0].Routers = []fake.Router{fake.NAT("nat", "europe-west4", "vpc", entry)}
		return w
	}
}

// TestArtifactRegistry: the path to a repository and the right to it, told apart.
func TestArtifactRegistry(t *testing.T) {
	t.Parallel()
	const nodes, other = `service_account = "nodes@shop.iam.gserviceaccount.com"`, `service_account = "other@shop.iam.gserviceaccount.com"`
	blocked := func() fake.World {
		w := shop()
		w.Projects[0].Subnetworks[0].PrivateIpGoogleAccess = nil
		w.Projects[0].Routers = nil
		return w
	}
	for _, test := range []struct {
		name, repository, account string
		world                     func() fake.World
		exit                      int
		said                      []string
	}{
		{"reached and read", "projects/shop/locations/europe/repositories/apps", nodes, shop, 0, []string{"passed=true verdict=pass; reachable=true readable=true"}},
		{"as images name it", "europe-docker.pkg.dev/shop/apps", nodes, shop, 0, []string{"reachable=true readable=true"}},
		{"reached and not read", "projects/shop/locations/europe/repositories/apps", other, shop, 1, []string{"Error: registry-access", "other@shop.iam.gserviceaccount.com", `service_account = "other`, "!Error: private-google-access"}},
		{"not reached", "projects/shop/locations/europe/repositories/apps", nodes, blocked, 1, []string{"Error: private-google-access: private nodes of subnetwork \"gke\" cannot reach Google's registries", "!Error: registry-access"}},
		{"not there", "projects/shop/locations/europe/repositories/gone", nodes, shop, 1, []string{"Error: repository"}},
		{"no repository", "nginx", nodes, shop, 1, []string{"Error: not a repository"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, env := cloud(t, test.world())
			arguments := "  repository = \"" + test.repository + "\"\n  subnetwork = \"gke\"\n  " + test.account
			newFolder(t, "main.tf", reading("gkepreflight_artifact_registry", arguments, "reachable=${IT.reachable} readable=${IT.readable}")).run(append(env, "plan")...).want(t, test.exit, test.said...)
		})
	}
}
