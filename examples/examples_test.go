// Package examples holds that the examples are what they say: they parse, name what exists, and do what they show.
package examples

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	preflight "github.com/gkepreflight/terraform-provider-gkepreflight/internal/provider"
)

// configurations are the examples, and the Terraform code of templates, by where they stand.
func configurations(t *testing.T) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	fenced := regexp.MustCompile("(?s)```terraform\n(.*?)\n```")
	for _, root := range []string{".", filepath.Join("..", "templates")} {
		err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(name)
			switch {
			case err != nil:
				return err
			case filepath.Ext(name) == ".tf":
				found[name] = text
			case root != ".":
				for _, m := range fenced.FindAllSubmatchIndex(text, -1) {
					line := 1 + bytes.Count(text[:m[2]], []byte("\n"))
					found[fmt.Sprintf("%s:%d", name, line)] = append(text[m[2]:m[3]:m[3]], '\n')
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(found) < 10 {
		t.Fatalf("only %d configurations found", len(found))
	}
	return found
}

func TestFormattedAndParsed(t *testing.T) {
	for name, text := range configurations(t) {
		if _, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos); diags.HasErrors() {
			t.Error(diags)
		}
		if formatted := hclwrite.Format(text); !bytes.Equal(formatted, text) {
			t.Errorf("%s is not formatted; run terraform fmt -recursive examples", name)
		}
	}
}

var called = regexp.MustCompile(`provider::gkepreflight::(\w+)\(`)

// TestNamesExist holds that the examples set only arguments that the provider has, and call only functions that it has.
func TestNamesExist(t *testing.T) {
	p := preflight.New("test")()
	arguments, functions := argumentsOf(t, p), functionsOf(p)
	gates := 0
	for name, text := range configurations(t) {
		for _, m := range called.FindAllSubmatch(text, -1) {
			if !slices.Contains(functions, string(m[1])) {
				t.Errorf("%s: there is no function %s", name, m[1])
			}
		}
		file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
		if diags.HasErrors() {
			continue
		}
		body, ok := file.Body.(*hclsyntax.Body)
		if !ok {
			t.Fatalf("%s: unexpected body", name)
		}
		for _, block := range body.Blocks {
			if block.Type != "resource" && block.Type != "data" || !strings.HasPrefix(block.Labels[0], "gkepreflight_") {
				continue
			}
			gates++
			known, ok := arguments[block.Type+" "+block.Labels[0]]
			if !ok {
				t.Errorf("%s: there is no %s %s", name, block.Type, block.Labels[0])
			}
			for attribute := range block.Body.Attributes {
				if attribute != "for_each" && attribute != "depends_on" && !slices.Contains(known, attribute) {
					t.Errorf("%s: %s has no argument %s", name, block.Labels[0], attribute)
				}
			}
		}
	}
	if gates < 5 {
		t.Errorf("only %d gates found", gates)
	}
	for _, f := range functions {
		if _, err := os.Stat(filepath.Join("functions", f, "function.tf")); err != nil {
			t.Errorf("function %s has no example: %v", f, err)
		}
	}
	for name := range arguments {
		kind, typ, _ := strings.Cut(name, " ")
		if _, err := os.Stat(filepath.Join(map[string]string{"resource": "resources", "data": "data-sources"}[kind], typ)); err != nil {
			t.Errorf("%s has no example: %v", name, err)
		}
	}
}

// argumentsOf lists what can be set, by kind and type.
func argumentsOf(t *testing.T, p provider.Provider) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, made := range p.Resources(t.Context()) {
		r := made()
		var meta resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "gkepreflight"}, &meta)
		var schema resource.SchemaResponse
		r.Schema(t.Context(), resource.SchemaRequest{}, &schema)
		for name, a := range schema.Schema.Attributes {
			if a.IsOptional() || a.IsRequired() {
				out["resource "+meta.TypeName] = append(out["resource "+meta.TypeName], name)
			}
		}
	}
	for _, made := range p.DataSources(t.Context()) {
		d := made()
		var meta datasource.MetadataResponse
		d.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "gkepreflight"}, &meta)
		var schema datasource.SchemaResponse
		d.Schema(t.Context(), datasource.SchemaRequest{}, &schema)
		for name, a := range schema.Schema.Attributes {
			if a.IsOptional() || a.IsRequired() {
				out["data "+meta.TypeName] = append(out["data "+meta.TypeName], name)
			}
		}
	}
	return out
}

func functionsOf(p provider.Provider) []string {
	var out []string
	if with, ok := p.(provider.ProviderWithFunctions); ok {
		for _, made := range with.Functions(context.Background()) {
			var meta function.MetadataResponse
			made().Metadata(context.Background(), function.MetadataRequest{}, &meta)
			out = append(out, meta.Name)
		}
	}
	return out
}

// TestPlans plans the examples that need no account, and holds their outputs against what they should be.
func TestPlans(t *testing.T) {
	for _, c := range []struct {
		example string
		want    map[string]any // outputs that the plan knows
	}{
		{"demo/fixed", nil},
		{"gate-without-account", map[string]any{"verdict": "pass"}},
		{"functions/nat_covers", map[string]any{"covered": map[string]any{"primary": true, "secondary": map[string]any{"pods": false}}}},
		{"functions/parse_image", map[string]any{"normalized": "docker.io/library/nginx:1.27", "via": "mirror"}},
		{"functions/artifact_registry_image", map[string]any{"image": "us-central1-docker.pkg.dev/my-project/docker-hub/library/nginx:1.27"}},
		{"functions/manifest_images", map[string]any{"images": []any{"busybox:1.36", "quay.io/prometheus/prometheus:v3.0.0"}}},
	} {
		t.Run(c.example, func(t *testing.T) {
			w := newWorkspace(t, filepath.FromSlash(c.example))
			status, out := w.run("plan", "-no-color", "-input=false", "-out=plan")
			if status != 0 || strings.Contains(out, "Warning: gkepreflight") {
				t.Fatalf("exit status %d\n%s", status, out)
			}
			status, shown := w.run("show", "-json", "plan")
			if status != 0 {
				t.Fatal(shown)
			}
			var plan struct {
				Outputs map[string]struct {
					After any `json:"after"`
				} `json:"output_changes"`
			}
			if err := json.Unmarshal([]byte(shown[strings.Index(shown, "{"):]), &plan); err != nil {
				t.Fatal(err)
			}
			for name, want := range c.want {
				if got := plan.Outputs[name].After; !reflect.DeepEqual(got, want) {
					t.Errorf("output %s = %v, want %v", name, got, want)
				}
			}
			if status, out = w.run("apply", "-no-color", "-input=false", "plan"); status != 0 {
				t.Errorf("apply: exit status %d\n%s", status, out)
			}
			if status, out = w.run("plan", "-no-color", "-input=false", "-detailed-exitcode"); status != 0 {
				t.Errorf("a second plan has changes: exit status %d\n%s", status, out)
			}
		})
	}
}

// TestBrokenDemo holds what the broken demo prints, which the guides and the provider's page show.
func TestBrokenDemo(t *testing.T) {
	w := newWorkspace(t, filepath.Join("demo", "broken"))
	status, out := w.run("plan", "-no-color", "-input=false")
	if status != 1 {
		t.Fatalf("exit status %d\n%s", status, out)
	}
	got := out[max(0, strings.Index(out, "Error: ")):]
	golden := filepath.Join("demo", "broken", "plan.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the demo prints something else; go test ./examples -update, then regenerate the docs. Got\n%s", got)
	}
}
