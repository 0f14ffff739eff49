package report

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestURI(t *testing.T) {
	for file, want := range map[string]string{
		"main.tf":             "main.tf",
		"./main.tf":           "main.tf",
		"modules/net/a b.tf":  "modules/net/a%20b.tf",
		`modules\net\main.tf`: "modules/net/main.tf",
		"../shared/net.tf":    "../shared/net.tf",
		"/src/main.tf":        "file:///src/main.tf",
		`C:\src\main.tf`:      "file:///C:/src/main.tf",
		"10%#?.tf":            "10%25%23%3F.tf",
		"a:b.tf":              "./a:b.tf",
		"net:1.tf":            "./net:1.tf",
		"//host/share":        "file:///host/share",
		"\x1b\n\xff.tf":       "%1B%0A%FF.tf",
	} {
		if got := uri(relative(file)); got != want {
			t.Errorf("uri(%q) = %q, want %q", file, got, want)
		}
	}
}

func TestResultsWithoutAFile(t *testing.T) {
	bare := checks.Result{Check: "gated"}
	placed, seen := bare, bare
	placed.Object.File, placed.Object.Line = "net.tf", 4
	seen.Evidence = []egress.Evidence{{File: "net.tf"}}
	plan, state := Source{Kind: "plan", Name: "./out/plan.json"}, Source{Kind: "state", Name: "net.json"}
	for name, tc := range map[string]struct {
		results []checks.Result
		sources []Source
		want    string
	}{
		"configuration read":         {[]checks.Result{bare, placed}, []Source{plan}, "main.tf"},
		"configuration seen":         {[]checks.Result{bare, seen}, []Source{plan}, "main.tf"},
		"plan alone":                 {[]checks.Result{bare}, []Source{state, plan}, "out/plan.json"},
		"state alone":                {[]checks.Result{bare}, []Source{{Kind: "image", Name: "nginx"}, state}, "net.json"},
		"outside the repository":     {[]checks.Result{bare}, []Source{{Kind: "plan", Name: "/tmp/x/plan.json"}}, "plan.json"},
		"outside, on Windows":        {[]checks.Result{bare}, []Source{{Kind: "plan", Name: `D:\x\plan.json`}}, "plan.json"},
		"standard input":             {[]checks.Result{bare}, []Source{{Kind: "plan", Name: "-"}}, "main.tf"},
		"nothing that was in a file": {[]checks.Result{bare}, nil, "main.tf"},
	} {
		got := entries(Report{Results: tc.results, Sources: tc.sources})[0]
		if got.file != tc.want || got.line != 1 || got.placed {
			t.Errorf("%s: %s:%d, want %s:1", name, got.file, got.line, tc.want)
		}
	}
	placed.Object.Line = 0
	if got := entries(Report{Results: []checks.Result{placed}})[0]; got.file != "net.tf" || got.line != 1 || !got.placed {
		t.Errorf("got %s:%d", got.file, got.line)
	}
}

// Pages of GitHub and GitLab find a file by its place in the repository, and Terraform names it from the configuration's folder.
func TestFilesAreNamedFromTheRepository(t *testing.T) {
	for _, tc := range []struct{ name, root, file, want string }{
		{"the configuration is the repository", "", "network.tf", "network.tf"},
		{"below it", "infra/prod", "network.tf", "infra/prod/network.tf"},
		{"as a user may write it", "./infra/", "./network.tf", "infra/network.tf"},
		{"a module inside", "infra", "modules/net/main.tf", "infra/modules/net/main.tf"},
		{"a module beside", "infra/prod", "../modules/net/main.tf", "infra/modules/net/main.tf"},
		{"an absolute file", "infra", "/src/net.tf", "/src/net.tf"},
		{"one of Windows", "infra", `C:\src\net.tf`, "C:/src/net.tf"},
		{"slashes of Windows", "infra", `modules\net.tf`, "infra/modules/net.tf"},
	} {
		r := Report{Root: tc.root, Results: []checks.Result{{Check: "a", Object: checks.Object{File: tc.file, Line: 3}}}}
		if got := entries(r)[0]; got.file != tc.want || got.line != 3 || !got.placed {
			t.Errorf("%s: %s:%d, want %s:3", tc.name, got.file, got.line, tc.want)
		}
	}
	r := Report{Root: "infra", Results: []checks.Result{{Check: "gated"}, {Object: checks.Object{File: "net.tf"}}}}
	if got := entries(r)[0].file; got != "infra/main.tf" {
		t.Errorf("what has no file is shown in %s", got)
	}
}

// What people and scripts read names files as Terraform does.
func TestWhichFormatsNameFilesFromTheRepository(t *testing.T) {
	r := Report{Root: "infra", Clusters: []checks.Cluster{{Address: "a", Verdict: checks.ClusterFail}}, Results: []checks.Result{
		{Check: "nat-node-range", Status: topology.Fail, Severity: checks.Error, Cluster: "a", Object: checks.Object{Address: "b", File: "net.tf", Line: 3}}}}
	for format, there := range map[string]bool{"github": true, "gitlab": true, "junit": true, "sarif": true,
		"html": false, "json": false, "markdown": false, "text": false} {
		var b strings.Builder
		if err := Write(&b, format, r, Options{}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "net.tf") || strings.Contains(b.String(), "infra/net.tf") != there {
			t.Errorf("%s: the repository's folder is named: %v, want %v", format, !there, there)
		}
	}
}

func TestClip(t *testing.T) {
	for _, tc := range []struct {
		in   string
		most int
		want string
	}{
		{"short", 5, "short"}, {"longer", 5, "lo…"}, {"éééé", 6, "é…"}, {"", 0, ""}, {"abc", 1, "…"}, {"\xff\xff\xff\xff\xff", 4, "\xff…"},
	} {
		if got := clip(tc.in, tc.most); got != tc.want {
			t.Errorf("clip(%q, %d) = %q, want %q", tc.in, tc.most, got, tc.want)
		}
	}
	if got := clip(strings.Repeat("日", 100), 50); len(got) > 50 || !strings.HasSuffix(got, "日…") {
		t.Errorf("got %q", got)
	}
}
