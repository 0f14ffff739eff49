package googlecloud_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// renamed are the names of the google provider that are not those of the API.
var renamed = map[string]string{"secondaryIpRanges": "secondary_ip_range", "subnetworks": "subnetwork", "nat64Subnetworks": "nat64_subnetwork", "allowed": "allow", "denied": "deny",
	"IPProtocol": "protocol", "IPAddress": "ip_address", "nodePools": "node_pool", "locations": "node_locations", "config": "node_config", "taints": "taint",
	"includedPermissions": "permissions", "additionalIpRangesConfigs": "additional_ip_ranges_config", "autoprovisioningNodePoolDefaults": "auto_provisioning_defaults",
	"autoscalingOfNodes": "cluster_autoscaling"}

func snake(name string) string {
	if other := renamed[name]; other != "" {
		return other
	}
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// provided writes what an API tells as the google provider's state holds it: in its names, and objects as lists of one.
func provided(v any) any {
	switch v := v.(type) {
	case fields:
		out := fields{}
		for k, e := range v {
			value := provided(e)
			if _, nested := e.(fields); nested {
				value = list(value)
			}
			if k == "region" {
				value = e.(string)[strings.LastIndexByte(e.(string), '/')+1:]
			}
			out[snake(k)] = value
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = provided(e)
		}
		return out
	}
	return v
}

// resource is an instance in a state.
type resource struct {
	typ    string
	values fields
}

// plainTypes are the resource types of what is one resource with the API's fields.
var plainTypes = map[string]string{"compute.googleapis.com/Network": "google_compute_network", "compute.googleapis.com/Subnetwork": "google_compute_subnetwork",
	"compute.googleapis.com/Route": "google_compute_route", "compute.googleapis.com/Firewall": "google_compute_firewall",
	"networkconnectivity.googleapis.com/PolicyBasedRoute": "google_network_connectivity_policy_based_route",
	"compute.googleapis.com/GlobalForwardingRule":         "google_compute_global_forwarding_rule", "dns.googleapis.com/ManagedZone": "google_dns_managed_zone",
	"dns.googleapis.com/ResponsePolicy": "google_dns_response_policy", "dns.googleapis.com/Policy": "google_dns_policy"}

// terraform writes a thing as the resources that a configuration would have for it.
func (o thing) terraform() []resource {
	v := provided(o.body).(fields)
	v["project"], v["id"] = o.project(), o.path
	parts := strings.Split(o.path, "/")
	for k, e := range o.more {
		v[k] = e
	}
	if typ := plainTypes[o.kind]; typ != "" {
		return []resource{{typ, v}}
	}
	switch o.kind {
	case "compute.googleapis.com/Router":
		nats, _ := v["nats"].([]any)
		delete(v, "nats")
		out := []resource{{"google_compute_router", v}}
		for _, n := range nats {
			nat := n.(fields)
			nat["project"], nat["region"], nat["router"] = o.project(), v["region"], o.name()
			out = append(out, resource{"google_compute_router_nat", nat})
		}
		return out
	case "compute.googleapis.com/FirewallPolicy":
		return o.firewallPolicy(v)
	case "dns.googleapis.com/ResourceRecordSet":
		v["managed_zone"] = parts[3]
		return []resource{{"google_dns_record_set", v}}
	case "dns.googleapis.com/ResponsePolicyRule":
		v["response_policy"] = parts[3]
		return []resource{{"google_dns_response_policy_rule", v}}
	case "artifactregistry.googleapis.com/Repository":
		v["repository_id"], v["name"], v["location"] = o.name(), o.name(), parts[3]
		return []resource{{"google_artifact_registry_repository", v}}
	case "artifactregistry.googleapis.com/VpcscConfig":
		v["location"] = parts[3]
		return []resource{{"google_artifact_registry_vpcsc_config", v}}
	case "artifactregistry.googleapis.com/Policy":
		return o.grants("google_artifact_registry_repository", fields{"project": o.project(), "location": parts[3], "repository": o.path})
	case "cloudresourcemanager.googleapis.com/Policy":
		return o.grants("google_project", fields{"project": o.project()})
	case "accesscontextmanager.googleapis.com/ServicePerimeter":
		delete(v, "project")
		return []resource{{"google_access_context_manager_service_perimeter", v}}
	case "iam.googleapis.com/Role":
		v["role_id"] = o.name()
		return []resource{{"google_project_iam_custom_role", v}}
	case "container.googleapis.com/Cluster":
		return o.cluster(v)
	}
	panic("no resource for " + o.kind)
}

// grants writes an IAM policy as one resource, or each of its bindings by itself: to all its members, or member by member.
func (o thing) grants(typ string, on fields) []resource {
	at := func(more fields) fields {
		maps.Copy(more, on)
		return more
	}
	text, _ := json.Marshal(o.body)
	if o.more["apart"] == nil {
		return []resource{{typ + "_iam_policy", at(fields{"policy_data": string(text)})}}
	}
	var out []resource
	for _, b := range provided(o.body).(fields)["bindings"].([]any) {
		one := b.(fields)
		if o.more["apart"] == "bindings" {
			out = append(out, resource{typ + "_iam_binding", at(one)})
			continue
		}
		for _, m := range one["members"].([]any) {
			out = append(out, resource{typ + "_iam_member", at(fields{"role": one["role"], "condition": one["condition"], "member": m})})
		}
	}
	return out
}

func (o thing) firewallPolicy(v fields) []resource {
	typ := "google_compute_network_firewall_policy"
	if v["region"] != nil {
		typ = "google_compute_region_network_firewall_policy"
	}
	at := func(r fields) fields {
		r["project"], r["region"], r["firewall_policy"] = o.project(), v["region"], o.name()
		return r
	}
	var out []resource
	if o.more["with_rules"] == true {
		out = append(out, resource{typ + "_with_rules", fields{"name": o.name(), "project": o.project(), "region": v["region"], "id": o.path, "rule": v["rules"]}})
	} else {
		out = append(out, resource{typ, fields{"name": o.name(), "project": o.project(), "region": v["region"], "id": o.path}})
		for _, r := range v["rules"].([]any) {
			out = append(out, resource{typ + "_rule", at(r.(fields))})
		}
	}
	for _, a := range v["associations"].([]any) {
		out = append(out, resource{typ + "_association", at(a.(fields))})
	}
	return out
}

// cluster writes what the provider calls otherwise, and each node pool both in its cluster's list and as a resource of its own, as states have them.
// A state lists all pools of a cluster, and of Autopilot's there are no resources.
func (o thing) cluster(v fields) []resource {
	own := v["network_config"].([]any)[0].(fields)
	v["network"], v["subnetwork"], v["default_snat_status"] = own["network"], own["subnetwork"], own["default_snat_status"]
	if private := own["default_enable_private_nodes"]; private != nil {
		v["private_cluster_config"] = list(fields{"enable_private_nodes": private})
	}
	delete(v, "network_config")
	if auto, _ := v["autopilot"].([]any); auto != nil {
		v["enable_autopilot"] = auto[0].(fields)["enabled"]
	}
	v["cluster_autoscaling"] = v["autoscaling"]
	delete(v, "autoscaling")
	location := v["location"].(string)
	if zones, _ := v["node_locations"].([]any); topology.RegionOf(location) != location {
		v["node_locations"] = slices.DeleteFunc(slices.Clone(zones), func(z any) bool { return z == location }) // a zonal cluster's own is not listed
	}
	var out []resource
	pools, _ := v["node_pool"].([]any)
	for _, p := range pools {
		pool := p.(fields)
		pool["node_count"] = pool["initial_node_count"]
		if scaling, _ := pool["autoscaling"].([]any); scaling != nil {
			delete(scaling[0].(fields), "enabled")
		}
		if v["enable_autopilot"] == true || o.more["inline"] == true {
			continue
		}
		apart := fields{"cluster": o.path, "project": o.project(), "location": location, "id": o.path + "/nodePools/" + fmt.Sprint(pool["name"])}
		for k, e := range pool {
			apart[k] = e
		}
		out = append(out, resource{"google_container_node_pool", apart})
	}
	v["remove_default_node_pool"] = len(out) > 0
	return append(out, resource{"google_container_cluster", v})
}

// state is the things as `terraform show -json` prints a state of them; plan as it prints a plan that leaves them as they are.
func states(t testing.TB, things []thing, plan bool) string {
	t.Helper()
	var resources, changes []any
	for _, o := range things {
		if o.implied {
			continue
		}
		for _, r := range o.terraform() {
			one := fields{"address": fmt.Sprintf("%s.r%04d", r.typ, len(resources)), "mode": "managed", "type": r.typ, "name": fmt.Sprintf("r%04d", len(resources))}
			change := fields{"change": fields{"actions": list("no-op"), "before": r.values, "after": r.values, "after_unknown": fields{}}}
			for k, v := range one {
				change[k] = v
			}
			one["values"] = r.values
			resources, changes = append(resources, one), append(changes, change)
		}
	}
	root := fields{"root_module": fields{"resources": resources}}
	doc := fields{"format_version": "1.0", "terraform_version": "1.11.4", "values": root}
	if plan {
		doc = fields{"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": root, "resource_changes": changes, "configuration": fields{"root_module": fields{}}}
	}
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "terraform.json")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// terraform is what a state, or a plan, tells of some things over, or under, what exists of others.
func (w world) terraform(t testing.TB, things []thing, plan bool, exist *topology.Facts) topology.Facts {
	t.Helper()
	in := terraform.Input{States: []string{states(t, things, false)}}
	if plan {
		in = terraform.Input{Plans: []string{states(t, things, true)}}
	}
	if exist != nil {
		in.Existing = func(context.Context, topology.Facts) (topology.Facts, error) { return *exist, nil }
	}
	r, err := terraform.Read(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r.After
}
