package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report/plain"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// imageDiagnostics words what was found of images: an error for each that stops the plan, a warning for each other failure, and one for all of
// which nothing could be learnt.
func imageDiagnostics(results []checks.Result, r request, enforcement string) diag.Diagnostics {
	var diags diag.Diagnostics
	stops := map[string]bool{}
	for _, x := range blocking(results, r) {
		stops[key(x)] = true
	}
	var open []string
	for _, x := range results {
		switch {
		case stops[key(x)] && enforcement == enforceError:
			diags.AddAttributeError(attributeOf(x), summary(x), imageDetail(x)+wayPast)
		case stops[key(x)], x.Status == topology.Fail:
			diags.AddAttributeWarning(attributeOf(x), summary(x), imageDetail(x))
		case x.Status == topology.Undecided:
			open = append(open, fmt.Sprintf("  ? %s  %s\n", x.Check, plain.Text(x.Message)))
		}
	}
	if len(open) > 0 {
		diags.AddAttributeWarning(path.Root("images"), fmt.Sprintf("gkepreflight_images: %d of %d answers are missing", len(open), len(results)),
			strings.Join(open, "")+"\nRegistries are asked without credentials. strict = true makes an error of it.")
	}
	return diags
}

// imageDetail says what was seen and what to write.
func imageDetail(r checks.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n", strings.TrimSuffix(plain.Text(r.Message), "."))
	if r.Fix != "" {
		fmt.Fprintf(&b, "\nWrite instead:\n\n    %s\n", plain.Text(r.Fix))
	}
	fmt.Fprintf(&b, "\nWhy, and how to check by hand:\n  %s", r.Docs)
	return b.String()
}
