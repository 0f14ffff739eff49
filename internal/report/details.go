package report

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// headline is what a result says on one line, safe to show; what is not decided says so.
func headline(r *checks.Result) string {
	text := Clean(cmp.Or(r.Message, r.Check))
	if r.Status == topology.Undecided {
		return "not decided: " + text
	}
	return text
}

// exceptionText is why someone agreed to live with a result.
func exceptionText(s *checks.Suppression) string {
	text := Clean(s.Reason)
	if s.Expires != "" {
		text += " (until " + Clean(s.Expires) + ")"
	}
	return text
}

// details are the lines that a result has beside its headline, for programs that show plain text.
func details(r *checks.Result) []string {
	var lines []string
	if r.Regression {
		lines = append(lines, "this plan takes it away: it was there before")
	}
	if r.CausedBy != "" {
		lines = append(lines, "follows from "+Clean(r.CausedBy))
	}
	if at := location(r.Object, r.Cluster); at != "" {
		lines = append(lines, "at "+at)
	}
	for _, hop := range r.Path {
		lines = append(lines, Clean(hop.Name)+" "+hop.Status.String()+": "+Clean(hop.Detail))
	}
	for _, e := range r.Evidence {
		lines = append(lines, "seen: "+evidence(e))
	}
	if r.Fix != "" {
		lines = append(lines, "fix:")
		for _, line := range cleanLines(r.Fix) {
			lines = append(lines, strings.TrimRight("  "+line, " "))
		}
	}
	if r.Docs != "" {
		lines = append(lines, "docs: "+Clean(r.Docs))
	}
	return lines
}

// whole is a headline and its details.
func whole(r *checks.Result) string {
	return strings.Join(append([]string{headline(r)}, details(r)...), "\n")
}

// called is the name people know an object by; results about nothing in particular go by their check.
func called(r *checks.Result) string {
	return Clean(cmp.Or(r.Object.Address, r.Object.Name, r.Cluster, r.Check))
}

// clip cuts text to at most so many bytes, and shows that it did.
func clip(s string, most int) string {
	const mark = "…"
	if len(s) <= most {
		return s
	}
	end := max(0, most-len(mark))
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + mark
}
