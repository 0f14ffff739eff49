package configuration

import (
	"math"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Step is one module call on the way from the root to a module instance.
type Step struct {
	Name string
	// Key is cty.NilVal for a call without count and for_each, a number or a string otherwise.
	Key cty.Value
}

// Path names a module instance; the empty path is the root module.
type Path []Step

// Instance is one planned instance of a resource or data block.
type Instance struct {
	// Key is cty.NilVal, a number or a string.
	Key cty.Value
	// Value is an object whose unknown attributes are unknown; any part of it may be marked.
	Value cty.Value
}

// Known is what the plan knows. Its values may carry marks, which evaluation passes through.
type Known interface {
	// Variable is the value of a variable of the root module; false leaves it to the default.
	Variable(name string) (cty.Value, bool)
	// Instances lists the instances of one block; mode is "managed" or "data". told is false when the plan holds
	// nothing of that type, which makes its values unknown.
	Instances(module Path, mode, typ, name string) (list []Instance, told bool)
}

type mark string

// Sensitive marks values that the configuration declares sensitive.
const Sensitive = mark("sensitive")

// maxPending bounds how many locals, variables and outputs wait for one another at a time.
const maxPending = 400

// maxWeight bounds the parts of one value: locals that each hold the one before twice grow without end.
const maxWeight = 250000

// draft is a value that holds only while the evaluation at depth reach is pending.
type draft struct {
	value cty.Value
	reach int
}

// Evaluator evaluates a configuration over one plan. It is not safe for concurrent use.
type Evaluator struct {
	config *Configuration
	known  Known
	scopes map[string]*scope
	memo   map[string]cty.Value
	// pending holds what is being evaluated, with its depth; reach is the lowest depth that a cycle went back to.
	pending map[string]int
	reach   int
	drafts  map[string]draft
}

// Evaluator evaluates the configuration over what a plan knows.
func (c *Configuration) Evaluator(k Known) *Evaluator {
	e := &Evaluator{
		config: c, known: k, memo: map[string]cty.Value{}, pending: map[string]int{}, reach: math.MaxInt,
		drafts: map[string]draft{},
	}
	e.scopes = map[string]*scope{"": {evaluator: e, module: c.root}}
	return e
}

// Position is the file, relative to the root module, and line of a resource or data block; ok is false where the
// configuration has no such block.
func (c *Configuration) Position(module Path, mode, typ, name string) (file string, line int, ok bool) {
	m := c.root
	for _, step := range module {
		call := m.calls[step.Name]
		if call == nil || call.child == nil {
			return "", 0, false
		}
		m = call.child
	}
	b := m.blocks[blockID{mode: mode, typ: typ, name: name}]
	if b == nil {
		return "", 0, false
	}
	return b.file, b.line, true
}

// once evaluates something that may be asked for again, or by itself in a cycle, where it is unknown. A value found
// while a cycle was open below it depends on where evaluation began, so it is kept only until that cycle closes.
func (e *Evaluator) once(key string, evaluate func() cty.Value) cty.Value {
	if value, ok := e.memo[key]; ok {
		return value
	}
	if found, ok := e.drafts[key]; ok {
		e.reach = min(e.reach, found.reach)
		return found.value
	}
	if depth, ok := e.pending[key]; ok {
		e.reach = min(e.reach, depth)
		return cty.DynamicVal
	}
	if len(e.pending) >= maxPending {
		e.reach = 0
		return cty.DynamicVal
	}
	depth, outer := len(e.pending), e.reach
	e.pending[key], e.reach = depth, math.MaxInt
	value := guard(evaluate)
	if weight(value, maxWeight) <= 0 {
		value = cty.DynamicVal
	}
	delete(e.pending, key)
	for name, found := range e.drafts {
		if found.reach >= depth {
			delete(e.drafts, name)
		}
	}
	if e.reach < depth {
		e.drafts[key] = draft{value: value, reach: e.reach}
		e.reach = min(e.reach, outer)
		return value
	}
	e.reach = outer
	e.memo[key] = value
	return value
}

// value evaluates an expression; anything that fails is unknown.
func (e *Evaluator) value(expr hcl.Expression, ctx *hcl.EvalContext) cty.Value {
	return guard(func() cty.Value {
		value, diags := expr.Value(ctx)
		if diags.HasErrors() || value == cty.NilVal {
			return cty.DynamicVal
		}
		return value
	})
}

// guard makes a panic an unknown value: the HCL and cty libraries panic on a few combinations of unknown and marked
// values, and one odd expression must not end the evaluation of all others.
func guard(evaluate func() cty.Value) (value cty.Value) {
	defer func() {
		if recover() != nil {
			value = cty.DynamicVal
		}
	}()
	return evaluate()
}

// weight is what is left of a budget after counting the parts of a value; it stops at zero.
func weight(value cty.Value, budget int) int {
	plain, _ := value.Unmark()
	budget--
	switch {
	case budget <= 0 || plain.IsNull() || !plain.IsKnown():
	case plain.Type() == cty.String:
		budget -= len(plain.AsString()) / 64
	case plain.CanIterateElements():
		for it := plain.ElementIterator(); budget > 0 && it.Next(); {
			_, part := it.Element()
			budget = weight(part, budget)
		}
	}
	return budget
}

func (e *Evaluator) scope(path Path) *scope {
	at := e.scopes[""]
	for _, step := range path {
		if at = at.child(step); at == nil {
			return nil
		}
	}
	return at
}

// child is the instance of a called module, nil where its sources are not there.
func (s *scope) child(step Step) *scope {
	c := s.module.calls[step.Name]
	if c == nil || c.child == nil {
		return nil
	}
	id := s.id + "/" + strconv.Quote(step.Name) + keyText(step.Key)
	if known := s.evaluator.scopes[id]; known != nil {
		return known
	}
	path := append(s.path[:len(s.path):len(s.path)], step)
	made := &scope{evaluator: s.evaluator, module: c.child, id: id, path: path, parent: s, call: c, key: step.Key}
	s.evaluator.scopes[id] = made
	return made
}

// keyText tells instance keys apart; a number and a string of the same digits differ.
func keyText(key cty.Value) string {
	if key == cty.NilVal {
		return ""
	}
	plain, _ := key.Unmark()
	if plain.IsNull() || !plain.IsKnown() {
		return "[?]"
	}
	switch plain.Type() {
	case cty.String:
		return "[" + strconv.Quote(plain.AsString()) + "]"
	case cty.Number:
		return "[" + plain.AsBigFloat().Text('f', -1) + "]"
	}
	return "[?]"
}

func memoKey(parts ...string) string { return strings.Join(parts, "\x00") }
