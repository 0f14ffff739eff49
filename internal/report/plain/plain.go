// Package plain makes text of the input safe to show.
package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text makes text from the input safe to show on one line of a terminal: whatever does not draw a glyph (control
// characters, escape sequences, newlines, bidirectional overrides, broken UTF-8) becomes a visible escape.
func Text(s string) string {
	clean := true
	for _, r := range s {
		if r == utf8.RuneError || !unicode.IsGraphic(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			hexadecimal(&b, 'x', 2, rune(s[0]))
		case unicode.IsGraphic(r):
			b.WriteRune(r)
		default:
			escape(&b, r)
		}
		s = s[size:]
	}
	return b.String()
}

func escape(b *strings.Builder, r rune) {
	switch {
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\r':
		b.WriteString(`\r`)
	case r == '\t':
		b.WriteString(`\t`)
	case r < 0x100:
		hexadecimal(b, 'x', 2, r)
	case r < 0x10000:
		hexadecimal(b, 'u', 4, r)
	default:
		hexadecimal(b, 'U', 8, r)
	}
}

func hexadecimal(b *strings.Builder, kind byte, digits int, r rune) {
	b.WriteByte('\\')
	b.WriteByte(kind)
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		b.WriteByte("0123456789abcdef"[r>>shift&0xf])
	}
}
