package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	noPods    = `{"apiVersion":"v1","items":[],"kind":"List"}`
	failedHub = `{"apiVersion":"v1","kind":"List","items":[
{"apiVersion":"v1","kind":"Node","metadata":{"name":"gke-apps-pool-1a2b-x1"},"status":{"nodeInfo":{"containerRuntimeVersion":"containerd://2.0.6"}}},
{"apiVersion":"v1","kind":"Event","metadata":{"name":"web.1","namespace":"shop"},"involvedObject":{"kind":"Pod","namespace":"shop","name":"web"},"source":{"host":"gke-apps-pool-1a2b-x1"},"count":4,"reason":"Failed",
"message":"Failed to pull image \"nginx:1.27\": rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/library/nginx:1.27\": failed to resolve reference \"docker.io/library/nginx:1.27\": docker.io/library/nginx:1.27: not found"}]}`
)

func TestDiagnoseStatus(t *testing.T) {
	for name, tc := range map[string]struct {
		stdin string
		args  []string
		code  int
		out   string
	}{
		"nothing failed": {noPods, nil, 0, "no failed pulls: 0 pods and 0 events read\n"},
		"a failed pull":  {failedHub, []string{"-"}, 2, "1 failed pull in 1 pod: 1 cause, 0 not recognised\n"},
		"no network of this name in a plan": {failedHub, []string{"--plan", filepath.Join(ownPlans, "12-k8s-workloads", "plan.json")}, 2,
			`explained: cluster "apps": nat-node-range: subnetwork "apps-subnet" (10.10.0.0/20) has no Public`},
		"a plan with a gateway": {failedHub, []string{"--plan", filepath.Join(ownPlans, "01-nat-all-ranges", "plan.json")}, 2, "not explained: what was given passes "},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, stderr := pipe(t, tc.stdin, append([]string{"diagnose"}, tc.args...)...)
			if code != tc.code || stderr != "" || !strings.Contains(out, tc.out) {
				t.Errorf("status %d, want %d, stderr %q\n%s", code, tc.code, stderr, out)
			}
		})
	}
}

func TestDiagnoseWritesJSON(t *testing.T) {
	dir := t.TempDir()
	in, file := filepath.Join(dir, "pods.json"), filepath.Join(dir, "out.json")
	if err := os.WriteFile(in, []byte(failedHub), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, stderr := call(t, "diagnose", in, "--format", "json", "--output", file, "--plan", filepath.Join(ownPlans, "04-no-nat", "plan.json"), "--cluster", "cluster-a")
	if code != 2 || out != "" || stderr != "" {
		t.Fatalf("status %d, stdout %q, stderr %q", code, out, stderr)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Causes []struct {
			Cause, Confidence, Network string
			ExplainedBy                []struct{ Cluster, Check string } `json:"explained_by"`
		}
	}
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	if len(d.Causes) != 1 || d.Causes[0].Cause != "docker-hub-not-found" || d.Causes[0].Network != "explained" || d.Causes[0].Confidence != "likely" ||
		len(d.Causes[0].ExplainedBy) != 1 || d.Causes[0].ExplainedBy[0].Cluster != "cluster-a" || d.Causes[0].ExplainedBy[0].Check != "nat-node-range" {
		t.Errorf("got %+v", d)
	}
}

func TestDiagnoseErrorsAreOneLine(t *testing.T) {
	plan := filepath.Join(ownPlans, "12-k8s-workloads", "plan.json")
	for want, tc := range map[string]struct {
		stdin string
		args  []string
	}{
		"diagnose reads one file at a time: got 2":                                                                               {"", []string{"a", "b"}},
		"no-such.json: no such file or directory":                                                                                {"", []string{"no-such.json"}},
		"the name of the file is empty":                                                                                          {"", []string{""}},
		`unknown format "jsn": did you mean "json"?`:                                                                             {"", []string{"--format", "jsn"}},
		"- is given twice: standard input holds either the pods or the plan":                                                     {"", []string{"--plan", "-"}},
		"--cluster chooses a cluster of a plan or state: give one with --plan or --state":                                        {"", []string{"--cluster", "x"}},
		"--config-dir is the configuration behind a plan: give the plan with --plan":                                             {"", []string{"--config-dir", "x"}},
		"no-such.json: no such file or directory: expected a file with the output of `terraform show -json`":                     {noPods, []string{"--plan", "no-such.json"}},
		"-: ends in the middle (after byte 17): it is truncated; expected the whole output of `kubectl get pods,events -o json`": {`{"kind":"List","i`, nil},
	} {
		code, out, stderr := pipe(t, tc.stdin, append([]string{"diagnose"}, tc.args...)...)
		if code != 1 || out != "" || stderr != "gkepreflight: "+want+"\n" {
			t.Errorf("%q: status %d, stdout %q, stderr %q, want %q", tc.args, code, out, stderr, want)
		}
	}
	code, _, stderr := pipe(t, failedHub, "diagnose", "--plan", plan, "--cluster", "zzz")
	if code != 2 || stderr != "gkepreflight: no cluster that was read matches --cluster \"zzz\"\n" {
		t.Errorf("status %d, stderr %q", code, stderr)
	}
}
