package configuration

import (
	"errors"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// try and can follow those of hcl/ext/tryfunc, which drop marks and give up on any value with an unknown part. Here the
// marks stay, and a reference that cannot fail any more is taken although its value is not known yet.
var (
	try = function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
		Type:     function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			for _, arg := range args {
				closure := customdecode.ExpressionClosureFromVal(arg)
				value, diags := closure.Value()
				switch {
				case diags.HasErrors():
					continue
				case value.IsWhollyKnown(), reached(closure.Expression, closure.EvalContext):
					return value, nil
				}
				return cty.DynamicVal.WithMarks(deepMarks(value)), nil
			}
			return cty.NilVal, errors.New("no expression succeeded")
		},
	})
	can = function.New(&function.Spec{
		Params: []function.Parameter{{Name: "expression", Type: customdecode.ExpressionClosureType}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			closure := customdecode.ExpressionClosureFromVal(args[0])
			value, diags := closure.Value()
			switch {
			case diags.HasErrors():
				return cty.False, nil
			case value.IsWhollyKnown(), reached(closure.Expression, closure.EvalContext):
				return cty.True.WithMarks(deepMarks(value)), nil
			}
			return cty.UnknownVal(cty.Bool).WithMarks(deepMarks(value)), nil
		},
	})
)

// reached tells whether an expression is a reference that leads through known values only: whatever it ends at, it
// cannot fail once that is known.
func reached(expr hcl.Expression, ctx *hcl.EvalContext) bool {
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return reached(e.Expression, ctx)
	case *hclsyntax.ScopeTraversalExpr:
		root, diags := e.Traversal[:1].TraverseAbs(ctx)
		return !diags.HasErrors() && steps(root, e.Traversal[1:])
	case *hclsyntax.RelativeTraversalExpr:
		source, diags := e.Source.Value(ctx)
		return !diags.HasErrors() && reached(e.Source, ctx) && steps(source, e.Traversal)
	case *hclsyntax.IndexExpr:
		collection, diags := e.Collection.Value(ctx)
		key, keyDiags := e.Key.Value(ctx)
		return !diags.HasErrors() && !keyDiags.HasErrors() &&
			reached(e.Collection, ctx) && collection.IsKnown() && key.IsKnown()
	}
	return false
}

func steps(from cty.Value, traversal hcl.Traversal) bool {
	for _, step := range traversal {
		if !from.IsKnown() {
			return false
		}
		next, diags := step.TraversalStep(from)
		if diags.HasErrors() {
			return false
		}
		from = next
	}
	return true
}
