package fake

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/protobuf/proto"
)

// Every call is counted with what it needs and who asks; nobody is answered without a token.
func TestCallsAndTokens(t *testing.T) {
	s := start(t, shop())
	raw(t, s, "GET", "/compute/v1/projects/shop/global/routes?maxResults=5")
	raw(t, s, "POST", "/cloudresourcemanager/v3/projects/shop:getIamPolicy")
	raw(t, s, "GET", "/compute/v1/projects/shop/global/routes")
	resp, err := http.Get(s.URL + "/compute/v1/projects/shop/global/routes") //nolint:noctx // it is the missing token that counts
	if err != nil || resp.StatusCode != http.StatusUnauthorized || resp.Body.Close() != nil {
		t.Errorf("without a token: %v %v", resp, err)
	}
	calls := s.Calls()
	if len(calls) != 4 {
		t.Fatalf("%d calls", len(calls))
	}
	first, second := calls[0], calls[1]
	if first.Method != "GET" || first.API != "compute" || first.Path != "/compute/v1/projects/shop/global/routes" || first.Query.Get("maxResults") != "5" ||
		first.Permission != "compute.routes.list" || !first.List || second.List || first.Status != 200 || first.Header.Get("Authorization") != "" {
		t.Errorf("%+v", first)
	}
	if second.Path != "/cloudresourcemanager/v3/projects/shop:getIamPolicy" || second.Permission != "resourcemanager.projects.getIamPolicy" {
		t.Errorf("%+v", second)
	}
	if n := s.Counts(); n["compute.routes.list"] != 3 || n["resourcemanager.projects.getIamPolicy"] != 1 {
		t.Errorf("counts %v", n)
	}
	if got := s.Tokens(); !slices.Equal(got, []string{demoToken}) {
		t.Errorf("tokens %q", got)
	}
}

// The endpoints are those of the google provider's settings: version and slash at the end, one port.
func TestEndpoints(t *testing.T) {
	s := start(t, shop())
	for name, want := range map[string]string{"compute": "/compute/v1/", "container": "/container/v1/", "dns": "/dns/v1/", "iam": "/iam/v1/",
		"artifact_registry": "/artifactregistry/v1/", "resource_manager_v3": "/cloudresourcemanager/v3/", "network_connectivity": "/networkconnectivity/v1/"} {
		if got := s.Endpoints()[name]; got != s.URL+want {
			t.Errorf("%s: %q", name, got)
		}
		if env := "GOOGLE_" + strings.ToUpper(name) + "_CUSTOM_ENDPOINT=" + s.URL + want; !slices.Contains(s.Environment("x"), env) {
			t.Errorf("the environment lacks %s", env)
		}
	}
	if !slices.Contains(s.Environment("x"), "GOOGLE_OAUTH_ACCESS_TOKEN=x") || len(s.Environment("x")) != len(s.Endpoints())+1 {
		t.Errorf("%q", s.Environment("x"))
	}
}

// What was described is as it was after it was served: one description may make many worlds.
func TestDescriptionsStay(t *testing.T) {
	w := shop()
	before := proto.CloneOf(w.Projects[0].Routers[0].Router)
	start(t, w)
	if !proto.Equal(before, w.Projects[0].Routers[0].Router) || w.Projects[0].Zones[0].PrivateVisibilityConfig.Networks[0].NetworkUrl != "main" {
		t.Error("the description was changed")
	}
}

func TestBadWorlds(t *testing.T) {
	for _, tc := range []struct {
		name  string
		world World
		says  string
	}{
		{"no id", World{Projects: []Project{{}}}, "has no ID"},
		{"twice", World{Projects: []Project{{ID: "a"}, {ID: "a"}}}, `project "a" is twice`},
	} {
		if _, err := Start(tc.world); err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

// Rules that hold for a network: its own, and those of policies attached to it.
func TestEffectiveFirewalls(t *testing.T) {
	w := shop()
	p := &w.Projects[0]
	p.Firewalls = []*computepb.Firewall{{Name: proto.String("deny"), Network: proto.String("main"), Direction: proto.String("EGRESS")}, {Name: proto.String("elsewhere"), Network: proto.String("other")}}
	attached := []*computepb.FirewallPolicyAssociation{{Name: proto.String("it"), AttachmentTarget: proto.String("main")}}
	p.FirewallPolicies = []*computepb.FirewallPolicy{{Name: proto.String("global"), Associations: attached}, {Name: proto.String("regional"), Region: proto.String("us-east1"), Associations: attached}, {Name: proto.String("loose")}}
	p.Hierarchy = []*computepb.NetworksGetEffectiveFirewallsResponseEffectiveFirewallPolicy{{Name: proto.String("1"), Type: proto.String("HIERARCHY")}}
	s := start(t, w)
	said := sure(networksOf(t, s).GetEffectiveFirewalls(t.Context(), &computepb.GetEffectiveFirewallsNetworkRequest{Project: "shop", Network: "main"}))
	if len(said.GetFirewalls()) != 1 || said.GetFirewalls()[0].GetName() != "deny" {
		t.Errorf("rules %v", said.GetFirewalls())
	}
	if in := said.GetFirewallPolicys(); len(in) != 2 || in[0].GetType() != "HIERARCHY" || in[1].GetName() != "global" {
		t.Errorf("policies %v", said.GetFirewallPolicys())
	}
}
