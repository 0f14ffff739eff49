package report_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func lines(t *testing.T, r report.Report, o report.Options) []string {
	t.Helper()
	return strings.Split(strings.TrimSuffix(string(written(t, "text", r, o)), "\n"), "\n")
}

var lastLine = regexp.MustCompile(`^\d+ tests, \d+ passed, \d+ warnings, \d+ failures, \d+ exceptions$`)

func TestClosingLines(t *testing.T) {
	unknown := func(messages ...string) report.Report {
		j := checks.Judgement{Clusters: []checks.Cluster{cluster("a", checks.ClusterUnknown), cluster("b", checks.ClusterPass)}}
		for _, m := range messages {
			j.Results = append(j.Results, result("a", "nat-node-range", topology.Undecided, checks.Error, m))
		}
		// What other clusters and lesser results lack decides nothing here.
		j.Results = append(j.Results,
			result("b", "nat-capacity", topology.Undecided, checks.Warning, "--assets would tell"),
			result("a", "nat-capacity", topology.Undecided, checks.Warning, "--assets would tell"))
		return made(j)
	}
	for _, tc := range []struct {
		name   string
		report report.Report
		want   []string
	}{
		{"pass", made(checks.Judgement{Clusters: []checks.Cluster{cluster("a", checks.ClusterPass)},
			Results: []checks.Result{result("a", "nat-overlap", topology.Pass, checks.Error, "")}}),
			[]string{"", "1 tests, 1 passed, 0 warnings, 0 failures, 0 exceptions"}},
		{"one source", unknown("a state (--state) would tell"),
			[]string{"NOT DECIDED: 1 clusters; --state of the network's configuration would decide", "3 tests, 0 passed, 3 warnings, 0 failures, 0 exceptions"}},
		{"several", unknown("--live would tell", "known after apply", "--state or --live"),
			[]string{"NOT DECIDED: 1 clusters; --state of the network's configuration, --live or --config-dir would decide", "5 tests, 0 passed, 5 warnings, 0 failures, 0 exceptions"}},
		{"no hint", unknown("403: compute.routers.list"),
			[]string{"NOT DECIDED: 1 clusters; the results marked ? say what would decide", "3 tests, 0 passed, 3 warnings, 0 failures, 0 exceptions"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, width := range []int{1, 40, 0} {
				got := lines(t, tc.report, report.Options{Width: width, Color: true})
				got = got[len(got)-2:]
				if got[0] != tc.want[0] || got[1] != tc.want[1] {
					t.Errorf("width %d: got\n%s\nwant\n%s", width, strings.Join(got, "\n"), strings.Join(tc.want, "\n"))
				}
				if !lastLine.MatchString(got[1]) {
					t.Errorf("%q is not the closing line of the contract", got[1])
				}
			}
		})
	}
}

func TestNothingToCheckNamesTheSources(t *testing.T) {
	for want, sources := range map[string][]report.Source{
		"no GKE clusters: nothing to check":                             nil,
		"no GKE clusters in plan.json: nothing to check":                planFile,
		"no GKE clusters in net.json, standard input: nothing to check": {{Kind: "state", Name: "net.json"}, {Kind: "plan", Name: "-"}},
	} {
		if got := lines(t, report.New("dev", sources, checks.Judgement{}, nil), report.Options{})[0]; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Atlantis reads a verdict from the text: a number of failures, or a report that starts with FAIL.
func TestAPassingReportDoesNotLookLikeAFailure(t *testing.T) {
	got := string(written(t, "text", made(checks.Judgement{Clusters: []checks.Cluster{cluster("a", checks.ClusterPass)}}), report.Options{}))
	if regexp.MustCompile(`[1-9][0-9]* failure|^FAIL`).MatchString(got) || strings.Count(got, "fail") != 1 {
		t.Errorf("reads as a failure:\n%s", got)
	}
}

func TestTextShowsNoControlCharacters(t *testing.T) {
	for _, r := range string(written(t, "text", hostile(), report.Options{})) {
		if r != '\n' && (!unicode.IsGraphic(r) || r == unicode.ReplacementChar) {
			t.Errorf("%U reached the screen", r)
		}
	}
	for _, line := range lines(t, hostile(), report.Options{}) {
		if strings.HasPrefix(line, "FAIL") {
			t.Errorf("a name wrote a line of its own: %q", line)
		}
	}
}

// Every open result is shown whatever its cause is: a cause that is an exception, unknown, itself, or in a circle.
func TestFoldingHidesNothing(t *testing.T) {
	open := func(check, cause string) checks.Result {
		r := result("a", check, topology.Fail, checks.Error, "message of "+check)
		r.CausedBy = cause
		return r
	}
	accepted := open("accepted", "")
	accepted.Suppressed = &checks.Suppression{Reason: "agreed"}
	j := checks.Judgement{Clusters: []checks.Cluster{cluster("a", checks.ClusterFail)}, Results: []checks.Result{
		open("root", ""), open("child", "root"), open("grandchild", "child"), open("under-exception", "accepted"), accepted,
		open("lost", "nowhere"), open("self", "self"), open("east", "west"), open("west", "east"), open("into-circle", "east"),
	}}
	got := strings.Join(lines(t, made(j), report.Options{}), "\n")
	for _, r := range j.Results {
		if n := strings.Count(got, r.Message+"\n"); n != 1 {
			t.Errorf("%s is shown %d times", r.Check, n)
		}
	}
	for _, folded := range []string{"child", "grandchild"} {
		if !strings.Contains(got, "    ✗ follows: "+folded+"  ") {
			t.Errorf("%s is not folded", folded)
		}
	}
	if n := strings.Count(got, "follows: "); n != 2 {
		t.Errorf("%d are folded, want 2:\n%s", n, got)
	}
}

func TestFoldingPrefersTheSameObject(t *testing.T) {
	j := checks.Judgement{Clusters: []checks.Cluster{cluster("a", checks.ClusterFail)}}
	for _, object := range []string{"one", "two"} {
		r := result("a", "nat-node-range", topology.Fail, checks.Error, "cause on "+object)
		r.Object.Address = object
		j.Results = append(j.Results, r)
	}
	child := result("a", "image-reachable", topology.Fail, checks.Error, "effect")
	child.CausedBy, child.Object.Address = "nat-node-range", "two"
	j.Results = append(j.Results, child)
	got := strings.Join(lines(t, made(j), report.Options{}), "\n")
	if strings.Index(got, "effect") < strings.Index(got, "cause on two") {
		t.Errorf("folded under another object:\n%s", got)
	}
}

func TestWorstClusterFirst(t *testing.T) {
	var heads []string
	for _, line := range lines(t, full(), report.Options{}) {
		if name, _, ok := strings.Cut(line, "  "); ok && name != "" {
			heads = append(heads, name)
		}
	}
	want := "✗ prod, ? test, ! old, ✓ apart, ✓ dev, ✓ public, ✗ network.json"
	if got := strings.Join(heads, ", "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestClustersOfOneAddressAreCountedApart(t *testing.T) {
	j := checks.Judgement{Clusters: []checks.Cluster{cluster("a", checks.ClusterPass), cluster("a", checks.ClusterUnknown), cluster("a", checks.ClusterUnknown)},
		Results: []checks.Result{result("a", "nat-node-range", topology.Undecided, checks.Error, "open")}}
	got := lines(t, made(j), report.Options{})
	if !strings.HasPrefix(got[0], "? a") || !strings.HasSuffix(got[1], "  open") {
		t.Errorf("the result is not under the worst:\n%s", strings.Join(got, "\n"))
	}
	if want := "NOT DECIDED: 2 clusters; "; !strings.HasPrefix(got[len(got)-2], want) {
		t.Errorf("got %q, want %q", got[len(got)-2], want)
	}
}
