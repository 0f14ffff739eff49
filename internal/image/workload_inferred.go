package image

import (
	"strings"

	"go.yaml.in/yaml/v4"
	corev1 "k8s.io/api/core/v1"
)

// closed are keys below which nothing runs: what was, what somebody noted, and data.
var closed = map[string]bool{"metadata": true, "status": true, "data": true, "stringData": true, "openAPIV3Schema": true}

// podLists are the keys of a pod spec that hold images; a pod spec holds no other pod spec in them.
var podLists = map[string]bool{"containers": true, "initContainers": true, "ephemeralContainers": true, "volumes": true}

// inferrer finds pod specs of a custom resource by their shape: a list named containers, of mappings, at least one with an image.
func inferrer(group string) finder {
	steps := group == "argoproj.io" || group == "tekton.dev" || strings.HasSuffix(group, ".tekton.dev")
	return func(p shaper, o *yaml.Node) ([]pod, error) {
		var out []pod
		err := infer(o, steps, func(n *yaml.Node) error {
			spec, err := typed[corev1.PodSpec](p, n, podShape)
			if err == nil {
				out = append(out, pod{spec: spec, node: n})
			}
			return err
		})
		return out, err
	}
}

// infer walks an object. Following aliases ends, and soon: the survey has seen to it.
func infer(n *yaml.Node, steps bool, found func(spec *yaml.Node) error) error {
	var err error
	switch {
	case n == nil:
	case n.Kind == yaml.SequenceNode:
		for _, c := range list(n) {
			if err = infer(c, steps, found); err != nil {
				return err
			}
		}
	case n.Kind == yaml.MappingNode:
		spec := isPodSpec(n)
		if spec {
			err = found(n)
		} else if steps {
			if s := fromSteps(n); s != nil {
				err = found(s)
			}
		}
		entries(n, func(key string, v *yaml.Node) bool {
			if err == nil && !closed[key] && !(spec && podLists[key]) {
				err = infer(v, steps, found)
			}
			return err == nil
		})
	}
	return err
}

func isPodSpec(n *yaml.Node) bool { return holdImages(list(dig(n, "containers"))) }

// holdImages reports whether all items are mappings, and one has an image.
func holdImages(items []*yaml.Node) bool {
	images := false
	for _, c := range items {
		if !isMapping(c) {
			return false
		}
		images = images || text(dig(c, "image")) != ""
	}
	return images
}

// fromSteps makes a pod spec of what workflows write instead: a single container or script (Argo), or steps (Tekton), with sidecars.
func fromSteps(n *yaml.Node) *yaml.Node {
	var items []*yaml.Node
	for _, key := range []string{"container", "script", "stepTemplate"} {
		if c := dig(n, key); isMapping(c) && text(dig(c, "image")) != "" {
			items = append(items, c)
		}
	}
	for _, key := range []string{"steps", "sidecars"} {
		if s := list(dig(n, key)); holdImages(s) {
			items = append(items, s...)
		}
	}
	if len(items) == 0 {
		return nil
	}
	spec := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: n.Line, Column: n.Column}
	put := func(key string, v *yaml.Node) {
		spec.Content = append(spec.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: textTag, Value: key, Line: v.Line, Column: v.Column}, v)
	}
	put("containers", &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items, Line: n.Line, Column: n.Column})
	entries(n, func(key string, v *yaml.Node) bool {
		if podShape.fields[key] != nil && key != "containers" {
			put(key, v)
		}
		return true
	})
	return spec
}
