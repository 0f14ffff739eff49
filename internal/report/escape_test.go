package report

import (
	"html"
	"strings"
	"testing"
)

func TestMarkdownEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"plain, ünïcödé (a-b) c.d!": "plain, ünïcödé (a-b) c.d!",
		"google_compute_router.n":   "google_compute_router.n",
		"_a_ b_":                    "&#95;a&#95; b&#95;",
		"a|b":                       "a&#124;b",
		"`a` *b* ~c~":               "&#96;a&#96; &#42;b&#42; &#126;c&#126;",
		"[a](b)":                    "&#91;a&#93;(b)",
		"<b>&amp;</b>":              "&#60;b&#62;&#38;amp;&#60;/b&#62;",
		"@team, a@b.example":        "@&#8203;team, a@&#8203;b.example",
		"org/repo#12":               "org/repo#&#8203;12",
		"https://evil.example":      "https:&#8203;//evil.example",
		"www.evil.example":          "w&#8203;ww.evil.example",
		"$x$ \\*":                   "&#36;x&#36; &#92;&#42;",
		"a\r\nb\tc":                 "a&#92;r&#92;nb&#92;tc",
	} {
		if got := md(in); got != want {
			t.Errorf("md(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCodeIsCopiedAsItIs(t *testing.T) {
	for _, in := range []string{"module.a[\"x@y\"].c_d", "a`b``c", "a|b", "nginx@sha256:0", "http://a", "www.a", "<i>", "#1", "_x_"} {
		got := code(in)
		inner, ok := strings.CutPrefix(strings.TrimSuffix(got, "</code>"), "<code>")
		if !ok || html.UnescapeString(inner) != in || strings.ContainsAny(inner, "`|<>@[]*") || strings.Contains(inner, "://") {
			t.Errorf("code(%q) = %q", in, got)
		}
	}
	if got := code(""); got != "" {
		t.Errorf("nothing became %q", got)
	}
}

func TestFencesHold(t *testing.T) {
	for in, fence := range map[string]string{"a": "```", "a ` b": "```", "```": "````", "x\n`````\ny": "``````"} {
		got := fenced(in)
		if want := fence + "hcl\n" + in + "\n" + fence; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestLinksLeadToPagesOfOurs(t *testing.T) {
	if got, want := link("a|b", "https://a.example/x#y-z"), "[a&#124;b](https://a.example/x#y-z)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, address := range []string{"javascript:alert(1)", "http://a.example", "https://a.example) <b>", "https://a.example/\n", "https://a.example/é", ""} {
		if got := link("a", address); strings.Contains(got, "](") {
			t.Errorf("%q became a link: %q", address, got)
		}
	}
}

func TestWorkflowCommandEscapes(t *testing.T) {
	for in, want := range map[string][2]string{
		"plain":      {"plain", "plain"},
		"100%":       {"100%25", "100%25"},
		"%0A":        {"%250A", "%250A"},
		"a\r\nb":     {"a%0D%0Ab", "a%0D%0Ab"},
		"a:b,c":      {"a:b,c", "a%3Ab%2Cc"},
		"::error::x": {"::error::x", "%3A%3Aerror%3A%3Ax"},
	} {
		if got := escapeData.Replace(in); got != want[0] {
			t.Errorf("data %q = %q, want %q", in, got, want[0])
		}
		if got := escapeProperty.Replace(in); got != want[1] {
			t.Errorf("property %q = %q, want %q", in, got, want[1])
		}
	}
}

func FuzzMarkdownStaysText(f *testing.F) {
	f.Add("a|`<@#_*[")
	f.Fuzz(func(t *testing.T, in string) {
		got := md(in)
		if strings.ContainsAny(got, "\n\r|<>`*[]\\$~") {
			t.Errorf("md(%q) = %q", in, got)
		}
		if text := strings.ReplaceAll(html.UnescapeString(got), "\u200b", ""); text != Clean(in) {
			t.Errorf("md(%q) shows %q", in, text)
		}
	})
}
