package provider

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
)

// server is the provider spoken to as Terraform speaks to it, without a Terraform.
type server struct {
	t        testing.TB
	rpc      tfprotov6.ProviderServer
	gate     cty.Type
	provider cty.Type
}

func newServer(t testing.TB) server {
	t.Helper()
	rpc, err := providerserver.NewProtocol6WithError(New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := rpc.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	s := server{t, rpc, typeOf(t, schema.ResourceSchemas["gkepreflight_gate"]), typeOf(t, schema.Provider)}
	s.configure(cty.NullVal(cty.String))
	return s
}

func typeOf(t testing.TB, schema *tfprotov6.Schema) cty.Type {
	t.Helper()
	text, err := schema.ValueType().MarshalJSON() //nolint:staticcheck // the one way from these types to cty's
	if err != nil {
		t.Fatal(err)
	}
	typ, err := ctyjson.UnmarshalType(text)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

func (s server) configure(enforcement cty.Value) {
	s.t.Helper()
	s.configured(map[string]cty.Value{"enforcement": enforcement})
}

// configured hands the provider its block; what is not given is null.
func (s server) configured(given map[string]cty.Value) {
	s.t.Helper()
	v, err := convert.Convert(cty.ObjectVal(given), lax(s.provider))
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := s.rpc.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{Config: s.pack(v, v.Type())})
	if err != nil || len(resp.Diagnostics) > 0 {
		s.t.Fatal(err, resp.Diagnostics)
	}
}

func (s server) pack(v cty.Value, t cty.Type) *tfprotov6.DynamicValue {
	s.t.Helper()
	text, err := msgpack.Marshal(v, t)
	if err != nil {
		s.t.Fatal(err)
	}
	return &tfprotov6.DynamicValue{MsgPack: text}
}

func (s server) unpack(v *tfprotov6.DynamicValue, t cty.Type) cty.Value {
	s.t.Helper()
	out, err := msgpack.Unmarshal(v.MsgPack, t)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// convert brings arguments into the gate's shape the way Terraform does: what the schema does not name is dropped, what is missing is null.
func (s server) convert(arguments map[string]cty.Value) cty.Value {
	s.t.Helper()
	v, err := convert.Convert(cty.ObjectVal(arguments), lax(s.gate))
	if err != nil {
		s.t.Fatalf("Terraform would refuse it: %v", err)
	}
	return v
}

// lax makes every attribute optional, at every depth, as Terraform does for nested attributes.
func lax(t cty.Type) cty.Type {
	switch {
	case t.IsListType():
		return cty.List(lax(t.ElementType()))
	case t.IsSetType():
		return cty.Set(lax(t.ElementType()))
	case t.IsMapType():
		return cty.Map(lax(t.ElementType()))
	case t.IsObjectType():
		fields, names := map[string]cty.Type{}, []string{}
		for name, f := range t.AttributeTypes() {
			fields[name], names = lax(f), append(names, name)
		}
		return cty.ObjectWithOptionalAttrs(fields, names)
	}
	return t
}

var computed = []string{"passed", "verdict", "results"}

// proposed is what Terraform proposes for a configuration: the computed attributes unknown, or as they were.
func (s server) proposed(config, prior cty.Value) cty.Value {
	fields := config.AsValueMap()
	for _, name := range computed {
		fields[name] = cty.UnknownVal(s.gate.AttributeType(name))
		if !prior.IsNull() {
			fields[name] = prior.GetAttr(name)
		}
	}
	return cty.ObjectVal(fields)
}

// plan asks for a plan of arguments over what there was.
func (s server) plan(arguments map[string]cty.Value, prior cty.Value) (cty.Value, diagnostics) {
	s.t.Helper()
	config := s.convert(arguments)
	resp, err := s.rpc.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{TypeName: "gkepreflight_gate",
		PriorState: s.pack(prior, s.gate), ProposedNewState: s.pack(s.proposed(config, prior), s.gate), Config: s.pack(config, s.gate)})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.unpack(resp.PlannedState, s.gate), resp.Diagnostics
}

func (s server) apply(arguments map[string]cty.Value, prior, planned cty.Value) (cty.Value, diagnostics) {
	s.t.Helper()
	resp, err := s.rpc.ApplyResourceChange(context.Background(), &tfprotov6.ApplyResourceChangeRequest{TypeName: "gkepreflight_gate",
		PriorState: s.pack(prior, s.gate), PlannedState: s.pack(planned, s.gate), Config: s.pack(s.convert(arguments), s.gate)})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.unpack(resp.NewState, s.gate), resp.Diagnostics
}

func (s server) validate(arguments map[string]cty.Value) diagnostics {
	s.t.Helper()
	resp, err := s.rpc.ValidateResourceConfig(context.Background(), &tfprotov6.ValidateResourceConfigRequest{TypeName: "gkepreflight_gate", Config: s.pack(s.convert(arguments), s.gate)})
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.Diagnostics
}

func (s server) none() cty.Value { return cty.NullVal(s.gate) }
