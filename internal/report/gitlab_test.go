package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

type issue struct {
	Description, Fingerprint, Severity string
	CheckName                          string `json:"check_name"`
	Location                           struct {
		Path  string
		Lines struct{ Begin int }
	}
}

func issues(t *testing.T, r report.Report) []issue {
	t.Helper()
	var list []issue
	if err := json.Unmarshal(written(t, "gitlab", r, report.Options{}), &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestGitLabIsSound(t *testing.T) {
	all := samples()
	all["many"] = crowd(30000, "c")
	for name, r := range all {
		prints := map[string]bool{}
		list := issues(t, r)
		for _, i := range list {
			if i.Description == "" || i.CheckName == "" || i.Location.Path == "" || i.Location.Lines.Begin < 1 ||
				strings.HasPrefix(i.Location.Path, "./") || strings.HasPrefix(i.Location.Path, "/") {
				t.Fatalf("%s: incomplete: %+v", name, i)
			}
			if prints[i.Fingerprint] {
				t.Fatalf("%s: the fingerprint of %+v is taken", name, i)
			}
			prints[i.Fingerprint] = true
		}
		want := len(r.Errors)
		for _, result := range r.Results {
			if result.Suppressed == nil && (result.Status == topology.Fail || result.Status == topology.Undecided) {
				want++
			}
		}
		if len(list) != want {
			t.Errorf("%s: %d entries, want %d", name, len(list), want)
		}
	}
	if got := string(written(t, "gitlab", made(checks.Judgement{}), report.Options{})); got != "[]\n" {
		t.Errorf("nothing is %q", got)
	}
}

func TestGitLabSeverities(t *testing.T) {
	for _, tc := range []struct {
		status     topology.Verdict
		severity   checks.Severity
		regression bool
		want       string
	}{
		{topology.Fail, checks.Error, true, "blocker"}, {topology.Fail, checks.Error, false, "critical"},
		{topology.Undecided, checks.Error, false, "major"}, {topology.Fail, checks.Warning, false, "minor"},
		{topology.Fail, checks.Warning, true, "minor"}, {topology.Undecided, checks.Warning, false, "info"},
		{topology.Fail, checks.Info, false, "info"}, {topology.Undecided, checks.Info, false, "info"},
	} {
		r := result("a", "nat-overlap", tc.status, tc.severity, "message")
		r.Regression = tc.regression
		list := issues(t, made(checks.Judgement{Results: []checks.Result{r}}))
		if list[0].Severity != tc.want {
			t.Errorf("%v %s: got %s, want %s", tc.status, tc.severity, list[0].Severity, tc.want)
		}
	}
}

func TestGitLabNamesWhatHasNoLine(t *testing.T) {
	r := result("a", "gated", topology.Fail, checks.Warning, "put off")
	r.Object.File = ""
	got := issues(t, made(checks.Judgement{Results: []checks.Result{r}}))[0]
	if got.Description != "put off (google_compute_subnetwork.a)" || got.Location.Path != "plan.json" {
		t.Errorf("got %+v", got)
	}
}
