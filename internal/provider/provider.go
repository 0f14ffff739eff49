// Package provider is the Terraform door of the engine: schema and translation, no evaluation.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ provider.Provider              = (*preflight)(nil)
	_ provider.ProviderWithFunctions = (*preflight)(nil)
)

type preflight struct{ version string }

// New makes the provider of a version.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &preflight{version: version} }
}

func (p *preflight) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = "gkepreflight", p.version
}

func (p *preflight) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Stops the plan when private GKE nodes could not pull their images: reads what the plan knows of Cloud NAT, routes, firewalls, DNS and Private Google Access, draws the path, " +
			"and says which hop breaks it. The gate and the functions need no credentials.",
		Attributes: providerAttributes(),
	}
}

func (p *preflight) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var configured types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("enforcement"), &configured)...)
	settings, err := newSettings(configured)
	settings.resolve(ctx, req.Config.GetAttribute, &resp.Diagnostics)
	resp.ResourceData, resp.DataSourceData = settings, settings
	if err != nil {
		resp.Diagnostics.AddError("invalid "+enforcementVariable, err.Error())
	}
}

func (p *preflight) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newGate}
}

func (p *preflight) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newArtifactRegistry, newCluster, newImages, newNATCoverage}
}

func (p *preflight) Functions(context.Context) []func() function.Function {
	return []func() function.Function{newNATCovers, newParseImage, newArtifactRegistryImage, newManifestImages}
}
