package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const (
	sarifSchema    = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	informationURI = "https://registry.terraform.io/providers/gkepreflight/gkepreflight/latest"

	// sarifResults is how many results GitHub takes in a run; with more it refuses the file.
	sarifResults = 25000
	// sarifText bounds one message: GitHub refuses files of more than 10 MB, compressed.
	sarifText = 4000
)

// sarifResult always has suppressions, which the library leaves out when there are none: all or none of a run's results
// have the member (3.27.23), and empty is not suppressed. sarifRun and sarifLog are there to hold it.
type sarifResult struct {
	*sarif.Result
	Suppressions []*sarif.Suppression `json:"suppressions"`
}

type sarifRun struct {
	*sarif.Run
	Results []sarifResult `json:"results"`
}

type sarifLog struct {
	*sarif.Report
	Runs []sarifRun `json:"runs"`
}

// writeSARIF writes SARIF 2.1.0 for code scanning: what failed, what is not decided, and what an exception covers, the
// worst first. There is no automationDetails: the id in it would win over the category that a workflow gives its upload.
func writeSARIF(w io.Writer, r Report, _ Options) error {
	list := slices.DeleteFunc(entries(r), func(e entry) bool { return !open(e.Result) })
	shown := append(worst(list), slices.DeleteFunc(list, func(e entry) bool { return e.Suppressed == nil })...)
	rules, index := sarifRules(r.Results)
	run := sarifRun{Run: sarif.NewRunWithInformationURI(r.Tool.Name, informationURI), Results: []sarifResult{}}
	run.Tool.Driver.WithVersion(Clean(r.Tool.Version)).WithRules(rules)
	run.AddInvocation(invocation(r, len(shown)-sarifResults))
	for _, e := range shown[:min(len(shown), sarifResults)] {
		run.Results = append(run.Results, sarifResultOf(e, index))
	}
	log := sarifLog{Report: sarif.NewReport(), Runs: []sarifRun{run}}
	log.Schema = sarifSchema
	// One line: the library writes every default of every object, and indenting them would double the file.
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(log)
}

func sarifResultOf(e entry, index map[string]int) sarifResult {
	out := sarif.NewRuleResult(Clean(e.Check)).WithRuleIndex(index[e.Check]).WithLevel(sarifLevel(e.Severity)).
		WithMessage(plainMessage(whole(e.Result))).WithLocations([]*sarif.Location{sarifLocation(e)}).
		// GitHub tells alerts apart by primaryLocationLineHash alone. Left to itself it hashes the line, and makes one alert
		// of what several clusters have at the first line of main.tf.
		WithPartialFingerprints(map[string]string{"checkAndObject/v1": e.fingerprint, "primaryLocationLineHash": e.fingerprint})
	if e.Status == topology.Undecided {
		// A kind other than fail has no level (3.27.10).
		out.WithKind("open").WithLevel("none")
	}
	more := sarif.NewPropertyBag()
	if e.Cluster != "" {
		more.Add("cluster", Clean(e.Cluster))
	}
	if e.Regression {
		more.Add("regression", true)
	}
	if e.CausedBy != "" {
		more.Add("causedBy", Clean(e.CausedBy))
	}
	accepted := []*sarif.Suppression{}
	if e.Suppressed != nil {
		accepted = append(accepted, sarif.NewSuppression().WithKind("external").WithStatus("accepted").WithJustification(exceptionText(e.Suppressed)))
	}
	return sarifResult{Result: out.WithProperties(more), Suppressions: accepted}
}

func sarifLocation(e entry) *sarif.Location {
	file := sarif.NewPhysicalLocation().
		WithArtifactLocation(sarif.NewArtifactLocation().WithURI(uri(e.file))).
		WithRegion(sarif.NewRegion().WithStartLine(e.line))
	object := sarif.NewLogicalLocation().WithFullyQualifiedName(called(e.Result)).WithKind("resource")
	return sarif.NewLocation().WithPhysicalLocation(file).WithLogicalLocations([]*sarif.LogicalLocation{object})
}

// invocation carries what went wrong with sources, which makes the run incomplete, and what was cut.
func invocation(r Report, cut int) *sarif.Invocation {
	in := sarif.NewInvocation().WithExecutionSuccessful(len(r.Errors) == 0)
	notification := func(level, text string) *sarif.Notification {
		return sarif.NewNotification().WithLevel(level).WithMessage(plainMessage(text))
	}
	for _, e := range r.Errors {
		in.AddToolExecutionNotification(notification("error", Clean(e.Source)+" could not be read: "+Clean(e.Message)))
	}
	if cut > 0 {
		in.AddToolExecutionNotification(notification("warning",
			fmt.Sprintf("%d results are left out: code scanning takes %d; other formats have all of them", cut, sarifResults)))
	}
	for _, note := range r.Notes {
		in.AddToolConfigurationNotification(notification("warning", Clean(note)))
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
