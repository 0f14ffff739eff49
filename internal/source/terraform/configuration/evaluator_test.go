package configuration_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform/configuration"
)

func subnets() fakeKnown {
	return fakeKnown{
		variables: map[string]cty.Value{
			"given": cty.StringVal("from the plan"), "nothing": cty.NullVal(cty.DynamicPseudoType), "later": cty.DynamicVal,
		},
		instances: map[string][]configuration.Instance{
			"/net.one":       single(object("id", unknown("net.one"), "name", "one")),
			"/net.many":      counted(object("id", unknown("net.many[0]"), "name", "m0"), object("id", unknown("net.many[1]"), "name", "m1")),
			"/net.each":      keyed("a", object("id", unknown(`net.each["a"]`)), "b/c", object("id", unknown(`net.each["b/c"]`))),
			"/net.none":      {},
			"/net.no_keys":   {},
			"/net.gone":      {},
			"/data.net.read": single(object("id", "known")),
		},
	}
}

const blocks = `
variable "given" { default = "default" }
variable "nothing" { default = "default" }
variable "strict" {
  default  = "default"
  nullable = false
}
variable "later" {}
variable "unset" { type = string }
variable "plain" { default = "default" }
resource "net" "one" {}
resource "net" "many" { count = 2 }
resource "net" "each" { for_each = toset(["a", "b/c"]) }
resource "net" "none" { count = 0 }
resource "net" "no_keys" { for_each = {} }
resource "net" "gone" {}
resource "net" "untold" { count = 2 }
data "net" "read" {}
locals {
  plain   = "p"
  one     = net.one.id
  list    = net.many[*].id
  by_name = { for n in net.many : n.name => n.id }
  loop    = local.pool
  pool    = local.loop
  self    = { kept = "yes", lost = local.self }
  broken  = local.plain.nope
}
`

func TestExpressions(t *testing.T) {
	tests := []struct{ name, expr, want string }{
		{"literal", `"a"`, `"a"`},
		{"heredoc", "<<-EOT\n    a ${local.plain}\n      b\n  EOT\n", `"a p\n  b\n"`},
		{"template with an unknown part", `"x/${local.one}"`, "?<net.one>"},
		{"variable of the plan", "var.given", `"from the plan"`},
		{"null variable of the plan", "var.nothing", "null"},
		{"default", "var.plain", `"default"`},
		{"unknown variable", "var.later", "?"},
		{"variable without a value", "var.unset", "?"},
		{"undeclared variable", "var.undeclared", "?"},
		{"local", "local.one", "?<net.one>"},
		{"undeclared local", "local.undeclared", "?"},
		{"cycle of locals", "local.loop", "?"},
		{"cycle with a way out", "local.self.kept", `"yes"`},
		{"failing local beside a good one", "[local.broken, local.plain]", `[?, "p"]`},
		{"resource attribute", "net.one.name", `"one"`},
		{"missing resource attribute", "net.one.nope", "?"},
		{"data source", "data.net.read.id", `"known"`},
		{"undeclared data source", "data.net.nope.id", "?"},
		{"counted", "net.many[1].id", "?<net.many[1]>"},
		{"counted, out of range", "net.many[2].id", "?"},
		{"keyed", `net.each["b/c"].id`, `?<net.each["b/c"]>`},
		{"splat", "net.many[*].id", "[?<net.many[0]>, ?<net.many[1]>]"},
		{"splat of one", "net.one[*].name", `["one"]`},
		{"attribute splat", "net.many.*.name", `["m0", "m1"]`},
		{"none counted", "net.none[*].id", "[]"},
		{"none keyed", "[for n in net.no_keys : n.id]", "[]"},
		{"single block without instances", "net.gone.id", "?"},
		{"block of a type the plan does not hold", "net.untold[0].id", "?"},
		{"undeclared resource", "net.undeclared.id", "?"},
		{"one of none", "one(net.none[*].id)", "null"},
		{"one of one", "one(net.one[*].id)", "?<net.one>"},
		{"one of two", "one(net.many[*].id)", "?"},
		{"for with a condition", `[for n in net.many : n.id if n.name == "m1"]`, "[?<net.many[1]>]"},
		{"map of a for", `local.by_name["m0"]`, "?<net.many[0]>"},
		{"grouping", `{ for n in net.many : "k" => n.id... }`, "{k:[?<net.many[0]>, ?<net.many[1]>]}"},
		{"condition", "true ? net.many[0].id : net.many[1].id", "?<net.many[0]>"},
		{"condition within a call", "upper(false ? net.many[0].id : net.many[1].id)", "?<net.many[1]>"},
		{"condition within an object", "{ k = true ? net.one.id : net.many[1].id }", "{k:?<net.one>}"},
		{"condition within a condition", "false ? 1 : true ? net.one.id : net.many[1].id", "?<net.one>"},
		{"condition on a marked value", `net.one.id == "x" ? net.many[0].id : "b"`, "?<net.many[0] net.one>"},
		{"condition with a failing branch", "length(net.none) > 0 ? net.none[0].id : local.one", "?<net.one>"},
		{"condition on lists", "true ? net.many[*].id : []", "[?<net.many[0]>, ?<net.many[1]>]"},
		{"sensitive branch not taken", `true ? "a" : sensitive("b")`, `"a"<sensitive>`},
		{"try the first", `try(net.one.id, "fallback")`, "?<net.one>"},
		{"try the second", `try(net.none[0].id, net.many[1].id)`, "?<net.many[1]>"},
		{"try through an unknown", `try(net.one.id.deeper, "fallback")`, "?<net.one>"},
		{"try an object with an unknown part", "try(net.one, {})", `{id:?<net.one>, name:"one"}`},
		{"try nothing that works", "try(local.plain.a, local.plain.b)", "?"},
		{"can", "[can(net.one.id), can(net.none[0].id), can(net.one.id.deeper)]", "[true<net.one>, false, ?<net.one>]"},
		{"unknown function", "[file(local.plain), templatefile(net.one.id, {}), local.plain]", `[?, ?<net.one>, "p"]`},
		{"provider function", "[provider::x::y(local.one), local.plain]", `[?<net.one>, "p"]`},
		{"unknown function is no failure", `try(file("x"), "fallback")`, "?"},
		{"namespaced function", `core::upper("a")`, `"A"`},
		{"path", "[path.module, path.root]", `[".", "."]`},
		{"working folder and workspace", "[path.cwd, terraform.workspace]", "[?, ?]"},
		{"self", "[self.id]", "?"},
		{"each outside for_each", "[each.key]", "?"},
		{"call of a module that is not there", "module.absent.out", "?"},
		{"wrong type", `1 + "x"`, "?"},
		{"conversion of an unknown", "tostring(local.one)", "?<net.one>"},
		{"list of unknowns", "tolist(net.many[*].id)[1]", "?<net.many[1]>"},
		{"set of unknowns", "[for id in toset([local.one]) : id]", "[?]<net.one>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"main.tf": blocks + "resource \"test_thing\" \"x\" {\n  v = " + test.expr + "\n}\n"}
			if got := plain(t, files, subnets()); got != test.want {
				t.Errorf("%s\n got %s\nwant %s", test.expr, got, test.want)
			}
		})
	}
}

func TestVariableTypes(t *testing.T) {
	tests := []struct {
		name, declaration string
		given             cty.Value
		want              string
	}{
		{"converted", "type = number", cty.StringVal("4"), "4"},
		{"cannot be converted", "type = number", cty.StringVal("x").Mark(origin("m")), "?<m>"},
		{"unknown of a type", "type = list(string)", cty.DynamicVal.Mark(origin("m")), "?<m>"},
		{"marked elements", "type = list(string)", cty.TupleVal([]cty.Value{unknown("a"), cty.StringVal("b")}), `[?<a>, "b"]`},
		{"mixed unknowns in list(any)", "type = list(any)", cty.TupleVal([]cty.Value{unknown("a"), cty.StringVal("b")}), `[?<a>, "b"]`},
		{"null taken", `default = "d"`, cty.NullVal(cty.String), "null"},
		{"null refused", "default = \"d\"\n nullable = false", cty.NullVal(cty.String), `"d"`},
		{"sensitive", "sensitive = true", cty.StringVal("s").Mark(origin("m")), `"s"<m sensitive>`},
		{"optional attribute", `type = object({ a = string, b = optional(string) })`, object("a", "x"), `{a:"x", b:null}`},
		{"optional attribute with default", `type = object({ a = string, b = optional(number, 3) })`, object("a", "x"), `{a:"x", b:3}`},
		{
			"nested optional attributes", `type = map(object({ cidr = optional(string, "10.0.0.0/8"), sub = optional(object({ on = optional(bool, true) }), {}) }))`,
			object("k", object("sub", object())), `{k:{cidr:"10.0.0.0/8", sub:{on:true}}}`,
		},
		{"optional beside unknown", `type = object({ a = string, b = optional(string, "d") })`, object("a", unknown("m")), `{a:?<m>, b:"d"}`},
		{"legacy type name", `type = "string"`, cty.NumberIntVal(4), `"4"`},
		{"legacy list", `type = "list"`, cty.TupleVal([]cty.Value{cty.StringVal("a")}), `["a"]`},
		{"type that does not exist", `type = strang`, cty.StringVal("a"), `"a"`},
		{"dropped attribute", `type = object({ a = string })`, object("a", "x", "b", "y"), `{a:"x"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"main.tf": "variable \"g\" {\n" + test.declaration + "\n}\nresource \"test_thing\" \"x\" { v = var.g }\n"}
			known := fakeKnown{variables: map[string]cty.Value{"g": test.given}}
			if got := plain(t, files, known); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			child := map[string]string{
				"main.tf":   "variable \"h\" {}\nmodule \"m\" {\n  source = \"./m\"\n  g = var.h\n}\n",
				"m/main.tf": files["main.tf"],
			}
			known = fakeKnown{variables: map[string]cty.Value{"h": test.given}}
			module := configuration.Path{{Name: "m", Key: cty.NilVal}}
			if got := attribute(t, child, known, module, cty.NilVal); got != test.want {
				t.Errorf("as an argument of a module: got %s, want %s", got, test.want)
			}
		})
	}
}

const childModule = `
variable "in" { default = "unset" }
variable "other" { default = null }
locals { both = "${path.module}:${var.in}" }
output "in" { value = var.in }
output "twice" { value = [var.in, var.in] }
output "secret" {
  value     = var.in
  sensitive = true
}
output "other" { value = var.other }
resource "test_thing" "x" { v = local.both }
`

func TestModules(t *testing.T) {
	tests := []struct{ name, call, expr, want string }{
		{"output", `in = net.one.id`, "module.m.in", "?<net.one>"},
		{"default", ``, "module.m.in", `"unset"`},
		{"null for a nullable variable", `in = null`, "module.m.in", "null"},
		{"whole module", `in = "a"`, "module.m", `{in:"a", other:null, secret:"a"<sensitive>, twice:["a", "a"]}`},
		{"undeclared output", ``, "module.m.nope", "?"},
		{"counted", "count = 2\nin = net.many[count.index].id", "module.m[1].in", "?<net.many[1]>"},
		{"counted splat", "count = 2\nin = net.many[count.index].id", "module.m[*].in", "[?<net.many[0]>, ?<net.many[1]>]"},
		{"counted none", "count = 0", "one(module.m[*].in)", "null"},
		{"unknown count", "count = net.one.id", "module.m[0].in", "?<net.one>"},
		{"absurd count", "count = 1e12", "module.m[0].in", "?"},
		{"keyed", "for_each = net.each\nin = each.value.id", `module.m["a"].in`, `?<net.each["a"]>`},
		{"keyed by set", "for_each = toset([\"a\", \"b\"])\nin = \"${each.key}=${each.value}\"", `module.m["b"].in`, `"b=b"`},
		{"keyed, all", "for_each = { x = 1, y = 2 }\nin = each.value", `{ for k, m in module.m : k => m.in }`, "{x:1, y:2}"},
		{"keyed by reference", "for_each = { x = 1, y = 2 }\nin = each.value", `[for k in ["y"] : module.m[k].in]`, "[2]"},
		{"unknown keys", "for_each = toset([net.one.id])\nin = each.value", `module.m["a"].in`, "?<net.one>"},
		{"output that needs another output of the same module", "in = \"a\"\nother = module.m.in", "module.m.other", `"a"`},
		{"modules by whole object", "in = \"a\"\nother = [for m in [module.m] : m.in]", "module.m.other", `["a"]`},
		{"argument that needs itself", "in = module.m.in", "module.m.in", "?"},
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

func TestModuleInstances(t *testing.T) {
	files := map[string]string{
		"main.tf": `
module "k" {
  source   = "./m"
  for_each = { a = "A", "b.c/d" = "B" }
  in       = each.value
}
module "n" {
  source = "./m"
  count  = 2
  in     = "n${count.index}"
}`,
		"m/m.tf": childModule,
	}
	tests := []struct {
		name string
		step configuration.Step
		want string
	}{
		{"key", configuration.Step{Name: "k", Key: cty.StringVal("a")}, `"m:A"`},
		{"key with separators", configuration.Step{Name: "k", Key: cty.StringVal("b.c/d")}, `"m:B"`},
		{"key that for_each lacks", configuration.Step{Name: "k", Key: cty.StringVal("z")}, "?"},
		{"no key where there should be one", configuration.Step{Name: "k", Key: cty.NilVal}, "?"},
		{"index", configuration.Step{Name: "n", Key: cty.NumberIntVal(1)}, `"m:n1"`},
		{"null key", configuration.Step{Name: "k", Key: cty.NullVal(cty.String)}, "?"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := attribute(t, files, fakeKnown{}, configuration.Path{test.step}, cty.NilVal); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestResourceKeys(t *testing.T) {
	tests := []struct {
		name, meta, expr string
		key              cty.Value
		want             string
	}{
		{"count", "count = 3", "count.index", cty.NumberIntVal(2), "2"},
		{"for_each over an object", `for_each = { a = net.one.id }`, "[each.key, each.value]", cty.StringVal("a"), `["a", ?<net.one>]`},
		{"for_each over a resource", "for_each = net.each", "each.value.id", cty.StringVal("b/c"), `?<net.each["b/c"]>`},
		{"for_each over a set", `for_each = toset(["a"])`, "each.value", cty.StringVal("a"), `"a"`},
		{"for_each unknown", "for_each = var.later", "[each.key, each.value]", cty.StringVal("a"), `["a", ?]`},
		{"for_each with marks", `for_each = toset([local.one])`, "each.value", cty.StringVal("a"), `"a"<net.one>`},
		{"no key given", `for_each = toset(["a"])`, "each.key", cty.NilVal, "?"},
		{"no index given", "count = 3", "count.index", cty.NilVal, "?"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"main.tf": blocks + "resource \"test_thing\" \"x\" {\n" + test.meta + "\n v = " + test.expr + "\n}\n"}
			if got := attribute(t, files, subnets(), nil, test.key); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestInstancesOddly(t *testing.T) {
	tests := []struct {
		name string
		list []configuration.Instance
		want string
	}{
		{"gap", counted(object("id", "a"))[:0:0], "?"},
		{"targeted", []configuration.Instance{{Key: cty.NumberIntVal(2), Value: object("id", "c")}}, `[?, ?, {id:"c"}]`},
		{"mixed keys", append(counted(object()), keyed("a", object())...), "?"},
		{"huge index", []configuration.Instance{{Key: cty.NumberIntVal(1 << 40), Value: object()}}, "?"},
		{"no value", []configuration.Instance{{Key: cty.NilVal}}, "?"},
		{"null key", []configuration.Instance{{Key: cty.NullVal(cty.String), Value: object()}}, "?"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{"main.tf": "resource \"net\" \"n\" {}\nresource \"test_thing\" \"x\" { v = net.n }\n"}
			known := fakeKnown{instances: map[string][]configuration.Instance{"/net.n": test.list}}
			if got := plain(t, files, known); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestTangle holds references that a naive evaluator would follow without end or exponentially.
func TestTangle(t *testing.T) {
	var b strings.Builder
	b.WriteString("locals {\n  start = \"s\"\n")
	for i := range 25 {
		var refs []string
		for j := range 25 {
			if j != i {
				refs = append(refs, fmt.Sprintf("local.c%d", j))
			}
		}
		fmt.Fprintf(&b, "  c%d = [%s]\n", i, strings.Join(refs, ", "))
	}
	for i := range 2000 {
		fmt.Fprintf(&b, "  d%d = local.d%d\n", i, i+1)
	}
	b.WriteString("  e0 = \"laugh\"\n")
	for i := range 60 {
		fmt.Fprintf(&b, "  e%d = [local.e%d, local.e%d]\n  f%d = \"${local.%s}${local.%s}\"\n", i+1, i, i, i+1, last(i), last(i))
	}
	b.WriteString("  d2000 = \"end\"\n}\nresource \"test_thing\" \"x\" { v = [local.start, local.d1900, local.d0, can(local.e60), local.f60, length(local.c0)] }\n")
	start := time.Now()
	got := plain(t, map[string]string{"main.tf": b.String()}, fakeKnown{})
	if want := `["s", "end", ?, true, ?, ?]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if took := time.Since(start); took > 2*time.Minute {
		t.Errorf("took %s", took)
	}
}

func last(i int) string {
	if i == 0 {
		return "e0"
	}
	return fmt.Sprintf("f%d", i)
}

// TestOrder asks for the values of a cycle from different ends: what was asked first must not decide.
func TestOrder(t *testing.T) {
	files := map[string]string{"main.tf": `
locals {
  a = { own = "a", b = local.b }
  b = { own = "b", a = local.a }
}
resource "test_thing" "x" {
  v = local.a.own
  w = local.b.own
  y = local.b.a.own
  z = local.a.b.own
}`}
	config := open(t, files)
	for _, names := range [][]string{{"v", "w", "y", "z"}, {"z", "y", "w", "v"}} {
		attrs, _ := config.Evaluator(fakeKnown{}).Resource(nil, "managed", "test_thing", "x", cty.NilVal, names)
		for name, want := range map[string]string{"v": `"a"`, "w": `"b"`, "y": `"a"`, "z": `"b"`} {
			if got := show(attrs[name].Value); got != want {
				t.Errorf("asked %v: %s is %s, want %s", names, name, got, want)
			}
		}
	}
}
