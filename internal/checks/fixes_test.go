package checks

import "testing"

func TestRef(t *testing.T) {
	for _, c := range []struct {
		name   string
		object Object
		want   string
	}{
		{"a resource", Object{Address: "google_compute_subnetwork.gke"}, "google_compute_subnetwork.gke.id"},
		{"an instance key with a slash", Object{Address: `module.vpc.google_compute_subnetwork.s["us-central1/gke"]`}, `module.vpc.google_compute_subnetwork.s["us-central1/gke"].id`},
		{"a path", Object{Address: "projects/p/regions/r/subnetworks/gke", Name: "gke"}, `"projects/p/regions/r/subnetworks/gke"`},
		{"a full resource name", Object{Address: "//compute.googleapis.com/projects/p/regions/r/subnetworks/gke", Name: "gke"}, `"projects/p/regions/r/subnetworks/gke"`},
		{"an object that was handed over", Object{Kind: "google_compute_subnetwork", Address: "subnetworks[0]", Name: "gke-a"}, "google_compute_subnetwork.gke_a.id"},
		{"nothing", Object{}, `""`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.object.ref("id"); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
