package terraform

import (
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// The subnetworks of a gateway are a set: Terraform plans them in another order than they are written.
func TestNATEntriesPairByWhatIsKnown(t *testing.T) {
	const all, secondary = topology.EntryAllRanges, topology.EntrySecondary
	element := func(options, names []any) object {
		return object{"source_ip_ranges_to_nat": options, "secondary_ip_range_names": names}
	}
	block := func(key, option string, names ...object) object {
		s := `google_compute_subnetwork.s["` + key + `"]`
		b := object{"name": refs(s+".id", s), "source_ip_ranges_to_nat": constant(one(option))}
		if len(names) > 0 {
			b["secondary_ip_range_names"] = names[0]
		}
		return b
	}
	for _, c := range []struct {
		name    string
		after   []any
		written []any
		want    string // the subnetwork of each planned element; of several candidates all, joined by |
	}{
		{"in another order", one(element(one(secondary), one("pods")), element(one(all), one[any]())), one(block("a", all), block("b", secondary, constant(one("pods")))), "b a"},
		{"alike: the order does not matter", one(element(one(all), nil), element(one(all), nil)), one(block("a", all), block("b", all)), "a b"},
		{"unlike, and both fit", one(element(one(secondary), one("x")), element(one(secondary), one("y"))),
			one(block("a", secondary, refs("var.x")), block("b", secondary, refs("var.y"))), "a|b a|b"},
		{"options in another order", one(element(one("LIST_OF_SECONDARY_IP_RANGES", "PRIMARY_IP_RANGE"), one("pods"))),
			one(object{"name": refs(`google_compute_subnetwork.s["c"].id`), "source_ip_ranges_to_nat": constant(one("PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES")), "secondary_ip_range_names": constant(one("pods"))}), "c"},
		{"no block fits", one(element(one(secondary), one("pods"))), one(block("a", all)), "?"},
		{"a dynamic block in the root", one(element(one(all), nil)), nil, "?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := object{"router": refs("google_compute_router.r.name", "google_compute_router.r")}
			if c.written != nil {
				config["subnetwork"] = c.written
			}
			mask := []any{}
			for range c.after {
				mask = append(mask, object{"name": true, "source_ip_ranges_to_nat": one(false), "secondary_ip_range_names": one(false)})
			}
			b := build{resources: append(keyed(""), resource{address: "google_compute_router_nat.n",
				after:   object{"name": "n", "project": "p", "region": "r1", "router": "r", "source_subnetwork_ip_ranges_to_nat": topology.ListOfRanges, "subnetwork": c.after},
				unknown: object{"subnetwork": mask}, config: config})}
			n := b.read(t).After.NATs[0]
			if !n.EntriesTold || len(n.Entries) != len(c.after) {
				t.Fatalf("%d entries, told %v", len(n.Entries), n.EntriesTold)
			}
			var got []string
			for _, e := range n.Entries {
				got = append(got, entryText(e))
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("got %s, want %s", text, c.want)
			}
		})
	}
}

func entryText(e topology.NATEntry) string {
	nameOf := func(id topology.ID) string { _, name := topology.SplitID(id); return name }
	if id, known := e.Subnetwork.Get(); known {
		return nameOf(id)
	}
	var out []string
	for _, id := range e.OneOf {
		out = append(out, nameOf(id))
	}
	if len(out) == 0 {
		return "?"
	}
	return strings.Join(out, "|")
}

// Of a dynamic block plan JSON keeps nothing: what the module was given is all there is to go by, and the answer is marked inferred.
func TestNATOfADynamicBlock(t *testing.T) {
	nat := resource{address: "module.nat.google_compute_router_nat.n", after: object{"name": "n", "project": "p", "region": "r1", "source_subnetwork_ip_ranges_to_nat": topology.ListOfRanges,
		"subnetwork": one(object{"source_ip_ranges_to_nat": one(topology.EntryAllRanges)})}, unknown: object{"subnetwork": one(object{"name": true})}, config: object{}}
	given := object{"subnetworks": refs(`google_compute_subnetwork.s["b"].self_link`, `google_compute_subnetwork.s["b"]`, "google_compute_subnetwork.s")}
	b := build{resources: append(keyed(""), nat), calls: []call{{path: "nat", given: given}}}
	e := b.read(t).After.NATs[0].Entries[0]
	is(t, "subnetwork", e.Subnetwork, subnetID("b"))
	if !e.Subnetwork.Inferred {
		t.Error("it is not marked inferred")
	}
	whole := nat
	whole.unknown = object{"subnetwork": true}
	whole.after = object{"name": "n", "project": "p", "region": "r1", "source_subnetwork_ip_ranges_to_nat": topology.ListOfRanges}
	whole.config = object{"subnetwork": refs("google_compute_subnetwork.s", "random_id.x")}
	b = build{resources: append(keyed(""), whole), calls: []call{{path: "nat", given: given}}}
	if n := b.read(t).After.NATs[0]; n.EntriesTold || n.Entries != nil {
		t.Errorf("a list unknown as a whole reads as %+v", n.Entries)
	}
}

func TestNATAttributes(t *testing.T) {
	router := func(name, region string) resource {
		return resource{address: "google_compute_router." + name, after: object{"name": name, "project": "p", "region": region, "network": "vpc"}, config: object{}}
	}
	routerID := func(name, region string) topology.ID {
		return topology.Identify("google_compute_router", "p", region, name)
	}
	for _, c := range []struct {
		name           string
		after, unknown object
		config         object
		more           []resource
		check          func(*testing.T, *topology.NAT)
	}{
		{"defaults", object{}, object{"endpoint_types": true, "type": true, "min_ports_per_vm": true}, object{}, nil, func(t *testing.T, n *topology.NAT) {
			is(t, "type", n.Type, "PUBLIC")
			if types := n.EndpointTypes.Or(nil); !slices.Equal(types, []string{"ENDPOINT_TYPE_VM"}) {
				t.Errorf("endpoint types are %v", types)
			}
			is(t, "manual", n.ManualAddresses, false)
			is(t, "ports", n.MinPorts, 0)
		}},
		{"an empty list of endpoint types is the default", object{"endpoint_types": one[any]()}, nil, object{}, nil, func(t *testing.T, n *topology.NAT) {
			if types := n.EndpointTypes.Or(nil); !slices.Equal(types, []string{"ENDPOINT_TYPE_VM"}) {
				t.Errorf("endpoint types are %v", types)
			}
		}},
		{"manual addresses", object{"nat_ip_allocate_option": "MANUAL_ONLY", "nat_ips": one("a", "b"), "min_ports_per_vm": 128, "enable_dynamic_port_allocation": true}, nil, object{}, nil,
			func(t *testing.T, n *topology.NAT) {
				is(t, "manual", n.ManualAddresses, true)
				is(t, "addresses", n.Addresses, 2)
				is(t, "ports", n.MinPorts, 128)
				is(t, "dynamic", n.Dynamic, true)
			}},
		{"a namesake of the router in another region", object{"router": "r"}, nil, object{}, []resource{router("r", "r2")}, func(t *testing.T, n *topology.NAT) { is(t, "router", n.Router, routerID("r", "r1")) }},
		{"the only router of the region, through a local", object{}, object{"router": true}, object{"router": refs("local.router")}, []resource{router("x", "r1"), router("y", "r2")},
			func(t *testing.T, n *topology.NAT) {
				is(t, "router", n.Router, routerID("x", "r1"))
				if !n.Router.Inferred {
					t.Error("it is not marked inferred")
				}
			}},
		{"two routers of the region, through a local", object{}, object{"router": true}, object{"router": refs("local.router")}, []resource{router("x", "r1"), router("y", "r1")},
			func(t *testing.T, n *topology.NAT) { unknown(t, "router", n.Router, "local") }},
		{"the mode unknown", object{}, object{"source_subnetwork_ip_ranges_to_nat": true}, object{"source_subnetwork_ip_ranges_to_nat": refs("random_id.x.hex", "random_id.x")}, nil,
			func(t *testing.T, n *topology.NAT) { unknown(t, "mode", n.Mode, topology.KnownAfterApply) }},
		{"NAT64", object{"source_subnetwork_ip_ranges_to_nat64": "LIST_OF_IPV6_SUBNETWORKS", "nat64_subnetwork": one(object{"name": "s"})}, nil, object{}, nil, func(t *testing.T, n *topology.NAT) {
			is(t, "mode", n.Mode64, "LIST_OF_IPV6_SUBNETWORKS")
			is(t, "entry", n.Entries64[0], subnetID("s"))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := object{"name": "n", "project": "p", "region": "r1"}
			for k, v := range c.after {
				after[k] = v
			}
			b := build{resources: append([]resource{{address: "google_compute_router_nat.n", after: after, unknown: c.unknown, config: c.config}}, c.more...)}
			c.check(t, b.read(t).After.NATs[0])
		})
	}
}
