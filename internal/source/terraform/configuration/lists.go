package configuration

import (
	"errors"
	"regexp"
	"sort"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

var listOfAny = cty.List(cty.DynamicPseudoType)

var matchKeys = dynamic([]function.Parameter{{Name: "values", Type: listOfAny}, {Name: "keys", Type: listOfAny}, {Name: "search", Type: listOfAny}}, nil,
	func(args []cty.Value) (cty.Value, error) {
		values, keys, search := args[0].AsValueSlice(), args[1].AsValueSlice(), args[2].AsValueSlice()
		if len(values) != len(keys) {
			return cty.NilVal, errors.New("length of keys and values should be equal")
		}
		if !args[1].IsWhollyKnown() || !args[2].IsWhollyKnown() {
			return cty.UnknownVal(args[0].Type()), nil
		}
		var found []cty.Value
		for i, key := range keys {
			for _, candidate := range search {
				if same, err := stdlib.Equal(key, candidate); err == nil && same.True() {
					found = append(found, values[i])
					break
				}
			}
		}
		if len(found) == 0 {
			return cty.ListValEmpty(args[0].Type().ElementType()), nil
		}
		return cty.ListVal(found), nil
	})

var transpose = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "values", Type: cty.Map(cty.List(cty.String))}},
	Type:   function.StaticReturnType(cty.Map(cty.List(cty.String))),
	Impl: func(args []cty.Value, want cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() {
			return cty.UnknownVal(want), nil
		}
		byElement := map[string][]string{}
		for key, list := range args[0].AsValueMap() {
			for _, v := range list.AsValueSlice() {
				if v.IsNull() {
					return cty.NilVal, errors.New("lists must not contain null")
				}
				byElement[v.AsString()] = append(byElement[v.AsString()], key)
			}
		}
		out := map[string]cty.Value{}
		for name, keys := range byElement {
			sort.Strings(keys)
			list := make([]cty.Value, len(keys))
			for i, key := range keys {
				list[i] = cty.StringVal(key)
			}
			out[name] = cty.ListVal(list)
		}
		if len(out) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		return cty.MapVal(out), nil
	},
})

// replace takes a pattern in slashes as a regular expression, as Terraform does.
var replace = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "str", Type: cty.String}, {Name: "substr", Type: cty.String}, {Name: "replace", Type: cty.String}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		part := args[1].AsString()
		if len(part) < 2 || part[0] != '/' || part[len(part)-1] != '/' {
			return stdlib.Replace(args[0], args[1], args[2])
		}
		pattern, err := regexp.Compile(part[1 : len(part)-1])
		if err != nil {
			return cty.NilVal, err
		}
		return cty.StringVal(pattern.ReplaceAllString(args[0].AsString(), args[2].AsString())), nil
	},
})

var sensitive = dynamic([]function.Parameter{anyValue("value")}, nil, func(args []cty.Value) (cty.Value, error) {
	return args[0].Mark(Sensitive), nil
})

var nonSensitive = dynamic([]function.Parameter{anyValue("value")}, nil, func(args []cty.Value) (cty.Value, error) {
	value, marks := args[0].Unmark()
	delete(marks, Sensitive)
	return value.WithMarks(marks), nil
})

var isSensitive = dynamic([]function.Parameter{anyValue("value")}, nil, func(args []cty.Value) (cty.Value, error) {
	if !args[0].IsKnown() && !args[0].HasMark(Sensitive) {
		return cty.UnknownVal(cty.Bool), nil
	}
	return cty.BoolVal(args[0].HasMark(Sensitive)), nil
})
