package terraform

import (
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform/configuration"
	"github.com/zclconf/go-cty/cty"
)

// evaluateImages puts the images that the configuration decides into a workload whose plan leaves them unknown: the literal host of an interpolation
// is not in plan JSON.
func evaluateImages(in *instance, path configuration.Path, eval *configuration.Evaluator) cty.Value {
	planned := attribute(in.value, "spec")
	if !isKnown(planned) || planned.IsWhollyKnown() {
		return in.value
	}
	attributes, ok := eval.Resource(path, "managed", in.typ, in.name, in.key, []string{"spec"})
	if !ok {
		return in.value
	}
	v, marks := in.value.Unmark()
	out := v.AsValueMap()
	out["spec"] = graft(planned, attributes["spec"].Value)
	return cty.ObjectVal(out).WithMarks(marks)
}

// graft takes unknown images from the evaluated tree, and nothing else: what else a workload says never leaves the configuration.
func graft(plan, evaluated cty.Value) cty.Value {
	p, marks := plan.Unmark()
	e, _ := evaluated.Unmark()
	if e == cty.NilVal || !p.IsKnown() || p.IsNull() || !e.IsKnown() || e.IsNull() {
		return plan
	}
	switch {
	case p.Type().IsObjectType() && e.Type().IsObjectType():
		out := p.AsValueMap()
		for name, v := range out {
			if !e.Type().HasAttribute(name) {
				continue
			}
			if from := e.GetAttr(name); name != "image" {
				out[name] = graft(v, from)
			} else if !isKnown(v) {
				out[name] = secret(from)
			}
		}
		if len(out) == 0 {
			return plan
		}
		return cty.ObjectVal(out).WithMarks(marks)
	case p.CanIterateElements() && e.CanIterateElements() && p.LengthInt() == e.LengthInt() && p.LengthInt() > 0:
		list, _ := elements(p)
		from, _ := elements(e)
		for i := range list {
			list[i] = graft(list[i], from[i])
		}
		return cty.TupleVal(list).WithMarks(marks)
	}
	return plan
}

// knownHost is the registry host of an image of which only the beginning is known, as in us-docker.pkg.dev/project.
func knownHost(image cty.Value) string {
	u, _ := image.Unmark()
	if u.IsKnown() || u.Type() != cty.String {
		return ""
	}
	host, _, whole := strings.Cut(u.Range().StringPrefix(), "/")
	if !whole || !strings.ContainsAny(host, ".:") {
		return ""
	}
	return host
}

// deriveRepository fills in what Artifact Registry makes of location, project and repository ID (its documentation, "Names").
func deriveRepository(in *instance, out map[string]cty.Value) {
	get := func(name string) string { s, _ := asString(attribute(in.value, name)); return s }
	location, project, id := get("location"), get("project"), get("repository_id")
	if location == "" || project == "" || id == "" {
		return
	}
	for name, text := range map[string]string{"name": id, "registry_uri": location + "-docker.pkg.dev/" + project + "/" + id,
		"id": "projects/" + project + "/locations/" + location + "/repositories/" + id} {
		if u, _ := out[name].Unmark(); out[name] == cty.NilVal || !u.IsKnown() {
			out[name] = cty.StringVal(text)
		}
	}
}
