package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

// call runs the command line with nothing on standard input.
func call(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return pipe(t, "", args...)
}

func pipe(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	std := streams{in: strings.NewReader(stdin), out: &out, err: &err, env: func(string) string { return "" }}
	code = run(context.Background(), args, std)
	return code, out.String(), err.String()
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{}, {"--help"}, {"help"}, {"check", "--help"}, {"explain", "-h"}, {"serve", "-h"}, {"help", "version"}} {
		code, out, stderr := call(t, args...)
		if code != 0 || stderr != "" || !strings.Contains(out, "Usage:") {
			t.Errorf("%q: status %d, stderr %q, stdout %q", args, code, stderr, out)
		}
		for _, line := range strings.Split(out, "\n") {
			if len(line) > 100 {
				t.Errorf("%q: wider than 100 columns: %s", args, line)
			}
		}
	}
}

func TestErrorsAreOneLine(t *testing.T) {
	for want, args := range map[string][]string{
		`unknown command "chek": did you mean "check"?`:                                                  {"chek"},
		`unknown command "explian": did you mean "explain"?`:                                             {"explian", "--permissions"},
		`unknown command "diagnosis": did you mean "diagnose"?`:                                          {"diagnosis"},
		`unknown command "mend": expected one of check, diagnose, explain, serve, version`:               {"mend"},
		"unknown flag: --pln: did you mean --plan?":                                                      {"check", "--pln", "x"},
		"unknown flag: --bogus: see gkepreflight check --help":                                           {"check", "--bogus"},
		"check takes no arguments: did you mean --plan plan.json?":                                       {"check", "plan.json"},
		"--image names no image":                                                                         {"check", "--state", "testdata/whole.json", "--image", ""},
		"testdata: is a directory: expected a file with the output of `kubectl get pods,events -o json`": {"diagnose", "testdata"},
		"--output testdata/whole.json would overwrite testdata/whole.json, which is read":                {"diagnose", "testdata/whole.json", "--output", "testdata/whole.json"},
		"explain takes one check at a time: got a, b":                                                    {"explain", "a", "b"},
		`unknown check "gatd": did you mean "gated"?`:                                                    {"explain", "gatd"},
		`unknown format "a\n\x1b[2J": expected one of ` + strings.Join(report.Formats(), ", "):           {"check", "--format", "a\n\x1b[2J", "--plan", "-"},
	} {
		code, out, stderr := call(t, args...)
		if code != 1 || out != "" || stderr != "gkepreflight: "+want+"\n" {
			t.Errorf("%q: status %d, stdout %q, stderr %q, want %q", args, code, out, stderr, want)
		}
	}
}

func TestComplainStaysOneLine(t *testing.T) {
	var b bytes.Buffer
	complain(&b, "--output a: full\n--output b: full\x1b[2J\n")
	if got, want := b.String(), "gkepreflight: --output a: full; --output b: full\\x1b[2J\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestVersion(t *testing.T) {
	defer func(v string) { version = v }(version)
	if v := toolVersion(); v == "" || strings.HasPrefix(v, "v") {
		t.Errorf("built without a release: %q", v)
	}
	version = "1.2.3"
	for _, args := range [][]string{{"version"}, {"--version"}} {
		if code, out, _ := call(t, args...); code != 0 || out != "gkepreflight 1.2.3\n" {
			t.Errorf("%q: status %d, %q", args, code, out)
		}
	}
}

func TestNearest(t *testing.T) {
	words := []string{"nat-node-range", "nat-pod-range", "gated", "text"}
	for in, want := range map[string]string{
		"nat-node-rang": "nat-node-range", "NAT-POD-RANGE": "nat-pod-range", "gates": "gated", "txt": "text",
		"": "", "zzzz": "", "x": "", "registry": "",
	} {
		if got := nearest(in, words); got != want {
			t.Errorf("nearest(%q) = %q, want %q", in, got, want)
		}
	}
}
