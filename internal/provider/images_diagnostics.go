package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report/plain"
)

// imageDiagnostics words what was found of images: an error for each that stops the plan, a warning for each other failure, and one for all of
// which nothing could be learnt.
func imageDiagnostics(results []checks.Result, r request, enforcement string) diag.Diagnostics {
	diags, open := tell(results, r, enforcement, wording{attributeOf, imageDetail, func(checks.Result) string { return "" }})
	if len(open) > 0 {
		diags.AddAttributeWarning(path.Root("images"), fmt.Sprintf("gkepreflight_images: %d of %d answers are missing", len(open), len(results)),
			strings.Join(openLines(open), "")+"\nRegistries other than Google's are asked without credentials. strict = true makes an error of it.")
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
