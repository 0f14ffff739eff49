package report

import (
	"encoding/json"
	"io"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// gitlabIssue is one entry of a Code Quality report (artifacts:reports:codequality): the part of the Code Climate format
// that GitLab reads. Entries that share a fingerprint are shown as one, and paths are relative, without "./".
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
	} `json:"lines"`
}

// writeGitLab writes what asks for something to be done. Code Quality knows no exceptions: what falls under one is not
// in the report, as an entry would count as a finding.
func writeGitLab(w io.Writer, r Report, _ Options) error {
	issues := []gitlabIssue{}
	seen := map[string]int{}
	for _, e := range r.Errors {
		source := checks.Result{Check: "source", Object: checks.Object{Address: e.Source}}
		issue := gitlabIssue{Description: Clean(e.Source) + " could not be read: " + Clean(e.Message), CheckName: source.Check,
			Fingerprint: fingerprint(&source, seen), Severity: "major"}
		issue.Location.Path, issue.Location.Lines.Begin = Clean(fallback(r)), 1
		issues = append(issues, issue)
	}
	for _, e := range worst(entries(r)) {
		issue := gitlabIssue{Description: headline(e.Result), CheckName: Clean(e.Check), Fingerprint: e.fingerprint, Severity: gitlabSeverity(e.Result)}
		if !e.placed {
			// The line says nothing about the object then.
			issue.Description += " (" + called(e.Result) + ")"
		}
		issue.Location.Path, issue.Location.Lines.Begin = Clean(e.file), e.line
		issues = append(issues, issue)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(issues)
}

// gitlabSeverity maps to GitLab's info, minor, major, critical and blocker: what works today and would stop working
// blocks, and what is not decided weighs one step less than what failed.
func gitlabSeverity(r *checks.Result) string {
	undecided := r.Status == topology.Undecided
	switch r.Severity {
	case checks.Error:
		switch {
		case undecided:
			return "major"
		case r.Regression:
			return "blocker"
		}
		return "critical"
	case checks.Warning:
		if !undecided {
			return "minor"
		}
	}
	return "info"
}
