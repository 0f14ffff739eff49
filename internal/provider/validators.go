package provider

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// words accepts a few words and no others.
type words []string

func oneOf(list ...string) validator.String { return words(list) }

func (w words) Description(context.Context) string {
	return "must be one of " + strings.Join(w, ", ")
}

func (w words) MarkdownDescription(ctx context.Context) string { return w.Description(ctx) }

func (w words) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || slices.Contains(w, req.ConfigValue.ValueString()) {
		return
	}
	refuse(&resp.Diagnostics, fromEnvironment(), req.Path, fmt.Sprintf("%q is not accepted here", req.ConfigValue.ValueString()),
		"Accepted are "+strings.Join(w, ", ")+".")
}

// exception accepts an entry of ignore, and names each mistake on its attribute.
type exception struct{}

func (exception) Description(context.Context) string {
	return "must name a check, give a reason, and expire on a day written YYYY-MM-DD"
}

func (e exception) MarkdownDescription(ctx context.Context) string { return e.Description(ctx) }

func (exception) ValidateObject(ctx context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var m ignoreModel
	resp.Diagnostics.Append(req.ConfigValue.As(ctx, &m, lenient)...)
	if resp.Diagnostics.HasError() {
		return
	}
	unknown := map[string]bool{"check": m.Check.IsUnknown(), "reason": m.Reason.IsUnknown(), "expires": m.Expires.IsUnknown()}
	for _, mistake := range m.exception().Mistakes() {
		if !unknown[mistake.Field] {
			refuse(&resp.Diagnostics, fromEnvironment(), req.Path.AtName(mistake.Field), "invalid exception", mistake.Message)
		}
	}
}

// severities accepts a map from check names to severities.
type severities struct{}

func (severities) Description(context.Context) string {
	return "must map names of checks to error, warning or info"
}

func (s severities) MarkdownDescription(ctx context.Context) string { return s.Description(ctx) }

func (severities) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	for name, v := range req.ConfigValue.Elements() {
		at := req.Path.AtMapKey(name)
		if _, known := checks.Find(name); !known {
			refuse(&resp.Diagnostics, fromEnvironment(), at, "unknown check", checks.Unknown("check", name, checks.Names()))
		}
		if s := strings.Trim(v.String(), `"`); !v.IsUnknown() && !slices.Contains([]string{"error", "warning", "info"}, s) {
			refuse(&resp.Diagnostics, fromEnvironment(), at, "unknown severity", fmt.Sprintf("%q is no severity: there are error, warning, info.", s))
		}
	}
}

// names accepts what Google Cloud takes for the name of a cluster or a location.
type names struct{}

// resourceName is RFC 1035's form of a name (Google Cloud, "Naming resources").
var resourceName validator.String = names{}

var nameShape = regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)

func (names) Description(context.Context) string {
	return "must be a name of lower-case letters, digits and hyphens"
}

func (n names) MarkdownDescription(ctx context.Context) string { return n.Description(ctx) }

func (names) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if v := req.ConfigValue; !v.IsNull() && !v.IsUnknown() && !nameShape.MatchString(v.ValueString()) {
		refuse(&resp.Diagnostics, fromEnvironment(), req.Path, "not a name",
			fmt.Sprintf("%q is no name: lower-case letters, digits and hyphens, beginning with a letter, such as prod or europe-west4.", v.ValueString()))
	}
}
