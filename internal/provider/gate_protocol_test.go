package provider

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

const privatePlan = "01-nat-all-ranges"

// typical is a gate's arguments on a first plan that passes.
func typical(t testing.TB) map[string]cty.Value {
	t.Helper()
	return planned(t, privatePlan, "google_container_cluster.private")
}

// applied is the same with everything known, as after the apply.
func applied(t testing.TB) map[string]cty.Value {
	t.Helper()
	return planned(t, "18-update-noop", "google_container_cluster.c")
}

func changed(arguments map[string]cty.Value, name string, v cty.Value) map[string]cty.Value {
	out := maps.Clone(arguments)
	out[name] = v
	return out
}

var none = cty.EmptyTupleVal

func TestPlanOfDestroy(t *testing.T) {
	s := newServer(t)
	state, d := s.apply(applied(t), s.none(), s.create(applied(t)))
	if len(d) > 0 {
		t.Fatal(d)
	}
	null := s.pack(s.none(), s.gate)
	resp, err := s.rpc.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{TypeName: "gkepreflight_gate",
		PriorState: s.pack(state, s.gate), ProposedNewState: null, Config: null})
	if err != nil || len(resp.Diagnostics) > 0 || !s.unpack(resp.PlannedState, s.gate).IsNull() {
		t.Error(err, resp.Diagnostics)
	}
}

// create is the plan to create a gate, which must not fail.
func (s server) create(arguments map[string]cty.Value) cty.Value {
	s.t.Helper()
	p, d := s.plan(arguments, s.none())
	if len(d.errors()) > 0 {
		s.t.Fatal(d)
	}
	return p
}

// TestComputed: unknown while anything is, known as soon as everything is, and the same from plan to state to the next plan.
func TestComputed(t *testing.T) {
	s := newServer(t)
	first := s.create(typical(t))
	for _, name := range computed {
		if first.GetAttr(name).IsKnown() {
			t.Errorf("%s is known on a first plan", name)
		}
	}
	second := s.create(applied(t))
	if !second.IsWhollyKnown() {
		t.Errorf("not wholly known: %#v", second)
	}
	state, d := s.apply(applied(t), s.none(), second)
	if len(d) > 0 || !state.RawEquals(second) {
		t.Errorf("the apply differs from the plan: %s", d)
	}
	third, d := s.plan(applied(t), state)
	if len(d) > 0 || !third.RawEquals(state) {
		t.Errorf("a plan without changes is not empty: %s", d)
	}
}

// TestStateWithoutSecrets: Terraform drops what the schema does not name before the provider sees it, and the schema names nothing sensitive.
func TestStateWithoutSecrets(t *testing.T) {
	s := newServer(t)
	for _, secret := range []string{"master_auth", "client_key", "client_certificate", "cluster_ca_certificate", "password", "token", "certificate", "kms", "credentials"} {
		if found := attributePath(s.gate, secret); found != "" {
			t.Errorf("the schema names %s", found)
		}
	}
}

// attributePath finds an attribute whose name holds a word, at any depth.
func attributePath(t cty.Type, word string) string {
	switch {
	case t.IsCollectionType():
		return attributePath(t.ElementType(), word)
	case t.IsObjectType():
		for name, f := range t.AttributeTypes() {
			if strings.Contains(name, word) {
				return name
			}
			if found := attributePath(f, word); found != "" {
				return name + "." + found
			}
		}
	}
	return ""
}

// TestTold: null is not told, [] is none, and what is unknown as a whole may be anything.
func TestTold(t *testing.T) {
	s := newServer(t)
	object := cty.UnknownVal(s.gate.AttributeType("nats").ElementType())
	for _, test := range []struct {
		name, argument string
		value          cty.Value
		errors         string
		warnings       int
		says           string
	}{
		{"no gateways", "nats", none, "nat-node-range", 0, ""},
		{"gateways not told", "nats", cty.NullVal(cty.DynamicPseudoType), "", 1, "nats is not set"},
		{"gateways unknown", "nats", cty.DynamicVal, "", 1, "nats is known after apply"},
		{"one gateway unknown as a whole", "nats", cty.TupleVal([]cty.Value{object}), "", 1, "nats[0] is known after apply"},
		{"no routes of one's own leaves the default route", "routes", none, "", 0, ""},
		{"routes unknown", "routes", cty.DynamicVal, "", 1, "routes is known after apply"},
		{"the cluster unknown as a whole", "cluster", cty.DynamicVal, "", 1, "cluster as a whole is known after apply"},
		{"no cluster", "cluster", cty.NullVal(cty.DynamicPseudoType), "", 0, ""},
		{"nothing told of firewalls is Google's default", "firewalls", cty.NullVal(cty.DynamicPseudoType), "", 0, ""},
		{"nothing told of zones is Google's default", "dns_zones", cty.NullVal(cty.DynamicPseudoType), "", 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, d := s.plan(changed(typical(t), test.argument, test.value), s.none())
			if got := d.errors().checks(); got != test.errors {
				t.Errorf("errors of %q, want %q:\n%s", got, test.errors, d)
			}
			if len(d.warnings()) != test.warnings || !strings.Contains(d.String(), test.says) {
				t.Errorf("want %d warnings that say %q:\n%s", test.warnings, test.says, d)
			}
		})
	}
	// A zone whose records nobody told of may hold them.
	zones := planned(t, "14-egress-firewall-private-googleapis", "google_container_cluster.c")
	_, d := s.plan(changed(zones, "dns_record_sets", cty.NullVal(cty.DynamicPseudoType)), s.none())
	if got := d.errors().checks(); got != "egress-firewall registry-dns" || !strings.Contains(d.String(), `the name of record set "pkg-dev" is not known`) {
		t.Errorf("errors of %q:\n%s", got, d)
	}
}

// TestStateThatPassed: arguments as they were, and a state that says they passed: what fails now fails the plan.
func TestStateThatPassed(t *testing.T) {
	s := newServer(t)
	failing := changed(applied(t), "nats", none)
	fields := s.convert(failing).AsValueMap()
	fields["passed"], fields["verdict"] = cty.True, cty.StringVal("pass")
	fields["results"] = cty.ListValEmpty(s.gate.AttributeType("results").ElementType())
	_, d := s.plan(failing, cty.ObjectVal(fields))
	if got := d.errors().checks(); got != "nat-node-range" {
		t.Errorf("errors of %q:\n%s", got, d)
	}
}
