package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var (
	_ datasource.DataSource                   = (*cluster)(nil)
	_ datasource.DataSourceWithConfigure      = (*cluster)(nil)
	_ datasource.DataSourceWithValidateConfig = (*cluster)(nil)
)

// cluster judges one cluster that is there.
type cluster struct{ settings *settings }

func newCluster() datasource.DataSource { return &cluster{settings: unconfigured()} }

func (c *cluster) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cluster"
}

func (c *cluster) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	c.settings = configured(req.ProviderData, c.settings)
}

type clusterModel struct {
	Name         types.String `tfsdk:"name"`
	Location     types.String `tfsdk:"location"`
	Project      types.String `tfsdk:"project"`
	Images       types.List   `tfsdk:"images"`
	Internet     types.String `tfsdk:"internet"`
	Mirror       types.String `tfsdk:"mirror"`
	Severity     types.Map    `tfsdk:"severity"`
	PrivateNodes types.String `tfsdk:"private_nodes"`
	ruling
}

func (c *cluster) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Judges one GKE cluster that is there, with everything that its nodes need to pull images: read from Google Cloud, or from an export (`assets_file` of the provider). " +
			"A cluster that is not there (yet) is undecided, and stops nothing but under `strict`.",
		Attributes: ruled(map[string]schema.Attribute{
			"name":     schema.StringAttribute{Required: true, Validators: []validator.String{resourceName}, MarkdownDescription: "Name of the cluster."},
			"location": schema.StringAttribute{Optional: true, Validators: []validator.String{resourceName}, MarkdownDescription: "Region or zone; where it is left out, the only cluster of that name in the project is meant, or the one in the provider's zone or region."},
			"project":  schema.StringAttribute{Optional: true, MarkdownDescription: "Project; the provider's when left out."},
			"images":   schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "References of images that the cluster's nodes will pull. `manifest_images()` makes them from YAML."},
			"internet": schema.StringAttribute{Optional: true, Validators: []validator.String{oneOf("auto", "required", "images")},
				MarkdownDescription: "What the nodes must reach: `required` always the internet, `images` only what the images need, `auto` (default) the internet unless declared images or the configuration show that isolation is meant."},
			"mirror": schema.StringAttribute{Optional: true, Validators: []validator.String{oneOf("deny", "warn", "allow")},
				MarkdownDescription: "What is made of docker.io images that only the mirror.gcr.io cache can serve: `deny` (default), `warn` or `allow`."},
			"severity":      schema.MapAttribute{Optional: true, ElementType: types.StringType, Validators: []validator.Map{severities{}}, MarkdownDescription: "Severities by name of check: `error`, `warning` or `info`."},
			"private_nodes": schema.StringAttribute{Computed: true, MarkdownDescription: "Which of its nodes are private: `all`, `some`, `none` or `unknown`."},
		})}
}

func (c *cluster) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m clusterModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !resp.Diagnostics.HasError() {
		m.request(ctx, c.settings.enforcement, &resp.Diagnostics)
	}
}

func (c *cluster) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m clusterModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.PrivateNodes = types.StringValue("unknown")
	if c.settings.enforcement == enforceOff {
		m.off()
	} else {
		resp.Diagnostics.Append(c.judge(ctx, &m)...)
	}
	// A failed read stores nothing anyway.
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (c *cluster) judge(ctx context.Context, m *clusterModel) diag.Diagnostics {
	const name = "gkepreflight_cluster"
	var diags diag.Diagnostics
	r, timeout := m.request(ctx, c.settings.enforcement, &diags)
	want := wanted{project: m.Project.ValueString(), location: m.Location.ValueString(), cluster: m.Name.ValueString(), images: known(m.Images)}
	facts, ok := c.settings.look(ctx, name, path.Root("name"), &want, timeout, &diags)
	if !ok {
		m.undecided()
		return diags
	}
	found, why := choose(facts.Clusters, want, c.settings)
	r.cluster = fmt.Sprintf("cluster %q", want.cluster)
	if found == nil {
		return append(diags, m.missing(name, c.settings.enforcement, r, path.Root("name"), why)...)
	}
	facts.Images = slices.Clip(facts.Images) // those of an export are shared with every other data source
	for i, ref := range want.images {
		use := topology.DeclareImage(ref, "images", fmt.Sprintf("images[%d]", i))
		use.Cluster = topology.Known(found.ID, topology.Origin{})
		facts.Images = append(facts.Images, use)
	}
	r.facts = facts
	r.policy.Project, r.policy.Location, r.policy.Cluster = found.Project, found.Location, found.Name
	r.policy.Internet, r.policy.Mirror, r.policy.Severities = m.Internet.ValueString(), m.Mirror.ValueString(), severitiesOf(m.Severity)
	judgement, said := m.rule(name, c.settings, r, func(x checks.Result) path.Path {
		if i := imageIndex(x.Image, want.images); i >= 0 {
			return path.Root("images").AtListIndex(i)
		}
		if strings.HasPrefix(x.Object.Address, "images[") {
			return attributeOf(x)
		}
		return path.Root("name")
	})
	for _, c := range judgement.Clusters {
		m.PrivateNodes = types.StringValue(c.PrivateNodes)
	}
	return append(diags, said...)
}

// choose finds the one cluster that is meant, or says why none is.
func choose(all []*topology.Cluster, w wanted, s *settings) (*topology.Cluster, string) {
	var list []*topology.Cluster
	for _, c := range all {
		if c.Name == w.cluster && c.Project == w.project && (w.location == "" || c.Location == w.location) {
			list = append(list, c)
		}
	}
	if len(list) > 1 {
		region, zone := s.place()
		if near := slices.IndexFunc(list, func(c *topology.Cluster) bool { return c.Location == zone || c.Location == region }); near >= 0 {
			return list[near], ""
		}
		var places []string
		for _, c := range list {
			places = append(places, c.Location)
		}
		slices.Sort(places)
		return nil, fmt.Sprintf("project %s has %d clusters %q, and no location says which: %s", w.project, len(list), w.cluster, strings.Join(places, ", "))
	}
	if len(list) == 1 {
		return list[0], ""
	}
	where := "project " + w.project
	if w.location != "" {
		where = w.location + " of " + where
	}
	return nil, fmt.Sprintf("there is no cluster %q in %s", w.cluster, where)
}

// imageIndex finds the argument that a normalized image stands for; -1 where none does.
func imageIndex(normalized string, refs []string) int {
	return slices.IndexFunc(refs, func(ref string) bool {
		parsed, err := image.Parse(ref)
		return normalized != "" && (ref == normalized || err == nil && parsed.Normalized == normalized)
	})
}
