package checks

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/agext/levenshtein"
)

// Exception lets named failures pass, with a reason, until a day.
type Exception struct {
	Check string
	// Objects are globs against address, name, cluster and normalised image; none means every object.
	Objects []string
	Reason  string
	// Expires is the last day it holds, YYYY-MM-DD; empty for no end.
	Expires string
}

// Mistake is what is wrong with one field of an exception.
type Mistake struct{ Field, Message string }

// Mistakes says what is wrong with an exception, field by field.
func (e Exception) Mistakes() []Mistake {
	var out []Mistake
	if _, known := Find(e.Check); !known {
		out = append(out, Mistake{"check", Unknown("check", e.Check, Names())})
	}
	if strings.TrimSpace(e.Reason) == "" {
		out = append(out, Mistake{"reason", "a reason is required: it is what the next reader of a suppressed failure sees"})
	}
	if _, err := time.Parse(time.DateOnly, e.Expires); e.Expires != "" && err != nil {
		out = append(out, Mistake{"expires", fmt.Sprintf("%q is no day: write YYYY-MM-DD, such as 2027-03-31", e.Expires)})
	}
	return out
}

// Names lists the names of all checks.
func Names() []string {
	var out []string
	for _, c := range All() {
		out = append(out, c.Name)
	}
	return out
}

// Unknown words a name that is not among those there are, with the nearest one.
func Unknown(what, name string, names []string) string {
	nearest, distance := "", 4
	for _, n := range names {
		if d := levenshtein.Distance(name, n, nil); d < distance {
			nearest, distance = n, d
		}
	}
	if nearest != "" {
		return fmt.Sprintf("there is no %s %q: did you mean %q?", what, name, nearest)
	}
	return fmt.Sprintf("there is no %s %q: there are %s", what, name, strings.Join(names, ", "))
}

// covers reports whether the exception speaks of a result.
func (e Exception) covers(r Result) bool {
	if e.Check != r.Check {
		return false
	}
	if len(e.Objects) == 0 {
		return true
	}
	return slices.ContainsFunc(e.Objects, func(pattern string) bool {
		return slices.ContainsFunc([]string{r.Object.Address, r.Object.Name, r.Cluster, r.Image}, func(text string) bool {
			return text != "" && pattern != "" && glob(pattern, text)
		})
	})
}

// expired compares days as text, which YYYY-MM-DD allows. Without a day handed in nothing expires.
func (e Exception) expired(today string) bool {
	return e.Expires != "" && today != "" && e.Expires < today
}

// suppress marks the results that an exception or the baseline covers, and says which exceptions have expired or are not used. Where checks or clusters
// were left out, an exception that matches nothing may be one for those.
func suppress(results []Result, p Policy) []string {
	var notes []string
	for _, e := range p.Ignore {
		used := false
		for i := range results {
			r := &results[i]
			if !r.open() || !e.covers(*r) {
				continue
			}
			used = true
			if !e.expired(p.Today) && r.Suppressed == nil {
				r.Suppressed = &Suppression{Reason: e.Reason, Expires: e.Expires}
			}
		}
		what := e.Check
		if len(e.Objects) > 0 {
			what += " on " + strings.Join(e.Objects, ", ")
		}
		switch {
		case used && e.expired(p.Today):
			notes = append(notes, fmt.Sprintf("the exception for %s expired on %s and no longer suppresses (%s)", what, e.Expires, e.Reason))
		case !used && p.asks(e.Check) && !p.narrowed():
			notes = append(notes, fmt.Sprintf("the exception for %s matches nothing that failed: it can go", what))
		}
	}
	return append(notes, forgive(results, p)...)
}
