package configuration

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// moduleCall is the value of module.NAME: an object of outputs, or one per instance key.
func (s *scope) moduleCall(name string, rest []hcl.Traversal) cty.Value {
	c := s.module.calls[name]
	if c == nil || c.child == nil {
		return cty.DynamicVal
	}
	outputs := wantedOutputs(c, rest)
	switch {
	case c.args["for_each"] != nil:
		return s.perKey(name, outputs, s.evaluate(c.args["for_each"], nil))
	case c.args["count"] != nil:
		return s.perIndex(name, outputs, s.evaluate(c.args["count"], nil))
	}
	return s.outputs(Step{Name: name, Key: cty.NilVal}, outputs)
}

// wantedOutputs are the outputs that the references mention, or all of them where one takes the module as a whole.
func wantedOutputs(c *call, rest []hcl.Traversal) []string {
	repeated := c.args["for_each"] != nil || c.args["count"] != nil
	wanted := map[string]bool{}
	for _, steps := range rest {
		if repeated && len(steps) > 0 {
			steps = steps[1:]
		}
		if len(steps) == 0 {
			return sortedNames(c.child.outputs)
		}
		attr, ok := steps[0].(hcl.TraverseAttr)
		if !ok {
			return sortedNames(c.child.outputs)
		}
		wanted[attr.Name] = true
	}
	return sortedNames(wanted)
}

func (s *scope) outputs(step Step, names []string) cty.Value {
	child := s.child(step)
	if child == nil {
		return cty.DynamicVal
	}
	object := make(map[string]cty.Value, len(names))
	for _, name := range names {
		object[name] = child.output(name)
	}
	return cty.ObjectVal(object)
}

func (s *scope) perKey(name string, outputs []string, forEach cty.Value) cty.Value {
	plain, marks := forEach.Unmark()
	if !hasStringKeys(plain) {
		return cty.DynamicVal.WithMarks(marks)
	}
	object := map[string]cty.Value{}
	for it := plain.ElementIterator(); it.Next(); {
		key, _ := it.Element()
		object[key.AsString()] = s.outputs(Step{Name: name, Key: key}, outputs)
	}
	return cty.ObjectVal(object).WithMarks(marks)
}

func (s *scope) perIndex(name string, outputs []string, count cty.Value) cty.Value {
	plain, marks := count.Unmark()
	number, err := convert.Convert(plain, cty.Number)
	if err != nil || number.IsNull() || !number.IsKnown() {
		return cty.DynamicVal.WithMarks(marks)
	}
	size, _ := number.AsBigFloat().Int64()
	if size < 0 || size > maxInstances {
		return cty.DynamicVal.WithMarks(marks)
	}
	tuple := make([]cty.Value, size)
	for i := range tuple {
		tuple[i] = s.outputs(Step{Name: name, Key: cty.NumberIntVal(int64(i))}, outputs)
	}
	return cty.TupleVal(tuple).WithMarks(marks)
}

// hasStringKeys tells whether a for_each value says which instances there are.
func hasStringKeys(value cty.Value) bool {
	typ := value.Type()
	switch {
	case value.IsNull() || !value.IsKnown():
		return false
	case typ.IsSetType():
		return typ.ElementType() == cty.String && value.IsWhollyKnown()
	}
	return typ.IsMapType() || typ.IsObjectType()
}
