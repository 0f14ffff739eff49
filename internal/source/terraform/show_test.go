package terraform

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// terraformBinary is the terraform on PATH.
func terraformBinary(t *testing.T) string {
	t.Helper()
	binary, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("terraform is not on PATH: saved plans are not read")
	}
	return binary
}

// A saved plan is shown by terraform itself, in its own directory.
func TestReadSavedPlan(t *testing.T) {
	binary := terraformBinary(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte("resource \"terraform_data\" \"d\" {\n  input = \"x\"\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "-input=false", "-no-color"}, {"plan", "-input=false", "-no-color", "-out", "tfplan"}} {
		cmd := exec.Command(binary, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("terraform %v: %v\n%s", args, err, out)
		}
	}
	r, err := Read(context.Background(), Input{Plans: []string{filepath.Join(dir, "tfplan")}})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.After.Clusters) != 0 || len(r.Sources) != 1 || r.Sources[0].Kind != "plan" {
		t.Errorf("read %+v", r)
	}
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := Read(ctx, Input{Plans: []string{filepath.Join(dir, "tfplan")}}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// A saved plan away from its initialised directory cannot be shown: the error says what can be given instead.
func TestSavedPlanWithoutItsProviders(t *testing.T) {
	terraformBinary(t)
	text, err := os.ReadFile("../../testdata/plans/08-nested-modules-foreach/plan.tfplan")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "plan.tfplan")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Read(context.Background(), Input{Plans: []string{file}})
	oneLine(t, err, file, "`terraform show -json "+file+"`", "--config-dir "+file, "terraform init")
}

func TestSavedPlanWithoutTerraform(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	file := inFile(t, "tfplan", "PK\x03\x04")
	_, err := Read(context.Background(), Input{Plans: []string{file}})
	oneLine(t, err, file, "terraform is not on PATH", "terraform show -json", "--config-dir", "--terraform")
	_, err = Read(context.Background(), Input{Plans: []string{file}, Terraform: filepath.Join(t.TempDir(), "none")})
	oneLine(t, err, file, "terraform show -json")
}

// oneLine asserts that an error is one line with all of some words.
func oneLine(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("not one line: %q", err)
	}
}
