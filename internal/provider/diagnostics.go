package provider

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report/plain"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
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
	switch {
	case r.later:
		diags.AddAttributeWarning(path.Root("cluster"), "gkepreflight_gate: nothing is decided until apply",
			"cluster as a whole is known after apply. The gate judges before it is created, and then fails before what depends on it is made. "+
				"To decide it while planning, hand over the resource itself, whose names and ranges the plan knows.")
	case !r.hasCluster && r.known:
		diags.AddAttributeWarning(path.Root("cluster"), "gkepreflight_gate: no cluster to judge", "cluster is null: the gate holds nothing against anything.")
	}
	results := o.today.Results
	said, open := tell(results, r, o.enforcement, wording{attributeOf, func(x checks.Result) string { return detail(x, results) }, func(x checks.Result) string { return of(r, x) }})
	diags = append(diags, said...)
	for _, note := range o.today.Notes {
		diags.AddAttributeWarning(path.Root("ignore"), "gkepreflight_gate: "+plain.Text(note)+of(r, checks.Result{Message: note}), "Change or remove the entry of ignore.")
	}
	if open := undecided(open, r); open != "" {
		diags.AddAttributeWarning(path.Root("cluster"), fmt.Sprintf("gkepreflight_gate: cluster %q is not wholly decided %s", plain.Text(r.cluster), when(r)), open)
	}
	return diags
}

// wording says how a result is told: the argument it is about, what was seen, and what tells its warning from another's.
type wording struct {
	at             func(checks.Result) path.Path
	detail, beside func(checks.Result) string
}

// tell words results: an error for each cause that stops the plan, a warning for each other failure. Open are those that stay undecided and stop
// nothing.
func tell(results []checks.Result, r request, enforcement string, w wording) (diags diag.Diagnostics, open []checks.Result) {
	stops := map[string]bool{}
	for _, x := range blocking(results, r) {
		stops[key(x)] = true
	}
	for _, x := range results {
		switch {
		case x.Suppressed != nil || x.CausedBy != "" || x.Severity == checks.Info:
		case stops[key(x)] && enforcement == enforceError:
			diags.AddAttributeError(w.at(x), summary(x), w.detail(x)+wayPast)
		case stops[key(x)] || x.Status == topology.Fail:
			diags.AddAttributeWarning(w.at(x), summary(x)+w.beside(x), w.detail(x))
		case x.Status == topology.Undecided:
			open = append(open, x)
		}
	}
	return diags, open
}

// openLines are a line for each result that stays undecided. Terraform does not wrap lines that begin with a space.
func openLines(open []checks.Result) []string {
	lines := make([]string, len(open))
	for i, x := range open {
		lines[i] = fmt.Sprintf("  ? %s  %s\n", x.Check, plain.Text(x.Message))
	}
	return lines
}

// wayPast ends every error: a gate must never trap a destroy. The spaces keep Terraform from wrapping it.
const wayPast = "\n\n  To get past every gate once, as for terraform destroy: " + enforcementVariable + "=warn"

// refuse words bad input: an error that enforcement can turn into a warning, so that it traps no destroy either.
func refuse(diags *diag.Diagnostics, enforcement string, at path.Path, summary, detail string) {
	if enforcement == enforceError {
		diags.AddAttributeError(at, summary, detail+wayPast)
		return
	}
	diags.AddAttributeWarning(at, summary, detail)
}

// of tells warnings of different gates apart: Terraform folds those with the same summary.
func of(r request, x checks.Result) string {
	if r.cluster == "" || strings.Contains(x.Message[:cut(x.Message)], strconv.Quote(r.cluster)) {
		return ""
	}
	return fmt.Sprintf(" (cluster %q)", plain.Text(r.cluster))
}

func key(r checks.Result) string { return r.Check + "\x00" + r.Object.Address + "\x00" + r.Message }

func when(r request) string {
	if r.known {
		return "by what the gate was handed"
	}
	return "until apply"
}

// summary is the check's name, the object and what is wrong, in one line: the message without its ranges, up to what follows from it.
func summary(r checks.Result) string {
	return r.Check + ": " + ranges.ReplaceAllString(plain.Text(r.Message[:cut(r.Message)]), "")
}

var ranges = regexp.MustCompile(` \([0-9a-f.:]+/\d+\)`)

// cut is where a message goes on to reasons and consequences.
func cut(message string) int {
	end := len(message)
	for _, mark := range []string{", so ", ", which ", ": "} {
		if i := strings.Index(message[:end], mark); i > 0 {
			end = i
		}
	}
	return end
}

// detail draws the path and says what was seen and what to write. Lines that begin with a space are not wrapped by Terraform.
func detail(r checks.Result, all []checks.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n\n", strings.TrimSuffix(plain.Text(r.Message), "."))
	for _, h := range r.Path {
		fmt.Fprintf(&b, "  %s %-9s %s\n", mark(h.Status), h.Name, plain.Text(h.Detail))
	}
	if len(r.Path) > 0 && len(r.Evidence) > 0 {
		b.WriteString("\n")
	}
	for _, e := range r.Evidence {
		assumed := ""
		if e.Assumed {
			assumed = "  (assumed)"
		}
		fmt.Fprintf(&b, "  %s: %s = %s%s\n", plain.Text(e.Object), plain.Text(e.Attribute), plain.Text(e.Value), assumed)
	}
	first := true
	for _, x := range all {
		if x.CausedBy == r.Check && x.Suppressed == nil && x.Status == topology.Fail {
			if first {
				b.WriteString("\nAnd so:\n")
			}
			first = false
			fmt.Fprintf(&b, "  %s\n", summary(x))
		}
	}
	if r.Fix != "" {
		b.WriteString("\nWrite instead:\n\n")
		for line := range strings.SplitSeq(r.Fix, "\n") {
			b.WriteString(strings.TrimRight("    "+plain.Text(line), " ") + "\n")
		}
	}
	fmt.Fprintf(&b, "\nWhy, and how to check by hand:\n  %s\nTo accept it:\n  ignore = [{ check = %q, objects = [%q], reason = \"…\" }]", r.Docs, r.Check, plain.Text(cmp.Or(r.Object.Name, r.Object.Address)))
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

// undecided lists what stays open and says how to write it decidable; empty when nothing is open that could stop the plan.
func undecided(open []checks.Result, r request) string {
	if !slices.ContainsFunc(open, func(x checks.Result) bool { return x.Severity == checks.Error || reaches(x.Severity, r.failOn) }) {
		return ""
	}
	var b strings.Builder
	b.WriteString(strings.Join(openLines(open), ""))
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
	if m[1] != "images" && !slices.ContainsFunc(terraform.Arguments, func(a terraform.Argument) bool { return a.Name == m[1] }) {
		return path.Root("cluster")
	}
	at := path.Root(m[1])
	if n, err := strconv.Atoi(m[2]); err == nil {
		at = at.AtListIndex(n)
	}
	return at
}
