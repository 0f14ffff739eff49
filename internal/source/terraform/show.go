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
	tf, err := tfexec.NewTerraform(sourceDir(absolute), binary)
	if err != nil {
		return nil, fmt.Errorf("%s: terraform cannot be run: %w", name, err)
	}
	var text bytes.Buffer
	tf.SetStdout(&text)
	if _, err := tf.ShowPlanFile(ctx, absolute); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%s: `terraform show -json` failed in %s (%s), where its providers may not be installed (terraform init): %w",
			name, sourceDir(absolute), firstLine(err), way)
	}
	return readDocument(&text, name)
}

func firstLine(err error) string {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		line = strings.Trim(line, "│╷╵ \t")
		if line != "" && !strings.HasPrefix(line, "exit status") {
			return line
		}
	}
	return err.Error()
}
