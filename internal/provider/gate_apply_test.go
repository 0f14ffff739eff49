package provider

import (
	"strings"
	"testing"
)

// TestApplyFailsBeforeDependents: what only apply decides is one warning in the plan, and then stops the apply before the pool is made.
func TestApplyFailsBeforeDependents(t *testing.T) {
	t.Parallel()
	s := later
	s.more = pool
	f := newFolder(t, "main.tf", s.hcl())
	plan := f.run("plan")
	plan.want(t, 0, `gkepreflight_gate: cluster "private" is not wholly decided until apply`, "refer to names", "!Error:")
	if n := strings.Count(plan.out, "Warning: gkepreflight_gate"); n != 1 {
		t.Errorf("%d warnings, want 1:\n%s", n, plan.out)
	}
	f.run("apply", "-auto-approve").want(t, 1, `nat-node-range: subnetwork "gke" has no Public NAT`)
	f.run("state", "list").want(t, 0, "terraform_data.made", "!gkepreflight_gate", "!terraform_data.pool")
	// With the gateway mended the same folder goes through, and then holds still.
	s = laterCovered
	s.more = pool
	f.write("main.tf", s.hcl())
	f.run("apply", "-auto-approve").want(t, 0, "!Warning: gkepreflight_gate")
	f.run("plan", "-detailed-exitcode").want(t, 0, "No changes.")
}

// TestUpdateFailsBeforeDependents: the same for a gate that exists.
func TestUpdateFailsBeforeDependents(t *testing.T) {
	t.Parallel()
	again := `
resource "terraform_data" "again" {
  input            = "demo-project"
  triggers_replace = "%"
}
`
	s := laterCovered
	s.more = pool + strings.Replace(again, "%", "1", 1)
	f := newFolder(t, "main.tf", s.hcl())
	f.run("apply", "-auto-approve").want(t, 0)
	s = site{mode: "LIST_OF_SUBNETWORKS", more: strings.Replace(pool+again, "%", "2", 1) + "\nlocals { unknown = terraform_data.again.output }\n",
		listed: `[{ name = "projects/${local.unknown}/regions/us-central1/subnetworks/other", source_ip_ranges_to_nat = ["ALL_IP_RANGES"], secondary_ip_range_names = [] }]`}
	s.more = strings.Replace(s.more, `input      = "pool"`, `input      = "changed"`, 1)
	f.write("main.tf", s.hcl())
	f.run("plan").want(t, 0, "is not wholly decided until apply")
	f.run("apply", "-auto-approve").want(t, 1, `nat-node-range: subnetwork "gke" has no Public NAT`)
	f.run("state", "show", "terraform_data.pool").want(t, 0, `"pool"`, "!changed")
}

// TestSavedPlan: the gate judges again when a saved plan is applied, and nothing stands between what was planned and what it finds.
func TestSavedPlan(t *testing.T) {
	t.Parallel()
	f := newFolder(t, "main.tf", covered.hcl())
	f.run("plan", "-out=saved").want(t, 0)
	f.run("apply", "saved").want(t, 0)
	f.run("plan", "-detailed-exitcode").want(t, 0)

	f = newFolder(t, "main.tf", later.hcl())
	f.run("plan", "-out=saved").want(t, 0)
	f.run("apply", "saved").want(t, 1, `nat-node-range: subnetwork "gke" has no Public NAT`)

	// Planned while the gate was off, applied while it is not, and the other way round.
	f = newFolder(t, "main.tf", covered.hcl())
	f.run(enforcementVariable+"=off", "plan", "-out=saved").want(t, 0)
	f.run("apply", "saved").want(t, 0)
	f.run("plan", "-detailed-exitcode").want(t, 0)
	f.run("plan", "-out=saved").want(t, 0)
	f.run(enforcementVariable+"=off", "plan", "-detailed-exitcode").want(t, 0)
	f.run(enforcementVariable+"=off", "apply", "saved").want(t, 0)

	// A failure that was only warned of in the plan still stops the apply that enforces.
	f = newFolder(t, "main.tf", uncovered.hcl())
	f.run(enforcementVariable+"=warn", "plan", "-out=saved").want(t, 0, "Warning: nat-node-range")
	f.run("apply", "saved").want(t, 1, "Error: nat-node-range")
}

// TestTarget: what is not targeted is not judged, and a dependent that is targeted brings its gate.
func TestTarget(t *testing.T) {
	t.Parallel()
	s := uncovered
	s.more = pool + "\nresource \"terraform_data\" \"aside\" {}\n"
	f := newFolder(t, "main.tf", s.hcl())
	f.run("plan", "-target=terraform_data.aside").want(t, 0, "!nat-node-range")
	f.run("plan", "-target=terraform_data.pool").want(t, 1, "nat-node-range")
}

// TestChangedVerdict: the gate's block stays, the world around it changes.
func TestChangedVerdict(t *testing.T) {
	t.Parallel()
	f := newFolder(t, "main.tf", site{mode: `${var.mode}`, more: "variable \"mode\" {\n  default = \"ALL_SUBNETWORKS_ALL_IP_RANGES\"\n}\n"}.hcl())
	f.run("apply", "-auto-approve").want(t, 0)
	broken := "-var=mode=LIST_OF_SUBNETWORKS"
	f.run("plan", broken).want(t, 1, `nat-node-range: subnetwork "gke" has no Public NAT`)
	f.run("plan", "-refresh=false", broken).want(t, 1, "nat-node-range")
	f.run("plan", "-refresh-only", broken).want(t, 0)
	f.run("plan", "-refresh=false", "-detailed-exitcode").want(t, 0, "No changes.")
	f.run("validate").want(t, 0)
}
