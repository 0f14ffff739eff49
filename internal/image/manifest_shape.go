package image

import (
	"errors"
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v4"
	"k8s.io/apimachinery/pkg/runtime"
)

// shape is the part of an object that is read, and what stands where in it. The rest of the object is not converted: it costs time, and an error in a
// probe or a port says nothing about images.
type shape struct {
	of     string // what a reader is told is expected
	fields map[string]*shape
	items  *shape
	texts  bool
}

var (
	aText   = &shape{of: "a string, in quotes where it looks like a number or a boolean"}
	aNumber = &shape{of: "a whole number"}
	labels  = &shape{of: "a mapping of strings", texts: true}
)

func object(fields map[string]*shape) *shape { return &shape{of: "a mapping", fields: fields} }

func listOf(items *shape) *shape { return &shape{of: "a list", items: items} }

// shaper converts nodes. A lenient one drops what has another shape: in an object of no known kind nothing says that it is wrong.
type shaper struct {
	d       *document
	lenient bool
}

// value is a node in the terms of JSON, as much of it as the shape has. Null is as if left out.
func (p shaper) value(n *yaml.Node, s *shape) (any, error) {
	n = follow(n)
	switch {
	case isNull(n):
		return nil, nil
	case s.fields != nil:
		return p.mapping(n, s, func(key string) *shape { return s.fields[key] })
	case s.texts:
		return p.mapping(n, s, func(string) *shape { return aText })
	case s.items != nil:
		return p.list(n, s)
	case s == aNumber:
		if i, err := strconv.ParseInt(n.Value, 0, 32); err == nil && n.Tag == intTag {
			return i, nil
		}
	case isText(n):
		return n.Value, nil
	}
	return nil, p.mismatch(n, s)
}

func (p shaper) mapping(n *yaml.Node, s *shape, field func(key string) *shape) (any, error) {
	if n.Kind != yaml.MappingNode {
		return nil, p.mismatch(n, s)
	}
	out := map[string]any{}
	var failed error
	entries(n, func(key string, v *yaml.Node) bool {
		f := field(key)
		if f == nil {
			return true
		}
		if _, twice := out[key]; twice {
			return true // merged in: the first wins
		}
		got, err := p.value(v, f)
		if err != nil {
			failed = err
			return false
		}
		out[key] = got
		return true
	})
	return out, failed
}

func (p shaper) list(n *yaml.Node, s *shape) (any, error) {
	if n.Kind != yaml.SequenceNode {
		return nil, p.mismatch(n, s)
	}
	out := make([]any, 0, len(n.Content))
	for _, c := range n.Content {
		got, err := p.value(c, s.items)
		if err != nil {
			return nil, err
		}
		out = append(out, got)
	}
	return out, nil
}

func (p shaper) mismatch(n *yaml.Node, s *shape) error {
	if p.lenient {
		return nil
	}
	return p.d.at(n, fmt.Errorf("expected %s, found %s", s.of, describe(n)))
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.Tag {
	case intTag, floatTag:
		return "a number"
	case boolTag:
		return "a boolean"
	}
	return "a string"
}

// typed converts a node to a type of the Kubernetes API.
func typed[T any](p shaper, n *yaml.Node, s *shape) (*T, error) {
	v, err := p.value(n, s)
	if err != nil {
		return nil, err
	}
	tree, is := v.(map[string]any)
	if !is {
		tree = map[string]any{}
	}
	out := new(T)
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(tree, out); err != nil {
		return nil, p.d.at(n, errors.New("is not of the shape that its kind has"))
	}
	return out, nil
}
