package runtask

import (
	"fmt"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const (
	// mostOutcomes are shown one by one, and the others counted.
	mostOutcomes = 50
	// longestBody keeps all of them together below the 1 MB that the platform recommends for one.
	longestBody  = 16 << 10
	longestTitle = 250
)

// outcomes are a report's findings, worst first, then what was left out, and the notes.
func outcomes(r report.Report, exit func([]checks.Result) int) []outcome {
	var list []outcome
	found := report.Outcomes(r)
	for i, f := range found[:min(len(found), mostOutcomes)] {
		body := f.Body
		if len(body) > longestBody {
			body = "This finding is too long to be shown here: `gkepreflight check` shows it.\n"
		}
		list = append(list, newOutcome(fmt.Sprintf("%s-%d", f.Check, i+1), f.Title, body, f.Docs, tagsOf(f, exit)))
	}
	if rest := len(found) - mostOutcomes; rest > 0 {
		var b strings.Builder
		for _, f := range found[mostOutcomes:] {
			line := "    " + f.Title + "\n"
			if b.Len()+len(line) > longestBody {
				b.WriteString("    …\n")
				break
			}
			b.WriteString(line)
		}
		list = append(list, newOutcome("more", fmt.Sprintf("%d more findings are not shown one by one", rest), b.String(), "",
			map[string][]tag{"Status": {{"Left out", "info"}}}))
	}
	if len(r.Notes) > 0 {
		body := "    " + strings.Join(cleaned(r.Notes), "\n    ") + "\n"
		list = append(list, newOutcome("notes", "Notes on settings and exceptions", clip(body, longestBody/4), "",
			map[string][]tag{"Status": {{"Note", "info"}}}))
	}
	return list
}

func newOutcome(id, description, body, url string, tags map[string][]tag) outcome {
	// The page of a task does not show a result at all where a URL is none.
	if !strings.HasPrefix(url, "https://") {
		url = ""
	}
	return outcome{Type: "task-result-outcomes", Attributes: outcomeAttributes{ID: id, Description: clip(description, longestTitle), Body: body, URL: url, Tags: tags}}
}

// tagsOf are the status and the severity of a finding. Red is what fails the task.
func tagsOf(f report.Outcome, exit func([]checks.Result) int) map[string][]tag {
	level := "warning"
	if exit([]checks.Result{*f.Result}) != 0 {
		level = "error"
	}
	label := "Failed"
	if f.Status == topology.Undecided {
		label = "Not decided"
	}
	status := []tag{{label, level}}
	if f.Regression {
		status = append(status, tag{"Taken away by this plan", level})
	}
	severity := map[checks.Severity]tag{checks.Error: {"Error", "error"}, checks.Warning: {"Warning", "warning"}, checks.Info: {"Info", "info"}}[f.Severity]
	return map[string][]tag{"Status": status, "Severity": {severity}}
}

func cleaned(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = report.Clean(line)
	}
	return out
}
