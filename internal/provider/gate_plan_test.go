package provider

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

const address = "gkepreflight_gate.private"

// TestGate applies whole configurations. After each apply the framework asks for a plan and a refreshed plan, and both must be empty.
func TestGate(t *testing.T) {
	noNAT := regexp.MustCompile(`nat-node-range: subnetwork "gke" has no Public NAT`)
	for _, test := range []struct {
		name    string
		site    site
		fails   *regexp.Regexp
		verdict string
		passed  bool
	}{
		{name: "a gateway for all", site: covered, verdict: "pass", passed: true},
		{name: "a gateway for others, by name, fails though IDs are unknown", site: uncovered, fails: noNAT},
		{name: "a gateway elsewhere fails though IDs are unknown", site: site{region: "europe-west1"}, fails: noNAT},
		{name: "no gateway", site: site{nats: "[]"}, fails: noNAT},
		{name: "nothing told of gateways", site: site{nats: "null"}, verdict: "unknown", passed: true},
		{name: "nothing told, strictly", site: site{nats: "null", meta: "strict = true"}, fails: regexp.MustCompile(`nat-node-range: whether`)},
		{name: "listed by an ID that apply knows", site: laterCovered, verdict: "pass", passed: true},
		{name: "others listed by an ID: fails in apply", site: later, fails: noNAT},
		{name: "accepted", site: including(uncovered, `
  ignore = [
    { check = "nat-node-range", objects = ["gke"], reason = "moves next week" },
    { check = "nat-pod-range", reason = "moves next week" },
  ]`), verdict: "pass", passed: true},
		{name: "worth a warning", site: including(uncovered, `severity = { "nat-node-range" = "warning", "nat-pod-range" = "info" }`), verdict: "warn", passed: true},
		{name: "a warning counts", site: including(uncovered, `
  severity = { "nat-node-range" = "warning" }
  fail_on  = "warning"`), fails: noNAT},
		{name: "never", site: including(uncovered, `fail_on = "never"`), verdict: "fail", passed: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			step := resource.TestStep{Config: test.site.hcl()}
			if test.fails != nil {
				step.ExpectError = test.fails
			} else {
				step.ConfigStateChecks = []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("passed"), knownvalue.Bool(test.passed)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("verdict"), knownvalue.StringExact(test.verdict)),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("results").AtSliceIndex(0), knownvalue.MapExact(map[string]knownvalue.Check{
						"check": knownvalue.StringExact("nat-node-range"), "status": knownvalue.NotNull(), "severity": knownvalue.NotNull(),
						"message": knownvalue.NotNull(), "fix": knownvalue.NotNull()}))}
			}
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{step}})
		})
	}
}

// including adds lines to the gate of a site.
func including(s site, meta string) site {
	s.meta = meta
	return s
}

// TestGateChanges goes from one configuration to another: the gate is updated in place where it passes, and what was applied stays where not.
func TestGateChanges(t *testing.T) {
	t.Parallel()
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{Config: covered.hcl(), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate),
			plancheck.ExpectUnknownValue(address, tfjsonpath.New("verdict")),
			plancheck.ExpectUnknownValue(address, tfjsonpath.New("results"))}}},
		{Config: covered.hcl(), PlanOnly: true},
		{Config: uncovered.hcl(), ExpectError: regexp.MustCompile(`nat-node-range: subnetwork "gke" has no Public NAT`)},
		{Config: laterCovered.hcl(), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
			plancheck.ExpectKnownValue(address, tfjsonpath.New("verdict"), knownvalue.StringExact("pass"))}}},
	}})
}
