package terraform

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// found is what references lead to.
type found struct {
	instances []*instance
	// open is true when a reference ends in what plan JSON does not hold (a local), so that there may be more.
	open bool
}

// few is up to how many instances a list is searched from end to end.
const few = 16

func (f *found) add(g found) {
	f.open = f.open || g.open
	if len(f.instances) == 0 {
		f.instances = slices.Clip(g.instances)
		return
	}
	var have map[*instance]bool
	if len(f.instances) > few && len(g.instances) > few {
		have = make(map[*instance]bool, len(f.instances))
		for _, in := range f.instances {
			have[in] = true
		}
	}
	for _, in := range g.instances {
		if have == nil && slices.Contains(f.instances, in) || have[in] {
			continue
		}
		f.instances = append(f.instances, in)
	}
}

// asking is one question on its way through modules.
type asking struct {
	module  *moduleInstance
	own     cty.Value // key of the instance or module that asks, as each.key sees it
	same    bool      // each.key or count.index takes part: an equal key is meant
	literal cty.Value // a literal key met on the way
	want    string
	forEach []string // what each.value stands for
	depth   int
	trail   trail
}

// trail is where one question has been: once is enough, and a place that it is still in the middle of is a cycle.
type trail map[hop]bool

// hop is a reference seen from one place.
type hop struct {
	module       *moduleInstance
	own, literal string
	same         bool
	forEach      *string
	reference    string
}

// hopTo tells one reference from the same words elsewhere.
func (q *asking) hopTo(reference string) hop {
	h := hop{q.module, keyText(q.own), keyText(q.literal), q.same, nil, reference}
	if len(q.forEach) > 0 {
		h.forEach = &q.forEach[0]
	}
	return h
}

type resolveKey struct {
	in   *instance
	path string
	want string
}

// maxHops bounds the way through modules, so that no input can exhaust the stack.
const maxHops = 200

// resolveAttribute follows the references of an instance's attribute, given by its path through nested blocks, to instances of a type.
func (w *world) resolveAttribute(in *instance, path []string, want string) found {
	if in.config == nil {
		return found{}
	}
	key := resolveKey{in, strings.Join(path, "."), want}
	if answer, done := w.resolved[key]; done {
		return answer
	}
	answer := w.resolvePath(in, path, want)
	w.resolved[key] = answer
	return answer
}

func (w *world) resolvePath(in *instance, path []string, want string) found {
	e, told := in.config.attributes[path[0]]
	for _, p := range path[1:] {
		if !told || len(e.blocks) == 0 {
			return found{open: true}
		}
		e, told = e.blocks[0][p]
	}
	if !told {
		return found{open: true}
	}
	return w.resolve(e.references, w.ask(in, want))
}

func (w *world) resolve(references []string, q asking) found {
	var out found
	if q.depth > maxHops {
		return found{open: true}
	}
	q.depth++
	if q.trail == nil {
		q.trail = trail{}
	}
	for _, r := range references {
		if r == "each.key" || r == "count.index" {
			q.same = true
		}
	}
	for _, r := range references {
		h := q.hopTo(r)
		if inside, been := q.trail[h]; been {
			out.open = out.open || inside
			continue
		}
		steps := w.parse(r)
		if len(steps) == 0 {
			out.open = true
			continue
		}
		q.trail[h] = true
		out.add(w.follow(steps, q))
		q.trail[h] = false
	}
	return out
}

// follow takes one reference.
func (w *world) follow(steps []step, q asking) found {
	switch steps[0].name {
	case "each":
		if len(steps) > 1 && steps[1].name == "value" {
			q.same = true
			return w.resolve(q.forEach, q).onlyAttribute(w, steps[2:], q)
		}
		return found{}
	case "count", "path", "terraform", "self":
		return found{}
	case "local":
		return w.guess(q)
	case "var":
		return w.followVariable(steps, q)
	case "module":
		return w.followModule(steps, q)
	case "data":
		if len(steps) < 3 {
			return found{}
		}
		return w.followBlock(true, steps[1].name, steps[2], steps[3:], q)
	}
	if len(steps) < 2 {
		return found{}
	}
	return w.followBlock(false, steps[0].name, steps[1], steps[2:], q)
}

// guess answers for a local, of which plan JSON holds nothing: the module's only instance of the type wanted, if there is one.
func (w *world) guess(q asking) found {
	if here := w.within(q.module.address, q.want); len(here) == 1 {
		return found{instances: here, open: true}
	}
	return found{open: true}
}

func (w *world) followVariable(steps []step, q asking) found {
	if len(steps) < 2 || q.module.parent == nil || q.module.call == nil {
		return found{}
	}
	q.literal = lastKey(steps[1:], q.literal)
	e, told := q.module.call.attributes[steps[1].name]
	if !told {
		return found{}
	}
	q.own, q.forEach = q.module.key, q.module.call.forEach
	q.module = q.module.parent
	q.same = false
	return w.resolve(nested(e), q)
}

// nested collects every reference of an expression, those of its blocks included.
func nested(e expression) []string {
	refs := slices.Clip(e.references)
	for _, b := range e.blocks {
		for _, name := range sortedKeys(b) {
			refs = append(refs, nested(b[name])...)
		}
	}
	return refs
}

func (w *world) followModule(steps []step, q asking) found {
	if len(steps) < 2 {
		return found{}
	}
	call := steps[1]
	var out found
	children := q.module.children[call.name]
	if children == nil {
		// A module without instances of interest may still pass something on; nothing of it is told.
		return found{open: q.module.config == nil || q.module.config.calls[call.name] != nil && len(q.module.config.calls[call.name].module.outputs) > 0}
	}
	asked := children.list
	switch {
	case call.keyed():
		asked = children.keyed(call.key)
	case q.same && children.keyed(q.own) != nil:
		asked = children.keyed(q.own)
	}
	for _, child := range asked {
		if child.config == nil {
			out.open = true
			continue
		}
		inner := q
		inner.module, inner.forEach = child, nil
		if len(steps) == 2 {
			for _, name := range sortedKeys(child.config.outputs) {
				out.add(w.resolve(child.config.outputs[name].references, inner))
			}
			continue
		}
		inner.literal = lastKey(steps[2:], q.literal)
		out.add(w.resolve(child.config.outputs[steps[2].name].references, inner))
	}
	return out
}

// lastKey is the last literal key in a reference's tail, else the one met before: module.vpc.subnets["a"].self_link means "a".
func lastKey(steps []step, before cty.Value) cty.Value {
	for _, s := range steps {
		if s.keyed() {
			before = s.key
		}
	}
	return before
}

func (w *world) followBlock(data bool, typ string, name step, rest []step, q asking) found {
	block := w.byBlock[blockKey{q.module.address, data, typ, name.name}]
	if block == nil {
		return found{}
	}
	list := block.list
	switch {
	case name.keyed():
		list = block.keyed(name.key)
	case q.literal != cty.NilVal && block.keyed(q.literal) != nil:
		list = block.keyed(q.literal)
	case q.same && block.keyed(q.own) != nil:
		list = block.keyed(q.own)
	}
	return found{instances: list}.onlyAttribute(w, rest, q)
}

// onlyAttribute keeps instances of the type wanted, and follows the attribute named to it from instances of other types:
// a subnetwork's network, where the network is wanted.
func (f found) onlyAttribute(w *world, rest []step, q asking) found {
	out := found{open: f.open}
	for _, in := range f.instances {
		switch {
		case in.typ == q.want:
			out.add(found{instances: []*instance{in}})
		case len(rest) > 0 && in.config != nil:
			if e, told := in.config.attributes[rest[0].name]; told {
				inner := w.ask(in, q.want)
				inner.depth, inner.trail = q.depth, q.trail
				out.add(w.resolve(e.references, inner))
			} else if target := w.byValue(in, rest[0].name, q.want); target != nil {
				out.add(found{instances: []*instance{target}})
			}
		}
	}
	return out
}
