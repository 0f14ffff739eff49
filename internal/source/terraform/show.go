package terraform

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// showPlan runs `terraform show -json` on a saved plan in its initialised directory, and reads while it prints.
func showPlan(ctx context.Context, name, binary string) (*document, error) {
	way := fmt.Errorf("give the output of `terraform show -json %s` instead, with --config-dir %s", name, name)
	if binary == "" {
		found, err := exec.LookPath("terraform")
		if err != nil {
			return nil, fmt.Errorf("%s: is a saved plan and terraform is not on PATH: %w, or --terraform", name, way)
		}
		binary = found
	}
	absolute, err := filepath.Abs(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	cmd := exec.CommandContext(ctx, binary, "show", "-json", "-no-color", absolute)
	cmd.Dir = sourceDir(absolute)
	cmd.Env = append(os.Environ(), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	text, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := cmd.Start(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%s: terraform cannot be run (%w): %w", name, err, way)
	}
	doc, unread := readDocument(text, name)
	_, _ = io.Copy(io.Discard, text) // a process that is not listened to would not end
	switch err := cmd.Wait(); {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("%s: `terraform show -json` failed in %s (%s), where its providers may not be installed (terraform init): %w",
			name, cmd.Dir, firstLine(complaint.String(), err), way)
	}
	return doc, unread
}

// firstLine is the first line of what terraform complains of that says something.
func firstLine(complaint string, err error) string {
	for line := range strings.Lines(complaint) {
		if line = strings.Trim(line, "│╷╵ \t\r\n"); line != "" {
			return line
		}
	}
	return err.Error()
}
