package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// stuck is a source that tells when it is read, and then gives nothing.
type stuck struct {
	io.Reader
	asked func()
}

func (s stuck) Read(p []byte) (int, error) {
	s.asked()
	return s.Reader.Read(p)
}

// Ctrl-C while a source gives nothing ends the program at once, with no report.
func TestInterruptedInTheMiddleOfReading(t *testing.T) {
	const state = "testdata/whole.json"
	for name, args := range map[string][]string{
		"a plan":                 {"check", "--plan", "-"},
		"a state":                {"check", "--state", "-"},
		"manifests":              {"check", "--state", state, "--manifests", "-"},
		"pods":                   {"diagnose"},
		"a network beside pods":  {"diagnose", "../../internal/diagnose/testdata/cluster.json", "--plan", "-"},
		"a report that is there": {"check", "--plan", "-", "--output", ""},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "report.txt")
			if err := os.WriteFile(file, []byte("as it was"), 0o600); err != nil {
				t.Fatal(err)
			}
			if args[len(args)-1] == "" {
				args[len(args)-1] = file
			}
			ctx, interrupt := context.WithCancel(context.Background())
			in, out := io.Pipe()
			defer func() { _ = out.Close() }()
			var stdout, stderr bytes.Buffer
			std := streams{in: stuck{in, interrupt}, out: &stdout, err: &stderr, env: func(string) string { return "" }}
			if code := run(ctx, args, std); code != toolFailed || stdout.Len() > 0 || stderr.String() != "gkepreflight: interrupted\n" {
				t.Errorf("status %d, stdout %q, stderr %q", code, stdout.String(), stderr.String())
			}
			if left, err := os.ReadFile(file); err != nil || string(left) != "as it was" {
				t.Errorf("the report holds %q, %v", left, err)
			}
		})
	}
}
