package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// sarifResults is how many results GitHub takes in a run; with more it refuses the file.
const sarifResults = 25000

// sarifText bounds one message: GitHub refuses files of more than 10 MB, compressed.
const sarifText = 4000

// writeSARIF writes SARIF 2.1.0 for code scanning: what failed, what is not decided, and what an exception covers, the
// worst first. There is no automationDetails: the id in it would win over the category that a workflow gives its upload.
func writeSARIF(w io.Writer, r Report, _ Options) error {
	list := slices.DeleteFunc(entries(r), func(e entry) bool { return !open(e.Result) })
	shown := append(worst(list), slices.DeleteFunc(list, func(e entry) bool { return e.Suppressed == nil })...)
	run := sarifRun{Invocations: []sarifInvocation{invocation(r, len(shown)-sarifResults)}, Results: []sarifResult{}}
	rules, index := sarifRules(r.Results)
	run.Tool.Driver = sarifDriver{Name: r.Tool.Name, Version: Clean(r.Tool.Version), InformationURI: informationURI, Rules: rules}
	for _, e := range shown[:min(len(shown), sarifResults)] {
		run.Results = append(run.Results, sarifResultOf(e, index))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

func sarifResultOf(e entry, index map[string]int) sarifResult {
	out := sarifResult{
		RuleID:    Clean(e.Check),
		RuleIndex: index[e.Check],
		Kind:      "fail",
		Level:     sarifLevel(e.Severity),
		Message:   plain(whole(e.Result)),
		// GitHub tells alerts apart by primaryLocationLineHash alone. Left to itself it hashes the line, and makes one alert
		// of what several clusters have at the first line of main.tf.
		PartialFingerprints: map[string]string{"checkAndObject/v1": e.fingerprint, "primaryLocationLineHash": e.fingerprint},
		Properties:          sarifProperties{Cluster: Clean(e.Cluster), Regression: e.Regression, CausedBy: Clean(e.CausedBy)},
		// All or none of a run's results have the member (3.27.23): empty is not suppressed.
		Suppressions: []sarifSuppression{},
	}
	if e.Status == topology.Undecided {
		// A kind other than fail has no level (3.27.10).
		out.Kind, out.Level = "open", "none"
	}
	if e.Suppressed != nil {
		out.Suppressions = append(out.Suppressions, sarifSuppression{Kind: "external", Status: "accepted", Justification: exceptionText(e.Suppressed)})
	}
	var at sarifLocation
	at.PhysicalLocation.ArtifactLocation.URI = uri(e.file)
	at.PhysicalLocation.Region.StartLine = e.line
	at.LogicalLocations = []sarifLogical{{FullyQualifiedName: called(e.Result), Kind: "resource"}}
	out.Locations = []sarifLocation{at}
	return out
}

// invocation carries what went wrong with sources, which makes the run incomplete, and what was cut.
func invocation(r Report, cut int) sarifInvocation {
	in := sarifInvocation{ExecutionSuccessful: len(r.Errors) == 0}
	for _, e := range r.Errors {
		in.ToolExecutionNotifications = append(in.ToolExecutionNotifications,
			sarifNotification{Level: "error", Message: plain(Clean(e.Source) + " could not be read: " + Clean(e.Message))})
	}
	if cut > 0 {
		in.ToolExecutionNotifications = append(in.ToolExecutionNotifications, sarifNotification{Level: "warning",
			Message: plain(fmt.Sprintf("%d results are left out: code scanning takes %d; other formats have all of them", cut, sarifResults))})
	}
	for _, note := range r.Notes {
		in.ToolConfigurationNotifications = append(in.ToolConfigurationNotifications, sarifNotification{Level: "warning", Message: plain(Clean(note))})
	}
	return in
}

func sarifLevel(s checks.Severity) string {
	switch s {
	case checks.Error:
		return "error"
	case checks.Warning:
		return "warning"
	}
	return "note"
}
