package terraform

import (
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// outer names what a type's names are unique in, where that is less than a project and location: the attribute that tells, and its type.
var outer = map[string]struct{ attr, typ string }{
	"google_compute_router_nat":       {"router", "google_compute_router"},
	"google_container_node_pool":      {"cluster", "google_container_cluster"},
	"google_dns_record_set":           {"managed_zone", "google_dns_managed_zone"},
	"google_dns_response_policy_rule": {"response_policy", "google_dns_response_policy"},
}

// nameIn is an instance's name as it is unique in its project and location; empty where part of it is not known. Google Cloud's APIs know their
// objects by the same, so that a plan's object and an existing one are told to be one.
func (w *world) nameIn(in *instance, it *identity) string {
	switch in.typ {
	case "google_artifact_registry_vpcsc_config":
		return "vpcscConfig" // there is one of them
	case "google_service_account":
		return emailOf(in, it.project)
	}
	o, lies := outer[in.typ]
	if !lies || it.name == "" {
		return it.name
	}
	parts := []string{w.outerName(in, it, o.attr, o.typ), it.name}
	if in.typ == "google_dns_record_set" {
		parts = []string{parts[0], strings.TrimSuffix(it.name, ".") + ".", it.read(in, "type")}
	}
	for _, p := range parts {
		if p == "" {
			return ""
		}
	}
	return strings.Join(parts, "/")
}

// outerName is the name of what an instance lies in: by value, else that of the only instance that the attribute refers to. It asks for no
// identity but that one's, as identities are what joining by name rests on.
func (w *world) outerName(in *instance, it *identity, attr, typ string) string {
	if text := it.read(in, attr); text != "" {
		return parseLink(text).name
	}
	list := instanceMarks(attribute(in.value, attr))
	if len(list) == 0 {
		list = w.resolveAttribute(in, []string{attr}, typ).instances
	}
	if len(list) != 1 || list[0].typ != typ {
		return ""
	}
	o := w.identify(list[0])
	it.hidden = it.hidden || o.hidden
	return o.name
}

// hiddenIDs are the identities that instances have by names no report may show. What exists by such a name is what the plan tells of, and is not to
// be counted beside it; but others refer to networks, subnetworks, routers and zones by their names, so that these stay.
func (w *world) hiddenIDs() []topology.ID {
	var out []topology.ID
	for _, in := range w.instances {
		switch in.typ {
		case "google_compute_network", "google_compute_subnetwork", "google_compute_router", "google_dns_managed_zone":
		default:
			if it := w.identify(in); it.hidden && it.known != it.id && !in.data {
				out = append(out, it.known)
			}
		}
	}
	return out
}
