package googlecloud

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestPool(t *testing.T) {
	c := sole(t, read(t, clusterJSON(`"nodePoolDefaults": {"nodeConfigDefaults": {"containerdConfig": {"registryHosts": [{"server": "docker.io", "hosts": [{"host": "https://mirror.example.com"}]}]}}}`,
		`"nodePools": [
		  {"name": "arm", "config": {"machineType": "c4a-standard-4", "tags": ["web"], "serviceAccount": "nodes@p.iam.gserviceaccount.com",
		    "oauthScopes": ["https://www.googleapis.com/auth/cloud-platform"],
		    "taints": [{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}, {"key": "other", "effect": "EFFECT_UNSPECIFIED"}]}},
		  {"name": "windows", "config": {"machineType": "e2-medium", "imageType": "WINDOWS_LTSC_CONTAINERD", "serviceAccount": "default",
		    "containerdConfig": {"registryHosts": [{"server": "quay.io"}]}}},
		  {"name": "bare"}]`)).Clusters)
	if len(c.Pools) != 3 {
		t.Fatalf("%d pools", len(c.Pools))
	}
	arm, windows, bare := c.Pools[0], c.Pools[1], c.Pools[2]
	if arm.Architecture != "arm64" || windows.Architecture != "amd64" || bare.Architecture != "" || arm.Windows || !windows.Windows {
		t.Errorf("architectures %q, %q, %q", arm.Architecture, windows.Architecture, bare.Architecture)
	}
	if !slices.Equal(arm.Tags.Or(nil), []string{"web"}) || !bare.Tags.Known() || len(bare.Tags.Or(nil)) != 0 {
		t.Errorf("tags %v, %v", arm.Tags, bare.Tags)
	}
	if want := []topology.Taint{{Key: "k", Value: "v", Effect: "NoSchedule"}}; !cmp.Equal(arm.Taints, want) {
		t.Errorf("taints %v", arm.Taints)
	}
	is(t, "account", arm.ServiceAccount, "nodes@p.iam.gserviceaccount.com")
	if arm.Account != "google_service_account/-/-/nodes@p.iam.gserviceaccount.com" || windows.Account != "" {
		t.Errorf("accounts %q, %q", arm.Account, windows.Account)
	}
	if !arm.Scopes.Known() || bare.Scopes.Known() {
		t.Errorf("scopes %v; those that are not told must not be none: %v", arm.Scopes, bare.Scopes)
	}
	if diff := cmp.Diff(map[string][]string{"docker.io": {"https://mirror.example.com"}}, arm.RegistryHosts); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string][]string{"quay.io": {}}, windows.RegistryHosts); diff != "" {
		t.Error(diff)
	}
	if want := "//container.googleapis.com/projects/p/locations/us-central1/clusters/c/nodePools/arm"; arm.Address != want || arm.ID != topology.PoolID(c, arm) {
		t.Errorf("%s at %s", arm.ID, arm.Address)
	}
}

// The Compute Engine default account is an address where its project is told, else empty: it never passes for another one.
func TestDefaultAccount(t *testing.T) {
	for _, tc := range []struct {
		name, account string
		project       func(*Inventory)
		want          string
	}{
		{"by the number", "default", func(v *Inventory) { v.Project("p", 42, "") }, "42-compute@developer.gserviceaccount.com"},
		{"told", "default", func(v *Inventory) { v.Project("p", 42, "old@developer.gserviceaccount.com") }, "old@developer.gserviceaccount.com"},
		{"told first", "default", func(v *Inventory) {
			v.Project("p", 0, "old@developer.gserviceaccount.com")
			v.Project("p", 42, "")
		}, "old@developer.gserviceaccount.com"},
		{"left out", "", func(v *Inventory) { v.Project("p", 42, "") }, "42-compute@developer.gserviceaccount.com"},
		{"another project's", "default", func(v *Inventory) { v.Project("q", 42, "") }, ""},
		{"one of its own", "projects/-/serviceAccounts/nodes@p.iam.gserviceaccount.com", func(v *Inventory) { v.Project("p", 42, "") }, "nodes@p.iam.gserviceaccount.com"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := New("test")
			if err := givers["cluster"](v, []byte(clusterJSON(`"nodePools": [{"name": "a", "config": {"serviceAccount": "`+tc.account+`"}}]`).text)); err != nil {
				t.Fatal(err)
			}
			tc.project(v)
			is(t, "account", sole(t, sole(t, v.Facts().Clusters).Pools).ServiceAccount, tc.want)
		})
	}
}

// Pools may come apart from their cluster, before it, and again with it; zones are locations for both.
func TestPoolApart(t *testing.T) {
	cluster := object{"cluster", `{"name": "c", "location": "us-central1-a", "selfLink": "https://container.googleapis.com/v1/projects/p/zones/us-central1-a/clusters/c",
		"networkConfig": {"defaultEnablePrivateNodes": true}, "nodePools": [{"name": "a"}]}`}
	c := sole(t, read(t, object{"pool", `{"name": "b", "initialNodeCount": 3}`}, object{"pool", `{"name": "a"}`}, cluster).Clusters)
	if len(c.Pools) != 2 || c.Pools[0].Name != "a" || c.Pools[1].Name != "b" {
		t.Fatalf("pools %v", c.Pools)
	}
	is(t, "privacy", c.Pools[1].Private, true)
	is(t, "nodes", c.Pools[1].MaxNodes, 4)
	if f := read(t, object{"pool", `{"name": "lost"}`}); len(f.Clusters) != 0 {
		t.Error("a pool alone makes a cluster")
	}
}

// A cluster without pools is judged by whatever nodes it will have: Autopilot adds them as it needs them.
func TestStandIn(t *testing.T) {
	auto := sole(t, sole(t, read(t, clusterJSON(`"autopilot": {"enabled": true}`, `"networkConfig": {"defaultEnablePrivateNodes": true}`, `"nodePoolAutoConfig": {"networkTags": {"tags": ["web"]}}`,
		`"autoscaling": {"autoprovisioningNodePoolDefaults": {"serviceAccount": "a@p.iam.gserviceaccount.com"}}`)).Clusters).Pools)
	is(t, "privacy", auto.Private, true)
	is(t, "account", auto.ServiceAccount, "a@p.iam.gserviceaccount.com")
	if !auto.StandsIn() || auto.MaxNodes.Known() || !slices.Equal(auto.Tags.Or(nil), []string{"web"}) || !slices.Equal(auto.Scopes.Or(nil), []string{topology.CloudPlatform}) {
		t.Errorf("%+v", auto)
	}
	// Pools that it does list wear the tags too.
	c := sole(t, read(t, clusterJSON(`"autopilot": {"enabled": true}`, `"nodePoolAutoConfig": {"networkTags": {"tags": ["web"]}}`, `"nodePools": [{"name": "a", "config": {"tags": ["own"]}}]`)).Clusters)
	if p := sole(t, c.Pools); p.StandsIn() || !slices.Equal(p.Tags.Or(nil), []string{"own", "web"}) {
		t.Errorf("%+v", p)
	}
	empty := sole(t, sole(t, read(t, clusterJSON()).Clusters).Pools)
	if !empty.StandsIn() || empty.MaxNodes.Known() || empty.Scopes.Known() {
		t.Errorf("%+v", empty)
	}
}
