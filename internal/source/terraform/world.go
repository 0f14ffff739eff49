package terraform

import (
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

// world is the instances of one document at one time, indexed for joining.
type world struct {
	doc       *document
	instances []*instance
	byBlock   map[blockKey]*family[*instance]
	byModule  map[moduleType][]*instance
	modules   map[string]*moduleInstance
	ids       map[*instance]*identity
	clusters  map[topology.ID]*instance
	// handed is true for objects that were handed over without a configuration.
	handed bool
	// infer lets the only candidate stand for a link that is unknown there.
	infer       bool
	resolved    map[resolveKey]found // references of attributes already followed
	steps       map[string][]step    // references already parsed
	byID        map[topology.ID]*instance
	byName      map[typeName][]*instance
	filled      map[providerArgument]string            // provider arguments as they show in instances
	associated  map[string]map[topology.ID][]*instance // policy associations by type and policy
	loosePools  []loosePool                            // whose clusters are told of elsewhere
	policyRules []*topology.FirewallRule               // rules of policies, as they are wherever their policy is attached
	lending     map[accountKey][]string                // pull secrets that service accounts lend
}

type blockKey struct {
	module string
	data   bool
	typ    string
	name   string
}

// moduleInstance is a module with the instance keys that lead to it.
type moduleInstance struct {
	address  string
	path     []step
	parent   *moduleInstance
	key      cty.Value
	call     *callConfig
	config   *moduleConfig
	children map[string]*family[*moduleInstance] // by call name
}

type moduleType struct{ module, typ string }

// family is the instances of one block or call, found by their key.
type family[T any] struct {
	list  []T
	keys  []string
	byKey map[string]T // only of a large family that was asked
}

func (f *family[T]) add(key cty.Value, v T) {
	f.list, f.keys, f.byKey = append(f.list, v), append(f.keys, keyText(key)), nil
}

// keyed is the one instance of a key; empty when there is none.
func (f *family[T]) keyed(key cty.Value) []T {
	text := keyText(key)
	if len(f.list) <= few {
		if i := slices.Index(f.keys, text); i >= 0 {
			return f.list[i : i+1 : i+1]
		}
		return nil
	}
	if f.byKey == nil {
		f.byKey = make(map[string]T, len(f.list))
		for i, k := range f.keys {
			if _, double := f.byKey[k]; !double {
				f.byKey[k] = f.list[i]
			}
		}
	}
	if v, ok := f.byKey[text]; ok {
		return []T{v}
	}
	return nil
}

// keyText tells the key "1" from the key 1 and both from none.
func keyText(key cty.Value) string {
	if key == cty.NilVal {
		return ""
	}
	s, _ := asString(key)
	if key.Type() == cty.String {
		return "s" + s
	}
	return "n" + s
}

func newWorld(doc *document, instances []*instance) *world {
	w := &world{doc: doc, instances: instances,
		byBlock: make(map[blockKey]*family[*instance], len(instances)),
		modules: map[string]*moduleInstance{}, ids: make(map[*instance]*identity, len(instances)), clusters: map[topology.ID]*instance{}, resolved: map[resolveKey]found{}, steps: map[string][]step{},
		associated: map[string]map[topology.ID][]*instance{}}
	w.modules[""] = &moduleInstance{config: doc.root, key: cty.NilVal}
	for _, in := range instances {
		k := blockKey{in.module, in.data, in.typ, in.name}
		if w.byBlock[k] == nil {
			w.byBlock[k] = &family[*instance]{}
		}
		w.byBlock[k].add(in.key, in)
		w.module(in.module)
	}
	return w
}

// module finds or makes a module instance and those above it. An address that cannot be parsed is its own island.
func (w *world) module(address string) *moduleInstance {
	if m := w.modules[address]; m != nil {
		return m
	}
	m := &moduleInstance{address: address, key: cty.NilVal}
	w.modules[address] = m
	path, err := modulePath(address)
	if err != nil || len(path) == 0 {
		return m
	}
	last := path[len(path)-1]
	m.path, m.key = path, last.key
	m.parent = w.module(parentAddress(address, last))
	if m.parent.children == nil {
		m.parent.children = map[string]*family[*moduleInstance]{}
	}
	if m.parent.children[last.name] == nil {
		m.parent.children[last.name] = &family[*moduleInstance]{}
	}
	m.parent.children[last.name].add(m.key, m)
	if m.parent.config != nil {
		if m.call = m.parent.config.calls[last.name]; m.call != nil {
			m.config = m.call.module
		}
	}
	return m
}

// within lists the instances of a type inside one module instance.
func (w *world) within(module, typ string) []*instance {
	if w.byModule == nil {
		w.byModule = map[moduleType][]*instance{}
		for _, in := range w.instances {
			here := moduleType{in.module, in.typ}
			w.byModule[here] = append(w.byModule[here], in)
		}
	}
	return w.byModule[moduleType{module, typ}]
}

func (w *world) parse(reference string) []step {
	if s, done := w.steps[reference]; done {
		return s
	}
	s, err := parseAddress(reference)
	if err != nil {
		s = nil
	}
	w.steps[reference] = s
	return s
}

// moduleOf is the module instance an instance lives in.
func (w *world) moduleOf(in *instance) *moduleInstance { return w.modules[in.module] }
