package googlecloud_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const near, far = "europe-west1", "us-east1"

// dice makes worlds by chance, of a fixed seed.
type dice struct {
	*rand.Rand
	world
	project, net string // of the clusters, and of their network
}

func (d *dice) once(in int) bool { return d.IntN(in) == 0 }

func pick[T any](d *dice, of ...T) T { return of[d.IntN(len(of))] }

// some picks from a list, each element with even chance.
func some[T any](d *dice, of ...T) []T {
	var out []T
	for _, e := range of {
		if d.once(2) {
			out = append(out, e)
		}
	}
	return out
}

// set writes a field now and then.
func (d *dice) set(f fields, in int, name string, value any) {
	if d.once(in) {
		f[name] = value
	}
}

func chance(seed uint64) world {
	d := &dice{Rand: rand.New(rand.NewPCG(seed, 7)), project: "shop", net: "shop"}
	if d.once(2) {
		d.net = "net"
	}
	d.networks()
	d.gateways()
	for i := range d.IntN(4) {
		d.someRoute(i)
	}
	for i := range d.IntN(4) {
		d.someFirewall(i)
	}
	for i := range d.IntN(3) {
		d.somePolicy(fmt.Sprint("policy-", i))
	}
	d.names()
	d.rights()
	for i := range 1 + d.IntN(3) {
		d.someCluster(fmt.Sprint("c", i))
	}
	return d.world
}

func (d *dice) networks() {
	order := fields{}
	d.set(order, 3, "networkFirewallPolicyEnforcementOrder", pick(d, "BEFORE_CLASSIC_FIREWALL", "AFTER_CLASSIC_FIREWALL"))
	d.network(d.net, "vpc", !d.once(5), order)
	d.network(d.net, "hub", true, fields{})
	for i, name := range []string{"a", "b", "c"} {
		body := fields{"ipCidrRange": fmt.Sprintf("10.%d.0.0/20", i)}
		d.set(body, 1, "secondaryIpRanges", list(fields{"rangeName": "pods", "ipCidrRange": fmt.Sprintf("10.%d.0.0/16", 100+i)}, fields{"rangeName": "more", "ipCidrRange": fmt.Sprintf("10.%d.0.0/16", 120+i)}))
		d.subnet(d.net, near, "vpc", name, !d.once(3), body)
	}
	d.subnet(d.net, far, "vpc", "far", true, fields{"ipCidrRange": "10.9.0.0/20"})
}

func (d *dice) gateways() {
	for i := range d.IntN(3) {
		var nats []fields
		for j := range d.IntN(3) {
			nats = append(nats, d.nat(fmt.Sprintf("nat-%d-%d", i, j)))
		}
		d.router(d.net, pick(d, near, near, near, far), pick(d, "vpc", "vpc", "vpc", "hub"), fmt.Sprint("router", i), nats...)
	}
}

func (d *dice) nat(name string) fields {
	n := fields{"name": name, "natIpAllocateOption": "AUTO_ONLY", "type": pick(d, "PUBLIC", "PUBLIC", "PUBLIC", "PRIVATE")}
	d.set(n, 3, "endpointTypes", pick(d, list("ENDPOINT_TYPE_VM"), list("ENDPOINT_TYPE_SWG"), list("ENDPOINT_TYPE_MANAGED_PROXY_LB", "ENDPOINT_TYPE_VM")))
	mode := pick(d, topology.AllRanges, topology.AllPrimaryRanges, topology.ListOfRanges, topology.ListOfRanges, "")
	switch mode {
	case "":
		n["sourceSubnetworkIpRangesToNat64"] = "ALL_IPV6_SUBNETWORKS"
		return n
	case topology.ListOfRanges:
		var entries []any
		for _, subnet := range some(d, "a", "b", "c") {
			e := fields{"name": subnetLink(d.net, near, subnet), "sourceIpRangesToNat": pick(d, list("ALL_IP_RANGES"), list("PRIMARY_IP_RANGE"), list("LIST_OF_SECONDARY_IP_RANGES"),
				list("PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"))}
			if last := e["sourceIpRangesToNat"].([]any); last[len(last)-1] == "LIST_OF_SECONDARY_IP_RANGES" {
				e["secondaryIpRangeNames"] = pick(d, list("pods"), list("pods", "more"), list("gone"))
			}
			entries = append(entries, e)
		}
		n["subnetworks"] = entries
	}
	n["sourceSubnetworkIpRangesToNat"] = mode
	if d.once(2) {
		n["natIpAllocateOption"], n["natIps"] = "MANUAL_ONLY", list(compute+"projects/"+d.net+"/regions/"+near+"/addresses/one", compute+"projects/"+d.net+"/regions/"+near+"/addresses/two")
		d.set(n, 3, "drainNatIps", list(compute+"projects/"+d.net+"/regions/"+near+"/addresses/two"))
	}
	d.set(n, 2, "minPortsPerVm", pick(d, 64, 128, 4096, 32768))
	if d.once(3) {
		n["enableDynamicPortAllocation"], n["maxPortsPerVm"] = true, 65536
	}
	return n
}

func (d *dice) someRoute(i int) {
	body := fields{"destRange": pick(d, "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "199.36.153.8/30", "199.36.153.4/30", "10.50.0.0/16", "34.0.0.0/8"), "priority": pick(d, 0, 100, 900, 1000, 2000)}
	hop := pick(d, "nextHopGateway", "nextHopGateway", "nextHopInstance", "nextHopIp", "nextHopVpnTunnel", "nextHopIlb")
	body[hop] = map[string]string{"nextHopGateway": compute + "projects/" + d.net + "/global/gateways/default-internet-gateway", "nextHopIp": "10.0.0.9", "nextHopIlb": "10.0.0.8",
		"nextHopInstance": compute + "projects/" + d.net + "/zones/" + near + "-b/instances/proxy", "nextHopVpnTunnel": compute + "projects/" + d.net + "/regions/" + near + "/vpnTunnels/hq"}[hop]
	d.set(body, 3, "tags", pick(d, list("egress"), list("web", "other")))
	if d.once(6) {
		from := fields{"protocolVersion": pick(d, "IPV4", "IPV4", "IPV6"), "ipProtocol": pick(d, "ALL", "TCP", "UDP"), "srcRange": pick(d, "10.0.0.0/20", "0.0.0.0/0"), "destRange": "0.0.0.0/0"}
		name := fmt.Sprint("steered", i)
		d.add("networkconnectivity.googleapis.com/PolicyBasedRoute", "projects/"+d.net+"/locations/global/policyBasedRoutes/"+name, fields{
			"name": "projects/" + d.net + "/locations/global/policyBasedRoutes/" + name, "network": networkLink(d.net, "vpc"), "filter": from, "priority": 100 + i, "nextHopIlbIp": "10.0.0.8"}).more = fields{"name": name}
		return
	}
	d.route(d.net, pick(d, "vpc", "vpc", "hub"), fmt.Sprint("route", i), body)
}

var targets = []string{"0.0.0.0/0", "199.36.153.8/30", "199.36.153.4/30", "10.0.0.0/8", "34.126.0.0/18", "10.7.0.7/32"}

func (d *dice) someFirewall(i int) {
	body := fields{"destinationRanges": list(pick(d, targets...)), "priority": pick(d, 100, 1000, 1000, 65534)}
	what := list(pick(d, fields{"IPProtocol": "all"}, fields{"IPProtocol": "tcp"}, fields{"IPProtocol": "tcp", "ports": list("443")}, fields{"IPProtocol": "TCP", "ports": list("80", "400-500")}, fields{"IPProtocol": "udp"}))
	body[pick(d, "allowed", "denied")] = what
	d.set(body, 5, "disabled", true)
	switch d.IntN(5) {
	case 0:
		body["targetTags"] = list(pick(d, "egress", "web"))
	case 1:
		body["targetServiceAccounts"] = list(pick(d, "nodes@shop.iam.gserviceaccount.com", "other@shop.iam.gserviceaccount.com"))
	}
	d.firewall(d.net, "vpc", fmt.Sprint("rule", i), body)
}

func (d *dice) somePolicy(name string) {
	var rules []fields
	for i := range 1 + d.IntN(3) {
		r := policyRule(100+i, pick(d, "allow", "deny", "goto_next", "apply_security_profile_group"), pick(d, targets...))
		d.set(r, 5, "disabled", true)
		d.set(r, 5, "targetServiceAccounts", list("nodes@shop.iam.gserviceaccount.com"))
		d.set(r, 8, "targetSecureTags", list(fields{"name": "tagValues/1", "state": pick(d, "EFFECTIVE", "INEFFECTIVE")}))
		d.set(r, 8, "direction", "INGRESS")
		d.set(r, 8, "targetType", "INTERNAL_MANAGED_LB")
		if d.once(6) {
			r["match"].(fields)[pick(d, "destFqdns", "destRegionCodes")] = list("x")
		}
		rules = append(rules, r)
	}
	to := associated(d.net, pick(d, "vpc", "vpc", "hub"))
	d.set(to[0].(fields), 2, "priority", pick(d, 1, 900, 1000, 1100))
	d.firewallPolicy(d.net, pick(d, "", "", near, far), name, to, rules...)
	d.things[len(d.things)-1].more = fields{"with_rules": d.once(2)}
}

// names adds zones, response policies and endpoints.
func (d *dice) names() {
	vpc, hub := networkLink(d.net, "vpc"), networkLink(d.net, "hub")
	addresses := [][]string{{"199.36.153.8", "199.36.153.9"}, {"199.36.153.4"}, {"10.7.0.7"}, {"10.8.8.8"}}
	for _, domain := range some(d, "pkg.dev.", "gcr.io.", "docker.io.", "googleapis.com.") {
		name, body := "zone-"+domain[:3], fields{}
		switch d.IntN(5) {
		case 0:
			body["peeringConfig"] = fields{"targetNetwork": fields{"networkUrl": hub}}
			d.zone(d.net, name+"-hub", domain, fields{}, hub)
			d.records(d.net, name+"-hub", domain, pick(d, addresses...)...)
		case 1:
			d.set(body, 3, "forwardingConfig", fields{"targetNameServers": list(fields{"ipv4Address": "10.0.0.53"})})
			d.set(body, 3, "serviceDirectoryConfig", fields{"namespace": fields{"namespaceUrl": "https://servicedirectory.googleapis.com/v1/projects/net/locations/" + near + "/namespaces/n"}})
		}
		d.zone(d.net, name, domain, body, vpc)
		switch {
		case body["peeringConfig"] != nil:
		case d.once(5):
			d.record(d.net, name, domain, "A", fields{"rrdatas": list("199.36.153.8")})
		case d.once(6):
			d.record(d.net, name, "*."+domain, "A", fields{"routingPolicy": fields{"wrr": fields{"items": list(fields{"weight": 1, "rrdatas": list("10.7.0.7")})}}})
		default:
			d.records(d.net, name, domain, pick(d, addresses...)...)
		}
	}
	if d.once(4) {
		d.responsePolicy(d.net, "answers", []string{vpc},
			fields{"ruleName": "pkg", "dnsName": "*.pkg.dev.", "localData": fields{"localDatas": list(fields{"name": "*.pkg.dev.", "type": pick(d, "A", "A", "AAAA"), "ttl": 300, "rrdatas": list("199.36.153.8")})}},
			fields{"ruleName": "gcr", "dnsName": "*.gcr.io.", "behavior": "bypassResponsePolicy"})
	}
	if d.once(8) {
		d.add("dns.googleapis.com/Policy", "projects/"+d.net+"/policies/servers", fields{"name": "servers", "networks": list(fields{"networkUrl": vpc}),
			"alternativeNameServerConfig": fields{"targetNameServers": list(fields{"ipv4Address": "10.0.0.53"})}})
	}
	if d.once(3) {
		d.endpoint(d.net, pick(d, "vpc", "vpc", "hub"), "psc", "10.7.0.7", pick(d, "all-apis", "vpc-sc"))
	}
}

var members = []string{"serviceAccount:nodes@shop.iam.gserviceaccount.com", "serviceAccount:other@shop.iam.gserviceaccount.com", "group:all@example.com", "allUsers", "user:me@example.com",
	"serviceAccount:77-compute@developer.gserviceaccount.com"}

func (d *dice) grants() []any {
	var out []any
	for range d.IntN(3) {
		b := binding(pick(d, "roles/artifactregistry.reader", "roles/artifactregistry.reader", "roles/container.defaultNodeServiceAccount", "projects/shop/roles/puller", "projects/shop/roles/other"), some(d, members[:2+d.IntN(5)]...)...)
		d.set(b, 6, "condition", fields{"title": "t", "expression": "request.time < timestamp('2030-01-01T00:00:00Z')"})
		out = append(out, b)
	}
	return out
}

func (d *dice) rights() {
	d.role("shop", "puller", pick(d, "artifactregistry.repositories.downloadArtifacts", "artifactregistry.repositories.get"))
	d.policy("cloudresourcemanager.googleapis.com", "projects/shop", d.grants()...)
	if d.once(2) {
		d.things = append(d.things, thing{kind: "cloudresourcemanager.googleapis.com/Project", path: "projects/shop", body: fields{"projectId": "shop", "projectNumber": "77"}, implied: true})
	}
	if d.once(4) {
		status := fields{"resources": list("projects/" + pick(d, "shop", "net")), "restrictedServices": list(pick(d, "artifactregistry.googleapis.com", "storage.googleapis.com"))}
		d.set(status, 2, "egressPolicies", list(fields{"egressTo": fields{"resources": list(pick(d, "*", "projects/342927644502", "projects/1"))}}))
		name := "accessPolicies/1/servicePerimeters/all"
		d.add("accesscontextmanager.googleapis.com/ServicePerimeter", name, fields{"name": name, "title": "all", "status": status})
	}
	if d.once(6) {
		return
	}
	const upstream = "projects/shop/locations/europe-west1/repositories/"
	d.repository("shop", near, "apps", pick(d, "STANDARD_REPOSITORY", "MODE_UNSPECIFIED"), fields{}, d.grants()...)
	body := fields{"remoteRepositoryConfig": pick(d, fields{"dockerRepository": fields{"publicRepository": "DOCKER_HUB"}}, fields{"dockerRepository": fields{"customRepository": fields{"uri": "https://quay.io"}}},
		fields{"commonRepository": fields{"uri": "https://ghcr.io"}})}
	if d.once(3) {
		body["remoteRepositoryConfig"].(fields)["upstreamCredentials"] = fields{"usernamePasswordCredentials": fields{"username": "u", "passwordSecretVersion": "projects/shop/secrets/s/versions/1"}}
	}
	d.repository("shop", near, "hub", "REMOTE_REPOSITORY", body, d.grants()...)
	d.repository("shop", near, "all", "VIRTUAL_REPOSITORY", fields{"virtualRepositoryConfig": fields{"upstreamPolicies": list(
		fields{"id": "a", "repository": upstream + pick(d, "apps", "gone"), "priority": 20}, fields{"id": "b", "repository": upstream + "hub", "priority": 10})}}, d.grants()...)
	if d.once(2) {
		d.add("artifactregistry.googleapis.com/VpcscConfig", "projects/shop/locations/"+near+"/vpcscConfig", fields{"name": "projects/shop/locations/" + near + "/vpcscConfig", "vpcscPolicy": pick(d, "ALLOW", "DENY")})
	}
}
