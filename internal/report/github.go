package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const (
	// perLevel is how many annotations of one level GitHub keeps of a step; the rest it drops without a word.
	perLevel = 10
	// longestAnnotation is where the runner cuts a message, longestTitle what the Checks API takes.
	longestAnnotation = 4096
	longestTitle      = 255
)

// The escapes of workflow commands, as @actions/core has them: in a message, and in a property.
var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// annotation is one workflow command.
type annotation struct {
	file           string
	line           int
	title, message string
}

// annotations are those of one level, worst first.
type annotations struct {
	level string
	list  []annotation
}

// writeGitHub annotates a pull request from a workflow's log. What is not decided is a warning, and exceptions are only
// counted, in the closing line.
func writeGitHub(w io.Writer, r Report, _ Options) error {
	failed, warned, noted := annotations{level: "error"}, annotations{level: "warning"}, annotations{level: "notice"}
	for _, e := range r.Errors {
		failed.add(annotation{title: Clean(e.Source), message: "could not be read: " + Clean(e.Message)})
	}
	for _, e := range worst(entries(r)) {
		a := annotation{title: Clean(e.Check) + ": " + called(e.Result), message: whole(e.Result)}
		if e.placed {
			a.file, a.line = Clean(e.file), e.line
		}
		switch {
		case e.Status == topology.Undecided || e.Severity == checks.Warning:
			warned.add(a)
		case e.Severity == checks.Error:
			failed.add(a)
		default:
			noted.add(a)
		}
	}
	for _, note := range r.Notes {
		warned.add(annotation{title: "exceptions", message: Clean(note)})
	}
	var out bytes.Buffer
	if rest := leftOut(&failed, &warned, &noted); rest != "" {
		noted.add(annotation{title: r.Tool.Name, message: rest})
	}
	for _, level := range []annotations{failed, warned, noted} {
		for _, a := range level.list {
			fmt.Fprintf(&out, "::%s %s::%s\n", level.level, a.properties(), escapeData.Replace(clip(a.message, longestAnnotation)))
		}
	}
	for _, line := range closing(r) {
		fmt.Fprintln(&out, line)
	}
	_, err := w.Write(out.Bytes())
	return err
}

func (l *annotations) add(a annotation) { l.list = append(l.list, a) }

// leftOut cuts every level to what GitHub shows, keeping a notice's place free to say how many were cut.
func leftOut(levels ...*annotations) string {
	over := false
	for _, l := range levels {
		over = over || len(l.list) > perLevel
	}
	if !over {
		return ""
	}
	var parts []string
	for _, l := range levels {
		keep := perLevel
		if l.level == "notice" {
			keep--
		}
		if more := len(l.list) - keep; more > 0 {
			parts = append(parts, counted(more, l.level))
			l.list = l.list[:keep]
		}
	}
	return "not annotated: " + strings.Join(parts, ", ") + "; GitHub shows ten of each level for a step, other formats have all of them"
}

// properties writes where an annotation shows. One without a file belongs to the run.
func (a annotation) properties() string {
	var parts []string
	if a.file != "" {
		parts = append(parts, "file="+escapeProperty.Replace(a.file), "line="+strconv.Itoa(a.line))
	}
	title := clip(cmp.Or(a.title, "gkepreflight"), longestTitle)
	return strings.Join(append(parts, "title="+escapeProperty.Replace(title)), ",")
}

// counted puts a noun in the number it needs.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
