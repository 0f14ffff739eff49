// Command bare is a provider that does nothing but link the clients that the real one asks Google Cloud and registries with: what a start costs at least.
package main

import (
	"context"
	"log"
	"runtime"

	artifactregistry "cloud.google.com/go/artifactregistry/apiv1"
	"cloud.google.com/go/auth/credentials"
	"cloud.google.com/go/auth/credentials/impersonate"
	compute "cloud.google.com/go/compute/apiv1"
	container "cloud.google.com/go/container/apiv1"
	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"google.golang.org/api/dns/v1"
	"google.golang.org/api/iam/v1"
	"google.golang.org/api/networkconnectivity/v1"
)

// clients keeps the linker from leaving them out.
var clients = []any{
	container.NewClusterManagerRESTClient, compute.NewNetworksRESTClient, compute.NewSubnetworksRESTClient, compute.NewRoutersRESTClient, compute.NewRoutesRESTClient,
	compute.NewGlobalForwardingRulesRESTClient, compute.NewNetworkFirewallPoliciesRESTClient, compute.NewRegionNetworkFirewallPoliciesRESTClient, compute.NewProjectsRESTClient,
	artifactregistry.NewRESTClient, resourcemanager.NewProjectsRESTClient, resourcemanager.NewFoldersRESTClient, resourcemanager.NewOrganizationsRESTClient,
	dns.NewService, iam.NewService, networkconnectivity.NewService, credentials.DetectDefault, impersonate.NewCredentials, transport.NewWithContext,
}

type bare struct{}

func (bare) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "bare"
}
func (bare) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (bare) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (bare) Resources(context.Context) []func() resource.Resource                              { return nil }
func (bare) DataSources(context.Context) []func() datasource.DataSource                        { return nil }

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return bare{} },
		providerserver.ServeOpts{Address: "registry.terraform.io/gkepreflight/bare"})
	runtime.KeepAlive(clients)
	if err != nil {
		log.Fatal(err)
	}
}
