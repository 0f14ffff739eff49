package provider

import (
	"archive/zip"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// TestSecretsAreDropped hands over objects with master_auth: neither a plan, as JSON and as the saved file, nor the state holds what is in it.
// What was unknown until apply is looked for too.
func TestSecretsAreDropped(t *testing.T) {
	t.Parallel()
	s := covered
	s.more = "\nresource \"terraform_data\" \"keep\" {\n  input = gkepreflight_gate.private.results\n}\n"
	f := newFolder(t, "main.tf", s.hcl())
	f.run("plan", "-out=saved").want(t, 0, "!SECRET-CLIENT-KEY", "!master_auth")
	f.run("show", "-json", "saved").want(t, 0, "gkepreflight_gate", "!SECRET-CLIENT-KEY\"}]", `!"master_auth"`)
	archive, err := zip.OpenReader(filepath.Join(f.dir, "saved"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	for _, entry := range archive.File {
		if strings.HasPrefix(entry.Name, "tfconfig") {
			continue // the configuration, which holds what its author wrote
		}
		r, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "SECRET-CLIENT-KEY") {
			t.Errorf("%s of the saved plan holds the secret", entry.Name)
		}
	}
	f.run("apply", "saved").want(t, 0)
	state := f.read("terraform.tfstate")
	if strings.Contains(state, "SECRET-CLIENT-KEY") || strings.Contains(state, "master_auth") {
		t.Error("the state holds the secret")
	}
	// The one that was unknown lies in terraform_data's own state, twice, and nowhere else.
	if n := strings.Count(state, "SECRET-UNKNOWN-UNTIL-APPLY"); n != 2 {
		t.Errorf("the secret that apply told is in the state %d times, want 2", n)
	}
}

// TestLogsHoldNoArguments runs with every log line of the provider: values in arguments of functions and in handed objects are not among them.
func TestLogsHoldNoArguments(t *testing.T) {
	t.Parallel()
	s := covered
	s.gates = oneGate + `
output "covers" {
  value = provider::gkepreflight::nat_covers(merge(local.gke, { description = "SECRET-DESCRIPTION" }), [local.router], [local.nat])
}
output "images" {
  value = provider::gkepreflight::manifest_images("apiVersion: v1\nkind: Secret\nstringData: {password: SECRET-IN-YAML}\n")
}
output "image" {
  value = provider::gkepreflight::parse_image("docker.io/library/secret-image:1").via
}
`
	f := newFolder(t, "main.tf", s.hcl())
	r := f.run("TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH=trace.log", "apply", "-auto-approve")
	r.want(t, 0)
	log := f.read("trace.log")
	if !strings.Contains(log, "gkepreflight") {
		t.Fatal("the provider logged nothing: the test looks at the wrong lines")
	}
	for _, secret := range []string{"SECRET-DESCRIPTION", "SECRET-IN-YAML", "secret-image", "SECRET-CLIENT-KEY", "SECRET-UNKNOWN-UNTIL-APPLY"} {
		for line := range strings.Lines(log) {
			if strings.Contains(line, secret) {
				t.Errorf("logged: %s", line)
				break
			}
		}
	}
}

// TestReadsNothingElse: the sources of this package ask the environment in one place, and open no file and no connection.
func TestReadsNothingElse(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range tree.Imports {
			path := strings.Trim(i.Path.Value, `"`)
			if path == "net" || strings.HasPrefix(path, "net/http") || path == "os/exec" || path == "os" && name != "settings.go" || strings.HasSuffix(path, "tflog") {
				t.Errorf("%s imports %s", name, path)
			}
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "os" && s.Sel.Name != "Getenv" {
					t.Errorf("%s calls os.%s", name, s.Sel.Name)
				}
			}
			return true
		})
	}
}
