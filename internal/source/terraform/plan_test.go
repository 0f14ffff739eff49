package terraform

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// worldText lists the networks of facts: the simplest object there is.
func worldText(f topology.Facts) string {
	var out []string
	for _, n := range f.Networks {
		text := n.Name
		if n.Created {
			text += " created"
		}
		if !n.Managed {
			text += " unmanaged"
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// What a plan does to an object decides in which of the two worlds it is.
func TestChangesSortIntoWorlds(t *testing.T) {
	net := func(name string) object { return object{"name": name, "project": "p"} }
	change := func(actions []string, before, after object) build {
		return build{resources: []resource{{address: "google_compute_network.n", actions: actions, before: before, after: after, config: object{}}}}
	}
	data := func(name, mode string) any {
		return object{"address": "data.google_compute_network.d", "mode": mode, "type": "google_compute_network", "name": "d", "values": net(name)}
	}
	for _, c := range []struct {
		name          string
		plan          build
		after, before string
		changed       bool
	}{
		{"a creation", change([]string{"create"}, nil, net("a")), "a created", "", true},
		{"nothing", change([]string{"no-op"}, net("a"), net("a")), "a", "a", false},
		{"an update", change([]string{"update"}, net("a"), net("b")), "b", "a", true},
		{"a replacement", change([]string{"delete", "create"}, net("a"), net("b")), "b created", "a", true},
		{"a replacement the other way round", change([]string{"create", "delete"}, net("a"), net("b")), "b created", "a", true},
		{"a deletion", change([]string{"delete"}, net("a"), nil), "", "a", true},
		{"a resource that is forgotten stays", change([]string{"forget"}, net("a"), nil), "a unmanaged", "a", true},
		{"a deferred data source", build{resources: []resource{{address: "data.google_compute_network.d", actions: []string{"read"}, after: net("a"), config: object{}}}}, "a unmanaged", "a unmanaged", false},
		{"a data source that was read", build{prior: []any{data("a", "data")}}, "a unmanaged", "a unmanaged", false},
		{"a resource that no change speaks of", build{prior: []any{data("a", "managed")}}, "a", "a", false},
		{"an object that a failed replacement left", build{resources: []resource{
			{address: "google_compute_network.n", actions: []string{"no-op"}, before: net("a"), after: net("a"), config: object{}},
			{address: "google_compute_network.n", actions: []string{"delete"}, before: net("old"), deposed: true},
		}}, "a", "a", false},
		{"such remains beside an object that only the prior state tells", build{
			resources: []resource{{address: "data.google_compute_network.d", actions: []string{"delete"}, before: net("old"), deposed: true}},
			prior:     []any{data("a", "managed")},
		}, "a", "a", false},
		{"a change without actions", change([]string{}, nil, net("a")), "a", "a", false},
		{"a change without values", change([]string{"create"}, nil, nil), "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := c.plan.json(t)
			for form, text := range map[string]string{"as Terraform prints it": text, "types first": typesFirst(t, text)} {
				r := readText(t, text)
				if got := worldText(r.After); got != c.after {
					t.Errorf("%s: after is %q, want %q", form, got, c.after)
				}
				if got := worldText(r.Before); got != c.before {
					t.Errorf("%s: before is %q, want %q", form, got, c.before)
				}
				if r.Changed != c.changed {
					t.Errorf("%s: changed is %v", form, r.Changed)
				}
			}
		})
	}
}

// typesFirst writes a plan's changes with the type in front, and the rest of each change in reverse: what a change holds does not depend on order.
// (Go writes objects sorted, so the other form is what jq -S prints: change before type, prior_state before resource_changes.)
func typesFirst(t *testing.T, text string) string {
	t.Helper()
	var plan map[string]json.RawMessage
	var changes []map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(plan["resource_changes"], &changes); err != nil {
		t.Fatal(err)
	}
	backwards := func(m map[string]json.RawMessage) []byte {
		keys := sortedKeys(m)
		slices.Reverse(keys)
		var fields [][]byte
		for _, k := range keys {
			fields = append(fields, append([]byte(`"`+k+`":`), m[k]...))
		}
		return slices.Concat([]byte("{"), bytes.Join(fields, []byte(",")), []byte("}"))
	}
	var out [][]byte
	for _, c := range changes {
		var inner map[string]json.RawMessage
		if err := json.Unmarshal(c["change"], &inner); err != nil {
			t.Fatal(err)
		}
		c["change"] = backwards(inner)
		out = append(out, backwards(c))
	}
	plan["resource_changes"] = slices.Concat([]byte("["), bytes.Join(out, []byte(",")), []byte("]"))
	return string(backwards(plan))
}

// A deferred data source of our own means that the gate could not speak; why is Terraform's reason.
func TestDeferredReads(t *testing.T) {
	r := build{resources: []resource{{address: "data.gkepreflight_gate.g", actions: []string{"read"}, after: object{}, reason: "read_because_dependency_pending", config: object{}},
		{address: "data.gkepreflight_gate.h", actions: []string{"read"}, after: object{}, config: object{}}}}.read(t)
	if len(r.After.Deferred) != 2 || r.After.Deferred[0].Reason != "read_because_dependency_pending" || r.After.Deferred[1].Reason != "read during apply" {
		t.Errorf("deferred reads are %+v", r.After.Deferred)
	}
}

// Values of a type the provider's schema does not have make facts unknown; nothing else suffers.
func TestAttributesOfTheWrongType(t *testing.T) {
	for name, wrong := range map[string]any{"a number": 7, "a string": "text", "a boolean": true, "a list": []any{1}, "an object": object{"a": 1}, "null": nil, "nested": []any{object{"a": []any{}}}} {
		t.Run(name, func(t *testing.T) {
			var b build
			for typ := range wanted {
				after := object{}
				for a := range wanted[typ] {
					after[a] = wrong
				}
				b.resources = append(b.resources, resource{address: typ + ".x", after: after, config: object{}},
					resource{address: typ + `.y["k"]`, after: object{"name": wrong}, unknown: wrong, sensitive: wrong, config: object{"network": wrong}})
			}
			b.resources = append(b.resources, networkNamed("good"))
			r := b.read(t)
			if !slices.ContainsFunc(r.After.Networks, func(n *topology.Network) bool { return n.Name == "good" }) {
				t.Error("the good network is gone")
			}
		})
	}
}
