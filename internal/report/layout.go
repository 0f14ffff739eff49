package report

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// defaultWidth suits logs and pull request comments, where nobody knows the screen.
const defaultWidth = 100

// columns measures text. It does not look at the environment, as the library's own default does: the same report must
// wrap the same way everywhere.
var columns = &runewidth.Condition{StrictEmojiNeutral: true}

// wrap breaks text at spaces so that no line passes width. The first line starts at column first, the others at column
// hang. A word that is wider than a line stays whole: an address or a URL that was broken could not be copied.
func wrap(text string, first, hang, width int) []string {
	var (
		lines []string
		line  strings.Builder
		at    = first
	)
	for text != "" {
		word := strings.TrimLeft(text, " ")
		gap := len(text) - len(word)
		text = ""
		if i := strings.IndexByte(word, ' '); i >= 0 {
			word, text = word[:i], word[i:]
		}
		if word == "" {
			break
		}
		size := columns.StringWidth(word)
		switch {
		case line.Len() == 0 && (at+size <= width || at <= hang):
			gap = 0
		case at+gap+size > width:
			lines = append(lines, line.String())
			line.Reset()
			at, gap = hang, 0
		}
		line.WriteString(strings.Repeat(" ", gap))
		line.WriteString(word)
		at += gap + size
	}
	return append(lines, line.String())
}

// pad fills a word up to a column.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-columns.StringWidth(s)))
}

// either joins choices the way a sentence does: "a, b or c".
func either(choices []string) string {
	if len(choices) < 2 {
		return strings.Join(choices, "")
	}
	last := len(choices) - 1
	return strings.Join(choices[:last], ", ") + " or " + choices[last]
}
