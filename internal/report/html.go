package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

//go:embed html
var htmlFiles embed.FS

// htmlTemplates are the page and its parts. html/template escapes by place: whatever the input calls itself is text.
var htmlTemplates = template.Must(template.ParseFS(htmlFiles, "html/*.tmpl"))

// htmlPage is everything the page shows, in the order of the page.
type htmlPage struct {
	// Policy lets exactly the style and the script of this page in, by their hashes, and nothing from elsewhere.
	Policy   string
	Style    template.CSS
	Script   template.JS
	Tool     Tool
	Mark     htmlMark
	Verdict  string
	Closing  []string
	Bar      []htmlBar
	Sources  []string
	Errors   []htmlNote
	Notes    []string
	Statuses []htmlStatus
	Checks   []string
	Total    int
	Clusters []htmlCluster
}

// htmlNote is a source and what it could not tell.
type htmlNote struct{ Source, Text string }

// htmlBar is the share of the clusters that have one verdict, of a bar that is 1,000 wide.
type htmlBar struct {
	Class, Text string
	X, Width    int
}

// writeHTML writes one page that needs nothing beside itself: it is opened from a mail or an artifact, without a network.
func writeHTML(w io.Writer, r Report, _ Options) error {
	page, err := htmlPageOf(r)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := htmlTemplates.ExecuteTemplate(&out, "page.html.tmpl", page); err != nil {
		return err
	}
	_, err = w.Write(out.Bytes())
	return err
}

func htmlPageOf(r Report) (htmlPage, error) {
	style, err := htmlFiles.ReadFile("html/style.css")
	if err != nil {
		return htmlPage{}, err
	}
	script, err := htmlFiles.ReadFile("html/script.js")
	if err != nil {
		return htmlPage{}, err
	}
	worst, said := verdictOf(r)
	page := htmlPage{
		Policy:  "default-src 'none'; style-src " + hashed(style) + "; script-src " + hashed(script) + "; base-uri 'none'; form-action 'none'",
		Style:   template.CSS(style), //nolint:gosec // our own file
		Script:  template.JS(script), //nolint:gosec // our own file
		Tool:    Tool{Name: Clean(r.Tool.Name), Version: Clean(r.Tool.Version)},
		Mark:    htmlMarkOf(worst),
		Verdict: said,
		Closing: closing(r),
		Bar:     htmlBars(r.Summary),
	}
	for _, s := range r.Sources {
		name := Clean(clip(s.Name, longHTML))
		if s.Name == "-" {
			name = "standard input"
		}
		page.Sources = append(page.Sources, strings.Join(nonEmpty(name, Clean(s.Kind)), ", "))
	}
	for _, e := range r.Errors {
		page.Errors = append(page.Errors, htmlNote{Clean(clip(e.Source, longHTML)), Clean(clip(e.Message, longHTML))})
	}
	for _, note := range r.Notes {
		page.Notes = append(page.Notes, Clean(clip(note, longHTML)))
	}
	page.fill(r)
	return page, nil
}

// hashed names a text the way a content security policy does.
func hashed(text []byte) string {
	sum := sha256.Sum256(text)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// htmlBars shares a bar out by verdict. No share that is there gets lost by rounding.
func htmlBars(s checks.Summary) []htmlBar {
	var bars []htmlBar
	at, done := 0, 0
	for _, part := range []struct {
		mark mark
		n    int
		text string
	}{{cross, s.Failed, "failed"}, {question, s.Unknown, "not decided"}, {bang, s.Warned, "with warnings"}, {tick, s.Passed, "passed"}} {
		if part.n == 0 {
			continue
		}
		done += part.n
		end := max(at+4, 1000*done/max(1, s.Clusters))
		bars = append(bars, htmlBar{Class: htmlMarkOf(part.mark).Class, Text: counted(part.n, "cluster") + " " + part.text, X: at, Width: end - at})
		at = end
	}
	return bars
}
