package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// oneNAT is a plan with two clusters, of which the node ranges have no gateway.
func oneNAT(t *testing.T) string {
	t.Helper()
	name, err := filepath.Abs(filepath.Join(ownPlans, "03-nat-secondary-of-other", "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// workdir is an empty working directory, where a configuration of no name is looked for.
func workdir(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCheckWithSettings(t *testing.T) {
	const (
		agreed = "ignore: [{check: nat-node-range, reason: agreed}]\n"
		one    = "ignore: [{check: nat-node-range, objects: [subnet-a], reason: agreed}]\n"
		old    = "ignore: [{check: nat-node-range, reason: agreed, expires: 2020-01-01}]\n"
		unused = "ignore:\n- {check: nat-node-range, reason: agreed}\n- {check: nat-overlap, reason: agreed}\n"
		lock   = "locked: [nat-node-range]\n"
	)
	for _, tc := range []struct {
		name           string
		config, policy string
		args           []string
		want           int
		// says is in the report, stderr what is said beside it.
		says, stderr string
	}{
		{name: "no settings", want: 2, says: "2 failures, 0 exceptions\n"},
		{name: "an exception", config: agreed, want: 0, says: "exception: agreed"},
		{name: "counted", config: agreed, want: 0, says: "0 failures, 2 exceptions\n"},
		{name: "for one of two", config: one, want: 2, says: "1 failures, 1 exceptions\n"},
		{name: "expired", config: old, want: 2, says: "! the exception for nat-node-range expired on 2020-01-01 and no longer suppresses (agreed)\n"},
		{name: "unused", config: unused, want: 0, says: "! the exception for nat-overlap matches nothing that failed: it can go\n"},
		{name: "unused, for programs", config: unused, args: []string{"--format", "json"}, want: 0, says: `"reason": "agreed"`,
			stderr: "gkepreflight: the exception for nat-overlap matches nothing that failed: it can go\n"},
		{name: "skipped", config: "skip: [nat-node-range]\n", want: 0, says: "0 failures, 0 exceptions\n"},
		{name: "a severity", config: "severity: {nat-node-range: warning}\n", want: 0, says: "3 warnings, 0 failures"},
		{name: "never", config: "fail_on: never\n", want: 0},
		{name: "a flag over never", config: "fail_on: never\n", args: []string{"--fail-on", "error"}, want: 2},
		{name: "a flag over a severity", config: "severity: {nat-node-range: warning}\n", args: []string{"--severity", "nat-node-range=error"}, want: 2},
		{name: "a flag over skip", config: "skip: [nat-node-range]\n", args: []string{"--only", "nat-node-range"}, want: 2},
		{name: "strict", config: "strict: true\nskip: [nat-node-range]\n", args: []string{"--image", "nginx"}, want: 2},
		{name: "a lock", config: agreed, policy: lock, want: 2, says: "2 failures, 0 exceptions\n",
			stderr: "gkepreflight: team.yaml locks nat-node-range: its exception in .gkepreflight.yaml is not followed\n"},
		{name: "a lock over skip", config: "skip: [nat-node-range]\n", policy: lock, want: 2, says: "! team.yaml locks nat-node-range: skip: nat-node-range in .gkepreflight.yaml is not followed\n",
			stderr: "gkepreflight: team.yaml locks nat-node-range: skip: nat-node-range in .gkepreflight.yaml is not followed\n"},
		{name: "a lock over a flag", policy: lock, args: []string{"--skip", "nat-node-range"}, want: 2,
			stderr: "gkepreflight: team.yaml locks nat-node-range: --skip nat-node-range is not followed\n"},
		{name: "a lock over the last check", policy: lock, args: []string{"--only", "nat-node-range", "--skip", "nat-node-range"}, want: 2,
			stderr: "gkepreflight: team.yaml locks nat-node-range: --skip nat-node-range is not followed\n"},
		{name: "a floor", config: "severity: {nat-node-range: info}\n", policy: "severity_floor: {nat-node-range: error}\n", want: 2,
			stderr: "gkepreflight: team.yaml keeps the severity of nat-node-range from being lowered below error: severity nat-node-range: info in .gkepreflight.yaml is not followed\n"},
		{name: "a fixed threshold", config: "fail_on: never\n", policy: "fail_on: error\n", want: 2,
			stderr: "gkepreflight: team.yaml fixes fail_on: error, and fail_on: never in .gkepreflight.yaml is not followed\n"},
		{name: "a fixed threshold over a flag", policy: "fail_on: never\n", args: []string{"--fail-on", "error"}, want: 0,
			stderr: "gkepreflight: team.yaml fixes fail_on: never, and --fail-on error is not followed\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			plan := oneNAT(t)
			workdir(t, map[string]string{".gkepreflight.yaml": tc.config, "team.yaml": tc.policy})
			args := append([]string{"check", "--plan", plan}, tc.args...)
			if tc.policy != "" {
				args = append(args, "--policy", "team.yaml")
			}
			code, out, stderr := call(t, args...)
			if code != tc.want || !strings.Contains(out, tc.says) || stderr != tc.stderr {
				t.Errorf("status %d, want %d\n%s%s", code, tc.want, out, stderr)
			}
		})
	}
}

func TestBaseline(t *testing.T) {
	plan := oneNAT(t)
	workdir(t, nil)
	check := func(want int, says, beside string, args ...string) {
		t.Helper()
		code, out, stderr := call(t, append([]string{"check", "--plan", plan}, args...)...)
		if code != want || !strings.Contains(out, says) || stderr != beside {
			t.Errorf("%q: status %d, want %d\n%s%s", args, code, want, out, stderr)
		}
	}
	// Writing a baseline excuses nothing: a pipeline that always writes one would never fail.
	check(2, "2 failures, 0 exceptions\n", "gkepreflight: base.json: a baseline of 3 entries was written\n", "--write-baseline", "base.json")
	check(0, "0 failures, 3 exceptions\n", "", "--baseline", "base.json")
	check(0, "exception: baseline\n", "", "--baseline", "base.json", "--strict", "--fail-on", "warning")
	check(2, "mirror-dependence", "", "--baseline", "base.json", "--image", "nginx:1.27", "--internet", "images")
	first, err := os.ReadFile("base.json")
	if err != nil {
		t.Fatal(err)
	}
	check(0, "", "gkepreflight: base.json: a baseline of 3 entries was written\n", "--baseline", "base.json", "--write-baseline", "base.json")
	if second, err := os.ReadFile("base.json"); err != nil || string(second) != string(first) {
		t.Errorf("the same findings gave another baseline: %v\n%s", err, second)
	}

	// What was found of one cluster says nothing of the other, and what is mended can go.
	check(2, "", "gkepreflight: a.json: a baseline of 1 entries was written\n", "--cluster", "cluster-a", "--write-baseline", "a.json")
	check(2, "1 failures, 1 exceptions\n", "", "--baseline", "a.json")
	check(0, "! 2 of 3 entries of the baseline no longer occur, or less often: written anew it would be tighter\n", "", "--baseline", "base.json", "--skip", "nat-pod-range",
		"--internet", "images", "--image", "europe-docker.pkg.dev/p/r/i:1")
}

func TestBaselineUnderAPolicy(t *testing.T) {
	plan := oneNAT(t)
	workdir(t, map[string]string{"team.yaml": "locked: [nat-node-range]\n"})
	call(t, "check", "--plan", plan, "--write-baseline", "base.json")
	code, out, stderr := call(t, "check", "--plan", plan, "--baseline", "base.json", "--policy", "team.yaml")
	const refused = "team.yaml locks nat-node-range: its 2 entries in base.json are not followed\n"
	if code != 2 || stderr != "gkepreflight: "+refused || !strings.Contains(out, "! "+refused) {
		t.Errorf("status %d\n%s%s", code, out, stderr)
	}
	_, _, stderr = call(t, "check", "--plan", plan, "--write-baseline", "base.json", "--policy", "team.yaml")
	if want := "gkepreflight: base.json: a baseline of 1 entries was written, without 2 of checks that team.yaml locks\n"; stderr != want {
		t.Errorf("got %q, want %q", stderr, want)
	}
	if code, _, stderr = call(t, "check", "--plan", plan, "--baseline", "base.json", "--policy", "team.yaml"); code != 2 || stderr != "" {
		t.Errorf("status %d, %q", code, stderr)
	}
}

// What people read of exceptions, expired and not used, and of what the policy refused.
func TestReportUnderSettings(t *testing.T) {
	args := []string{"check", "--plan", filepath.Join(ownPlans, "03-nat-secondary-of-other", "plan.json"), "--config", "testdata/settings/repo.yaml", "--policy", "testdata/settings/team.yaml"}
	code, out, stderr := call(t, args...)
	if code != 2 {
		t.Errorf("status %d", code)
	}
	golden(t, "testdata/settings/report.text", out)
	golden(t, "testdata/settings/report.stderr", stderr)
	_, out, _ = call(t, append(args, "--format", "json")...)
	validate(t, out)
	var got struct {
		Summary struct{ Suppressed int }
		Results []struct{ Suppressed map[string]string }
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	var suppressed []map[string]string
	for _, r := range got.Results {
		if r.Suppressed != nil {
			suppressed = append(suppressed, r.Suppressed)
		}
	}
	if got.Summary.Suppressed != 1 || len(suppressed) != 1 || suppressed[0]["expires"] != "2999-12-31" {
		t.Errorf("summary %+v, suppressed %v", got.Summary, suppressed)
	}
}

func TestSettingsNameWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		config string
		args   []string
		want   string
	}{
		"a typo":                  {"ignroe: []\n", nil, `.gkepreflight.yaml:1:1: there is no key "ignroe": did you mean "ignore"?`},
		"a typo in a named file":  {"ignroe: []\n", []string{"--config", "./.gkepreflight.yaml"}, `./.gkepreflight.yaml:1:1: there is no key "ignroe": did you mean "ignore"?`},
		"no check left":           {"only: [gated]\nskip: [gated]\n", nil, "no check is left: skip in .gkepreflight.yaml takes away all of them"},
		"no check left by a flag": {"only: [gated]\n", []string{"--skip", "gated"}, "no check is left: --skip takes away all of them"},
		"missing":                 {"", []string{"--config", "repo.yaml"}, "repo.yaml: no such file or directory"},
		"no policy":               {"", []string{"--policy", "team.yaml"}, "team.yaml: no such file or directory"},
		"no baseline":             {"", []string{"--baseline", "base.json"}, "base.json: no such file or directory"},
		"another file":            {"", []string{"--baseline", ".gkepreflight.yaml"}, ".gkepreflight.yaml: is empty: expected what gkepreflight check --write-baseline writes"},
		"no name":                 {"", []string{"--config", ""}, "--config names no file"},
		"standard output":         {"", []string{"--write-baseline", "-"}, "--write-baseline names no file"},
		"one file for two":        {"", []string{"--output", "a.json", "--write-baseline", "./a.json"}, "both text and the baseline would be written to a.json"},
	} {
		t.Run(name, func(t *testing.T) {
			plan := oneNAT(t)
			workdir(t, map[string]string{".gkepreflight.yaml": tc.config})
			code, out, stderr := call(t, append([]string{"check", "--plan", plan}, tc.args...)...)
			if code != 1 || out != "" || stderr != "gkepreflight: "+tc.want+"\n" {
				t.Errorf("status %d, stdout %q, stderr %q", code, out, stderr)
			}
		})
	}
}

// What is read is there afterwards: no report and no baseline takes its place. Only a baseline may be written over the one before.
func TestOutputsSpareWhatIsRead(t *testing.T) {
	plan, err := os.ReadFile(oneNAT(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"a report over the plan":        {[]string{"--output", "./plan.json"}, "--output plan.json would overwrite plan.json, which is read"},
		"the second report":             {[]string{"--format", "text,json", "--output", "-", "--output", "plan.json"}, "--output plan.json would overwrite plan.json, which is read"},
		"a report through a link":       {[]string{"--output", "link.json"}, "--output link.json would overwrite plan.json, which is read"},
		"a report over settings":        {[]string{"--config", "repo.yaml", "--output", "repo.yaml"}, "--output repo.yaml would overwrite repo.yaml, which is read"},
		"a report over manifests":       {[]string{"--manifests", "app.yaml", "--output", "app.yaml"}, "--output app.yaml would overwrite app.yaml, which is read"},
		"a report over the baseline":    {[]string{"--baseline", "base.json", "--output", "base.json"}, "--output base.json would overwrite the baseline, which is read"},
		"a baseline over the plan":      {[]string{"--write-baseline", "plan.json"}, "--write-baseline plan.json would overwrite plan.json, which is read"},
		"a baseline over the last one":  {[]string{"--baseline", "base.json", "--write-baseline", "base.json"}, ""},
		"a report beside what is read":  {[]string{"--output", "report.txt"}, ""},
		"a device that is no baseline":  {[]string{"--output", os.DevNull}, ""},
		"a report where there was none": {[]string{"--manifests", "app.yaml", "--output", "new.txt"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			workdir(t, map[string]string{"plan.json": string(plan), "repo.yaml": "mirror: deny\n", "app.yaml": "apiVersion: v1\nkind: Pod\n"})
			if err := os.Symlink("plan.json", "link.json"); err != nil {
				t.Fatal(err)
			}
			if code, out, stderr := call(t, "check", "--plan", "plan.json", "--fail-on", "never", "--write-baseline", "base.json"); code != 0 {
				t.Fatalf("status %d\n%s%s", code, out, stderr)
			}
			code, out, stderr := call(t, append([]string{"check", "--plan", "plan.json"}, tc.args...)...)
			if tc.want != "" && (code != toolFailed || out != "" || stderr != "gkepreflight: "+tc.want+"\n") || tc.want == "" && code == toolFailed {
				t.Errorf("status %d, stdout %q, stderr %q", code, out, stderr)
			}
			if left, err := os.ReadFile("plan.json"); err != nil || string(left) != string(plan) {
				t.Errorf("the plan holds %d bytes, %v", len(left), err)
			}
		})
	}
}

// The report is not lost when the baseline cannot be written.
func TestUnwritableBaseline(t *testing.T) {
	code, out, stderr := call(t, "check", "--state", "testdata/broken.json", "--write-baseline", "testdata/none/base.json")
	if code != 1 || !strings.HasSuffix(out, " exceptions\n") || stderr != "gkepreflight: --write-baseline testdata/none/base.json: no such file or directory\n" {
		t.Errorf("status %d, %q\n%s", code, stderr, out)
	}
}
