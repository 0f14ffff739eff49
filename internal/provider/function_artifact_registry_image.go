package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/zclconf/go-cty/cty"
)

type artifactRegistryImage struct{}

func newArtifactRegistryImage() function.Function { return artifactRegistryImage{} }

func (artifactRegistryImage) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "artifact_registry_image"
}

func (artifactRegistryImage) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Writes an image reference through an Artifact Registry repository.",
		MarkdownDescription: "Writes the reference under which an Artifact Registry remote repository serves an image, such as `us-central1-docker.pkg.dev/my-project/docker-hub/library/nginx:1.27`. " +
			"Pulls through a remote repository are made by Google, so that the nodes need no Cloud NAT. Unknown while the repository's names are.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "ref", MarkdownDescription: "Image reference, such as `nginx:1.27`."},
			function.DynamicParameter{Name: "repository", AllowUnknownValues: true,
				MarkdownDescription: "A `google_artifact_registry_repository`, its ID (`projects/P/locations/L/repositories/R`), or `L-docker.pkg.dev/P/R`."},
		},
		Return: function.StringReturn{},
	}
}

func (artifactRegistryImage) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var ref string
	var repository types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &ref, &repository); resp.Error != nil {
		return
	}
	r, err := image.Parse(ref)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, "the image reference cannot be read: "+err.Error())
		return
	}
	v, err := dynamic(ctx, repository)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, err.Error())
		return
	}
	prefix, known, err := repositoryPath(v)
	switch {
	case err != nil:
		resp.Error = function.NewArgumentFuncError(1, err.Error())
	case !known:
		resp.Error = resp.Result.Set(ctx, types.StringUnknown())
	default:
		resp.Error = resp.Result.Set(ctx, r.Through(prefix))
	}
}

// repositoryPath is the path that stands before an image in a repository; known is false where only apply tells.
func repositoryPath(v cty.Value) (path string, known bool, err error) {
	expected := fmt.Errorf("expected a google_artifact_registry_repository, projects/P/locations/L/repositories/R, or L-docker.pkg.dev/P/R")
	if !v.IsKnown() {
		return "", false, nil
	}
	if v.IsNull() {
		return "", false, expected
	}
	if v.Type() == cty.String {
		s := strings.Trim(v.AsString(), "/")
		parts := strings.Split(s, "/")
		switch {
		case len(parts) == 6 && parts[0] == "projects" && parts[2] == "locations" && parts[4] == "repositories":
			return parts[3] + "-docker.pkg.dev/" + parts[1] + "/" + parts[5], true, nil
		case len(parts) == 3 && strings.HasSuffix(parts[0], "-docker.pkg.dev"):
			return s, true, nil
		}
		return "", false, expected
	}
	if !v.Type().IsObjectType() || !v.Type().HasAttribute("repository_id") || v.GetAttr("repository_id").IsNull() {
		return "", false, expected
	}
	var got [3]string
	for i, name := range []string{"location", "project", "repository_id"} {
		if !v.Type().HasAttribute(name) {
			return "", false, expected
		}
		a := v.GetAttr(name)
		if !a.IsKnown() {
			return "", false, nil
		}
		if a.IsNull() || a.Type() != cty.String {
			return "", false, fmt.Errorf("the repository has no %s", name)
		}
		got[i] = a.AsString()
	}
	return got[0] + "-docker.pkg.dev/" + got[1] + "/" + got[2], true, nil
}
