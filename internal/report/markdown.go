package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// writeMarkdown is for pull request comments and step summaries: the verdict, a table of clusters, and everything else
// folded, what is worst first. It ends with the closing lines.
func writeMarkdown(w io.Writer, r Report, _ Options) error {
	end := strings.Join(closing(r), "\n") + "\n"
	p := newPage(len(end))
	list := groups(r)
	p.write("## " + verdict(r) + "\n\n")
	p.clusters(list)
	p.blocks(len(r.Errors), sectionRoom, func(i int) []string {
		e := r.Errors[i]
		return []string{"- ✗ " + code(clip(e.Source, longCell)) + " could not be read: " + md(clip(e.Message, longText)) + "\n"}
	}, "source")
	p.findings(list)
	p.exceptions(list)
	p.unasked(list)
	p.images(r.Images)
	p.blocks(len(r.Notes), sectionRoom, func(i int) []string { return []string{"- ! " + md(clip(r.Notes[i], longText)) + "\n"} }, "note")
	_, err := io.WriteString(w, p.text.String()+end)
	return err
}

// verdict is the first line, which notifications and folded comments show alone.
func verdict(r Report) string {
	worst, said := verdictOf(r)
	if len(r.Clusters) == 0 {
		said = md(clip(said, longText))
	}
	return sign(worst) + " gkepreflight: " + said
}

// verdictOf counts clusters by verdict, as plain text, and marks the worst.
func verdictOf(r Report) (mark, string) {
	if len(r.Clusters) == 0 {
		return dash, nothing(r.Sources)
	}
	count := map[checks.ClusterVerdict]int{}
	for _, c := range r.Clusters {
		count[c.Verdict]++
	}
	of, worst := " of "+counted(len(r.Clusters), "cluster"), tick
	var parts []string
	for _, v := range []struct {
		verdict checks.ClusterVerdict
		mark    mark
		say     string
	}{
		{checks.ClusterFail, cross, "failed"}, {checks.ClusterUnknown, question, "not decided"}, {checks.ClusterWarn, bang, "with warnings"},
	} {
		if n := count[v.verdict]; n > 0 {
			if len(parts) == 0 {
				worst = v.mark
			}
			parts = append(parts, fmt.Sprintf("%d%s %s", n, of, v.say))
			of = ""
		}
	}
	if len(parts) == 0 {
		parts = []string{fmt.Sprintf("%d%s passed", len(r.Clusters), of)}
	}
	return worst, strings.Join(parts, ", ")
}

// clusters is a table of them, those that pass counted where there are many.
func (p *page) clusters(list []group) {
	var rows []group
	quiet, all := 0, 0
	for _, g := range list {
		if g.Verdict != "" {
			all++
		}
	}
	for _, g := range list {
		switch {
		case g.Verdict == "":
		case all > many && g.quiet():
			quiet++
		default:
			rows = append(rows, g)
		}
	}
	if all == 0 {
		return
	}
	p.write("| | cluster | where | verdict | first of all |\n|---|---|---|---|---|\n")
	shown := p.fit(len(rows), tableRoom, func(i int) []string {
		g := rows[i]
		return []string{fmt.Sprintf("| %s | %s | %s | %s | %s |\n", sign(clusterMark(g.Verdict)), code(clip(cmp.Or(g.Name, g.Address), longCell)),
			md(clip(place(g.Cluster), longCell)), md(clip(string(g.Verdict), longCell)), g.first())}
	})
	if more := len(rows) - shown; more > 0 {
		p.write("| | " + counted(more, "more cluster") + " | | | |\n")
	}
	if quiet > 0 {
		p.write(fmt.Sprintf("| %s | %s | | pass | |\n", sign(tick), counted(quiet, "other cluster")))
	}
	p.write("\n")
}

// first is the worst that is to be said of a cluster, or why there is nothing.
func (g *group) first() string {
	switch {
	case len(g.findings) > 0:
		r := g.findings[0].Result
		return code(clip(r.Check, longCell)) + " " + md(clip(headline(r), longCell))
	case privacy[g.PrivateNodes] != "":
		return privacy[g.PrivateNodes]
	}
	return ""
}

// findings are folded one by one, the worst of all clusters first: where a comment ends, what is worth least is left out.
func (p *page) findings(list []group) {
	type found struct {
		*group
		finding
	}
	var all []found
	for i := range list {
		for _, f := range list[i].findings {
			all = append(all, found{&list[i], f})
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return a.rank() - b.rank() })
	p.blocks(len(all), p.left, func(i int) []string { return findingBlock(all[i].group, all[i].finding) }, "finding")
}
