package checks

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// touched lists what a check asks the topology for, with paths of its own. A cluster is handed to it, so that counts too.
func touched(c Check, f topology.Facts, into map[topology.Collection]bool) {
	for _, internet := range []string{"auto", "required", "images"} {
		for _, mirror := range []string{"deny", "allow"} {
			p := Policy{Internet: internet, Mirror: mirror}.withDefaults()
			if c.Plan != nil {
				c.Plan(topology.New(f).Watched(func(read topology.Collection) { into[read] = true }))
				continue
			}
			for _, of := range topology.New(f).Clusters() {
				into[topology.Clusters] = true
				judging := false
				watched := topology.New(f).Watched(func(read topology.Collection) { into[read] = into[read] || judging })
				k := newCase(watched, egress.New(watched), of, p)
				judging = true
				c.Cluster(k)
			}
		}
	}
}

// worlds are facts in which every way through every check is taken.
func worlds() []topology.Facts {
	return []topology.Facts{
		rich(), world(), world(unseen), world(unmanaged), world(noDefaultRoute, steer(privateAddresses...)), world(proxied), world(access(false, false), created),
		world(access(false, true), pulls(google), pulls(hub)), world(pulls(google, declared)), world(pool(func(p *topology.NodePool) { p.Subnetwork = later[topology.ID]() })),
		world(func(f *topology.Facts) { f.Clusters[0].Network = later[topology.ID]() }), sharedVPC(created, access(false, false)),
		world(pulls(hub), pulls(google), noDefaultRoute, endpoint("10.99.0.5"), steer("10.99.0.5")), world(noDefaultRoute, zone("gcr", "gcr.io")),
		world(nat("n"), pulls(hub, with("s")), secret("s", "docker.io")), world(pulls("us-docker.pkg.dev/p/apps/web"), noDefaultRoute, endpoint("10.99.0.5"), steer("10.99.0.5")),
		world(pulls(google), repo("apps"), custom("puller", downloadPermission), grant(memberRole("projects/p/roles/puller"), toNodes), vpcsc("DENY"), virtual("apps"), fence("p")),
		world(pulls(google), makes, reading(topology.Repositories, "")),
		world(pulls(hub), answer(hub, serves("linux/amd64", "linux/arm64"), mirror(false))),
	}
}

// plans are the facts of the real plans of the test data.
func plans(t *testing.T) []topology.Facts {
	t.Helper()
	var out []topology.Facts
	for _, dir := range []string{"../testdata/plans", "../../../shared/plans"} {
		files, err := filepath.Glob(filepath.Join(dir, "*", "plan.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			r, err := terraform.Read(context.Background(), terraform.Input{Plans: []string{file}})
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, r.After)
		}
	}
	return out
}

// Each check declares the collections it reads: no more, no less. The least role and the docs rest on that.
func TestReads(t *testing.T) {
	all := append(worlds(), plans(t)...)
	for _, c := range All() {
		t.Run(c.Name, func(t *testing.T) {
			read := map[topology.Collection]bool{}
			for _, f := range all {
				touched(c, f, read)
			}
			for collection, did := range read {
				if did && !slices.Contains(c.Reads, collection) {
					t.Errorf("it reads %s and does not say so", collection)
				}
			}
			for _, collection := range c.Reads {
				if !read[collection] {
					t.Errorf("it says that it reads %s and does not", collection)
				}
			}
		})
	}
}

// The least role that a check needs.
func TestPermissions(t *testing.T) {
	for name, want := range map[string]string{
		"nat-overlap": "compute.networks.list compute.routers.get compute.routers.list compute.routes.list compute.subnetworks.list container.clusters.get container.clusters.list " +
			"networkconnectivity.policyBasedRoutes.list",
		"image-reference": "container.clusters.get container.clusters.list",
		"perimeter":       "container.clusters.get container.clusters.list", // perimeters are read from exports alone
		"gated":           "",
		"registry-dns": "compute.firewallPolicies.list compute.globalForwardingRules.list compute.networks.getEffectiveFirewalls compute.networks.list compute.regionFirewallPolicies.get " +
			"compute.routers.get compute.routers.list compute.routes.list compute.subnetworks.list container.clusters.get container.clusters.list " +
			"dns.managedZones.list dns.policies.list dns.resourceRecordSets.list dns.responsePolicies.list dns.responsePolicyRules.list networkconnectivity.policyBasedRoutes.list",
	} {
		c, _ := Find(name)
		if got := strings.Join(c.Permissions, " "); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
	for range 2 { // asking twice adds nothing
		if n := len(All()[0].Permissions); n != len(slices.Compact(slices.Clone(All()[0].Permissions))) {
			t.Errorf("%d permissions, some of them twice", n)
		}
	}
}
