package configuration

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"strings"

	"github.com/hashicorp/go-cty-funcs/encoding"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// unsupported answers any call with an unknown value that keeps the marks of the arguments, so that the rest of the
// expression still evaluates.
var unsupported = function.New(&function.Spec{
	VarParam: &function.Parameter{
		Name: "args", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true,
	},
	Type: function.StaticReturnType(cty.DynamicPseudoType),
	Impl: func([]cty.Value, cty.Type) (cty.Value, error) { return cty.DynamicVal, nil },
})

// functionTable holds every function that the configuration may call; called are the names it mentions.
func functionTable(called map[string]bool) map[string]function.Function {
	table := make(map[string]function.Function, 2*len(builtin)+len(called))
	for name := range called {
		table[name] = unsupported
	}
	for name, f := range builtin {
		table[name] = f
		table["core::"+name] = f
	}
	return table
}

// builtin are the functions answered as Terraform answers them. Functions that read files, the clock or chance, and
// those without a faithful implementation, are left out.
var builtin = map[string]function.Function{
	"abs":             stdlib.AbsoluteFunc,
	"alltrue":         allTrue,
	"anytrue":         anyTrue,
	"base64decode":    encoding.Base64DecodeFunc,
	"base64encode":    encoding.Base64EncodeFunc,
	"can":             can,
	"ceil":            stdlib.CeilFunc,
	"chomp":           stdlib.ChompFunc,
	"chunklist":       marked(stdlib.ChunklistFunc),
	"cidrhost":        cidrHost,
	"cidrnetmask":     cidrNetmask,
	"cidrsubnet":      cidrSubnet,
	"cidrsubnets":     cidrSubnets,
	"coalesce":        coalesce,
	"coalescelist":    coalesceList,
	"compact":         stdlib.CompactFunc,
	"concat":          marked(stdlib.ConcatFunc),
	"contains":        stdlib.ContainsFunc,
	"csvdecode":       stdlib.CSVDecodeFunc,
	"distinct":        stdlib.DistinctFunc,
	"element":         marked(stdlib.ElementFunc),
	"endswith":        stringTest(strings.HasSuffix),
	"flatten":         markedDeep(stdlib.FlattenFunc),
	"floor":           stdlib.FloorFunc,
	"format":          stdlib.FormatFunc,
	"formatdate":      stdlib.FormatDateFunc,
	"formatlist":      stdlib.FormatListFunc,
	"indent":          stdlib.IndentFunc,
	"index":           index,
	"issensitive":     isSensitive,
	"join":            stdlib.JoinFunc,
	"jsondecode":      stdlib.JSONDecodeFunc,
	"jsonencode":      stdlib.JSONEncodeFunc,
	"keys":            marked(stdlib.KeysFunc),
	"length":          length,
	"log":             stdlib.LogFunc,
	"lookup":          marked(lookup),
	"lower":           stdlib.LowerFunc,
	"matchkeys":       matchKeys,
	"max":             stdlib.MaxFunc,
	"md5":             hash(func(b []byte) []byte { h := md5.Sum(b); return h[:] }),
	"merge":           marked(stdlib.MergeFunc),
	"min":             stdlib.MinFunc,
	"nonsensitive":    nonSensitive,
	"one":             marked(one),
	"parseint":        stdlib.ParseIntFunc,
	"pow":             stdlib.PowFunc,
	"range":           stdlib.RangeFunc,
	"regex":           stdlib.RegexFunc,
	"regexall":        stdlib.RegexAllFunc,
	"replace":         replace,
	"reverse":         marked(stdlib.ReverseListFunc),
	"sensitive":       sensitive,
	"setintersection": stdlib.SetIntersectionFunc,
	"setproduct":      marked(setProduct),
	"setsubtract":     stdlib.SetSubtractFunc,
	"setunion":        stdlib.SetUnionFunc,
	"sha1":            hash(func(b []byte) []byte { h := sha1.Sum(b); return h[:] }),
	"sha256":          hash(func(b []byte) []byte { h := sha256.Sum256(b); return h[:] }),
	"sha512":          hash(func(b []byte) []byte { h := sha512.Sum512(b); return h[:] }),
	"signum":          stdlib.SignumFunc,
	"slice":           marked(stdlib.SliceFunc),
	"sort":            stdlib.SortFunc,
	"split":           stdlib.SplitFunc,
	"startswith":      stringTest(strings.HasPrefix),
	"strcontains":     stringTest(strings.Contains),
	"strrev":          stdlib.ReverseFunc,
	"substr":          stdlib.SubstrFunc,
	"sum":             sum,
	"timeadd":         stdlib.TimeAddFunc,
	"title":           stdlib.TitleFunc,
	"tobool":          to(cty.Bool),
	"tolist":          to(cty.List(cty.DynamicPseudoType)),
	"tomap":           to(cty.Map(cty.DynamicPseudoType)),
	"tonumber":        to(cty.Number),
	"toset":           to(cty.Set(cty.DynamicPseudoType)),
	"tostring":        to(cty.String),
	"transpose":       transpose,
	"trim":            stdlib.TrimFunc,
	"trimprefix":      stdlib.TrimPrefixFunc,
	"trimspace":       stdlib.TrimSpaceFunc,
	"trimsuffix":      stdlib.TrimSuffixFunc,
	"try":             try,
	"upper":           stdlib.UpperFunc,
	"urlencode":       encoding.URLEncodeFunc,
	"values":          marked(stdlib.ValuesFunc),
	"zipmap":          markedDeep(stdlib.ZipmapFunc),
}

// marked keeps the marks that a function taking marked arguments loses when an argument is unknown as a whole.
func marked(f function.Function) function.Function { return remark(f, false) }

// markedDeep does so too where the result is unknown because of something inside the arguments.
func markedDeep(f function.Function) function.Function { return remark(f, true) }

func remark(f function.Function, always bool) function.Function {
	open := func(p function.Parameter) function.Parameter {
		p.AllowMarked, p.AllowUnknown, p.AllowDynamicType, p.AllowNull = true, true, true, true
		return p
	}
	spec := &function.Spec{
		Type: function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			value, err := f.Call(args)
			if err != nil || value.IsKnown() {
				return value, err
			}
			lost := always
			marks := cty.ValueMarks{}
			for _, arg := range args {
				lost = lost || !arg.IsKnown()
				marks = cty.NewValueMarks(marks, deepMarks(arg))
			}
			if !lost {
				return value, nil
			}
			return value.WithMarks(marks), nil
		},
	}
	for _, p := range f.Params() {
		spec.Params = append(spec.Params, open(p))
	}
	if p := f.VarParam(); p != nil {
		rest := open(*p)
		spec.VarParam = &rest
	}
	return function.New(spec)
}

func deepMarks(value cty.Value) cty.ValueMarks {
	_, marks := value.UnmarkDeep()
	return marks
}

func hash(digest func([]byte) []byte) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "str", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.StringVal(hex.EncodeToString(digest([]byte(args[0].AsString())))), nil
		},
	})
}

func stringTest(test func(string, string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "str", Type: cty.String}, {Name: "part", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(test(args[0].AsString(), args[1].AsString())), nil
		},
	})
}
