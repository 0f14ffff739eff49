package asset_test

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const (
	registry  = "//artifactregistry.googleapis.com/projects/shop/locations/europe/"
	container = "//container.googleapis.com/projects/shop/locations/europe-west4/clusters/c"
	zones     = "//dns.googleapis.com/projects/shop/"
	fences    = "//accesscontextmanager.googleapis.com/accessPolicies/9/servicePerimeters/"
	inVPC     = `"network":"` + compute + `global/networks/vpc"`
)

// held writes what of a kind facts hold, each by its ID and what was read of it.
func held(f topology.Facts) []string {
	out := []string{}
	add := func(format string, values ...any) { out = append(out, fmt.Sprintf(format, values...)) }
	for _, n := range f.Networks {
		add("%s policies first %v", n.ID, n.PoliciesFirst.Or(false))
	}
	for _, s := range f.Subnetworks {
		add("%s in %s access %v", s.ID, s.Network.Or("?"), s.GoogleAccess.Or(false))
	}
	for _, r := range f.Routers {
		add("%s in %s", r.ID, r.Network.Or("?"))
	}
	for _, r := range f.Routes {
		add("%s in %s to %s by %s", r.ID, r.Network.Or("?"), r.Destination.Or(netip.Prefix{}), r.Through)
	}
	for _, r := range f.Firewalls {
		add("%s in %s layer %d priority %d action %d", cmp.Or(r.Policy, r.ID), r.Network.Or("?"), r.Layer, r.Priority.Or(-1), r.Action.Or(99))
	}
	for _, e := range f.Endpoints {
		add("%s in %s at %s", e.ID, e.Network.Or("?"), e.Address.Or(netip.Addr{}))
	}
	for _, z := range f.Zones {
		add("%s of %s", z.ID, z.DNSName.Or("?"))
	}
	for _, r := range f.RecordSets {
		add("%s says %s", r.ID, r.Data.Or(nil))
	}
	for _, n := range f.NameServers {
		add("%s for %d networks", n.ID, len(n.Networks))
	}
	for _, r := range f.Responses {
		add("%s answers %s with %s", r.ID, r.DNS.Or("?"), r.Data.Or(nil))
	}
	for _, r := range f.Repositories {
		add("%s of %s", r.ID, r.Format.Or("?"))
	}
	for _, r := range f.Roles {
		add("%s %s", r.ID, r.Permissions.Or(nil))
	}
	for _, a := range f.Accounts {
		add("%s is %s", a.ID, a.Email.Or("?"))
	}
	for _, p := range f.Perimeters {
		add("%s holds %s restricts %s leads to %s", p.ID, p.Projects.Or([]string{"?"}), p.Restricted.Or(nil), p.EgressTo.Or(nil))
	}
	for _, c := range f.Clusters {
		for _, p := range c.Pools {
			add("%s as %s", p.ID, p.ServiceAccount.Or("?"))
		}
	}
	for _, u := range f.Images {
		add("%s pulls %s", u.Cluster.Or("?"), u.Ref.Or("?"))
	}
	slices.Sort(out)
	return out
}

// Every type that matters is read into the facts it tells of; written without its self link, or without data, and broken, it is what it should be.
var typed = []struct {
	name, kind, asset, data string
	// broken is data that cannot be read, refused the collection and project that are then not known whole.
	broken  string
	refused string
	want    []string
}{
	{"a network", "compute.googleapis.com/Network", names + "global/networks/vpc", `{"name":"vpc","networkFirewallPolicyEnforcementOrder":"BEFORE_CLASSIC_FIREWALL"}`,
		`{"name":7}`, "networks of shop", []string{"google_compute_network/shop/global/vpc policies first true"}},
	{"a subnetwork", "compute.googleapis.com/Subnetwork", names + "regions/europe-west4/subnetworks/nodes", `{` + inVPC + `,"ipCidrRange":"10.0.0.0/20","privateIpGoogleAccess":true}`,
		`{"privateIpGoogleAccess":"yes"}`, "subnetworks of shop", []string{"google_compute_subnetwork/shop/europe-west4/nodes in google_compute_network/shop/global/vpc access true"}},
	{"a router", "compute.googleapis.com/Router", names + "regions/europe-west4/routers/r", `{` + inVPC + `}`,
		`{"nats":7}`, "routers of shop", []string{"google_compute_router/shop/europe-west4/r in google_compute_network/shop/global/vpc"}},
	{"a route", "compute.googleapis.com/Route", names + "global/routes/proxy", `{` + inVPC + `,"destRange":"0.0.0.0/0","nextHopIp":"10.0.0.9"}`,
		`{"destRange":0}`, "routes of shop", []string{"google_compute_route/shop/global/proxy in google_compute_network/shop/global/vpc to 0.0.0.0/0 by address 10.0.0.9"}},
	{"a policy-based route", "networkconnectivity.googleapis.com/PolicyBasedRoute", "//networkconnectivity.googleapis.com/projects/shop/locations/global/policyBasedRoutes/pbr",
		`{"name":"projects/shop/locations/global/policyBasedRoutes/pbr","network":"projects/shop/global/networks/vpc","nextHopIlbIp":"10.0.0.8","filter":{"protocolVersion":"IPV4"}}`,
		`{"priority":"first"}`, "routes of shop",
		[]string{"google_network_connectivity_policy_based_route/shop/global/pbr in google_compute_network/shop/global/vpc to 0.0.0.0/0 by load balancer 10.0.0.8"}},
	{"a firewall rule", "compute.googleapis.com/Firewall", names + "global/firewalls/deny", `{` + inVPC + `,"direction":"EGRESS","priority":7,"denied":[{"IPProtocol":"all"}],"destinationRanges":["0.0.0.0/0"]}`,
		`{"priority":"high"}`, "firewalls of shop", []string{"google_compute_firewall/shop/global/deny in google_compute_network/shop/global/vpc layer 1 priority 7 action 1"}},
	{"a network's firewall policy", "compute.googleapis.com/FirewallPolicy", names + "global/firewallPolicies/net", policyOf(`"attachmentTarget":"` + compute + `global/networks/vpc"`),
		`{"rules":7}`, "firewalls of shop", []string{"google_compute_network_firewall_policy/shop/global/net in google_compute_network/shop/global/vpc layer 2 priority 5 action 1"}},
	{"a network's firewall policy by its newer type", "compute.googleapis.com/NetworkFirewallPolicy", names + "global/firewallPolicies/net", policyOf(`"attachmentTarget":"` + compute + `global/networks/vpc"`),
		`{"rules":7}`, "firewalls of shop", []string{"google_compute_network_firewall_policy/shop/global/net in google_compute_network/shop/global/vpc layer 2 priority 5 action 1"}},
	{"a region's firewall policy", "compute.googleapis.com/RegionNetworkFirewallPolicy", names + "regions/europe-west4/firewallPolicies/net", policyOf(`"attachmentTarget":"` + compute + `global/networks/vpc"`),
		`{"rules":7}`, "firewalls of shop", []string{"google_compute_region_network_firewall_policy/shop/europe-west4/net in google_compute_network/shop/global/vpc layer 3 priority 5 action 1"}},
	{"an organisation's firewall policy", "compute.googleapis.com/FirewallPolicy", "//compute.googleapis.com/locations/global/firewallPolicies/123", policyOf(`"attachmentTarget":"organizations/2"`),
		`{"rules":7}`, "firewalls of ", []string{"google_compute_firewall_policy//global/123 in ? layer 0 priority 5 action 1"}},
	{"an endpoint", "compute.googleapis.com/GlobalForwardingRule", names + "global/forwardingRules/psc", `{` + inVPC + `,"target":"all-apis","IPAddress":"10.9.0.5"}`,
		`{"IPAddress":7}`, "endpoints of shop", []string{"google_compute_global_forwarding_rule/shop/global/psc in google_compute_network/shop/global/vpc at 10.9.0.5"}},
	{"an endpoint by its older type", "compute.googleapis.com/ForwardingRule", names + "global/forwardingRules/psc", `{` + inVPC + `,"target":"vpc-sc","IPAddress":"10.9.0.5"}`,
		`{"IPAddress":7}`, "endpoints of shop", []string{"google_compute_global_forwarding_rule/shop/global/psc in google_compute_network/shop/global/vpc at 10.9.0.5"}},
	{"a load balancer's rule", "compute.googleapis.com/ForwardingRule", names + "regions/europe-west4/forwardingRules/web", `{` + inVPC + `,"target":"` + compute + `regions/europe-west4/targetPools/web"}`,
		`{"target":7}`, "endpoints of shop", []string{}},
	{"a private zone", "dns.googleapis.com/ManagedZone", zones + "managedZones/5", `{"name":"gcr","id":"5","dnsName":"gcr.io.","visibility":"private"}`,
		`{"dnsName":7}`, "dns of shop", []string{"google_dns_managed_zone/shop/global/gcr of gcr.io."}},
	{"a public zone", "dns.googleapis.com/ManagedZone", zones + "managedZones/6", `{"name":"gcr","id":"6","dnsName":"gcr.io.","visibility":"public"}`,
		`{"visibility":7}`, "dns of shop", []string{}},
	{"other name servers", "dns.googleapis.com/Policy", zones + "policies/corp", `{"name":"corp","alternativeNameServerConfig":{"targetNameServers":[{"ipv4Address":"10.0.0.2"}]},"networks":[{"networkUrl":"` + compute + `global/networks/vpc"}]}`,
		`{"networks":7}`, "dns of shop", []string{"google_dns_policy/shop/global/corp for 1 networks"}},
	{"a repository", "artifactregistry.googleapis.com/Repository", registry + "repositories/apps", `{"format":"DOCKER"}`,
		`{"format":[]}`, "repositories of shop", []string{"google_artifact_registry_repository/shop/europe/apps of DOCKER"}},
	{"a role", "iam.googleapis.com/Role", "//iam.googleapis.com/projects/shop/roles/puller", `{"includedPermissions":["artifactregistry.repositories.downloadArtifacts"]}`,
		`{"includedPermissions":7}`, "iam of shop", []string{"google_project_iam_custom_role/shop/global/puller [artifactregistry.repositories.downloadArtifacts]"}},
	{"a deleted role", "iam.googleapis.com/Role", "//iam.googleapis.com/organizations/2/roles/puller", `{"deleted":true,"includedPermissions":["artifactregistry.repositories.downloadArtifacts"]}`,
		`{"deleted":7}`, "iam of ", []string{"google_organization_iam_custom_role/organizations/2/global/puller []"}},
	{"an account", "iam.googleapis.com/ServiceAccount", "//iam.googleapis.com/projects/shop/serviceAccounts/1", `{"email":"nodes@shop.iam.gserviceaccount.com"}`,
		`{"email":7}`, "iam of shop", []string{"google_service_account/shop/global/nodes@shop.iam.gserviceaccount.com is nodes@shop.iam.gserviceaccount.com"}},
	{"an account without an address", "iam.googleapis.com/ServiceAccount", "//iam.googleapis.com/projects/shop/serviceAccounts/1", `{"uniqueId":"1"}`,
		`{"email":[]}`, "iam of shop", []string{}},
	{"a perimeter", "accesscontextmanager.googleapis.com/ServicePerimeter", fences + "shop",
		`{"status":{"resources":["projects/42"],"restrictedServices":["artifactregistry.googleapis.com"],"egressPolicies":[{},{"egressTo":{"resources":["projects/1"]}}]},"spec":{"resources":["projects/43"]}}`,
		`{"status":7}`, "perimeters of ", []string{"google_access_context_manager_service_perimeter//global/accessPolicies/9/servicePerimeters/shop holds [projects/42] restricts [artifactregistry.googleapis.com] leads to [projects/1]"}},
	{"a perimeter that is only a dry run", "accesscontextmanager.googleapis.com/ServicePerimeter", fences + "shop", `{"spec":{"resources":["projects/43"]}}`,
		`{"status":[]}`, "perimeters of ", []string{"google_access_context_manager_service_perimeter//global/accessPolicies/9/servicePerimeters/shop holds [] restricts [] leads to []"}},
}

func policyOf(target string) string {
	return `{"region":"","associations":[{` + target + `}],"rules":[{"direction":"EGRESS","priority":5,"action":"deny","match":{"destIpRanges":["0.0.0.0/0"],"layer4Configs":[{"ipProtocol":"all"}]}},
		{"direction":"INGRESS","priority":6,"action":"deny","match":{}}]}`
}

func TestTypes(t *testing.T) {
	for _, tc := range typed {
		t.Run(tc.name, func(t *testing.T) {
			f, notes := read(t, export(t, "assets.json", one(tc.asset, tc.kind, tc.data)))
			if d := gocmp.Diff(tc.want, held(f)); d != "" || len(notes) != 0 {
				t.Errorf("%s%q", d, notes)
			}
			// Lines of what was deleted, or of what a policy is on, have no data.
			for _, empty := range []string{`"resource":{"version":"v1","data":null}`, `"resource":null`, `"resource":{}`, `"related_asset":{"data":{"name":"x"}}`} {
				f, notes = read(t, export(t, "assets.json", fmt.Sprintf(`{"name":%q,"asset_type":%q,%s}`, tc.asset, tc.kind, empty)))
				if len(held(f)) != 0 || len(notes) != 0 || len(f.Readings) != 0 {
					t.Errorf("%s: %q, notes %q, %+v", empty, held(f), notes, f.Readings)
				}
			}
		})
	}
}

// What cannot be read is named with its line, and its collection is not known whole: its absence decides nothing.
func TestTypesThatCannotBeRead(t *testing.T) {
	for _, tc := range typed {
		t.Run(tc.name, func(t *testing.T) {
			f, notes := read(t, export(t, "assets.json", aBucket, one(tc.asset, tc.kind, tc.broken), one(tc.asset+"2", tc.kind, tc.data)))
			if len(notes) != 1 || !strings.Contains(notes[0], "assets.json: line 2: "+tc.asset+" could not be read (") || !strings.HasSuffix(notes[0], "): what it would tell is not known") {
				t.Errorf("notes %q", notes)
			}
			refusals := 0
			for _, r := range f.Readings {
				if r.Refused == "" {
					if where := fmt.Sprintf("%s of %s", r.Collection, r.Project); where == tc.refused {
						t.Errorf("%s is known whole, though an asset of it was not read", where)
					}
					continue
				}
				refusals++
				if where := fmt.Sprintf("%s of %s", r.Collection, r.Project); where != tc.refused || !strings.HasPrefix(r.Refused, tc.asset+" could not be read: ") {
					t.Errorf("%s is refused as %q, want %s", where, r.Refused, tc.refused)
				}
			}
			if refusals != 1 {
				t.Errorf("%d refusals: %+v", refusals, f.Readings)
			}
		})
	}
}

// A rule of a response policy belongs to it by name or by number, and either may come first.
func TestResponsePolicies(t *testing.T) {
	policy := one(zones+"responsePolicies/google", "dns.googleapis.com/ResponsePolicy", `{"responsePolicyName":"google","id":"9","networks":[{"networkUrl":"`+compute+`global/networks/vpc"}]}`)
	rule := func(of string) string {
		return one(zones+"responsePolicies/"+of+"/rules/gcr", "dns.googleapis.com/ResponsePolicyRule", `{"ruleName":"gcr","dnsName":"gcr.io.","localData":{"localDatas":[{"type":"A","rrdatas":["199.36.153.8"]}]}}`)
	}
	for name, tc := range map[string]struct {
		lines []string
		rules int
	}{
		"by name":              {[]string{policy, rule("google")}, 1},
		"by number":            {[]string{policy, rule("9")}, 1},
		"the rule comes first": {[]string{rule("9"), policy}, 1},
		"of another policy":    {[]string{policy, rule("8")}, 0},
		"of no policy":         {[]string{rule("google")}, 0},
	} {
		f, notes := read(t, export(t, "assets.json", tc.lines...))
		if len(f.Responses) != tc.rules || len(notes) != 0 {
			t.Errorf("%s: %q, notes %q", name, held(f), notes)
			continue
		}
		for _, r := range f.Responses {
			if len(r.Networks) != 1 || r.DNS.Or("") != "gcr.io." || r.Type != "A" || len(r.Data.Or(nil)) != 1 {
				t.Errorf("%s: %+v", name, r)
			}
		}
	}
	for kind, broken := range map[string]string{
		"dns.googleapis.com/ResponsePolicy":     one(zones+"responsePolicies/google", "dns.googleapis.com/ResponsePolicy", `{"networks":7}`),
		"dns.googleapis.com/ResponsePolicyRule": one(zones+"responsePolicies/google/rules/r", "dns.googleapis.com/ResponsePolicyRule", `{"localData":7}`),
	} {
		f, notes := read(t, export(t, "assets.json", theZone, broken))
		if len(notes) != 1 || !strings.Contains(notes[0], "line 2: ") || len(f.Readings) == 0 || f.Readings[0].Refused == "" {
			t.Errorf("%s: notes %q, readings %+v", kind, notes, f.Readings)
		}
	}
}

// Exports of access policies hold a perimeter beside the resource instead of in it. It lists the perimeters there are as the other form does.
func TestPerimeterOfAnAccessPolicy(t *testing.T) {
	const line = `{"name":"` + fences + `shop","asset_type":"accesscontextmanager.googleapis.com/ServicePerimeter",%q:{"status":{"resources":["projects/700"],"restrictedServices":["artifactregistry.googleapis.com"]}}}`
	for _, member := range []string{"service_perimeter", "servicePerimeter"} {
		f, notes := read(t, export(t, "assets.json", theProject, fmt.Sprintf(line, member)))
		want := []string{"google_access_context_manager_service_perimeter//global/accessPolicies/9/servicePerimeters/shop holds [projects/shop] restricts [artifactregistry.googleapis.com] leads to []"}
		if d := gocmp.Diff(want, held(f)); d != "" || len(notes) != 0 {
			t.Errorf("%s: %s%q", member, d, notes)
		}
		if !slices.ContainsFunc(f.Readings, func(r topology.Reading) bool { return r.Collection == topology.Perimeters && r.Refused == "" }) {
			t.Errorf("%s: that perimeters were exported is not told: %+v", member, f.Readings)
		}
	}
}

// A policy that cannot be read is named, and the grants of its project are not known whole. Policies of other types are nobody's matter.
func TestPoliciesThatCannotBeRead(t *testing.T) {
	f, notes := read(t, export(t, "assets.json", theProject, granted("//cloudresourcemanager.googleapis.com/projects/700", "cloudresourcemanager.googleapis.com/Project", `{"bindings":7}`)))
	if len(notes) != 1 || !strings.Contains(notes[0], "line 2: //cloudresourcemanager.googleapis.com/projects/700 could not be read") {
		t.Errorf("notes %q", notes)
	}
	for _, r := range f.Readings {
		if r.Collection == topology.IAM && (r.Refused == "" || r.Project != "shop") {
			t.Errorf("%+v", r)
		}
	}
	f, notes = read(t, export(t, "assets.json", theProject, granted(names+"regions/europe-west4/subnetworks/nodes", "compute.googleapis.com/Subnetwork", `{"bindings":7}`)))
	if len(notes) != 0 || len(f.Readings) != 0 || len(f.Grants) != 0 {
		t.Errorf("a subnetwork's policy: notes %q, %+v", notes, f.Readings)
	}
}

// Of several assets that could not be read the least reason stays, whatever their order.
func TestTheReasonDoesNotDependOnTheOrder(t *testing.T) {
	broken := func(name string) string {
		return one(names+"global/routes/"+name, "compute.googleapis.com/Route", `{"name":7}`)
	}
	for _, lines := range [][]string{{broken("a"), broken("b"), broken("c")}, {broken("c"), broken("a"), broken("b")}, {broken("b"), broken("c"), broken("a")}} {
		f, notes := read(t, export(t, "assets.json", lines...))
		if len(notes) != 3 || len(f.Readings) != 1 || !strings.HasPrefix(f.Readings[0].Refused, names+"global/routes/a could not be read") {
			t.Errorf("%+v, notes %q", f.Readings, notes)
		}
	}
}
