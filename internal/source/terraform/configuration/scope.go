package configuration

import (
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// maxInstances bounds what a count or an index may ask for.
const maxInstances = 10000

// scope is one module instance. id is unique among all instances; parent, call and key are unset for the root.
type scope struct {
	evaluator *Evaluator
	module    *module
	id        string
	path      Path
	parent    *scope
	call      *call
	key       cty.Value
}

// context holds the values that the given references need. Only those are evaluated: a module often mentions values
// that depend on the very thing being evaluated.
func (s *scope) context(references []hcl.Traversal, extra map[string]cty.Value) *hcl.EvalContext {
	wanted := map[string]map[string][]hcl.Traversal{}
	for _, ref := range references {
		if len(ref) < 2 {
			continue
		}
		root, first := ref.RootName(), 1
		if root == "data" && len(ref) > 2 {
			if attr, ok := ref[1].(hcl.TraverseAttr); ok {
				root, first = "data."+attr.Name, 2
			}
		}
		attr, ok := ref[first].(hcl.TraverseAttr)
		if !ok {
			continue
		}
		if wanted[root] == nil {
			wanted[root] = map[string][]hcl.Traversal{}
		}
		wanted[root][attr.Name] = append(wanted[root][attr.Name], ref[first+1:])
	}
	values, data := map[string]cty.Value{}, map[string]cty.Value{}
	for root, names := range wanted {
		object := map[string]cty.Value{}
		for name, rest := range names {
			object[name] = s.lookup(root, name, rest)
		}
		if typ, ok := dataType(root); ok {
			data[typ] = cty.ObjectVal(object)
			continue
		}
		values[root] = cty.ObjectVal(object)
	}
	if len(data) > 0 {
		values["data"] = cty.ObjectVal(data)
	}
	for _, absent := range []string{"each", "count", "self"} {
		delete(values, absent)
	}
	for name, value := range extra {
		values[name] = value
	}
	return &hcl.EvalContext{Variables: values, Functions: s.evaluator.config.functions}
}

func dataType(root string) (string, bool) {
	const prefix = "data."
	if len(root) > len(prefix) && root[:len(prefix)] == prefix {
		return root[len(prefix):], true
	}
	return "", false
}

// lookup is the value of root.name; rest are the steps taken from it.
func (s *scope) lookup(root, name string, rest []hcl.Traversal) cty.Value {
	switch root {
	case "var":
		return s.variable(name)
	case "local":
		return s.local(name)
	case "module":
		return s.moduleCall(name, rest)
	case "path":
		switch name {
		case "module":
			return cty.StringVal(s.module.dir)
		case "root":
			return cty.StringVal(".")
		}
		return cty.UnknownVal(cty.String)
	case "terraform":
		return cty.UnknownVal(cty.String)
	}
	if typ, ok := dataType(root); ok {
		return s.resource(blockID{mode: "data", typ: typ, name: name})
	}
	return s.resource(blockID{mode: "managed", typ: root, name: name})
}

func (s *scope) evaluate(expr hcl.Expression, extra map[string]cty.Value) cty.Value {
	return s.evaluator.value(expr, s.context(expr.Variables(), extra))
}

func (s *scope) local(name string) cty.Value {
	expr, ok := s.module.locals[name]
	if !ok {
		return cty.DynamicVal
	}
	return s.evaluator.once(memoKey("local", s.id, name), func() cty.Value { return s.evaluate(expr, nil) })
}

func (s *scope) output(name string) cty.Value {
	out, ok := s.module.outputs[name]
	if !ok || out.expr == nil {
		return cty.DynamicVal
	}
	value := s.evaluator.once(memoKey("output", s.id, name), func() cty.Value { return s.evaluate(out.expr, nil) })
	if out.sensitive {
		value = value.Mark(Sensitive)
	}
	return value
}

func (s *scope) variable(name string) cty.Value {
	v, ok := s.module.variables[name]
	if !ok {
		return cty.DynamicVal
	}
	value := s.evaluator.once(memoKey("var", s.id, name), func() cty.Value { return v.accept(s.argument(name)) })
	if v.sensitive {
		value = value.Mark(Sensitive)
	}
	return value
}

// argument is what the caller of this module instance passes for a variable.
func (s *scope) argument(name string) (cty.Value, bool) {
	if s.parent == nil {
		return s.evaluator.known.Variable(name)
	}
	expr, ok := s.call.args[name]
	if !ok {
		return cty.NilVal, false
	}
	return s.parent.evaluate(expr, s.parent.repetition(s.call.args["count"], s.call.args["for_each"], s.key)), true
}

// accept is the value a variable takes from what is given for it.
func (v *variable) accept(given cty.Value, ok bool) cty.Value {
	if !ok || given == cty.NilVal || (given.IsNull() && !v.nullable) {
		if !v.optional {
			return cty.UnknownVal(v.typ.WithoutOptionalAttributesDeep())
		}
		given = v.fallback
	}
	marks := deepMarks(given)
	if v.defaults != nil {
		given = v.defaults.Apply(given)
	}
	value, err := convert.Convert(given, v.typ)
	switch {
	case err != nil:
		return cty.DynamicVal.WithMarks(marks)
	case !value.IsKnown():
		// A collection of mixed types becomes unknown as a whole, and loses the marks of its elements.
		return value.WithMarks(marks)
	}
	return value
}

// repetition is what each or count stands for in the instance of a block with the given key.
func (s *scope) repetition(count, forEach hcl.Expression, key cty.Value) map[string]cty.Value {
	switch {
	case forEach != nil:
		if key == cty.NilVal {
			key = cty.UnknownVal(cty.String)
		}
		each := map[string]cty.Value{"key": key, "value": element(s.evaluate(forEach, nil), key)}
		return map[string]cty.Value{"each": cty.ObjectVal(each)}
	case count != nil:
		if key == cty.NilVal {
			key = cty.UnknownVal(cty.Number)
		}
		return map[string]cty.Value{"count": cty.ObjectVal(map[string]cty.Value{"index": key})}
	}
	return nil
}

// element is the value that for_each gives to an instance; in a set, that is the key.
func element(collection, key cty.Value) cty.Value {
	plain, marks := collection.Unmark()
	if plain.IsNull() || !plain.IsKnown() || key.IsNull() || !key.IsKnown() || key.Type() != cty.String {
		return cty.DynamicVal.WithMarks(marks)
	}
	typ, name := plain.Type(), key.AsString()
	switch {
	case typ.IsSetType():
		return key.WithMarks(marks)
	case typ.IsObjectType() && typ.HasAttribute(name):
		return plain.GetAttr(name).WithMarks(marks)
	case typ.IsMapType() && plain.HasIndex(key).True():
		return plain.Index(key).WithMarks(marks)
	}
	return cty.DynamicVal.WithMarks(marks)
}

func (s *scope) resource(id blockID) cty.Value {
	b, ok := s.module.blocks[id]
	if !ok {
		return cty.DynamicVal
	}
	return s.evaluator.once(memoKey("resource", s.id, id.mode, id.typ, id.name), func() cty.Value {
		list, told := s.evaluator.known.Instances(s.path, id.mode, id.typ, id.name)
		switch {
		case !told:
			return cty.DynamicVal
		case len(list) > 0:
			return combine(list)
		case b.attribute("count") != nil:
			return cty.EmptyTupleVal
		case b.attribute("for_each") != nil:
			return cty.EmptyObjectVal
		}
		return cty.DynamicVal
	})
}

// combine makes one value of the instances of a block, as references see it.
func combine(list []Instance) cty.Value {
	object, tuple := map[string]cty.Value{}, map[int]cty.Value{}
	last := -1
	for _, instance := range list {
		value := instance.Value
		if value == cty.NilVal {
			value = cty.DynamicVal
		}
		if instance.Key == cty.NilVal {
			return value
		}
		key, _ := instance.Key.Unmark()
		switch {
		case key.IsNull() || !key.IsKnown():
			return cty.DynamicVal
		case key.Type() == cty.String:
			object[key.AsString()] = value
		case key.Type() == cty.Number:
			index, _ := key.AsBigFloat().Int64()
			if index < 0 || index >= maxInstances {
				return cty.DynamicVal
			}
			tuple[int(index)] = value
			last = max(last, int(index))
		}
	}
	if len(object) > 0 && len(tuple) > 0 {
		return cty.DynamicVal
	}
	if len(tuple) == 0 {
		return cty.ObjectVal(object)
	}
	// A targeted plan may leave instances out.
	values := make([]cty.Value, last+1)
	for i := range values {
		values[i] = cty.DynamicVal
		if value, ok := tuple[i]; ok {
			values[i] = value
		}
	}
	return cty.TupleVal(values)
}

func sortedNames[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
