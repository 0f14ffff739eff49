package provider

import (
	"context"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type parseImage struct{}

func newParseImage() function.Function { return parseImage{} }

func (parseImage) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_image"
}

var imageType = map[string]attr.Type{"normalized": types.StringType, "registry": types.StringType, "repository": types.StringType,
	"tag": types.StringType, "digest": types.StringType, "via": types.StringType}

func (parseImage) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Takes an image reference apart.",
		MarkdownDescription: "Reads an image reference as containerd and the kubelet do. The object has `normalized`, `registry`, `repository`, `tag` and `digest` (null where there is none; without either the tag is `latest`), " +
			"and `via`, the way a private node takes to the registry: `google`, `internet`, `mirror` (Docker Hub: mirror.gcr.io first, then the internet) or `private`.",
		Parameters: []function.Parameter{function.StringParameter{Name: "ref", MarkdownDescription: "Image reference, such as `nginx:1.27`."}},
		Return:     function.ObjectReturn{AttributeTypes: imageType},
	}
}

func (parseImage) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var ref string
	if resp.Error = req.Arguments.Get(ctx, &ref); resp.Error != nil {
		return
	}
	r, err := image.Parse(ref)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, "the image reference cannot be read: "+err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, types.ObjectValueMust(imageType, map[string]attr.Value{
		"normalized": types.StringValue(r.Normalized), "registry": types.StringValue(r.Host), "repository": types.StringValue(r.Path),
		"tag": orNull(r.Tag), "digest": orNull(r.Digest), "via": types.StringValue(viaOf(r))}))
}

// viaOf is the way that a private node takes to the registry of an image.
func viaOf(r image.Reference) string {
	return map[image.Class]string{image.Google: "google", image.DockerHub: "mirror", image.Internet: "internet", image.Private: "private"}[r.Class]
}

func orNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

type manifestImages struct{}

func newManifestImages() function.Function { return manifestImages{} }

func (manifestImages) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "manifest_images"
}

func (manifestImages) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Lists the images of Kubernetes manifests.",
		MarkdownDescription: "Lists the images that a YAML stream (or JSON) of Kubernetes objects names: of containers, init and ephemeral containers and image volumes, in every workload kind and in custom resources that hold a pod template. " +
			"Sorted, each once. Only the references leave the function, so that no manifest and no secret is stored.",
		Parameters: []function.Parameter{function.StringParameter{Name: "yaml", MarkdownDescription: "Manifests, such as `file(\"app.yaml\")`."}},
		Return:     function.ListReturn{ElementType: types.StringType},
	}
}

func (manifestImages) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	list, err := image.FromManifests([]byte(text))
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, "the manifests cannot be read: "+err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, list)
}
