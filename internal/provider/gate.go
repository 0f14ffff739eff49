package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	_ resource.Resource                   = (*gate)(nil)
	_ resource.ResourceWithConfigure      = (*gate)(nil)
	_ resource.ResourceWithModifyPlan     = (*gate)(nil)
	_ resource.ResourceWithValidateConfig = (*gate)(nil)
)

// gate judges a cluster from the objects it is handed: while Terraform plans, with what is known, and again before it is created or updated, with
// everything known.
type gate struct{ settings *settings }

func newGate() resource.Resource { return &gate{settings: unconfigured()} }

func (g *gate) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_gate"
}

func (g *gate) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	if s, ok := req.ProviderData.(*settings); ok {
		g.settings = s
	}
}

func (g *gate) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := handed()
	attributes["images"] = texts("References of images that the cluster's nodes will pull. `manifest_images()` makes them from YAML.")
	attributes["internet"] = schema.StringAttribute{Optional: true, Validators: []validator.String{oneOf("auto", "required", "images")},
		MarkdownDescription: "What the nodes must reach: `required` always the internet, `images` only what the images need, `auto` (default) the internet unless declared images or the configuration show that isolation is meant."}
	attributes["mirror"] = schema.StringAttribute{Optional: true, Validators: []validator.String{oneOf("deny", "warn", "allow")},
		MarkdownDescription: "What is made of docker.io images that only the mirror.gcr.io cache can serve: `deny` (default), `warn` or `allow`."}
	attributes["fail_on"] = schema.StringAttribute{Optional: true, Validators: []validator.String{oneOf("error", "warning", "never")},
		MarkdownDescription: "The severity from which a failed check stops the plan: `error` (default), `warning` or `never`."}
	attributes["strict"] = flag("Whether a check that stays undecided with everything known stops the apply.")
	attributes["severity"] = schema.MapAttribute{Optional: true, ElementType: types.StringType, Validators: []validator.Map{severities{}},
		MarkdownDescription: "Severities by name of check: `error`, `warning` or `info`."}
	attributes["ignore"] = schema.ListNestedAttribute{Optional: true, MarkdownDescription: "Exceptions. Suppressed results stay counted; one that has expired, or matches nothing, warns.",
		NestedObject: schema.NestedAttributeObject{Validators: []validator.Object{exception{}}, Attributes: map[string]schema.Attribute{
			"check":   schema.StringAttribute{Required: true, MarkdownDescription: "Name of the check."},
			"objects": schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Globs against address, name, cluster and image; all objects when left out. Only `*` and `?` are special."},
			"reason":  schema.StringAttribute{Required: true, MarkdownDescription: "Why it is accepted."},
			"expires": schema.StringAttribute{Optional: true, MarkdownDescription: "Last day it holds, `YYYY-MM-DD`."},
		}}}
	attributes["passed"] = schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether nothing at or above `fail_on` failed, and under `strict` nothing is undecided."}
	attributes["verdict"] = schema.StringAttribute{Computed: true, MarkdownDescription: "`pass`, `warn`, `fail` or `unknown`; `skip` where enforcement is off."}
	attributes["results"] = schema.ListNestedAttribute{Computed: true, MarkdownDescription: "What each check found.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"check":    schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the check."},
			"status":   schema.StringAttribute{Computed: true, MarkdownDescription: "`pass`, `fail`, `unknown` or `skip`."},
			"severity": schema.StringAttribute{Computed: true, MarkdownDescription: "`error`, `warning` or `info`."},
			"message":  schema.StringAttribute{Computed: true, MarkdownDescription: "What was seen."},
			"fix":      schema.StringAttribute{Computed: true, MarkdownDescription: "What to write instead."},
		}}}
	resp.Schema = schema.Schema{Attributes: attributes,
		MarkdownDescription: "Judges one GKE cluster from the google provider's own objects and stops the plan when its private nodes could not pull images. " +
			"It needs no credentials and reads nothing but what it is handed. Let node pools or workloads depend on it, and they are not made before it passes."}
}

func (g *gate) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	_, diags := g.read(ctx, req.Config.Raw, req.Config.GetAttribute)
	resp.Diagnostics.Append(diags...)
}

func (g *gate) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // destroy
	}
	asked, diags := g.read(ctx, req.Plan.Raw, req.Plan.GetAttribute)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	out := g.settings.judge(asked)
	resp.Diagnostics.Append(out.diagnostics(asked)...)
	// What is off promises nothing: an apply of this plan may be the one that judges again.
	if asked.known && out.enforcement != enforceOff {
		store(ctx, out, req.Plan.Raw, &resp.Plan.Raw, &resp.Diagnostics)
	}
}

func (g *gate) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	g.apply(ctx, req.Plan, &resp.State, &resp.Diagnostics)
}

func (g *gate) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	g.apply(ctx, req.Plan, &resp.State, &resp.Diagnostics)
}

// apply judges with everything known. Nothing is stored when it fails, so that what depends on the gate is not made. Terraform has just asked
// ModifyPlan the same, so that its warnings are not said a second time.
func (g *gate) apply(ctx context.Context, plan tfsdk.Plan, state *tfsdk.State, diags *diag.Diagnostics) {
	asked, d := g.read(ctx, plan.Raw, plan.GetAttribute)
	diags.Append(d.Errors()...)
	if diags.HasError() {
		return
	}
	out := g.settings.judge(asked)
	diags.Append(out.diagnostics(asked).Errors()...)
	if diags.HasError() {
		return
	}
	store(ctx, out, plan.Raw, &state.Raw, diags)
}

func store(ctx context.Context, out outcome, from tftypes.Value, to *tftypes.Value, diags *diag.Diagnostics) {
	v, err := out.store(ctx, from)
	if err != nil {
		diags.AddError("the gate's verdict cannot be stored", err.Error()+wayPast)
		return
	}
	*to = v
}

// Read has nothing to ask: the next plan hands over the objects as they are then.
func (g *gate) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (g *gate) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

type getter func(context.Context, path.Path, any) diag.Diagnostics

var resultType = map[string]attr.Type{"check": types.StringType, "status": types.StringType, "severity": types.StringType,
	"message": types.StringType, "fix": types.StringType}

// wholly reports whether nothing in the arguments is unknown. The computed attributes always are until they are set.
func wholly(raw tftypes.Value) bool {
	var fields map[string]tftypes.Value
	if raw.As(&fields) != nil {
		return false
	}
	for name, v := range fields {
		if name != "passed" && name != "verdict" && name != "results" && !v.IsFullyKnown() {
			return false
		}
	}
	return true
}
