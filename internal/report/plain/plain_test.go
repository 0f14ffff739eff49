package plain

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"plain, ünïcödé – 日本 ✓": "plain, ünïcödé – 日本 ✓",
		"":                      "",
		"a\nb\r\tc":             `a\nb\r\tc`,
		"\x1b[31mred\x1b[0m":    `\x1b[31mred\x1b[0m`,
		"\u202egnp.exe":         `\u202egnp.exe`,
		"zero\u200bwidth\ufeff": `zero\u200bwidth\ufeff`,
		"\x7f\u0085\u009b":      `\x7f\x85\x9b`,
		"broken\xff\xc0utf8":    `broken\xff\xc0utf8`,
		"told apart: \ufffd":    "told apart: \ufffd",
		"\U000e0041 \u2028":     `\U000e0041 \u2028`,
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzTextIsVisible(f *testing.F) {
	f.Add("a\x1b[2J\u202e\xff")
	f.Fuzz(func(t *testing.T, in string) {
		got := Text(in)
		for _, r := range got {
			if !unicode.IsGraphic(r) {
				t.Errorf("Text(%q) shows %U", in, r)
			}
		}
		if !utf8.ValidString(got) || Text(got) != got {
			t.Errorf("Text(%q) = %q, which is not plain", in, got)
		}
	})
}
