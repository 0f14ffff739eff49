package report

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const (
	// longHTML bounds one text of the input on the page. A name may have any length; nobody reads more of it.
	longHTML = 4000
	// longName bounds what stands in a column of its own.
	longName = 40
	// fewFindings is how many findings a page shows unfolded: someone with one problem wants to read it at once. Of more,
	// the first error alone shows what there is to unfold.
	fewFindings = 6
)

// htmlMark is a mark as the page writes it: a class for its colour, and a word for who does not see it.
type htmlMark struct{ Class, Symbol, Word string }

func htmlMarkOf(m mark) htmlMark {
	classes := [...]htmlMark{cross: {"x", "", "failed"}, bang: {"b", "", "warning"}, question: {"q", "", "not decided"},
		tick: {"t", "", "holds"}, dash: {"d", "", "not asked"}}
	out := classes[m]
	out.Symbol = sign(m)
	return out
}

// htmlStatus is one choice of the filter.
type htmlStatus struct {
	Class, Text string
	Count       int
}

// htmlCluster is one cluster, or what belongs to none.
type htmlCluster struct {
	ID, Name, Place, Address, Verdict, Privacy string
	Mark                                       htmlMark
	Open                                       bool
	Drawings                                   []htmlDrawing
	Findings, Exceptions, Quiet                []htmlResult
	QuietText                                  string
	Images                                     []htmlImage
}

// htmlResult is one result; what follows from it hangs on it.
type htmlResult struct {
	ID, Status, Check, Text, At, CausedBy, Exception string
	Mark                                             htmlMark
	Open, Regression                                 bool
	Hops                                             []htmlHop
	Evidence                                         []string
	Fix, Docs                                        string
	Follow                                           []htmlResult
}

type htmlHop struct {
	Mark         htmlMark
	Name, Detail string
}

type htmlImage struct {
	Mark           htmlMark
	Ref, Way, From string
}

// fill adds the clusters with their results, and what the filter can choose from.
func (page *htmlPage) fill(r Report) {
	ids := make(map[*checks.Result]string, len(r.Results))
	names, count := map[string]bool{}, map[string]int{}
	for i := range r.Results {
		result := &r.Results[i]
		ids[result] = "r" + strconv.Itoa(i+1)
		names[Clean(result.Check)] = true
		count[htmlStatusOf(result)]++
	}
	page.Checks, page.Total = slices.Sorted(maps.Keys(names)), len(r.Results)
	for _, s := range []htmlStatus{{Class: "x", Text: "Failed"}, {Class: "q", Text: "Not decided"}, {Class: "b", Text: "Warnings"},
		{Class: "e", Text: "Exceptions"}, {Class: "t", Text: "Passed"}, {Class: "d", Text: "Not asked"}} {
		if s.Count = count[s.Class]; s.Count > 0 {
			page.Statuses = append(page.Statuses, s)
		}
	}
	list := groups(r)
	findings := 0
	for i := range list {
		findings += len(list[i].findings)
	}
	unfold := findings
	if findings > fewFindings {
		unfold = 1
	}
	for i := range list {
		page.Clusters = append(page.Clusters, htmlClusterOf(&list[i], "c"+strconv.Itoa(i+1), ids, &unfold))
	}
}

func htmlClusterOf(g *group, id string, ids map[*checks.Result]string, unfold *int) htmlCluster {
	c := htmlCluster{ID: id, Name: Clean(clip(cmp.Or(g.Name, g.Address, beside), longHTML)), Mark: htmlMarkOf(dash), Open: !g.quiet()}
	if g.Verdict != "" {
		c.Place, c.Verdict, c.Mark = clip(place(g.Cluster), longHTML), Clean(string(g.Verdict)), htmlMarkOf(clusterMark(g.Verdict))
		c.Privacy = privacy[g.PrivateNodes]
		c.Drawings = drawn(g, id, ids)
	}
	if g.Name != "" {
		c.Address = Clean(clip(g.Address, longHTML))
	}
	for _, f := range g.findings {
		out := htmlResultOf(f.Result, ids)
		if *unfold > 0 && rankOf(f.Result) <= 1 {
			out.Open = true
			*unfold--
		}
		for _, r := range f.follow {
			out.Follow = append(out.Follow, htmlResultOf(r, ids))
		}
		c.Findings = append(c.Findings, out)
	}
	passed, skipped := 0, 0
	for _, r := range g.results {
		switch {
		case r.Suppressed != nil:
			c.Exceptions = append(c.Exceptions, htmlResultOf(r, ids))
			continue
		case open(r):
			continue
		case r.Status == topology.Pass:
			passed++
		default:
			skipped++
		}
		c.Quiet = append(c.Quiet, htmlResultOf(r, ids))
	}
	slices.SortStableFunc(c.Quiet, func(a, b htmlResult) int { return cmp.Compare(b.Status, a.Status) })
	c.QuietText = strings.Join(nonEmpty(some(passed, "passed"), some(skipped, "not asked")), ", ")
	for _, image := range g.images {
		c.Images = append(c.Images, htmlImage{htmlMarkOf(imageMark(image)), Clean(clip(image.Ref, longHTML)), clip(way(image), longHTML),
			Clean(clip(strings.Join(image.From, ", "), longHTML))})
	}
	return c
}

func some(n int, what string) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n) + " " + what
}

func htmlResultOf(r *checks.Result, ids map[*checks.Result]string) htmlResult {
	out := htmlResult{ID: ids[r], Status: htmlStatusOf(r), Check: Clean(clip(r.Check, longHTML)), Text: clip(Clean(r.Message), longHTML),
		Mark: htmlMarkOf(markOf(r)), Regression: r.Regression, CausedBy: Clean(clip(r.CausedBy, longHTML)), At: clip(location(r.Object, r.Cluster), longHTML)}
	if r.Suppressed != nil {
		out.Exception = clip(exceptionText(r.Suppressed), longHTML)
		out.Mark = htmlMark{"e", sign(dash), "exception"}
	}
	for _, hop := range r.Path {
		out.Hops = append(out.Hops, htmlHop{htmlMarkOf(verdictMark(hop.Status)), clip(Clean(hop.Name), longName), Clean(clip(hop.Detail, longHTML))})
	}
	for _, e := range r.Evidence {
		out.Evidence = append(out.Evidence, clip(evidence(e), longHTML))
	}
	if r.Fix != "" {
		out.Fix = strings.Join(cleanLines(r.Fix), "\n")
	}
	if leads(r.Docs) {
		out.Docs = r.Docs
	}
	return out
}

// htmlStatusOf is what the filter calls a result: the classes of the marks, and e for exceptions.
func htmlStatusOf(r *checks.Result) string {
	if r.Suppressed != nil {
		return "e"
	}
	return htmlMarkOf(markOf(r)).Class
}
