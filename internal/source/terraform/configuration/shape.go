package configuration

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// shape says which names of a body are attributes and which are blocks, as no provider schema is at hand.
type shape struct {
	attrs      map[string]hcl.Expression
	blocks     map[string]*shape
	places     map[string]hcl.Range
	references map[string][]hcl.Traversal
}

func newShape() *shape {
	return &shape{
		attrs: map[string]hcl.Expression{}, blocks: map[string]*shape{},
		places: map[string]hcl.Range{}, references: map[string][]hcl.Traversal{},
	}
}

func shapeOf(body hcl.Body) *shape {
	s := newShape()
	if native, ok := body.(*hclsyntax.Body); ok {
		s.addNative(native)
	} else {
		s.addJSON(attributes(body))
	}
	return s
}

func (s *shape) block(name string, at hcl.Range) *shape {
	if s.blocks[name] == nil {
		s.blocks[name] = newShape()
		s.places[name] = at
	}
	return s.blocks[name]
}

func (s *shape) addNative(body *hclsyntax.Body) {
	for name, attr := range body.Attributes {
		s.attrs[name] = attr.Expr
		s.places[name] = attr.SrcRange
		s.references[name] = attr.Expr.Variables()
	}
	for _, found := range body.Blocks {
		name, dynamic := found.Type, found.Type == "dynamic" && len(found.Labels) == 1
		if dynamic {
			name = found.Labels[0]
		}
		child := s.block(name, found.DefRange())
		s.references[name] = append(s.references[name], bodyReferences(found.Body)...)
		if !dynamic {
			child.addNative(found.Body)
			continue
		}
		for _, content := range found.Body.Blocks {
			if content.Type == "content" {
				child.addNative(content.Body)
			}
		}
	}
}

func bodyReferences(body *hclsyntax.Body) []hcl.Traversal {
	var all []hcl.Traversal
	for _, attr := range body.Attributes {
		all = append(all, attr.Expr.Variables()...)
	}
	for _, nested := range body.Blocks {
		all = append(all, bodyReferences(nested.Body)...)
	}
	return all
}

func (s *shape) addJSON(attrs map[string]hcl.Expression) {
	for name, expr := range attrs {
		if name == "dynamic" {
			continue
		}
		s.references[name] = append(s.references[name], expr.Variables()...)
		objects := jsonObjects(expr)
		if objects == nil {
			s.attrs[name] = expr
			s.places[name] = expr.Range()
			continue
		}
		for _, object := range objects {
			s.block(name, expr.Range()).addJSON(object)
		}
	}
	for _, byType := range jsonObjects(attrs["dynamic"]) {
		for name, specs := range byType {
			child := s.block(name, specs.Range())
			s.references[name] = append(s.references[name], specs.Variables()...)
			for _, spec := range jsonObjects(specs) {
				for _, content := range jsonObjects(spec["content"]) {
					child.addJSON(content)
				}
			}
		}
	}
}

// jsonObjects are the objects an expression of a .tf.json file writes out, nil if it is anything else.
func jsonObjects(expr hcl.Expression) []map[string]hcl.Expression {
	if expr == nil {
		return nil
	}
	if object := jsonObject(expr); object != nil {
		return []map[string]hcl.Expression{object}
	}
	items, diags := hcl.ExprList(expr)
	if diags.HasErrors() {
		return nil
	}
	var objects []map[string]hcl.Expression
	for _, item := range items {
		object := jsonObject(item)
		if object == nil {
			return nil
		}
		objects = append(objects, object)
	}
	return objects
}

func jsonObject(expr hcl.Expression) map[string]hcl.Expression {
	pairs, diags := hcl.ExprMap(expr)
	if diags.HasErrors() {
		return nil
	}
	object := make(map[string]hcl.Expression, len(pairs))
	for _, pair := range pairs {
		name, diags := pair.Key.Value(nil)
		if diags.HasErrors() || name.Type() != cty.String || !name.IsKnown() || name.AsString() == "//" {
			continue
		}
		object[name.AsString()] = pair.Value
	}
	return object
}
