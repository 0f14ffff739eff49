package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// organisation is a report over many clusters: each tenth has no gateway, each seventh is not decided, and one is like no other.
func organisation(n int) report.Report {
	var j checks.Judgement
	for i := range n {
		c := checks.Cluster{Address: fmt.Sprintf("//container.googleapis.com/projects/team-%03d/locations/europe-west1/clusters/c-%05d", i/4, i), Name: fmt.Sprintf("c-%05d", i),
			Project: fmt.Sprintf("team-%03d", i/4), Location: "europe-west1", PrivateNodes: "all", Verdict: checks.ClusterPass}
		status, check := topology.Pass, "nat-node-range"
		switch {
		case i == 5:
			c.Verdict, status, check = checks.ClusterFail, topology.Fail, "egress-firewall"
		case i%10 == 0:
			c.Verdict, status = checks.ClusterFail, topology.Fail
		case i%7 == 0:
			c.Verdict, status = checks.ClusterUnknown, topology.Undecided
		}
		j.Clusters = append(j.Clusters, c)
		r := result("c", check, status, checks.Error, fmt.Sprintf("message %d", i))
		r.Cluster = c.Address
		j.Results = append(j.Results, r)
	}
	return made(j)
}

// A report over an organisation is a page: each kind of trouble once, and how many clusters have it where.
func TestCrowd(t *testing.T) {
	for _, n := range []int{1000, 10_000} {
		got := lines(t, organisation(n), report.Options{})
		if len(got) > 80 {
			t.Errorf("%d clusters take %d lines", n, len(got))
		}
		text := strings.Join(strings.Fields(strings.Join(got, " ")), " ")
		for _, has := range []string{
			fmt.Sprintf("✗ %d more clusters are like this one (nat-node-range): ", n/10-1),
			"c-00007",
			"message 5 ", "egress-firewall", "clusters pass", "more places", "--format json lists all",
		} {
			if !strings.Contains(text, has) {
				t.Errorf("%d clusters: no %q in\n%s", n, has, strings.Join(got, "\n"))
			}
		}
		if a, b := strings.Index(text, "c-00000"), strings.Index(text, "message 5 "); a > b {
			t.Error("what more clusters have comes first")
		}
		if strings.Index(text, "message 5 ") > strings.Index(text, "message 7 ") {
			t.Error("what fails comes before what is not decided")
		}
	}
}

// So few that all can be read are shown one by one.
func TestNoCrowd(t *testing.T) {
	text := strings.Join(lines(t, organisation(200), report.Options{}), "\n")
	if strings.Contains(text, "alike") || strings.Count(text, "✗ nat-node-range") != 20 {
		t.Errorf("not every failing cluster is shown:\n%s", text)
	}
}
