package googlecloud_test

import (
	"fmt"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// fields is an object in the JSON of its API.
type fields = map[string]any

// list writes a list as JSON decodes it.
func list[T any](elements ...T) []any {
	out := make([]any, len(elements))
	for i, e := range elements {
		out[i] = e
	}
	return out
}

const compute = "https://www.googleapis.com/compute/v1/"

// thing is one object of a world, written once as its API tells it. Kind is the last part of its asset type; path is its full resource name without
// the service.
type thing struct {
	kind, path string
	body       fields
	// more is what the google provider's state holds of it beside that.
	more fields
	// implied is true for what no configuration creates: a network's own default route.
	implied bool
}

// world is what there is, whoever tells of it.
type world struct{ things []thing }

// project and name of a thing, by its path.
func (t thing) project() string { return strings.Split(t.path, "/")[1] }
func (t thing) name() string    { return t.path[strings.LastIndexByte(t.path, '/')+1:] }

func (w *world) add(kind, path string, body fields) *thing {
	if b := (fields{"name": path[strings.LastIndexByte(path, '/')+1:], "selfLink": compute + path}); strings.HasPrefix(kind, "compute") {
		for k, v := range b {
			if body[k] == nil {
				body[k] = v
			}
		}
	}
	w.things = append(w.things, thing{kind: kind, path: path, body: body})
	return &w.things[len(w.things)-1]
}

func networkLink(project, name string) string {
	return compute + "projects/" + project + "/global/networks/" + name
}

func subnetLink(project, region, name string) string {
	return compute + "projects/" + project + "/regions/" + region + "/subnetworks/" + name
}

// network adds a network, with its default route or made without.
func (w *world) network(project, name string, defaultRoute bool, body fields) {
	w.add("compute.googleapis.com/Network", "projects/"+project+"/global/networks/"+name, body).more = fields{"delete_default_routes_on_create": !defaultRoute}
	if defaultRoute {
		w.route(project, name, "default-route-"+name, fields{"destRange": "0.0.0.0/0", "priority": 1000,
			"nextHopGateway": compute + "projects/" + project + "/global/gateways/default-internet-gateway"}).implied = true
	}
}

func (w *world) subnet(project, region, network, name string, access bool, body fields) {
	body["region"], body["network"], body["privateIpGoogleAccess"] = compute+"projects/"+project+"/regions/"+region, networkLink(project, network), access
	w.add("compute.googleapis.com/Subnetwork", "projects/"+project+"/regions/"+region+"/subnetworks/"+name, body)
}

func (w *world) router(project, region, network, name string, nats ...fields) {
	w.add("compute.googleapis.com/Router", "projects/"+project+"/regions/"+region+"/routers/"+name, fields{"region": compute + "projects/" + project + "/regions/" + region,
		"network": networkLink(project, network), "nats": list(nats...)})
}

func (w *world) route(project, network, name string, body fields) *thing {
	body["network"] = networkLink(project, network)
	return w.add("compute.googleapis.com/Route", "projects/"+project+"/global/routes/"+name, body)
}

func (w *world) firewall(project, network, name string, body fields) {
	body["network"], body["direction"] = networkLink(project, network), "EGRESS"
	w.add("compute.googleapis.com/Firewall", "projects/"+project+"/global/firewalls/"+name, body)
}

// firewallPolicy adds a policy with its rules; region is empty for a global one.
func (w *world) firewallPolicy(project, region, name string, associations []any, rules ...fields) {
	where, body := "global", fields{"associations": associations, "rules": list(rules...)}
	if region != "" {
		where = "regions/" + region
		body["region"] = compute + "projects/" + project + "/" + where
	}
	w.add("compute.googleapis.com/FirewallPolicy", "projects/"+project+"/"+where+"/firewallPolicies/"+name, body)
}

// associated associates a policy with networks, in the order of their names.
func associated(project string, networks ...string) []any {
	var out []any
	for _, n := range networks {
		out = append(out, fields{"name": "to-" + n, "attachmentTarget": networkLink(project, n)})
	}
	return out
}

// policyRule is an egress rule of a policy.
func policyRule(priority int, action string, to ...string) fields {
	return fields{"priority": priority, "ruleName": fmt.Sprint(action, "-", priority), "direction": "EGRESS", "action": action,
		"match": fields{"destIpRanges": list(to...), "layer4Configs": list(fields{"ipProtocol": "all"})}}
}

func (w *world) zone(project, name, dns string, body fields, networks ...string) {
	body["name"], body["dnsName"], body["visibility"] = name, dns, "private"
	var bound []any
	for _, link := range networks {
		bound = append(bound, fields{"networkUrl": link})
	}
	body["privateVisibilityConfig"] = fields{"networks": bound}
	w.add("dns.googleapis.com/ManagedZone", "projects/"+project+"/managedZones/"+name, body)
}

// record adds a record set to a zone.
func (w *world) record(project, zone, name, kind string, body fields) {
	body["name"], body["type"] = name, kind
	w.add("dns.googleapis.com/ResourceRecordSet", "projects/"+project+"/managedZones/"+zone+"/rrsets/"+name+"-"+kind, body)
}

// records adds the records that send a domain to addresses, the domain's own and those below it.
func (w *world) records(project, zone, domain string, addresses ...string) {
	w.record(project, zone, domain, "A", fields{"rrdatas": list(addresses...)})
	w.record(project, zone, "*."+domain, "CNAME", fields{"rrdatas": list(domain)})
}

func (w *world) responsePolicy(project, name string, networks []string, rules ...fields) {
	var bound []any
	for _, link := range networks {
		bound = append(bound, fields{"networkUrl": link})
	}
	w.add("dns.googleapis.com/ResponsePolicy", "projects/"+project+"/responsePolicies/"+name, fields{"responsePolicyName": name, "networks": bound})
	for _, r := range rules {
		w.add("dns.googleapis.com/ResponsePolicyRule", "projects/"+project+"/responsePolicies/"+name+"/rules/"+r["ruleName"].(string), r)
	}
}

func (w *world) endpoint(project, network, name, address, bundle string) {
	w.add("compute.googleapis.com/GlobalForwardingRule", "projects/"+project+"/global/forwardingRules/"+name, fields{"IPAddress": address, "target": bundle, "network": networkLink(project, network)})
}

// repository adds a repository of Docker images, and its IAM policy.
func (w *world) repository(project, location, name, mode string, body fields, bindings ...any) {
	path := "projects/" + project + "/locations/" + location + "/repositories/" + name
	body["name"], body["format"], body["mode"] = path, "DOCKER", mode
	w.add("artifactregistry.googleapis.com/Repository", path, body)
	w.policy("artifactregistry.googleapis.com", path, bindings...)
}

func (w *world) policy(service, path string, bindings ...any) {
	w.add(service+"/Policy", path, fields{"bindings": append([]any{}, bindings...)})
}

// binding grants a role to members.
func binding(role string, members ...string) fields {
	return fields{"role": role, "members": list(members...)}
}

func (w *world) role(project, name string, permissions ...string) {
	w.add("iam.googleapis.com/Role", "projects/"+project+"/roles/"+name, fields{"name": "projects/" + project + "/roles/" + name, "includedPermissions": list(permissions...)})
}

// cluster adds a cluster with its node pools. Network and subnetwork lie in the network's project.
func (w *world) cluster(project, location, name, networkProject, network, subnet string, body fields, pools ...fields) *thing {
	own, _ := body["networkConfig"].(fields)
	if own == nil {
		own = fields{}
	}
	own["network"] = "projects/" + networkProject + "/global/networks/" + network
	own["subnetwork"] = "projects/" + networkProject + "/regions/" + topology.RegionOf(location) + "/subnetworks/" + subnet
	path := "projects/" + project + "/locations/" + location + "/clusters/" + name
	body["name"], body["location"], body["network"], body["subnetwork"], body["networkConfig"] = name, location, network, subnet, own
	body["selfLink"], body["nodePools"] = "https://container.googleapis.com/v1/"+path, list(pools...)
	return w.add("container.googleapis.com/Cluster", path, body)
}
