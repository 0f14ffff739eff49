package provider

import (
	"context"
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// request is what one gate asks: the facts it is handed and the policy it states.
type request struct {
	facts  topology.Facts
	policy checks.Policy
	failOn string
	strict bool
	// known is true when no argument is unknown, so that what stays undecided stays so.
	known bool
	// cluster names the cluster for people; hasCluster is false where none was handed over (yet).
	cluster    string
	hasCluster bool
	// later is true where the cluster as a whole is known after apply.
	later bool
}

type ignoreModel struct {
	Check   types.String `tfsdk:"check"`
	Objects types.List   `tfsdk:"objects"`
	Reason  types.String `tfsdk:"reason"`
	Expires types.String `tfsdk:"expires"`
}

var lenient = basetypes.ObjectAsOptions{UnhandledNullAsEmpty: true, UnhandledUnknownAsEmpty: true}

func (m ignoreModel) exception() checks.Exception {
	e := checks.Exception{Check: m.Check.ValueString(), Reason: m.Reason.ValueString(), Expires: m.Expires.ValueString()}
	for _, o := range m.Objects.Elements() {
		if s, ok := o.(types.String); ok && !s.IsUnknown() {
			e.Objects = append(e.Objects, s.ValueString())
		}
	}
	return e
}

// read turns the gate's arguments into facts and policy. An object of another type is an error on its attribute.
func (g *gate) read(ctx context.Context, raw tftypes.Value, get getter) (request, diag.Diagnostics) {
	var diags diag.Diagnostics
	r := request{known: wholly(raw), failOn: "error"}
	tree, err := toCty(raw)
	if err != nil {
		diags.AddError("the gate's arguments cannot be read", err.Error())
		return r, diags
	}
	values := map[string]cty.Value{}
	for _, a := range terraform.Arguments {
		values[a.Name] = tree.GetAttr(a.Name)
	}
	var images types.List
	diags.Append(get(ctx, path.Root("images"), &images)...)
	facts, wrong := terraform.FromObjects(values, known(images), true)
	for _, w := range wrong {
		at := path.Root(w.Argument.Name)
		if w.Index >= 0 {
			at = at.AtListIndex(w.Index)
		}
		refuse(&diags, g.settings.enforcement, at, fmt.Sprintf("not a %s", w.Argument.Type),
			w.Error()+". Hand over the resource or data source itself, as in "+example(w.Argument)+".")
	}
	r.facts, r.later = facts, !values["cluster"].IsKnown()
	for _, c := range facts.Clusters {
		r.cluster, r.hasCluster = c.Display(), true
	}
	r.readPolicy(ctx, get, &diags)
	return r, diags
}

func example(a terraform.Argument) string {
	if a.One {
		return a.Name + " = " + a.Type + ".main"
	}
	return a.Name + " = [" + a.Type + ".main]"
}

func known(list types.List) []string {
	var out []string
	for _, e := range list.Elements() {
		if s, ok := e.(types.String); ok && !s.IsUnknown() && !s.IsNull() {
			out = append(out, s.ValueString())
		}
	}
	return out
}

func (r *request) readPolicy(ctx context.Context, get getter, diags *diag.Diagnostics) {
	var internet, mirror, failOn types.String
	var strict types.Bool
	var severity types.Map
	var ignore types.List
	for name, target := range map[string]any{"internet": &internet, "mirror": &mirror, "fail_on": &failOn, "strict": &strict, "severity": &severity, "ignore": &ignore} {
		diags.Append(get(ctx, path.Root(name), target)...)
	}
	r.policy = checks.Policy{Internet: internet.ValueString(), Mirror: mirror.ValueString(), Severities: severitiesOf(severity)}
	if v := failOn.ValueString(); v != "" {
		r.failOn = v
	}
	r.strict = strict.ValueBool()
	r.policy.Ignore = exceptionsOf(ctx, ignore, diags)
}

func severitiesOf(m types.Map) map[string]checks.Severity {
	out := map[string]checks.Severity{}
	for name, v := range m.Elements() {
		if s := textOf(v); s != "" {
			out[name] = checks.Severity(s)
		}
	}
	return out
}

func exceptionsOf(ctx context.Context, list types.List, diags *diag.Diagnostics) []checks.Exception {
	var out []checks.Exception
	for _, v := range list.Elements() {
		var m ignoreModel
		if o, ok := v.(types.Object); ok && !o.IsUnknown() && !o.IsNull() {
			diags.Append(o.As(ctx, &m, lenient)...)
			out = append(out, m.exception())
		}
	}
	return out
}
