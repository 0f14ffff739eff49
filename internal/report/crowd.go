package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// crowd is how many clusters with something to read a reader still takes one by one. Of more, as an organisation has them, those that are alike
// are told together.
const crowd = 50

// named is how many places of clusters that are alike are named.
const named = 10

// alike are clusters of one verdict at which the same checks are open.
type alike struct {
	list   []group
	checks []string
}

// together sorts clusters into those that are alike: the worst verdict first, and of it the most clusters.
func together(list []group) []alike {
	at := map[string]int{}
	var out []alike
	for _, g := range list {
		key, open := g.kind()
		i, met := at[key]
		if !met {
			i = len(out)
			at[key] = i
			out = append(out, alike{checks: open})
		}
		out[i].list = append(out[i].list, g)
	}
	slices.SortStableFunc(out, func(a, b alike) int {
		x, y := a.list[0].Verdict, b.list[0].Verdict
		if x == "" || y == "" {
			return len(y) - len(x) // what belongs to no cluster comes last
		}
		return cmp.Or(clusterRank(x)-clusterRank(y), len(b.list)-len(a.list))
	})
	return out
}

// kind is what makes clusters alike: the verdict, what is open and how, and what is excepted. Open are the names of the checks.
func (g *group) kind() (key string, open []string) {
	words := []string{string(g.Verdict)}
	for _, f := range g.findings {
		words = append(words, fmt.Sprint(f.Check, f.Status, f.Severity))
		open = append(open, f.Check)
	}
	for _, r := range g.exceptions {
		words = append(words, "except "+r.Check)
	}
	slices.Sort(words[1:])
	slices.Sort(open)
	return strings.Join(slices.Compact(words), "\n"), slices.Compact(open)
}

// crowded shows one of each kind of clusters, and counts the others.
func (p *printer) crowded(list []group) {
	for _, a := range together(list) {
		p.group(&a.list[0])
		p.line("")
		if len(a.list) > 1 {
			p.others(&a)
			p.line("")
		}
	}
	p.note(0, "Clusters that are alike are shown by one of them: --project, --location and --cluster choose others, --format json lists all.", 0, "")
	p.line("")
}

func (p *printer) others(a *alike) {
	first := &a.list[0]
	rest := a.list[1:]
	said := "more clusters are like this one"
	if len(rest) == 1 {
		said = "more cluster is like this one"
	}
	if len(a.checks) > 0 {
		said += " (" + strings.Join(a.checks, ", ") + ")"
	}
	p.item(0, clusterMark(first.Verdict), fmt.Sprintf("%d ", len(rest)), said+": "+placesOf(rest), 4)
}

// placesOf counts clusters by project and location, the most first.
func placesOf(list []group) string {
	count := map[string]int{}
	for _, g := range list {
		count[cmp.Or(place(g.Cluster), "elsewhere")]++
	}
	names := make([]string, 0, len(count))
	for at := range count {
		names = append(names, at)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(count[b]-count[a], cmp.Compare(a, b)) })
	var said []string
	for _, at := range names[:min(len(names), named)] {
		said = append(said, fmt.Sprintf("%s %d", at, count[at]))
	}
	if more := len(names) - named; more > 0 {
		said = append(said, fmt.Sprintf("and %d more places", more))
	}
	return strings.Join(said, ", ")
}

// passing is one line for the many that pass.
func (p *printer) passing(list []group) {
	p.item(0, tick, fmt.Sprintf("%d clusters pass  ", len(list)), placesOf(list), 4)
	p.line("")
}
