package examples

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "rewrite plan.txt of the broken demo")

// buildProvider builds the provider once for all tests, into a folder that TestMain removes.
var buildProvider = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "gkepreflight-examples-")
	if err != nil {
		return "", err
	}
	built = folder
	out, err := exec.Command("go", "build", "-o", filepath.Join(folder, "terraform-provider-gkepreflight"), "..").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	// This test's own program is the google provider's stand-in: it looks at the name that it is started by.
	this, err := os.Executable()
	if err != nil {
		return "", err
	}
	if err := os.Symlink(this, filepath.Join(folder, stubProvider)); err != nil {
		return "", err
	}
	const rc = "provider_installation {\n  dev_overrides {\n    %[1]q = %[5]q\n    %[2]q = %[5]q\n    %[3]q = %[5]q\n    %[4]q = %[5]q\n  }\n  direct {}\n}\n"
	return folder, os.WriteFile(filepath.Join(folder, "rc"),
		fmt.Appendf(nil, rc, "registry.terraform.io/gkepreflight/gkepreflight", "registry.opentofu.org/gkepreflight/gkepreflight",
			"registry.terraform.io/hashicorp/google", "registry.opentofu.org/hashicorp/google", folder), 0o600)
})

const stubProvider = "terraform-provider-google"

var built string

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == stubProvider {
		if err := serveGoogle(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}

// workspace is a copy of an example in which terraform is run with the provider as it is built here.
type workspace struct {
	t       *testing.T
	command string
	folder  string
	rc      string
}

// newWorkspace copies an example. TF_ACC_TERRAFORM_PATH names another terraform, or tofu.
func newWorkspace(t *testing.T, example string) workspace {
	t.Helper()
	command := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if command == "" {
		var err error
		if command, err = exec.LookPath("terraform"); err != nil {
			t.Skip("there is no terraform on the PATH")
		}
	}
	provider, err := buildProvider()
	if err != nil {
		t.Fatal(err)
	}
	w := workspace{t: t, command: command, folder: t.TempDir(), rc: filepath.Join(provider, "rc")}
	files, err := filepath.Glob(filepath.Join(example, "*.tf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s holds no .tf file (%v)", example, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		w.write(filepath.Base(name), string(text))
	}
	if !strings.Contains(w.read("*.tf"), "required_providers") {
		w.write("versions.tf", "terraform {\n  required_providers {\n    gkepreflight = {\n      source = \"gkepreflight/gkepreflight\"\n    }\n  }\n}\n")
	}
	return w
}

func (w workspace) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.folder, name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w workspace) read(pattern string) string {
	w.t.Helper()
	names, err := filepath.Glob(filepath.Join(w.folder, pattern))
	if err != nil {
		w.t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			w.t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// edit replaces text in main.tf that must be there.
func (w workspace) edit(old, replacement string) {
	w.t.Helper()
	text := w.read("main.tf")
	if !strings.Contains(text, old) {
		w.t.Fatalf("main.tf does not hold %q", old)
	}
	w.write("main.tf", strings.ReplaceAll(text, old, replacement))
}

// run runs terraform and returns its exit status and all that it printed. Arguments that begin with GKEPREFLIGHT_ go to the environment.
func (w workspace) run(args ...string) (status int, output string) {
	w.t.Helper()
	env := append(os.Environ(), "TF_CLI_CONFIG_FILE="+w.rc, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "GKEPREFLIGHT_ENFORCEMENT=")
	for len(args) > 0 && strings.HasPrefix(args[0], "GKEPREFLIGHT_") {
		env, args = append(env, args[0]), args[1:]
	}
	cmd := exec.Command(w.command, args...)
	cmd.Dir, cmd.Env = w.folder, env
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}
