package provider

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// built is the folder with the provider's binary, built once.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gkepreflight")
	if err != nil {
		return "", err
	}
	builtIn = dir
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "terraform-provider-gkepreflight"), "../..")
	if out, err := build.CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	rc := "provider_installation {\n  dev_overrides {\n    \"gkepreflight/gkepreflight\" = " + quoted(dir) + "\n  }\n  direct {}\n}\n"
	return dir, os.WriteFile(filepath.Join(dir, "rc"), []byte(rc), 0o600)
})

// builtIn is that folder once it exists; TestMain removes it.
var builtIn string

func quoted(s string) string { return `"` + filepath.ToSlash(s) + `"` }

// folder is a root module that the real terraform works in, with the provider's own binary.
type folder struct {
	t   testing.TB
	dir string
}

// newFolder writes files, given as name and text in turn.
func newFolder(t testing.TB, files ...string) folder {
	t.Helper()
	f := folder{t, t.TempDir()}
	for i := 0; i < len(files); i += 2 {
		f.write(files[i], files[i+1])
	}
	return f
}

func (f folder) write(name, text string) {
	f.t.Helper()
	path := filepath.Join(f.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
}

func (f folder) read(name string) string {
	f.t.Helper()
	text, err := os.ReadFile(filepath.Join(f.dir, name))
	if err != nil {
		f.t.Fatal(err)
	}
	return string(text)
}

// ran is what one command printed, both streams in one, and its exit status.
type ran struct {
	out  string
	exit int
}

// run runs terraform. Arguments that look like NAME=value before the command are its environment.
func (f folder) run(args ...string) ran {
	f.t.Helper()
	dir, err := built()
	if err != nil {
		f.t.Fatalf("building the provider: %v", err)
	}
	var env []string
	for len(args) > 0 && strings.Contains(args[0], "=") && !strings.HasPrefix(args[0], "-") {
		env, args = append(env, args[0]), args[1:]
	}
	switch args[0] {
	case "plan", "apply", "destroy", "validate", "get", "test":
		args = slices.Insert(slices.Clone(args), 1, "-no-color")
	}
	cmd := exec.Command(terraformPath(f.t), args...)
	cmd.Dir = f.dir
	cmd.Env = append(append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(dir, "rc"), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1"), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		f.t.Fatal(err)
	}
	return ran{out: out.String(), exit: cmd.ProcessState.ExitCode()}
}

// want fails the test unless the command exited so and said, or did not say, what is listed; "!" stands before what must not be said.
func (r ran) want(t testing.TB, exit int, said ...string) {
	t.Helper()
	if r.exit != exit {
		t.Fatalf("exit status %d, want %d:\n%s", r.exit, exit, r.out)
	}
	flat := strings.Join(strings.Fields(r.out), " ")
	for _, s := range said {
		if unwanted, not := strings.CutPrefix(s, "!"); not {
			if strings.Contains(flat, unwanted) {
				t.Errorf("said %q:\n%s", unwanted, r.out)
			}
		} else if !strings.Contains(flat, s) {
			t.Errorf("did not say %q:\n%s", s, r.out)
		}
	}
}
