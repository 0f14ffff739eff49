package checks

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// want is one result of a check: its status, severity and object, and fragments of its message and fix.
type want struct {
	status   topology.Verdict
	severity Severity
	object   string
	says     []string
	fix      string
	cause    string
}

// expectation is a world and all that one check says about it.
type expectation struct {
	name   string
	facts  topology.Facts
	policy Policy
	want   []want
}

const (
	gkeAddress     = "google_compute_subnetwork.gke"
	clusterAddress = "google_container_cluster.c"
)

// expect judges every world and compares what the check says, result by result.
func expect(t *testing.T, check string, cases []expectation) {
	t.Helper()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Helper()
			got := resultsOf(Judge(topology.New(tc.facts), nil, tc.policy), check)
			if len(got) != len(tc.want) {
				t.Fatalf("%d results, want %d: %s", len(got), len(tc.want), texts(got))
			}
			for i, w := range tc.want {
				compare(t, got[i], w)
			}
		})
	}
}

func resultsOf(j Judgement, check string) []Result {
	var out []Result
	for _, r := range j.Results {
		if r.Check == check {
			out = append(out, r)
		}
	}
	return out
}

func texts(results []Result) string {
	var b strings.Builder
	for _, r := range results {
		b.WriteString("\n  " + r.Status.String() + " " + string(r.Severity) + " " + r.Object.Address + ": " + r.Message)
	}
	return b.String()
}

func compare(t *testing.T, r Result, w want) {
	t.Helper()
	if r.Status != w.status {
		t.Errorf("status %s, want %s: %s", r.Status, w.status, r.Message)
	}
	if w.severity != "" && r.Severity != w.severity {
		t.Errorf("severity %s, want %s: %s", r.Severity, w.severity, r.Message)
	}
	if w.object != "" && r.Object.Address != w.object {
		t.Errorf("object %s, want %s: %s", r.Object.Address, w.object, r.Message)
	}
	if r.Object.Address == "" || r.Object.Kind == "" {
		t.Errorf("a result must name an object with its kind: %+v", r.Object)
	}
	for _, s := range w.says {
		if !strings.Contains(r.Message, s) {
			t.Errorf("message lacks %q: %s", s, r.Message)
		}
	}
	if r.CausedBy != w.cause {
		t.Errorf("caused by %q, want %q", r.CausedBy, w.cause)
	}
	if !strings.Contains(r.Fix, w.fix) {
		t.Errorf("fix lacks %q:\n%s", w.fix, r.Fix)
	}
	wellMade(t, r)
}

// wellMade holds for every result there is.
func wellMade(t *testing.T, r Result) {
	t.Helper()
	if r.Message == "" || strings.HasSuffix(strings.TrimSpace(r.Message), ":") || strings.Contains(r.Message, "%!") {
		t.Errorf("%s: message %q", r.Check, r.Message)
	}
	if r.Docs != DocsBase+r.Check {
		t.Errorf("%s: docs %q", r.Check, r.Docs)
	}
	if r.Status == topology.Fail {
		if r.Fix == "" {
			t.Errorf("%s: a failure must say what to write instead: %s", r.Check, r.Message)
		}
		parses(t, r.Fix)
	}
	for _, e := range r.Evidence {
		if e.Attribute == "" || e.Value == "" {
			t.Errorf("%s: evidence without attribute or value: %+v", r.Check, e)
		}
	}
	for _, h := range r.Path {
		if h.Name == "" || h.Detail == "" {
			t.Errorf("%s: a hop without name or detail: %+v", r.Check, h)
		}
	}
}

// parses holds a fix against HCL's grammar; a gcloud command is let through.
func parses(t *testing.T, text string) {
	t.Helper()
	if strings.HasPrefix(text, "gcloud ") {
		return
	}
	if _, diags := hclsyntax.ParseConfig([]byte(text), "fix.tf", hcl.InitialPos); diags.HasErrors() {
		t.Errorf("not HCL: %v\n%s", diags, text)
	}
}

// the is the only result of a check; the test ends where there is none or more.
func the(t *testing.T, j Judgement, check string) Result {
	t.Helper()
	got := resultsOf(j, check)
	if len(got) != 1 {
		t.Fatalf("%d results of %s, want one: %s", len(got), check, texts(got))
	}
	return got[0]
}

func judge(f topology.Facts, p Policy) Judgement { return Judge(topology.New(f), nil, p) }
