package configuration_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform/configuration"
)

func TestBlocks(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"static", `v { a = "x" }`, `[{a:"x"}]`},
		{"several", "v { a = 1 }\nv { b = 2 }", `[{a:1}, {b:2}]`},
		{"empty", `v {}`, `[{}]`},
		{"not set", `w {}`, `absent`},
		{"attribute set to null", `v { a = null }`, `[{a:null}]`},
		{"nested", "v {\n inner { a = net.one.id }\n inner { a = 2 }\n}", `[{inner:[{a:?<net.one>}, {a:2}]}]`},
		{"failing attribute", "v {\n a = net.one.nope\n b = 1\n}", `[{a:?, b:1}]`},
		{"dynamic", "dynamic \"v\" {\n for_each = net.many[*].id\n content { a = v.value }\n}", `[{a:?<net.many[0]>}, {a:?<net.many[1]>}]`},
		{"dynamic by key", "dynamic \"v\" {\n for_each = { k = 1 }\n content { a = \"${v.key}${v.value}\" }\n}", `[{a:"k1"}]`},
		{"iterator", "dynamic \"v\" {\n for_each = [local.one]\n iterator = it\n content { a = it.value }\n}", `[{a:?<net.one>}]`},
		{"conditional, made", "dynamic \"v\" {\n for_each = var.plain == \"default\" ? [1] : []\n content { a = true }\n}", `[{a:true}]`},
		{"conditional, not made", "dynamic \"v\" {\n for_each = var.plain == \"x\" ? [1] : []\n content { a = true }\n}", `[]`},
		{"static and dynamic", "v { a = 0 }\ndynamic \"v\" {\n for_each = [1]\n content { b = v.value }\n}", `[{a:0}, {b:1}]`},
		{"unknown for_each", "dynamic \"v\" {\n for_each = net.one.id\n content { a = v.value }\n}", `?<net.one>`},
		{"unknown for_each beside a static block", "v { a = net.many[0].id }\ndynamic \"v\" {\n for_each = local.one\n content { a = v.value }\n}", `?<net.many[0] net.one>`},
		{"failing for_each", "dynamic \"v\" {\n for_each = local.plain.nope\n content {}\n}", `?`},
		{"null for_each", "dynamic \"v\" {\n for_each = null\n content {}\n}", `?`},
		{"missing content", "dynamic \"v\" {\n for_each = [1]\n}", `?`},
		{"set with a mark", "dynamic \"v\" {\n for_each = toset([local.one])\n content {\n a = v.value\n b = 1\n }\n}", `[{a:?<net.one>, b:1<net.one>}]`},
		{
			"dynamic in dynamic",
			`dynamic "v" {
    for_each = { a = ["x", "y"], b = [] }
    content {
      k = v.key
      dynamic "inner" {
        for_each = v.value
        content { a = "${v.key}-${inner.value}" }
      }
    }
  }`,
			`[{inner:[{a:"a-x"}, {a:"a-y"}], k:"a"}, {k:"b"}]`,
		},
		{
			"dynamic in dynamic with iterators",
			`dynamic "v" {
    for_each = net.many
    iterator = outer
    content {
      dynamic "inner" {
        for_each = [outer.value.id]
        iterator = deep
        content { a = [outer.value.name, deep.value] }
      }
    }
  }`,
			`[{inner:[{a:["m0", ?<net.many[0]>]}]}, {inner:[{a:["m1", ?<net.many[1]>]}]}]`,
		},
		{
			"unknown dynamic in a known one",
			`dynamic "v" {
    for_each = [1]
    content {
      a = 1
      dynamic "inner" {
        for_each = local.one
        content { a = inner.value }
      }
    }
  }`,
			`[{a:1, inner:?<net.one>}]`,
		},
		{"dynamic in a static block", "v {\n dynamic \"inner\" {\n for_each = [1]\n content { a = inner.value }\n }\n}", `[{inner:[{a:1}]}]`},
		{"each in a block", "v { a = each.value }", `[{a:"E"}]`},
		{"each in for_each", "dynamic \"v\" {\n for_each = [each.key]\n content { a = v.value }\n}", `[{a:"e"}]`},
		{"object attribute", "v = { a = local.one }", `{a:?<net.one>}`},
		{"heredoc in a block", "v {\n a = <<EOT\nx ${local.plain}\nEOT\n}", `[{a:"x p\n"}]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"main.tf": blocks + "resource \"test_thing\" \"x\" {\n  for_each = { e = \"E\" }\n  " + test.body + "\n}\n"}
			if got := attribute(t, files, subnets(), nil, cty.StringVal("e")); got != test.want {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestJSONFiles(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"attribute", `"v": "${net.one.id}"`, `?<net.one>`},
		{"plain string", `"v": "a"`, `"a"`},
		{"list", `"v": ["${net.one.id}", 1]`, `[?<net.one>, 1]`},
		{"one block", `"v": {"a": "${local.plain}"}`, `[{a:"p"}]`},
		{"blocks", `"v": [{"a": 1}, {"b": {"c": "${net.one.id}"}}]`, `[{a:1}, {b:[{c:?<net.one>}]}]`},
		{"dynamic", `"dynamic": {"v": {"for_each": "${net.many[*].id}", "content": {"a": "${v.value}"}}}`, `[{a:?<net.many[0]>}, {a:?<net.many[1]>}]`},
		{"dynamic list with iterator", `"dynamic": {"v": [{"for_each": ["x"], "iterator": "it", "content": {"a": "${it.value}"}}]}`, `[{a:"x"}]`},
		{"unknown function", `"v": ["${file(\"x\")}", "b"]`, `[?, "b"]`},
		{"comment", `"//": "x", "v": 1`, `1`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{
				"main.tf":    blocks,
				"x.tf.json":  `{"resource": {"test_thing": {"x": {` + test.body + `}}}}`,
				"ignored.md": "not { configuration",
			}
			if got := plain(t, files, subnets()); got != test.want {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestOverrides(t *testing.T) {
	files := map[string]string{
		"main.tf": `
variable "a" {
  type    = string
  default = "base"
}
locals {
  kept    = "kept"
  changed = "base"
}
module "m" {
  source = "./m"
  in     = "base"
  other  = "kept"
}
resource "test_thing" "x" {
  v = [var.a, local.kept, local.changed, module.m.in, module.m.other]
  w = "base"
  b { from = "base" }
  b { from = "base" }
  c { from = "base" }
}`,
		"a_override.tf": `
variable "a" { default = "override" }
locals { changed = "override" }
module "m" { in = "override" }
resource "test_thing" "x" {
  w = "first"
  b { from = "override" }
}`,
		"override.tf.json": `{"resource": {"test_thing": {"x": {"w": "last"}}}}`,
		"m/m.tf":           childModule,
	}
	names := []string{"v", "w", "b", "c", "nope"}
	attrs, ok := open(t, files).Evaluator(fakeKnown{}).Resource(nil, "managed", "test_thing", "x", cty.NilVal, names)
	if !ok || len(attrs) != 4 {
		t.Fatalf("got %d names, want 4", len(attrs))
	}
	want := map[string]string{
		"v": `["override", "kept", "override", "override", "kept"]`,
		"w": `"last"`, "b": `[{from:"override"}]`, "c": `[{from:"base"}]`,
	}
	for name, want := range want {
		if got := show(attrs[name].Value); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if attrs["w"].File != "override.tf.json" || attrs["b"].File != "a_override.tf" || attrs["b"].Line != 7 {
		t.Errorf("w is at %s, b at %s:%d", attrs["w"].File, attrs["b"].File, attrs["b"].Line)
	}
}

func TestPositions(t *testing.T) {
	config := open(t, map[string]string{
		"main.tf":             "module \"a\" { source = \"./mods/a\" }\n\nresource \"test_thing\" \"x\" {\n  v = 1\n}\n",
		"mods/a/main.tf":      "module \"b\" { source = \"../b\" }\ndata \"test_thing\" \"x\" {}\n",
		"mods/b/sub.tf":       "\nresource \"test_thing\" \"x\" {\n\n  v = path.module\n}\n",
		"mods/b/sub/other.tf": "resource \"test_thing\" \"unseen\" {}\n",
	})
	a := configuration.Step{Name: "a", Key: cty.NumberIntVal(0)}
	b := configuration.Step{Name: "b", Key: cty.StringVal("k")}
	tests := []struct {
		name       string
		module     configuration.Path
		mode, typ  string
		block      string
		file       string
		line       int
		configured bool
	}{
		{"root", nil, "managed", "test_thing", "x", "main.tf", 3, true},
		{"data source", configuration.Path{a}, "data", "test_thing", "x", "mods/a/main.tf", 2, true},
		{"other mode", configuration.Path{a}, "managed", "test_thing", "x", "", 0, false},
		{"below", configuration.Path{a, b}, "managed", "test_thing", "x", "mods/b/sub.tf", 2, true},
		{"folder below a module", configuration.Path{a, b}, "managed", "test_thing", "unseen", "", 0, false},
		{"no such module", configuration.Path{b}, "managed", "test_thing", "x", "", 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, line, ok := config.Position(test.module, test.mode, test.typ, test.block)
			if file != test.file || line != test.line || ok != test.configured {
				t.Errorf("got %s:%d %t, want %s:%d %t", file, line, ok, test.file, test.line, test.configured)
			}
			_, ok = config.Evaluator(fakeKnown{}).Resource(test.module, test.mode, test.typ, test.block, cty.NilVal, nil)
			if ok != test.configured {
				t.Errorf("evaluation finds it: %t", ok)
			}
		})
	}
	attrs, _ := config.Evaluator(fakeKnown{}).Resource(configuration.Path{a, b}, "managed", "test_thing", "x", cty.NilVal, []string{"v"})
	if got := attrs["v"]; got.File != "mods/b/sub.tf" || got.Line != 4 || show(got.Value) != `"mods/b"` {
		t.Errorf("v is %s at %s:%d", show(got.Value), got.File, got.Line)
	}
}
