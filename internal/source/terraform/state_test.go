package terraform

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const networkState = `{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{
 "resources":[{"address":"google_compute_network.vpc","mode":"managed","type":"google_compute_network","name":"vpc","values":{"name":"vpc","project":"p"},"sensitive_values":{}}],
 "child_modules":[{"address":"module.net[\"a.b\"]","resources":[
  {"address":"module.net[\"a.b\"].google_compute_subnetwork.s[0]","mode":"managed","type":"google_compute_subnetwork","name":"s","index":0,
   "values":{"name":"s","project":"p","region":"r1","network":"https://www.googleapis.com/compute/v1/projects/p/global/networks/vpc","private_ip_google_access":true,
    "ip_cidr_range":"10.0.0.0/20","secondary_ip_range":[{"range_name":"pods","ip_cidr_range":"10.4.0.0/14"}]},"sensitive_values":{"secondary_ip_range":[{}]}},
  {"address":"module.net[\"a.b\"].google_compute_router.r","mode":"managed","type":"google_compute_router","name":"r","values":{"name":"r","project":"p","region":"r1","network":"vpc"}},
  {"address":"module.net[\"a.b\"].google_compute_router_nat.n","mode":"managed","type":"google_compute_router_nat","name":"n",
   "values":{"name":"n","project":"p","region":"r1","router":"r","source_subnetwork_ip_ranges_to_nat":"ALL_SUBNETWORKS_ALL_IP_RANGES","type":"PUBLIC"}},
  {"address":"module.net[\"a.b\"].google_compute_router.old","mode":"managed","type":"google_compute_router","name":"old","deposed_key":"1","values":{"name":"old","project":"p","region":"r1"}},
  {"address":"module.net[\"a.b\"].random_id.x","mode":"managed","type":"random_id","name":"x","values":{"hex":"ab"}}]}]}}}`

func inFile(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestReadState(t *testing.T) {
	r, err := Read(context.Background(), Input{States: []string{inFile(t, "state.json", networkState)}})
	if err != nil {
		t.Fatal(err)
	}
	f := r.After
	if len(f.Networks) != 1 || len(f.Subnetworks) != 1 || len(f.Routers) != 1 || len(f.NATs) != 1 {
		t.Fatalf("read %d networks, %d subnetworks, %d routers, %d gateways", len(f.Networks), len(f.Subnetworks), len(f.Routers), len(f.NATs))
	}
	s := f.Subnetworks[0]
	is(t, "network", s.Network, networkID("vpc"))
	is(t, "access", s.GoogleAccess, true)
	unknown(t, "whether a configuration sets it", s.GoogleAccessConfigured, "no configuration")
	is(t, "range", s.Secondary[0].Name, "pods")
	is(t, "router", f.NATs[0].Router, topology.Identify("google_compute_router", "p", "r1", "r"))
	if !s.Managed || s.Created || s.Address != `module.net["a.b"].google_compute_subnetwork.s[0]` {
		t.Errorf("the subnetwork is %+v", s.Object)
	}
}

// A plan lies over a state: what it says wins, what it removes is gone, what it does not speak of stays.
func TestPlanOverState(t *testing.T) {
	plan := build{resources: []resource{
		{address: "google_compute_router_nat.taken_over", actions: []string{"delete"}, before: object{"name": "n", "project": "p", "region": "r1", "router": "r"}},
		{address: "google_compute_subnetwork.mine", actions: []string{"update"}, before: object{"name": "s", "project": "p", "region": "r1", "network": "vpc", "private_ip_google_access": true},
			after: object{"name": "s", "project": "p", "region": "r1", "network": "vpc", "private_ip_google_access": false}, config: object{}},
		{address: "data.google_compute_network.vpc", actions: []string{"no-op"}, after: object{"name": "vpc", "project": "p"}},
		{address: "google_container_cluster.c", after: object{"name": "c", "project": "p", "location": "r1", "network": "vpc", "subnetwork": "s"}, config: object{}},
	}}.json(t)
	r, err := Read(context.Background(), Input{States: []string{inFile(t, "state.json", networkState)}, Plans: []string{inFile(t, "plan.json", plan)}})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.After.NATs) != 0 || len(r.Before.NATs) != 1 || !r.Changed {
		t.Errorf("%d gateways after, %d before, changed %v", len(r.After.NATs), len(r.Before.NATs), r.Changed)
	}
	if len(r.After.Subnetworks) != 1 {
		t.Fatalf("%d subnetworks", len(r.After.Subnetworks))
	}
	is(t, "access after", r.After.Subnetworks[0].GoogleAccess, false)
	is(t, "access before", r.Before.Subnetworks[0].GoogleAccess, true)
	if len(r.After.Networks) != 1 || !r.After.Networks[0].Managed {
		t.Errorf("the network that the state manages and the plan looks up: %+v", r.After.Networks)
	}
	is(t, "the cluster's subnetwork", r.After.Clusters[0].Subnetwork, r.After.Subnetworks[0].ID)
	if len(r.Sources) != 2 || r.Sources[0].Kind != "state" || !strings.HasSuffix(r.Sources[1].Name, "plan.json") {
		t.Errorf("sources are %v", r.Sources)
	}
}

// Modules of a state that nest deeper than anything Terraform writes end somewhere, without an error.
func TestDeepModules(t *testing.T) {
	text := `{"format_version":"1.0","values":{"root_module":` + strings.Repeat(`{"child_modules":[`, 3000) + strings.Repeat(`]}`, 3000) + `}}`
	if _, err := readDocument(strings.NewReader(text), "state.json"); err != nil {
		t.Error(err)
	}
	plan := build{resources: []resource{networkNamed("n")}}.json(t)
	deep := strings.Replace(plan, `"address":"google_compute_network.n","change"`, `"address":"a","module_address":"`+strings.Repeat("module.a.", 100_000)+`module.a","change"`, 1)
	if deep == plan {
		t.Fatal("the plan was not changed")
	}
	if got := worldText(readText(t, deep).After); got != "n created" {
		t.Errorf("read %q", got)
	}
}
