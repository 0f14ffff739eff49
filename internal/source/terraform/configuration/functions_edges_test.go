package configuration_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform/configuration"
)

// What a function does with its least, its most and its wrong arguments is what Terraform 1.11 does; what Terraform refuses is unknown.
func TestFunctionsAtTheirEdges(t *testing.T) {
	const refused = "?"
	tests := []struct{ expr, want string }{
		{`indent(2, "a\nb")`, `"a\n  b"`},
		{`timeadd("2020-01-01T00:00:00Z", "1h")`, `"2020-01-01T01:00:00Z"`},
		{`replace("x/a", "/a", "-")`, `"x-"`},
		{`replace("a/x", "a/", "-")`, `"-x"`},
		{`replace("a/", "/", "-")`, `"a-"`},
		{`replace("x", "/(/", "-")`, refused},
		{`transpose({ a = [] })`, `{}`},
		{`transpose({ b = ["x"], a = ["x"], c = ["x"] })`, `{x:["a", "b", "c"]}`},
		{`transpose({ a = [null] })`, refused},
		{`matchkeys(["a", "b"], ["x", "y"], ["z"])`, `[]`},
		{`matchkeys(["a", "b"], ["x"], ["x"])`, refused},
		{`matchkeys(["a", "b"], [var.u, "y"], ["y"])`, `?<u>`},
		{`lookup({ a = 1 }, "a", 0, 0)`, refused},
		{`lookup(["a"], "a", 0)`, refused},
		{`lookup({ a = 1 }, null, 0)`, refused},
		{`sum(["1", 2])`, `3`},
		{`sum(["a"])`, refused},
		{`sum([1, null])`, refused},
		{`sum("a")`, refused},
		{`index({ a = "a" }, "a")`, refused},
		{`index([var.u, "b"], "b")`, `?<u>`},
		{`alltrue([true, null])`, `false`},
		{`alltrue([true, false])`, `false`},
		{`anytrue([null, true])`, `true`},
		{`anytrue([false, null])`, `false`},
		{`cidrhost("10.0.0.0/24", -256)`, `"10.0.0.0"`},
		{`cidrhost("10.0.0.0/24", -257)`, refused},
		{`cidrhost("10.0.0.0/24", 255)`, `"10.0.0.255"`},
		{`cidrhost("10.0.0.0/24", 0)`, `"10.0.0.0"`},
		{`cidrhost("10.0.0.0/24", 1.5)`, refused},
		{`cidrhost("10.0.0.7", 1)`, refused},
		{`cidrsubnet("10.0.0.0/8", 24, 5)`, `"10.0.0.5/32"`},
		{`cidrsubnet("10.0.0.0/8", 25, 0)`, refused},
		{`cidrsubnet("10.0.0.0/8", 8, 1.5)`, refused},
		{`cidrsubnet("10.0.0.0/8", 8, 255)`, `"10.255.0.0/16"`},
		{`cidrsubnet("10.0.0.0/8", 0, 0)`, `"10.0.0.0/8"`},
		{`cidrsubnets("10.0.0.0/31", 1, 1)`, `["10.0.0.0/32", "10.0.0.1/32"]`},
		{`cidrsubnets("10.0.0.0/31", 0)`, refused},
		{`cidrsubnets("10.0.0.0/31", 2)`, refused},
		{`cidrsubnets("10.0.0.0/8")`, `[]`},
		{`cidrsubnets("10.0.0.0/8", "x")`, refused},
		{`cidrnetmask("fd00::/64")`, refused},
		{`coalesce(null, "a", 1)`, `"a"`},
		{`coalesce([], ["b"])`, `[]`},
		{`setproduct(["a"], [])`, `[]`},
		{`length(5)`, refused},
		{`one(["a", "b"])`, refused},
		{`one({ a = 1 })`, refused},
		{`element([], 0)`, refused},
		{`tolist(["a", 1])[1]`, `"1"`},
		{`zipmap(["a"], ["b", "c"])`, refused},
		{`issensitive(var.k)`, `false`},
		{`issensitive(sensitive(var.u))`, `true`},
		{`issensitive(var.u)`, `?`},

		{`try((var.u), "fallback")`, `?<u>`},
		{`try(var.o["a"], "fallback")`, `?<u>`},
		{`try(var.o["z"], "fallback")`, `"fallback"`},
		{`try(var.o[var.k], "fallback")`, `"fallback"`},
		{`try(var.o[var.u], "fallback")`, `?`},
		{`try(var.o[lower("A")], "fallback")`, `?<u>`},
		{`try(var.l[1], "fallback")`, `?<w>`},
		{`try(var.l[2], "fallback")`, `"fallback"`},
		{`try(merge(var.o, {}).a, "fallback")`, `?<u>`},
		{`try(upper(var.u), "fallback")`, `?<u>`},
		{`try(tonumber("x"), tobool("x"), "last")`, `"last"`},
		{`can((var.u))`, `true<u>`},
		{`can(var.o["z"])`, `false`},
		{`can(upper(var.u))`, `?<u>`},
	}
	known := fakeKnown{variables: map[string]cty.Value{
		"u": unknown("u"), "w": unknown("w"), "k": cty.StringVal("known").Mark(origin("k")),
		"o": object("a", unknown("u"), "b", "B"), "l": cty.TupleVal([]cty.Value{cty.StringVal("first"), unknown("w")}),
	}}
	for _, test := range tests {
		t.Run(test.expr, func(t *testing.T) {
			files := map[string]string{"main.tf": "variable \"u\" {}\nvariable \"w\" {}\nvariable \"k\" {}\nvariable \"o\" {}\nvariable \"l\" {}\nresource \"test_thing\" \"x\" { v = " + test.expr + " }\n"}
			if got := plain(t, files, known); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// Counts and keys that are odd leave a module's outputs unknown; those that only are written oddly do not.
func TestModuleCountsAtTheirEdges(t *testing.T) {
	tests := []struct{ name, call, expr, want string }{
		{"a count in quotes", "count = \"2\"\nin = count.index", "module.m[1].in", "1"},
		{"a boolean turned into a count", "count = true ? 1 : 0\nin = \"a\"", "module.m[0].in", `"a"`},
		{"a null count", "count = null\nin = \"a\"", "module.m[0].in", "?"},
		{"a negative count", "count = -1\nin = \"a\"", "module.m", "?"},
		{"a count that is no number", "count = \"two\"\nin = \"a\"", "module.m", "?"},
		{"null keys", "for_each = null\nin = each.value", `module.m["a"].in`, "?"},
		{"an empty for_each", "for_each = {}\nin = each.value", `module.m`, "{}"},
		{"a list is no for_each", "for_each = [\"a\"]\nin = each.value", `module.m`, "?"},
		{"a map", "for_each = tomap({ a = \"x\" })\nin = each.value", `module.m["a"].in`, `"x"`},
		{"keys with slashes", "for_each = toset([\"r1/a.b\"])\nin = each.key", `module.m["r1/a.b"].in`, `"r1/a.b"`},
		{"a nested object behind a key", "for_each = { a = { sub = net.one.id, other = 1 } }\nin = each.value.sub", `module.m["a"].in`, "?<net.one>"},
		{"only known keys of an unknown value", "for_each = { a = net.one.id, b = \"known\" }\nin = each.value", `[module.m["a"].in, module.m["b"].in]`, `[?<net.one>, "known"]`},
		{"an output of one instance for another", "for_each = { a = 1, b = 2 }\nin = each.value", `module.m["b"]["in"]`, "2"},
		{"all outputs of one instance", "count = 1\nin = 5", "module.m[0]", `{in:5, other:null, secret:5<sensitive>, twice:[5, 5]}`},
		{"a splat over a module without count", "in = 5", "module.m[*].in", "[5]"},
		{"a local through a module and back", "in = local.plain", "[for v in module.m.twice : upper(v)]", `["P", "P"]`},
		{"a providers map is no argument", "providers = { google = google.other }\nin = 1", "module.m.in", "1"},
		{"depends_on is no argument", "depends_on = [net.one]\nin = 1", "module.m.in", "1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{
				"main.tf":        blocks + "module \"m\" {\n source = \"./modules/m\"\n" + test.call + "\n}\nresource \"test_thing\" \"x\" { v = " + test.expr + " }\n",
				"modules/m/m.tf": childModule,
			}
			if got := plain(t, files, subnets()); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// Blocks that say what becomes of resources, and files that editors leave, change nothing of what is evaluated.
func TestWhatElseAConfigurationHolds(t *testing.T) {
	const thing = "resource \"test_thing\" \"x\" { v = \"right\" }\n"
	for name, files := range map[string]map[string]string{
		"moved, import, removed and check": {"main.tf": thing + `
moved {
  from = test_thing.old
  to   = test_thing.x
}
import {
  to = test_thing.x
  id = "projects/p/x"
}
removed {
  from = test_thing.gone
  lifecycle { destroy = false }
}
check "health" {
  assert {
    condition     = test_thing.x.v == "x"
    error_message = "no"
  }
}`},
		"settings, providers and aliases": {"main.tf": thing + `
terraform {
  required_version = ">= 1.5"
  required_providers { google = { source = "hashicorp/google" } }
  backend "gcs" { bucket = "b" }
}
provider "google" { project = "p" }
provider "google" {
  alias  = "other"
  region = test_thing.x.v
}`},
		"lifecycle, provisioners and a provider in a resource": {"main.tf": `
resource "test_thing" "x" {
  provider = google.other
  v        = "right"
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [v]
  }
  provisioner "local-exec" { command = self.v }
}`},
		"files of editors":              {"main.tf": thing, ".#main.tf": "broken {", "#main.tf": "broken {", ".hidden.tf": "broken {", "main.tf~": "broken {", "main.tf.bak": "broken {"},
		"a folder named like a file":    {"main.tf": thing, "sub.tf/inner.tf": "broken {"},
		"an override of a single name":  {"main.tf": "resource \"test_thing\" \"x\" { v = \"wrong\" }\n", "override.tf": thing},
		"an override sorted first":      {"zz.tf": "resource \"test_thing\" \"x\" { v = \"wrong\" }\n", "a_override.tf": thing},
		"overrides in order":            {"main.tf": "resource \"test_thing\" \"x\" { v = \"wrong\" }\n", "a_override.tf": "resource \"test_thing\" \"x\" { v = \"wrong\" }\n", "b_override.tf": thing},
		"no override by its name":       {"main.tf": thing, "my_overrides.tf": "locals { a = 1 }\n"},
		"a byte order mark and Windows": {"main.tf": "\xef\xbb\xbf// of Windows\r\nresource \"test_thing\" \"x\" {\r\n  v = \"right\" # so\r\n}\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := plain(t, files, fakeKnown{}); got != `"right"` {
				t.Errorf("got %s", got)
			}
		})
	}
}

// Variables take what is given, their default or nothing; never another's.
func TestVariablesWithoutValues(t *testing.T) {
	tests := []struct{ name, declaration, want string }{
		{"a default that is null", "default = null", "null"},
		{"a typed default", "type = list(string)\n default = [1, 2]", `["1", "2"]`},
		{"a typed map", "type = map(number)\n default = { a = \"1\" }", `{a:1}`},
		{"a legacy map", "type = \"map\"\n default = { a = 1 }", `{a:1}`},
		{"a legacy map of mixed values", "type = \"map\"\n default = { a = 1, b = \"x\" }", `{a:"1", b:"x"}`},
		{"a default that does not fit", "type = number\n default = \"x\"", "?"},
		{"a sensitive default", "default = \"s\"\n sensitive = true", `"s"<sensitive>`},
		{"not sensitive", "default = \"s\"\n sensitive = false", `"s"`},
		{"not nullable and no default", "type = string\n nullable = false", "?"},
		{"an ephemeral variable", "type = string\n ephemeral = true\n default = \"e\"", `"e"`},
		{"a validation beside it", "default = \"d\"\n validation {\n condition = var.g != \"x\"\n error_message = \"no\"\n }", `"d"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"main.tf": "variable \"g\" {\n " + test.declaration + "\n}\nresource \"test_thing\" \"x\" { v = var.g }\n"}
			if got := plain(t, files, fakeKnown{}); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			child := map[string]string{"main.tf": "module \"m\" { source = \"./m\" }\n", "m/main.tf": files["main.tf"]}
			if got := attribute(t, child, fakeKnown{}, configuration.Path{{Name: "m", Key: cty.NilVal}}, cty.NilVal); got != test.want {
				t.Errorf("in a module: got %s, want %s", got, test.want)
			}
		})
	}
}
