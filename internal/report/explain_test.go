package report_test

import (
	"bytes"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var explained = []checks.Check{
	{
		Name: "nat-node-range", Severity: checks.Error, Since: "0.1.0",
		Holds:       "the primary range of every subnetwork that holds private nodes is translated by a Public NAT gateway in its own region and network",
		Why:         "Private nodes have no external address.\nWithout Cloud NAT kubelet cannot reach docker.io, quay.io or registry.k8s.io: pods stay in ImagePullBackOff.",
		Mend:        "List the subnetwork in a gateway, or translate all of them.",
		Example:     "resource \"google_compute_router_nat\" \"this\" {\n  source_subnetwork_ip_ranges_to_nat = \"ALL_SUBNETWORKS_ALL_IP_RANGES\"\n\n  name = \"nat\"\n}\n",
		Limits:      "It does not see NAT instances.",
		Reads:       []topology.Collection{topology.Clusters, topology.Routers},
		Permissions: []string{"compute.routers.list", "container.clusters.list"},
	},
	{Name: "gated", Severity: checks.Warning, Holds: "no data source was put off to apply", Permissions: []string{"compute.routers.list", "compute.networks.list"}},
}

func TestExplain(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"explain": func(b *bytes.Buffer) error {
			return report.Explain(b, explained[0], docs+"x", report.Options{Width: 80})
		},
		"explain-little": func(b *bytes.Buffer) error { return report.Explain(b, explained[1], "", report.Options{Color: true}) },
		"catalogue":      func(b *bytes.Buffer) error { return report.Catalogue(b, explained, report.Options{Width: 80}) },
		"role":           func(b *bytes.Buffer) error { return report.Role(b, explained) },
		"role-nothing":   func(b *bytes.Buffer) error { return report.Role(b, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.Bytes())
		})
	}
}
