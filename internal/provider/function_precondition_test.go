package provider

import "testing"

// TestPrecondition: a definite no fails the first plan, without credentials; what is undecided is asked again in apply, before the pool is made.
func TestPrecondition(t *testing.T) {
	t.Parallel()
	f := newFolder(t, "main.tf", uncovered.withPrecondition())
	f.run("plan").want(t, 1, "subnetwork gke has no NAT", "Resource precondition failed")
	f.write("main.tf", later.withPrecondition())
	f.run("plan").want(t, 0)
	f.run("apply", "-auto-approve").want(t, 1, "subnetwork gke has no NAT")
	f.run("state", "list").want(t, 0, "terraform_data.made", "!terraform_data.pool")
	f.write("main.tf", covered.withPrecondition())
	f.run("apply", "-auto-approve").want(t, 0, "!inconsistent")
	f.run("plan", "-detailed-exitcode").want(t, 0)
}

// TestVariableValidation: the functions serve where a module checks what it is given.
func TestVariableValidation(t *testing.T) {
	t.Parallel()
	f := newFolder(t, "main.tf", required+`
variable "image" {
  default = "nginx"
  validation {
    condition     = provider::gkepreflight::parse_image(var.image).via == "google"
    error_message = "images come from Artifact Registry"
  }
}
`)
	f.run("plan").want(t, 1, "images come from Artifact Registry")
	f.run("plan", "-var=image=us-docker.pkg.dev/p/r/i:1").want(t, 0)
	f.run("validate").want(t, 0)
}

// TestTerraformTest: a module's own tests expect failures of a precondition or of a check, which terraform test cannot do for an error of a gate;
// with enforcement = "warn" they read what the gate computed.
func TestTerraformTest(t *testing.T) {
	t.Parallel()
	s := site{mode: "${var.mode}", more: `
variable "mode" {
  default = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}
check "gate" {
  assert {
    condition     = gkepreflight_gate.private.passed
    error_message = "the gate says ${gkepreflight_gate.private.verdict}"
  }
}
resource "terraform_data" "pool" {
  lifecycle {
    precondition {
      condition     = provider::gkepreflight::nat_covers(local.gke, [local.router], [local.nat]).primary
      error_message = "no NAT"
    }
  }
}
`}
	f := newFolder(t, "main.tf", s.hcl(), "gate.tftest.hcl", `
run "passes" {
  assert {
    condition     = gkepreflight_gate.private.verdict == "pass"
    error_message = "verdict"
  }
}
run "caught_by_the_precondition" {
  command = plan
  variables {
    mode = "LIST_OF_SUBNETWORKS"
  }
  expect_failures = [terraform_data.pool, check.gate]
}
`)
	// The gate's error is no condition: terraform test cannot expect it, so that such a module tests under warn.
	f.run("test").want(t, 1, `run "passes"... pass`, "Error: nat-node-range")
	f.run(enforcementVariable+"=warn", "test").want(t, 0, "2 passed, 0 failed")

	f.write("mock.tftest.hcl", `
mock_provider "gkepreflight" {
  override_resource {
    target = gkepreflight_gate.private
    values = { passed = false, verdict = "fail" }
  }
}
run "mocked" {
  expect_failures = [check.gate]
}
`)
	f.run("test", "-filter=mock.tftest.hcl").want(t, 0, "1 passed, 0 failed")
}
