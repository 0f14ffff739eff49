package report_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// hostileNames are what somebody may call a cluster or an image, in a plan that a stranger proposes.
var hostileNames = map[string]string{
	"ANSI colours and titles":  "a\x1b[31mred\x1b[0m\x1b]0;owned\x07\x1b[2J",
	"C1 controls":              "a\u009b31mred\u009d0;owned\u009c",
	"newlines":                 "a\r\nFAIL\n✓ all is well\u2028\u2029\v\fend",
	"right to left":            "\u202emoc.live\u202c \u2066x\u2069 \u200fא\u200e",
	"names of Hebrew":          "אשכול-ראשי",
	"nothing to see":           "a\u200b\u200d\ufeff\u00ad\U000e0041b",
	"broken UTF-8":             "a\xff\xc3(\xed\xa0\x80",
	"NUL":                      "a\x00b",
	"a script":                 `<script>alert(1)</script><img src=x onerror=alert(1)>`,
	"an attribute":             `"' onmouseover="alert(1)" x='`,
	"the end of everything":    "</script></style></title></svg></summary></details>--></textarea>]]>",
	"SVG":                      `<svg/onload=alert(1)><a xlink:href="javascript:alert(1)">x</a>`,
	"addresses":                "javascript:alert(1) https://evil.example www.evil.example //evil.example",
	"entities":                 "&lt;b&gt; &#x3c;b&#x3e; &amp;amp;",
	"a template":               "{{.Tool}} {{template \"mark\"}} ${x} #{x} <%= x %>",
	"Markdown":                 "`a` ```\n# h\n| a | b |\n![x](http://evil.example/x.png) [a](b) **b** @org/team #1",
	"workflow commands":        "a%0A::error::boo\n::set-output name=x::y\n::stop-commands::x",
	"what separates in a path": "a,b:c=d;e\\f/../../g?h#i",
	"XML":                      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;<![CDATA[x]]>`,
	"JSON":                     `"}],"errors":[{"\u0000\`,
	"very long":                strings.Repeat("n", 100_000),
	"very long words":          strings.Repeat("name ", 20_000),
	"very long and wide":       strings.Repeat("日", 33_000),
	"very long markup":         strings.Repeat("<b>|`", 20_000),
	"very long controls":       strings.Repeat("\x1b", 100_000),
}

// calledSo is a report in which everything that can have a name has this one.
func calledSo(name string) report.Report {
	c := cluster(name, checks.ClusterFail)
	c.Project, c.Location, c.PrivateNodes = name, name, "all"
	var list []checks.Result
	for i, check := range []string{"nat-node-range", "private-google-access", "mirror-dependence", "internet-route", "image-exists"} {
		r := result(name, check, []topology.Verdict{topology.Fail, topology.Undecided, topology.Fail, topology.Skip, topology.Pass}[i], checks.Error, name)
		r.Object = checks.Object{Kind: "google_compute_subnetwork", Address: name, Name: name, File: name, Line: 3}
		r.CausedBy, r.Fix = "", "name = "+name
		r.Path = []egress.Hop{{Name: egress.HopExit, Status: r.Status, Detail: name}}
		r.Evidence = []egress.Evidence{{Object: "google_compute_router_nat." + name, Attribute: name, Value: name, File: name, Line: 1}}
		list = append(list, r)
	}
	list[2].Suppressed = &checks.Suppression{Reason: name, Expires: name}
	list[4].CausedBy = name
	j := summarize(checks.Judgement{Clusters: []checks.Cluster{c}, Results: list, Notes: []string{name}, Images: []checks.Image{
		{Ref: name, Normalized: name + "/" + name, Cluster: c.Address, From: []string{name}, Reachable: "fail", Via: "none"}}})
	return report.New("0.1.0", []report.Source{{Kind: "plan", Name: name}}, j, []report.SourceError{{Source: name, Message: name}})
}

// Names are text in every format: none moves a cursor, adds a line, an element or a command, or breaks what reads it.
func TestNamesAreText(t *testing.T) {
	ours, theirs := compiled(t), sarifSchema(t)
	for called, name := range hostileNames {
		t.Run(called, func(t *testing.T) {
			r := calledSo(name)
			for _, format := range report.Formats() {
				for _, c := range string(written(t, format, r, report.Options{})) {
					if c != '\n' && !unicode.IsGraphic(c) {
						t.Fatalf("%s shows %U", format, c)
					}
				}
			}
			for _, line := range lines(t, r, report.Options{}) {
				if strings.HasPrefix(line, "FAIL") || strings.HasPrefix(line, "✓ all") || strings.HasPrefix(line, "::") {
					t.Errorf("a name wrote a line of its own: %q", line)
				}
			}
			if err := ours.Validate(parsed(t, written(t, "json", r, report.Options{}))); err != nil {
				t.Error(err)
			}
			if err := theirs.Validate(parsed(t, written(t, "sarif", r, report.Options{}))); err != nil {
				t.Error(err)
			}
			annotated, rest := commands(t, r)
			if len(annotated) != 4 || len(rest) != 1 || !lastLine.MatchString(rest[0]) {
				t.Errorf("%d annotations, and %q", len(annotated), rest)
			}
			if list := issues(t, r); len(list) != 3 {
				t.Errorf("%d entries of Code Quality", len(list))
			}
			if all := junitOf(t, r); all.Tests != 6 || all.Failures != 1 {
				t.Errorf("JUnit counts %+v", all.counts)
			}
			if page := markdown(t, r); len(page) > 65000 || strings.Count(unfenced(t, page), "<details>") != strings.Count(unfenced(t, page), "</details>") {
				t.Errorf("a comment of %d bytes, or a fold that is not closed", len(page))
			}
			page := pageOf(t, r)
			takesNoOrders(t, called, page)
			if text := textOf(page); len(text) > 4<<20 || !strings.Contains(text, "1 of 1 cluster failed") {
				t.Errorf("a page of %d bytes, or one without its verdict", len(text))
			}
		})
	}
}

// What JSON hides from a terminal is the same text for whoever reads it.
func TestJSONTellsNamesToTheLetter(t *testing.T) {
	for called, name := range hostileNames {
		doc, _ := parsed(t, written(t, "json", calledSo(name), report.Options{})).(map[string]any)
		clusters, _ := doc["clusters"].([]any)
		first, _ := clusters[0].(map[string]any)
		if want := strings.ToValidUTF8(name, "\ufffd"); called != "broken UTF-8" && first["name"] != want {
			t.Errorf("%s: %q became %q", called, want, first["name"])
		}
	}
}
