package image

import "testing"

// Which repository serves an image, and where there is none that rights could be asked of.
func TestRepository(t *testing.T) {
	for ref, want := range map[string]Repository{
		"us-central1-docker.pkg.dev/p/apps/web:1":         {"p", "us-central1", "apps"},
		"europe-docker.pkg.dev/p/apps/team/web@" + sha256: {"p", "europe", "apps"},
		"us-docker.pkg.dev/example.com/p/apps/web":        {"example.com:p", "us", "apps"},
		"gcr.io/p/web:1":             {"p", "us", "gcr.io"},
		"us.gcr.io/p/team/web:1":     {"p", "us", "us.gcr.io"},
		"eu.gcr.io/p/web:1":          {"p", "europe", "eu.gcr.io"},
		"asia.gcr.io/p/web:1":        {"p", "asia", "asia.gcr.io"},
		"gcr.io/example.com/p/web:1": {"example.com:p", "us", "gcr.io"},
		// A port or capitals in a host change nothing.
		"gcr.io:443/p/web:1":                        {"p", "us", "gcr.io"},
		"us-central1-docker.pkg.dev:443/p/apps/web": {"p", "us-central1", "apps"},
		"EU.gcr.io/p/web:1":                         {"p", "europe", "eu.gcr.io"},
		// None.
		"nginx":                         {},
		"quay.io/p/apps/web:1":          {},
		"k8s.gcr.io/pause:3.9":          {},
		"mirror.gcr.io/library/nginx:1": {},
		"gke.gcr.io/pause:3.10":         {},
		"us-central1-artifactregistry.gcr.io/gke-release/gke-release/pause:1": {},
		"us-docker.pkg.dev/p/web:1":                  {},
		"us-python.pkg.dev/p/apps/web:1":             {},
		"gcr.io/distroless/base:latest":              {},
		"gcr.io/google-samples/hello-app:1.0":        {},
		"us-docker.pkg.dev/cloudrun/container/hello": {},
	} {
		t.Run(ref, func(t *testing.T) {
			r, err := Parse(ref)
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := r.Repository(); got != want || ok != (want != Repository{}) {
				t.Errorf("got %v, %v", got, ok)
			}
		})
	}
	if got := (Repository{"p", "us", "gcr.io"}).String(); got != "projects/p/locations/us/repositories/gcr.io" {
		t.Error(got)
	}
}
