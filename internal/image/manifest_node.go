package image

import "go.yaml.in/yaml/v4"

// The tags that a parser gives to values without one.
const (
	textTag  = "!!str"
	nullTag  = "!!null"
	boolTag  = "!!bool"
	intTag   = "!!int"
	floatTag = "!!float"
	mergeTag = "!!merge"
)

// follow is the value that a node stands for.
func follow(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool {
	return n == nil || n.Kind == yaml.ScalarNode && n.Tag == nullTag
}

func isMapping(n *yaml.Node) bool { return n != nil && n.Kind == yaml.MappingNode }

// isText reports whether a scalar is a string to Kubernetes. A date without quotes is: JSON has no dates.
func isText(n *yaml.Node) bool {
	if n == nil || n.Kind != yaml.ScalarNode {
		return false
	}
	switch n.Tag {
	case nullTag, boolTag, intTag, floatTag:
		return false
	}
	return true
}

// entries gives the keys and values of a mapping, those merged in with << behind its own, which win. It stops when each says so.
func entries(n *yaml.Node, each func(key string, v *yaml.Node) bool) bool {
	if !isMapping(n) {
		return true
	}
	merged := false
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := follow(n.Content[i])
		if k.Tag == mergeTag {
			merged = true
			continue
		}
		if !each(k.Value, follow(n.Content[i+1])) {
			return false
		}
	}
	if !merged {
		return true
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if follow(n.Content[i]).Tag != mergeTag {
			continue
		}
		v := follow(n.Content[i+1])
		from := []*yaml.Node{v}
		if v.Kind == yaml.SequenceNode {
			from = v.Content
		}
		for _, m := range from {
			if !entries(follow(m), each) {
				return false
			}
		}
	}
	return true
}

// dig follows keys; nil where one is missing.
func dig(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		var found *yaml.Node
		entries(n, func(k string, v *yaml.Node) bool {
			if k == key {
				found = v
			}
			return found == nil
		})
		if found == nil {
			return nil
		}
		n = found
	}
	return n
}

// list gives the items of a sequence, aliases followed.
func list(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	out := make([]*yaml.Node, len(n.Content))
	for i, c := range n.Content {
		out[i] = follow(c)
	}
	return out
}

// text is a string's value; empty for anything else.
func text(n *yaml.Node) string {
	if !isText(n) {
		return ""
	}
	return n.Value
}
