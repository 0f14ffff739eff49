package terraform

import (
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

// identity is what an instance is called, as far as that is known.
type identity struct {
	id                      topology.ID
	project, location, name string
}

// kindOf is the type an object is known by, whichever of its forms declares it.
func kindOf(typ string) string { return strings.TrimSuffix(typ, "_with_rules") }

// global lists the types without a location.
var global = map[string]bool{"google_compute_network": true, "google_dns_managed_zone": true, "google_compute_route": true,
	"google_compute_firewall": true, "google_compute_global_address": true, "google_compute_global_forwarding_rule": true,
	"google_dns_response_policy": true, "google_dns_policy": true, "google_compute_network_firewall_policy": true,
	"google_network_connectivity_policy_based_route": true, "google_compute_network_firewall_policy_association": true,
	"google_compute_firewall_policy_association": true}

// nameAttribute is where a type keeps its name, where that is not "name".
var nameAttribute = map[string]string{"google_dns_response_policy": "response_policy_name",
	"google_artifact_registry_repository": "repository_id"}

// identify names an instance: by project, location and name where all are known, else by its address.
func (w *world) identify(in *instance) *identity {
	if known := w.ids[in]; known != nil {
		return known
	}
	it := &identity{id: addressID(w.doc.source, in.address)}
	w.ids[in] = it
	attr := nameAttribute[in.typ]
	if attr == "" {
		attr = "name"
	}
	nameValue := attribute(in.value, attr)
	it.name, _ = asString(nameValue)
	it.project = w.projectOf(in)
	for _, a := range []string{"location", "region"} {
		if s, ok := asString(attribute(in.value, a)); ok {
			it.location = parseLink(s).name
		}
	}
	if it.location == "" {
		it.location = w.providerString(in, "region")
	}
	kind := kindOf(in.typ)
	where := it.location
	if global[kind] {
		where = "global"
	}
	named := it.name != "" && it.project != "" && where != ""
	if named && strings.HasPrefix(kind, "google_") && !strings.HasSuffix(kind, "_rule") && kind != "google_dns_record_set" {
		it.id = topology.Identify(kind, it.project, where, it.name)
	}
	if nameValue.IsMarked() {
		it.name = "(sensitive)"
	}
	return it
}

func addressID(source, address string) topology.ID {
	return topology.ID("addr:" + source + "/" + address)
}

// projectOf is an instance's project: its own attribute, else its provider's, else that of the network it lies in.
// GOOGLE_PROJECT is invisible in a plan.
func (w *world) projectOf(in *instance) string {
	if s, ok := asString(attribute(in.value, "project")); ok && s != "" {
		return s
	}
	if s := w.providerString(in, "project"); s != "" {
		return s
	}
	if in.typ != "google_container_cluster" && in.typ != "google_container_node_pool" {
		return ""
	}
	for _, attr := range []string{"cluster", "subnetwork", "network"} {
		if s, ok := asString(attribute(in.value, attr)); ok && parseLink(s).project != "" {
			return parseLink(s).project
		}
		typ := map[string]string{"cluster": "google_container_cluster", "subnetwork": "google_compute_subnetwork", "network": "google_compute_network"}[attr]
		if found := w.resolveAttribute(in, []string{attr}, typ); len(found.instances) == 1 {
			if p := w.identify(found.instances[0]).project; p != "" {
				return p
			}
		}
	}
	return ""
}

// providerString is a constant argument of the instance's provider configuration, or one set by a known root variable.
func (w *world) providerString(in *instance, argument string) string {
	if in.config == nil {
		return ""
	}
	key := in.config.providerKey
	for key != "" {
		if p := w.doc.providers[key]; p != nil && len(p.attributes) > 0 {
			e, told := p.attributes[argument]
			if !told {
				return ""
			}
			if e.constant != cty.NilVal {
				s, _ := asString(e.constant)
				return s
			}
			for _, ref := range e.references {
				if name, ok := strings.CutPrefix(ref, "var."); ok && p.module == "" {
					if v, known := w.doc.variables[name]; known {
						s, _ := asString(v)
						return s
					}
				}
			}
			return ""
		}
		// "module.a.module.b:google" inherits the configuration of a module above it.
		i := strings.LastIndexByte(key, ':')
		if i < 0 {
			return ""
		}
		module, name := key[:i], key[i+1:]
		j := strings.LastIndex(module, "module.")
		if j <= 0 {
			key = name
		} else {
			key = strings.TrimSuffix(module[:j], ".") + ":" + name
		}
	}
	return ""
}

// object is what every fact of an instance carries.
func (w *world) object(in *instance) topology.Object {
	it := w.identify(in)
	return topology.Object{ID: it.id, Kind: kindOf(in.typ), Address: in.address, Name: it.name, Project: it.project, Location: it.location,
		Source: w.doc.source, File: in.file, Line: in.line, Managed: !in.data && !in.forgotten, Created: in.created}
}
