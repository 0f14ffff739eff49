package report_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

type counts struct {
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
}

type outcome struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type testcase struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Failure *outcome `xml:"failure"`
	Error   *outcome `xml:"error"`
	Skipped *outcome `xml:"skipped"`
}

type suites struct {
	counts
	Suites []struct {
		counts
		Cases []testcase `xml:"testcase"`
	} `xml:"testsuite"`
}

func junitOf(t *testing.T, r report.Report) suites {
	t.Helper()
	text := written(t, "junit", r, report.Options{})
	for d := xml.NewDecoder(strings.NewReader(string(text))); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	var s suites
	if err := xml.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// A consumer finds what it counts, and GitLab, which keeps one case of each class and name, finds them all.
func TestJUnitIsSound(t *testing.T) {
	for name, r := range samples() {
		got := junitOf(t, r)
		var all counts
		names := map[[2]string]bool{}
		for _, s := range got.Suites {
			var sum counts
			for _, c := range s.Cases {
				if at := [2]string{c.Class, c.Name}; names[at] {
					t.Errorf("%s: %q is there twice", name, at)
				} else {
					names[at] = true
				}
				sum.Tests++
				switch {
				case c.Failure != nil:
					sum.Failures++
				case c.Error != nil:
					sum.Errors++
				case c.Skipped != nil:
					sum.Skipped++
				}
			}
			sum.Name = s.Name
			if sum != s.counts {
				t.Errorf("%s: counts %+v, has %+v", name, s.counts, sum)
			}
			all.Tests, all.Failures, all.Errors, all.Skipped = all.Tests+sum.Tests, all.Failures+sum.Failures, all.Errors+sum.Errors, all.Skipped+sum.Skipped
		}
		all.Name = "gkepreflight"
		if all != got.counts {
			t.Errorf("%s: counts %+v, has %+v", name, got.counts, all)
		}
		if want := checks.Count(r.Results).Failures; all.Failures != want || all.Errors != len(r.Errors) || all.Tests != len(r.Results)+len(r.Errors) {
			t.Errorf("%s: %+v, the closing line has %d failures", name, all, want)
		}
	}
}

func TestJUnitOutcomes(t *testing.T) {
	agreed := &checks.Suppression{Reason: "agreed"}
	for _, tc := range []struct {
		name       string
		status     topology.Verdict
		severity   checks.Severity
		suppressed *checks.Suppression
		want       string
	}{
		{"passed", topology.Pass, checks.Error, nil, ""},
		{"failed", topology.Fail, checks.Error, nil, "failure: said"},
		{"warned", topology.Fail, checks.Warning, nil, "skipped: warning: said"},
		{"noted", topology.Fail, checks.Info, nil, "skipped: info: said"},
		{"undecided", topology.Undecided, checks.Error, nil, "skipped: not decided: said"},
		{"not asked", topology.Skip, checks.Error, nil, "skipped: not asked: said"},
		{"accepted", topology.Fail, checks.Error, agreed, "skipped: exception: agreed"},
		{"accepted, undecided", topology.Undecided, checks.Error, agreed, "skipped: exception: agreed"},
	} {
		r := result("a", "nat-overlap", tc.status, tc.severity, "said")
		r.Suppressed = tc.suppressed
		c := junitOf(t, made(checks.Judgement{Results: []checks.Result{r}})).Suites[0].Cases[0]
		got := ""
		for kind, o := range map[string]*outcome{"failure": c.Failure, "skipped": c.Skipped, "error": c.Error} {
			if o != nil {
				got += kind + ": " + o.Message
				if !strings.HasPrefix(o.Text, o.Message) {
					t.Errorf("%s: the text %q does not start with the message %q", tc.name, o.Text, o.Message)
				}
			}
		}
		if got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestJUnitHasASuiteForEachCluster(t *testing.T) {
	var names []string
	for _, s := range junitOf(t, full()).Suites {
		names = append(names, strings.TrimPrefix(s.Name, "google_container_cluster."))
	}
	if got, want := strings.Join(names, ", "), "prod, test, old, apart, dev, public, beside the clusters, sources"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
