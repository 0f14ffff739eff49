package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var (
	_ datasource.DataSource                   = (*artifactRegistry)(nil)
	_ datasource.DataSourceWithConfigure      = (*artifactRegistry)(nil)
	_ datasource.DataSourceWithValidateConfig = (*artifactRegistry)(nil)
)

// artifactRegistry says whether nodes of a subnetwork reach a repository and may read it.
type artifactRegistry struct{ settings *settings }

func newArtifactRegistry() datasource.DataSource { return &artifactRegistry{settings: unconfigured()} }

func (a *artifactRegistry) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_artifact_registry"
}

func (a *artifactRegistry) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	a.settings = configured(req.ProviderData, a.settings)
}

type artifactRegistryModel struct {
	Repository     types.String `tfsdk:"repository"`
	Subnetwork     types.String `tfsdk:"subnetwork"`
	Region         types.String `tfsdk:"region"`
	Project        types.String `tfsdk:"project"`
	ServiceAccount types.String `tfsdk:"service_account"`
	NetworkTags    types.List   `tfsdk:"network_tags"`
	Reachable      types.Bool   `tfsdk:"reachable"`
	Readable       types.Bool   `tfsdk:"readable"`
	ruling
}

func (a *artifactRegistry) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Says whether private nodes of a subnetwork reach an Artifact Registry repository (Private Google Access, routes, firewall, DNS) and whether their service account may read it: read from Google Cloud, or from an export (`assets_file` of the provider).",
		Attributes: ruled(map[string]schema.Attribute{
			"repository":      schema.StringAttribute{Required: true, MarkdownDescription: "The repository: `projects/P/locations/L/repositories/NAME`, or as images name it, `L-docker.pkg.dev/P/NAME`."},
			"subnetwork":      schema.StringAttribute{Required: true, MarkdownDescription: "Name of the nodes' subnetwork, or any link to it. For a Shared VPC, that of the host project."},
			"region":          schema.StringAttribute{Optional: true, MarkdownDescription: "Region of the subnetwork; that of the link, or the provider's, when left out."},
			"project":         schema.StringAttribute{Optional: true, MarkdownDescription: "Project of the subnetwork; that of the link, or the provider's, when left out."},
			"service_account": schema.StringAttribute{Required: true, MarkdownDescription: "Address of the nodes' service account."},
			"network_tags":    schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Network tags of the nodes, which routes and firewall rules may ask for."},
			"reachable":       schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the nodes reach the registry; null where that is not known."},
			"readable":        schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the account may download from the repository; null where that is not known."},
		})}
}

func (a *artifactRegistry) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m artifactRegistryModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.request(ctx, a.settings.enforcement, &resp.Diagnostics)
	a.settings.named(m.Subnetwork, &resp.Diagnostics)
	if !m.Repository.IsUnknown() {
		if _, err := imageIn(m.Repository.ValueString()); err != nil {
			refuse(&resp.Diagnostics, a.settings.enforcement, path.Root("repository"), "not a repository", err.Error())
		}
	}
}

func (a *artifactRegistry) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m artifactRegistryModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.Reachable, m.Readable = types.BoolNull(), types.BoolNull()
	if a.settings.enforcement == enforceOff {
		m.off()
	} else {
		resp.Diagnostics.Append(a.judge(ctx, &m)...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (a *artifactRegistry) judge(ctx context.Context, m *artifactRegistryModel) diag.Diagnostics {
	const name = "gkepreflight_artifact_registry"
	var diags diag.Diagnostics
	r, timeout := m.request(ctx, a.settings.enforcement, &diags)
	want, ok := a.settings.subnetwork(m.Subnetwork, m.Region, m.Project, &diags)
	ref, err := imageIn(m.Repository.ValueString())
	if err != nil {
		refuse(&diags, a.settings.enforcement, path.Root("repository"), "not a repository", err.Error())
		ok = false
	}
	if !ok {
		m.undecided()
		return diags
	}
	want.images, want.account, want.tags = []string{ref}, m.ServiceAccount.ValueString(), known(m.NetworkTags)
	r.cluster = fmt.Sprintf("repository %q from subnetwork %q", m.Repository.ValueString(), want.subnetwork)
	if _, ok := a.settings.around(ctx, name, &want, &m.ruling, &r, timeout, &diags); !ok {
		return diags
	}
	use := topology.DeclareImage(ref, "repository", "repository")
	use.Cluster = topology.Known(r.facts.Clusters[0].ID, topology.Origin{})
	r.facts.Images = []*topology.ImageUse{use}
	r.policy.Internet = "images"
	r.policy.Only = []string{"egress-firewall", "private-google-access", "registry-dns", "image-reachable", "registry-access", "repository", "perimeter"}
	judgement, said := m.rule(name, a.settings, r, func(x checks.Result) path.Path {
		switch x.Check {
		case "registry-access":
			return path.Root("service_account")
		case "repository", "perimeter":
			return path.Root("repository")
		}
		return path.Root("subnetwork")
	})
	m.Reachable, m.Readable = held(judgement.Results, "image-reachable"), held(judgement.Results, "registry-access")
	return append(diags, said...)
}

// held is whether a check holds: null where it is undecided or was not asked.
func held(results []checks.Result, check string) types.Bool {
	var all []topology.Verdict
	for _, r := range results {
		if r.Check == check {
			all = append(all, r.Status)
		}
	}
	switch topology.All(all...) {
	case topology.Pass:
		return types.BoolValue(true)
	case topology.Fail:
		return types.BoolValue(false)
	}
	return types.BoolNull()
}

// imageIn is a reference in a repository that stands for whatever nodes will pull from there.
func imageIn(repository string) (string, error) {
	path := strings.Trim(strings.TrimPrefix(repository, "https://"), "/")
	if parts := strings.Split(path, "/"); len(parts) == 6 && parts[0] == "projects" && parts[2] == "locations" && parts[4] == "repositories" {
		path = parts[3] + "-docker.pkg.dev/" + parts[1] + "/" + parts[5]
		if strings.HasSuffix(parts[5], "gcr.io") {
			path = parts[5] + "/" + parts[1] // as gcr.io's repositories are named
		}
	}
	ref := path + "/any"
	parsed, err := image.Parse(ref)
	if err == nil {
		if _, ok := parsed.Repository(); ok {
			return ref, nil
		}
	}
	return "", fmt.Errorf("%q is no Artifact Registry repository: write projects/P/locations/L/repositories/NAME or L-docker.pkg.dev/P/NAME", repository)
}
