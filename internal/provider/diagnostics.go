package provider

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// diagnostics words an outcome: an error for each cause that stops the plan, a warning for each other failure, and one for all that only
// apply can decide.
func (o outcome) diagnostics(r request) diag.Diagnostics {
	var diags diag.Diagnostics
	if o.enforcement == enforceOff {
		return diags
	}
	if !r.hasCluster && r.known {
		diags.AddAttributeWarning(path.Root("cluster"), "gkepreflight_gate: no cluster to judge", "cluster is null: the gate holds nothing against anything.")
	}
	results := o.today.Results
	stops := map[string]bool{}
	for _, x := range blocking(results, r) {
		stops[key(x)] = true
	}
	for _, x := range results {
		if x.Suppressed != nil || x.CausedBy != "" || x.Status != topology.Fail && !stops[key(x)] || x.Severity == checks.Info {
			continue
		}
		if stops[key(x)] && o.enforcement == enforceError {
			diags.AddAttributeError(attributeOf(x), summary(x), detail(x, results)+"\n\n"+wayPast)
		} else {
			diags.AddAttributeWarning(attributeOf(x), summary(x), detail(x, results))
		}
	}
	for _, note := range o.today.Notes {
		diags.AddAttributeWarning(path.Root("ignore"), "gkepreflight_gate: "+report.Clean(note), "Change or remove the entry of ignore.")
	}
	if open := undecided(results, r, stops); open != "" {
		diags.AddAttributeWarning(path.Root("cluster"), fmt.Sprintf("gkepreflight_gate: cluster %q is not wholly decided %s", report.Clean(r.cluster), when(r)), open)
	}
	return diags
}

// wayPast ends every error: a gate must never trap a destroy.
const wayPast = "To get past every gate once, as for terraform destroy: " + enforcementVariable + "=warn"

func key(r checks.Result) string { return r.Check + "\x00" + r.Object.Address + "\x00" + r.Message }

func when(r request) string {
	if r.known {
		return "by what the gate was handed"
	}
	return "until apply"
}

// summary is the check's name, the object and what is wrong, in one line.
func summary(r checks.Result) string { return r.Check + ": " + report.Clean(r.Message) }

// detail draws the path and says what was seen and what to write. Lines that begin with a space are not wrapped by Terraform.
func detail(r checks.Result, all []checks.Result) string {
	var b strings.Builder
	for _, h := range r.Path {
		fmt.Fprintf(&b, "  %s %-9s %s\n", mark(h.Status), h.Name, report.Clean(h.Detail))
	}
	for _, e := range r.Evidence {
		assumed := ""
		if e.Assumed {
			assumed = "  (assumed)"
		}
		fmt.Fprintf(&b, "  %s  %s = %s%s\n", report.Clean(e.Object), report.Clean(e.Attribute), report.Clean(e.Value), assumed)
	}
	for _, x := range all {
		if x.CausedBy == r.Check && x.Suppressed == nil && x.Status == topology.Fail {
			fmt.Fprintf(&b, "  and so %s: %s\n", x.Check, report.Clean(x.Message))
		}
	}
	if r.Fix != "" {
		b.WriteString("\nWrite instead:\n\n")
		for line := range strings.SplitSeq(r.Fix, "\n") {
			fmt.Fprintf(&b, "    %s\n", report.Clean(line))
		}
	}
	fmt.Fprintf(&b, "\nWhy, and how to check by hand:\n  %s\nTo accept it:\n  ignore = [{ check = %q, objects = [%q], reason = \"…\" }]", r.Docs, r.Check, report.Clean(r.Object.Address))
	return b.String()
}

func mark(v topology.Verdict) string {
	switch v {
	case topology.Pass:
		return "✓"
	case topology.Fail:
		return "✗"
	case topology.Undecided:
		return "?"
	}
	return "-"
}

// undecided lists what stays open and says how to write it decidable; empty when everything is decided.
func undecided(results []checks.Result, r request, stops map[string]bool) string {
	var b strings.Builder
	for _, x := range results {
		if x.Status == topology.Undecided && x.Suppressed == nil && x.Severity != checks.Info && !stops[key(x)] {
			fmt.Fprintf(&b, "  ? %s  %s\n", x.Check, report.Clean(x.Message))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	if r.known {
		b.WriteString("\nHand over what is missing: an argument left out is not told, [] says that there is none.")
	} else {
		b.WriteString("\nThe gate judges again before it is created, with everything known, and then fails before what depends on it is made. " +
			"To decide it while planning, refer to names (google_compute_subnetwork.x.name) where the google provider takes them instead of id or self_link, " +
			"or let the gateway translate ALL_SUBNETWORKS_ALL_IP_RANGES.")
	}
	return b.String()
}

var handedAddress = regexp.MustCompile(`^([a-z_]+)(?:\[(\d+)\])?`)

// attributeOf is the argument that a result's object was handed over in.
func attributeOf(r checks.Result) path.Path {
	m := handedAddress.FindStringSubmatch(r.Object.Address)
	if m == nil {
		return path.Root("cluster")
	}
	if _, known := handed()[m[1]]; !known && m[1] != "images" {
		return path.Root("cluster")
	}
	at := path.Root(m[1])
	if n, err := strconv.Atoi(m[2]); err == nil {
		at = at.AtListIndex(n)
	}
	return at
}
