// Package recipes holds the recipes for pipelines, and the action: their scripts run, with the command as it is built here, and name what exists.
package recipes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// job is what of GitLab's job the recipe uses, with the defaults of its inputs put in.
type job struct {
	Script    []string
	Variables map[string]string
	Artifacts struct {
		When    string
		Reports struct{ JUnit, CodeQuality string }
	}
}

func gitlab(t *testing.T) job {
	t.Helper()
	head, body, found := bytes.Cut(read(t, filepath.Join("gitlab", "gkepreflight.yml")), []byte("\n---\n"))
	var spec struct {
		Spec struct {
			Inputs map[string]struct {
				Default any
			}
		}
	}
	if err := yaml.Unmarshal(head, &spec); err != nil || !found {
		t.Fatal(found, err)
	}
	used := map[string]bool{}
	text := regexp.MustCompile(`\$\[\[ inputs\.([a-z0-9_-]+) \]\]`).ReplaceAllStringFunc(string(body), func(m string) string {
		name := strings.Fields(m)[1][len("inputs."):]
		input, found := spec.Spec.Inputs[name]
		if !found {
			t.Errorf("there is no input %s", name)
		}
		used[name] = true
		if _, list := input.Default.([]any); list {
			return "[]"
		}
		return fmt.Sprint(input.Default)
	})
	for name := range spec.Spec.Inputs {
		if !used[name] {
			t.Errorf("the input %s is used nowhere", name)
		}
	}
	var jobs map[string]job
	if err := yaml.Unmarshal([]byte(text), &jobs); err != nil {
		t.Fatal(err)
	}
	return jobs["gkepreflight"]
}

func TestGitLab(t *testing.T) {
	j := gitlab(t)
	if j.Artifacts.When != "always" {
		t.Error("a job that fails keeps no report")
	}
	version := j.Variables["GKEPREFLIGHT_VERSION"]
	for _, c := range []struct {
		name, plan string
		env        []string
		status     int
		want       string
		reports    bool
	}{
		{"findings", broken, nil, 2, "14 tests, 11 passed, 1 warnings, 2 failures, 0 exceptions", true},
		{"nothing found", fine, nil, 0, " 0 failures, 0 exceptions", true},
		{"arguments", broken, []string{"GKEPREFLIGHT_ARGS=--fail-on never --cluster cluster-a"}, 0, "1 failures", true},
		{"one on the PATH", broken, []string{onPath(), "GKEPREFLIGHT_RELEASES=http://127.0.0.1:1"}, 2, "2 failures", true},
		{"another checksum", broken, []string{"GKEPREFLIGHT_SHA256=0000"}, 1, "expected 0000", false},
		{"a plan that is not there", broken, []string{"GKEPREFLIGHT_PLAN=none.json"}, 1, "none.json: no such file", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := workspace(t, c.plan)
			var env []string
			for name, value := range j.Variables {
				env = append(env, name+"="+value)
			}
			env = append(env, "GKEPREFLIGHT_RELEASES="+release(t, version, runtime.GOARCH, ""))
			status, out := shell(t, folder, append(env, c.env...), j.Script...)
			if status != c.status || !strings.Contains(out, c.want) {
				t.Errorf("exit status %d, want %d, with %q:\n%s", status, c.status, c.want, out)
			}
			for file, mark := range map[string]string{j.Artifacts.Reports.JUnit: "<testsuites", j.Artifacts.Reports.CodeQuality: "["} {
				text, err := os.ReadFile(filepath.Join(folder, file))
				if written := err == nil && bytes.Contains(text, []byte(mark)); written != c.reports {
					t.Errorf("%s is written: %v", file, written)
				}
			}
		})
	}
}

// TestAtlantis runs the step and judges what it prints as Atlantis does: a count of failures above 0 fails the policy.
func TestAtlantis(t *testing.T) {
	var config struct {
		Workflows map[string]struct {
			PolicyCheck struct{ Steps []any } `yaml:"policy_check"`
		}
	}
	if err := yaml.Unmarshal(read(t, filepath.Join("atlantis", "repos.yaml")), &config); err != nil {
		t.Fatal(err)
	}
	run := ""
	for _, step := range config.Workflows["gkepreflight"].PolicyCheck.Steps {
		if m, is := step.(map[string]any); is {
			run = fmt.Sprint(m["run"])
		}
	}
	failure := regexp.MustCompile(`[1-9][0-9]* failure`)
	for _, c := range []struct {
		plan   string
		fails  bool
		status int
	}{{broken, true, 0}, {fine, false, 0}, {"16-shared-vpc-literals", false, 0}, {"", false, 1}} {
		folder := t.TempDir()
		if c.plan != "" {
			folder = workspace(t, c.plan)
		}
		status, out := shell(t, folder, []string{onPath(), "SHOWFILE=plan.json"}, run)
		if status != c.status || failure.MatchString(out) != c.fails || strings.TrimSpace(out) == "" {
			t.Errorf("%s: exit status %d, want %d; fails %v, want %v:\n%s", c.plan, status, c.status, failure.MatchString(out), c.fails, out)
		}
	}
}

// TestRego holds that the sample policy names only members that the report's schema has.
func TestRego(t *testing.T) {
	var schema struct {
		Properties map[string]any
		Defs       map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	if err := json.Unmarshal(read(t, "../schema/report.schema.json"), &schema); err != nil {
		t.Fatal(err)
	}
	policy := string(read(t, filepath.Join("rego", "gkepreflight.rego")))
	seen := 0
	for _, m := range regexp.MustCompile(`\b(input|result|cluster|image)\.([a-z_]+)`).FindAllStringSubmatch(policy, -1) {
		members := schema.Defs[m[1]].Properties
		if m[1] == "input" {
			members = schema.Properties
		}
		if _, found := members[m[2]]; !found {
			t.Errorf("the report has no %s", m[0])
		}
		seen++
	}
	if seen < 10 {
		t.Errorf("only %d members are named", seen)
	}
	if opa, err := exec.LookPath("opa"); err == nil { // the policy's own tests, where OPA is at hand
		if out, err := exec.Command(opa, "test", "rego").CombinedOutput(); err != nil {
			t.Errorf("opa test: %v\n%s", err, out)
		}
	}
}

func TestPreCommit(t *testing.T) {
	var hooks []struct {
		ID, Entry, Language string
		Files               string
		PassFilenames       *bool `yaml:"pass_filenames"`
	}
	if err := yaml.Unmarshal(read(t, "../.pre-commit-hooks.yaml"), &hooks); err != nil {
		t.Fatal(err)
	}
	if len(hooks) != 2 {
		t.Fatalf("%d hooks", len(hooks))
	}
	for _, h := range hooks {
		if h.PassFilenames == nil || *h.PassFilenames {
			t.Errorf("%s hands file names to a command that takes none", h.ID)
		}
		files := regexp.MustCompile(h.Files)
		for name, want := range map[string]bool{"network/nat.tf": true, "deploy/web.yaml": true, "plan.json": true, "main.go": false} {
			if files.MatchString(name) != want {
				t.Errorf("%s runs for %s: %v", h.ID, name, !want)
			}
		}
		status, out := shell(t, workspace(t, broken), []string{onPath()}, h.Entry+" --plan plan.json")
		if status != 2 {
			t.Errorf("%s: exit status %d\n%s", h.ID, status, out)
		}
	}
}

// TestVersions holds that the recipes name the version that the changelog has on top.
func TestVersions(t *testing.T) {
	top := regexp.MustCompile(`(?m)^## (\d+\.\d+\.\d+)`).FindSubmatch(read(t, "../CHANGELOG.md"))
	if top == nil {
		t.Fatal("the changelog has no version")
	}
	for _, name := range []string{"gitlab/gkepreflight.yml", "../.pre-commit-hooks.yaml", "../action.yml", "../templates/guides/pipelines.md"} {
		named := regexp.MustCompile(`(?:refs/tags/|@|/|rev: |default: |instance )v?(\d+\.\d+\.\d+)\b`).FindAllSubmatch(read(t, name), -1)
		if len(named) == 0 {
			t.Errorf("%s names no version", name)
		}
		for _, m := range named {
			if !bytes.Equal(m[1], top[1]) {
				t.Errorf("%s names %s, the changelog %s", name, m[1], top[1])
			}
		}
	}
}
