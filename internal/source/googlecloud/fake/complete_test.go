package fake

import (
	"strings"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"google.golang.org/api/dns/v1"
	"google.golang.org/protobuf/proto"
)

// What a description leaves out is filled in as Google has it, and what it says stays.
func TestComplete(t *testing.T) {
	const links = "https://www.googleapis.com/compute/v1/projects/p/"
	p := complete(Project{ID: "p", Number: 7,
		Networks:        []*computepb.Network{{Name: proto.String("n")}, {Name: proto.String("told"), SelfLink: proto.String("https://compute.googleapis.com/compute/v1/projects/p/global/networks/told"), Id: proto.Uint64(3)}},
		Subnetworks:     []*computepb.Subnetwork{Subnet("s", "r", "n", "10.0.0.0/24"), WithGoogleAccess(Subnet("on", "r", "projects/host/global/networks/shared", "10.0.1.0/24"))},
		Routers:         []Router{NAT("nat", "r", "n", PrimaryRange("s"), SecondaryRanges("https://www.googleapis.com/compute/v1/projects/host/regions/r/subnetworks/x", "pods"))},
		Routes:          []*computepb.Route{DefaultRoute("n"), {Name: proto.String("vpn"), Network: proto.String("n"), NextHopIp: proto.String("10.0.0.9"), Priority: proto.Uint32(5)}},
		Firewalls:       []*computepb.Firewall{{Name: proto.String("f"), Network: proto.String("n")}},
		ForwardingRules: []*computepb.ForwardingRule{{Name: proto.String("psc"), Network: proto.String("n"), Target: proto.String("all-apis")}, {Name: proto.String("bare")}},
		FirewallPolicies: []*computepb.FirewallPolicy{{Name: proto.String("g")}, {Name: proto.String("l"), Region: proto.String("r"),
			Associations: []*computepb.FirewallPolicyAssociation{{AttachmentTarget: proto.String("n")}}}},
	})
	for _, tc := range []struct{ what, is, want string }{
		{"the default account", p.DefaultAccount, "7-compute@developer.gserviceaccount.com"},
		{"a network's self link", p.Networks[0].GetSelfLink(), links + "global/networks/n"},
		{"its kind", p.Networks[0].GetKind(), "compute#network"},
		{"a self link that was told", p.Networks[1].GetSelfLink(), "https://compute.googleapis.com/compute/v1/projects/p/global/networks/told"},
		{"a subnetwork's region", p.Subnetworks[0].GetRegion(), links + "regions/r"},
		{"its network", p.Subnetworks[0].GetNetwork(), links + "global/networks/n"},
		{"a network of another project", p.Subnetworks[1].GetNetwork(), "https://www.googleapis.com/compute/v1/projects/host/global/networks/shared"},
		{"a router's self link", p.Routers[0].GetSelfLink(), links + "regions/r/routers/nat"},
		{"what its gateway lists", p.Routers[0].GetNats()[0].GetSubnetworks()[0].GetName(), links + "regions/r/subnetworks/s"},
		{"a link in its list", p.Routers[0].GetNats()[0].GetSubnetworks()[1].GetName(), "https://www.googleapis.com/compute/v1/projects/host/regions/r/subnetworks/x"},
		{"a route's gateway", p.Routes[0].GetNextHopGateway(), links + "global/gateways/default-internet-gateway"},
		{"the gateway of a route to an address", p.Routes[1].GetNextHopGateway(), ""},
		{"a rule's direction", p.Firewalls[0].GetDirection(), "INGRESS"},
		{"an endpoint's network", p.ForwardingRules[0].GetNetwork(), links + "global/networks/n"},
		{"an endpoint's target", p.ForwardingRules[0].GetTarget(), "all-apis"},
		{"the network of a rule without", p.ForwardingRules[1].GetNetwork(), ""},
		{"a global policy's region", p.FirewallPolicies[0].GetRegion(), ""},
		{"a regional policy's self link", p.FirewallPolicies[1].GetSelfLink(), links + "regions/r/firewallPolicies/l"},
		{"what it is attached to", p.FirewallPolicies[1].GetAssociations()[0].GetAttachmentTarget(), links + "global/networks/n"},
	} {
		if tc.is != tc.want {
			t.Errorf("%s is %q, want %q", tc.what, tc.is, tc.want)
		}
	}
	if p.Networks[0].GetId() == 0 || p.Networks[0].GetId() == p.Subnetworks[0].GetId() || p.Networks[1].GetId() != 3 {
		t.Errorf("ids %d, %d, %d", p.Networks[0].GetId(), p.Subnetworks[0].GetId(), p.Networks[1].GetId())
	}
	if p.Subnetworks[0].PrivateIpGoogleAccess == nil || p.Subnetworks[0].GetPrivateIpGoogleAccess() || !p.Subnetworks[1].GetPrivateIpGoogleAccess() {
		t.Error("private google access is off unless it is told, and the API says so")
	}
	if p.Routes[0].GetPriority() != 1000 || p.Routes[1].GetPriority() != 5 {
		t.Errorf("priorities %d, %d", p.Routes[0].GetPriority(), p.Routes[1].GetPriority())
	}
}

// Which nodes are private is what the helpers say, in the fields of today.
func TestDescribedClusters(t *testing.T) {
	private, public := PrivateCluster("a", "r-1", "n", "s", "pods", "services"), Cluster("b", "r-1-c", "n", "s", "", "")
	if !private.GetNetworkConfig().GetDefaultEnablePrivateNodes() || public.GetNetworkConfig().GetDefaultEnablePrivateNodes() {
		t.Error("only the private cluster's nodes are private")
	}
	if got := private.GetNodePools()[0].GetLocations(); len(got) != 1 || got[0] != "r-1-a" {
		t.Errorf("zones of a regional cluster: %q", got)
	}
	if got := public.GetNodePools()[0].GetLocations(); len(got) != 1 || got[0] != "r-1-c" {
		t.Errorf("zones of a zonal cluster: %q", got)
	}
	told := complete(Project{ID: "p", Clusters: []*containerpb.Cluster{{Name: "c", Location: "r-1", SelfLink: "x", Status: containerpb.Cluster_ERROR,
		Network: "projects/host/global/networks/shared", Subnetwork: "projects/host/regions/r-1/subnetworks/nodes"}}}).Clusters[0]
	if told.GetSelfLink() != "x" || told.GetStatus() != containerpb.Cluster_ERROR || told.GetNetwork() != "shared" ||
		told.GetNetworkConfig().GetNetwork() != "projects/host/global/networks/shared" || told.GetNetworkConfig().GetSubnetwork() != "projects/host/regions/r-1/subnetworks/nodes" {
		t.Errorf("a cluster on a shared network: %v", told)
	}
}

// NAT lists what it is given, and everything where it is given nothing.
func TestDescribedGateways(t *testing.T) {
	for _, tc := range []struct {
		name   string
		router Router
		source string
		listed []string
	}{
		{"everything", NAT("n", "r", "n"), "ALL_SUBNETWORKS_ALL_IP_RANGES", nil},
		{"all ranges", NAT("n", "r", "n", AllRanges("a")), "LIST_OF_SUBNETWORKS", []string{"a ALL_IP_RANGES "}},
		{"some", NAT("n", "r", "n", PrimaryRange("a"), SecondaryRanges("b", "x", "y")), "LIST_OF_SUBNETWORKS",
			[]string{"a PRIMARY_IP_RANGE ", "b LIST_OF_SECONDARY_IP_RANGES x,y"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := tc.router.GetNats()[0]
			var listed []string
			for _, s := range n.GetSubnetworks() {
				listed = append(listed, s.GetName()+" "+strings.Join(s.GetSourceIpRangesToNat(), ",")+" "+strings.Join(s.GetSecondaryIpRangeNames(), ","))
			}
			if n.GetSourceSubnetworkIpRangesToNat() != tc.source || strings.Join(listed, ";") != strings.Join(tc.listed, ";") {
				t.Errorf("%s %q", n.GetSourceSubnetworkIpRangesToNat(), listed)
			}
		})
	}
}

// Each answer of a smaller API, asked for by path.
func TestAnswersByPath(t *testing.T) {
	w := shop()
	p := &w.Projects[0]
	p.MissingZones = []string{"us-east1-c"}
	p.DNSPolicies = []*dns.Policy{{Name: "inbound", Networks: []*dns.PolicyNetwork{{NetworkUrl: "main"}}}}
	p.ResponsePolicies = []ResponsePolicy{{ResponsePolicy: &dns.ResponsePolicy{ResponsePolicyName: "rp", Networks: []*dns.ResponsePolicyNetwork{{NetworkUrl: "main"}}},
		Rules: []*dns.ResponsePolicyRule{{RuleName: "one", DnsName: "gcr.io."}}}}
	p.Zones = append(p.Zones, PrivateZone("other", "gcr.io.", nil))
	p.FirewallPolicies = []*computepb.FirewallPolicy{{Name: proto.String("everywhere")}, {Name: proto.String("here"), Region: proto.String("us-east1")}}
	s := start(t, w)
	made := s.world.projects["shop"]
	for _, tc := range []struct {
		name, path  string
		says, spare string
	}{
		{"zones that were not reached", "/container/v1/projects/shop/locations/-/clusters", `"missingZones"`, ""},
		{"node pools", "/container/v1/projects/shop/locations/us-east1-b/clusters/two/nodePools", "clusters/two/nodePools/default-pool", "clusters/one"},
		{"one node pool", "/container/v1/projects/shop/locations/us-east1-b/clusters/two/nodePools/default-pool", `"initialNodeCount": 3`, `"nodePools"`},
		{"a zone by its number", "/dns/v1/projects/shop/managedZones/" + decimal(made.Zones[0].Id) + "/rrsets", `"*.pkg.dev."`, ""},
		{"one zone", "/dns/v1/projects/shop/managedZones/google", `"pkg.dev."`, "gcr.io."},
		{"zones of a name", "/dns/v1/projects/shop/managedZones?dnsName=gcr.io.", `"gcr.io."`, "pkg.dev."},
		{"records of a name", "/dns/v1/projects/shop/managedZones/google/rrsets?name=pkg.dev.&type=A", `"pkg.dev."`, `"*.pkg.dev."`},
		{"records of a type", "/dns/v1/projects/shop/managedZones/google/rrsets?type=CNAME", `"rrsets": []`, "pkg.dev"},
		{"server policies", "/dns/v1/projects/shop/policies", "projects/shop/global/networks/main", ""},
		{"response policies", "/dns/v1/projects/shop/responsePolicies", "projects/shop/global/networks/main", ""},
		{"rules of a response policy", "/dns/v1/projects/shop/responsePolicies/rp/rules", `"gcr.io."`, ""},
		{"subnetworks of a region", "/compute/v1/projects/shop/regions/europe-west1/subnetworks", "subnetworks/a", "subnetworks/b"},
		{"routers of a region", "/compute/v1/projects/shop/regions/us-east1/routers", "routers/rest", "routers/nat"},
		{"global firewall policies", "/compute/v1/projects/shop/global/firewallPolicies", "firewallPolicies/everywhere", "firewallPolicies/here"},
		{"firewall policies of a region", "/compute/v1/projects/shop/regions/us-east1/firewallPolicies", "firewallPolicies/here", "firewallPolicies/everywhere"},
		{"one firewall policy", "/compute/v1/projects/shop/regions/us-east1/firewallPolicies/here", "compute#firewallPolicy", ""},
		{"firewall policies everywhere", "/compute/v1/projects/shop/aggregated/firewallPolicies", "firewallPolicies/here", ""},
		{"rules of the VPC", "/compute/v1/projects/shop/global/firewalls", "compute#firewallList", `"items"`},
		{"endpoints", "/compute/v1/projects/shop/global/forwardingRules", "compute#forwardingRuleList", `"items"`},
		{"a gateway's addresses", "/compute/v1/projects/shop/regions/us-east1/routers/rest/getNatIpInfo", "{}", "natName"},
		{"a gateway's mappings", "/compute/v1/projects/shop/regions/us-east1/routers/rest/getNatMappingInfo", "compute#vmEndpointNatMappingsList", ""},
		{"settings that nobody made", "/artifactregistry/v1/projects/shop/projectSettings", "projects/shop/projectSettings", ""},
		{"a perimeter that nobody opened", "/artifactregistry/v1/projects/shop/locations/us/vpcscConfig", `"DENY"`, ""},
		{"repositories of another place", "/artifactregistry/v1/projects/shop/locations/us/repositories", "{}", "apps"},
		{"an organization", "/cloudresourcemanager/v3/organizations/9", "organizations/9", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, body, _ := raw(t, s, "GET", tc.path)
			if code != 200 || !strings.Contains(body, tc.says) || tc.spare != "" && strings.Contains(body, tc.spare) {
				t.Errorf("%d, want %s and not %q: %s", code, tc.says, tc.spare, body)
			}
		})
	}
}
