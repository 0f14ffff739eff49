package terraform

import (
	"encoding/json"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
	"sigs.k8s.io/yaml"
)

// readManifest reads kubernetes_manifest (an object) and kubectl_manifest (YAML). What cannot be read as a Kubernetes object carries no images.
func (w *world) readManifest(in *instance, f *topology.Facts) {
	if in.data {
		return
	}
	var text []byte
	if v := attribute(in.value, "manifest"); isKnown(v) && !isNull(v) {
		text, _ = json.Marshal(plainTree(v, "", ""))
	} else if v := attribute(in.value, "yaml_body_parsed"); !isSensitive(v) {
		s, _ := asString(v)
		text = []byte(s)
	}
	m, err := image.ReadManifests(strings.NewReader(string(text)), "")
	if err != nil {
		return
	}
	w.addWorkloads(in, m.Facts(w.workloadCluster(in), false), f)
}

// addWorkloads takes facts read from inside an instance, and lets them come from it.
func (w *world) addWorkloads(in *instance, facts topology.Facts, f *topology.Facts) {
	for _, u := range facts.Images {
		if why := unread[u.Ref.Or("")]; why != "" {
			u.Ref = topology.Unknown[string](why, in.from("manifest"))
		}
		id := topology.WorkloadID(u.Cluster, u.Namespace, u.Object.Kind, u.Object.Name)
		u.From, u.Object = in.address, w.object(in)
		if !u.Inferred && id != "" {
			u.Object.ID = id
		}
		f.Images = append(f.Images, u)
	}
	for _, s := range facts.Secrets {
		name := s.Name
		s.Object = w.object(in)
		s.Name = name
		f.Secrets = append(f.Secrets, s)
	}
}

// What stands in a manifest for an image that apply decides or that is sensitive, so that the pod still pulls one; no registry bears the name.
const laterImage, hiddenImage = "image.invalid/later", "image.invalid/hidden"

// unread are the reasons that such images are unknown for.
var unread = map[string]string{laterImage: topology.KnownAfterApply, hiddenImage: whySensitive}

// plainTree turns a value into what JSON can hold; unknown and sensitive parts are left out, save that there is an image. Key is what the value stands under,
// also in a list, and above what that stands under.
func plainTree(v cty.Value, key, above string) any {
	u, marks := v.Unmark()
	if len(marks) > 0 || !u.IsKnown() {
		return standIn(isSensitive(v), key, above)
	}
	if u.IsNull() {
		return nil
	}
	switch {
	case u.Type().IsPrimitiveType():
		s, ok := asString(u)
		switch {
		case !ok:
			return nil
		case u.Type() == cty.Bool:
			return u.True()
		case u.Type() == cty.Number:
			return json.Number(s)
		}
		return s
	case u.Type().IsObjectType() || u.Type().IsMapType():
		out := map[string]any{}
		for k, e := range u.AsValueMap() {
			out[k] = plainTree(e, k, key)
		}
		return out
	}
	list, _ := elements(u)
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = plainTree(e, key, above)
	}
	return out
}

// standIn is what a manifest holds in place of an image that is not told.
func standIn(hidden bool, key, above string) any {
	image := laterImage
	if hidden {
		image = hiddenImage
	}
	switch {
	case key == "image" && above == "volumes":
		return map[string]any{"reference": image}
	case key == "image" || key == "reference":
		return image
	}
	return nil
}

// readHelm reads the images that the values of a helm_release look like. The chart itself is not rendered, so that they are inferred.
func (w *world) readHelm(in *instance, f *topology.Facts) {
	if in.data {
		return
	}
	values := map[string]any{}
	texts, _ := elements(attribute(in.value, "values"))
	for _, v := range texts {
		text, known := asString(v)
		var tree map[string]any
		if known && !v.IsMarked() && yaml.Unmarshal([]byte(text), &tree) == nil {
			merge(values, tree)
		}
	}
	sets, _ := elements(attribute(in.value, "set"))
	for _, s := range sets {
		name, named := asString(attribute(s, "name"))
		value, known := asString(attribute(s, "value"))
		if named && known && !isSensitive(attribute(s, "name")) && !isSensitive(attribute(s, "value")) {
			setPath(values, setKeys(name), value)
		}
	}
	cluster := w.workloadCluster(in)
	for _, ref := range helmImages(values, "", 0) {
		if _, err := image.Parse(ref); err != nil {
			continue // it only looked like one
		}
		f.Images = append(f.Images, &topology.ImageUse{Ref: topology.Known(ref, in.from("values")), Cluster: cluster, From: in.address, Object: w.object(in), Inferred: true})
	}
}

// merge lays one tree of values over another, as Helm does.
func merge(under, over map[string]any) {
	for k, v := range over {
		a, isMap := under[k].(map[string]any)
		b, both := v.(map[string]any)
		if isMap && both {
			merge(a, b)
			continue
		}
		under[k] = v
	}
}

// setKeys parts the name of a set value at its dots; one behind a backslash belongs to the key.
func setKeys(name string) []string {
	const dot = "\x00"
	keys := strings.Split(strings.ReplaceAll(name, `\.`, dot), ".")
	for i, k := range keys {
		keys[i] = strings.ReplaceAll(k, dot, ".")
	}
	return keys
}

func setPath(tree map[string]any, path []string, value string) {
	for _, p := range path[:len(path)-1] {
		next, ok := tree[p].(map[string]any)
		if !ok {
			next = map[string]any{}
			tree[p] = next
		}
		tree = next
	}
	tree[path[len(path)-1]] = value
}

// helmImages finds references by the two habits of charts: image: "repo:tag", and a mapping with repository, and perhaps registry and tag.
func helmImages(v any, key string, depth int) []string {
	if depth > maxDepth {
		return nil
	}
	var out []string
	switch t := v.(type) {
	case []any:
		for _, e := range t {
			out = append(out, helmImages(e, key, depth+1)...)
		}
	case map[string]any:
		if repository, ok := t["repository"].(string); ok && looksLikeImage(key, t) {
			out = append(out, compose(t, repository))
		}
		for _, k := range sortedKeys(t) {
			out = append(out, helmImages(t[k], k, depth+1)...)
		}
	case string:
		if strings.EqualFold(key, "image") && strings.ContainsAny(t, "/:") {
			out = append(out, t)
		}
	}
	return out
}

// looksLikeImage tells an image from a chart's or a git repository.
func looksLikeImage(key string, m map[string]any) bool {
	_, tag := m["tag"]
	_, digest := m["digest"]
	return tag || digest || strings.Contains(strings.ToLower(key), "image")
}

func compose(m map[string]any, repository string) string {
	ref := repository
	if registry, ok := m["registry"].(string); ok && registry != "" {
		ref = registry + "/" + ref
	}
	if tag := scalar(m["tag"]); tag != "" {
		ref += ":" + tag
	}
	if digest, ok := m["digest"].(string); ok && digest != "" {
		ref += "@" + digest
	}
	return ref
}

func scalar(v any) string {
	switch t := v.(type) {
	case string:
		return t
	case nil:
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
