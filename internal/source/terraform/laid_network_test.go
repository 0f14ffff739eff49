package terraform_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/asset"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// exported is an Input's hook that reads an export of the testdata.
func exported(t *testing.T, name string) func(context.Context, topology.Facts) (topology.Facts, error) {
	return func(ctx context.Context, _ topology.Facts) (topology.Facts, error) {
		f, notes, err := asset.Read(ctx, []string{filepath.Join("..", "..", "testdata", "exports", name)}, asset.Options{})
		if len(notes) > 0 {
			t.Errorf("the export is not read as a whole: %v", notes)
		}
		return f, err
	}
}

// judged is the worst verdict on a cluster, given by its address, of checks; with " regression" where the plan takes away what held.
func judged(r terraform.Reading, cluster string, names ...string) string {
	var before *topology.Topology
	if r.Changed {
		before = topology.New(r.Before)
	}
	worst, said := topology.Skip, "none"
	for _, result := range checks.Judge(topology.New(r.After), before, checks.Policy{Only: names}).Results {
		if result.Cluster != cluster || topology.All(worst, result.Status) == worst && said != "none" {
			continue
		}
		worst = result.Status
		if said = result.Status.String(); result.Regression {
			said += " regression"
		}
	}
	return said
}

// Clusters in a network that a plan only names are undecided by the plan alone, and decided by what exists there.
func TestOutsideNetwork(t *testing.T) {
	const runningHost = "//container.googleapis.com/projects/demo-project/locations/us-central1/clusters/running"
	const runningEast = "//container.googleapis.com/projects/demo-project/locations/us-east4/clusters/running"
	for _, c := range []struct {
		plan, export, cluster, check string
		alone, laid                  string
	}{
		{"16-shared-vpc-literals", "shared-vpc.ndjson", "google_container_cluster.covered", "nat-node-range", "pass", "pass"},
		{"16-shared-vpc-literals", "shared-vpc.ndjson", "google_container_cluster.covered", "private-google-access", "pass", "pass"},
		{"16-shared-vpc-literals", "shared-vpc.ndjson", "google_container_cluster.covered", "internet-route", "pass", "pass"},
		{"16-shared-vpc-literals", "shared-vpc.ndjson", "google_container_cluster.uncovered", "nat-node-range", "unknown", "fail"},
		{"16-shared-vpc-literals", "shared-vpc.ndjson", "google_container_cluster.uncovered", "nat-pod-range", "unknown", "fail"},
		{"16-shared-vpc-literals", "shared-vpc.ndjson", "google_container_cluster.uncovered", "private-google-access", "unknown", "fail"},
		{"16-shared-vpc-literals", "shared-vpc.ndjson", "google_container_cluster.namesake", "nat-node-range", "unknown", "pass"},
		{"16-shared-vpc-literals", "shared-vpc.ndjson", "google_container_cluster.namesake", "nat-pod-range", "unknown", "pass"},
		{"16-shared-vpc-literals", "shared-vpc.ndjson", runningHost, "nat-node-range", "none", "fail"},
		{"17-data-sources-existing-vpc", "existing-vpc.ndjson", "google_container_cluster.central", "nat-node-range", "pass", "pass"},
		{"17-data-sources-existing-vpc", "existing-vpc.ndjson", "google_container_cluster.east", "nat-node-range", "unknown", "pass"},
		{"17-data-sources-existing-vpc", "existing-vpc.ndjson", "google_container_cluster.east", "private-google-access", "pass", "pass"},
		{"17-data-sources-existing-vpc", "existing-vpc.ndjson", runningEast, "nat-node-range", "none", "pass"},
		{"17-data-sources-existing-vpc", "shared-vpc.ndjson", "google_container_cluster.east", "nat-node-range", "unknown", "fail"},
	} {
		t.Run(c.plan[:2]+" "+c.cluster+" "+c.check, func(t *testing.T) {
			in := terraform.Input{Plans: []string{filepath.Join("..", "..", "testdata", "plans", c.plan, "plan.json")}}
			r, err := terraform.Read(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			if got := judged(r, c.cluster, c.check); got != c.alone {
				t.Errorf("the plan alone: %s, want %s", got, c.alone)
			}
			in.Existing = exported(t, c.export)
			if r, err = terraform.Read(context.Background(), in); err != nil {
				t.Fatal(err)
			}
			if got := judged(r, c.cluster, c.check); got != c.laid {
				t.Errorf("over what exists: %s, want %s", got, c.laid)
			}
		})
	}
}

// A plan of the network that takes away what a running cluster stands on fails that cluster, which no plan tells of, and says that it held before.
func TestPlanOfTheNetworkUnderRunningClusters(t *testing.T) {
	const cluster = "//container.googleapis.com/projects/demo-project/locations/us-east4/clusters/running"
	east := func(more object) object {
		v := object{"name": "east", "project": "demo-project", "region": "us-east4", "router": "east", "nat_ip_allocate_option": "AUTO_ONLY", "type": "PUBLIC",
			"source_subnetwork_ip_ranges_to_nat": "LIST_OF_SUBNETWORKS",
			"subnetwork":                         one(object{"name": "projects/demo-project/regions/us-east4/subnetworks/existing-subnet-nopga", "source_ip_ranges_to_nat": one("ALL_IP_RANGES")})}
		for k, x := range more {
			v[k] = x
		}
		return v
	}
	router := object{"name": "east", "project": "demo-project", "region": "us-east4", "network": "existing-vpc"}
	elsewhere := object{"name": "east", "project": "demo-project", "region": "us-east1", "network": "existing-vpc"}
	route := object{"name": "default-route-3", "project": "demo-project", "network": "existing-vpc", "dest_range": "0.0.0.0/0", "next_hop_gateway": "default-internet-gateway"}
	network := func(bare bool) object {
		return object{"name": "existing-vpc", "project": "demo-project", "delete_default_routes_on_create": bare}
	}
	deny := object{"name": "deny", "project": "demo-project", "network": "existing-vpc", "direction": "EGRESS", "priority": 10,
		"destination_ranges": one("0.0.0.0/0"), "deny": one(object{"protocol": "all"})}
	const nat = "google_compute_router_nat.east"
	for _, c := range []struct {
		name, check string
		changes     []change
		want        string
	}{
		{"nothing", "nat-node-range", nil, "pass"},
		{"a gateway as it is", "nat-node-range", []change{{address: nat, before: east(nil), after: east(nil)}}, "pass"},
		{"a gateway destroyed", "nat-node-range", []change{{address: nat, before: east(nil)}}, "fail regression"},
		{"a gateway of another router destroyed", "nat-node-range", []change{{address: nat, before: east(object{"router": "other"})}}, "pass"},
		{"a gateway that is narrowed", "nat-node-range", []change{{address: nat, before: east(nil), after: east(object{"subnetwork": one()})}}, "fail regression"},
		{"a gateway that becomes private", "nat-node-range", []change{{address: nat, before: east(nil), after: east(object{"type": "PRIVATE"}), actions: []string{"delete", "create"}}}, "fail regression"},
		{"a gateway made anew", "nat-node-range", []change{{address: nat, before: east(nil), after: east(object{"name": "new"}), actions: []string{"create", "delete"}}}, "pass"},
		{"a gateway that Terraform lets go of", "nat-node-range", []change{{address: nat, before: east(nil), actions: []string{"forget"}}}, "pass"},
		{"its router destroyed", "nat-node-range", []change{{address: "google_compute_router.east", before: router}}, "fail regression"},
		{"its router made anew in another region", "nat-node-range", []change{{address: "google_compute_router.east", before: router, after: elsewhere, actions: []string{"delete", "create"}}}, "fail regression"},
		{"its router as it is", "nat-node-range", []change{{address: "google_compute_router.east", before: router, after: router}}, "pass"},
		{"the default route destroyed", "internet-route", []change{{address: "google_compute_route.out", before: route}}, "fail regression"},
		{"the default route of a network that the plan manages", "internet-route", []change{{address: "google_compute_route.out", before: route},
			{address: "google_compute_network.vpc", before: network(false), after: network(false)}}, "fail regression"},
		{"a network that the plan manages", "internet-route", []change{{address: "google_compute_network.vpc", before: network(false), after: network(false)}}, "pass"},
		{"a network made anew without default routes", "internet-route", []change{{address: "google_compute_network.vpc", before: network(false), after: network(true),
			actions: []string{"delete", "create"}}}, "fail regression"},
		{"a new rule that denies", "egress-firewall", []change{{address: "google_compute_firewall.deny", after: deny}}, "fail regression"},
		{"a rule that denies is destroyed", "egress-firewall", []change{{address: "google_compute_firewall.deny", before: deny}}, "pass"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := terraform.Input{Existing: exported(t, "existing-vpc.ndjson")}
			if c.changes != nil {
				in.Plans = []string{planOf(t, c.changes...)}
			}
			r, err := terraform.Read(context.Background(), in)
			if err != nil {
				t.Fatal(err)
			}
			if got := judged(r, cluster, c.check); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
