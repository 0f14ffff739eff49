package provider

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

// TestDataSourcesShareOneRead: a hundred data sources of one project ask what one asks, and applying leaves nothing to change.
func TestDataSourcesShareOneRead(t *testing.T) {
	t.Parallel()
	calls := func(count string) int {
		s, env := cloud(t, shop())
		f := newFolder(t, "main.tf", required+`
data "gkepreflight_cluster" "it" {
  count  = `+count+`
  name   = "fine"
  images = ["europe-docker.pkg.dev/shop/apps/web:1"]
}
data "gkepreflight_nat_coverage" "it" {
  count      = `+count+`
  subnetwork = "gke"
}
`)
		f.run(append(env, "plan")...).want(t, 0)
		n := len(s.Calls())
		f.run(append(env, "apply", "-auto-approve")...).want(t, 0)
		f.run(append(env, "plan", "-detailed-exitcode")...).want(t, 0)
		if strings.Contains(f.read("terraform.tfstate"), accessToken) {
			t.Error("the state holds the token")
		}
		f.run(append(env, "destroy", "-auto-approve")...).want(t, 0)
		return n
	}
	one, many := calls("1"), calls("50")
	if one == 0 || many != one {
		t.Errorf("2 data sources make %d calls, 100 make %d", one, many)
	}
}

// TestRefusals: what could not be read is undecided, names the permission and a role that holds it, and stops the plan only under strict.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, permission string
		fault            fake.Fault
		arguments        string
		exit             int
		said             []string
	}{
		{"routers", "compute.routers.list", fake.Denied(), `name = "fine"`, 0, []string{"is not wholly decided", "403: compute.routers.list (roles/", "passed=true verdict=unknown"}},
		{"routers, and strict", "compute.routers.list", fake.Denied(), "name = \"fine\"\n  strict = true", 1, []string{"Error: nat-node-range: whether"}},
		{"clusters", "container.clusters.list", fake.Denied(), `name = "fine"`, 0, []string{"container.clusters.list", "verdict=unknown"}},
		{"an expired token", "", fake.Expired(), `name = "fine"`, 0, []string{"401", "verdict=unknown"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, env := cloud(t, shop())
			s.Fault(fake.Match{Permission: test.permission}, test.fault)
			newFolder(t, "main.tf", reading("gkepreflight_cluster", "  "+test.arguments, nodesOf)).run(append(env, "TF_LOG=TRACE", "plan")...).want(t, test.exit, append(test.said, "!"+accessToken)...)
		})
	}
}

// TestNoCredentials: one clear error that names the ways; nothing but the data source needs any.
func TestNoCredentials(t *testing.T) {
	t.Parallel()
	s, env := cloud(t, shop())
	env = append(env, "GOOGLE_OAUTH_ACCESS_TOKEN=", "HOME="+t.TempDir(), "CLOUDSDK_CONFIG="+t.TempDir())
	newFolder(t, "main.tf", reading("gkepreflight_cluster", `  name = "fine"`, nodesOf)).run(append(env, "plan")...).
		want(t, 1, "Error: gkepreflight_cluster: nothing could be read", "GOOGLE_APPLICATION_CREDENTIALS", "gcloud auth application-default login")
	// What nobody could read is undecided under warn, too: it is no verdict of a provider that is off.
	for arguments, says := range map[string]string{`  name = "fine"`: "passed=true verdict=unknown", "  name = \"fine\"\n  strict = true": "passed=false verdict=unknown"} {
		newFolder(t, "main.tf", reading("gkepreflight_cluster", arguments, nodesOf)).run(append(env, enforcementVariable+"=warn", "plan")...).want(t, 0, says, "nothing could be read")
	}
	if len(s.Calls()) > 0 {
		t.Errorf("asked without credentials: %v", s.Calls())
	}
}

// TestProviderConfiguration: what only apply knows decides nothing while planning, and what cannot be used says so on the attribute.
func TestProviderConfiguration(t *testing.T) {
	t.Parallel()
	const data = "data \"gkepreflight_cluster\" \"it\" {\n  name = \"fine\"\n}\n"
	for _, test := range []struct {
		name, block string
		exit        int
		said        []string
	}{
		{"a project that apply makes", "provider \"gkepreflight\" {\n  project = terraform_data.p.id\n}\nresource \"terraform_data\" \"p\" {}\n", 0, []string{"nothing is decided until apply", "project is known after apply"}},
		{"credentials and a token", "provider \"gkepreflight\" {\n  credentials = \"x.json\"\n  access_token = \"t\"\n}\n", 1, []string{"credentials and access_token are both given"}},
		{"an endpoint without a version", "provider \"gkepreflight\" {\n  compute_custom_endpoint = \"http://localhost\"\n}\n", 1, []string{"compute_custom_endpoint"}},
		{"a file that is not there", "provider \"gkepreflight\" {\n  assets_file = \"none.ndjson\"\n}\n", 1, []string{"none.ndjson"}},
		{"a project of its own", "provider \"gkepreflight\" {\n  project = \"shop\"\n}\n", 0, []string{"No changes"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, env := cloud(t, shop())
			newFolder(t, "main.tf", required+test.block+data).run(append(env, "plan")...).want(t, test.exit, test.said...)
		})
	}
}

// TestDeferredDataSource: put off to apply it does not gate the plan, and fails before what refers to it is made.
func TestDeferredDataSource(t *testing.T) {
	t.Parallel()
	_, env := cloud(t, shop())
	f := newFolder(t, "main.tf", required+`
resource "terraform_data" "before" { input = "lost" }
data "gkepreflight_cluster" "it" { name = terraform_data.before.output }
resource "terraform_data" "after" { input = data.gkepreflight_cluster.it.verdict }
`)
	f.run(append(env, "plan")...).want(t, 0, "(known after apply)")
	f.run(append(env, "apply", "-auto-approve")...).want(t, 1, "Error: nat-node-range")
	if strings.Contains(f.read("terraform.tfstate"), `"after"`) {
		t.Error("what refers to the data source was made")
	}
}
