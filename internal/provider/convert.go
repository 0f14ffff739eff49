package provider

import (
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// toCty turns a value of the plugin protocol into the tree that the reader takes: objects and tuples, unknown where Terraform does not know.
func toCty(v tftypes.Value) (cty.Value, error) {
	if !v.IsKnown() {
		return cty.DynamicVal, nil
	}
	if v.IsNull() {
		return cty.NullVal(cty.DynamicPseudoType), nil
	}
	switch t := v.Type(); {
	case t.Is(tftypes.String):
		var s string
		err := v.As(&s)
		return cty.StringVal(s), err
	case t.Is(tftypes.Bool):
		var b bool
		err := v.As(&b)
		return cty.BoolVal(b), err
	case t.Is(tftypes.Number):
		n := new(big.Float)
		err := v.As(&n)
		return cty.NumberVal(n), err
	case t.Is(tftypes.List{}), t.Is(tftypes.Set{}), t.Is(tftypes.Tuple{}):
		var list []tftypes.Value
		if err := v.As(&list); err != nil {
			return cty.NilVal, err
		}
		out := make([]cty.Value, len(list))
		for i, e := range list {
			var err error
			if out[i], err = toCty(e); err != nil {
				return cty.NilVal, err
			}
		}
		return cty.TupleVal(out), nil
	case t.Is(tftypes.Object{}), t.Is(tftypes.Map{}):
		var fields map[string]tftypes.Value
		if err := v.As(&fields); err != nil {
			return cty.NilVal, err
		}
		out := make(map[string]cty.Value, len(fields))
		for name, f := range fields {
			c, err := toCty(f)
			if err != nil {
				return cty.NilVal, err
			}
			out[name] = c
		}
		return cty.ObjectVal(out), nil
	}
	return cty.NilVal, fmt.Errorf("values of type %s are not read", v.Type())
}
