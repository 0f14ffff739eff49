package configuration

import (
	"reflect"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// conditional evaluates like the expression it wraps, but a decided condition leaves the marks of the branch not
// taken behind. HCL keeps both, which suits secrets; here a mark says where a value came from, and it did not come
// from there.
type conditional struct {
	*hclsyntax.ConditionalExpr
}

// settled is an expression already evaluated, to hand values back to the HCL evaluator.
type settled struct {
	hclsyntax.Expression
	value cty.Value
	diags hcl.Diagnostics
}

func (s settled) Value(*hcl.EvalContext) (cty.Value, hcl.Diagnostics) { return s.value, s.diags }

func settle(expr hclsyntax.Expression, ctx *hcl.EvalContext) settled {
	value, diags := expr.Value(ctx)
	return settled{Expression: expr, value: value, diags: diags}
}

// Value evaluates the condition and both branches once each.
func (c conditional) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	test, yes, no := settle(c.Condition, ctx), settle(c.TrueResult, ctx), settle(c.FalseResult, ctx)
	plain, _ := test.value.Unmark()
	if decided, err := convert.Convert(plain, cty.Bool); err == nil && decided.IsKnown() && !decided.IsNull() {
		if decided.True() {
			no.value = onlySensitive(no.value)
		} else {
			yes.value = onlySensitive(yes.value)
		}
	}
	inner := *c.ConditionalExpr
	inner.Condition, inner.TrueResult, inner.FalseResult = test, yes, no
	return inner.Value(ctx)
}

func onlySensitive(value cty.Value) cty.Value {
	plain, marks := value.Unmark()
	if _, ok := marks[Sensitive]; ok {
		return plain.Mark(Sensitive)
	}
	return plain
}

var expressionType = reflect.TypeFor[hclsyntax.Expression]()

// narrowConditionals replaces every conditional below a body. Which fields of a syntax node hold expressions is asked
// of the node itself, so that no kind of expression is forgotten.
func narrowConditionals(body *hclsyntax.Body) {
	_ = hclsyntax.VisitAll(body, func(node hclsyntax.Node) hcl.Diagnostics {
		if done, ok := node.(conditional); ok {
			node = done.ConditionalExpr
		}
		value := reflect.ValueOf(node)
		if value.Kind() == reflect.Pointer && value.Elem().Kind() == reflect.Struct {
			narrowFields(value.Elem())
		}
		return nil
	})
}

func narrowFields(value reflect.Value) {
	for i := range value.NumField() {
		field := value.Field(i)
		switch {
		case !field.CanSet():
		case field.Type() == expressionType:
			narrow(field)
		case field.Kind() == reflect.Slice && field.Type().Elem() == expressionType:
			for j := range field.Len() {
				narrow(field.Index(j))
			}
		case field.Kind() == reflect.Slice && field.Type().Elem() == reflect.TypeFor[hclsyntax.ObjectConsItem]():
			for j := range field.Len() {
				narrowFields(field.Index(j))
			}
		}
	}
}

func narrow(field reflect.Value) {
	if plain, ok := field.Interface().(*hclsyntax.ConditionalExpr); ok {
		field.Set(reflect.ValueOf(conditional{plain}))
	}
}
