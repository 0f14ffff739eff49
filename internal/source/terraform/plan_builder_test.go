package terraform

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// object is a JSON object in a test.
type object = map[string]any

// resource is one instance of a plan that a test builds. What it leaves out is what Terraform leaves out; actions default to create.
type resource struct {
	address            string
	actions            []string
	before, after      object
	unknown, sensitive any
	config             object // expressions of its block
	forEach            object
	provider           string
	deposed            bool
	reason             string
}

// call is one module call: its path of call names, what it is given, and the outputs of its module.
type call struct {
	path           string
	given, outputs object
	forEach        object
}

// build is a plan that a test builds.
type build struct {
	resources []resource
	calls     []call
	providers object
	variables object
	secrets   []string // root variables marked sensitive
	prior     []any    // resources of the prior state's root module
	extra     object   // further top-level fields
}

// refs is an expression that consists of references.
func refs(list ...string) object { return object{"references": list} }

// constant is a literal expression.
func constant(v any) object { return object{"constant_value": v} }

func (b build) json(t testing.TB) string {
	t.Helper()
	root := object{}
	module := func(path []string) object {
		m := root
		for _, name := range path {
			calls, _ := m["module_calls"].(object)
			if calls == nil {
				calls = object{}
				m["module_calls"] = calls
			}
			c, _ := calls[name].(object)
			if c == nil {
				c = object{"module": object{}}
				calls[name] = c
			}
			m = c["module"].(object)
		}
		return m
	}
	for _, c := range b.calls {
		path := strings.Split(c.path, ".")
		module(path)["outputs"] = c.outputs
		at := module(path[:len(path)-1])["module_calls"].(object)[path[len(path)-1]].(object)
		at["expressions"] = c.given
		if c.forEach != nil {
			at["for_each_expression"] = c.forEach
		}
	}
	variables := object{}
	for _, name := range b.secrets {
		variables[name] = object{"sensitive": true}
	}
	root["variables"] = variables
	changes := []any{}
	blocks := map[string]bool{}
	for _, r := range b.resources {
		change, path, block := r.change(t)
		changes = append(changes, change)
		m := module(path)
		if key := strings.Join(path, ".") + "/" + block["address"].(string); !blocks[key] && r.config != nil {
			blocks[key] = true
			list, _ := m["resources"].([]any)
			m["resources"] = append(list, block)
		}
	}
	plan := object{"format_version": "1.2", "planned_values": object{}, "resource_changes": changes, "variables": b.variables,
		"prior_state":   object{"format_version": "1.0", "values": object{"root_module": object{"resources": b.prior}}},
		"configuration": object{"root_module": root, "provider_config": b.providers}}
	for k, v := range b.extra {
		plan[k] = v
	}
	text, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// change writes an instance as resource_changes has it, with the path of its module and its configuration block.
func (r resource) change(t testing.TB) (change object, path []string, block object) {
	t.Helper()
	steps, err := parseAddress(r.address)
	if err != nil {
		t.Fatal(err)
	}
	cut := 0
	for len(steps) > 2 && steps[0].name == "module" {
		path = append(path, steps[1].name)
		steps = steps[2:]
		cut = steps[0].at
	}
	change = object{"address": r.address, "mode": "managed"}
	if steps[0].name == "data" {
		change["mode"] = "data"
		steps = steps[1:]
	}
	last := steps[len(steps)-1]
	change["type"], change["name"] = steps[0].name, last.name
	if cut > 0 {
		change["module_address"] = r.address[:cut-1]
	}
	if text, _ := asString(last.key); last.keyed() {
		change["index"] = text
		if !strings.HasPrefix(keyText(last.key), "s") {
			change["index"] = json.Number(text)
		}
	}
	if r.deposed {
		change["deposed"] = "00000001"
	}
	if r.reason != "" {
		change["action_reason"] = r.reason
	}
	actions := r.actions
	if actions == nil {
		actions = []string{"create"}
	}
	c := object{"actions": actions, "before": nil, "after": nil, "after_unknown": object{}, "after_sensitive": object{}}
	if r.before != nil {
		c["before"] = r.before
	}
	if r.after != nil {
		c["after"] = r.after
	}
	if r.unknown != nil {
		c["after_unknown"] = r.unknown
	}
	if r.sensitive != nil {
		c["after_sensitive"], c["before_sensitive"] = r.sensitive, r.sensitive
	}
	change["change"] = c
	block = object{"address": steps[0].name + "." + last.name, "mode": change["mode"], "type": steps[0].name, "name": last.name,
		"provider_config_key": r.provider, "expressions": r.config}
	if r.forEach != nil {
		block["for_each_expression"] = r.forEach
	}
	return change, path, block
}

// read reads a plan that a test built.
func (b build) read(t testing.TB) Reading {
	t.Helper()
	return readText(t, b.json(t))
}

func readText(t testing.TB, text string) Reading {
	t.Helper()
	doc, err := readDocument(strings.NewReader(text), "plan.json")
	if err != nil {
		t.Fatal(err)
	}
	var r Reading
	r.lay(nil, topology.Facts{}, []layer{layerOf(doc)})
	return r
}

// is asserts that a fact is known and what it is.
func is[T comparable](t testing.TB, what string, v topology.Value[T], want T) {
	t.Helper()
	if got, known := v.Get(); !known || got != want {
		t.Errorf("%s is %v (known %v, %s), want %v", what, got, known, v.Why(), want)
	}
}

// unknown asserts that a fact is unknown, for a reason that holds some words.
func unknown[T any](t testing.TB, what string, v topology.Value[T], words string) {
	t.Helper()
	if got, known := v.Get(); known || !strings.Contains(v.Why(), words) {
		t.Errorf("%s is %v (known %v, %q), want unknown: %s", what, got, known, v.Why(), words)
	}
}

// network, subnetwork and the like are the objects that most tests need.
func networkNamed(name string) resource {
	return resource{address: "google_compute_network." + name, after: object{"name": name, "project": "p"}, unknown: object{"id": true, "self_link": true}, config: object{}}
}

func subnetworkOf(address, name, network string) resource {
	return resource{address: address, after: object{"name": name, "project": "p", "region": "r1"}, unknown: object{"id": true, "network": true},
		config: object{"network": refs("google_compute_network."+network+".id", "google_compute_network."+network)}}
}

func subnetID(name string) topology.ID {
	return topology.Identify("google_compute_subnetwork", "p", "r1", name)
}

func networkID(name string) topology.ID {
	return topology.Identify("google_compute_network", "p", "global", name)
}
