package report

import (
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// finding is a failing or undecided result, and what follows from it.
type finding struct {
	*checks.Result
	follow []*checks.Result
}

// rank orders findings: what blocks a cluster before what only may, and that before warnings.
func (f finding) rank() int {
	rank := rankOf(f.Result)
	for _, r := range f.follow {
		rank = min(rank, rankOf(r))
	}
	return rank
}

func rankOf(r *checks.Result) int {
	rank := map[checks.Severity]int{checks.Error: 0, checks.Warning: 2, checks.Info: 4}[r.Severity]
	if r.Status == topology.Undecided {
		rank++
	}
	return rank
}

// fold puts the results of one cluster under those they follow from, worst first. A result whose cause is not shown
// (not evaluated, an exception, or in a circle) stands for itself: folding never hides one.
func fold(results []*checks.Result) []finding {
	byCheck := map[string][]*checks.Result{}
	for _, r := range results {
		byCheck[r.Check] = append(byCheck[r.Check], r)
	}
	follow := map[*checks.Result][]*checks.Result{}
	var roots []*checks.Result
	for _, r := range results {
		if root := rootOf(r, byCheck); root != r {
			follow[root] = append(follow[root], r)
		} else {
			roots = append(roots, r)
		}
	}
	findings := make([]finding, len(roots))
	for i, r := range roots {
		findings[i] = finding{r, follow[r]}
	}
	slices.SortStableFunc(findings, func(a, b finding) int { return a.rank() - b.rank() })
	return findings
}

// rootOf walks from a result to the one it follows from in the end; in a circle everyone is its own root.
func rootOf(r *checks.Result, byCheck map[string][]*checks.Result) *checks.Result {
	at, seen := r, map[*checks.Result]bool{}
	for !seen[at] {
		seen[at] = true
		cause := causeOf(at, byCheck)
		if cause == nil {
			return at
		}
		at = cause
	}
	return r
}

// causeOf finds what a result follows from: a check names it, and of several results of that check the one about the
// same object is meant, else the first that has no cause itself.
func causeOf(r *checks.Result, byCheck map[string][]*checks.Result) *checks.Result {
	if r.CausedBy == "" {
		return nil
	}
	var found *checks.Result
	for _, c := range byCheck[r.CausedBy] {
		switch {
		case c == r:
		case c.Object.Address == r.Object.Address && c.Check != r.Check:
			return c
		case found == nil, found.CausedBy != "" && c.CausedBy == "":
			found = c
		}
	}
	return found
}
