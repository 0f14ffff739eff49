package report

import (
	"fmt"
	"strings"
)

// nothingSeen is a zero-width space. It parts a mark from the name behind it: GitHub looks for @people, #issues and
// addresses in what a page says in the end, so that no escape of the mark itself helps.
const nothingSeen = "&#8203;"

// structure are the characters that Markdown or HTML would read as more than themselves. Their numeric references never
// are (CommonMark, 2.5), in a table cell, in running text and in an HTML block alike.
const structure = "&<>\\`*[]|~$"

// md shows text from the input in Markdown as it is: no markup, no cell, no mention and no link comes of it.
func md(s string) string {
	s = Clean(s)
	var b strings.Builder
	for i, c := range s {
		switch {
		case c == '@', c == '#', c == ':' && strings.HasPrefix(s[i:], "://"), c == 'w' && strings.HasPrefix(s[i:], "www."):
			b.WriteRune(c)
			b.WriteString(nothingSeen)
		case strings.ContainsRune(structure, c), c == '_' && !within(s, i):
			fmt.Fprintf(&b, "&#%d;", c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// code shows a name from the input as code, byte for byte for whoever copies it: nobody is mentioned in there. It is an
// element and no pair of backticks, which a name could close and HTML blocks do not know.
func code(s string) string {
	if s == "" {
		return ""
	}
	s = Clean(s)
	var b strings.Builder
	for i, c := range s {
		switch {
		case strings.ContainsRune(structure, c), c == '@', c == ':' && strings.HasPrefix(s[i:], "://"),
			c == 'w' && strings.HasPrefix(s[i:], "www."), c == '_' && !within(s, i):
			fmt.Fprintf(&b, "&#%d;", c)
		default:
			b.WriteRune(c)
		}
	}
	return "<code>" + b.String() + "</code>"
}

// within reports whether a character stands between letters or digits, where an underscore is one.
func within(s string, i int) bool {
	return i > 0 && i+1 < len(s) && alphanumeric(rune(s[i-1])) && alphanumeric(rune(s[i+1]))
}

func alphanumeric(c rune) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// fenced shows configuration as a block of code that none of its lines can close.
func fenced(text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + "hcl\n" + text + "\n" + fence
}

// link leads to a page of ours, and shows any other text as code.
func link(text, address string) string {
	if !leads(address) {
		return code(address)
	}
	return "[" + md(text) + "](" + address + ")"
}

// leads reports whether an address is safe to make a link of.
func leads(address string) bool {
	return strings.HasPrefix(address, "https://") && !strings.ContainsFunc(address, func(c rune) bool {
		return !alphanumeric(c) && !strings.ContainsRune("-._~:/?#=&%+", c)
	})
}
