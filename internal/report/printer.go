package report

import (
	"bytes"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// mark is a verdict as a reader sees it.
type mark int

const (
	cross    mark = iota // an error that failed
	bang                 // a warning or a note that failed
	question             // undecided
	tick                 // holds
	dash                 // not asked, or an exception
)

var marks = [...]struct{ symbol, ascii, color string }{
	cross:    {"✗", "x", "31"},
	bang:     {"!", "!", "33"},
	question: {"?", "?", "36"},
	tick:     {"✓", "+", "32"},
	dash:     {"-", "-", "2"},
}

const (
	bold = "1"
	dim  = "2"
)

// printer lays out lines for one screen.
type printer struct {
	Options
	out bytes.Buffer
}

func newPrinter(o Options) *printer {
	if o.Width <= 0 {
		o.Width = defaultWidth
	}
	return &printer{Options: o}
}

func (p *printer) paint(color, s string) string {
	if !p.Color || color == "" || s == "" {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

// line writes one line as it is.
func (p *printer) line(s string) {
	p.out.WriteString(s)
	p.out.WriteByte('\n')
}

// item writes a mark, a head that is never broken, and text wrapped behind it; lines that follow start at column hang.
func (p *printer) item(indent int, m mark, head, text string, hang int) {
	symbol := marks[m].symbol
	if p.ASCII {
		symbol = marks[m].ascii
	}
	at := indent + 2 + columns.StringWidth(head)
	lead := strings.Repeat(" ", indent) + p.paint(marks[m].color, symbol) + " " + p.paint(bold, strings.TrimRight(head, " "))
	lead += head[len(strings.TrimRight(head, " ")):]
	p.wrapped(lead, text, at, hang, "")
}

// note writes text wrapped in one colour.
func (p *printer) note(indent int, text string, hang int, color string) {
	p.wrapped(strings.Repeat(" ", indent), text, indent, hang, color)
}

func (p *printer) wrapped(lead, text string, at, hang int, color string) {
	for i, s := range wrap(text, at, hang, p.Width) {
		if i > 0 {
			lead = strings.Repeat(" ", hang)
		}
		p.line(strings.TrimRight(lead+p.paint(color, s), " "))
	}
}

// markOf is the mark of a result.
func markOf(r *checks.Result) mark {
	if r.Status == topology.Fail && r.Severity != checks.Error {
		return bang
	}
	return verdictMark(r.Status)
}

func verdictMark(v topology.Verdict) mark {
	switch v {
	case topology.Fail:
		return cross
	case topology.Undecided:
		return question
	case topology.Pass:
		return tick
	}
	return dash
}

func clusterMark(v checks.ClusterVerdict) mark {
	switch v {
	case checks.ClusterFail:
		return cross
	case checks.ClusterWarn:
		return bang
	case checks.ClusterPass:
		return tick
	}
	return question
}
