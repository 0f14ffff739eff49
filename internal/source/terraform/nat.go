package terraform

import (
	"fmt"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

func (w *world) readNAT(in *instance, f *topology.Facts) {
	n := &topology.NAT{Object: w.object(in)}
	region := n.Location
	router := w.join(in, []string{"router"}, "google_compute_router", func(r *instance) bool {
		where := w.identify(r).location
		return where == "" || region == "" || where == region
	})
	if !router.known {
		router = w.soleRouter(in, router)
	}
	n.Router = router.fact(in.from("router"))
	n.Type = stringOf(w.settled(in, "type"), in.from("type"), "PUBLIC")
	n.EndpointTypes = stringsOf(w.settled(in, "endpoint_types"), in.from("endpoint_types"), "ENDPOINT_TYPE_VM")
	if types, known := n.EndpointTypes.Get(); known && len(types) == 0 {
		n.EndpointTypes = topology.Default([]string{"ENDPOINT_TYPE_VM"}, in.from("endpoint_types"))
	}
	n.Entries, n.EntriesTold = w.natEntries(in, region)
	w.natPorts(in, n)
	n.Mode64 = stringOf(w.settled(in, "source_subnetwork_ip_ranges_to_nat64"), in.from("source_subnetwork_ip_ranges_to_nat64"), "")
	list64, _ := elements(w.settled(in, "nat64_subnetwork"))
	for i, e := range list64 {
		from := in.from(fmt.Sprintf("nat64_subnetwork[%d].name", i))
		entry := topology.Unknown[topology.ID](topology.KnownAfterApply, from)
		if t, ok := w.joinValue(in, attribute(e, "name"), "google_compute_subnetwork"); ok {
			entry = t.fact(from)
		}
		n.Entries64 = append(n.Entries64, entry)
	}
	n.Mode = stringOf(w.settled(in, "source_subnetwork_ip_ranges_to_nat"), in.from("source_subnetwork_ip_ranges_to_nat"))
	if mode, known := n.Mode.Get(); (isNull(w.settled(in, "source_subnetwork_ip_ranges_to_nat")) || known && mode == "") && (len(n.Entries) > 0 || n.Mode64.Or("") != "") {
		// One that says so of IPv6 alone translates no IPv4 range: an empty list.
		n.Mode = topology.Default(topology.ListOfRanges, n.Mode.Origin)
	}
	f.NATs = append(f.NATs, n)
}

// soleRouter takes the only router of the gateway's module instance and region where its name is unknown and passes through a local.
func (w *world) soleRouter(in *instance, t target) target {
	var here []*instance
	for _, r := range w.within(in.module, "google_compute_router") {
		if !r.data && w.identify(r).location == w.identify(in).location {
			here = append(here, r)
		}
	}
	if len(here) == 1 {
		return target{id: w.identify(here[0]).id, instance: here[0], known: true, inferred: true}
	}
	return t
}

func (w *world) natPorts(in *instance, n *topology.NAT) {
	option := stringOf(w.settled(in, "nat_ip_allocate_option"), in.from("nat_ip_allocate_option"), "AUTO_ONLY")
	n.ManualAddresses = topology.Unknown[bool](option.Why(), option.Origin)
	if o, known := option.Get(); known {
		n.ManualAddresses = topology.Known(o == "MANUAL_ONLY", option.Origin)
	}
	n.Addresses = topology.Unknown[int](topology.KnownAfterApply, in.from("nat_ips"))
	if ips, told := elements(w.settled(in, "nat_ips")); told {
		draining, known := stringsOf(w.settled(in, "drain_nat_ips"), in.from("drain_nat_ips")).Get()
		if initial, _ := elements(w.settled(in, "initial_nat_ips")); len(initial) == 0 && known {
			n.Addresses = topology.Known(remaining(ips, draining), in.from("nat_ips"))
		}
	}
	n.MinPorts = intOf(w.settled(in, "min_ports_per_vm"), in.from("min_ports_per_vm"), 0)
	n.MaxPorts = intOf(w.settled(in, "max_ports_per_vm"), in.from("max_ports_per_vm"), 0)
	n.Dynamic = boolOf(w.settled(in, "enable_dynamic_port_allocation"), in.from("enable_dynamic_port_allocation"))
}

// remaining counts the addresses that take new connections: those that drain do not.
func remaining(addresses []cty.Value, draining []string) int {
	var count int
	for _, a := range addresses {
		text, _ := asString(a)
		if text == "" || !slices.ContainsFunc(draining, func(d string) bool { return parseLink(d).name == parseLink(text).name }) {
			count++
		}
	}
	return count
}

// natEntries reads the subnetworks of a LIST_OF_SUBNETWORKS gateway. They are a set: planned order and written order differ.
func (w *world) natEntries(in *instance, region string) ([]topology.NATEntry, bool) {
	list, told := elements(w.settled(in, "subnetwork"))
	if !told {
		return nil, false
	}
	targets := w.entryTargets(in, list, region)
	var out []topology.NATEntry
	for i, e := range list {
		from := in.from(fmt.Sprintf("subnetwork[%d]", i))
		entry := topology.NATEntry{Subnetwork: targets[i].fact(from),
			Options: stringsOf(attribute(e, "source_ip_ranges_to_nat"), from, topology.EntryAllRanges)}
		for _, c := range targets[i].oneOf {
			entry.OneOf = append(entry.OneOf, w.identify(c).id)
		}
		slices.Sort(entry.OneOf)
		names, namesTold := elements(attribute(e, "secondary_ip_range_names"))
		entry.NamesTold = namesTold
		for _, name := range names {
			entry.Names = append(entry.Names, stringOf(name, from))
		}
		out = append(out, entry)
	}
	return out, true
}

// entryTargets finds each planned element's subnetwork: by its value, else by the written block whose known siblings equal its own, each block
// used once, else by what the module that holds the gateway was given.
func (w *world) entryTargets(in *instance, list []cty.Value, region string) []target {
	inRegion := func(c *instance) bool {
		r := w.identify(c).location
		return r == "" || region == "" || r == region
	}
	out := make([]target, len(list))
	var open []int
	for i, e := range list {
		if t, ok := w.joinValue(in, attribute(e, "name"), "google_compute_subnetwork"); ok {
			out[i] = t
			continue
		}
		open = append(open, i)
	}
	if len(open) == 0 {
		return out
	}
	var blocks []map[string]expression
	if in.config != nil {
		blocks = in.config.attributes["subnetwork"].blocks
	}
	used := make([]bool, len(blocks))
	for _, i := range open {
		if w.handed {
			out[i] = w.soleCandidate(in, "google_compute_subnetwork", inRegion)
			continue
		}
		if len(blocks) == 0 {
			out[i] = w.choose(w.reachable(in, "google_compute_subnetwork"), func(c *instance) bool { return inRegion(c) && w.sameNetwork(in, c) })
			out[i].inferred = true
			continue
		}
		out[i] = w.pairBlock(in, list[i], blocks, used, inRegion)
	}
	return out
}

// pairBlock pairs one planned element with a written block. Blocks whose siblings are equal are interchangeable; where they differ and more than one
// fits, the element may be any of them.
func (w *world) pairBlock(in *instance, element cty.Value, blocks []map[string]expression, used []bool, keep func(*instance) bool) target {
	var fits []int
	for b, block := range blocks {
		if !used[b] && siblingsFit(element, block) {
			fits = append(fits, b)
		}
	}
	if len(fits) == 0 {
		return target{why: topology.KnownAfterApply}
	}
	// An element with equal written siblings comes before one that merely could be: constants first.
	alike := true
	for _, b := range fits[1:] {
		alike = alike && sameSiblings(blocks[fits[0]], blocks[b])
	}
	if len(fits) == 1 || alike {
		used[fits[0]] = true
		return w.choose(w.resolve(blocks[fits[0]]["name"].references, w.ask(in, "google_compute_subnetwork")), keep)
	}
	var either found
	for _, b := range fits {
		either.add(w.resolve(blocks[b]["name"].references, w.ask(in, "google_compute_subnetwork")))
	}
	return w.choose(either, keep)
}

var entrySiblings = []string{"source_ip_ranges_to_nat", "secondary_ip_range_names"}

// siblingsFit holds a planned element's known siblings against a block's constants; references may be anything.
func siblingsFit(element cty.Value, block map[string]expression) bool {
	for _, name := range entrySiblings {
		planned := stringsOf(attribute(element, name), topology.Origin{})
		have, known := planned.Get()
		if !known {
			continue
		}
		e, written := block[name]
		if !written {
			if len(have) > 0 {
				return false
			}
			continue
		}
		if e.constant == cty.NilVal {
			continue
		}
		want, _ := stringsOf(e.constant, topology.Origin{}).Get()
		slices.Sort(want)
		slices.Sort(have)
		if !slices.Equal(slices.Compact(want), slices.Compact(have)) {
			return false
		}
	}
	return true
}

func sameSiblings(a, b map[string]expression) bool {
	for _, name := range entrySiblings {
		x, y := a[name], b[name]
		if (x.constant == cty.NilVal) != (y.constant == cty.NilVal) || len(x.references)+len(y.references) > 0 {
			return false
		}
		if x.constant != cty.NilVal && !x.constant.RawEquals(y.constant) {
			return false
		}
	}
	return true
}

// reachable is every instance of a type that the inputs of an instance's module lead to: all that plan JSON leaves of a dynamic block.
func (w *world) reachable(in *instance, want string) found {
	m := w.moduleOf(in)
	if m.parent == nil || m.call == nil {
		return found{open: true}
	}
	var out found
	q := asking{module: m.parent, own: m.key, literal: cty.NilVal, want: want, forEach: m.call.forEach}
	for _, name := range sortedKeys(m.call.attributes) {
		out.add(w.resolve(nested(m.call.attributes[name]), q))
	}
	if len(out.instances) == 0 {
		out.open = true
	}
	return out
}

// sameNetwork reports whether a subnetwork may lie in the network of a gateway's router.
func (w *world) sameNetwork(nat, subnetwork *instance) bool {
	r := w.join(nat, []string{"router"}, "google_compute_router", nil)
	if r.instance == nil {
		return true
	}
	a := w.join(r.instance, []string{"network"}, "google_compute_network", nil)
	b := w.join(subnetwork, []string{"network"}, "google_compute_network", nil)
	return !a.known || !b.known || a.id == b.id
}
