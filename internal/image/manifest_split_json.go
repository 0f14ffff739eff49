package image

import "bytes"

// opensJSON reports whether a line begins a JSON object: a brace and then a key in quotes, the end of the object or nothing. The brace of a YAML flow mapping
// or of a template is followed by something else.
func opensJSON(line []byte) bool {
	if rest, is := bytes.CutPrefix(line, []byte("---")); is && border(line, "---") {
		line = rest
	}
	rest, is := bytes.CutPrefix(bytes.TrimSpace(line), []byte("{"))
	if !is {
		return false
	}
	rest = bytes.TrimSpace(rest)
	return len(rest) == 0 || rest[0] == '"' || rest[0] == '}'
}

// braces finds the end of a JSON object across lines.
type braces struct {
	depth           int
	quoted, escaped bool
}

// end is the offset behind the brace that ends the object; -1 where the line does not.
func (b *braces) end(line []byte) int {
	for i, c := range line {
		switch {
		case b.escaped:
			b.escaped = false
		case b.quoted:
			b.escaped = c == '\\'
			b.quoted = c != '"'
		case c == '"':
			b.quoted = true
		case c == '{':
			b.depth++
		case c == '}':
			if b.depth--; b.depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}
