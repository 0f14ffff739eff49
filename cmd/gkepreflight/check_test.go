package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckStatus(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		want int
	}{
		{"a gateway", []string{"--state", "testdata/whole.json"}, 0},
		{"no gateway", []string{"--state", "testdata/broken.json"}, 2},
		{"never", []string{"--state", "testdata/broken.json", "--fail-on", "never"}, 0},
		{"as a warning", []string{"--state", "testdata/broken.json", "--severity", "nat-node-range=warning"}, 0},
		{"warnings count", []string{"--state", "testdata/broken.json", "--severity", "nat-node-range=warning", "--fail-on", "warning"}, 2},
		{"another cluster", []string{"--state", "testdata/broken.json", "--cluster", "test-*"}, 0},
		{"no cluster", []string{"--state", "testdata/empty.json"}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out, stderr := call(t, append([]string{"check", "--only", "nat-node-range"}, tc.args...)...)
			if code != tc.want {
				t.Errorf("status %d, want %d\n%s%s", code, tc.want, out, stderr)
			}
			if !strings.HasSuffix(out, " exceptions\n") {
				t.Errorf("no closing line:\n%s", out)
			}
		})
	}
}

func TestCheckWritesEveryReport(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.json")
	code, out, stderr := call(t, "check", "--state", "testdata/broken.json", "--format", "text,json", "--output", "-", "--output", file)
	if code != 2 || stderr != "" {
		t.Fatalf("status %d, %s", code, stderr)
	}
	if !strings.Contains(out, "✗ prod  shop/europe-west1  google_container_cluster.prod  fail\n") {
		t.Errorf("no failing cluster in\n%s", out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Sources  []map[string]string
		Clusters []struct{ Address, Verdict string }
	}
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Clusters) != 1 || r.Clusters[0].Verdict != "fail" || len(r.Sources) != 1 || r.Sources[0]["name"] != "testdata/broken.json" {
		t.Errorf("got %+v", r)
	}
	_, again, _ := call(t, "check", "--state", "testdata/broken.json", "--format", "json")
	if again != string(data) {
		t.Error("the same state gave another report")
	}
}

func TestCheckSaysWhenNothingMatches(t *testing.T) {
	_, out, stderr := call(t, "check", "--state", "testdata/broken.json", "--cluster", "prdo")
	if stderr != "gkepreflight: no cluster that was read matches --cluster \"prdo\"\n" {
		t.Errorf("stderr %q", stderr)
	}
	if !strings.HasPrefix(out, "no GKE clusters in testdata/broken.json: nothing to check\n") {
		t.Errorf("stdout %q", out)
	}
}

func TestCheckRefusesBadInputInOneLine(t *testing.T) {
	for name, tc := range map[string]struct {
		stdin string
		args  []string
		names string
	}{
		"missing":          {"", []string{"--state", "testdata/none.json"}, "testdata/none.json"},
		"not JSON":         {"Terraform will perform the following actions:", []string{"--plan", "-"}, "-"},
		"cut off":          {`{"format_version": "1.2", "planned_values": {`, []string{"--plan", "-"}, "-"},
		"nothing":          {"", []string{"--plan", "-"}, "-"},
		"a state as plan":  {"", []string{"--plan", "testdata/broken.json"}, "testdata/broken.json"},
		"unwritable":       {"", []string{"--state", "testdata/empty.json", "--output", "testdata/none/r.txt"}, "testdata/none/r.txt"},
		"misspelled check": {"", []string{"--state", "testdata/empty.json", "--skip", "gate"}, `"gated"`},
	} {
		code, out, stderr := pipe(t, tc.stdin, append([]string{"check"}, tc.args...)...)
		if code != 1 || out != "" || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "gkepreflight: ") || !strings.Contains(stderr, tc.names) {
			t.Errorf("%s: status %d, stdout %q, stderr %q", name, code, out, stderr)
		}
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, stderr bytes.Buffer
	std := streams{in: strings.NewReader("not a plan"), out: &out, err: &stderr, env: func(string) string { return "" }}
	if code := run(ctx, []string{"check", "--plan", "-"}, std); code != 1 || stderr.String() != "gkepreflight: interrupted\n" {
		t.Errorf("status %d, %q", code, stderr.String())
	}
}
