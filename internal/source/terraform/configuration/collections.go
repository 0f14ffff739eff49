package configuration

import (
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// maxProduct bounds the one function whose result outgrows its arguments by multiplication.
const maxProduct = 100000

func anyValue(name string) function.Parameter {
	return function.Parameter{
		Name: name, Type: cty.DynamicPseudoType,
		AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true,
	}
}

func dynamic(params []function.Parameter, rest *function.Parameter, impl func([]cty.Value) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		Params: params, VarParam: rest,
		Type: function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return impl(args) },
	})
}

func isSequence(typ cty.Type) bool { return typ.IsListType() || typ.IsTupleType() || typ.IsSetType() }

// to converts like the type constructors; unlike those of cty, elements keep their own marks.
func to(want cty.Type) function.Function {
	return dynamic([]function.Parameter{anyValue("value")}, nil, func(args []cty.Value) (cty.Value, error) {
		value, err := convert.Convert(args[0], want)
		if err == nil && !value.IsKnown() {
			value = value.WithMarks(deepMarks(args[0]))
		}
		return value, err
	})
}

// length counts characters of strings too, and knows the length of a tuple or object with unknown elements.
var length = dynamic([]function.Parameter{anyValue("value")}, nil, func(args []cty.Value) (cty.Value, error) {
	value, marks := args[0].Unmark()
	typ := value.Type()
	switch {
	case typ == cty.DynamicPseudoType && !value.IsNull():
		return cty.UnknownVal(cty.Number).WithMarks(marks), nil
	case value.IsNull():
		return cty.NilVal, errors.New("argument must not be null")
	case typ == cty.String:
		count, err := stdlib.Strlen(value)
		return count.WithMarks(marks), err
	case typ.IsTupleType():
		return cty.NumberIntVal(int64(len(typ.TupleElementTypes()))).WithMarks(marks), nil
	case typ.IsObjectType():
		return cty.NumberIntVal(int64(len(typ.AttributeTypes()))).WithMarks(marks), nil
	case typ.IsCollectionType():
		return value.Length().WithMarks(marks), nil
	}
	return cty.NilVal, errors.New("argument must be a string, a collection, or a structural type")
})

var lookup = dynamic([]function.Parameter{anyValue("map"), {Name: "key", Type: cty.String, AllowMarked: true, AllowUnknown: true}},
	new(anyValue("default")), func(args []cty.Value) (cty.Value, error) {
		if len(args) > 3 {
			return cty.NilVal, errors.New("lookup takes two or three arguments")
		}
		m, marks := args[0].Unmark()
		key, keyMarks := args[1].Unmark()
		marks = cty.NewValueMarks(marks, keyMarks)
		typ := m.Type()
		switch {
		case m.IsNull() || key.IsNull():
			return cty.NilVal, errors.New("argument must not be null")
		case !m.IsKnown() || !key.IsKnown():
			return cty.DynamicVal.WithMarks(marks, deepMarks(args[0])), nil
		case typ.IsObjectType() && typ.HasAttribute(key.AsString()):
			return m.GetAttr(key.AsString()).WithMarks(marks), nil
		case typ.IsMapType() && m.HasIndex(key).True():
			return m.Index(key).WithMarks(marks), nil
		case !typ.IsObjectType() && !typ.IsMapType():
			return cty.NilVal, errors.New("lookup needs a map as the first argument")
		case len(args) == 2:
			return cty.NilVal, fmt.Errorf("no element with key %q", key.AsString())
		}
		value := args[2]
		if typ.IsMapType() {
			var err error
			if value, err = convert.Convert(value, typ.ElementType()); err != nil {
				return cty.NilVal, err
			}
		}
		return value.WithMarks(marks), nil
	})

var one = dynamic([]function.Parameter{anyValue("list")}, nil, func(args []cty.Value) (cty.Value, error) {
	list, marks := args[0].Unmark()
	switch {
	case list.IsNull():
		return cty.NilVal, errors.New("argument must not be null")
	case list.Type() == cty.DynamicPseudoType || !list.IsKnown():
		return cty.DynamicVal.WithMarks(marks), nil
	case !isSequence(list.Type()):
		return cty.NilVal, errors.New("argument must be a list, set, or tuple")
	}
	switch values := list.AsValueSlice(); len(values) {
	case 0:
		return cty.NullVal(cty.DynamicPseudoType).WithMarks(marks), nil
	case 1:
		return values[0].WithMarks(marks), nil
	}
	return cty.NilVal, errors.New("argument must have at most one element")
})

// pick returns the first argument that is accepted, with the marks of that argument and of those passed over. Unlike
// the functions of cty it leaves the marks of later arguments behind: the value did not come from them.
func pick(accepted func(cty.Value) bool) function.Function {
	return dynamic(nil, new(anyValue("values")), func(args []cty.Value) (cty.Value, error) {
		types := make([]cty.Type, len(args))
		for i, arg := range args {
			types[i] = arg.Type()
		}
		common, _ := convert.UnifyUnsafe(types)
		if common == cty.NilType {
			common = cty.DynamicPseudoType
		}
		passed := cty.ValueMarks{}
		for _, arg := range args {
			plain, marks := arg.Unmark()
			passed = cty.NewValueMarks(passed, marks)
			if !plain.IsKnown() {
				// This argument or a later one may turn out to be the one.
				return cty.UnknownVal(common).WithMarks(deepMarks(cty.TupleVal(args))), nil
			}
			if !plain.IsNull() && accepted(plain) {
				value, err := convert.Convert(arg, common)
				return value.WithMarks(passed), err
			}
		}
		return cty.NilVal, errors.New("no argument is set")
	})
}

var coalesce = pick(func(v cty.Value) bool { return v.Type() != cty.String || v.AsString() != "" })

var coalesceList = pick(func(v cty.Value) bool { return isSequence(v.Type()) && v.LengthInt() > 0 })

// setProduct is bounded as its result outgrows its arguments by multiplication.
var setProduct = dynamic(nil, new(anyValue("sets")), func(args []cty.Value) (cty.Value, error) {
	size := 1
	for _, arg := range args {
		if plain, _ := arg.Unmark(); isSequence(plain.Type()) && plain.IsKnown() && !plain.IsNull() {
			size *= max(1, plain.LengthInt())
		}
		if size > maxProduct {
			return cty.NilVal, fmt.Errorf("more than %d combinations", maxProduct)
		}
	}
	return stdlib.SetProductFunc.Call(args)
})

var boolList = []function.Parameter{{Name: "list", Type: cty.List(cty.Bool)}}

func decideBy(decisive bool) function.Function {
	return function.New(&function.Spec{
		Params: boolList, Type: function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			result := cty.BoolVal(!decisive)
			for _, v := range args[0].AsValueSlice() {
				switch {
				case !v.IsKnown():
					result = cty.UnknownVal(cty.Bool)
				case !v.IsNull() && v.True() == decisive:
					return cty.BoolVal(decisive), nil
				case v.IsNull() && !decisive:
					return cty.False, nil
				}
			}
			return result, nil
		},
	})
}

var (
	allTrue = decideBy(false)
	anyTrue = decideBy(true)
)

var index = dynamic([]function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}, {Name: "value", Type: cty.DynamicPseudoType}}, nil,
	func(args []cty.Value) (cty.Value, error) {
		if !isSequence(args[0].Type()) || args[0].Type().IsSetType() {
			return cty.NilVal, errors.New("index needs a list or tuple")
		}
		for i, v := range args[0].AsValueSlice() {
			same, err := stdlib.Equal(v, args[1])
			if err != nil {
				return cty.NilVal, err
			}
			if !same.IsKnown() {
				return cty.UnknownVal(cty.Number), nil
			}
			if same.True() {
				return cty.NumberIntVal(int64(i)), nil
			}
		}
		return cty.NilVal, errors.New("item not found")
	})

var sum = dynamic([]function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}}, nil, func(args []cty.Value) (cty.Value, error) {
	if !isSequence(args[0].Type()) || args[0].LengthInt() == 0 {
		return cty.NilVal, errors.New("sum needs a list of numbers that is not empty")
	}
	total := cty.Zero
	for _, v := range args[0].AsValueSlice() {
		number, err := convert.Convert(v, cty.Number)
		if err != nil {
			return cty.NilVal, err
		}
		if number.IsNull() {
			return cty.NilVal, errors.New("sum of a null value")
		}
		total = total.Add(number)
	}
	return total, nil
})
