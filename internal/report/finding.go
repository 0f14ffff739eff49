package report

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
)

// finding writes one failing or undecided result: what is wrong, where, the way the packets go, what it rests on, what to
// write instead, and what follows from it.
func (p *printer) finding(f finding) {
	p.item(2, markOf(f.Result), Clean(f.Check)+"  ", Clean(f.Message), 4)
	if f.Regression {
		p.note(6, "this plan takes it away: it was there before", 6, "")
	}
	if f.CausedBy != "" {
		p.note(6, "follows from "+Clean(f.CausedBy), 6, "")
	}
	if at := location(f.Object, f.Cluster); at != "" {
		p.note(6, "at "+at, 8, dim)
	}
	p.path(f.Path)
	for _, e := range f.Evidence {
		p.note(6, evidence(e), 8, dim)
	}
	if f.Fix != "" {
		p.note(6, "fix", 6, bold)
		for _, line := range cleanLines(f.Fix) {
			if line != "" {
				line = "        " + line
			}
			p.line(line)
		}
	}
	if f.Docs != "" {
		p.line("      " + p.paint(dim, "docs "+Clean(f.Docs)))
	}
	for _, r := range f.follow {
		p.item(4, markOf(r), "follows: "+Clean(r.Check)+"  ", Clean(r.Message), 8)
	}
}

// path draws the hops in the order a packet meets them.
func (p *printer) path(hops []egress.Hop) {
	const longest = len(egress.HopFirewall)
	for _, hop := range hops {
		p.item(6, verdictMark(hop.Status), pad(Clean(hop.Name), longest)+"  ", Clean(hop.Detail), 10+longest)
	}
}

// exception writes a result that someone has agreed to live with, and why.
func (p *printer) exception(r *checks.Result) {
	p.item(2, dash, Clean(r.Check)+"  ", Clean(r.Message), 4)
	p.note(6, "exception: "+exceptionText(r.Suppressed), 8, "")
}

// location is the object's address and line; empty when it is the cluster, which the header named.
func location(o checks.Object, cluster string) string {
	if o.File == "" && (o.Address == "" || o.Address == cluster) {
		return ""
	}
	return Clean(o.Address) + fileLine(o.File, o.Line)
}

func evidence(e egress.Evidence) string {
	text := Clean(e.Object)
	switch {
	case e.Attribute != "" && text != "":
		text += "  " + Clean(e.Attribute)
	case e.Attribute != "":
		text = Clean(e.Attribute)
	}
	if e.Value != "" {
		text += " = " + Clean(e.Value)
	}
	if e.Assumed {
		text += "  assumed"
	}
	return text + fileLine(e.File, e.Line)
}

func fileLine(file string, line int) string {
	if file == "" {
		return ""
	}
	if line == 0 {
		return "  " + Clean(file)
	}
	return fmt.Sprintf("  %s:%d", Clean(file), line)
}
