package terraform

import (
	"cmp"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

// identity is what an instance is called, as far as that is known.
type identity struct {
	id                      topology.ID // as facts carry it
	known                   topology.ID // as names lead to it: another one where a part of it is sensitive
	project, location, name string
	// hidden is true where project, location or name is sensitive: then none of them is shown.
	hidden bool
}

// kindOf is the type an object is known by, whichever of its forms declares it.
func kindOf(typ string) string { return strings.TrimSuffix(typ, "_with_rules") }

// global lists the types without a location.
var global = map[string]bool{"google_compute_network": true, "google_dns_managed_zone": true, "google_compute_route": true,
	"google_compute_firewall": true, "google_compute_global_address": true, "google_compute_global_forwarding_rule": true,
	"google_dns_response_policy": true, "google_dns_policy": true, "google_compute_network_firewall_policy": true,
	"google_network_connectivity_policy_based_route": true, "google_compute_network_firewall_policy_association": true,
	"google_compute_firewall_policy_association": true, "google_project_iam_custom_role": true, "google_service_account": true,
	"google_dns_record_set": true, "google_dns_response_policy_rule": true, "google_compute_firewall_policy": true,
	"google_access_context_manager_service_perimeter": true}

// above lists the types that lie in no project, but in an organisation.
var above = map[string]bool{"google_compute_firewall_policy": true, "google_access_context_manager_service_perimeter": true}

// nameAttribute is where a type keeps its name, where that is not "name".
var nameAttribute = map[string]string{"google_dns_response_policy": "response_policy_name",
	"google_artifact_registry_repository": "repository_id", "google_project_iam_custom_role": "role_id", "google_service_account": "email",
	"google_dns_response_policy_rule": "rule_name", "google_compute_firewall_policy_with_rules": "policy_id"}

// identify names an instance: by project, location and name where all are known, else by its address.
func (w *world) identify(in *instance) *identity {
	if known := w.ids[in]; known != nil {
		return known
	}
	it := &identity{id: addressID(w.doc.source, in.address)}
	it.known = it.id
	w.ids[in] = it
	attr := cmp.Or(nameAttribute[in.typ], "name")
	it.name = it.read(in, attr)
	it.project = it.read(in, "project")
	kind := kindOf(in.typ)
	if it.project == "" && !above[kind] {
		it.project = w.projectOf(in, it)
	}
	it.location = parseLink(cmp.Or(it.read(in, "region"), it.read(in, "location"))).name
	if it.location == "" {
		it.location = w.providerString(in, "region")
	}
	where := it.location
	if global[kind] {
		where = "global"
	}
	name := w.nameIn(in, it)
	if name != "" && (it.project != "" || above[kind]) && where != "" && strings.HasPrefix(kind, "google_") {
		it.known = topology.Identify(kind, it.project, where, name)
		if !it.hidden {
			it.id = it.known
		}
	}
	return it
}

// read gives a part of the identity, and remembers whether it is sensitive.
func (it *identity) read(in *instance, attr string) string {
	v := attribute(in.value, attr)
	s, _ := asString(v)
	it.hidden = it.hidden || s != "" && isSensitive(v)
	return s
}

func addressID(source, address string) topology.ID {
	return topology.ID("addr:" + source + "/" + address)
}

// projectOf is an instance's project where its own attribute does not tell: its provider's, else that of the network it lies in.
// GOOGLE_PROJECT is invisible in a plan.
func (w *world) projectOf(in *instance, it *identity) string {
	if s := w.providerString(in, "project"); s != "" {
		return s
	}
	if in.typ != "google_container_cluster" && in.typ != "google_container_node_pool" {
		return ""
	}
	for _, via := range []struct{ attr, typ string }{{"cluster", "google_container_cluster"}, {"subnetwork", "google_compute_subnetwork"}, {"network", "google_compute_network"}} {
		v := attribute(in.value, via.attr)
		if s, _ := asString(v); parseLink(s).project != "" {
			it.hidden = it.hidden || isSensitive(v)
			return parseLink(s).project
		}
		if found := w.resolveAttribute(in, []string{via.attr}, via.typ); len(found.instances) == 1 {
			if other := w.identify(found.instances[0]); other.project != "" {
				it.hidden = it.hidden || other.hidden
				return other.project
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
			return w.evaluated(p, key, argument, e.references)
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

// evaluated is a provider argument that is no constant: as the provider filled it into an instance that leaves it out, else the value of the one
// root variable it consists of.
func (w *world) evaluated(p *provider, key, argument string, references []string) string {
	if w.filled == nil {
		w.filled = map[providerArgument]string{}
		for _, in := range w.instances {
			if in.config == nil || in.data {
				continue
			}
			for _, a := range []string{"project", "region"} {
				v := attribute(in.value, a)
				if s, known := asString(v); known && s != "" && !isSensitive(v) && in.config.attributes != nil {
					if _, written := in.config.attributes[a]; !written {
						w.filled[providerArgument{in.config.providerKey, a}] = s
					}
				}
			}
		}
	}
	if s := w.filled[providerArgument{key, argument}]; s != "" {
		return s
	}
	if len(references) != 1 || p.module != "" {
		return ""
	}
	name, isVariable := strings.CutPrefix(references[0], "var.")
	if !isVariable || w.doc.root != nil && w.doc.root.secrets[name] {
		return ""
	}
	s, _ := asString(w.doc.variables[name])
	return s
}

type providerArgument struct{ key, argument string }

// object is what every fact of an instance carries.
func (w *world) object(in *instance) topology.Object {
	it := w.identify(in)
	if it.hidden {
		it = &identity{id: it.id, name: "(sensitive)"}
	}
	return topology.Object{ID: it.id, Kind: kindOf(in.typ), Address: in.address, Name: it.name, Project: it.project, Location: it.location,
		Source: w.doc.source, File: in.file, Line: in.line, Managed: !in.data && !in.forgotten, Created: in.created}
}
