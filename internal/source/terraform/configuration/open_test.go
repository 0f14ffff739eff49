package configuration_test

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform/configuration"
)

func writeZip(t *testing.T, entries map[string]string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "plan.tfplan")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	writer := zip.NewWriter(file)
	for entry, text := range entries {
		w, err := writer.Create(entry)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestOpenFails(t *testing.T) {
	deep := strings.Repeat("(", 100000) + "1" + strings.Repeat(")", 100000)
	chain := strings.Repeat("1+", 100000) + "1"
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no configuration", map[string]string{"readme.md": "x"}, "no .tf files"},
		{"syntax", map[string]string{"main.tf": "locals {\n  a = \n}\n"}, "main.tf:2"},
		{"syntax of a module", map[string]string{"main.tf": `module "m" { source = "./m" }`, "m/x.tf": "\n\nlocals {"}, "m/x.tf:3"},
		{"syntax of json", map[string]string{"main.tf.json": "{\n\"a\" 1}"}, "main.tf.json:2"},
		{"missing label", map[string]string{"main.tf": "\nresource \"a\" {}\n"}, "main.tf:2"},
		{"brackets", map[string]string{"main.tf": "locals { a = " + deep + " }"}, "nested more than"},
		{"operators", map[string]string{"main.tf": "locals { a = " + chain + " }"}, "nested more than"},
		{"brackets in json", map[string]string{"main.tf.json": strings.Repeat("[", 5000)}, "nested more than"},
		{"brackets in a json string", map[string]string{"main.tf.json": `{"locals": {"a": "${` + deep + `}"}}`}, "nested more than"},
		{"manifest", map[string]string{"main.tf": "", ".terraform/modules/modules.json": "{"}, "read module manifest"},
		{"large file", map[string]string{"main.tf": strings.Repeat("#", 9<<20)}, "larger than 8 MiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := configuration.Open(writeFiles(t, test.files))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
	if _, err := configuration.Open(filepath.Join(t.TempDir(), "nowhere")); err == nil || !os.IsNotExist(unwrapAll(err)) {
		t.Errorf("missing path: %v", err)
	}
}

func unwrapAll(err error) error {
	for {
		inner := errors.Unwrap(err)
		var path *os.PathError
		if inner == nil || errors.As(err, &path) && !errors.As(inner, &path) {
			return err
		}
		err = inner
	}
}

func TestOpenArchiveFails(t *testing.T) {
	many := map[string]string{}
	for i := range 20001 {
		many[fmt.Sprintf("f%d", i)] = ""
	}
	tests := []struct {
		name    string
		entries map[string]string
		want    string
	}{
		{"no configuration", map[string]string{"tfplan": "x"}, "is not a saved plan"},
		{"only a child", map[string]string{"tfconfig/m-a/main.tf": ""}, "is not a saved plan"},
		{"large entry", map[string]string{"tfconfig/m-/main.tf": strings.Repeat("#", 9<<20)}, "larger than 8 MiB"},
		{"many entries", many, "more than 20000 files"},
		{"manifest", map[string]string{"tfconfig/m-/main.tf": "", "tfconfig/modules.json": "{"}, "tfconfig/modules.json"},
		{"syntax", map[string]string{"tfconfig/m-/main.tf": "locals {\n", "tfconfig/modules.json": `[{"Key":"","Dir":"."}]`}, "main.tf:"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := configuration.Open(writeZip(t, test.entries))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
	file := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := configuration.Open(file); err == nil || !strings.Contains(err.Error(), "neither a configuration folder nor a saved plan") {
		t.Errorf("no archive: %v", err)
	}
}

func TestArchive(t *testing.T) {
	name := writeZip(t, map[string]string{
		// The state may be large; it is not read.
		"tfstate":                   strings.Repeat("x", 9<<20),
		"tfconfig/m-/main.tf":       "module \"a\" { source = \"registry/x/y\" }\nmodule \"gone\" { source = \"registry/x/z\" }\nresource \"test_thing\" \"x\" { v = [module.a.out, module.gone.out] }\n",
		"tfconfig/m-a/main.tf":      "module \"b\" { source = \"./b\" }\noutput \"out\" { value = module.b.out }\n",
		"tfconfig/m-a.b/b.tf":       "output \"out\" { value = path.module }\nresource \"test_thing\" \"x\" {}\n",
		"tfconfig/m-a.b/sub/b.tf":   "syntax error {",
		"tfconfig/m-a.b/readme.txt": "syntax error {",
		"tfconfig/modules.json":     `[{"Key":"","Dir":"."},{"Key":"a","Source":"registry/x/y","Dir":".terraform/modules/a"}]`,
	})
	config, err := configuration.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	attrs, _ := config.Evaluator(fakeKnown{}).Resource(nil, "managed", "test_thing", "x", cty.NilVal, []string{"v"})
	if got, want := show(attrs["v"].Value), `["tfconfig/m-a.b", ?]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	path := configuration.Path{{Name: "a", Key: cty.NilVal}, {Name: "b", Key: cty.NilVal}}
	if file, _, _ := config.Position(path, "managed", "test_thing", "x"); file != "tfconfig/m-a.b/b.tf" {
		t.Errorf("block is in %q", file)
	}
}

func TestModuleFolders(t *testing.T) {
	files := map[string]string{
		"root/main.tf": `
module "beside" { source = "../beside" }
module "placed" { source = "terraform-google-modules/network/google" }
module "linked" { source = "./link" }
module "remote" { source = "git::https://example.com/x.git" }
module "loop" { source = "./loop" }
resource "test_thing" "x" {
  v = [module.beside.out, module.placed.out, module.linked.out, module.remote.out, module.loop.out]
}`,
		"beside/main.tf": `output "out" { value = path.module }`,
		"root/.terraform/modules/placed/modules/inner/main.tf": `output "out" { value = path.module }`,
		"root/.terraform/modules/placed/main.tf": `
module "inner" { source = "./modules/inner" }
output "out" { value = module.inner.out }`,
		"root/.terraform/modules/modules.json": `{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"placed","Source":"registry.terraform.io/terraform-google-modules/network/google","Dir":".terraform/modules/placed"}]}`,
		"root/loop/main.tf": `
module "again" { source = "../loop" }
output "out" { value = [path.module, module.again.out] }`,
	}
	folder := writeFiles(t, files)
	if err := os.Symlink(filepath.Join(folder, "beside"), filepath.Join(folder, "root", "link")); err != nil {
		t.Skip("no symbolic links here")
	}
	config, err := configuration.Open(filepath.Join(folder, "root"))
	if err != nil {
		t.Fatal(err)
	}
	attrs, _ := config.Evaluator(fakeKnown{}).Resource(nil, "managed", "test_thing", "x", cty.NilVal, []string{"v"})
	const want = `["../beside", ".terraform/modules/placed/modules/inner", "link", ?, ["loop", ?]]`
	if got := show(attrs["v"].Value); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}
