package provider

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// TestBadInput: each mistake is one error on its attribute, in the plan and while the configuration is validated.
func TestBadInput(t *testing.T) {
	text := cty.StringVal
	ignore := func(check, reason, expires string) cty.Value {
		return cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"check": text(check), "reason": text(reason), "expires": text(expires)})})
	}
	good := applied(t)
	first := func(name string) cty.Value { return good[name].Index(cty.NumberIntVal(0)) }
	for _, test := range []struct {
		name, argument string
		value          cty.Value
		at, says       string
	}{
		{"a subnetwork as cluster", "cluster", first("subnetworks"), `AttributeName("cluster")`, "cluster is no google_container_cluster"},
		{"a node pool as cluster", "cluster", first("node_pools"), `AttributeName("cluster")`, "cluster is no google_container_cluster"},
		{"a router among gateways", "nats", cty.TupleVal([]cty.Value{first("nats"), first("routers")}), `AttributeName("nats").ElementKeyInt(1)`, "nats[1] is no google_compute_router_nat: it has no router"},
		{"a subnetwork as network", "networks", cty.TupleVal([]cty.Value{first("subnetworks")}), `AttributeName("networks").ElementKeyInt(0)`, "its ID is"},
		{"a network as subnetwork", "subnetworks", cty.TupleVal([]cty.Value{first("networks")}), `AttributeName("subnetworks").ElementKeyInt(0)`, "subnetworks = [google_compute_subnetwork.main]"},
		{"a null among gateways", "nats", cty.TupleVal([]cty.Value{cty.NullVal(cty.DynamicPseudoType)}), `AttributeName("nats").ElementKeyInt(0)`, "it is null"},
		{"an unknown check", "ignore", ignore("nat-node-rang", "r", "2027-03-31"), `AttributeName("ignore").ElementKeyInt(0).AttributeName("check")`, `did you mean "nat-node-range"?`},
		{"a malformed day", "ignore", ignore("nat-node-range", "r", "31.3.2027"), `AttributeName("ignore").ElementKeyInt(0).AttributeName("expires")`, "write YYYY-MM-DD"},
		{"an empty reason", "ignore", ignore("nat-node-range", " ", "2027-03-31"), `AttributeName("ignore").ElementKeyInt(0).AttributeName("reason")`, "a reason is required"},
		{"an unknown severity", "severity", cty.ObjectVal(map[string]cty.Value{"nat-node-range": text("fatal")}), `AttributeName("severity").ElementKeyString("nat-node-range")`, "error, warning, info"},
		{"a severity for an unknown check", "severity", cty.ObjectVal(map[string]cty.Value{"nat": text("info")}), `AttributeName("severity").ElementKeyString("nat")`, "there is no check"},
		{"no such way", "internet", text("maybe"), `AttributeName("internet")`, "auto, required, images"},
		{"no such mirror", "mirror", text("maybe"), `AttributeName("mirror")`, "deny, warn, allow"},
		{"no such threshold", "fail_on", text("maybe"), `AttributeName("fail_on")`, "error, warning, never"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			arguments := changed(good, test.argument, test.value)
			d := s.validate(arguments)
			if len(d) != 1 || len(d.errors()) != 1 || d[0].Attribute.String() != test.at || !strings.Contains(d[0].Detail, test.says) || !strings.HasSuffix(d[0].Detail, lastLine) {
				t.Fatalf("want one error at %s that says %q:\n%s", test.at, test.says, d)
			}
			// What a gate cannot read must not trap a destroy either.
			t.Setenv(enforcementVariable, enforceWarn)
			if d := newServer(t).validate(arguments); len(d.errors()) > 0 || len(d.warnings()) != 1 {
				t.Errorf("under warn, want one warning:\n%s", d)
			}
		})
	}
}

// TestBadInputInPlan: what Terraform itself refuses, or what shows only in a plan.
func TestBadInputInPlan(t *testing.T) {
	t.Parallel()
	swap := func(from, to string) string { return strings.Replace(covered.hcl(), from, to, 1) }
	for _, test := range []struct{ name, hcl, says string }{
		{"a list where one is expected", swap("= local.cluster\n", "= [local.cluster]\n"), `Inappropriate value for attribute "cluster": object required`},
		{"one where a list is expected", site{nats: "local.nat"}.hcl(), `Inappropriate value for attribute "nats": list of object required`},
		{"a missing reason", including(covered, `ignore = [{ check = "nat-node-range" }]`).hcl(), `attribute "reason" is required`},
		{"the wrong object, pending", site{nats: "[local.router]"}.hcl(), "nats[0] is no google_compute_router_nat"},
		{"a null that shows in the plan", site{nats: "[null]"}.hcl(), "nats[0] is no google_compute_router_nat: it is null"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFolder(t, "main.tf", test.hcl)
			out := f.run("plan")
			out.want(t, 1, test.says)
			if n := strings.Count(out.out, "Error:"); n != 1 {
				t.Errorf("%d errors, want 1:\n%s", n, out.out)
			}
		})
	}
}

// TestExceptions: one that expired no longer suppresses and warns, one that matches nothing warns, one that does its work is quiet.
func TestExceptions(t *testing.T) {
	failing := changed(applied(t), "nats", none)
	entry := func(check, expires string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"check": cty.StringVal(check), "reason": cty.StringVal("moves"), "expires": cty.StringVal(expires)})
	}
	for _, test := range []struct {
		name   string
		ignore []cty.Value
		errors string
		says   []string
	}{
		{"in force", []cty.Value{entry("nat-node-range", "9999-12-31"), entry("nat-pod-range", "9999-12-31")}, "", nil},
		{"expired", []cty.Value{entry("nat-node-range", "2020-01-01")}, "nat-node-range", []string{"expired on 2020-01-01"}},
		{"unused", []cty.Value{entry("registry-dns", "9999-12-31")}, "nat-node-range", []string{"matches nothing that failed"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			arguments := changed(failing, "ignore", cty.TupleVal(test.ignore))
			state, d := s.plan(arguments, s.none())
			if got := d.errors().checks(); got != test.errors || len(d.warnings()) != len(test.says) {
				t.Fatalf("errors of %q, want %q, and %d warnings:\n%s", got, test.errors, len(test.says), d)
			}
			for i, says := range test.says {
				if x := d.warnings()[i]; !strings.Contains(x.Summary, says) || x.Attribute.String() != `AttributeName("ignore")` {
					t.Errorf("want %q on ignore:\n%s", says, d)
				}
			}
			// No clock enters what is stored: the day an exception expires changes no attribute.
			if test.name == "expired" && state.GetAttr("verdict").IsKnown() && state.GetAttr("verdict").AsString() == "fail" {
				t.Error("the stored verdict knows the day")
			}
		})
	}
}
