package report_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func markdown(t *testing.T, r report.Report) string {
	t.Helper()
	return string(written(t, "markdown", r, report.Options{}))
}

// unfenced is what is left of a page without its blocks of code, each of which must end.
func unfenced(t *testing.T, page string) string {
	t.Helper()
	var b strings.Builder
	fence := ""
	for _, line := range strings.SplitAfter(page, "\n") {
		bare, opens := strings.CutSuffix(strings.TrimSuffix(line, "\n"), "hcl")
		switch {
		case fence == "" && opens && strings.Trim(bare, "`") == "" && len(bare) > 2:
			fence = bare
		case fence == "":
			b.WriteString(line)
		case line == fence+"\n":
			fence = ""
		}
	}
	if fence != "" {
		t.Errorf("a fence of %d is not closed", len(fence))
	}
	return b.String()
}

// A comment takes 65,536 characters. What is cut is counted, and every fold is closed.
func TestMarkdownLimits(t *testing.T) {
	all := samples()
	all["many"] = crowd(30000, "c")
	all["many with spite"] = crowd(30000, spite)
	all["one that fills the page"] = crowd(1, strings.Repeat("long ", 30000))
	for name, r := range all {
		got := markdown(t, r)
		if len(got) > 65000 {
			t.Errorf("%s: %d bytes", name, len(got))
		}
		rendered := unfenced(t, got)
		if open, closed := strings.Count(rendered, "<details>"), strings.Count(rendered, "</details>"); open != closed {
			t.Errorf("%s: %d folds, %d of them closed", name, open, closed)
		}
		if !strings.HasPrefix(got, "## ") {
			t.Errorf("%s: the verdict is not the first line", name)
		}
	}
}

var left = regexp.MustCompile(`(?m)^(\d+) more (findings?|images?|exceptions?|sources?|notes?|lines?) left out: `)

func TestMarkdownCountsWhatIsLeftOut(t *testing.T) {
	got := markdown(t, crowd(30000, "c"))
	missing := map[string]bool{}
	for _, m := range left.FindAllStringSubmatch(got, -1) {
		missing[strings.TrimSuffix(m[2], "s")] = m[1] != "0"
	}
	for _, noun := range []string{"finding", "image", "exception", "source", "note"} {
		if !missing[noun] {
			t.Errorf("it is not said how many %ss are left out", noun)
		}
	}
	if !strings.Contains(got, " more clusters |") {
		t.Error("it is not said how many clusters are left out")
	}
	if strings.Count(got, "<code>nat-node-range</code>") < 50 || strings.Contains(got, "<summary>!") {
		t.Error("too few findings, or warnings before errors")
	}
	if m := left.FindString(markdown(t, full())); m != "" {
		t.Errorf("a small report lacks something: %s", m)
	}
}

func TestMarkdownClosesAsTextDoes(t *testing.T) {
	for name, r := range samples() {
		text := lines(t, r, report.Options{})
		want := text[len(text)-1] + "\n"
		if r.Summary.Unknown > 0 {
			want = text[len(text)-2] + "\n" + want
		}
		got := markdown(t, r)
		if !strings.HasSuffix(got, "\n\n"+want) || strings.Count(got, want) != 1 || !lastLine.MatchString(text[len(text)-1]) {
			t.Errorf("%s: ends with %q, want %q", name, got[max(0, len(got)-200):], want)
		}
	}
}

func TestMarkdownVerdictComesFirst(t *testing.T) {
	clusters := func(verdicts ...checks.ClusterVerdict) report.Report {
		var j checks.Judgement
		for _, v := range verdicts {
			j.Clusters = append(j.Clusters, cluster("a", v))
		}
		return made(j)
	}
	const pass, warn, fail, unknown = checks.ClusterPass, checks.ClusterWarn, checks.ClusterFail, checks.ClusterUnknown
	for want, r := range map[string]report.Report{
		"– gkepreflight: no GKE clusters in plan.json: nothing to check":                clusters(),
		"✓ gkepreflight: 1 of 1 cluster passed":                                         clusters(pass),
		"✓ gkepreflight: 2 of 2 clusters passed":                                        clusters(pass, pass),
		"! gkepreflight: 1 of 2 clusters with warnings":                                 clusters(pass, warn),
		"? gkepreflight: 1 of 2 clusters not decided, 1 with warnings":                  clusters(warn, unknown),
		"✗ gkepreflight: 2 of 4 clusters failed, 1 not decided, 1 with warnings":        clusters(fail, unknown, warn, fail),
		"– gkepreflight: no GKE clusters in standard input, a&#124;b: nothing to check": report.New("dev", []report.Source{{Name: "-"}, {Name: "a|b"}}, checks.Judgement{}, nil),
	} {
		if got, _, _ := strings.Cut(markdown(t, r), "\n"); got != "## "+want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// What stands in a report may not become a heading, a cell, a mention, a link or an element of the page.
func TestMarkdownTakesNoOrders(t *testing.T) {
	got := markdown(t, spiteful())
	page := unfenced(t, got)
	// Nobody is mentioned in code, and issues are not looked for there.
	prose := regexp.MustCompile(`<code>[^<]*</code>`).ReplaceAllString(page, "")
	for _, bad := range []string{"](https://evil", "](javascript", "<b>", "<!--", "\n## heading", "- [ ]", "</b>", "`"} {
		if strings.Contains(prose, bad) {
			t.Errorf("%q came through", bad)
		}
	}
	// These are looked for in what the page says once references are resolved.
	for _, bad := range []string{"@org", "#12", "://evil", "www."} {
		if strings.Contains(html.UnescapeString(prose), bad) {
			t.Errorf("%q came through", bad)
		}
	}
	tags := regexp.MustCompile(`</?[^>]*>`).FindAllString(page, -1)
	for _, tag := range tags {
		if !strings.Contains("<details></details><summary></summary><code></code>", tag) {
			t.Errorf("an element came through: %s", tag)
		}
	}
	for _, row := range regexp.MustCompile(`(?m)^\|.*$`).FindAllString(page, -1) {
		if strings.Count(row, "|") != 6 {
			t.Errorf("a row has other cells: %s", row)
		}
	}
	if strings.Count(got, "\n`````hcl\n") != 3 {
		t.Error("the fix has no fence longer than its own")
	}
}

func TestMarkdownTellsAllOfAFinding(t *testing.T) {
	got := markdown(t, full())
	for _, want := range []string{
		"this plan takes it away", "at <code>google_compute_subnetwork.prod</code> <code>network.tf:12</code>", "- ✗ exit: ", "- – access: not reached",
		"assumed</code>", "follows: ✗ <code>image-reachable</code>", "follows from <code>private-google-access</code>", "```hcl\nresource",
		"(https://registry.terraform.io/", "exception: mirrored every night (until 2027-03-31)", "403: compute.routers.list", "not asked", "4 images",
		"depends on the mirror.gcr.io cache",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// Atlantis reads a verdict from the text, and a plan that passes must not look as if it failed.
func TestMarkdownThatPassesDoesNotLookLikeAFailure(t *testing.T) {
	j := checks.Judgement{Clusters: []checks.Cluster{cluster("a", checks.ClusterPass)},
		Results: []checks.Result{result("a", "nat-overlap", topology.Pass, checks.Error, "")}}
	if got := markdown(t, made(j)); regexp.MustCompile(`[1-9][0-9]* failure|^FAIL`).MatchString(got) || strings.Count(got, "fail") != 1 {
		t.Errorf("reads as a failure:\n%s", got)
	}
}
