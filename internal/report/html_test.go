package report_test

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func pageOf(t *testing.T, r report.Report) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(string(written(t, "html", r, report.Options{}))))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func attributesOf(n *html.Node) map[string]string {
	m := map[string]string{}
	for _, a := range n.Attr {
		m[a.Key] = a.Val
	}
	return m
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "style" && d.Parent.Data != "script" {
			b.WriteString(d.Data + " ")
		}
	}
	return b.String()
}

// elements are all that a page is made of. What is not among them came from the input.
var elements = map[string]bool{}

func init() {
	for _, name := range strings.Fields(`html head meta title style script body a header p span h1 b svg rect form label input select option fieldset legend
		button i output div nav details summary ol ul li bdi main section h2 h3 code em figure figcaption pre desc line text g circle`) {
		elements[name] = true
	}
}

// handles are attributes that make something happen, or that load something.
var handles = regexp.MustCompile(`^(on.*|style|src|srcset|srcdoc|action|formaction|background|data|poster|xlink:href|ping)$`)

// What the input is called adds no element, no handler and no address to the page.
func TestHTMLTakesNoOrders(t *testing.T) {
	for name, r := range samples() {
		takesNoOrders(t, name, pageOf(t, r))
	}
}

func takesNoOrders(t *testing.T, name string, page *html.Node) {
	t.Helper()
	scripts := 0
	for n := range page.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("%s: a comment: %q", name, n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		if !elements[n.Data] {
			t.Errorf("%s: an element of its own: %s", name, n.Data)
		}
		if n.Data == "script" {
			scripts++
		}
		for key, value := range attributesOf(n) {
			if handles.MatchString(key) {
				t.Errorf("%s: %s has %s=%q", name, n.Data, key, value)
			}
			if key == "href" && !strings.HasPrefix(value, "#") && !strings.HasPrefix(value, "https://registry.terraform.io/") {
				t.Errorf("%s: a link to %q", name, value)
			}
		}
	}
	if scripts != 1 {
		t.Errorf("%s: %d scripts", name, scripts)
	}
}

// The policy lets the page's own style and script in, by what they are, and nothing else.
func TestHTMLPolicy(t *testing.T) {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	got, want := "", "default-src 'none'"
	for n := range pageOf(t, full()).Descendants() {
		switch {
		case n.Data == "style" || n.Data == "script":
			want += "; " + n.Data + "-src " + hash(n.FirstChild.Data)
		case attributesOf(n)["http-equiv"] == "Content-Security-Policy":
			got = attributesOf(n)["content"]
		}
	}
	if want += "; base-uri 'none'; form-action 'none'"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	page := string(written(t, "html", full(), report.Options{}))
	for _, address := range regexp.MustCompile(`(?:https?:)?//[a-z.]+`).FindAllString(page, -1) {
		if address != "https://registry.terraform.io" {
			t.Errorf("the page names %s", address)
		}
	}
}

// Every result is on the page once, findable by its status and check, and so are images, errors, notes and the last lines.
func TestHTMLShowsEverything(t *testing.T) {
	for name, r := range samples() {
		ids, statuses := map[string]bool{}, map[string]int{}
		doc := pageOf(t, r)
		for n := range doc.Descendants() {
			a := attributesOf(n)
			if id := a["id"]; id != "" {
				if ids[id] {
					t.Errorf("%s: %s is there twice", name, id)
				}
				ids[id] = true
			}
			if a["class"] == "r" {
				statuses[a["data-s"]]++
				if a["data-c"] == "" {
					t.Errorf("%s: a result of no check", name)
				}
			}
		}
		n, total := checks.Count(r.Results), 0
		for _, k := range statuses {
			total += k
		}
		if total != len(r.Results) || statuses["t"] != n.Passed || statuses["x"] != n.Failures || statuses["b"]+statuses["q"] != n.Warnings {
			t.Errorf("%s: %v of %d results, and the closing line says %+v", name, statuses, len(r.Results), n)
		}
	}
	text := textOf(pageOf(t, full()))
	for _, want := range []string{
		"1 of 6 clusters failed", "15 tests, 5 passed, 7 warnings, 2 failures, 1 exceptions", "NOT DECIDED: 1 clusters", "network.json", "403: compute.routers.list",
		"taken away by this plan", "network.tf:12", "registry-1.docker.io resolves", "0.0.0.0/0  assumed", "mirrored every night (until 2027-03-31)",
		"europe-docker.pkg.dev/shop/apps/api:2", "depends on the mirror.gcr.io cache", "kubernetes_deployment_v1.web, jobs.yaml:14", "source_ip_ranges_to_nat",
		"no private nodes", "not asked",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestHTMLOfNothing(t *testing.T) {
	text := textOf(pageOf(t, made(checks.Judgement{})))
	if !strings.Contains(text, "no GKE clusters in plan.json: nothing to check") || !strings.Contains(text, "0 tests, 0 passed") || strings.Contains(text, "Search") {
		t.Errorf("got %s", text)
	}
}

// One problem is shown whole; of hundreds, the first alone is unfolded.
func TestHTMLUnfolds(t *testing.T) {
	unfolded := func(r report.Report) (open int) {
		for n := range pageOf(t, r).Descendants() {
			if _, is := attributesOf(n)["open"]; is && n.Parent.Data == "li" {
				open++
			}
		}
		return open
	}
	one := made(checks.Judgement{Clusters: []checks.Cluster{cluster("a", checks.ClusterFail)}, Results: []checks.Result{
		result("a", "nat-node-range", topology.Fail, checks.Error, "broken"), result("a", "nat-capacity", topology.Fail, checks.Warning, "tight")}})
	for name, tc := range map[string]struct {
		report report.Report
		want   int
	}{"one error and a warning": {one, 1}, "nine findings": {full(), 1}, "thousands": {crowd(2000, "c"), 1}, "one undecided": {fleet(), 1}} {
		if got := unfolded(tc.report); got != tc.want {
			t.Errorf("%s: %d unfolded, want %d", name, got, tc.want)
		}
	}
}
