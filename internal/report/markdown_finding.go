package report

import (
	"cmp"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// findingBlock is one finding, folded: what is wrong shows, and opening it tells where, why and what to write instead.
// The second version is the first line alone, for a finding that would fill the page.
func findingBlock(g *group, f finding) []string {
	head := sign(markOf(f.Result)) + " " + code(clip(f.Check, longCell)) + in(g) + ": " + md(clip(headline(f.Result), longText))
	var b strings.Builder
	b.WriteString("<details><summary>" + head + "</summary>\n\n")
	for _, line := range findingLines(f) {
		b.WriteString("- " + line + "\n")
	}
	if f.Fix != "" {
		b.WriteString("\n" + fenced(strings.Join(cleanLines(f.Fix), "\n")) + "\n")
	}
	b.WriteString("\n</details>\n")
	return []string{b.String(), "- " + head + "\n"}
}

func findingLines(f finding) []string {
	var lines []string
	if f.Regression {
		lines = append(lines, "this plan takes it away: it was there before")
	}
	if f.CausedBy != "" {
		lines = append(lines, "follows from "+code(f.CausedBy))
	}
	if location(f.Object, f.Cluster) != "" {
		lines = append(lines, strings.Join(nonEmpty("at", code(f.Object.Address), code(strings.TrimSpace(fileLine(f.Object.File, f.Object.Line)))), " "))
	}
	for _, hop := range f.Path {
		lines = append(lines, sign(verdictMark(hop.Status))+" "+md(hop.Name)+": "+md(hop.Detail))
	}
	for _, e := range f.Evidence {
		lines = append(lines, "seen: "+code(evidence(e)))
	}
	for _, r := range f.follow {
		lines = append(lines, "follows: "+sign(markOf(r))+" "+code(r.Check)+" "+md(headline(r)))
	}
	if f.Docs != "" {
		lines = append(lines, "docs: "+link(f.Check, f.Docs))
	}
	return lines
}

// exceptions are what someone agreed to live with, and why.
func (p *page) exceptions(list []group) {
	type accepted struct {
		*group
		*checks.Result
	}
	var all []accepted
	for i := range list {
		for _, r := range list[i].exceptions {
			all = append(all, accepted{&list[i], r})
		}
	}
	p.folded(counted(len(all), "exception"), len(all), "exception", func(i int) string {
		r := all[i]
		return code(clip(r.Check, longCell)) + in(r.group) + ": " + md(clip(headline(r.Result), longText)) +
			"; exception: " + md(clip(exceptionText(r.Suppressed), longText))
	})
}

// unasked tells which internet checks were silent on purpose.
func (p *page) unasked(list []group) {
	var lines []string
	for i := range list {
		g := &list[i]
		for _, u := range g.unasked {
			lines = append(lines, code(clip(g.title(), longCell))+" "+md(clip(strings.Join(u.checks, ", "), longText))+": "+md(clip(u.reason, longText)))
		}
	}
	p.folded("not asked", len(lines), "line", func(i int) string { return lines[i] })
}

func (p *page) images(list []checks.Image) {
	p.folded(counted(len(list), "image"), len(list), "image", func(i int) string {
		image := list[i]
		text := sign(imageMark(image)) + " " + code(clip(image.Ref, longCell)) + " " + md(clip(way(image), longText))
		if len(image.From) > 0 {
			text += " from " + code(clip(strings.Join(image.From, ", "), longText))
		}
		return text + " in " + code(clip(image.Cluster, longCell))
	})
}

// in names the cluster of a finding, if it has one.
func in(g *group) string {
	name := cmp.Or(g.Name, g.Address)
	if name == "" {
		return ""
	}
	return " in " + code(clip(name, longCell))
}

// sign is a mark that Markdown does not take for a list.
func sign(m mark) string {
	if m == dash {
		return "–"
	}
	return marks[m].symbol
}

func nonEmpty(parts ...string) []string {
	var out []string
	for _, s := range parts {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
