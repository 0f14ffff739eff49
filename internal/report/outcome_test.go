package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestOutcomes(t *testing.T) {
	for name, r := range map[string]report.Report{"full": full(), "hostile": hostile()} {
		var b strings.Builder
		for _, o := range report.Outcomes(r) {
			fmt.Fprintf(&b, "=== %s, %d follow\n%s\n", o.Title, len(o.Follow), o.Body)
		}
		golden(t, name+".outcomes", []byte(b.String()))
	}
	if list := report.Outcomes(made(checks.Judgement{})); len(list) != 0 {
		t.Errorf("%d outcomes of nothing", len(list))
	}
}

// What is worst stands first, and each finding once: by itself, or with what it follows from.
func TestOutcomesAreWorstFirstAndWhole(t *testing.T) {
	r := full()
	open := 0
	for _, x := range r.Results {
		if x.Suppressed == nil && (x.Status == topology.Fail || x.Status == topology.Undecided) {
			open++
		}
	}
	warned := false
	for _, o := range report.Outcomes(r) {
		open -= 1 + len(o.Follow)
		if o.Severity != checks.Error {
			warned = true
		} else if warned {
			t.Errorf("%s stands behind a warning", o.Title)
		}
	}
	if open != 0 {
		t.Errorf("%d findings are missing", open)
	}
}

// Renderers that know no HTML show it as it is written, and those that know it must not be given any of the input's.
func TestOutcomesAreText(t *testing.T) {
	const evil = "<img src=x onerror=alert(1)> `` ``` [x](javascript:alert) @all\n# big"
	x := result("prod", "nat-node-range", topology.Fail, checks.Error, evil)
	x.Object.Address, x.Fix = evil, "```\n<b>"
	for _, o := range report.Outcomes(made(checks.Judgement{Clusters: []checks.Cluster{cluster("prod", checks.ClusterFail)}, Results: []checks.Result{x}})) {
		if strings.ContainsAny(o.Title, "\n\r\x1b") || strings.Contains(o.Body, "\n# big") {
			t.Errorf("a line of the input is a line of ours:\n%s\n%s", o.Title, o.Body)
		}
		first, _, _ := strings.Cut(o.Body, "\n")
		if strings.ContainsAny(first, "<>[]`") {
			t.Errorf("markup of the input is left: %s", first)
		}
		if !strings.Contains(o.Body, "at ````"+evil[:10]) || !strings.Contains(o.Body, "\n````hcl\n```\n") {
			t.Errorf("the input closes our code:\n%s", o.Body)
		}
	}
}

func TestLine(t *testing.T) {
	for want, r := range map[string]report.Report{
		"✗ gkepreflight: 1 of 6 clusters failed, 1 not decided, 1 with warnings; ":                                                full(),
		"– gkepreflight: no GKE clusters in plan.json: nothing to check; 0 tests, 0 passed, 0 warnings, 0 failures, 0 exceptions": made(checks.Judgement{}),
		`– gkepreflight: no GKE clusters in <a>\n: nothing to check; 0 tests`:                                                     report.New("", []report.Source{{Name: "<a>\n"}}, checks.Judgement{}, nil),
	} {
		if got := report.Line(r); !strings.HasPrefix(got, want) || strings.Contains(got, "\n") {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
