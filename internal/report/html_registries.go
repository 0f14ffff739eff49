package report

import (
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// registries puts the registries of a cluster's images at the end of the way by which the nodes come to them.
func (n *network) registries(g *group) {
	for _, image := range g.images {
		if malformed(image) {
			continue
		}
		host, way := registryOf(image), toInternet
		switch image.Via {
		case "google", "endpoint":
			way = toGoogle
		case "mirror":
			way = toGoogle
			host += " (mirror)"
		case "internet":
		default:
			if ofGoogle(host) {
				way = toGoogle
			}
		}
		n.lanes[way].ends = added(n.lanes[way].ends, host, imageMark(image))
	}
	for _, r := range g.results {
		if name := rights[r.Check]; name != "" && r.Status != topology.Skip {
			google := &n.lanes[toGoogle]
			google.ends = added(google.ends, name, markIn(r))
			google.ends[slices.IndexFunc(google.ends, func(e end) bool { return e.name == name })].count = 0
		}
	}
	for i := range n.lanes {
		slices.SortStableFunc(n.lanes[i].ends, func(a, b end) int { return weight(b.mark) - weight(a.mark) })
	}
}

// rights are what Google's registries ask beside a way to them.
var rights = map[string]string{"registry-access": "right to download", "node-scopes": "right to download", "repository": "repositories"}

// registryOf is the host of an image's registry.
func registryOf(image checks.Image) string {
	host, _, found := strings.Cut(image.Normalized, "/")
	switch {
	case found:
		return Clean(host)
	case image.Via == "google":
		return "Artifact Registry"
	}
	return "not known yet"
}

// ofGoogle sorts registries that are not reached under the way they would be reached by; k8s.gcr.io is served from elsewhere.
func ofGoogle(host string) bool {
	return host != "k8s.gcr.io" && (host == "gcr.io" || strings.HasSuffix(host, ".gcr.io") || strings.HasSuffix(host, ".pkg.dev"))
}
