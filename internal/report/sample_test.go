package report_test

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const docs = "https://registry.terraform.io/providers/gkepreflight/gkepreflight/latest/docs/guides/"

var planFile = []report.Source{{Kind: "plan", Name: "plan.json"}}

// summarize counts as the engine does, so that the reports built by hand are sound.
func summarize(j checks.Judgement) checks.Judgement {
	s := checks.Summary{Clusters: len(j.Clusters)}
	for _, c := range j.Clusters {
		switch c.Verdict {
		case checks.ClusterPass:
			s.Passed++
		case checks.ClusterWarn:
			s.Warned++
		case checks.ClusterFail:
			s.Failed++
		case checks.ClusterUnknown:
			s.Unknown++
		}
	}
	for _, r := range j.Results {
		if r.Suppressed != nil {
			s.Suppressed++
		}
	}
	j.Summary = s
	return j
}

func made(j checks.Judgement) report.Report {
	return report.New("0.1.0", planFile, summarize(j), nil)
}

func cluster(name string, verdict checks.ClusterVerdict) checks.Cluster {
	return checks.Cluster{Address: "google_container_cluster." + name, Name: name, Project: "shop",
		Location: "europe-west1", PrivateNodes: "all", Verdict: verdict}
}

func result(cluster, check string, status topology.Verdict, severity checks.Severity, message string) checks.Result {
	return checks.Result{Check: check, Status: status, Severity: severity, Message: message, Docs: docs + "check-" + check,
		Cluster: "google_container_cluster." + cluster,
		Object: checks.Object{Kind: "google_compute_subnetwork", Address: "google_compute_subnetwork." + cluster,
			Name: cluster, File: "network.tf", Line: 12}}
}

// prod has everything a failing cluster can have.
func prod() ([]checks.Result, []checks.Image) {
	nat := result("prod", "nat-node-range", topology.Fail, checks.Error,
		`subnetwork "prod" has no Public NAT for its primary range 10.0.0.0/20 in europe-west1`)
	nat.Regression = true
	nat.Path = []egress.Hop{
		{Name: egress.HopDNS, Status: topology.Pass, Detail: "registry-1.docker.io resolves to public addresses"},
		{Name: egress.HopRoute, Status: topology.Pass, Detail: "0.0.0.0/0 leads to the default internet gateway"},
		{Name: egress.HopFirewall, Status: topology.Undecided, Detail: `tags of node pool "main" are known after apply`},
		{Name: egress.HopExit, Status: topology.Fail, Detail: `gateway "n" translates LIST_OF_SUBNETWORKS and this subnetwork is not listed, so the packets have nowhere to go`},
		{Name: egress.HopAccess, Status: topology.Skip, Detail: "not reached"},
	}
	nat.Evidence = []egress.Evidence{
		{Object: "google_compute_router_nat.n", Attribute: "source_subnetwork_ip_ranges_to_nat", Value: "LIST_OF_SUBNETWORKS", File: "network.tf", Line: 12},
		{Object: "google_compute_route", Attribute: "dest_range", Value: "0.0.0.0/0", Assumed: true},
	}
	nat.Fix = "resource \"google_compute_router_nat\" \"n\" {\n  subnetwork {\n    name                    = google_compute_subnetwork.prod.name\n    source_ip_ranges_to_nat = [\"ALL_IP_RANGES\"]\n  }\n}\n"

	reach := result("prod", "image-reachable", topology.Fail, checks.Error, "docker.io/library/nginx:1.27 cannot be reached")
	reach.CausedBy = "nat-node-range"
	pods := result("prod", "nat-pod-range", topology.Fail, checks.Warning, `range "pods" of subnetwork "prod" has no Public NAT`)
	pods.Object.Address, pods.Object.File = "google_compute_subnetwork.prod", ""
	orphan := result("prod", "registry-dns", topology.Undecided, checks.Error, "zone \"gcr\" answers for gcr.io with addresses known after apply")
	orphan.CausedBy = "private-google-access"
	accepted := result("prod", "mirror-dependence", topology.Fail, checks.Error, "docker.io/library/redis:7 depends on the mirror.gcr.io cache")
	accepted.Suppressed = &checks.Suppression{Reason: "mirrored every night", Expires: "2027-03-31"}

	return []checks.Result{
			nat, pods,
			result("prod", "nat-overlap", topology.Pass, checks.Error, ""),
			result("prod", "nat-range-names", topology.Pass, checks.Warning, ""),
			result("prod", "nat-capacity", topology.Skip, checks.Warning, "addresses are automatic"),
			orphan, reach, accepted,
		}, []checks.Image{
			{Ref: "nginx:1.27", Normalized: "docker.io/library/nginx:1.27", Cluster: "google_container_cluster.prod",
				From: []string{"kubernetes_deployment_v1.web", "jobs.yaml:14"}, Reachable: "fail", Via: "none"},
			{Ref: "redis:7", Normalized: "docker.io/library/redis:7", Cluster: "google_container_cluster.prod",
				From: []string{"kubernetes_deployment_v1.cache"}, Reachable: "unknown", Via: "mirror", MirrorDependent: true},
			{Ref: "europe-docker.pkg.dev/shop/apps/api:2", Normalized: "europe-docker.pkg.dev/shop/apps/api:2",
				Cluster: "google_container_cluster.prod", Reachable: "pass", Via: "google"},
		}
}

// full exercises everything a report can hold.
func full() report.Report {
	results, images := prod()
	test := result("test", "private-google-access", topology.Undecided, checks.Error,
		`network "shared" is not managed here: a state of the configuration that manages it (--state) would tell`)
	follows := result("test", "registry-dns", topology.Undecided, checks.Error, "no path to the addresses is known")
	follows.CausedBy = "private-google-access"
	images = append(images, checks.Image{Ref: "busybox", Normalized: "docker.io/library/busybox:latest", Cluster: "google_container_cluster.dev",
		Reachable: "pass", Via: "internet"})
	deferred := result("", "gated", topology.Fail, checks.Warning, "data.gkepreflight_cluster.this was put off to apply: it did not gate this plan")
	deferred.Cluster, deferred.Object = "", checks.Object{Kind: "gkepreflight_cluster", Address: "data.gkepreflight_cluster.this"}
	results = append(results,
		result("dev", "nat-node-range", topology.Pass, checks.Error, ""),
		result("dev", "nat-pod-range", topology.Fail, checks.Info, `range "pods" has no Public NAT, and the gateway gives each VM 1,024 ports`),
		result("dev", "nat-pod-range", topology.Pass, checks.Info, ""),
		result("old", "nat-capacity", topology.Fail, checks.Warning, `gateway "n" has ports for 63 nodes, and the pools reach 90`),
		result("apart", "nat-node-range", topology.Skip, checks.Error, "none of the 2 images declared needs the internet"),
		result("apart", "internet-route", topology.Skip, checks.Error, "none of the 2 images declared needs the internet"),
		result("apart", "private-google-access", topology.Pass, checks.Error, ""),
		test, follows, deferred,
	)
	public, apart := cluster("public", checks.ClusterPass), cluster("apart", checks.ClusterPass)
	public.PrivateNodes, apart.PrivateNodes, apart.Project = "none", "some", ""
	r := report.New("0.1.0", []report.Source{{Kind: "plan", Name: "plan.json"}, {Kind: "state", Name: "network.json"}},
		summarize(checks.Judgement{
			Clusters: []checks.Cluster{apart, cluster("dev", checks.ClusterPass), cluster("old", checks.ClusterWarn),
				cluster("prod", checks.ClusterFail), public, cluster("test", checks.ClusterUnknown)},
			Images: images, Results: results,
		}), []report.SourceError{{Source: "network.json", Message: "403: compute.routers.list"}})
	return r
}

// hostile tries to break out of every field that the input fills.
func hostile() report.Report {
	const evil = "a\x1b[2J\nFAIL \u202e\u2066gpj\x07\x9b0m\xff\u200b\U000e0041"
	c := cluster(evil, checks.ClusterFail)
	c.Project, c.Location = evil, evil
	r := result(evil, "nat-node-range", topology.Fail, checks.Error, evil)
	r.Object = checks.Object{Kind: evil, Address: evil, Name: evil, File: evil, Line: 1}
	r.Path = []egress.Hop{{Name: egress.HopExit, Status: topology.Fail, Detail: evil}}
	r.Evidence = []egress.Evidence{{Object: evil, Attribute: evil, Value: evil, File: evil, Line: 2}}
	r.Fix = "name = \"\x1b[31m\u202e\"\n\tnext = 1"
	accepted := r
	accepted.Check, accepted.Suppressed = "nat-overlap", &checks.Suppression{Reason: evil, Expires: evil}
	skipped := r
	skipped.Check, skipped.Status = "internet-route", topology.Skip
	j := summarize(checks.Judgement{Clusters: []checks.Cluster{c}, Results: []checks.Result{r, accepted, skipped},
		Images: []checks.Image{{Ref: evil, Normalized: evil, Cluster: c.Address, From: []string{evil}, Reachable: "unknown", Via: "unknown"}}})
	return report.New("0.1.0", []report.Source{{Kind: "plan", Name: evil}}, j, []report.SourceError{{Source: evil, Message: evil}})
}

// fleet has thirty clusters in three places, all but two of which pass.
func fleet() report.Report {
	var j checks.Judgement
	for i := range 30 {
		c := cluster(fmt.Sprintf("c%02d", i), checks.ClusterPass)
		c.Location = []string{"europe-west1", "us-east1", ""}[i%3]
		r := result(c.Name, "nat-node-range", topology.Pass, checks.Error, "")
		switch i {
		case 4:
			c.Verdict = checks.ClusterUnknown
			r.Status, r.Message = topology.Undecided, "the gateway's subnetworks are known after apply"
		case 9:
			r.Status, r.Message = topology.Fail, "no Public NAT"
			r.Suppressed = &checks.Suppression{Reason: "being torn down"}
		}
		if i == 29 {
			c.Location = "asia-east1"
		}
		j.Clusters, j.Results = append(j.Clusters, c), append(j.Results, r)
	}
	return made(j)
}
