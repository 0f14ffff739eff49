package terraform

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// spelled writes steps back in a form that tests can read: name[key] / name, strings quoted.
func spelled(steps []step) string {
	var out []string
	for _, s := range steps {
		text := s.name
		if k := keyText(s.key); strings.HasPrefix(k, "s") {
			text += `["` + k[1:] + `"]`
		} else if k != "" {
			text += "[" + k[1:] + "]"
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

func TestParseAddress(t *testing.T) {
	for _, c := range []struct{ name, address, want string }{
		{"a resource", `google_compute_network.vpc`, `google_compute_network vpc`},
		{"counted", `google_container_cluster.c[12]`, `google_container_cluster c[12]`},
		{"a key with a dot", `module.a["x.y"].t.n`, `module a["x.y"] t n`},
		{"a key with slashes", `t.n["europe-west1/gke"]`, `t n["europe-west1/gke"]`},
		{"a key with brackets", `t.n["a[0]"].id`, `t n["a[0]"] id`},
		{"a key that looks like an address", `module.a["module.b[\"c\"]"].t.n`, `module a["module.b["c"]"] t n`},
		{"a key with a quote", `t.n["say \"hi\""]`, `t n["say "hi""]`},
		{"a key with a backslash", `t.n["a\\b"]`, `t n["a\b"]`},
		{"a key that is a template when it is not escaped", `t.n["$${x}"]`, `t n["${x}"]`},
		{"a key with an umlaut", `t.n["zürich"]`, `t n["zürich"]`},
		{"an empty key", `t.n[""]`, `t n[""]`},
		{"a number as text", `t.n["1"]`, `t n["1"]`},
		{"two keys", `t.n["a"].b[0][1]`, `t n["a"] b[0] [1]`},
		{"a data source", `data.google_compute_network.n`, `data google_compute_network n`},
		{"a dash in a name", `module.gcp-network.out`, `module gcp-network out`},
	} {
		t.Run(c.name, func(t *testing.T) {
			steps, err := parseAddress(c.address)
			if err != nil {
				t.Fatal(err)
			}
			if got := spelled(steps); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestParseAddressRefuses(t *testing.T) {
	for name, address := range map[string]string{
		"nothing": "", "a dot alone": ".", "a dot at the end": "a.", "an open key": `a["b`, "an open bracket": "a[", "a splat": "a[*].b",
		"a space": "a b", "a number first": "1a.b", "a negative key": "a[-1].b", "a template as key": `a["${b}"]`,
		"one that is very long": strings.Repeat("é", longestAddress),
	} {
		t.Run(name, func(t *testing.T) {
			if steps, err := parseAddress(address); err == nil {
				t.Errorf("read as %s", spelled(steps))
			} else if strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
				t.Errorf("not one short line: %v", err)
			}
		})
	}
}

func TestModulePath(t *testing.T) {
	for _, c := range []struct{ name, address, path, parent string }{
		{"the root", "", "", ""},
		{"one call", "module.a", "a", ""},
		{"an instance", `module.a["x"]`, `a["x"]`, ""},
		{"nested instances", `module.a["x"].module.b[0]`, `a["x"] b[0]`, `module.a["x"]`},
		{"a key that looks like a call", `module.a["x"].module.b[".module.b[\"y\"]"]`, `a["x"] b[".module.b["y"]"]`, `module.a["x"]`},
		{"a call named module", `module.module.module.b`, `module b`, `module.module`},
	} {
		t.Run(c.name, func(t *testing.T) {
			path, err := modulePath(c.address)
			if err != nil {
				t.Fatal(err)
			}
			if got := spelled(path); got != c.path {
				t.Errorf("path %s, want %s", got, c.path)
			}
			if len(path) > 0 {
				if got := parentAddress(c.address, path[len(path)-1]); got != c.parent {
					t.Errorf("parent %s, want %s", got, c.parent)
				}
			}
		})
	}
	for name, address := range map[string]string{"a resource": "t.n", "no name": "module", "a key in the wrong place": "module[0].a", "too deep": strings.Repeat("module.a.", 300) + "module.a"} {
		if _, err := modulePath(address); err == nil {
			t.Errorf("%s is read as a module path", name)
		}
	}
}

// FuzzAddress holds the parser against HCL's own: it reads what HCL reads, in the same way, and nothing else.
func FuzzAddress(f *testing.F) {
	for _, seed := range []string{`module.a["x.y"].t.n[0].id`, `t.n["\u00e9\n"]`, `a[1][2].b`, `a["$${b}"]`, `a[1e3]`, `a[01]`, `a.0.b`, `a["b" ]`, "a.\tb", `data.t.n`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		steps, err := parseAddress(address)
		if len(address) > longestAddress {
			return
		}
		oracle, diags := hclsyntax.ParseTraversalAbs([]byte(address), "", hcl.InitialPos)
		if stricter := strings.ContainsAny(address, "* \t\r\n/#"); err == nil && diags.HasErrors() || err != nil && !diags.HasErrors() && !stricter {
			t.Fatalf("%q: ours %v, HCL's %v", address, err, diags)
		}
		if err != nil {
			return
		}
		want, err := parseWithHCL(address)
		if err != nil {
			t.Fatal(err)
		}
		if spelled(steps) != spelled(want) {
			t.Fatalf("%q: %s, want %s (%d steps in HCL)", address, spelled(steps), spelled(want), len(oracle))
		}
		for i, s := range steps {
			if s.name != "" && (s.at != want[i].at || !strings.HasPrefix(address[s.at:], s.name)) {
				t.Fatalf("%q: %s is at %d, not at %d", address, s.name, want[i].at, s.at)
			}
		}
		if path, err := modulePath(address); err == nil && len(path) > 0 {
			_ = parentAddress(address, path[len(path)-1])
		}
	})
}
