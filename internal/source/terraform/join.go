package terraform

import (
	"maps"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// instanceMark says which instance's attribute an unknown value stands for; evaluating the configuration passes it on.
type instanceMark struct{ instance *instance }

// target is the object an attribute means.
type target struct {
	id       topology.ID
	instance *instance // nil when the object is only named
	known    bool
	inferred bool
	oneOf    []*instance // the only candidates of an unknown target; empty when it can be any
	why      string
}

// join finds what an attribute of an instance refers to: by value where it is known, by the evaluated configuration's marks, by references
// otherwise. Keep filters the candidates that references leave; nil keeps all.
func (w *world) join(in *instance, path []string, want string, keep func(*instance) bool) target {
	v := dig(in.value, path...)
	if t, ok := w.joinValue(in, v, want); ok {
		return t
	}
	if w.handed {
		return w.soleCandidate(in, want, keep)
	}
	return w.joinReferences(in, path, want, keep)
}

// joinValue joins a value by what it says or by the marks it carries.
func (w *world) joinValue(in *instance, v cty.Value, want string) (target, bool) {
	if text, known := asString(v); known && text != "" {
		return w.namedBy(in, text, want, isSensitive(v)), true
	}
	var marked []*instance
	_, marks := v.Unmark()
	for m := range marks {
		if im, ok := m.(instanceMark); ok {
			if t := w.towards(im.instance, want); t != nil && !slices.Contains(marked, t) {
				marked = append(marked, t)
			}
		}
	}
	if !isKnown(v) && len(marked) > 0 {
		slices.SortFunc(marked, byAddress)
		return w.choose(found{instances: marked}, nil), true
	}
	return target{}, false
}

// towards is the instance itself where it is of the type wanted, or the one of that type which it refers to.
func (w *world) towards(in *instance, want string) *instance {
	if in.typ == want {
		return in
	}
	attr := map[string]string{"google_compute_network": "network", "google_compute_subnetwork": "subnetwork",
		"google_compute_router": "router", "google_container_cluster": "cluster"}[want]
	if attr == "" || !wants(in.typ, attr) {
		return nil
	}
	if t := w.join(in, []string{attr}, want, nil); t.known {
		return t.instance
	}
	return nil
}

// byValue is the instance that a known attribute of another instance names.
func (w *world) byValue(in *instance, attr, want string) *instance {
	v := attribute(in.value, attr)
	if text, known := asString(v); known && text != "" {
		return w.namedBy(in, text, want, isSensitive(v)).instance
	}
	return nil
}

// named joins by name: the parsed project, location and name, completed by those of the instance that names it.
func (w *world) named(in *instance, text, want string) target {
	return w.namedBy(in, text, want, false)
}

// namedBy is named for a text that may be sensitive: then an object that no source tells of stays unknown.
func (w *world) namedBy(in *instance, text, want string, sensitive bool) target {
	l := parseLink(text)
	self := w.identify(in)
	if l.project == "" {
		l.project = self.project
		sensitive = sensitive || self.hidden
	}
	if above[want] {
		l.project = ""
	}
	switch {
	case global[want]:
		l.location = "global"
	case l.location == "":
		l.location = self.location
		if want != "google_container_cluster" {
			l.location = topology.RegionOf(l.location)
		}
	}
	id := topology.Identify(want, l.project, l.location, l.name)
	if found := w.find(id); found != nil {
		return target{id: w.identify(found).id, instance: found, known: true}
	}
	// A name alone, where the project or location of one of the two is not told: the only namesake is meant.
	var namesakes []*instance
	for _, c := range w.namesakes(want, l.name) {
		it := w.identify(c)
		if (it.project == "" || l.project == "" || it.project == l.project) &&
			(it.location == "" || l.location == "" || it.location == l.location || want == "google_container_cluster" && it.location == l.location) {
			namesakes = append(namesakes, c)
		}
	}
	if len(namesakes) == 1 {
		return target{id: w.identify(namesakes[0]).id, instance: namesakes[0], known: true, inferred: true}
	}
	if sensitive {
		return target{why: whySensitive}
	}
	return target{id: id, known: true}
}

func (w *world) joinReferences(in *instance, path []string, want string, keep func(*instance) bool) target {
	return w.choose(w.resolveAttribute(in, path, want), keep)
}

// choose decides among candidates. More than one stay candidates; one is it, inferred when the references had a gap.
func (w *world) choose(f found, keep func(*instance) bool) target {
	list := f.instances
	if keep != nil {
		list = slices.DeleteFunc(slices.Clone(list), func(c *instance) bool { return !keep(c) })
	}
	switch {
	case len(list) == 1:
		return target{id: w.identify(list[0]).id, instance: list[0], known: true, inferred: f.open || len(f.instances) > 1}
	case f.open:
		return target{why: topology.KnownAfterApply + ", and it passes through a local or a dynamic block, which plan JSON leaves out (--config-dir reads them)"}
	case len(list) == 0:
		return target{why: topology.KnownAfterApply}
	}
	return target{oneOf: list, why: topology.KnownAfterApply + ", and its references lead to several objects (--config-dir tells which)"}
}

// fact turns a target into a fact.
func (t target) fact(from topology.Origin) topology.Value[topology.ID] {
	if !t.known {
		return topology.Unknown[topology.ID](t.why, from)
	}
	v := topology.Known(t.id, from)
	v.Inferred = t.inferred
	return v
}

func byAddress(a, b *instance) int {
	switch {
	case a.address < b.address:
		return -1
	case a.address > b.address:
		return 1
	}
	return 0
}

type typeName struct{ typ, name string }

// named reports whether other objects mean an instance by its name.
func named(in *instance) bool {
	return strings.HasPrefix(in.typ, "google_") && in.typ != "google_container_node_pool"
}

// find is the instance of an ID.
func (w *world) find(id topology.ID) *instance {
	w.indexIDs()
	return w.byID[id]
}

func (w *world) namesakes(typ, name string) []*instance {
	if w.byName == nil {
		w.byName = map[typeName][]*instance{}
		for _, in := range w.instances {
			if named(in) {
				key := typeName{in.typ, w.identify(in).name}
				w.byName[key] = append(w.byName[key], in)
			}
		}
	}
	return w.byName[typeName{typ, name}]
}

func (w *world) indexIDs() {
	if w.byID != nil {
		return
	}
	w.byID = make(map[topology.ID]*instance, len(w.instances))
	for _, in := range w.instances {
		if _, lies := outer[in.typ]; named(in) && in.typ != "google_container_cluster" && !lies {
			w.indexID(in)
		}
	}
	// Clusters come last: their project may be that of a network found by its name. What lies in another object is found by no name.
	for _, in := range w.instances {
		if in.typ == "google_container_cluster" {
			w.indexID(in)
		}
	}
}

func (w *world) indexID(in *instance) {
	it := w.identify(in)
	if other := w.byID[it.known]; other == nil || other.data {
		w.byID[it.known] = in
	}
}
