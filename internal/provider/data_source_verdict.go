package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report/plain"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// ruling is what the data sources that read Google Cloud have in common: what is asked of a verdict, and the verdict.
type ruling struct {
	FailOn  types.String `tfsdk:"fail_on"`
	Strict  types.Bool   `tfsdk:"strict"`
	Ignore  types.List   `tfsdk:"ignore"`
	Timeout types.String `tfsdk:"timeout"`
	Passed  types.Bool   `tfsdk:"passed"`
	Verdict types.String `tfsdk:"verdict"`
	Results types.List   `tfsdk:"results"`
}

// told is an object of strings that are only read.
func told(about map[string]string) schema.NestedAttributeObject {
	attributes := map[string]schema.Attribute{}
	for name, text := range about {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: text}
	}
	return schema.NestedAttributeObject{Attributes: attributes}
}

// judged adds the attributes that every data source has to its own.
func judged(own map[string]schema.Attribute) map[string]schema.Attribute {
	own["fail_on"] = schema.StringAttribute{Optional: true, Validators: []validator.String{oneOf("error", "warning", "never")},
		MarkdownDescription: "The severity from which a failed check stops the plan: `error` (default), `warning` or `never`."}
	own["passed"] = schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether nothing at or above `fail_on` failed, and under `strict` nothing is undecided."}
	own["verdict"] = schema.StringAttribute{Computed: true, MarkdownDescription: "`pass`, `warn`, `fail` or `unknown`; `skip` where enforcement is off."}
	own["results"] = schema.ListNestedAttribute{Computed: true, MarkdownDescription: "What each check found.", NestedObject: told(map[string]string{"check": "Name of the check.",
		"status": "`pass`, `fail`, `unknown` or `skip`.", "severity": "`error`, `warning` or `info`.", "message": "What was seen.", "fix": "What to write instead."})}
	return own
}

// ruled adds the attributes of a ruling to a data source's own.
func ruled(own map[string]schema.Attribute) map[string]schema.Attribute {
	own["strict"] = schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether a check that stays undecided stops the plan."}
	own["timeout"] = schema.StringAttribute{Optional: true, MarkdownDescription: "How long reading may take, such as `30s`; `2m` when left out. What is missing then is undecided."}
	own["ignore"] = schema.ListNestedAttribute{Optional: true, MarkdownDescription: "Exceptions. Suppressed results stay counted; one that has expired, or matches nothing, warns.",
		NestedObject: schema.NestedAttributeObject{Validators: []validator.Object{exception{}}, Attributes: map[string]schema.Attribute{
			"check":   schema.StringAttribute{Required: true, MarkdownDescription: "Name of the check."},
			"objects": schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Globs against address, name, cluster and image; all objects when left out. Only `*` and `?` are special."},
			"reason":  schema.StringAttribute{Required: true, MarkdownDescription: "Why it is accepted."},
			"expires": schema.StringAttribute{Optional: true, MarkdownDescription: "Last day it holds, `YYYY-MM-DD`."},
		}}}
	return judged(own)
}

// request is what a ruling asks.
func (m ruling) request(ctx context.Context, enforcement string, diags *diag.Diagnostics) (request, time.Duration) {
	r := request{failOn: cmp.Or(m.FailOn.ValueString(), "error"), strict: m.Strict.ValueBool(), known: true}
	r.policy.Ignore = exceptionsOf(ctx, m.Ignore, diags)
	return r, durationOf(m.Timeout, enforcement, diags)
}

// durationOf reads how long all of it may take.
func durationOf(v types.String, enforcement string, diags *diag.Diagnostics) time.Duration {
	if v.ValueString() == "" {
		return patience
	}
	d, err := time.ParseDuration(v.ValueString())
	if err != nil || d <= 0 {
		refuse(diags, enforcement, path.Root("timeout"), "not a duration", fmt.Sprintf("%q is no duration, such as 30s or 2m.", v.ValueString()))
		return patience
	}
	return d
}

// rule judges facts, fills in the verdict and words it. The paths say which argument a result is about.
func (m *ruling) rule(name string, s *settings, r request, at func(checks.Result) path.Path) (checks.Judgement, diag.Diagnostics) {
	o := s.judge(r)
	m.Passed, m.Verdict, m.Results = types.BoolValue(o.passed), types.StringValue(o.verdict()), listOf(o.stored.Results)
	results := o.today.Results
	diags, open := tell(results, r, o.enforcement, wording{at, func(x checks.Result) string { return detail(x, results) }, func(x checks.Result) string { return asked(r, x.Message) }})
	for _, note := range o.today.Notes {
		diags.AddAttributeWarning(path.Root("ignore"), name+": "+plain.Text(note)+asked(r, note), "Change or remove the entry of ignore.")
	}
	if lines := openLines(open); len(lines) > 0 {
		slices.Sort(lines)
		diags.AddAttributeWarning(at(checks.Result{}), fmt.Sprintf("%s: %s is not wholly decided", name, r.cluster), strings.Join(slices.Compact(lines), "")+
			"\nstrict = true makes an error of it.")
	}
	return o.stored, diags
}

// asked tells warnings of different data sources apart, as of does those of gates: what a data source asks about is worded already.
func asked(r request, message string) string {
	if r.cluster == "" || strings.Contains(message[:cut(message)], r.cluster) {
		return ""
	}
	return " (" + plain.Text(r.cluster) + ")"
}

// off is the ruling of a provider that judges nothing.
func (m *ruling) off() {
	m.Passed, m.Verdict, m.Results = types.BoolValue(true), types.StringValue(topology.Skip.String()), listOf(nil)
}

// undecided is the ruling where nothing could be judged: nothing failed, and nothing is decided.
func (m *ruling) undecided() {
	m.Passed, m.Verdict, m.Results = types.BoolValue(!m.Strict.ValueBool()), types.StringValue(string(checks.ClusterUnknown)), listOf(nil)
}

// missing is the ruling on what is not there, or not yet.
func (m *ruling) missing(name, enforcement string, r request, at path.Path, what string) diag.Diagnostics {
	var diags diag.Diagnostics
	m.undecided()
	text := "It may be what this very plan creates: then nothing of it can be judged before it is there. gkepreflight_gate judges what a plan creates."
	if r.strict {
		refuse(&diags, enforcement, at, name+": "+what, text)
	} else {
		diags.AddAttributeWarning(at, name+": "+what, text)
	}
	return diags
}
