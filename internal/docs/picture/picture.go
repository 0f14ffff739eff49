// Package picture draws what a terminal shows, so that the README can show it with its colours: text that stays text.
package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Sizes in pixels. A character of a monospace font is about 0.6 of its size wide; the widths are set line by line, so that a
// reader's own font keeps the columns.
const (
	size, high   = 13, 20
	wide         = 7.8
	margin, head = 22, 44
)

// colours are the classes of lines, by how they start: a verdict's mark, Terraform's error, and what leads to its place.
var colours = []struct {
	starts *regexp.Regexp
	class  string
}{
	{regexp.MustCompile(`^\$ `), "p"},
	{regexp.MustCompile(`^(Error:|  ✗)`), "x"},
	{regexp.MustCompile(`^  ✓`), "t"},
	{regexp.MustCompile(`^  \?`), "q"},
	{regexp.MustCompile(`^  !|^Warning:`), "b"},
	{regexp.MustCompile(`^(  with |  on |  \d+: |    #)`), "d"},
	{regexp.MustCompile(`^    `), "f"},
}

// Draw makes an SVG of what a command printed. The same text gives the same bytes.
func Draw(command, printed string) []byte {
	lines := append([]string{"$ " + command, ""}, strings.Split(strings.TrimRight(printed, "\n"), "\n")...)
	most := 0
	for _, line := range lines {
		most = max(most, utf8.RuneCountInString(line))
	}
	width, height := 2*margin+int(wide*float64(most)), head+high*len(lines)+margin-high/4
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">
<style>
text { font: %dpx ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d5dae0; white-space: pre; }
.p { fill: #8ab4f8; } .x { fill: #ff8f86; } .t { fill: #7cc992; } .q { fill: #74c7db; } .b { fill: #eeb551; } .d { fill: #8b959e; } .f { fill: #e9e2cf; }
.x.e { font-weight: 700; }
</style>
<rect width="%d" height="%d" rx="10" fill="#15191d"/>
<g fill="#3a424b"><circle cx="24" cy="21" r="5.5"/><circle cx="42" cy="21" r="5.5"/><circle cx="60" cy="21" r="5.5"/></g>
`, width, height, width, height, escaped("What "+command+" prints"), size, width, height)
	for i, line := range lines {
		if line == "" {
			continue
		}
		text := strings.TrimLeft(line, " ")
		indent := utf8.RuneCountInString(line) - utf8.RuneCountInString(text)
		fmt.Fprintf(&b, "<text%s x=\"%.1f\" y=\"%d\" textLength=\"%.1f\" lengthAdjust=\"spacingAndGlyphs\">%s</text>\n", class(line),
			margin+wide*float64(indent), head+high*i+high*3/4, wide*float64(utf8.RuneCountInString(text)), escaped(text))
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func class(line string) string {
	for _, c := range colours {
		if c.starts.MatchString(line) {
			if strings.HasPrefix(line, "Error:") {
				return ` class="x e"`
			}
			return ` class="` + c.class + `"`
		}
	}
	return ""
}

func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}
