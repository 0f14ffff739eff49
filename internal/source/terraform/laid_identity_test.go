package terraform_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"google.golang.org/api/dns/v1"
	"google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/protobuf/proto"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const compute = "https://www.googleapis.com/compute/v1/projects/p/"

// pairs are kinds of objects as the google provider and as Google Cloud's APIs write them.
var pairs = []struct {
	typ    string
	values object
	exists func(*googlecloud.Inventory)
	// kind of the facts, where that is not the resource type.
	kind string
}{
	{typ: "google_container_cluster", values: object{"name": "c", "project": "p", "location": "r1", "network": "vpc", "subnetwork": "s"},
		exists: func(v *googlecloud.Inventory) {
			v.Cluster(&containerpb.Cluster{Name: "c", Location: "r1", SelfLink: "https://container.googleapis.com/v1/projects/p/locations/r1/clusters/c"})
		}},
	{typ: "google_container_cluster", values: object{"name": "c", "project": "p", "location": "r1-b"}, exists: func(v *googlecloud.Inventory) {
		v.Cluster(&containerpb.Cluster{Name: "c", Location: "r1-b", SelfLink: "https://container.googleapis.com/v1/projects/p/zones/r1-b/clusters/c"})
	}},
	{typ: "google_compute_network", values: object{"name": "vpc", "project": "p"},
		exists: func(v *googlecloud.Inventory) {
			v.Network(&computepb.Network{Name: proto.String("vpc"), SelfLink: proto.String(compute + "global/networks/vpc")})
		}},
	{typ: "google_compute_subnetwork", values: object{"name": "s", "project": "p", "region": "r1", "network": compute + "global/networks/vpc"},
		exists: func(v *googlecloud.Inventory) {
			v.Subnetwork(&computepb.Subnetwork{Name: proto.String("s"), SelfLink: proto.String(compute + "regions/r1/subnetworks/s"), Network: proto.String(compute + "global/networks/vpc")})
		}},
	{typ: "google_compute_router", values: object{"name": "router", "project": "p", "region": "r1", "network": "vpc"}, exists: router()},
	{typ: "google_compute_router_nat", values: object{"name": "nat", "project": "p", "region": "r1", "router": "router"}, exists: router("nat")},
	{typ: "google_compute_router_nat", values: object{"name": "nat", "project": "p", "region": "r1", "router": "projects/p/regions/r1/routers/router"}, exists: router("nat")},
	{typ: "google_compute_route", values: object{"name": "out", "project": "p", "network": "vpc", "dest_range": "0.0.0.0/0"}, exists: func(v *googlecloud.Inventory) {
		v.Route(&computepb.Route{Name: proto.String("out"), SelfLink: proto.String(compute + "global/routes/out"), Network: proto.String(compute + "global/networks/vpc")})
	}},
	{typ: "google_network_connectivity_policy_based_route", values: object{"name": "pbr", "project": "p", "network": "projects/p/global/networks/vpc"}, exists: func(v *googlecloud.Inventory) {
		v.PolicyRoute(&networkconnectivity.PolicyBasedRoute{Name: "projects/p/locations/global/policyBasedRoutes/pbr", Network: "projects/p/global/networks/vpc"})
	}},
	{typ: "google_compute_firewall", values: object{"name": "deny", "project": "p", "network": "vpc", "direction": "EGRESS", "deny": one(object{"protocol": "all"})}, exists: func(v *googlecloud.Inventory) {
		v.Firewall(&computepb.Firewall{Name: proto.String("deny"), SelfLink: proto.String(compute + "global/firewalls/deny"), Network: proto.String(compute + "global/networks/vpc"),
			Direction: proto.String("EGRESS"), Denied: []*computepb.Denied{{IPProtocol: proto.String("all")}}})
	}},
	{typ: "google_dns_managed_zone", values: object{"name": "zone", "project": "p", "dns_name": "pkg.dev.", "visibility": "private"}, exists: zone()},
	{typ: "google_dns_record_set", values: object{"name": "*.pkg.dev.", "project": "p", "managed_zone": "zone", "type": "A", "rrdatas": one("10.0.0.1")},
		exists: zone(&dns.ResourceRecordSet{Name: "*.pkg.dev.", Type: "A", Rrdatas: []string{"10.0.0.1"}})},
	{typ: "google_dns_response_policy_rule", values: object{"project": "p", "response_policy": "answers", "rule_name": "pkg", "dns_name": "pkg.dev."}, exists: func(v *googlecloud.Inventory) {
		v.ResponsePolicy("p", &dns.ResponsePolicy{Id: 7, ResponsePolicyName: "answers"})
		v.ResponsePolicyRule("p", "7", &dns.ResponsePolicyRule{RuleName: "pkg", DnsName: "pkg.dev."})
	}},
	{typ: "google_dns_policy", values: object{"name": "servers", "project": "p", "alternative_name_server_config": one(object{})}, exists: func(v *googlecloud.Inventory) {
		v.DNSPolicy("p", &dns.Policy{Name: "servers", AlternativeNameServerConfig: &dns.PolicyAlternativeNameServerConfig{
			TargetNameServers: []*dns.PolicyAlternativeNameServerConfigTargetNameServer{{Ipv4Address: "10.0.0.2"}}}})
	}},
	{typ: "google_compute_global_forwarding_rule", values: object{"name": "psc", "project": "p", "network": "vpc", "target": "all-apis", "ip_address": "10.0.0.9"}, exists: func(v *googlecloud.Inventory) {
		v.ForwardingRule(&computepb.ForwardingRule{Name: proto.String("psc"), SelfLink: proto.String(compute + "global/forwardingRules/psc"), Target: proto.String("all-apis"), IPAddress: proto.String("10.0.0.9")})
	}},
	{typ: "google_artifact_registry_repository", values: object{"repository_id": "images", "project": "p", "location": "r1", "format": "DOCKER"}, exists: func(v *googlecloud.Inventory) {
		v.Repository(&artifactregistrypb.Repository{Name: "projects/p/locations/r1/repositories/images", Format: artifactregistrypb.Repository_DOCKER})
	}},
	{typ: "google_artifact_registry_vpcsc_config", values: object{"project": "p", "location": "r1", "vpcsc_policy": "ALLOW"}, exists: func(v *googlecloud.Inventory) {
		v.VPCSCConfig(&artifactregistrypb.VPCSCConfig{Name: "projects/p/locations/r1/vpcscConfig", VpcscPolicy: artifactregistrypb.VPCSCConfig_ALLOW})
	}},
	{typ: "google_project_iam_custom_role", values: object{"role_id": "puller", "project": "p", "permissions": one()}, exists: func(v *googlecloud.Inventory) { v.Role("projects/p/roles/puller", nil) }},
	{typ: "google_service_account", values: object{"account_id": "nodes", "project": "p", "email": "nodes@p.iam.gserviceaccount.com"},
		exists: func(v *googlecloud.Inventory) { v.ServiceAccount("p", "nodes@p.iam.gserviceaccount.com") }},
	{typ: "google_access_context_manager_service_perimeter", values: object{"name": "accessPolicies/1/servicePerimeters/ring", "status": one()},
		exists: func(v *googlecloud.Inventory) {
			v.Perimeter(googlecloud.Perimeter{Name: "accessPolicies/1/servicePerimeters/ring"})
		}},
}

func router(nats ...string) func(*googlecloud.Inventory) {
	return func(v *googlecloud.Inventory) {
		r := &computepb.Router{Name: proto.String("router"), SelfLink: proto.String(compute + "regions/r1/routers/router"), Network: proto.String(compute + "global/networks/vpc")}
		for _, n := range nats {
			r.Nats = append(r.Nats, &computepb.RouterNat{Name: proto.String(n), SourceSubnetworkIpRangesToNat: proto.String(topology.AllRanges)})
		}
		v.Router(r)
	}
}

func zone(records ...*dns.ResourceRecordSet) func(*googlecloud.Inventory) {
	return func(v *googlecloud.Inventory) {
		v.Zone("p", &dns.ManagedZone{Id: 5, Name: "zone", DnsName: "pkg.dev.", Visibility: "private"})
		for _, r := range records {
			v.RecordSet("p", "5", r)
		}
	}
}

// kept lists the objects of a kind: by identity, and how often each is told of.
func kept(f topology.Facts, kind string) string {
	times := map[string]int{}
	for id, o := range f.Identities {
		if o.Kind == kind && id == o.ID {
			times[string(id)]++
		}
	}
	var out []string
	for id, n := range times {
		out = append(out, fmt.Sprint(id, " ", n))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// An object of a plan or state and the same of Google Cloud are one: told once, and gone when the plan destroys it.
func TestIdentityIsThatOfTheAPI(t *testing.T) {
	for _, p := range pairs {
		t.Run(p.typ+" "+fmt.Sprint(p.values["name"]), func(t *testing.T) {
			facts := func() topology.Facts {
				v := googlecloud.New("live")
				p.exists(v)
				return v.Facts()
			}
			was := kept(facts(), p.typ)
			if strings.Count(was, " ") != 1 {
				t.Fatalf("there is %q to begin with", was)
			}
			address := p.typ + ".it"
			for name, in := range map[string]terraform.Input{
				"a state over it":   {States: []string{stateOf(t, address, p.values)}},
				"a plan over it":    {Plans: []string{planOf(t, change{address: address, before: p.values, after: p.values})}},
				"a plan to make it": {Plans: []string{planOf(t, change{address: address, after: p.values})}},
			} {
				if got := kept(laid(t, facts(), in).After, p.typ); got != was {
					t.Errorf("%s: got %q, want %q", name, got, was)
				}
			}
			r := laid(t, facts(), terraform.Input{Plans: []string{planOf(t, change{address: address, before: p.values})}})
			if got := kept(r.After, p.typ); got != "" {
				t.Errorf("destroyed, and yet there is %q", got)
			}
			if got := kept(r.Before, p.typ); got != was {
				t.Errorf("before it was destroyed there was %q, want %q", got, was)
			}
		})
	}
}

// A replacement under another name leaves nothing of the old, and one whose new name only apply tells neither.
func TestReplacedUnderAnotherName(t *testing.T) {
	before := object{"name": "nat", "project": "p", "region": "r1", "router": "router"}
	after := object{"name": "nat-2", "project": "p", "region": "r1", "router": "router"}
	elsewhere := object{"name": "nat", "project": "p", "region": "r2", "router": "router"}
	for _, c := range []struct {
		name           string
		after, unknown object
		want           string
	}{
		{"a new name", after, nil, "google_compute_router_nat/p/r1/router/nat-2 1"},
		{"a new region", elsewhere, nil, "google_compute_router_nat/p/r2/router/nat 1"},
		{"a name that apply tells", object{"project": "p", "region": "r1", "router": "router"}, object{"name": true}, "addr:plan.json/google_compute_router_nat.it 1"},
		{"the same name", before, nil, "google_compute_router_nat/p/r1/router/nat 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := googlecloud.New("live")
			router("nat")(v)
			plan := planOf(t, change{address: "google_compute_router_nat.it", before: before, after: c.after, unknown: c.unknown, actions: []string{"delete", "create"}})
			r := laid(t, v.Facts(), terraform.Input{Plans: []string{plan}})
			if got := strings.ReplaceAll(kept(r.After, "google_compute_router_nat"), plan, "plan.json"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
