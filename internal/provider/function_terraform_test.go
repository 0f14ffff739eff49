package provider

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// functionsSince is the Terraform that brought provider functions.
var functionsSince = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)}

// TestFunctions calls each function from a configuration.
func TestFunctions(t *testing.T) {
	manifest := "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      initContainers: [{image: busybox}]\n      containers: [{image: nginx:1.27}]\n"
	text := func(s string) knownvalue.Check { return knownvalue.StringExact(s) }
	for _, test := range []struct {
		name, call string
		want       knownvalue.Check
		fails      string
	}{
		{name: "an image of Docker Hub", call: `parse_image("nginx")`, want: knownvalue.ObjectExact(map[string]knownvalue.Check{"normalized": text("docker.io/library/nginx:latest"),
			"registry": text("docker.io"), "repository": text("library/nginx"), "tag": text("latest"), "digest": knownvalue.Null(), "via": text("mirror")})},
		{name: "an image of Google", call: `parse_image("us-docker.pkg.dev/p/r/i:1").via`, want: text("google")},
		{name: "no image", call: `parse_image("UPPER")`, fails: `(?s)"ref".*the image reference cannot be read`},
		{name: "through a repository", call: `artifact_registry_image("nginx:1.27", { location = "us-central1", project = "p", repository_id = "hub", format = "DOCKER" })`,
			want: text("us-central1-docker.pkg.dev/p/hub/library/nginx:1.27")},
		{name: "through an ID", call: `artifact_registry_image("redis", "projects/p/locations/eu/repositories/hub")`, want: text("eu-docker.pkg.dev/p/hub/library/redis:latest")},
		{name: "through nothing", call: `artifact_registry_image("nginx", 7)`, fails: `(?s)"repository".*expected\s+a\s+google_artifact_registry_repository`},
		{name: "images of manifests", call: `manifest_images(` + hclString(manifest) + `)`, want: knownvalue.ListExact([]knownvalue.Check{text("busybox"), text("nginx:1.27")})},
		{name: "no manifest", call: `manifest_images("just text")`, fails: `(?s)"yaml".*no\s+Kubernetes\s+object`},
		{name: "a subnetwork where lists are expected", call: `nat_covers(local.gke, local.router, [])`, fails: `(?s)"routers".*expected\s+a\s+list`},
		{name: "a list where a subnetwork is expected", call: `nat_covers([local.gke], [], [])`, fails: `(?s)"subnetwork".*expected\s+one\s+google_compute_subnetwork`},
		{name: "a router among the gateways", call: `nat_covers(local.gke, [], [local.nat, local.router])`, fails: `(?s)"nats".*nats\[1\]\s+is\s+no\s+google_compute_router_nat`},
		{name: "a gateway for a subnetwork", call: `nat_covers(local.nat, [], [])`, fails: `(?s)"subnetwork".*is\s+no\s+google_compute_subnetwork`},
		{name: "null", call: `nat_covers(local.gke, [], null)`, fails: `(?s)"nats".*null`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := site{gates: "\noutput \"it\" {\n  value = provider::gkepreflight::" + test.call + "\n}\n"}
			step := resource.TestStep{Config: s.hcl()}
			if test.fails != "" {
				step.ExpectError = regexp.MustCompile(test.fails)
			} else {
				step.ConfigStateChecks = []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("it", test.want)}
			}
			resource.UnitTest(t, resource.TestCase{TerraformVersionChecks: functionsSince, ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{step}})
		})
	}
}

func hclString(s string) string {
	return `"` + strings.NewReplacer("\\", "\\\\", "\n", "\\n", `"`, `\"`).Replace(s) + `"`
}

// TestNATCoversInPlan: definite on a first plan as soon as what is known decides, unknown before, decided after.
func TestNATCoversInPlan(t *testing.T) {
	yes, no := knownvalue.Bool(true), knownvalue.Bool(false)
	for _, test := range []struct {
		name        string
		site        site
		planned     knownvalue.Check // nil: unknown
		pods        knownvalue.Check
		after       knownvalue.Check
		podsApplied knownvalue.Check
	}{
		{name: "all", site: covered, after: yes, podsApplied: yes},
		{name: "another region", site: site{region: "europe-west1"}, planned: no, pods: no, after: no, podsApplied: no},
		{name: "none", site: site{nats: "[]"}, planned: no, pods: no, after: no, podsApplied: no},
		{name: "others by name", site: uncovered, planned: no, pods: no, after: no, podsApplied: no},
		{name: "primary ranges only, of whichever subnetwork", site: site{mode: "LIST_OF_SUBNETWORKS",
			listed: `[{ name = local.made.gke, source_ip_ranges_to_nat = ["PRIMARY_IP_RANGE"], secondary_ip_range_names = [] }]`}, pods: no, after: yes, podsApplied: no},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := test.site
			s.gates = `
locals {
  covers = provider::gkepreflight::nat_covers(local.gke, [local.router], NATS)
}
output "primary" {
  value = local.covers.primary
}
output "pods" {
  value = local.covers.secondary["pods"]
}
`
			planned := func(name string, want knownvalue.Check) plancheck.PlanCheck {
				if want == nil {
					return plancheck.ExpectUnknownOutputValue(name)
				}
				return plancheck.ExpectKnownOutputValue(name, want)
			}
			resource.UnitTest(t, resource.TestCase{TerraformVersionChecks: functionsSince, ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{Config: s.hcl(),
				ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{planned("primary", test.planned), planned("pods", test.pods)}},
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("primary", test.after), statecheck.ExpectKnownOutputValue("pods", test.podsApplied)}}}})
		})
	}
}
