package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
)

// Outcome is one finding for pages that show findings one by one: a failing or undecided result with what follows from it.
type Outcome struct {
	*checks.Result
	// Follow are the results that follow from it.
	Follow []*checks.Result
	// Title is one line of plain text: the check, the cluster and what is wrong.
	Title string
	// Body is Markdown without any HTML: what is wrong, where, the path, what was seen, the fix and what follows.
	Body string
}

// Outcomes lists the findings of a report, worst first. Exceptions are none.
func Outcomes(r Report) []Outcome {
	type found struct {
		*group
		finding
	}
	var all []found
	list := groups(r)
	for i := range list {
		for _, f := range list[i].findings {
			all = append(all, found{&list[i], f})
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return a.rank() - b.rank() })
	outcomes := make([]Outcome, len(all))
	for i, f := range all {
		outcomes[i] = Outcome{Result: f.Result, Follow: f.follow, Title: title(f.group, f.Result), Body: body(f.finding)}
	}
	return outcomes
}

// Line is a report in one line of plain text: the verdict, and the closing line that programs match.
func Line(r Report) string {
	lines, said := closing(r), verdict(r)
	if len(r.Clusters) == 0 {
		said = sign(dash) + " gkepreflight: " + nothing(r.Sources)
	}
	return said + "; " + lines[len(lines)-1]
}

func title(g *group, r *checks.Result) string {
	text := Clean(r.Check)
	if name := cmp.Or(g.Name, g.Address); name != "" {
		text += " in " + Clean(name)
	}
	return text + ": " + headline(r)
}

// body is a finding for renderers of which only CommonMark is known: some of them show HTML as it is written.
func body(f finding) string {
	var b strings.Builder
	b.WriteString(md(headline(f.Result)) + "\n")
	item := func(text string) { b.WriteString("\n* " + text) }
	if f.Regression {
		item("this plan takes it away: it was there before")
	}
	if f.CausedBy != "" {
		item("follows from " + span(f.CausedBy))
	}
	if at := location(f.Object, f.Cluster); at != "" {
		item("at " + span(at))
	}
	for _, hop := range f.Path {
		item(hopText(hop))
	}
	for _, e := range f.Evidence {
		item("seen: " + span(evidence(e)))
	}
	for _, r := range f.follow {
		item("follows: " + sign(markOf(r)) + " " + span(r.Check) + " " + md(headline(r)))
	}
	if f.Fix != "" {
		b.WriteString("\n\n" + fenced(strings.Join(cleanLines(f.Fix), "\n")))
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func hopText(hop egress.Hop) string {
	return sign(verdictMark(hop.Status)) + " " + md(hop.Name) + ": " + md(hop.Detail)
}

// span shows text from the input as code between backticks that nothing in it can close (CommonMark, 6.1).
func span(s string) string {
	s = Clean(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}
