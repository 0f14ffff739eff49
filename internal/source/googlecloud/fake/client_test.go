package fake

import (
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	compute "cloud.google.com/go/compute/apiv1"
	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"cloud.google.com/go/iam/apiv1/iampb"
	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/api/dns/v1"
	"google.golang.org/api/iam/v1"
	"google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/api/option"
	"google.golang.org/protobuf/proto"
)

type (
	computeNetwork    = computepb.Network
	computeSubnetwork = computepb.Subnetwork
	computeRoute      = computepb.Route
	gkeCluster        = containerpb.Cluster
)

// The official clients read what the fake says: what was described, with what Google adds.
func TestClientsReadTheWorld(t *testing.T) {
	s := start(t, shop())
	listed := sure(clustersOf(t, s).ListClusters(t.Context(), &containerpb.ListClustersRequest{Parent: "projects/shop/locations/-"}))
	if len(listed.GetClusters()) != 2 {
		t.Fatalf("%d clusters", len(listed.GetClusters()))
	}
	one, two := listed.GetClusters()[0], listed.GetClusters()[1]
	for what, got := range map[string][2]string{
		"self link of a regional cluster": {one.GetSelfLink(), "https://container.googleapis.com/v1/projects/shop/locations/europe-west1/clusters/one"},
		"self link of a zonal cluster":    {two.GetSelfLink(), "https://container.googleapis.com/v1/projects/shop/zones/us-east1-b/clusters/two"},
		"network":                         {one.GetNetwork(), "main"},
		"network of networkConfig":        {one.GetNetworkConfig().GetNetwork(), "projects/shop/global/networks/main"},
		"subnetwork of networkConfig":     {two.GetNetworkConfig().GetSubnetwork(), "projects/shop/regions/us-east1/subnetworks/b"},
		"status, a number on the wire":    {one.GetStatus().String(), "RUNNING"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s is %q, want %q", what, got[0], got[1])
		}
	}
	same := sure(clustersOf(t, s).GetCluster(t.Context(), &containerpb.GetClusterRequest{Name: "projects/shop/locations/europe-west1/clusters/one"}))
	if !proto.Equal(same, one) {
		t.Error("a cluster is another in the list")
	}
	at := sure(clustersOf(t, s).ListClusters(t.Context(), &containerpb.ListClustersRequest{Parent: "projects/shop/locations/us-east1-b"}))
	if len(at.GetClusters()) != 1 || at.GetClusters()[0].GetName() != "two" {
		t.Errorf("in one zone: %v", at.GetClusters())
	}
	router := sure(routersOf(t, s).Get(t.Context(), &computepb.GetRouterRequest{Project: "shop", Region: "europe-west1", Router: "nat"}))
	if got, want := router.GetNats()[0].GetSubnetworks()[0].GetName(), "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west1/subnetworks/a"; got != want {
		t.Errorf("the gateway lists %q, want %q", got, want)
	}
	status := sure(routersOf(t, s).GetRouterStatus(t.Context(), &computepb.GetRouterStatusRouterRequest{Project: "shop", Region: "europe-west1", Router: "nat"}))
	if n := status.GetResult().GetNatStatus(); len(n) != 1 || n[0].GetName() != "nat" || n[0].MinExtraNatIpsNeeded == nil {
		t.Errorf("status %v", status)
	}
	subnetwork := sure(subnetworksOf(t, s).Get(t.Context(), &computepb.GetSubnetworkRequest{Project: "shop", Region: "us-east1", Subnetwork: "b"}))
	if !subnetwork.GetPrivateIpGoogleAccess() || !strings.HasSuffix(subnetwork.GetNetwork(), "/global/networks/main") {
		t.Errorf("subnetwork %v", subnetwork)
	}
}

// An aggregated list names every scope, and says of the empty ones that they are.
func TestAggregatedScopes(t *testing.T) {
	s := start(t, shop())
	pairs := sure(all(routersOf(t, s).AggregatedList(t.Context(), &computepb.AggregatedListRoutersRequest{Project: "shop"}).Next))
	found := map[string]int{}
	for _, p := range pairs {
		found[p.Key] = len(p.Value.GetRouters())
		if empty := len(p.Value.GetRouters()) == 0; empty != (p.Value.GetWarning().GetCode() == "NO_RESULTS_ON_PAGE") {
			t.Errorf("%s: %d routers, warning %v", p.Key, len(p.Value.GetRouters()), p.Value.GetWarning())
		}
	}
	if found["regions/europe-west1"] != 1 || found["regions/us-east1"] != 1 || found["regions/us-central1"] != 0 || len(found) != 6 {
		t.Errorf("scopes %v", found)
	}
}

// Lists come in pages, each leads to the next, and together they are the whole, once.
func TestPages(t *testing.T) {
	w := shop()
	var want []string
	for _, name := range []string{"d", "e", "f", "g", "h"} {
		w.Projects[0].Subnetworks = append(w.Projects[0].Subnetworks, Subnet(name, "asia-east1", "main", "10.1.0.0/24"))
	}
	for _, n := range w.Projects[0].Subnetworks {
		want = append(want, n.GetName())
	}
	slices.Sort(want)
	for _, tc := range []struct {
		name  string
		asked uint32
		most  int
		calls int
	}{{"one page", 0, 0, 1}, {"as asked for", 3, 0, 3}, {"as the server likes", 0, 2, 4}, {"the smaller of both", 5, 1, 8}} {
		t.Run(tc.name, func(t *testing.T) {
			s := start(t, w)
			s.Pages(tc.most)
			req := &computepb.AggregatedListSubnetworksRequest{Project: "shop"}
			if tc.asked > 0 {
				req.MaxResults = &tc.asked
			}
			var got []string
			for _, p := range sure(all(subnetworksOf(t, s).AggregatedList(t.Context(), req).Next)) {
				for _, n := range p.Value.GetSubnetworks() {
					got = append(got, n.GetName())
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) || len(s.Calls()) != tc.calls {
				t.Errorf("%v in %d calls, want %v in %d", got, len(s.Calls()), want, tc.calls)
			}
		})
	}
	t.Run("DNS", func(t *testing.T) {
		s := start(t, w)
		s.Pages(1)
		var got []string
		err := zonesOf(t, s).ResourceRecordSets.List("shop", "google").Pages(t.Context(), func(p *dns.ResourceRecordSetsListResponse) error {
			for _, r := range p.Rrsets {
				got = append(got, r.Name+" "+r.Rrdatas[0])
			}
			return nil
		})
		if err != nil || !slices.Equal(got, []string{"pkg.dev. 199.36.153.8", "*.pkg.dev. 199.36.153.8"}) || len(s.Calls()) != 2 {
			t.Errorf("%v, %v in %d calls", err, got, len(s.Calls()))
		}
	})
	t.Run("a token of another list", func(t *testing.T) {
		s := start(t, w)
		if code, body, _ := raw(t, s, "GET", "/compute/v1/projects/shop/global/routes?pageToken="+token("/elsewhere", 1)); code != 400 || !strings.Contains(body, "pageToken") {
			t.Errorf("%d %s", code, body)
		}
	})
	t.Run("a page too large", func(t *testing.T) {
		s := start(t, w)
		if code, body, _ := raw(t, s, "GET", "/compute/v1/projects/shop/global/routes?maxResults=501"); code != 400 || !strings.Contains(body, "maxResults") {
			t.Errorf("%d %s", code, body)
		}
	})
}

// Enums are numbers for who asks for numbers, and names for the others.
func TestEnums(t *testing.T) {
	s := start(t, shop())
	for query, want := range map[string]string{"": `"status": "RUNNING"`, "?%24alt=json%3Benum-encoding%3Dint": `"status": 2`} {
		if _, body, _ := raw(t, s, "GET", "/container/v1/projects/shop/locations/-/clusters"+query); !strings.Contains(body, want) {
			t.Errorf("with %q the answer lacks %s", query, want)
		}
	}
}

// The other services, each by its client.
func TestOtherServices(t *testing.T) {
	w := shop()
	p := &w.Projects[0]
	p.Roles = []*iam.Role{{Name: "projects/shop/roles/puller", IncludedPermissions: []string{"artifactregistry.repositories.downloadArtifacts"}}}
	p.PolicyRoutes = []*networkconnectivity.PolicyBasedRoute{{Name: "projects/shop/locations/global/policyBasedRoutes/lb", Priority: 10}}
	p.Perimeter = map[string]*artifactregistrypb.VPCSCConfig{"europe-west1": {VpcscPolicy: artifactregistrypb.VPCSCConfig_ALLOW}}
	p.ServiceAccounts = []*iam.ServiceAccount{{Email: "nodes@shop.iam.gserviceaccount.com"}}
	s := start(t, w)
	ctx := t.Context()

	repositories := sure(all(registryOf(t, s).ListRepositories(ctx, &artifactregistrypb.ListRepositoriesRequest{Parent: "projects/shop/locations/europe-west1"}).Next))
	if len(repositories) != 1 || repositories[0].GetRegistryUri() != "europe-west1-docker.pkg.dev/shop/apps" || repositories[0].GetFormat() != artifactregistrypb.Repository_DOCKER {
		t.Errorf("repositories %v", repositories)
	}
	granted := sure(registryOf(t, s).GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: repositories[0].GetName()}))
	if granted.GetBindings()[0].GetRole() != "roles/artifactregistry.reader" {
		t.Errorf("repository policy %v", granted)
	}
	if c := sure(registryOf(t, s).GetVPCSCConfig(ctx, &artifactregistrypb.GetVPCSCConfigRequest{Name: "projects/shop/locations/europe-west1/vpcscConfig"})); c.GetVpcscPolicy() != artifactregistrypb.VPCSCConfig_ALLOW {
		t.Errorf("perimeter %v", c)
	}
	project := sure(projectsOf(t, s).GetProject(ctx, &resourcemanagerpb.GetProjectRequest{Name: "projects/shop"}))
	if project.GetName() != "projects/42" || project.GetParent() != "folders/7" {
		t.Errorf("project %v", project)
	}
	if byNumber := sure(projectsOf(t, s).GetProject(ctx, &resourcemanagerpb.GetProjectRequest{Name: "projects/42"})); byNumber.GetProjectId() != "shop" {
		t.Errorf("project 42 is %v", byNumber)
	}
	projectPolicy := sure(projectsOf(t, s).GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: "projects/shop"}))
	if projectPolicy.GetBindings()[0].GetRole() != "roles/editor" {
		t.Errorf("project policy %v", projectPolicy)
	}
	folders, err := resourcemanager.NewFoldersRESTClient(ctx, to(s, "/cloudresourcemanager")...)
	folder := sure(closing(t, folders, err).GetFolder(ctx, &resourcemanagerpb.GetFolderRequest{Name: "folders/7"}))
	if folder.GetParent() != "organizations/9" {
		t.Errorf("folder %v", folder)
	}
	compat, err := compute.NewProjectsRESTClient(ctx, to(s, "")...)
	if said := sure(closing(t, compat, err).Get(ctx, &computepb.GetProjectRequest{Project: "shop"})); said.GetDefaultServiceAccount() != "42-compute@developer.gserviceaccount.com" {
		t.Errorf("compute project %v", said)
	}
	roles, err := iam.NewService(ctx, append(to(s, "/iam/"), option.WithScopes())...)
	if r := sure(must(t, roles, err).Projects.Roles.Get("projects/shop/roles/puller").Do()); len(r.IncludedPermissions) != 1 {
		t.Errorf("role %v", r)
	}
	if a := sure(roles.Projects.ServiceAccounts.List("projects/shop").Do()); len(a.Accounts) != 1 {
		t.Errorf("accounts %v", a)
	}
	connectivity, err := networkconnectivity.NewService(ctx, to(s, "/networkconnectivity/")...)
	if r := sure(must(t, connectivity, err).Projects.Locations.Global.PolicyBasedRoutes.List("projects/shop/locations/global").Do()); len(r.PolicyBasedRoutes) != 1 {
		t.Errorf("policy-based routes %v", r)
	}
	zones := sure(zonesOf(t, s).ManagedZones.List("shop").Do())
	if len(zones.ManagedZones) != 1 || zones.ManagedZones[0].PrivateVisibilityConfig.Networks[0].NetworkUrl != "https://www.googleapis.com/compute/v1/projects/shop/global/networks/main" {
		t.Errorf("zones %v", zones)
	}
}
