package image

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	kyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// FromManifests lists the images of a YAML stream or JSON of Kubernetes objects, sorted, each once: of containers, init and ephemeral
// containers and image volumes, in pod specs wherever they stand, so that custom resources that hold a pod template are read too.
// The error names the document, counted from 1, and its line.
func FromManifests(text []byte) ([]string, error) {
	found := map[string]bool{}
	docs := kyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for n := 1; ; n++ {
		doc, err := docs.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", n, err)
		}
		var tree any
		if err := yaml.Unmarshal(doc, &tree); err != nil {
			return nil, fmt.Errorf("document %d is no YAML: %s", n, firstLine(err))
		}
		if tree == nil {
			continue
		}
		if _, object := tree.(map[string]any); !object {
			return nil, fmt.Errorf("document %d is no Kubernetes object: expected a mapping with apiVersion and kind", n)
		}
		walk(tree, 0, found)
	}
	out := make([]string, 0, len(found))
	for ref := range found {
		out = append(out, ref)
	}
	slices.Sort(out)
	return out, nil
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// maxDepth bounds nesting: a pod template lies nowhere near as deep.
const maxDepth = 100

// walk looks for pod specs: mappings with a list of containers.
func walk(v any, depth int, found map[string]bool) {
	if depth > maxDepth {
		return
	}
	switch t := v.(type) {
	case []any:
		for _, e := range t {
			walk(e, depth+1, found)
		}
	case map[string]any:
		if _, pod := t["containers"].([]any); pod {
			podSpec(t, found)
		}
		for name, e := range t {
			if name != "data" && name != "stringData" { // what a Secret or ConfigMap holds is no workload
				walk(e, depth+1, found)
			}
		}
	}
}

func podSpec(spec map[string]any, found map[string]bool) {
	for _, kind := range []string{"containers", "initContainers", "ephemeralContainers"} {
		list, _ := spec[kind].([]any)
		for _, c := range list {
			m, _ := c.(map[string]any)
			add(m["image"], found)
		}
	}
	volumes, _ := spec["volumes"].([]any)
	for _, v := range volumes {
		m, _ := v.(map[string]any)
		image, _ := m["image"].(map[string]any)
		add(image["reference"], found)
	}
}

func add(ref any, found map[string]bool) {
	if s, ok := ref.(string); ok && s != "" {
		found[s] = true
	}
}
