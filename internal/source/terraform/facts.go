package terraform

import (
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

// facts turns every instance of a world into facts.
func (w *world) facts() topology.Facts {
	var f topology.Facts
	for _, in := range w.instances {
		if in.data && in.deferred != "" && strings.HasPrefix(in.typ, ours) {
			f.Deferred = append(f.Deferred, &topology.DeferredRead{Object: w.object(in), Reason: in.deferred})
			continue
		}
		if read, known := readers[in.typ]; known {
			read(w, in, &f)
		} else if slices.Contains(workloadTypes, in.typ) && !in.data {
			w.readWorkload(in, &f)
		}
	}
	w.attachPools(&f)
	w.attachPerimeters(&f)
	return f
}

// readers turn one instance into facts, by resource type.
var readers = map[string]func(*world, *instance, *topology.Facts){
	"google_container_cluster":                                 (*world).readCluster,
	"google_compute_network":                                   (*world).readNetwork,
	"google_compute_subnetwork":                                (*world).readSubnetwork,
	"google_compute_router":                                    (*world).readRouter,
	"google_compute_router_nat":                                (*world).readNAT,
	"google_compute_route":                                     (*world).readRoute,
	"google_network_connectivity_policy_based_route":           (*world).readPolicyRoute,
	"google_compute_firewall":                                  (*world).readFirewall,
	"google_compute_firewall_policy_rule":                      (*world).readPolicyRule,
	"google_compute_network_firewall_policy_rule":              (*world).readPolicyRule,
	"google_compute_region_network_firewall_policy_rule":       (*world).readPolicyRule,
	"google_compute_firewall_policy_with_rules":                (*world).readPolicyWithRules,
	"google_compute_network_firewall_policy_with_rules":        (*world).readPolicyWithRules,
	"google_compute_region_network_firewall_policy_with_rules": (*world).readPolicyWithRules,
	"google_dns_managed_zone":                                  (*world).readZone,
	"google_dns_record_set":                                    (*world).readRecordSet,
	"google_dns_response_policy_rule":                          (*world).readResponseRule,
	"google_dns_policy":                                        (*world).readDNSPolicy,
	"google_compute_global_forwarding_rule":                    (*world).readEndpoint,
	"google_artifact_registry_repository":                      (*world).readRepository,
	"google_artifact_registry_vpcsc_config":                    (*world).readVPCSC,
	"google_artifact_registry_repository_iam_member":           (*world).readGrant,
	"google_artifact_registry_repository_iam_binding":          (*world).readGrant,
	"google_artifact_registry_repository_iam_policy":           (*world).readGrant,
	"google_project_iam_member":                                (*world).readGrant,
	"google_project_iam_binding":                               (*world).readGrant,
	"google_project_iam_policy":                                (*world).readGrant,
	"google_folder_iam_member":                                 (*world).readGrant,
	"google_folder_iam_binding":                                (*world).readGrant,
	"google_organization_iam_member":                           (*world).readGrant,
	"google_organization_iam_binding":                          (*world).readGrant,
	"google_project_iam_custom_role":                           (*world).readRole,
	"google_service_account":                                   (*world).readServiceAccount,
	"google_access_context_manager_service_perimeter":          (*world).readPerimeter,
	"kubernetes_manifest":                                      (*world).readManifest,
	"kubectl_manifest":                                         (*world).readManifest,
	"helm_release":                                             (*world).readHelm,
	"kubernetes_secret":                                        (*world).readSecret,
	"kubernetes_secret_v1":                                     (*world).readSecret,
	"kubernetes_config_map":                                    (*world).readConfigMap,
	"kubernetes_config_map_v1":                                 (*world).readConfigMap,
}

// from is the origin of an attribute of an instance.
func (in *instance) from(attr string) topology.Origin {
	return topology.Origin{Object: in.address, Attribute: attr, File: in.file, Line: in.line}
}

// settled gives an attribute's value, with Google's default (null) in place of an unknown that only means "left out": the google provider
// prints an optional, computed attribute that the configuration omits as unknown on create.
func (w *world) settled(in *instance, path ...string) cty.Value {
	v := dig(in.value, path...)
	if w.handed && !isKnown(v) && in.created && leftOut[path[0]] {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	if isKnown(v) || in.config == nil || len(instanceMarks(v)) > 0 {
		return v
	}
	e, told := in.config.attributes[path[0]]
	for _, p := range path[1:] {
		if !told || len(e.blocks) == 0 {
			break
		}
		e, told = e.blocks[0][p]
	}
	null := cty.NullVal(cty.DynamicPseudoType)
	switch {
	case !told:
		return null
	case e.constant != cty.NilVal && isNull(e.constant):
		return null
	case len(e.blocks) == 0 && w.plain(w.moduleOf(in), e.references, 0):
		return null
	}
	return v
}

// plain reports whether references rest on inputs alone, so that an unknown can only be a null that was passed on.
func (w *world) plain(m *moduleInstance, references []string, depth int) bool {
	if depth > maxHops || len(references) == 0 {
		return depth <= maxHops && depth > 0
	}
	for _, r := range references {
		steps := w.parse(r)
		if len(steps) == 0 {
			return false
		}
		switch steps[0].name {
		case "each", "count", "local", "path", "terraform":
		case "var":
			if m == nil || m.parent == nil || m.call == nil || len(steps) < 2 {
				continue
			}
			if e, told := m.call.attributes[steps[1].name]; told && e.constant == cty.NilVal && !w.plain(m.parent, nested(e), depth+1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func instanceMarks(v cty.Value) []*instance {
	var out []*instance
	_, marks := v.Unmark()
	for m := range marks {
		if im, ok := m.(instanceMark); ok {
			out = append(out, im.instance)
		}
	}
	return out
}

// omitted reports whether the configuration certainly leaves an attribute out.
func (w *world) omitted(in *instance, attr string) bool {
	v := attribute(in.value, attr)
	if isKnown(v) || in.config == nil {
		return isNull(v)
	}
	e, told := in.config.attributes[attr]
	return !told && len(instanceMarks(v)) == 0 || told && e.constant != cty.NilVal && isNull(e.constant)
}
