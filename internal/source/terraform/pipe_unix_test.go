//go:build unix

package terraform

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// What a shell writes as <(terraform show -json) is a pipe: it has a name, and holds the plan once.
func TestReadReadsAPipeByName(t *testing.T) {
	for _, c := range []struct {
		name, text string
		in         func(file string) Input
	}{
		{"a plan", `{"format_version":"1.2","planned_values":{}}`, func(file string) Input { return Input{Plans: []string{file}} }},
		{"a state", `{"format_version":"1.0","values":{"root_module":{}}}`, func(file string) Input { return Input{States: []string{file}} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			pipe := filepath.Join(t.TempDir(), "pipe")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			written := make(chan error, 1)
			go func() { written <- os.WriteFile(pipe, []byte(c.text), 0) }()
			r, err := Read(context.Background(), c.in(pipe))
			if err != nil || len(r.Sources) != 1 {
				t.Errorf("read %+v, %v", r.Sources, err)
			}
			if err := <-written; err != nil {
				t.Error(err)
			}
		})
	}
}
