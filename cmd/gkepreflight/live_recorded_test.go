package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

// recordedProject is a project whose answers were recorded from Google Cloud.
func recordedProject(t *testing.T, name string) fake.Project {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "recorded", name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the recorded answers are not here: %v", err)
	}
	p, err := fake.Recorded(dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Seven clusters as Google Cloud told of them: two are private, on a subnetwork that a gateway translates whole; two run as accounts that may not
// pull from Artifact Registry.
func TestLiveRecorded(t *testing.T) {
	p := recordedProject(t, "gke1")
	p.Repositories = append(p.Repositories, fake.DockerRepository("europe-west4", "apps", nil))
	private := map[string]string{"autopilot-gke2": "all", "gke4": "all", "autopilot-gke1": "none", "gke1": "none", "gke2": "none", "gke3": "none", "gke6": "none"}

	t.Run("the network", func(t *testing.T) {
		got := runLive(t.Context(), t, googleCloud(t, fake.World{Projects: []fake.Project{p}}), "check", "--live", "--project", p.ID, "--format", "json")
		if got.code != 0 || got.stderr != "" || got.errors != "" || len(got.private) != len(private) {
			t.Fatalf("status %d, stderr %q, errors %q, %d clusters", got.code, got.stderr, got.errors, len(got.private))
		}
		for cluster, nodes := range private {
			if got.private[cluster] != nodes || got.verdicts[cluster] != "pass" {
				t.Errorf("%s: private nodes %s, want %s; verdict %s", cluster, got.private[cluster], nodes, got.verdicts[cluster])
			}
			// Nothing is asked of the network for nodes with addresses of their own.
			for _, check := range []string{"nat-node-range", "internet-route", "egress-firewall", "private-google-access", "registry-dns"} {
				want := ""
				if nodes == "all" {
					want = "pass"
				}
				if is := got.worst[check+" of "+cluster]; is != want {
					t.Errorf("%s of %s is %q, want %q", check, cluster, is, want)
				}
			}
		}
	})

	t.Run("the rights", func(t *testing.T) {
		got := runLive(t.Context(), t, googleCloud(t, fake.World{Projects: []fake.Project{p}}), "check", "--live", "--project", p.ID, "--format", "json",
			"--skip", "image-exists", "--image", "europe-west4-docker.pkg.dev/"+p.ID+"/apps/web:1")
		if got.code != found {
			t.Fatalf("status %d, stderr %q", got.code, got.stderr)
		}
		for cluster := range private {
			want := "pass"
			if cluster == "gke2" || cluster == "gke3" {
				want = "fail"
			}
			if is := got.worst["registry-access of "+cluster]; is != want || got.verdicts[cluster] != want {
				t.Errorf("registry-access of %s is %q, the verdict %s, want %s", cluster, is, got.verdicts[cluster], want)
			}
		}
		for _, account := range []string{"gke2sa@", "gke3sa@"} {
			if !strings.Contains(got.stdout, account) {
				t.Errorf("the report does not name %s", account)
			}
		}
	})
}
