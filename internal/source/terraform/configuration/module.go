package configuration

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
)

// module is one module as written: instances of it share it.
type module struct {
	dir       string
	variables map[string]*variable
	locals    map[string]hcl.Expression
	outputs   map[string]*output
	calls     map[string]*call
	blocks    map[blockID]*block
}

type blockID struct{ mode, typ, name string }

// block keeps one body per file it is written in: the block itself and its overrides, the last of which wins.
type block struct {
	bodies []shapedBody
	file   string
	line   int
}

type shapedBody struct {
	hcl.Body
	shape *shape
}

type variable struct {
	typ       cty.Type
	defaults  *typeexpr.Defaults
	fallback  cty.Value
	optional  bool
	nullable  bool
	sensitive bool
}

type output struct {
	expr      hcl.Expression
	sensitive bool
}

// call is a module block; child is nil when the sources of the called module are not there.
type call struct {
	args  map[string]hcl.Expression
	child *module
}

var rootSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "variable", LabelNames: []string{"name"}},
	{Type: "locals"},
	{Type: "output", LabelNames: []string{"name"}},
	{Type: "module", LabelNames: []string{"name"}},
	{Type: "resource", LabelNames: []string{"type", "name"}},
	{Type: "data", LabelNames: []string{"type", "name"}},
}}

var calledName = regexp.MustCompile(`[\pL_][\pL\pN_-]*(?:::[\pL_][\pL\pN_-]*)*\s*\(`)

type loader struct {
	from    origin
	modules int
	called  map[string]bool
}

// load reads one module and those it calls. chain holds the folders on the way, as a module may call itself.
func (l *loader) load(key, source, parent string, chain []string) (*module, error) {
	dir, files, found, err := l.from.module(key, source, parent)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, nil
	}
	for _, above := range chain {
		if above == dir {
			return nil, nil
		}
	}
	if l.modules++; l.modules > maxModules || len(chain) > maxModuleDeep {
		return nil, fmt.Errorf("module %q: more than %d modules or %d levels", key, maxModules, maxModuleDeep)
	}
	m := &module{
		dir: dir, variables: map[string]*variable{}, locals: map[string]hcl.Expression{},
		outputs: map[string]*output{}, calls: map[string]*call{}, blocks: map[blockID]*block{},
	}
	for _, file := range files {
		if err := l.file(m, file); err != nil {
			return nil, err
		}
	}
	chain = append(chain[:len(chain):len(chain)], dir)
	// In order, so that of several errors always the same one is reported.
	for _, name := range sortedNames(m.calls) {
		c, child := m.calls[name], name
		if key != "" {
			child = key + "." + name
		}
		if c.child, err = l.load(child, c.source(), dir, chain); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (l *loader) file(m *module, file sourceFile) error {
	parsed, err := parse(file)
	if err != nil {
		return err
	}
	// Over-collecting is harmless: these names only say which functions to answer with an unknown value.
	for _, match := range calledName.FindAllString(string(file.text), -1) {
		l.called[strings.TrimSpace(strings.TrimSuffix(match, "("))] = true
	}
	content, _, diags := parsed.Body.PartialContent(rootSchema)
	if diags.HasErrors() {
		return fmt.Errorf("read configuration: %w", diags)
	}
	for _, found := range content.Blocks {
		m.add(found)
	}
	return nil
}

func parse(file sourceFile) (*hcl.File, error) {
	inJSON := strings.HasSuffix(file.name, ".json")
	if err := checkDepth(file, inJSON); err != nil {
		return nil, err
	}
	var parsed *hcl.File
	var diags hcl.Diagnostics
	if inJSON {
		parsed, diags = json.Parse(file.text, file.name)
	} else {
		parsed, diags = hclsyntax.ParseConfig(file.text, file.name, hcl.InitialPos)
	}
	if diags.HasErrors() {
		return nil, fmt.Errorf("read configuration: %w", diags)
	}
	if body, ok := parsed.Body.(*hclsyntax.Body); ok {
		narrowConditionals(body)
	}
	return parsed, nil
}

func (m *module) add(found *hcl.Block) {
	switch found.Type {
	case "variable":
		m.addVariable(found)
	case "locals":
		for name, expr := range attributes(found.Body) {
			m.locals[name] = expr
		}
	case "output":
		attrs := attributes(found.Body)
		out := m.outputs[found.Labels[0]]
		if out == nil {
			out = &output{}
			m.outputs[found.Labels[0]] = out
		}
		if expr, ok := attrs["value"]; ok {
			out.expr = expr
		}
		out.sensitive = literal(attrs["sensitive"], out.sensitive)
	case "module":
		c := m.calls[found.Labels[0]]
		if c == nil {
			c = &call{args: map[string]hcl.Expression{}}
			m.calls[found.Labels[0]] = c
		}
		for name, expr := range attributes(found.Body) {
			c.args[name] = expr
		}
	case "resource", "data":
		id := blockID{mode: "managed", typ: found.Labels[0], name: found.Labels[1]}
		if found.Type == "data" {
			id.mode = "data"
		}
		b := m.blocks[id]
		if b == nil {
			b = &block{file: found.DefRange.Filename, line: found.DefRange.Start.Line}
			m.blocks[id] = b
		}
		b.bodies = append(b.bodies, shapedBody{Body: found.Body, shape: shapeOf(found.Body)})
	}
}

func (m *module) addVariable(found *hcl.Block) {
	v := m.variables[found.Labels[0]]
	if v == nil {
		v = &variable{typ: cty.DynamicPseudoType, nullable: true}
		m.variables[found.Labels[0]] = v
	}
	attrs := attributes(found.Body)
	if expr, ok := attrs["type"]; ok {
		typ, defaults, diags := typeexpr.TypeConstraintWithDefaults(expr)
		if diags.HasErrors() {
			typ, defaults = legacyType(expr), nil
		}
		v.typ, v.defaults = typ, defaults
	}
	if expr, ok := attrs["default"]; ok {
		if value, diags := expr.Value(nil); !diags.HasErrors() {
			v.fallback, v.optional = value, true
		}
	}
	v.nullable = literal(attrs["nullable"], v.nullable)
	v.sensitive = literal(attrs["sensitive"], v.sensitive)
}

// legacyType reads the quoted type names of old configurations, which Terraform still accepts.
func legacyType(expr hcl.Expression) cty.Type {
	value, diags := expr.Value(nil)
	if diags.HasErrors() || value.Type() != cty.String || value.IsNull() || !value.IsKnown() {
		return cty.DynamicPseudoType
	}
	switch value.AsString() {
	case "string":
		return cty.String
	case "list":
		return cty.List(cty.DynamicPseudoType)
	case "map":
		return cty.Map(cty.DynamicPseudoType)
	}
	return cty.DynamicPseudoType
}

func (c *call) source() string {
	expr, ok := c.args["source"]
	if !ok {
		return ""
	}
	value, diags := expr.Value(nil)
	if diags.HasErrors() || value.Type() != cty.String || value.IsNull() || !value.IsKnown() {
		return ""
	}
	return value.AsString()
}

// attributes are the direct attributes of a body; blocks beside them are no error here.
func attributes(body hcl.Body) map[string]hcl.Expression {
	found, _ := body.JustAttributes()
	exprs := make(map[string]hcl.Expression, len(found))
	for name, attr := range found {
		exprs[name] = attr.Expr
	}
	return exprs
}

func literal(expr hcl.Expression, otherwise bool) bool {
	if expr == nil {
		return otherwise
	}
	value, diags := expr.Value(nil)
	if diags.HasErrors() || value.Type() != cty.Bool || value.IsNull() || !value.IsKnown() {
		return otherwise
	}
	return value.True()
}
