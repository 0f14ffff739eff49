package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// A regression is what the plan takes away: it held before, and what fails now was there.
func TestRegression(t *testing.T) {
	far := []change{addSubnetwork("far", "10.40.0.0/20"), addPool("far", in("far"))}
	with := func(more ...change) topology.Facts { return world(append(more, far...)...) }
	other := func(f *topology.Facts) {
		o := f.Images[0].Object
		o.Address = "kubernetes_deployment.new"
		f.Images = append(f.Images, &topology.ImageUse{Ref: known(k8s), Cluster: f.Images[0].Cluster, From: o.Address, Object: o})
	}
	listed := nat("n", lists(entry("gke")))
	for _, tc := range []struct {
		name          string
		before, after topology.Facts
		check         string
		want          bool
	}{
		{"the gateway goes", world(nat("n")), world(), "nat-node-range", true},
		{"the gateway is narrowed", world(nat("n")), world(nat("n", lists(onlySecondary("gke", "pods")))), "nat-node-range", true},
		{"it failed before too", world(), world(), "nat-node-range", false},
		{"it was unknown before", world(unmanaged), world(), "nat-node-range", false},
		{"it was skipped before", world(proxied), world(), "nat-node-range", false},
		{"the cluster is new", topology.Facts{}, world(), "nat-node-range", false},
		{"a new subnetwork never had one", world(listed), with(listed), "nat-node-range", false},
		{"an old subnetwork loses it", with(nat("n")), with(nat("n", lists(entry("gke")))), "nat-node-range", true},
		{"a new zone hides a registry", world(), world(zone("gcr", "gcr.io", apex("gcr.io", privateAddresses...))), "registry-dns", true},
		{"a new rule denies", world(), world(denyAll), "egress-firewall", true},
		{"a new workload", world(pulls(google)), world(pulls(google), other), "image-reachable", false},
		{"an old workload", world(pulls(quay), nat("n")), world(pulls(quay)), "image-reachable", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := Judge(topology.New(tc.after), topology.New(tc.before), Policy{})
			failed := false
			for _, r := range resultsOf(j, tc.check) {
				if r.Status == topology.Fail {
					failed = true
					if r.Regression != tc.want {
						t.Errorf("regression %v, want %v: %s", r.Regression, tc.want, r.Message)
					}
				} else if r.Regression {
					t.Errorf("%s is no regression: %s", r.Status, r.Message)
				}
			}
			if !failed {
				t.Fatal("nothing failed")
			}
		})
	}
	t.Run("without a world before nothing is a regression", func(t *testing.T) {
		if the(t, judge(world(), Policy{}), "nat-node-range").Regression {
			t.Error("regression")
		}
	})
}
