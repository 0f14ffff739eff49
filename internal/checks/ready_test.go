package checks

import (
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// What keeps GKE's own images away keeps the nodes from becoming ready, and that is said before anything of images.
func TestNodesThatWouldNotBecomeReady(t *testing.T) {
	const ready = "the nodes would not even become ready"
	for _, tc := range []struct {
		name    string
		check   string
		changes []change
		says    bool
	}{
		{"access is off", "private-google-access", []change{access(false, true)}, true},
		{"no route", "private-google-access", []change{noDefaultRoute}, true},
		{"the firewall", "private-google-access", []change{denyAll}, true},
		{"GKE switches access on, and the next apply off", "private-google-access", []change{access(false, true), created}, false},
		{"no wildcard of gcr.io", "registry-dns", []change{zone("gcr", "gcr.io", apex("gcr.io", privateAddresses...)), zone("pkg", "pkg.dev", apex("pkg.dev", privateAddresses...), wildcard("pkg.dev"))}, true},
		{"no wildcard of pkg.dev, from which GKE pulls nothing", "registry-dns", []change{zone("gcr", "gcr.io", apex("gcr.io", privateAddresses...), wildcard("gcr.io")), zone("pkg", "pkg.dev", apex("pkg.dev", privateAddresses...))}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			results := slices.DeleteFunc(resultsOf(judge(world(append(tc.changes, pulls(google))...), Policy{}), tc.check), func(r Result) bool { return r.Status != topology.Fail })
			if len(results) == 0 {
				t.Fatal("nothing fails")
			}
			if said := slices.ContainsFunc(results, func(r Result) bool { return strings.Contains(r.Message, ready) }); said != tc.says {
				t.Errorf("said: %v%s", said, texts(results))
			}
		})
	}
	names := Names()
	for _, first := range []string{"private-google-access", "registry-dns"} {
		for _, later := range []string{"image-reference", "image-reachable", "mirror-dependence", "registry-access", "pull-policy"} {
			if slices.Index(names, first) > slices.Index(names, later) {
				t.Errorf("%s stands behind %s", first, later)
			}
		}
	}
}
