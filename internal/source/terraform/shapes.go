package terraform

import "strings"

// wanted names, for each resource type that matters, the attributes that become facts. The rest of a plan is skipped unread:
// most of it is of no interest, and what is not read cannot leak.
var wanted = shapesOf(map[string][]string{
	"google_container_cluster": {"id", "name", "project", "location", "network", "subnetwork", "private_cluster_config",
		"ip_allocation_policy", "default_snat_status", "enable_autopilot", "node_pool", "node_config", "initial_node_count",
		"remove_default_node_pool", "node_locations", "node_pool_auto_config", "self_link", "cluster_autoscaling", "node_pool_defaults"},
	"google_container_node_pool": {"id", "name", "name_prefix", "project", "location", "cluster", "network_config", "node_config",
		"autoscaling", "node_count", "initial_node_count", "node_locations", "upgrade_settings"},
	"google_compute_network": {"id", "name", "project", "self_link", "delete_default_routes_on_create",
		"network_firewall_policy_enforcement_order", "auto_create_subnetworks"},
	"google_compute_subnetwork": {"id", "name", "project", "region", "network", "self_link", "ip_cidr_range",
		"private_ip_google_access", "secondary_ip_range", "gateway_address"},
	"google_compute_router": {"id", "name", "project", "region", "network", "self_link"},
	"google_compute_router_nat": {"id", "name", "project", "region", "router", "type", "endpoint_types",
		"source_subnetwork_ip_ranges_to_nat", "subnetwork", "nat_ip_allocate_option", "nat_ips", "drain_nat_ips",
		"min_ports_per_vm", "max_ports_per_vm", "enable_dynamic_port_allocation",
		"source_subnetwork_ip_ranges_to_nat64", "nat64_subnetwork", "initial_nat_ips"},
	"google_compute_route": {"id", "name", "project", "network", "dest_range", "priority", "tags", "next_hop_gateway",
		"next_hop_instance", "next_hop_ip", "next_hop_vpn_tunnel", "next_hop_ilb", "next_hop_network"},
	"google_network_connectivity_policy_based_route": {"id", "name", "project", "network", "filter", "priority",
		"next_hop_ilb_ip", "next_hop_other_routes", "virtual_machine", "interconnect_attachment"},
	"google_compute_firewall": {"id", "name", "project", "network", "direction", "priority", "disabled", "allow", "deny",
		"destination_ranges", "source_ranges", "target_tags", "target_service_accounts"},
	"google_compute_firewall_policy":                            {"id", "name", "parent", "short_name", "firewall_policy_id"},
	"google_compute_firewall_policy_rule":                       policyRule,
	"google_compute_firewall_policy_association":                {"id", "name", "firewall_policy", "attachment_target"},
	"google_compute_firewall_policy_with_rules":                 {"id", "name", "parent", "short_name", "rule", "policy_id"},
	"google_compute_network_firewall_policy":                    {"id", "name", "project", "self_link"},
	"google_compute_network_firewall_policy_rule":               policyRule,
	"google_compute_network_firewall_policy_association":        {"id", "name", "project", "firewall_policy", "attachment_target", "priority"},
	"google_compute_network_firewall_policy_with_rules":         {"id", "name", "project", "self_link", "rule"},
	"google_compute_region_network_firewall_policy":             {"id", "name", "project", "region", "self_link"},
	"google_compute_region_network_firewall_policy_rule":        policyRule,
	"google_compute_region_network_firewall_policy_association": {"id", "name", "project", "region", "firewall_policy", "attachment_target", "priority"},
	"google_compute_region_network_firewall_policy_with_rules":  {"id", "name", "project", "region", "self_link", "rule"},
	"google_dns_managed_zone": {"id", "name", "project", "dns_name", "visibility", "private_visibility_config", "peering_config", "forwarding_config",
		"service_directory_config"},
	"google_dns_record_set":                 {"id", "name", "project", "managed_zone", "type", "rrdatas", "routing_policy"},
	"google_dns_response_policy":            {"id", "project", "response_policy_name", "networks", "gke_clusters"},
	"google_dns_response_policy_rule":       {"id", "project", "response_policy", "rule_name", "dns_name", "behavior", "local_data"},
	"google_dns_policy":                     {"id", "name", "project", "networks", "alternative_name_server_config"},
	"google_compute_global_forwarding_rule": {"id", "name", "project", "network", "target", "ip_address"},
	"google_compute_global_address":         {"id", "name", "project", "network", "address", "purpose"},
	"google_compute_address":                {"id", "name", "project", "region", "self_link"},
	"google_artifact_registry_repository": {"id", "project", "location", "repository_id", "format", "mode",
		"remote_repository_config", "virtual_repository_config", "name", "registry_uri"},
	"google_artifact_registry_vpcsc_config":                         {"id", "project", "location", "vpcsc_policy"},
	"google_artifact_registry_repository_iam_member":                {"id", "project", "location", "repository", "role", "member", "condition"},
	"google_artifact_registry_repository_iam_binding":               {"id", "project", "location", "repository", "role", "members", "condition"},
	"google_artifact_registry_repository_iam_policy":                {"id", "project", "location", "repository", "policy_data"},
	"google_project_iam_member":                                     {"id", "project", "role", "member", "condition"},
	"google_project_iam_binding":                                    {"id", "project", "role", "members", "condition"},
	"google_project_iam_policy":                                     {"id", "project", "policy_data"},
	"google_project_iam_custom_role":                                {"id", "name", "project", "role_id", "permissions"},
	"google_service_account":                                        {"id", "name", "project", "account_id", "email", "member"},
	"google_access_context_manager_service_perimeter":               {"id", "name", "status"},
	"kubernetes_config_map":                                         {"metadata", "data"},
	"kubernetes_manifest":                                           {"manifest"},
	"kubectl_manifest":                                              {"yaml_body_parsed"},
	"helm_release":                                                  {"name", "namespace", "values", "set"},
	"kubernetes_secret":                                             pullSecretAttributes,
	"kubernetes_secret_v1":                                          pullSecretAttributes,
	"kubernetes_service_account":                                    {"metadata", "image_pull_secret"},
	"kubernetes_service_account_v1":                                 {"metadata", "image_pull_secret"},
	"kubernetes_default_service_account":                            {"metadata", "image_pull_secret"},
	"kubernetes_default_service_account_v1":                         {"metadata", "image_pull_secret"},
	"google_access_context_manager_service_perimeter_egress_policy": {"id", "perimeter", "egress_to"},
	"google_access_context_manager_service_perimeter_resource":      {"id", "perimeter_name", "resource"},
	"google_folder_iam_member":                                      {"id", "folder", "role", "member", "condition"},
	"google_folder_iam_binding":                                     {"id", "folder", "role", "members", "condition"},
	"google_organization_iam_member":                                {"id", "org_id", "role", "member", "condition"},
	"google_organization_iam_binding":                               {"id", "org_id", "role", "members", "condition"},
	"kubernetes_config_map_v1":                                      {"metadata", "data"},
})

var pullSecretAttributes = []string{"metadata", "type", "data", "binary_data", "data_wo_revision"}

var policyRule = []string{"id", "project", "region", "firewall_policy", "direction", "priority", "action", "disabled", "match",
	"target_service_accounts", "target_secure_tags", "target_resources", "target_type", "rule_name"}

// shape is the set of a type's attributes that become facts.
type shape map[string]bool

func (s shape) keeps(attribute string) bool { return s[attribute] }

func shapesOf(types map[string][]string) map[string]shape {
	for _, kind := range workloadTypes {
		types[kind] = []string{"metadata", "spec"}
	}
	shapes := make(map[string]shape, len(types))
	for typ, attributes := range types {
		shapes[typ] = shape{}
		for _, a := range attributes {
			shapes[typ][a] = true
		}
	}
	return shapes
}

// inside chooses among the fields of the largest blocks, at any depth.
var inside = map[string]func(string) bool{
	"node_config": shape{"tags": true, "service_account": true, "image_type": true, "machine_type": true, "oauth_scopes": true,
		"containerd_config": true, "taint": true}.keeps,
}

// private is never kept, at any depth: nothing of it becomes a fact, and much of it is secret.
var private = map[string]bool{"env": true, "env_from": true, "args": true, "command": true, "annotations": true,
	"labels": true, "master_auth": true, "metadata_startup_script": true}

// ours is the type prefix of this provider's own objects.
const ours = "gkepreflight_"

func interesting(typ string) bool { return wanted[typ] != nil || strings.HasPrefix(typ, ours) }

func wants(typ, attribute string) bool { return wanted[typ][attribute] }
