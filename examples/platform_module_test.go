package examples

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

const module = "platform-module"

// bodies are the module's files.
func bodies(t *testing.T) []*hclsyntax.Body {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(module, "*.tf"))
	if err != nil || len(names) < 5 {
		t.Fatal(names, err)
	}
	var out []*hclsyntax.Body
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
		body, is := f.Body.(*hclsyntax.Body)
		if diags.HasErrors() || !is {
			t.Fatal(diags)
		}
		out = append(out, body)
	}
	return out
}

// documented are the arguments of types that no recorded plan has, as the google provider's documentation lists them.
var documented = map[string][]string{
	"google_service_account":                         {"project", "account_id", "display_name"},
	"google_project_iam_member":                      {"project", "role", "member"},
	"google_artifact_registry_repository_iam_member": {"project", "location", "repository", "role", "member"},
}

// planned are the arguments that the google provider planned, by type, and of blocks by type and path: google_compute_router_nat.subnetwork.
func planned(t *testing.T) map[string]map[string]bool {
	t.Helper()
	out := map[string]map[string]bool{}
	note := func(where, name string) {
		if out[where] == nil {
			out[where] = map[string]bool{}
		}
		out[where][name] = true
	}
	var walk func(where string, value any)
	walk = func(where string, value any) {
		switch v := value.(type) {
		case map[string]any:
			for name, inner := range v {
				note(where, name)
				walk(where+"."+name, inner)
			}
		case []any:
			for _, inner := range v {
				walk(where, inner)
			}
		}
	}
	names, err := filepath.Glob(filepath.Join("..", "internal", "testdata", "plans", "*", "plan.json"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var plan struct {
			Changes []struct {
				Type   string
				Change struct {
					After   any `json:"after"`
					Unknown any `json:"after_unknown"`
				}
			} `json:"resource_changes"`
		}
		if err := json.Unmarshal(text, &plan); err != nil {
			t.Fatal(err)
		}
		for _, c := range plan.Changes {
			walk(c.Type, c.Change.After)
			walk(c.Type, c.Change.Unknown)
		}
	}
	for typ, names := range documented {
		for _, name := range names {
			note(typ, name)
		}
	}
	return out
}

// TestModuleShapes holds every argument and block of the module's Google resources against what the google provider planned, and the stand-in's too.
func TestModuleShapes(t *testing.T) {
	known := planned(t)
	var check func(where string, body *hclsyntax.Body)
	check = func(where string, body *hclsyntax.Body) {
		for name := range body.Attributes {
			if !known[where][name] && !slices.Contains([]string{"for_each", "count", "depends_on"}, name) {
				t.Errorf("%s: the google provider planned no %s in %s", body.Attributes[name].SrcRange, name, where)
			}
		}
		for _, block := range body.Blocks {
			name, inner := block.Type, block.Body
			if name == "dynamic" {
				name, inner = block.Labels[0], block.Body.Blocks[0].Body
			}
			if !known[where][name] {
				t.Errorf("%s: the google provider planned no block %s in %s", block.TypeRange, name, where)
			}
			check(where+"."+name, inner)
		}
	}
	seen := 0
	for _, body := range bodies(t) {
		for _, block := range body.Blocks {
			if block.Type == "resource" && strings.HasPrefix(block.Labels[0], "google_") {
				seen++
				check(block.Labels[0], block.Body)
			}
		}
	}
	if seen < 9 {
		t.Errorf("only %d resources", seen)
	}
	for name, s := range google {
		for argument := range s {
			if where := "google_" + name; !known[where][argument] && documented[where] == nil {
				t.Errorf("the stand-in takes %s in %s, which the google provider never planned", argument, where)
			}
		}
	}
}

// TestModule plans the module, beside a stand-in for the google provider, with and without Cloud NAT.
func TestModule(t *testing.T) {
	set := []string{"-var=project=my-project", "-var=region=us-central1", "-var=name=shop"}
	through := "us-central1-docker.pkg.dev/my-project/shop-"
	for _, c := range []struct {
		name   string
		nat    bool
		images []string
		fails  string // the beginning of the error
		want   map[string]string
	}{
		{"images of listed registries", true, []string{"nginx:1.27", "registry.k8s.io/pause:3.10"}, "",
			map[string]string{"nginx:1.27": through + "docker-hub/library/nginx:1.27", "registry.k8s.io/pause:3.10": through + "k8s/pause:3.10"}},
		{"another registry, with Cloud NAT", true, []string{"mcr.microsoft.com/dotnet/runtime:9.0"}, "",
			map[string]string{"mcr.microsoft.com/dotnet/runtime:9.0": "mcr.microsoft.com/dotnet/runtime:9.0"}},
		{"listed registries, without Cloud NAT", false, []string{"nginx:1.27"}, "", map[string]string{"nginx:1.27": through + "docker-hub/library/nginx:1.27"}},
		{"another registry, without Cloud NAT", false, []string{"mcr.microsoft.com/dotnet/runtime:9.0"}, "Error: nat-node-range", nil},
		{"an image that does not parse", true, []string{"Nginx:1.27:latest"}, "Error: ", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorkspace(t, module)
			list, err := json.Marshal(c.images)
			if err != nil {
				t.Fatal(err)
			}
			args := append(slices.Clone(set), fmt.Sprintf("-var=nat=%v", c.nat), "-var=images="+string(list))
			status, out := w.run(append([]string{"plan", "-no-color", "-input=false", "-out=plan"}, args...)...)
			if c.fails != "" {
				if status != 1 || !strings.Contains(out, c.fails) {
					t.Errorf("exit status %d, want %q:\n%s", status, c.fails, out)
				}
				return
			}
			if status != 0 || strings.Contains(out, "Warning: gkepreflight") {
				t.Fatalf("exit status %d:\n%s", status, out)
			}
			_, shown := w.run("show", "-json", "plan")
			var plan struct {
				Outputs map[string]struct {
					After any `json:"after"`
				} `json:"output_changes"`
			}
			if err := json.Unmarshal([]byte(shown[strings.Index(shown, "{"):]), &plan); err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			if images, is := plan.Outputs["images"].After.(map[string]any); is {
				for ref, to := range images {
					got[ref] = fmt.Sprint(to)
				}
			}
			if !maps.Equal(got, c.want) {
				t.Errorf("images %v, want %v", got, c.want)
			}
			if status, out := w.run("apply", "-no-color", "-input=false", "plan"); status != 0 {
				t.Errorf("apply: exit status %d\n%s", status, out)
			}
			if _, verdict := w.run("output", "-raw", "verdict"); !strings.HasPrefix(verdict, "pass") {
				t.Errorf("verdict %s", verdict)
			}
			if status, out := w.run(append([]string{"plan", "-no-color", "-input=false", "-detailed-exitcode"}, args...)...); status != 0 {
				t.Errorf("a second plan has changes: exit status %d\n%s", status, out)
			}
		})
	}
}
