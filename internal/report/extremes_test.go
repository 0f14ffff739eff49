package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// extreme is a report at the edge of what there is, and what each format makes of it.
type extreme struct {
	name   string
	report report.Report
	// closes are the last lines for people: NOT DECIDED is the first of them where there are two.
	closes []string
	// failures and skips are JUnit's (a warning does not break a build), annotations GitHub's, entries GitLab's, results and suppressed SARIF's, which
	// lists what is open and what an exception lets pass.
	failures, skips, annotations, entries, results, suppressed int
}

func suppressedBy(r checks.Result, reason string) checks.Result {
	r.Suppressed = &checks.Suppression{Reason: reason, Expires: "2027-03-31"}
	return r
}

func extremes() []extreme {
	of := func(verdict checks.ClusterVerdict, results ...checks.Result) report.Report {
		return made(checks.Judgement{Clusters: []checks.Cluster{cluster("a", verdict)}, Results: results})
	}
	fails := result("a", "nat-node-range", topology.Fail, checks.Error, `subnetwork "a" has no Public NAT`)
	open := result("a", "internet-route", topology.Undecided, checks.Error, "whether there is a route is not known: --live would tell")
	skip := result("a", "nat-overlap", topology.Skip, checks.Error, "no gateway is known")
	warns := result("a", "nat-pod-range", topology.Fail, checks.Warning, "pods share the node's ports")
	info := result("a", "nat-pod-range", topology.Fail, checks.Info, "pods leave with the node's address")
	passes := result("a", "registry-dns", topology.Pass, checks.Error, "nothing overrides Google's domains")
	counts := func(numbers ...any) string {
		return fmt.Sprintf("%d tests, %d passed, %d warnings, %d failures, %d exceptions", numbers...)
	}
	return []extreme{
		{"nothing", made(checks.Judgement{}), []string{counts(0, 0, 0, 0, 0)}, 0, 0, 0, 0, 0, 0},
		{"a cluster without results", of(checks.ClusterPass), []string{counts(0, 0, 0, 0, 0)}, 0, 0, 0, 0, 0, 0},
		{"only passes", of(checks.ClusterPass, passes), []string{counts(1, 1, 0, 0, 0)}, 0, 0, 0, 0, 0, 0},
		{"only skipped", of(checks.ClusterPass, skip), []string{counts(0, 0, 0, 0, 0)}, 0, 1, 0, 0, 0, 0},
		{"only undecided", of(checks.ClusterUnknown, open), []string{"NOT DECIDED: 1 clusters; --live would decide", counts(1, 0, 1, 0, 0)}, 0, 1, 1, 1, 1, 0},
		{"only suppressed failures", of(checks.ClusterPass, suppressedBy(fails, "agreed")), []string{counts(1, 0, 0, 0, 1)}, 0, 1, 0, 0, 1, 1},
		{"only suppressed questions", of(checks.ClusterPass, suppressedBy(open, "agreed")), []string{counts(1, 0, 0, 0, 1)}, 0, 1, 0, 0, 1, 1},
		{"a suppressed question says nothing of what would decide", of(checks.ClusterUnknown, suppressedBy(open, "agreed"), result("a", "egress-firewall", topology.Undecided, checks.Error, "403: compute.firewalls.list")),
			[]string{"NOT DECIDED: 1 clusters; the results marked ? say what would decide", counts(2, 0, 1, 0, 1)}, 0, 2, 1, 1, 2, 1},
		{"only warnings", of(checks.ClusterWarn, warns), []string{counts(1, 0, 1, 0, 0)}, 0, 1, 1, 1, 1, 0},
		{"only an information", of(checks.ClusterPass, info), []string{counts(1, 0, 1, 0, 0)}, 0, 1, 1, 1, 1, 0},
		{"one failure", of(checks.ClusterFail, fails), []string{counts(1, 0, 0, 1, 0)}, 1, 0, 1, 1, 1, 0},
		{"one of each", of(checks.ClusterFail, passes, skip, open, warns, fails, suppressedBy(result("a", "nat-capacity", topology.Fail, checks.Warning, "tight"), "agreed")),
			[]string{counts(5, 1, 2, 1, 1)}, 1, 4, 3, 3, 4, 1},
	}
}

// What a report holds little of, every format tells so, and closes as it always does.
func TestExtremes(t *testing.T) {
	schema := compiled(t)
	log := sarifSchema(t)
	for _, tc := range extremes() {
		t.Run(tc.name, func(t *testing.T) {
			for _, format := range []string{"text", "markdown"} {
				all := strings.Split(strings.TrimRight(string(written(t, format, tc.report, report.Options{})), "\n"), "\n")
				if len(all) < len(tc.closes) {
					t.Fatalf("%s has %d lines", format, len(all))
				}
				if got := strings.Join(all[len(all)-1:], ""); !strings.Contains(got, tc.closes[len(tc.closes)-1]) {
					t.Errorf("%s ends in %q, want %q", format, got, tc.closes)
				}
				if text := strings.Join(all, "\n"); strings.Contains(text, "NOT DECIDED") != (len(tc.closes) > 1) || !strings.Contains(text, tc.closes[0]) {
					t.Errorf("%s: want %q in\n%s", format, tc.closes, text)
				}
			}
			if text := textOf(pageOf(t, tc.report)); !strings.Contains(text, tc.closes[len(tc.closes)-1]) || strings.Contains(text, "NOT DECIDED") != (len(tc.closes) > 1) {
				t.Errorf("html closes otherwise than %q:\n%s", tc.closes, text)
			}
			if err := schema.Validate(parsed(t, written(t, "json", tc.report, report.Options{}))); err != nil {
				t.Errorf("json: %v", err)
			}
			if err := log.Validate(parsed(t, written(t, "sarif", tc.report, report.Options{}))); err != nil {
				t.Errorf("sarif: %v", err)
			}
			tc.numbers(t)
		})
	}
}

// numbers holds what each format for programs counts against what is expected of it.
func (tc extreme) numbers(t *testing.T) {
	t.Helper()
	j := junitOf(t, tc.report)
	if j.Failures+j.Errors != tc.failures || j.Skipped != tc.skips {
		t.Errorf("junit: %+v, want %d failures, %d skipped", j.counts, tc.failures, tc.skips)
	}
	list, _ := commands(t, tc.report)
	if len(list) != tc.annotations {
		t.Errorf("github: %d annotations, want %d: %+v", len(list), tc.annotations, list)
	}
	if got := len(issues(t, tc.report)); got != tc.entries {
		t.Errorf("gitlab: %d entries, want %d", got, tc.entries)
	}
	run := sarifOf(t, tc.report).Runs[0]
	suppressed := 0
	for _, r := range run.Results {
		suppressed += len(r.Suppressions)
	}
	if len(run.Results) != tc.results || suppressed != tc.suppressed {
		t.Errorf("sarif: %d results with %d suppressions, want %d with %d", len(run.Results), suppressed, tc.results, tc.suppressed)
	}
}

// JSON is written element by element, and is to the byte what the whole document would be, two spaces deep.
func TestJSONIsOneDocument(t *testing.T) {
	all := samples()
	for _, tc := range extremes() {
		all[tc.name] = tc.report
	}
	for name, r := range all {
		got := written(t, "json", r, report.Options{})
		var small, whole bytes.Buffer
		if err := json.Compact(&small, got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := json.Indent(&whole, small.Bytes(), "", "  "); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		whole.WriteByte('\n')
		if !bytes.Equal(got, whole.Bytes()) {
			t.Errorf("%s is laid out otherwise than one document", name)
		}
		if bytes.Contains(got, []byte(": null")) {
			t.Errorf("%s has a null, which `.results[].evidence[]` would meet", name)
		}
	}
	const nothing = "{\n  \"schema_version\": 1,\n  \"tool\": {\n    \"name\": \"gkepreflight\",\n    \"version\": \"dev\"\n  },\n  \"sources\": [],\n" +
		"  \"summary\": {\n    \"clusters\": 0,\n    \"passed\": 0,\n    \"warned\": 0,\n    \"failed\": 0,\n    \"unknown\": 0,\n    \"suppressed\": 0\n  },\n" +
		"  \"clusters\": [],\n  \"images\": [],\n  \"results\": [],\n  \"errors\": []\n}\n"
	if got := string(written(t, "json", report.New("dev", nil, checks.Judgement{}, nil), report.Options{})); got != nothing {
		t.Errorf("nothing is written as\n%s", got)
	}
}

// Ten thousand results are all in the formats for programs, and counted in those for people, which stay short.
func TestTenThousandResults(t *testing.T) {
	const many = 10000
	r := crowd(many, "c")
	closes := checks.Count(r.Results)
	last := fmt.Sprintf("%d tests, %d passed, %d warnings, %d failures, %d exceptions", many, closes.Passed, closes.Warnings, closes.Failures, closes.Exceptions)
	var doc struct {
		Results []struct{ Check, Message string }
		Images  []any
		Summary checks.Summary
	}
	if err := json.Unmarshal(written(t, "json", r, report.Options{}), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Results) != many || len(doc.Images) != many || doc.Results[many-1].Message != r.Results[many-1].Message || doc.Summary != r.Summary {
		t.Errorf("json: %d results, %d images, %+v", len(doc.Results), len(doc.Images), doc.Summary)
	}
	if j := junitOf(t, r); j.Tests < many {
		t.Errorf("junit: %d tests", j.Tests)
	}
	for _, format := range []string{"text", "markdown"} {
		text := strings.TrimRight(string(written(t, format, r, report.Options{})), "\n")
		if got := text[strings.LastIndexByte(text, '\n')+1:]; !strings.Contains(got, last) {
			t.Errorf("%s closes %q, want %q", format, got, last)
		}
		if !strings.Contains(text, fmt.Sprintf("NOT DECIDED: %d clusters", r.Summary.Unknown)) {
			t.Errorf("%s does not say how many are not decided", format)
		}
	}
}
