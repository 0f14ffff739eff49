package browser

import (
	"fmt"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const fix = "# in google_compute_router_nat.nat\nsubnetwork {\n  name                    = google_compute_subnetwork.gke.id\n  source_ip_ranges_to_nat = [\"ALL_IP_RANGES\"]\n}"

// broken is a cluster without a way to the internet: one finding with all it can have, one that follows, one that is not
// decided, one accepted, and two that pass.
func broken(name string) ([]checks.Result, checks.Cluster, []checks.Image) {
	address := "google_container_cluster." + name
	result := func(check string, status topology.Verdict, severity checks.Severity, message string) checks.Result {
		return checks.Result{Check: check, Status: status, Severity: severity, Cluster: address, Message: message, Docs: checks.DocsBase + check,
			Object: checks.Object{Kind: "google_compute_subnetwork", Address: "google_compute_subnetwork." + name, Name: "gke-" + name, File: "network.tf", Line: 12}}
	}
	nat := result("nat-node-range", topology.Fail, checks.Error, `subnetwork "`+name+`" has no Public NAT`)
	nat.Fix, nat.Regression = fix, true
	nat.Path = []egress.Hop{{Name: egress.HopRoute, Status: topology.Pass, Detail: "leads to the default internet gateway"},
		{Name: egress.HopFirewall, Status: topology.Pass, Detail: "no rule denies tcp 443"}, {Name: egress.HopExit, Status: topology.Fail, Detail: "no gateway translates it"}}
	nat.Evidence = []egress.Evidence{{Object: "google_compute_router_nat.nat", Attribute: "source_subnetwork_ip_ranges_to_nat", Value: "LIST_OF_SUBNETWORKS"}}
	follows := result("image-reachable", topology.Fail, checks.Error, "quay.io/team/app:1 needs the internet")
	follows.CausedBy = "nat-node-range"
	accepted := result("mirror-dependence", topology.Fail, checks.Error, "nginx depends on the mirror.gcr.io cache")
	accepted.Suppressed = &checks.Suppression{Reason: "mirrored every night", Expires: "2027-03-31"}
	return []checks.Result{nat, follows, accepted,
			result("registry-access", topology.Undecided, checks.Error, "no source shows the grants of the repository"),
			result("nat-capacity", topology.Fail, checks.Warning, "ports for 63 nodes, and the pools reach 90"),
			result("registry-dns", topology.Pass, checks.Error, "gcr.io resolves by public DNS"),
			result("private-google-access", topology.Pass, checks.Error, "private google access is on")},
		checks.Cluster{Address: address, Name: name, Project: "shop", Location: "europe-west1", PrivateNodes: "all", Verdict: checks.ClusterFail},
		[]checks.Image{{Ref: "quay.io/team/app:1", Normalized: "quay.io/team/app:1", Cluster: address, Reachable: "fail", Via: "none"},
			{Ref: "nginx", Normalized: "docker.io/library/nginx:latest", Cluster: address, Reachable: "unknown", Via: "mirror", MirrorDependent: true},
			{Ref: "eu-docker.pkg.dev/shop/apps/api:2", Normalized: "eu-docker.pkg.dev/shop/apps/api:2", Cluster: address, Reachable: "pass", Via: "google"}}
}

// made is a report of clusters that are broken, and of as many that pass.
func made(names ...string) report.Report {
	var j checks.Judgement
	for _, name := range names {
		results, cluster, images := broken(name)
		sound := checks.Cluster{Address: "google_container_cluster." + name + "-2", Name: name + "-2", Project: "shop", Location: "us-east1", PrivateNodes: "all", Verdict: checks.ClusterPass}
		j.Results, j.Images = append(j.Results, results...), append(j.Images, images...)
		j.Clusters = append(j.Clusters, cluster, sound)
		for _, check := range []string{"nat-node-range", "internet-route", "egress-firewall"} {
			j.Results = append(j.Results, checks.Result{Check: check, Status: topology.Pass, Severity: checks.Error, Cluster: sound.Address, Message: "holds for " + sound.Name})
		}
	}
	j.Summary = checks.Summary{Clusters: len(j.Clusters), Failed: len(names), Passed: len(names), Suppressed: len(names)}
	return report.New("0.1.0", []report.Source{{Kind: "plan", Name: "plan.json"}}, j, nil)
}

// fleet has ten thousand results.
func fleet() report.Report {
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprintf("c%03d", i)
	}
	return made(names...)
}

// evil are names that set a variable of the page if any of them is taken for markup or code.
var evil = []string{
	`<script>window.owned=1</script>`, `<img src=x onerror=window.owned=1>`, `"><svg onload=window.owned=1>`, `' onfocus='window.owned=1' autofocus='`,
	`</script><script>window.owned=1</script>`, `</style><script>window.owned=1</script>`, `javascript:window.owned=1`, "\u202e<b>\u2066\x1b[2J\x00\n",
	`</title></textarea></svg></summary></details><iframe srcdoc="<script>parent.owned=1</script>">`, `{{.}} ${window.owned=1} <style>*{display:none}</style>`,
	strings.Repeat("<b>long", 15_000),
}
