package report

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// A reference that cannot be read names no registry, and so none that is out of reach.
func TestWayOfAnImage(t *testing.T) {
	for want, image := range map[string]checks.Image{
		"is no reference":            {Ref: "NGINX::", Via: "none", Reachable: "fail"},
		"no way there":               {Ref: "quay.io/a/b", Normalized: "quay.io/a/b:latest", Via: "none", Reachable: "fail"},
		"via internet":               {Ref: "quay.io/a/b", Normalized: "quay.io/a/b:latest", Via: "internet", Reachable: "pass"},
		"the way there is not known": {Ref: "(known after apply)", Via: "unknown", Reachable: "unknown"},
		"via mirror, depends on the mirror.gcr.io cache": {Ref: "nginx", Normalized: "docker.io/library/nginx:latest", Via: "mirror", Reachable: "unknown", MirrorDependent: true},
	} {
		if got := way(image); got != want {
			t.Errorf("%s: got %q, want %q", image.Ref, got, want)
		}
	}
	if later := (checks.Image{Ref: "(known after apply, in Artifact Registry)", Via: "none", Reachable: "fail"}); way(later) != "no way there" {
		t.Errorf("what only apply tells: %q", way(later))
	}
}
