package diagnose

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

const (
	defaultWidth = 100
	// shown bounds lists of pods and images on the screen; JSON has all of them.
	shown = 10
	bold  = "1"
	dim   = "2"
)

// columns measures text without a look at the environment, so that the same diagnosis wraps the same way everywhere.
var columns = &runewidth.Condition{StrictEmojiNeutral: true}

// page lays out lines.
type page struct {
	report.Options
	out bytes.Buffer
}

func writeText(w io.Writer, d Diagnosis, o report.Options) error {
	if o.Width <= 0 {
		o.Width = defaultWidth
	}
	p := &page{Options: o}
	for i := range d.Causes {
		p.cause(&d.Causes[i])
	}
	for i := range d.Unrecognised {
		p.unrecognised(&d.Unrecognised[i])
	}
	p.closing(d)
	_, err := w.Write(p.out.Bytes())
	return err
}

func (p *page) cause(c *Cause) {
	symbol, ascii, color := "✗", "x", "31"
	if c.Confidence == Unclear {
		symbol, ascii, color = "?", "?", "36"
	}
	p.heading(symbol, ascii, color, c.Name, c.Title)
	p.who(c.Images, c.Pods, c.Count)
	if c.Message != "" {
		p.labelled("said", c.Message)
	}
	why := c.Why
	if c.Confidence != Certain {
		why = "(" + string(c.Confidence) + ") " + why
	}
	p.labelled("why", why)
	p.network(c)
	p.line("    " + p.paint(bold, "fix"))
	for _, line := range strings.Split(c.Fix, "\n") {
		p.line(strings.TrimRight("      "+report.Clean(line), " "))
	}
	if c.Docs != "" {
		p.line("    " + p.paint(dim, "docs "+c.Docs))
	}
	p.line("")
}

// network says what a judged network has to say about a cause; nothing where none was asked.
func (p *page) network(c *Cause) {
	switch c.Network {
	case Explained:
		for _, e := range c.ExplainedBy {
			p.wrapped("    "+p.paint(bold, "explained:")+" ", fmt.Sprintf("cluster %q: %s: %s", e.Cluster, e.Check, e.Message), 15, 6)
		}
	case NotExplained:
		p.wrapped("    ", "not explained: what was given passes "+strings.Join(c.judged, ", "), 4, 6)
	case Undecided:
		p.wrapped("    ", "not decided: "+strings.Join(c.open, ", ")+"; `gkepreflight check` says what would decide", 4, 6)
	case NotAsked:
	}
}

func (p *page) unrecognised(u *Unrecognised) {
	p.heading("?", "?", "36", "not-recognised", "no cause is known for this message")
	p.who(u.Images, u.Pods, u.Count)
	p.labelled("said", u.Message)
	p.line("")
}

func (p *page) who(images []string, pods []Pod, count int) {
	if len(images) > 0 {
		p.labelled("images", few(images))
	}
	names := make([]string, len(pods))
	for i, pod := range pods {
		names[i] = strings.TrimPrefix(pod.Namespace+"/"+pod.Name, "/")
		if pod.Node != "" {
			names[i] += " on " + pod.Node
		}
		if pod.Recovered {
			names[i] += " (pulled since)"
		}
	}
	if len(names) > 0 {
		p.labelled("pods", few(names))
	}
	p.labelled("seen", plural(count, "time"))
}

func few(list []string) string {
	if len(list) > shown {
		return strings.Join(list[:shown], ", ") + fmt.Sprintf(" and %d more", len(list)-shown)
	}
	return strings.Join(list, ", ")
}

func (p *page) closing(d Diagnosis) {
	if !d.Failed() {
		p.line(fmt.Sprintf("no failed pulls: %s and %s read", plural(d.Pods, "pod"), plural(d.Events, "event")))
		return
	}
	p.line(fmt.Sprintf("%s in %s: %s, %d not recognised", plural(d.Pulls.Failed, "failed pull"), plural(d.Pulls.Pods, "pod"), plural(len(d.Causes), "cause"), len(d.Unrecognised)))
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

func (p *page) heading(symbol, ascii, color, name, title string) {
	if p.ASCII {
		symbol = ascii
	}
	p.wrapped(p.paint(color, symbol)+" "+p.paint(bold, name)+"  ", title, 4+columns.StringWidth(name), 4)
}

// labelled writes a label and text in a column of its own.
func (p *page) labelled(label, text string) {
	const width = 8
	p.wrapped("    "+p.paint(dim, label)+strings.Repeat(" ", width-len(label)), text, 4+width, 4+width)
}

func (p *page) line(s string) {
	p.out.WriteString(s)
	p.out.WriteByte('\n')
}

func (p *page) paint(color, s string) string {
	if !p.Color {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

// wrapped breaks text at spaces; the first line starts at column at, behind lead, the others at hang. A long word stays whole: a broken address
// cannot be copied.
func (p *page) wrapped(lead, text string, at, hang int) {
	var line strings.Builder
	for _, word := range strings.Fields(text) {
		size := columns.StringWidth(word)
		switch {
		case line.Len() == 0:
		case at+1+size > p.Width:
			p.line(lead + line.String())
			line.Reset()
			lead, at = strings.Repeat(" ", hang), hang
		default:
			line.WriteByte(' ')
			at++
		}
		line.WriteString(word)
		at += size
	}
	p.line(strings.TrimRight(lead+line.String(), " "))
}
