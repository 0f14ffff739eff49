package provider

import (
	"cmp"
	"fmt"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// imagesRequest is what one data source of images asks.
type imagesRequest struct {
	request
	platforms    []string
	allowPrivate bool
	timeout      time.Duration
}

// patience is how long all registries together may take where nothing else is said.
const patience = 2 * time.Minute

var platformShape = regexp.MustCompile(`^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9.]+)?$`)

// read turns the arguments into a request. What is not known yet is left out: Terraform reads only when everything is.
func (i *images) read(m imagesModel, diags *diag.Diagnostics) imagesRequest {
	wrong := func(at path.Path, summary, detail string) { refuse(diags, i.settings.enforcement, at, summary, detail) }
	r := imagesRequest{timeout: durationOf(m.Timeout, i.settings.enforcement, diags), allowPrivate: m.AllowPrivate.ValueBool()}
	r.request = request{failOn: cmp.Or(m.FailOn.ValueString(), "error"), strict: m.Strict.ValueBool(), known: true}
	r.policy = checks.Policy{Mirror: m.Mirror.ValueString()}
	for n, e := range m.Images.Elements() {
		at := path.Root("images").AtListIndex(n)
		if e.IsNull() {
			wrong(at, "not an image reference", fmt.Sprintf("images[%d] is null.", n))
		} else if ref := textOf(e); !e.IsUnknown() {
			address := fmt.Sprintf("images[%d]", n)
			// Facts are sorted by where they are from, and the order of the argument is to stay.
			o := topology.Object{ID: topology.ID("addr:" + address), Kind: "image", Address: address, Name: ref}
			r.facts.Images = append(r.facts.Images, &topology.ImageUse{Ref: topology.Known(ref, o.From("images")), From: fmt.Sprintf("images[%06d]", n), Object: o, Declared: true})
		}
	}
	for n, e := range m.Platforms.Elements() {
		if p := textOf(e); platformShape.MatchString(p) {
			r.platforms = append(r.platforms, p)
		} else if !e.IsUnknown() {
			wrong(path.Root("platforms").AtListIndex(n), "not a platform", fmt.Sprintf("%q is not written as os/architecture, such as linux/arm64.", p))
		}
	}
	if len(r.platforms) == 0 {
		r.platforms = []string{"linux/amd64"}
	}
	return r
}

// refs are the references to ask for.
func (r imagesRequest) refs() []string {
	var out []string
	for _, u := range r.facts.Images {
		out = append(out, u.Ref.Or(""))
	}
	return out
}

func textOf(v attr.Value) string {
	if s, ok := v.(types.String); ok {
		return s.ValueString()
	}
	return ""
}

var answerType = map[string]attr.Type{"ref": types.StringType, "normalized": types.StringType, "registry": types.StringType, "exists": types.BoolType,
	"digest": types.StringType, "platforms": types.ListType{ElemType: types.StringType}, "via": types.StringType}

// answersOf lists what was said of each image, in the order of the argument.
func answersOf(t *topology.Topology) types.List {
	list := []attr.Value{}
	for _, u := range t.Images() {
		ref := u.Ref.Or("")
		fields := map[string]attr.Value{"ref": types.StringValue(ref), "normalized": types.StringNull(), "registry": types.StringNull(), "exists": types.BoolNull(),
			"digest": types.StringNull(), "platforms": types.ListNull(types.StringType), "via": types.StringNull()}
		if parsed, err := image.Parse(ref); err == nil {
			fields["normalized"], fields["registry"], fields["via"] = types.StringValue(parsed.Normalized), types.StringValue(parsed.Host), types.StringValue(viaOf(parsed))
			describe(t.Answer(parsed.Normalized), fields)
		}
		list = append(list, types.ObjectValueMust(answerType, fields))
	}
	return types.ListValueMust(types.ObjectType{AttrTypes: answerType}, list)
}

func describe(a *topology.ImageAnswer, fields map[string]attr.Value) {
	if a == nil {
		return
	}
	if served, known := a.Served.Get(); known {
		fields["exists"] = types.BoolValue(served)
		if served {
			fields["digest"] = orNull(a.Digest)
		}
	}
	if platforms, known := a.Platforms.Get(); known {
		fields["platforms"] = textList(platforms)
	}
}
