package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRootFolder(t *testing.T) {
	dir := t.TempDir()
	for _, folder := range []string{"repo/.git", "repo/infra/prod", "repo/infra/dev", "worktree/infra", "bare/infra", "out"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"worktree/.git": "gitdir: elsewhere\n", "repo/infra/prod/tfplan": "", "repo/infra/dev/tfplan": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "repo/infra/prod"), filepath.Join(dir, "out/link")); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, runs, configDir string
		plans                 []string
		want                  string
	}{
		{"in the repository's folder", "repo", ".", []string{"plan.json"}, ""},
		{"below it", "repo", "infra/prod", []string{"plan.json"}, "infra/prod"},
		{"run in the configuration, as with working-directory", "repo/infra/prod", ".", []string{"plan.json"}, "infra/prod"},
		{"run beside it", "repo/infra/dev", "../prod", []string{"-"}, "infra/prod"},
		{"run elsewhere", "out", filepath.Join(dir, "repo/infra/prod"), nil, "infra/prod"},
		{"through a link", "out", "link", nil, "infra/prod"},
		{"a saved plan that carries it", "repo", "infra/prod/tfplan", []string{"plan.json"}, "infra/prod"},
		{"a saved plan in its folder", "repo", "", []string{"infra/prod/tfplan"}, "infra/prod"},
		{"plans of two configurations", "repo", "", []string{"infra/prod/tfplan", "infra/dev/tfplan"}, ""},
		{"two plans of one", "repo", "", []string{"infra/prod/tfplan", "infra/prod/other"}, "infra/prod"},
		{"a worktree", "worktree", "infra", nil, "infra"},
		{"a plan and nothing else", "repo", "", []string{"-"}, ""},
		{"a state alone", "repo", "", nil, ""},
		{"without git's files, below where it runs", "bare", "infra", nil, "infra"},
		{"without git's files, elsewhere", "bare/infra", "../../out", nil, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Chdir(filepath.Join(dir, tc.runs))
			if got := rootFolder(tc.configDir, tc.plans); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// A pull request's annotation finds its line where the configuration is a folder of the repository.
func TestAnnotationsNameFilesOfTheRepository(t *testing.T) {
	dir := t.TempDir()
	infra := filepath.Join(dir, "infra")
	for _, folder := range []string{infra, filepath.Join(dir, ".git")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	plan, err := filepath.Abs("../../internal/testdata/plans/03-nat-secondary-of-other/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	configuration := "resource \"google_compute_subnetwork\" \"a\" {}\n\nresource \"google_compute_subnetwork\" \"b\" {}\n"
	if err := os.WriteFile(filepath.Join(infra, "network.tf"), []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(infra)
	for format, want := range map[string]string{
		"github": "::error file=infra/network.tf,line=3,", "gitlab": `"path": "infra/network.tf"`, "sarif": `"uri":"infra/network.tf"`,
		"html": "google_compute_subnetwork.b  network.tf:3", "json": `"file": "network.tf"`, "text": "google_compute_subnetwork.b  network.tf:3",
	} {
		_, out, complaint := call(t, "check", "--plan", plan, "--config-dir", ".", "--format", format)
		if !strings.Contains(out, want) {
			t.Errorf("%s lacks %q:\n%s%s", format, want, out, complaint)
		}
	}
}
