package report_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// sarif is what the tests read of a log.
type sarif struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Rules []struct {
					ID, HelpURI          string
					ShortDescription     struct{ Text string }
					FullDescription      struct{ Text string }
					Help                 struct{ Text, Markdown string }
					DefaultConfiguration struct{ Level string }
				}
			}
		}
		Invocations []struct {
			ExecutionSuccessful            bool
			ToolExecutionNotifications     []struct{ Message struct{ Text string } }
			ToolConfigurationNotifications []struct{ Message struct{ Text string } }
		}
		Results []sarifResult
	}
}

type sarifResult struct {
	RuleID              string
	RuleIndex           int
	Kind, Level         string
	Message             struct{ Text string }
	PartialFingerprints map[string]string
	Suppressions        []struct{ Kind, Justification string }
	Locations           []struct {
		PhysicalLocation struct {
			ArtifactLocation struct{ URI string }
			Region           struct{ StartLine int }
		}
	}
}

func sarifOf(t *testing.T, r report.Report) sarif {
	t.Helper()
	var log sarif
	if err := json.Unmarshal(written(t, "sarif", r, report.Options{}), &log); err != nil {
		t.Fatal(err)
	}
	return log
}

// sarifSchema is the schema of OASIS.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", parsed(t, text)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSARIFKeepsToTheSchema(t *testing.T) {
	s := sarifSchema(t)
	for name, r := range samples() {
		if err := s.Validate(parsed(t, written(t, "sarif", r, report.Options{}))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Validate(parsed(t, []byte(`{"version": "2.1.0", "runs": [{"results": []}]}`))); err == nil {
		t.Error("the schema accepts a run without a tool")
	}
}

func TestSARIFRulesHelp(t *testing.T) {
	var j checks.Judgement
	for _, c := range checks.All() {
		j.Results = append(j.Results, result("a", c.Name, topology.Pass, c.Severity, ""))
	}
	j.Results = append(j.Results, result("a", "of-tomorrow", topology.Fail, checks.Info, "later"))
	run := sarifOf(t, made(j)).Runs[0]
	levels := map[string]bool{}
	for _, r := range run.Tool.Driver.Rules {
		if r.ShortDescription.Text == "" || r.FullDescription.Text == "" || r.Help.Text == "" || r.Help.Markdown == "" {
			t.Errorf("%s is not described: %+v", r.ID, r)
		}
		if r.HelpURI != checks.DocsBase+r.ID {
			t.Errorf("%s: help is at %s", r.ID, r.HelpURI)
		}
		levels[r.DefaultConfiguration.Level] = true
	}
	if got, want := len(run.Tool.Driver.Rules), len(j.Results); got != want || !levels["error"] || !levels["warning"] || !levels["note"] {
		t.Errorf("%d rules of levels %v, want %d", got, levels, want)
	}
	if len(run.Results) != 1 || run.Results[0].RuleIndex != len(run.Tool.Driver.Rules)-1 {
		t.Errorf("results that pass are written, or rules not found: %+v", run.Results)
	}
}

func TestSARIFResults(t *testing.T) {
	run := sarifOf(t, full()).Runs[0]
	count := map[string]int{}
	for _, r := range run.Results {
		count[r.Kind+" "+r.Level]++
		if got := run.Tool.Driver.Rules[r.RuleIndex].ID; got != r.RuleID {
			t.Errorf("rule %s has the index of %s", r.RuleID, got)
		}
		if r.Suppressions == nil {
			t.Errorf("%s does not say whether it is suppressed", r.RuleID)
		}
	}
	if count["fail error"] != 3 || count["open none"] != 3 || count["fail warning"] != 3 || count["fail note"] != 1 || len(count) != 4 {
		t.Errorf("got %v", count)
	}
	last := run.Results[len(run.Results)-1]
	if len(last.Suppressions) != 1 || last.Suppressions[0].Kind != "external" || last.Suppressions[0].Justification != "mirrored every night (until 2027-03-31)" {
		t.Errorf("the exception is not the last, or has no reason: %+v", last)
	}
	in := run.Invocations[0]
	if in.ExecutionSuccessful || len(in.ToolExecutionNotifications) != 1 || in.ToolExecutionNotifications[0].Message.Text != "network.json could not be read: 403: compute.routers.list" {
		t.Errorf("got %+v", in)
	}
	noted := full()
	noted.Errors, noted.Notes = nil, []string{"an exception expired"}
	if in := sarifOf(t, noted).Runs[0].Invocations[0]; !in.ExecutionSuccessful || len(in.ToolConfigurationNotifications) != 1 {
		t.Errorf("got %+v", in)
	}
}

// GitHub refuses more than 25,000 results and more than 10 MB; what is left out is the least important.
func TestSARIFLimits(t *testing.T) {
	r := crowd(30000, "cluster-with-a-name-")
	text := written(t, "sarif", r, report.Options{})
	var log sarif
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	notes := run.Invocations[0].ToolExecutionNotifications
	if want := "5000 results are left out: code scanning takes 25000; other formats have all of them"; len(run.Results) != 25000 || notes[len(notes)-1].Message.Text != want {
		t.Errorf("%d results, and %q", len(run.Results), notes[len(notes)-1].Message.Text)
	}
	failures := 0
	for _, r := range run.Results {
		if r.Level == "error" {
			failures++
		}
	}
	if want := checks.Count(r.Results).Failures; failures != want {
		t.Errorf("%d of %d errors are shown", failures, want)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil || packed.Len() > 10_000_000 {
		t.Errorf("%d bytes compressed, %v", packed.Len(), err)
	}
}

func TestFingerprintsOutliveEdits(t *testing.T) {
	prints := func(r report.Report) map[string]string {
		out := map[string]string{}
		for _, s := range sarifOf(t, r).Runs[0].Results {
			if s.PartialFingerprints["primaryLocationLineHash"] != s.PartialFingerprints["checkAndObject/v1"] {
				t.Error("the fingerprints differ from each other")
			}
			if twin, ok := out[s.PartialFingerprints["checkAndObject/v1"]]; ok {
				t.Errorf("%s and %s have one fingerprint", twin, s.Message.Text)
			}
			out[s.PartialFingerprints["checkAndObject/v1"]] = s.RuleID
		}
		return out
	}
	before, moved := prints(full()), full()
	for i := range moved.Results {
		r := &moved.Results[i]
		r.Object.File, r.Object.Line, r.Message, r.Fix = "elsewhere.tf", r.Object.Line+7, r.Message+" still", ""
	}
	for fingerprint, check := range prints(moved) {
		if before[fingerprint] != check {
			t.Errorf("the fingerprint of %s changed", check)
		}
	}
	ranges := checks.Judgement{Results: []checks.Result{
		result("a", "nat-pod-range", topology.Fail, checks.Error, "range one"), result("a", "nat-pod-range", topology.Fail, checks.Error, "range two")}}
	both := prints(made(ranges))
	ranges.Results[0].Status = topology.Pass
	for fingerprint := range prints(made(ranges)) {
		if both[fingerprint] == "" || len(both) != 2 {
			t.Error("mending one range renamed the other")
		}
	}
}

func TestSARIFMessagesMakeNoLinks(t *testing.T) {
	run := sarifOf(t, spiteful()).Runs[0]
	texts := []string{run.Invocations[0].ToolExecutionNotifications[0].Message.Text, run.Invocations[0].ToolConfigurationNotifications[0].Message.Text}
	for _, r := range run.Tool.Driver.Rules {
		texts = append(texts, r.ShortDescription.Text, r.FullDescription.Text, r.Help.Text, r.Help.Markdown)
	}
	for _, r := range run.Results {
		texts = append(texts, r.Message.Text)
	}
	for _, text := range texts {
		if strings.Contains(text, "](") || text == "" {
			t.Errorf("a name became a link: %s", text)
		}
	}
}
