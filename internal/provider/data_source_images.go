package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var (
	_ datasource.DataSource                   = (*images)(nil)
	_ datasource.DataSourceWithConfigure      = (*images)(nil)
	_ datasource.DataSourceWithValidateConfig = (*images)(nil)
)

// images asks registries whether they serve images.
type images struct{ settings *settings }

func newImages() datasource.DataSource {
	return &images{settings: unconfigured()}
}

func (i *images) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_images"
}

func (i *images) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	i.settings = configured(req.ProviderData, i.settings)
}

type imagesModel struct {
	Images       types.List   `tfsdk:"images"`
	Platforms    types.List   `tfsdk:"platforms"`
	Mirror       types.String `tfsdk:"mirror"`
	FailOn       types.String `tfsdk:"fail_on"`
	Strict       types.Bool   `tfsdk:"strict"`
	AllowPrivate types.Bool   `tfsdk:"allow_private_registries"`
	Timeout      types.String `tfsdk:"timeout"`
	Passed       types.Bool   `tfsdk:"passed"`
	Verdict      types.String `tfsdk:"verdict"`
	Results      types.List   `tfsdk:"results"`
	Answers      types.List   `tfsdk:"answers"`
}

func (i *images) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	answers := told(map[string]string{"ref": "The reference as it was given.", "normalized": "The reference as nodes read it; null where it cannot be read.", "registry": "Host of the registry.",
		"digest": "Digest of the manifest; null where it was not told.", "via": "The way a private node takes to the registry, as in `parse_image`."})
	maps.Copy(answers.Attributes, map[string]schema.Attribute{
		"exists":    schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the registry serves a manifest; null where that could not be learnt."},
		"platforms": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "What it is built for; null where it was not told."},
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Asks the registries of images whether they serve them, while Terraform plans. " +
			"It asks over HTTPS, Google's registries with the credentials or access token that the provider is given, where it is, and the others without, and no private address unless that is allowed; what a registry tells nobody is undecided.",
		Attributes: judged(map[string]schema.Attribute{
			"images": schema.ListAttribute{Required: true, ElementType: types.StringType, MarkdownDescription: "References of images. `manifest_images()` makes them from YAML."},
			"platforms": schema.ListAttribute{Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Platforms that each image must be built for, as `os/architecture`; `[\"linux/amd64\"]` when left out."},
			"mirror": schema.StringAttribute{Optional: true, Validators: []validator.String{oneOf("deny", "warn", "allow")},
				MarkdownDescription: "What is made of docker.io images that mirror.gcr.io does not serve now, for nodes without a way to Docker Hub: `deny`, `warn` or `allow` (default, for the network is not known here)."},
			"strict":                   schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether an image of which nothing could be learnt stops the plan."},
			"allow_private_registries": schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether registries on private addresses may be asked."},
			"timeout":                  schema.StringAttribute{Optional: true, MarkdownDescription: "How long all of it may take, such as `30s`; `2m` when left out. What is missing then is undecided."},
			"answers":                  schema.ListNestedAttribute{Computed: true, MarkdownDescription: "What the registries said, image by image.", NestedObject: answers},
		})}
}

func (i *images) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m imagesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		i.read(m, &resp.Diagnostics)
	}
}

func (i *images) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m imagesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r := i.read(m, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	m.Passed, m.Verdict = types.BoolValue(true), types.StringValue(topology.Skip.String())
	m.Results, m.Answers = listOf(nil), answersOf(topology.New(topology.Facts{}))
	if i.settings.enforcement != enforceOff {
		within, cancel := context.WithTimeout(ctx, r.timeout)
		defer cancel()
		said := i.settings.registries(r.allowPrivate).Facts(within, r.refs())
		if ctx.Err() != nil {
			resp.Diagnostics.AddAttributeError(path.Root("images"), "gkepreflight_images: interrupted", "The registries were being asked when Terraform was interrupted.")
			return
		}
		t := topology.New(topology.Lay(r.facts, said, nil))
		results := checks.JudgeImages(t, r.platforms, r.policy)
		m.Passed, m.Verdict = types.BoolValue(len(blocking(results, r.request)) == 0), types.StringValue(string(checks.Verdict(results)))
		m.Results, m.Answers = listOf(results), answersOf(t)
		resp.Diagnostics.Append(imageDiagnostics(results, r.request, i.settings.enforcement)...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
