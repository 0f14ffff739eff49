package checks

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var gated = Check{
	Name:     "gated",
	Severity: Warning,
	Holds:    "no data source of this provider was put off to apply",
	Why: "Terraform reads a data source during plan only when nothing it depends on is about to change. A direct reference to a resource with a pending change, depends_on, or a condition on the data source puts the " +
		"read off to apply, and the plan passes without having been gated.",
	Mend:    "Feed the data source from variables, locals or module outputs, take depends_on and conditions off it, or use the gate resource, which always judges during plan.",
	Example: "resource \"gkepreflight_gate\" \"cluster\" {\n  cluster = google_container_cluster.main\n  # …\n}",
	Limits:  "It speaks where a plan is read, for only a plan's JSON tells of reads that were put off; in a state, and while Terraform plans, nothing does.",
	Reads:   []topology.Collection{topology.Deferred},
	Since:   "0.1.0",
	Page: Page{
		Symptom: "This concerns the data sources of this provider. Nothing shows while planning: the plan passes. The judgement comes during apply, when half of it may be made already.",
		Broken: `data "gkepreflight_images" "all" {
  images     = ["nginx:1.27"]
  depends_on = [google_compute_router_nat.nat] # read during apply, when the gateway is about to change
}`,
		Look:     "Lists the reads that Terraform put off to apply. It should print nothing.",
		Commands: "terraform show -json tfplan | jq -r '.resource_changes[] | select(.action_reason // \"\" | startswith(\"read_because\")) | .address'",
	},
	Plan: judgeGated,
}

func judgeGated(t *topology.Topology) []Result {
	var out []Result
	for _, d := range t.DeferredReads() {
		out = append(out, Result{Object: objectOf(&d.Object), Status: topology.Fail,
			Message: fmt.Sprintf("%s is read only during apply (%s): it did not gate this plan", d.Address, d.Reason),
			Fix:     "# refer to known values through variables, locals or module outputs; no depends_on and no conditions on the data source"})
	}
	return out
}
