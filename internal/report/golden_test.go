package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); run with -update if it should:\n%s", file, diff)
	}
}

func written(t *testing.T, format string, r report.Report, o report.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(&b, format, r, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for _, tc := range []struct {
		name, format string
		report       report.Report
		options      report.Options
	}{
		{"full.text", "text", full(), report.Options{}},
		{"full.json", "json", full(), report.Options{}},
		{"color.text", "text", full(), report.Options{Color: true}},
		{"ascii.text", "text", full(), report.Options{ASCII: true}},
		{"narrow.text", "text", full(), report.Options{Width: 50}},
		{"hostile.text", "text", hostile(), report.Options{}},
		{"hostile.json", "json", hostile(), report.Options{}},
		{"fleet.text", "text", fleet(), report.Options{}},
		{"nothing.text", "text", made(checks.Judgement{}), report.Options{}},
		{"full.github", "github", full(), report.Options{}},
		{"hostile.github", "github", hostile(), report.Options{}},
		{"full.gitlab", "gitlab", full(), report.Options{}},
		{"hostile.gitlab", "gitlab", hostile(), report.Options{}},
		{"full.junit", "junit", full(), report.Options{}},
		{"hostile.junit", "junit", hostile(), report.Options{}},
		{"full.markdown", "markdown", full(), report.Options{}},
		{"fleet.markdown", "markdown", fleet(), report.Options{}},
		{"hostile.markdown", "markdown", hostile(), report.Options{}},
		{"nothing.markdown", "markdown", made(checks.Judgement{}), report.Options{}},
		{"full.sarif", "sarif", full(), report.Options{}},
		{"hostile.sarif", "sarif", hostile(), report.Options{}},
		{"nothing.sarif", "sarif", made(checks.Judgement{}), report.Options{}},
		{"spiteful.github", "github", spiteful(), report.Options{}},
		{"spiteful.junit", "junit", spiteful(), report.Options{}},
		{"spiteful.markdown", "markdown", spiteful(), report.Options{}},
		{"full.html", "html", full(), report.Options{}},
		{"spiteful.html", "html", spiteful(), report.Options{}},
		{"nothing.json", "json", report.New("0.1.0", nil, checks.Judgement{}, nil), report.Options{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := written(t, tc.format, tc.report, tc.options)
			switch tc.format {
			case "sarif":
				got = meaning(t, got)
			case "html":
				got = unstyled(got)
			}
			golden(t, tc.name, got)
		})
	}
}

// unstyled is a page without its style and script, which have files of their own to be reviewed in.
func unstyled(page []byte) []byte {
	page = regexp.MustCompile(`(?s)<(style|script)>.*?</(style|script)>`).ReplaceAll(page, []byte("<$1>…</$2>"))
	return regexp.MustCompile(`sha256-[^']*`).ReplaceAll(page, []byte("sha256-…"))
}

// meaning is a SARIF log as people review it: without the defaults that the library spells out, and without what the
// catalogue says of the checks: whoever words a check better need not come here.
func meaning(t *testing.T, log []byte) []byte {
	t.Helper()
	out, err := json.MarshalIndent(said(parsed(t, log), false), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

// said drops members that hold what SARIF takes for granted.
func said(v any, rule bool) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = said(v[i], rule)
		}
	case map[string]any:
		for name, member := range v {
			member = said(member, rule || name == "rules")
			v[name] = member
			text := fmt.Sprint(member)
			if slices.Contains([]string{"[]", "map[]", "-1"}, text) && name != "suppressions" && name != "results" && name != "rules" ||
				slices.Contains([]string{"language", "newlineSequences", "contents", "isComprehensive", "enabled"}, name) {
				delete(v, name)
			}
			if rule && (name == "text" || name == "markdown") && text != "" {
				v[name] = "…"
			}
		}
	}
	return v
}

func TestTheSameReportGivesTheSameBytes(t *testing.T) {
	for _, format := range report.Formats() {
		first := written(t, format, full(), report.Options{})
		for range 20 {
			if !bytes.Equal(first, written(t, format, full(), report.Options{})) {
				t.Fatalf("%s differs from run to run", format)
			}
		}
	}
}
