package terraform

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-exec/tfexec"
)

// showPlan runs `terraform show -json` on a saved plan in its initialised directory.
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
	dir := sourceDir(absolute)
	tf, err := tfexec.NewTerraform(dir, binary)
	if err == nil {
		// The version is asked first, so that what is kept of the standard output afterwards is the plan alone.
		_, _, err = tf.Version(ctx, true)
	}
	if err != nil {
		return nil, interrupted(ctx, fmt.Errorf("%s: terraform cannot be run (%s): %w", name, firstLine(err), way))
	}
	var text bytes.Buffer
	tf.SetStdout(&text)
	if _, err := tf.ShowPlanFile(ctx, absolute); err != nil {
		return nil, interrupted(ctx, fmt.Errorf("%s: `terraform show -json` failed in %s (%s), where its providers may not be installed (terraform init): %w",
			name, dir, firstLine(err), way))
	}
	return readDocument(&text, name)
}

// interrupted lets a cancelled context speak for itself.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// firstLine is the error among what terraform complains of, else its first line that says something.
func firstLine(err error) string {
	said := ""
	for line := range strings.Lines(err.Error()) {
		line = strings.Trim(line, "│╷╵ \t\r\n")
		if strings.HasPrefix(line, "Error: ") {
			return line
		}
		if said == "" && !strings.HasPrefix(line, "exit status") {
			said = line
		}
	}
	return said
}
