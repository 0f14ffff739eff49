package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var (
	_ datasource.DataSource                   = (*natCoverage)(nil)
	_ datasource.DataSourceWithConfigure      = (*natCoverage)(nil)
	_ datasource.DataSourceWithValidateConfig = (*natCoverage)(nil)
)

// natCoverage says which ranges of a subnetwork Public NAT gateways translate.
type natCoverage struct{ settings *settings }

func newNATCoverage() datasource.DataSource { return &natCoverage{settings: unconfigured()} }

func (n *natCoverage) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_nat_coverage"
}

func (n *natCoverage) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	n.settings = configured(req.ProviderData, n.settings)
}

type natCoverageModel struct {
	Subnetwork types.String `tfsdk:"subnetwork"`
	Region     types.String `tfsdk:"region"`
	Project    types.String `tfsdk:"project"`
	PodRanges  types.List   `tfsdk:"pod_ranges"`
	Ranges     types.List   `tfsdk:"ranges"`
	ruling
}

var rangeType = map[string]attr.Type{"name": types.StringType, "cidr": types.StringType, "covered": types.BoolType, "gateways": types.ListType{ElemType: types.StringType}, "why": types.StringType}

func (n *natCoverage) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Says of each range of a subnetwork whether a Public NAT gateway that serves VMs translates it, and which: read from Google Cloud, or from an export (`assets_file` of the provider). " +
			"The primary range must be covered, for nodes pull with their own address; `pod_ranges` names what else is asked for.",
		Attributes: ruled(map[string]schema.Attribute{
			"subnetwork": schema.StringAttribute{Required: true, MarkdownDescription: "Name of the subnetwork, or any link to it. For a Shared VPC, that of the host project."},
			"region":     schema.StringAttribute{Optional: true, MarkdownDescription: "Region; that of the link, or the provider's, when left out."},
			"project":    schema.StringAttribute{Optional: true, MarkdownDescription: "Project of the network; that of the link, or the provider's, when left out."},
			"pod_ranges": schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Names of secondary ranges that pods have their addresses from. One that is not covered warns (`nat-pod-range`). The services range sends no packets and needs no gateway."},
			"ranges": schema.ListNestedAttribute{Computed: true, MarkdownDescription: "The ranges, the primary one first.", NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"name":     schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the secondary range; empty for the primary one."},
				"cidr":     schema.StringAttribute{Computed: true, MarkdownDescription: "The range."},
				"covered":  schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether a gateway translates it; null where that is not known."},
				"gateways": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Names of the gateways that do; of those that may, where that is not known."},
				"why":      schema.StringAttribute{Computed: true, MarkdownDescription: "What is not known, or the nearest miss; empty where it is covered."},
			}}},
		})}
}

func (n *natCoverage) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m natCoverageModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.request(ctx, n.settings.enforcement, &resp.Diagnostics)
	n.settings.named(m.Subnetwork, &resp.Diagnostics)
}

func (n *natCoverage) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m natCoverageModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.Ranges = rangesOf(nil)
	if n.settings.enforcement == enforceOff {
		m.off()
	} else {
		resp.Diagnostics.Append(n.judge(ctx, &m)...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (n *natCoverage) judge(ctx context.Context, m *natCoverageModel) diag.Diagnostics {
	const name = "gkepreflight_nat_coverage"
	var diags diag.Diagnostics
	r, timeout := m.request(ctx, n.settings.enforcement, &diags)
	want, ok := n.settings.subnetwork(m.Subnetwork, m.Region, m.Project, &diags)
	if !ok {
		m.undecided()
		return diags
	}
	want.pods = known(m.PodRanges)
	r.cluster = fmt.Sprintf("subnetwork %q", want.subnetwork)
	probe, ok := n.settings.around(ctx, name, &want, &m.ruling, &r, timeout, &diags)
	if !ok {
		return diags
	}
	if missing := lacks(r.facts, probe); missing >= 0 {
		refuse(&diags, n.settings.enforcement, path.Root("pod_ranges").AtListIndex(missing), "no such range",
			fmt.Sprintf("Subnetwork %q has no secondary range %q.", want.subnetwork, probe.PodRanges[missing]))
	}
	r.policy.Internet, r.policy.Only = "required", []string{"nat-node-range", "nat-overlap"}
	if len(probe.PodRanges) > 0 {
		r.policy.Only = append(r.policy.Only, "nat-pod-range")
	}
	_, said := m.rule(name, n.settings, r, func(x checks.Result) path.Path {
		if x.Check == "nat-pod-range" {
			return path.Root("pod_ranges")
		}
		return path.Root("subnetwork")
	})
	m.Ranges = rangesOf(probe.Ranges(topology.New(r.facts)))
	return append(diags, said...)
}

// described is a probe's subnetwork as the facts describe it; nil where nothing tells of it.
func described(f topology.Facts, p checks.Probe) *topology.Subnetwork {
	i := slices.IndexFunc(f.Subnetworks, func(s *topology.Subnetwork) bool { return s.ID == p.ID() })
	if i < 0 {
		return nil
	}
	return f.Subnetworks[i]
}

// gone reports whether a subnetwork is not there: nothing tells of it, and nobody was refused.
func gone(f topology.Facts, p checks.Probe) bool {
	return described(f, p) == nil && !slices.ContainsFunc(f.Readings, func(r topology.Reading) bool {
		return r.Collection == topology.Subnetworks && r.Project == p.Project && r.Refused != ""
	})
}

// lacks is the place of the first pod range that a subnetwork does not have; -1 where it has all, or where nobody knows.
func lacks(f topology.Facts, p checks.Probe) int {
	sub := described(f, p)
	if sub == nil || !sub.SecondaryTold {
		return -1
	}
	return slices.IndexFunc(p.PodRanges, func(name string) bool {
		return !slices.ContainsFunc(sub.Secondary, func(r topology.Range) bool { return !r.Name.Known() || r.Name.Or("") == name })
	})
}

func rangesOf(rows []checks.RangeCoverage) types.List {
	list := []attr.Value{}
	for _, row := range rows {
		fields := map[string]attr.Value{"name": types.StringValue(row.Name), "cidr": orNull(row.CIDR), "covered": types.BoolNull(), "gateways": textList(row.Gateways), "why": types.StringValue(row.Why)}
		if row.Verdict == topology.Pass || row.Verdict == topology.Fail {
			fields["covered"] = types.BoolValue(row.Verdict == topology.Pass)
		}
		list = append(list, types.ObjectValueMust(rangeType, fields))
	}
	return types.ListValueMust(types.ObjectType{AttrTypes: rangeType}, list)
}

func textList(texts []string) types.List {
	list := make([]attr.Value, len(texts))
	for i, s := range texts {
		list[i] = types.StringValue(s)
	}
	return types.ListValueMust(types.StringType, list)
}

// subnetworkOf takes a name or a link apart.
func subnetworkOf(text string) (wanted, error) {
	parts := strings.Split(strings.TrimRight(text, "/"), "/")
	w := wanted{subnetwork: parts[len(parts)-1]}
	for i := 0; i+1 < len(parts); i++ {
		switch parts[i] {
		case "projects":
			w.project = parts[i+1]
		case "regions":
			w.region = parts[i+1]
		}
	}
	if len(parts) > 1 && parts[len(parts)-2] != "subnetworks" || w.subnetwork == "" {
		return w, fmt.Errorf("%q is neither the name of a subnetwork nor a link such as projects/P/regions/R/subnetworks/NAME", text)
	}
	return w, nil
}
