package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRealObjects hands over whole objects of plans that the google provider made, all of a plan to one gate, unknown where it says so. Each
// converts, and what is wrong shows in the plan. Where a plan holds several networks, links that only apply knows stay undecided: one warning.
func TestRealObjects(t *testing.T) {
	for _, test := range []struct {
		plan, cluster string
		errors        string
		warns         int
	}{
		{"01-nat-all-ranges", "google_container_cluster.private", "", 0},
		{"02-nat-primary-only", "google_container_cluster.default_snat", "", 1},
		{"02-nat-primary-only", "google_container_cluster.no_snat", "nat-pod-range", 0},
		{"03-nat-secondary-of-other", "google_container_cluster.a", "nat-node-range", 1},
		{"03-nat-secondary-of-other", "google_container_cluster.b", "nat-node-range", 1},
		{"04-no-nat", "google_container_cluster.a", "nat-node-range", 1},
		{"04-no-nat", "google_container_cluster.c", "", 0},
		{"04-no-nat", "google_container_cluster.d", "nat-node-range", 1},
		{"05-nat-wrong-region", "google_container_cluster.private", "nat-node-range", 1},
		{"06-nat-wrong-network", "google_container_cluster.apps", "", 1},
		{"13-no-default-route", "google_container_cluster.n[\"n1\"]", "", 1},
		{"14-egress-firewall-private-googleapis", "google_container_cluster.c", "egress-firewall registry-dns", 0},
		{"15-mixed-node-pools", "google_container_cluster.pub", "", 1},
		{"18-update-noop", "google_container_cluster.c", "", 0},
		{"10-update-destroy-nat", "google_container_cluster.c", "nat-node-range", 0},
		{"20-update-replace-router-region", "google_container_cluster.c", "nat-node-range", 0},
		{"25-all-primary-split-nats-import", "google_container_cluster.k[\"c\"]", "", 0},
		{"26-psc-google-apis-no-default-route", "google_container_cluster.c", "", 2},
	} {
		t.Run(test.plan+"/"+test.cluster, func(t *testing.T) {
			s := newServer(t)
			arguments := planned(t, test.plan, test.cluster)
			if _, found := arguments["cluster"]; !found {
				t.Fatalf("the plan has no %s", test.cluster)
			}
			if d := s.validate(arguments); len(d) > 0 {
				t.Errorf("validate:\n%s", d)
			}
			_, d := s.plan(arguments, s.none())
			if got := d.errors().checks(); got != test.errors {
				t.Errorf("errors of %q, want %q:\n%s", got, test.errors, d)
			}
			if got := len(d.warnings()); got != test.warns {
				t.Errorf("%d warnings, want %d:\n%s", got, test.warns, d.warnings())
			}
			for _, x := range d.errors() {
				if !strings.HasSuffix(x.Detail, "\n"+lastLine) {
					t.Errorf("ends otherwise: %s", x.Detail)
				}
			}
		})
	}
}

// TestRealObjectsInTerraform has Terraform itself convert whole objects, master_auth and all, and drop what the gate does not name.
func TestRealObjectsInTerraform(t *testing.T) {
	t.Parallel()
	plan, err := os.ReadFile(filepath.Join(plans, "18-update-noop", "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	f := newFolder(t, "plan.json", string(plan), "main.tf", required+`
locals {
  changes = jsondecode(file("plan.json")).resource_changes
  after   = { for c in local.changes : c.address => c.change.after }
  of      = { for type in toset([for c in local.changes : c.type]) : type => [for c in local.changes : c.change.after if c.type == type] }
}
resource "gkepreflight_gate" "private" {
  cluster     = merge(local.after["google_container_cluster.c"], { master_auth = [{ client_key = "SECRET-CLIENT-KEY" }] })
  node_pools  = local.of["google_container_node_pool"]
  networks    = local.of["google_compute_network"]
  subnetworks = local.of["google_compute_subnetwork"]
  routers     = local.of["google_compute_router"]
  nats        = local.of["google_compute_router_nat"]
}
`)
	f.run("apply", "-auto-approve").want(t, 0, "!Warning: gkepreflight", "!SECRET-CLIENT-KEY")
	f.run("plan", "-detailed-exitcode").want(t, 0)
	state := f.read("terraform.tfstate")
	if strings.Contains(state, "SECRET-CLIENT-KEY") || strings.Contains(state, "master_auth") {
		t.Error("the state holds what the schema does not name")
	}
}
