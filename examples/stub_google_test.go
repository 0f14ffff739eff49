package examples

import (
	"context"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// stub stands for the google provider where an example is planned: the arguments that the example sets, and what only apply knows. It makes nothing.
type stub struct{}

// shape is what a resource type takes, by name: a kind of value, or a shape for a block. A kind that ends in "?" is told by the API and unknown before.
type shape map[string]any

var google = map[string]shape{
	"compute_network": {"project": "text", "name": "text", "auto_create_subnetworks": "flag", "self_link": "text?"},
	"compute_subnetwork": {"project": "text", "name": "text", "region": "text", "network": "text", "ip_cidr_range": "text", "private_ip_google_access": "flag", "self_link": "text?",
		"secondary_ip_range": shape{"range_name": "text", "ip_cidr_range": "text"}},
	"compute_router": {"project": "text", "name": "text", "region": "text", "network": "text", "self_link": "text?"},
	"compute_router_nat": {"project": "text", "name": "text", "region": "text", "router": "text", "nat_ip_allocate_option": "text", "source_subnetwork_ip_ranges_to_nat": "text",
		"subnetwork": shape{"name": "text", "source_ip_ranges_to_nat": "texts"}},
	"container_cluster": {"project": "text", "name": "text", "location": "text", "network": "text", "subnetwork": "text", "initial_node_count": "count",
		"remove_default_node_pool": "flag", "self_link": "text?", "endpoint": "text?", "ip_allocation_policy": shape{"cluster_secondary_range_name": "text"},
		"private_cluster_config": shape{"enable_private_nodes": "flag"}},
	"container_node_pool": {"project": "text", "name": "text", "location": "text", "cluster": "text", "node_count": "count",
		"node_config": shape{"machine_type": "text", "service_account": "text", "oauth_scopes": "texts"}},
	"service_account":    {"project": "text", "account_id": "text", "display_name": "text", "email": "text?"},
	"project_iam_member": {"project": "text", "role": "text", "member": "text"},
	"artifact_registry_repository": {"project": "text", "location": "text", "repository_id": "text", "format": "text", "mode": "text", "name": "text?",
		"remote_repository_config": shape{"description": "text", "docker_repository": shape{"public_repository": "text"}, "common_repository": shape{"uri": "text"}}},
	"artifact_registry_repository_iam_member": {"project": "text", "location": "text", "repository": "text", "role": "text", "member": "text"},
}

func serveGoogle() error {
	return providerserver.Serve(context.Background(), func() provider.Provider { return stub{} }, providerserver.ServeOpts{Address: "registry.terraform.io/hashicorp/google"})
}

func (stub) Metadata(_ context.Context, _ provider.MetadataRequest, r *provider.MetadataResponse) {
	r.TypeName = "google"
}
func (stub) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (stub) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (stub) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (stub) Resources(context.Context) []func() resource.Resource {
	var out []func() resource.Resource
	for name, s := range google {
		out = append(out, func() resource.Resource { return stubResource{name, s} })
	}
	return out
}

type stubResource struct {
	name string
	shape
}

func (r stubResource) Metadata(_ context.Context, _ resource.MetadataRequest, out *resource.MetadataResponse) {
	out.TypeName = "google_" + r.name
}

func (r stubResource) Schema(_ context.Context, _ resource.SchemaRequest, out *resource.SchemaResponse) {
	out.Schema.Attributes, out.Schema.Blocks = parts(r.shape)
	out.Schema.Attributes["id"] = schema.StringAttribute{Computed: true}
}

// parts are the attributes and the blocks of a shape; every block is a list, which is what the google provider's one-of-a-kind blocks are.
func parts(s shape) (map[string]schema.Attribute, map[string]schema.Block) {
	attributes, blocks := map[string]schema.Attribute{}, map[string]schema.Block{}
	for name, kind := range s {
		switch kind := kind.(type) {
		case shape:
			a, b := parts(kind)
			blocks[name] = schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: a, Blocks: b}}
		case string:
			attributes[name] = map[string]schema.Attribute{
				"text": schema.StringAttribute{Optional: true}, "text?": schema.StringAttribute{Computed: true}, "flag": schema.BoolAttribute{Optional: true},
				"count": schema.Int64Attribute{Optional: true}, "texts": schema.SetAttribute{Optional: true, ElementType: types.StringType},
			}[kind]
		}
	}
	return attributes, blocks
}

// ids are what the google provider makes of a type's arguments.
var ids = map[string]string{
	"compute_network":              "projects/$project/global/networks/$name",
	"compute_subnetwork":           "projects/$project/regions/$region/subnetworks/$name",
	"compute_router":               "projects/$project/regions/$region/routers/$name",
	"compute_router_nat":           "$project/$region/$router/$name",
	"container_cluster":            "projects/$project/locations/$location/clusters/$name",
	"artifact_registry_repository": "projects/$project/locations/$location/repositories/$repository_id",
}

// Create tells what the API would.
func (r stubResource) Create(ctx context.Context, in resource.CreateRequest, out *resource.CreateResponse) {
	out.State.Raw = in.Plan.Raw
	id := os.Expand(ids[r.name], func(argument string) string {
		var value types.String
		out.Diagnostics.Append(in.Plan.GetAttribute(ctx, path.Root(argument), &value)...)
		return value.ValueString()
	})
	told := map[string]string{"id": id}
	for argument, kind := range r.shape {
		if kind == "text?" {
			told[argument] = "https://www.googleapis.com/compute/v1/" + id
		}
	}
	for argument, value := range told {
		out.Diagnostics.Append(out.State.SetAttribute(ctx, path.Root(argument), value)...)
	}
}

func (stubResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}
func (stubResource) Update(_ context.Context, in resource.UpdateRequest, out *resource.UpdateResponse) {
	out.State.Raw = in.Plan.Raw
}
func (stubResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
