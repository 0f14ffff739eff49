package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// entry is a result with what programs need to show it in a file, and to know it again in the next run.
type entry struct {
	*checks.Result
	fingerprint string
	// file and line are always there; placed says that they are the object's own.
	file   string
	line   int
	placed bool
}

// entries gives every result of a report, in its order.
func entries(r Report) []entry {
	elsewhere := fallback(r)
	seen := map[string]int{}
	list := make([]entry, len(r.Results))
	for i := range r.Results {
		e := entry{Result: &r.Results[i], file: elsewhere, line: 1}
		e.fingerprint = fingerprint(e.Result, seen)
		if e.Object.File != "" {
			e.file, e.line, e.placed = r.inRepository(e.Object.File), max(1, e.Object.Line), true
		}
		list[i] = e
	}
	return list
}

// worst keeps the results that ask for something to be done, the worst first and causes before what follows from them.
// Whoever shows only some of them shows the beginning.
func worst(list []entry) []entry {
	list = slices.DeleteFunc(slices.Clone(list), func(e entry) bool { return e.Suppressed != nil || !open(e.Result) })
	slices.SortStableFunc(list, func(a, b entry) int {
		return cmp.Or(rankOf(a.Result)-rankOf(b.Result), follows(a.Result)-follows(b.Result))
	})
	return list
}

func open(r *checks.Result) bool {
	return r.Status == topology.Fail || r.Status == topology.Undecided
}

func follows(r *checks.Result) int {
	if r.CausedBy == "" {
		return 0
	}
	return 1
}

// fingerprint names a result by its check and object. Line, message and severity are left out: they change while the
// finding stays the same. Results that share all of the rest, two ranges of one subnetwork say, are numbered; those
// that pass count too, so that mending one does not rename the others.
func fingerprint(r *checks.Result, seen map[string]int) string {
	key := fmt.Sprintf("%q", []string{r.Check, r.Cluster, r.Object.Kind, cmp.Or(r.Object.Address, r.Object.Name), r.Image})
	seen[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", key, seen[key]))
	return hex.EncodeToString(sum[:16])
}

// inRepository is a file of the configuration as the repository names it.
func (r Report) inRepository(file string) string {
	file = relative(file)
	if r.Root == "" || path.IsAbs(file) || drive(file) {
		return file
	}
	return path.Join(relative(r.Root), file)
}

// fallback is the file for results without one, as code scanning shows none that has no file: the root module's main.tf
// where the configuration was read, else the file that was read instead of it.
func fallback(r Report) string {
	root := r.inRepository("main.tf")
	for i := range r.Results {
		if r.Results[i].Object.File != "" {
			return root
		}
		for _, e := range r.Results[i].Evidence {
			if e.File != "" {
				return root
			}
		}
	}
	for _, kind := range []string{"plan", "state", "assets"} {
		for _, s := range r.Sources {
			if s.Kind == kind && s.Name != "" && s.Name != "-" {
				return own(s.Name)
			}
		}
	}
	return root
}

// relative writes a file name the way repositories do: slashes, and no leading "./".
func relative(file string) string {
	return path.Clean(strings.ReplaceAll(file, `\`, "/"))
}

// own is a source's name as a file of the repository. Where it lies outside, only its last part is the same everywhere.
func own(name string) string {
	name = relative(name)
	if path.IsAbs(name) || drive(name) {
		return path.Base(name)
	}
	return name
}

// drive reports whether a file name is absolute the way Windows writes it.
func drive(file string) bool { return len(file) > 2 && file[1:3] == ":/" }

// uri is a file name as a URI reference (RFC 3986): relative as it is, absolute with its scheme.
func uri(file string) string {
	u := url.URL{Path: file}
	if drive(file) {
		u.Path = "/" + file
	}
	if path.IsAbs(u.Path) {
		u.Scheme = "file"
	}
	return u.String()
}
