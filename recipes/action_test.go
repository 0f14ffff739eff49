package recipes

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// runner is what GitHub's runner gives a step: files to write to, and the environment.
type runner struct {
	t      *testing.T
	folder string
	env    []string
}

func newRunner(t *testing.T, env ...string) runner {
	t.Helper()
	r := runner{t: t, folder: t.TempDir()}
	r.env = append(os.Environ(), "RUNNER_TEMP="+r.folder, "GITHUB_PATH="+r.file("path"), "GITHUB_OUTPUT="+r.file("output"), "GITHUB_STEP_SUMMARY="+r.file("summary"))
	r.env = append(r.env, env...)
	return r
}

func (r runner) file(name string) string { return filepath.Join(r.folder, name) }

func (r runner) read(name string) string {
	r.t.Helper()
	text, err := os.ReadFile(r.file(name))
	if err != nil && !os.IsNotExist(err) {
		r.t.Fatal(err)
	}
	return string(text)
}

// run gives the script's exit status and what it printed to the log.
func (r runner) run(script string, env ...string) (int, string) {
	r.t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		r.t.Skip("there is no bash on the PATH")
	}
	name, err := filepath.Abs(script)
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command(name)
	cmd.Dir, cmd.Env = r.folder, append(r.env, env...)
	out, _ := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		r.t.Fatalf("%s did not run: %s", script, out)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func plan(t *testing.T, name string) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("..", "internal", "testdata", "plans", name, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestActionChecks(t *testing.T) {
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("there is no jq on the PATH; GitHub's runners have it")
	}
	broken, fine, elsewhere := plan(t, "03-nat-secondary-of-other"), plan(t, "01-nat-all-ranges"), plan(t, "16-shared-vpc-literals")
	for _, c := range []struct {
		name, plan, args string
		status           int
		verdict          string
		log              string
	}{
		{"findings", broken, "", 2, "fail", "::error title=nat-node-range%3A google_compute_subnetwork.a::"},
		{"nothing found", fine, "", 0, "pass", " 0 failures, 0 exceptions"},
		{"findings that stop nothing", broken, "--fail-on never", 0, "fail", "::error"},
		{"quotes keep spaces", broken, `--cluster "no such cluster"`, 0, "pass", "no cluster that was read matches"},
		{"nothing in the arguments is run", broken, "--cluster '$(touch here)' \n--fail-on\tnever", 0, "pass", "0 tests"},
		{"undecided under strict", elsewhere, "--strict --cluster *uncovered", 3, "unknown", "::warning"},
		{"several plans", fine + "\r\n\n" + broken + "\n", "", 2, "fail", "::error"},
		{"a plan that is not there", "100%.json", "", 1, "", "::error title=gkepreflight::gkepreflight: 100%25.json: no such file"},
		{"no plan", "\n", "", 1, "", "::error title=gkepreflight::no plan"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRunner(t, onPath(), "INPUT_PLAN="+c.plan, "INPUT_ARGS="+c.args)
			status, log := r.run("../action/check.sh")
			if status != c.status || !strings.Contains(log, c.log) {
				t.Errorf("exit status %d, want %d, with %q in the log:\n%s", status, c.status, c.log, log)
			}
			if _, err := os.Stat(r.file("here")); err == nil {
				t.Error("the arguments were run")
			}
			said := map[string]string{}
			for _, m := range regexp.MustCompile(`(?m)^([a-z-]+)=(.*)$`).FindAllStringSubmatch(r.read("output"), -1) {
				said[m[1]] = m[2]
			}
			if said["verdict"] != c.verdict {
				t.Errorf("verdict %q, want %q", said["verdict"], c.verdict)
			}
			if c.status == 1 {
				return
			}
			for name, mark := range map[string]string{"report": `"schema_version":1`, "sarif": `"version":"2.1.0"`} {
				text, err := os.ReadFile(said[name])
				if err != nil || !filepath.IsAbs(said[name]) || !bytes.Contains(bytes.ReplaceAll(text, []byte(" "), nil), []byte(mark)) {
					t.Errorf("%s is %q: %v", name, said[name], err)
				}
			}
			if summary := r.read("summary"); !strings.Contains(summary, "gkepreflight: ") {
				t.Errorf("summary: %q", summary)
			}
		})
	}
}

func TestActionInstalls(t *testing.T) {
	wrong := strings.Repeat("0", 64)
	for _, c := range []struct {
		name    string
		sums    string // what the release's list says; the truth by default
		env     []string
		status  int
		log     string
		without bool // nothing is put on the PATH
	}{
		{name: "a version", env: []string{"INPUT_VERSION=0.1.0"}, log: "installed: gkepreflight "},
		{name: "a version with a v", env: []string{"INPUT_VERSION=v0.1.0"}, log: "installed: gkepreflight "},
		{name: "the tag of the action", env: []string{"ACTION_REF=v0.1.0"}, log: "installed: gkepreflight "},
		{name: "one on the PATH", env: []string{onPath(), "ACTION_REF=v0.1.0"}, log: "on the PATH: gkepreflight ", without: true},
		{name: "a version before one on the PATH", env: []string{onPath(), "INPUT_VERSION=0.1.0"}, log: "installed: gkepreflight "},
		{name: "another checksum", sums: wrong, env: []string{"INPUT_VERSION=0.1.0"}, status: 1, log: "expected " + wrong, without: true},
		{name: "a pinned checksum of another archive", env: []string{"INPUT_VERSION=0.1.0", "INPUT_SHA256=" + wrong}, status: 1, log: "expected " + wrong, without: true},
		{name: "a release that is not there", env: []string{"INPUT_VERSION=9.9.9"}, status: 22, log: "404", without: true},
		{name: "a branch and no version", env: []string{"ACTION_REF=main"}, status: 1, log: "is no release", without: true},
		{name: "a path as version", env: []string{"INPUT_VERSION=../0.1.0"}, status: 1, log: "is no release", without: true},
		{name: "another machine", env: []string{"INPUT_VERSION=0.1.0", "RUNNER_ARCH=X86"}, status: 1, log: "there is no release for X86", without: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, needed := range []string{"curl", "awk", "tar"} {
				if _, err := exec.LookPath(needed); err != nil {
					t.Skipf("there is no %s on the PATH; GitHub's runners have it", needed)
				}
			}
			r := newRunner(t, "RUNNER_OS=Linux", "RUNNER_ARCH=X64", "GKEPREFLIGHT_RELEASES="+release(t, "0.1.0", "amd64", c.sums))
			status, log := r.run("../action/install.sh", c.env...)
			if status != c.status || !strings.Contains(log, c.log) {
				t.Errorf("exit status %d, want %d, with %q in the log:\n%s", status, c.status, c.log, log)
			}
			on := strings.TrimSpace(r.read("path"))
			if (on == "") != c.without {
				t.Fatalf("on the PATH: %q", on)
			}
			if on == "" {
				return
			}
			if out, err := exec.Command(filepath.Join(on, "gkepreflight"), "version").CombinedOutput(); err != nil {
				t.Errorf("what was installed does not run: %v\n%s", err, out)
			}
		})
	}
}

// TestActionIsWired holds what action.yml hands to the scripts against what they read, and that no input is pasted into a command.
func TestActionIsWired(t *testing.T) {
	text, err := os.ReadFile("../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs, Outputs map[string]struct{ Description, Value string }
		Runs            struct {
			Using string
			Steps []struct {
				Name, ID, Run, Shell string
				Env                  map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(text, &action); err != nil {
		t.Fatal(err)
	}
	handed := ""
	for _, step := range action.Runs.Steps {
		if strings.Contains(step.Run, "${{") {
			t.Errorf("%s: an expression in a command is run as part of it", step.Name)
		}
		script := regexp.MustCompile(`action/[a-z]+\.sh`).FindString(step.Run)
		body, err := os.ReadFile("../" + script)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range step.Env {
			handed += value
			if !bytes.Contains(body, []byte(name)) {
				t.Errorf("%s does not read %s", script, name)
			}
		}
		for _, m := range regexp.MustCompile(`\$\{?(INPUT_[A-Z0-9]+|ACTION_REF)`).FindAllSubmatch(body, -1) {
			if _, found := step.Env[string(m[1])]; !found {
				t.Errorf("%s reads %s, which action.yml does not hand over", script, m[1])
			}
		}
		for name := range action.Outputs {
			if step.ID == "check" && !bytes.Contains(body, []byte(`echo "`+name+`=`)) {
				t.Errorf("%s does not write the output %s", script, name)
			}
		}
	}
	for name := range action.Inputs {
		if name != "working-directory" && !strings.Contains(handed, "inputs."+name+" ") {
			t.Errorf("no script is handed the input %s", name)
		}
	}
}
