package fake

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/api/iam/v1"
	"google.golang.org/protobuf/proto"
)

// What a world tells is served as it is, in place of what Google would say where nobody told anything.
func TestToldAnswers(t *testing.T) {
	w := shop()
	p := &w.Projects[0]
	p.DefaultAccount = "-"
	p.ServiceAccounts = []*iam.ServiceAccount{{Email: "nodes@shop.iam.gserviceaccount.com", DisplayName: "nodes"}}
	p.Roles = []*iam.Role{{Name: "projects/shop/roles/puller", IncludedPermissions: []string{"a.b.c"}}}
	w.Above[1].Roles = []*iam.Role{{Name: "organizations/9/roles/all", Deleted: true}}
	p.Settings = &artifactregistrypb.ProjectSettings{PullPercent: 30}
	p.Perimeter = map[string]*artifactregistrypb.VPCSCConfig{"us": {VpcscPolicy: artifactregistrypb.VPCSCConfig_ALLOW}}
	p.Routers[0].Status = &computepb.RouterStatus{NatStatus: []*computepb.RouterStatusNatStatus{{Name: proto.String("nat"), MinExtraNatIpsNeeded: proto.Int32(3)}}}
	p.Routers[0].Addresses = &computepb.NatIpInfoResponse{Result: []*computepb.NatIpInfo{{NatName: proto.String("nat")}}}
	p.Routers[0].Mappings = &computepb.VmEndpointNatMappingsList{Result: []*computepb.VmEndpointNatMappings{{InstanceName: proto.String("node-1")}}}
	s := start(t, w)
	for _, tc := range []struct{ name, path, says, spare string }{
		{"a project without a default account", "/compute/v1/projects/shop", `"shop"`, "defaultServiceAccount"},
		{"one account", "/iam/v1/projects/shop/serviceAccounts/nodes@shop.iam.gserviceaccount.com", `"displayName": "nodes"`, ""},
		{"accounts", "/iam/v1/projects/shop/serviceAccounts", "nodes@shop", ""},
		{"a role", "/iam/v1/projects/shop/roles/puller", "a.b.c", ""},
		{"roles in short", "/iam/v1/projects/shop/roles", "roles/puller", "a.b.c"},
		{"roles in full", "/iam/v1/projects/shop/roles?view=FULL", "a.b.c", ""},
		{"a deleted role of an organization", "/iam/v1/organizations/9/roles/all", `"deleted": true`, ""},
		{"settings", "/artifactregistry/v1/projects/shop/projectSettings", `"pullPercent": 30`, ""},
		{"an open perimeter", "/artifactregistry/v1/projects/shop/locations/us/vpcscConfig", `"ALLOW"`, ""},
		{"the same elsewhere", "/artifactregistry/v1/projects/shop/locations/europe/vpcscConfig", `"DENY"`, ""},
		{"a router's state", "/compute/v1/projects/shop/regions/europe-west1/routers/nat/getRouterStatus", `"minExtraNatIpsNeeded": 3`, ""},
		{"a router that needs nothing", "/compute/v1/projects/shop/regions/us-east1/routers/rest/getRouterStatus", `"minExtraNatIpsNeeded": 0`, ""},
		{"its addresses", "/compute/v1/projects/shop/regions/europe-west1/routers/nat/getNatIpInfo", `"natName": "nat"`, ""},
		{"its mappings", "/compute/v1/projects/shop/regions/europe-west1/routers/nat/getNatMappingInfo", "node-1", ""},
		{"by the project's number", "/compute/v1/projects/42/global/networks/main", "projects/shop/global/networks/main", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, body, _ := raw(t, s, "GET", tc.path)
			if code != 200 || !strings.Contains(body, tc.says) || tc.spare != "" && strings.Contains(body, tc.spare) {
				t.Errorf("%d, want %s and not %q: %s", code, tc.says, tc.spare, body)
			}
		})
	}
	for _, path := range []string{"/iam/v1/projects/shop/serviceAccounts/none", "/iam/v1/organizations/9/roles/none", "/container/v1/projects/shop/locations/us-east1-b/clusters/two/nodePools/none",
		"/container/v1/projects/shop/locations/us-east1-b/clusters/none/nodePools/default-pool", "/dns/v1/projects/shop/responsePolicies/none/rules",
		"/compute/v1/projects/shop/regions/us-east1/routers/none/getRouterStatus", "/compute/v1/projects/shop/regions/us-east1/routers/none/getNatIpInfo",
		"/compute/v1/projects/shop/global/networks/none/getEffectiveFirewalls"} {
		if code, body, _ := raw(t, s, "GET", path); code != 404 {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
	if code, _, _ := raw(t, s, "GET", "/iam/v1/organizations/8/roles/all"); code != 403 {
		t.Errorf("a role of a hidden organization: %d", code)
	}
}

// Sizes of pages are checked as each API does, and a token is good for its own list alone.
func TestSizesAndTokens(t *testing.T) {
	s := start(t, shop())
	_, body, _ := raw(t, s, "GET", "/compute/v1/projects/shop/global/networks?maxResults=1")
	_, rest, _ := strings.Cut(body, `"nextPageToken": "`)
	next, _, found := strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("no token in %s", body)
	}
	for _, tc := range []struct {
		name, path string
		code       int
	}{
		{"the largest page", "/compute/v1/projects/shop/global/networks?maxResults=500", 200},
		{"one larger", "/compute/v1/projects/shop/global/networks?maxResults=501", 400},
		{"a negative size", "/compute/v1/projects/shop/global/networks?maxResults=-1", 400},
		{"no number", "/compute/v1/projects/shop/global/networks?maxResults=all", 400},
		{"a newer API clips", "/artifactregistry/v1/projects/shop/locations/us/repositories?pageSize=5000", 200},
		{"another API's word for it", "/artifactregistry/v1/projects/shop/locations/us/repositories?maxResults=all", 200},
		{"the next page", "/compute/v1/projects/shop/global/networks?maxResults=1&pageToken=" + url.QueryEscape(next), 200},
		{"the token of another list", "/compute/v1/projects/shop/global/routes?pageToken=" + url.QueryEscape(next), 400},
		{"a token of nobody", "/compute/v1/projects/shop/global/networks?pageToken=nonsense", 400},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if code, body, _ := raw(t, s, "GET", tc.path); code != tc.code {
				t.Errorf("%d %s, want %d", code, body, tc.code)
			}
		})
	}
}

// Of the faults that match, the latest strikes as often as it says; then the one before it does again.
func TestFaultsInTurn(t *testing.T) {
	s := start(t, shop())
	s.Fault(Match{API: "compute"}, Status(500, "first"))
	s.Fault(Match{Path: "/compute/v1/projects/*/global/routes"}, Unavailable(3*time.Second).First(2))
	for i, want := range []int{503, 503, 500, 500} {
		code, _, header := raw(t, s, "GET", "/compute/v1/projects/shop/global/routes")
		if code != want || code == 503 && header.Get("Retry-After") != "3" {
			t.Errorf("call %d: %d, Retry-After %q, want %d", i, code, header.Get("Retry-After"), want)
		}
	}
	if code, _, _ := raw(t, s, "GET", "/dns/v1/projects/shop/policies"); code != 200 {
		t.Errorf("another API: %d", code)
	}
	s.Forget()
	if code, _, _ := raw(t, s, "GET", "/compute/v1/projects/shop/global/routes"); code != 200 || len(s.Calls()) != 1 {
		t.Errorf("after everything was forgotten: %d, %d calls", code, len(s.Calls()))
	}
}

// The rules in force are those of folders and organizations first, and never those of other networks or of regions.
func TestRulesInForce(t *testing.T) {
	w := shop()
	p := &w.Projects[0]
	attached := func(name, region, network string) *computepb.FirewallPolicy {
		f := &computepb.FirewallPolicy{Name: proto.String(name), Associations: []*computepb.FirewallPolicyAssociation{{Name: proto.String("a"), AttachmentTarget: proto.String(network)}}}
		if region != "" {
			f.Region = proto.String(region)
		}
		return f
	}
	p.Hierarchy = []*computepb.NetworksGetEffectiveFirewallsResponseEffectiveFirewallPolicy{{ShortName: proto.String("org"), Type: proto.String("HIERARCHY")}}
	p.FirewallPolicies = []*computepb.FirewallPolicy{attached("mine", "", "main"), attached("others", "", "other"), attached("regional", "us-east1", "main")}
	s := start(t, w)
	for network, want := range map[string]string{"main": "HIERARCHY: org, NETWORK: mine", "other": "HIERARCHY: org, NETWORK: others"} {
		found := sure(networksOf(t, s).GetEffectiveFirewalls(t.Context(), &computepb.GetEffectiveFirewallsNetworkRequest{Project: "shop", Network: network}))
		var got []string
		for _, f := range found.GetFirewallPolicys() {
			got = append(got, fmt.Sprintf("%s: %s%s", f.GetType(), f.GetShortName(), f.GetName()))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %v, want %s", network, got, want)
		}
	}
}
