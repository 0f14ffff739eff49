package configuration

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/dynblock"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/zclconf/go-cty/cty"
)

// Attribute is an evaluated attribute or list of nested blocks, with the place it is written at.
type Attribute struct {
	Value cty.Value
	// File is relative to the root module.
	File string
	Line int
}

// Resource evaluates the named attributes and nested blocks of one resource instance. key is cty.NilVal, a number or a
// string.
//
// Nested blocks, dynamic ones expanded, come as a tuple of objects under the name of the block type; attributes not
// set are absent from those objects, and so are block types without any block. The tuple is unknown where the number
// of blocks is. A name that is not configured is absent from the result; one whose expression cannot be evaluated is
// cty.DynamicVal. In a .tf.json file any object counts as a nested block, as only a provider could tell them apart.
//
// ok is false where the configuration has no such block.
func (e *Evaluator) Resource(module Path, mode, typ, name string, key cty.Value, names []string) (attrs map[string]Attribute, ok bool) {
	s := e.scope(module)
	if s == nil {
		return nil, false
	}
	b := s.module.blocks[blockID{mode: mode, typ: typ, name: name}]
	if b == nil {
		return nil, false
	}
	attrs = map[string]Attribute{}
	// The iteration values are the same for all names, and costly where for_each is large.
	extra := s.repetition(b.attribute("count"), b.attribute("for_each"), key)
	for _, wanted := range names {
		for i := len(b.bodies) - 1; i >= 0; i-- {
			if found, ok := s.part(b.bodies[i], wanted, extra); ok {
				attrs[wanted] = found
				break
			}
		}
	}
	return attrs, true
}

// attribute is a direct attribute of a block, nil where it is not set.
func (b *block) attribute(name string) hcl.Expression {
	for i := len(b.bodies) - 1; i >= 0; i-- {
		if expr, ok := b.bodies[i].shape.attrs[name]; ok {
			return expr
		}
	}
	return nil
}

// part evaluates one attribute or block type of a body; false where the body does not set it.
func (s *scope) part(body shapedBody, name string, extra map[string]cty.Value) (Attribute, bool) {
	all := body.shape
	at, ok := all.places[name]
	if !ok {
		return Attribute{}, false
	}
	found := Attribute{File: at.Filename, Line: at.Start.Line}
	found.Value = guard(func() cty.Value {
		nested := all.blocks[name]
		if nested == nil {
			return s.evaluate(all.attrs[name], extra)
		}
		ctx := s.context(all.references[name], extra)
		return s.nested(dynblock.Expand(body.Body, ctx), name, nested, ctx)
	})
	return found, true
}

// nested evaluates all blocks of one type in a body.
func (s *scope) nested(body hcl.Body, name string, nested *shape, ctx *hcl.EvalContext) cty.Value {
	content, _, diags := body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: name}}})
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	var list []cty.Value
	countable := true
	for _, found := range content.Blocks {
		list = append(list, s.object(found.Body, nested, ctx))
		if unknown, ok := found.Body.(hcldec.UnknownBody); ok && unknown.Unknown() {
			countable = false
			if marked, ok := found.Body.(hcldec.MarkedBody); ok {
				list = append(list, cty.DynamicVal.WithMarks(marked.BodyValueMarks()))
			}
		}
	}
	value := cty.TupleVal(list)
	if !countable {
		_, marks := value.UnmarkDeep()
		return cty.DynamicVal.WithMarks(marks)
	}
	return value
}

// object evaluates the content of one nested block.
func (s *scope) object(body hcl.Body, as *shape, ctx *hcl.EvalContext) cty.Value {
	schema := &hcl.BodySchema{}
	for name := range as.attrs {
		schema.Attributes = append(schema.Attributes, hcl.AttributeSchema{Name: name})
	}
	values := map[string]cty.Value{}
	content, _, diags := body.PartialContent(schema)
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	for name, attr := range content.Attributes {
		values[name] = s.evaluator.value(attr.Expr, ctx)
	}
	for name, nested := range as.blocks {
		value := s.nested(body, name, nested, ctx)
		if value.IsKnown() && value.LengthInt() == 0 {
			continue
		}
		values[name] = value
	}
	return cty.ObjectVal(values)
}
