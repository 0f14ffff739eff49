package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The objects of the google provider convert to these attributes, whole: Terraform drops what is not named here from plan and state,
// sensitive attributes included. Blocks are lists and sets of nested attributes, under the google provider's names.

type fields = map[string]schema.Attribute

func text(about string) schema.Attribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: about}
}

func flag(about string) schema.Attribute {
	return schema.BoolAttribute{Optional: true, MarkdownDescription: about}
}

func count(about string) schema.Attribute {
	return schema.Int64Attribute{Optional: true, MarkdownDescription: about}
}

func texts(about string) schema.Attribute {
	return schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: about}
}

func textSet(about string) schema.Attribute {
	return schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: about}
}

func blocks(about string, f fields) schema.Attribute {
	o := object(f)
	return schema.ListNestedAttribute{Optional: true, MarkdownDescription: about, NestedObject: o, CustomType: types.ListType{ElemType: o.CustomType}}
}

func blockSet(about string, f fields) schema.Attribute {
	o := object(f)
	return schema.SetNestedAttribute{Optional: true, MarkdownDescription: about, NestedObject: o, CustomType: types.SetType{ElemType: o.CustomType}}
}

// object knows its type from the start: the framework asks for it for every value, and would put it together each time from all that lies below.
func object(f fields) schema.NestedAttributeObject {
	return schema.NestedAttributeObject{Attributes: f, CustomType: objectType(f)}
}

func objectType(f fields) types.ObjectType {
	attributes := map[string]attr.Type{}
	for name, a := range f {
		attributes[name] = a.GetType()
	}
	return types.ObjectType{AttrTypes: attributes}
}

// with adds what every Google object has.
func with(f fields) fields {
	f["id"] = text("ID. Unknown on a first plan.")
	f["name"] = text("Name.")
	f["project"] = text("Project.")
	return f
}

func handed() fields {
	return fields{
		"cluster": schema.SingleNestedAttribute{Optional: true, MarkdownDescription: "The `google_container_cluster` to judge, a resource or a data source.",
			Attributes: clusterFields(), CustomType: objectType(clusterFields())},
		"node_pools":       blocks("Its `google_container_node_pool`s.", poolFields()),
		"networks":         blocks("The `google_compute_network` it lies in.", networkFields()),
		"subnetworks":      blocks("Its `google_compute_subnetwork`s. `[]` says there are none; null, that this is not told.", subnetworkFields()),
		"routers":          blocks("`google_compute_router`s of the network.", with(fields{"region": text("Region."), "network": text("Network."), "self_link": text("Self link.")})),
		"nats":             blocks("`google_compute_router_nat`s. `[]` says there are none; null, that this is not told.", natFields()),
		"routes":           blocks("`google_compute_route`s of the network.", routeFields()),
		"firewalls":        blocks("`google_compute_firewall` rules of the network.", firewallFields()),
		"dns_zones":        blocks("Private `google_dns_managed_zone`s attached to the network.", zoneFields()),
		"dns_record_sets":  blocks("`google_dns_record_set`s of these zones.", with(fields{"managed_zone": text("Zone."), "type": text("Type."), "rrdatas": texts("Data.")})),
		"forwarding_rules": blocks("`google_compute_global_forwarding_rule`s that are Private Service Connect endpoints for Google's APIs.", with(fields{"network": text("Network."), "target": text("`all-apis` or `vpc-sc`."), "ip_address": text("Address.")})),
		"addresses":        blocks("`google_compute_global_address`es of these endpoints.", with(fields{"network": text("Network."), "address": text("Address."), "purpose": text("Purpose.")})),
		"repositories": blocks("`google_artifact_registry_repository`s.", fields{"id": text("ID."), "project": text("Project."), "location": text("Location."),
			"repository_id": text("Name."), "format": text("Format."), "mode": text("Mode.")}),
	}
}

func clusterFields() fields {
	return with(fields{
		"location": text("Region or zone."), "network": text("Network."), "subnetwork": text("Subnetwork."), "self_link": text("Self link."),
		"enable_autopilot": flag("Whether it is an Autopilot cluster."), "initial_node_count": count("Nodes of the default pool, in each zone."),
		"remove_default_node_pool": flag("Whether the default pool is removed."), "node_locations": textSet("Zones."),
		"private_cluster_config": blocks("Private nodes.", fields{"enable_private_nodes": flag("Whether nodes have no external address by default.")}),
		"ip_allocation_policy": blocks("Ranges.", fields{
			"cluster_secondary_range_name": text("Secondary range of the pods."),
			"additional_pod_ranges_config": blocks("Further pod ranges.", fields{"pod_range_names": textSet("Names.")}),
			"additional_ip_ranges_config":  blocks("Further subnetworks.", fields{"subnetwork": text("Subnetwork."), "pod_ipv4_range_names": texts("Pod ranges in it.")}),
			"auto_ipam_config":             blocks("Automatic ranges.", fields{"enabled": flag("Whether GKE adds ranges.")}),
		}),
		"default_snat_status": blocks("Default source NAT.", fields{"disabled": flag("Whether pods keep their address.")}),
		"node_config":         nodeConfig(),
		"node_pool": blocks("Inline node pools.", fields{"name": text("Name."), "network_config": poolNetwork(), "node_config": nodeConfig(),
			"initial_node_count": count("Nodes in each zone."), "node_count": count("Nodes in each zone."), "autoscaling": autoscaling(), "node_locations": textSet("Zones.")}),
		"node_pool_auto_config": blocks("Autopilot's nodes.", fields{"network_tags": blocks("Tags.", fields{"tags": texts("Network tags.")})}),
		"cluster_autoscaling":   blocks("Node auto-provisioning.", fields{"auto_provisioning_defaults": blocks("Defaults.", fields{"service_account": text("Service account.")})}),
	})
}

func nodeConfig() schema.Attribute {
	return blocks("Nodes.", fields{"tags": texts("Network tags."), "service_account": text("Service account."), "image_type": text("Node image.")})
}

func poolNetwork() schema.Attribute {
	return blocks("Network of the pool.", fields{"enable_private_nodes": flag("Whether these nodes have no external address."), "subnetwork": text("Subnetwork of the pool."),
		"pod_range": text("Secondary range of its pods."), "create_pod_range": flag("Whether GKE creates that range.")})
}

func autoscaling() schema.Attribute {
	return blocks("Autoscaling.", fields{"max_node_count": count("Most nodes in each zone."), "total_max_node_count": count("Most nodes in all.")})
}

func poolFields() fields {
	return with(fields{"cluster": text("Cluster."), "location": text("Region or zone."), "network_config": poolNetwork(), "node_config": nodeConfig(), "autoscaling": autoscaling(),
		"node_count": count("Nodes in each zone."), "initial_node_count": count("Nodes in each zone at first."), "node_locations": textSet("Zones."),
		"upgrade_settings": blocks("Upgrades.", fields{"max_surge": count("Nodes added during an upgrade.")})})
}

func networkFields() fields {
	return with(fields{"self_link": text("Self link."), "delete_default_routes_on_create": flag("Whether the default route was deleted."),
		"network_firewall_policy_enforcement_order": text("Whether firewall policies come before rules.")})
}

func subnetworkFields() fields {
	return with(fields{"region": text("Region."), "network": text("Network."), "self_link": text("Self link."), "ip_cidr_range": text("Primary range."),
		"private_ip_google_access": flag("Private Google Access."),
		"secondary_ip_range":       blocks("Secondary ranges.", fields{"range_name": text("Name."), "ip_cidr_range": text("Range.")})})
}

func natFields() fields {
	return with(fields{"region": text("Region."), "router": text("Router."), "type": text("`PUBLIC` or `PRIVATE`."), "endpoint_types": texts("What it serves."),
		"source_subnetwork_ip_ranges_to_nat": text("Which ranges it translates."),
		"subnetwork": blockSet("Subnetworks it lists.", fields{"name": text("Subnetwork."), "source_ip_ranges_to_nat": textSet("Which of its ranges."),
			"secondary_ip_range_names": textSet("Secondary ranges by name.")}),
		"nat_ip_allocate_option": text("`AUTO_ONLY` or `MANUAL_ONLY`."), "nat_ips": textSet("Its addresses."), "min_ports_per_vm": count("Least ports of a VM."),
		"max_ports_per_vm": count("Most ports of a VM."), "enable_dynamic_port_allocation": flag("Whether ports are given as needed.")})
}

func routeFields() fields {
	return with(fields{"network": text("Network."), "dest_range": text("Destination."), "priority": count("Priority."), "tags": textSet("Tags of the nodes it applies to."),
		"next_hop_gateway": text("Next hop: gateway."), "next_hop_instance": text("Next hop: instance."), "next_hop_ip": text("Next hop: address."),
		"next_hop_vpn_tunnel": text("Next hop: VPN tunnel."), "next_hop_ilb": text("Next hop: load balancer.")})
}

func firewallFields() fields {
	protocols := func(about string) schema.Attribute {
		return blockSet(about, fields{"protocol": text("Protocol."), "ports": texts("Ports.")})
	}
	return with(fields{"network": text("Network."), "direction": text("`INGRESS` or `EGRESS`."), "priority": count("Priority."), "disabled": flag("Whether it is disabled."),
		"allow": protocols("What it allows."), "deny": protocols("What it denies."), "destination_ranges": textSet("Destinations."), "source_ranges": textSet("Sources."),
		"target_tags": textSet("Tags of the nodes it applies to."), "target_service_accounts": textSet("Service accounts of the nodes it applies to.")})
}

func zoneFields() fields {
	target := func(name string) schema.Attribute {
		return blockSet("Networks.", fields{name: text("Network.")})
	}
	return with(fields{"dns_name": text("Domain."), "visibility": text("`private` or `public`."),
		"private_visibility_config": blocks("Networks it answers.", fields{"networks": target("network_url")}),
		"peering_config":            blocks("Peering.", fields{"target_network": blocks("Network that is asked.", fields{"network_url": text("Network.")})}),
		"forwarding_config":         blocks("Forwarding.", fields{"target_name_servers": blockSet("Servers.", fields{"ipv4_address": text("Address.")})})})
}
