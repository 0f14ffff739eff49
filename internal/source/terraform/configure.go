package terraform

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform/configuration"
	"github.com/zclconf/go-cty/cty"
)

// joining names, for each type, the attributes that lead to other objects: all that is evaluated from the configuration.
var joining = map[string][]string{
	"google_container_cluster":                                  {"network", "subnetwork", "ip_allocation_policy"},
	"google_container_node_pool":                                {"cluster", "network_config"},
	"google_compute_subnetwork":                                 {"network"},
	"google_compute_router":                                     {"network"},
	"google_compute_router_nat":                                 {"router", "subnetwork", "nat64_subnetwork"},
	"google_compute_route":                                      {"network", "next_hop_instance", "next_hop_ip", "next_hop_vpn_tunnel", "next_hop_ilb"},
	"google_network_connectivity_policy_based_route":            {"network"},
	"google_compute_firewall":                                   {"network"},
	"google_compute_firewall_policy_rule":                       {"firewall_policy", "target_resources"},
	"google_compute_network_firewall_policy_rule":               {"firewall_policy"},
	"google_compute_region_network_firewall_policy_rule":        {"firewall_policy"},
	"google_compute_network_firewall_policy_association":        {"firewall_policy", "attachment_target"},
	"google_compute_region_network_firewall_policy_association": {"firewall_policy", "attachment_target"},
	"google_dns_managed_zone":                                   {"private_visibility_config", "peering_config"},
	"google_dns_record_set":                                     {"managed_zone", "rrdatas"},
	"google_dns_response_policy":                                {"networks"},
	"google_dns_response_policy_rule":                           {"response_policy"},
	"google_dns_policy":                                         {"networks"},
	"google_compute_global_forwarding_rule":                     {"network", "ip_address"},
	"google_compute_global_address":                             {"network"},
}

// configure reads the configuration behind a plan and evaluates, over what the plan knows, the attributes that join and that the plan leaves
// unknown. Every instance gets the file and line of its block.
func (d *document) configure(path string) error {
	conf, err := configuration.Open(path)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	k := &planned{doc: d, blocks: map[blockKey][]configuration.Instance{}, paths: map[string]configuration.Path{}}
	for _, in := range d.instances {
		key := blockKey{in.module, in.data, in.typ, in.name}
		k.blocks[key] = append(k.blocks[key], configuration.Instance{Key: in.key, Value: linked(in)})
		k.path(in.module)
	}
	k.byPath = map[string]string{}
	for address, p := range k.paths {
		k.byPath[pathText(p)] = address
	}
	eval := conf.Evaluator(k)
	evaluated := make([]cty.Value, len(d.instances))
	for i, in := range d.instances {
		mode := "managed"
		if in.data {
			mode = "data"
		}
		if file, line, ok := conf.Position(k.paths[in.module], mode, in.typ, in.name); ok {
			in.file, in.line = filepath.ToSlash(file), line
		}
		evaluated[i] = in.value
		if slices.Contains(workloadTypes, in.typ) {
			evaluated[i] = evaluateImages(in, k.paths[in.module], eval)
			continue
		}
		names := joining[in.typ]
		if len(names) == 0 || wholeKnown(in.value, names) {
			continue
		}
		if attributes, ok := eval.Resource(k.paths[in.module], mode, in.typ, in.name, in.key, names); ok {
			evaluated[i] = overlay(in.value, attributes)
		}
	}
	for i, in := range d.instances {
		in.value = evaluated[i]
	}
	return nil
}

func wholeKnown(v cty.Value, names []string) bool {
	for _, n := range names {
		if !attribute(v, n).IsWhollyKnown() {
			return false
		}
	}
	return true
}

// planned tells the evaluator what the plan knows.
type planned struct {
	doc    *document
	blocks map[blockKey][]configuration.Instance
	paths  map[string]configuration.Path // by module address
	byPath map[string]string
}

func (k *planned) path(module string) configuration.Path {
	if p, done := k.paths[module]; done {
		return p
	}
	steps, err := modulePath(module)
	if err != nil {
		steps = nil
	}
	var p configuration.Path
	for _, s := range steps {
		p = append(p, configuration.Step{Name: s.name, Key: s.key})
	}
	k.paths[module] = p
	return p
}

func pathText(p configuration.Path) string {
	text := ""
	for _, s := range p {
		text += s.Name + "\x00" + keyText(s.Key) + "\x00"
	}
	return text
}

// Variable implements configuration.Known.
func (k *planned) Variable(name string) (cty.Value, bool) {
	v, told := k.doc.variables[name]
	return v, told
}

// Instances implements configuration.Known.
func (k *planned) Instances(module configuration.Path, mode, typ, name string) ([]configuration.Instance, bool) {
	if !interesting(typ) {
		return nil, false
	}
	address, known := k.byPath[pathText(module)]
	if !known {
		return nil, true
	}
	return k.blocks[blockKey{address, mode == "data", typ, name}], true
}

// linked is an instance's value as an expression sees it: links that Google derives from the name are known before apply, and an unknown
// carries the mark of the instance it will come from.
func linked(in *instance) cty.Value {
	v, _ := in.value.Unmark()
	if !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() {
		return cty.DynamicVal.Mark(instanceMark{in})
	}
	out := map[string]cty.Value{}
	for name := range wanted[in.typ] {
		out[name] = cty.DynamicVal.Mark(instanceMark{in})
	}
	for name, a := range v.AsValueMap() {
		if u, _ := a.Unmark(); u.IsKnown() {
			out[name] = a
		}
	}
	if in.typ == "google_artifact_registry_repository" {
		deriveRepository(in, out)
	}
	if id := derivedLink(in); id != "" {
		link := func(text string) cty.Value {
			if isSensitive(attribute(v, "name")) || isSensitive(attribute(v, "project")) {
				return cty.StringVal(text).Mark(sensitiveMark{})
			}
			return cty.StringVal(text)
		}
		if !isKnown(attribute(v, "id")) || isNull(attribute(v, "id")) {
			out["id"] = link(id)
		}
		if u, _ := out["self_link"].Unmark(); out["self_link"] != cty.NilVal && !u.IsKnown() {
			out["self_link"] = link("https://www.googleapis.com/compute/v1/" + id)
		}
	}
	return cty.ObjectVal(out)
}

// derivedLink is the path that Google gives a resource of known project, region and name (Compute Engine documentation, "Resource names").
func derivedLink(in *instance) string {
	get := func(name string) string { s, _ := asString(attribute(in.value, name)); return s }
	project, name, region := get("project"), get("name"), get("region")
	if project == "" || name == "" {
		return ""
	}
	switch in.typ {
	case "google_compute_network":
		return "projects/" + project + "/global/networks/" + name
	case "google_compute_global_address":
		return "projects/" + project + "/global/addresses/" + name
	}
	if region == "" {
		return ""
	}
	switch in.typ {
	case "google_compute_subnetwork":
		return "projects/" + project + "/regions/" + region + "/subnetworks/" + name
	case "google_compute_router":
		return "projects/" + project + "/regions/" + region + "/routers/" + name
	}
	return ""
}

// overlay puts evaluated attributes where the planned value has unknowns. What the plan knows stands.
func overlay(value cty.Value, attributes map[string]configuration.Attribute) cty.Value {
	v, marks := value.Unmark()
	if !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() {
		return value
	}
	out := v.AsValueMap()
	if out == nil {
		out = map[string]cty.Value{}
	}
	for name, a := range attributes {
		out[name] = fill(out[name], a.Value)
	}
	return cty.ObjectVal(out).WithMarks(marks)
}

// fill takes the planned value where it is known, the evaluated one where it is not, and goes into blocks that pair in order. Elements of a set do not
// pair: there the evaluated ones stand, as many as planned.
func fill(plan, evaluated cty.Value) cty.Value {
	evaluated = secret(evaluated)
	if plan == cty.NilVal || !isKnown(plan) {
		return evaluated
	}
	if plan.IsWhollyKnown() || !isKnown(evaluated) {
		return plan
	}
	p, planMarks := plan.Unmark()
	e, _ := evaluated.Unmark()
	switch {
	case p.Type().IsObjectType() && e.Type().IsObjectType():
		out := p.AsValueMap()
		for name, v := range e.AsValueMap() {
			out[name] = fill(out[name], v)
		}
		return cty.ObjectVal(out).WithMarks(planMarks)
	case p.CanIterateElements() && e.CanIterateElements() && p.LengthInt() == e.LengthInt():
		planList, _ := elements(plan)
		list, _ := elements(evaluated)
		if len(planList) != 1 {
			return evaluated
		}
		return cty.TupleVal([]cty.Value{fill(planList[0], list[0])}).WithMarks(planMarks)
	}
	return plan
}

// secret turns the configuration's own mark for sensitive values into the reader's.
func secret(v cty.Value) cty.Value {
	if v == cty.NilVal || !v.HasMark(configuration.Sensitive) {
		return v
	}
	u, marks := v.Unmark()
	delete(marks, configuration.Sensitive)
	return u.WithMarks(marks).Mark(sensitiveMark{})
}
