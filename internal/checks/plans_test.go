package checks

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func judgePlan(t *testing.T, plan string) Judgement {
	t.Helper()
	r, err := terraform.Read(context.Background(), terraform.Input{Plans: []string{filepath.Join("..", "testdata", "plans", plan, "plan.json")}})
	if err != nil {
		t.Fatal(err)
	}
	return Judge(topology.New(r.After), nil, Policy{})
}

// The images of real plans, as the notes beside their truth have them: how each is reached.
func TestImagesOfRealPlans(t *testing.T) {
	for plan, want := range map[string]map[string]string{
		"12-k8s-workloads": {
			"busybox": "unknown mirror", "nginx:1.27": "unknown mirror", "docker.io/library/postgres:16": "unknown mirror",
			"quay.io/prometheus/node-exporter:v1.8.2": "fail none", "ghcr.io/example/backup:2": "fail none",
			"registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.12.0":                                      "fail none",
			"us-central1-docker.pkg.dev/demo-project/apps/app:1.0":                                               "pass google",
			"(known after apply, in Artifact Registry)":                                                          "pass google",
			"gcr.io/demo-project/legacy@sha256:0000000000000000000000000000000000000000000000000000000000000000": "pass google",
			"mirror.gcr.io/library/redis:7":                                                                      "pass google",
			"us-docker.pkg.dev/cloudrun/container/hello":                                                         "pass google",
			"registry.internal.example:5000/team/one:latest":                                                     "unknown unknown",
		},
		"23-helm-release": {
			"us-central1-docker.pkg.dev/demo-project/apps/app:1.2.3": "pass google",
			"docker.io/library/busybox:1.36":                         "unknown mirror",
		},
	} {
		t.Run(plan, func(t *testing.T) {
			got := map[string]string{}
			for _, i := range judgePlan(t, plan).Images {
				got[i.Ref] = i.Reachable + " " + i.Via
				if i.Cluster != "google_container_cluster.c" {
					t.Errorf("%s is of cluster %q", i.Ref, i.Cluster)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The values of a chart are inferred: warnings, which take nothing from the demand for the internet.
func TestChartsOfRealPlans(t *testing.T) {
	j := judgePlan(t, "23-helm-release")
	compare(t, the(t, j, "mirror-dependence"), want{status: topology.Fail, severity: Warning, object: "helm_release.app", fix: "remote repository", cause: "nat-node-range"})
	compare(t, the(t, j, "nat-node-range"), want{status: topology.Fail, severity: Error, object: gkeAddress})
	if r := resultsOf(j, "pull-policy"); len(r) > 0 {
		t.Errorf("a chart has policies of its own:%s", texts(r))
	}
}
