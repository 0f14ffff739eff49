package provider

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/msgpack"
)

// call calls a function as Terraform does.
func (s server) call(name string, types []cty.Type, arguments ...cty.Value) (*tfprotov6.DynamicValue, *tfprotov6.FunctionError) {
	s.t.Helper()
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for i, a := range arguments {
		req.Arguments = append(req.Arguments, s.pack(a, types[i]))
	}
	resp, err := s.rpc.CallFunction(context.Background(), req)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.Result, resp.Error
}

var (
	dynamics = []cty.Type{cty.DynamicPseudoType, cty.DynamicPseudoType, cty.DynamicPseudoType}
	cover    = cty.Object(map[string]cty.Type{"primary": cty.Bool, "secondary": cty.Map(cty.Bool)})
)

// TestNATCovers calls with what a command line cannot write, or writes too late.
func TestNATCovers(t *testing.T) {
	object := func(pairs ...any) cty.Value {
		fields := map[string]cty.Value{}
		for i := 0; i < len(pairs); i += 2 {
			switch v := pairs[i+1].(type) {
			case string:
				fields[pairs[i].(string)] = cty.StringVal(v)
			case cty.Value:
				fields[pairs[i].(string)] = v
			}
		}
		return cty.ObjectVal(fields)
	}
	list := func(v ...cty.Value) cty.Value { return cty.TupleVal(v) }
	unknown, null := cty.DynamicVal, cty.NullVal(cty.DynamicPseudoType)
	later := cty.UnknownVal(cty.String)
	pods := list(object("range_name", "pods", "ip_cidr_range", "10.20.0.0/16"))
	vpc := "projects/p/global/networks/vpc"
	sub := object("name", "gke", "region", "r1", "project", "p", "network", vpc, "ip_cidr_range", "10.0.0.0/20", "secondary_ip_range", pods, "id", later, "self_link", later)
	router := object("name", "rt", "region", "r1", "project", "p", "network", vpc, "id", later)
	nat := func(mode string, entries cty.Value) cty.Value {
		return object("name", "nat", "router", "rt", "region", "r1", "project", "p", "type", "PUBLIC", "id", later, "source_subnetwork_ip_ranges_to_nat", mode, "subnetwork", entries)
	}
	entry := func(name cty.Value, options string) cty.Value {
		return object("name", name, "source_ip_ranges_to_nat", list(cty.StringVal(options)), "secondary_ip_range_names", list())
	}
	answer := func(primary cty.Value, secondary cty.Value) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"primary": primary, "secondary": cty.MapVal(map[string]cty.Value{"pods": secondary})})
	}
	open := cty.UnknownVal(cty.Bool)
	for _, test := range []struct {
		name               string
		sub, routers, nats cty.Value
		want               cty.Value
		at                 int64
		fails              string
	}{
		{name: "all ranges", sub: sub, routers: list(router), nats: list(nat("ALL_SUBNETWORKS_ALL_IP_RANGES", list())), want: answer(cty.True, cty.True)},
		{name: "all primary ranges", sub: sub, routers: list(router), nats: list(nat("ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES", list())), want: answer(cty.True, cty.False)},
		{name: "lists, not tuples", sub: sub, routers: cty.ListVal([]cty.Value{router}), nats: cty.ListValEmpty(cty.DynamicPseudoType), want: answer(cty.False, cty.False)},
		{name: "sets", sub: sub, routers: cty.SetVal([]cty.Value{router}), nats: list(), want: answer(cty.False, cty.False)},
		{name: "an unknown among the gateways", sub: sub, routers: list(router), nats: list(unknown), want: answer(open, open)},
		{name: "an unknown among the gateways, and one that serves", sub: sub, routers: list(router), nats: list(unknown, nat("ALL_SUBNETWORKS_ALL_IP_RANGES", list())), want: answer(cty.True, cty.True)},
		{name: "gateways unknown", sub: sub, routers: list(router), nats: unknown, want: answer(open, open)},
		{name: "routers unknown", sub: sub, routers: unknown, nats: list(), want: answer(cty.False, cty.False)},
		{name: "the entry's name unknown", sub: sub, routers: list(router), nats: list(nat("LIST_OF_SUBNETWORKS", list(entry(later, "ALL_IP_RANGES")))), want: answer(open, open)},
		{name: "the entry's name unknown, primary range only", sub: sub, routers: list(router), nats: list(nat("LIST_OF_SUBNETWORKS", list(entry(later, "PRIMARY_IP_RANGE")))), want: answer(open, cty.False)},
		{name: "entries unknown", sub: sub, routers: list(router), nats: list(nat("LIST_OF_SUBNETWORKS", unknown)), want: answer(open, open)},
		{name: "a subnetwork unknown", sub: unknown, routers: list(), nats: list(), want: cty.UnknownVal(cover)},
		{name: "secondary ranges unknown", sub: object("name", "gke", "region", "r1", "network", vpc, "ip_cidr_range", later, "secondary_ip_range", unknown, "id", later), routers: list(), nats: list(),
			want: cty.ObjectVal(map[string]cty.Value{"primary": cty.False, "secondary": cty.UnknownVal(cty.Map(cty.Bool))})},
		{name: "no secondary ranges", sub: object("name", "gke", "region", "r1", "network", vpc, "ip_cidr_range", later, "secondary_ip_range", list()), routers: list(), nats: list(),
			want: cty.ObjectVal(map[string]cty.Value{"primary": cty.False, "secondary": cty.MapValEmpty(cty.Bool)})},
		{name: "null subnetwork", sub: null, routers: list(), nats: list(), at: 0, fails: "expected one google_compute_subnetwork"},
		{name: "null routers", sub: sub, routers: null, nats: list(), at: 1, fails: "[] for none"},
		{name: "null gateways", sub: sub, routers: list(), nats: null, at: 2, fails: "[] for none"},
		{name: "text", sub: cty.StringVal("gke"), routers: list(), nats: list(), at: 0, fails: "expected one google_compute_subnetwork"},
		{name: "instances of for_each", sub: sub, routers: list(), nats: object("a", nat("ALL_SUBNETWORKS_ALL_IP_RANGES", list())), at: 2, fails: "values(google_compute_router_nat.main)"},
		{name: "text among the gateways", sub: sub, routers: list(), nats: list(cty.StringVal("nat")), at: 2, fails: "nats[0] is no google_compute_router_nat"},
		{name: "null among the routers", sub: sub, routers: list(null), nats: list(), at: 1, fails: "routers[0] is no google_compute_router: it is null"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			got, failed := s.call("nat_covers", dynamics, test.sub, test.routers, test.nats)
			if test.fails != "" {
				if failed == nil || failed.FunctionArgument == nil || *failed.FunctionArgument != test.at || !strings.Contains(failed.Text, test.fails) {
					t.Fatalf("want an error about argument %d that says %q: %+v", test.at, test.fails, failed)
				}
				return
			}
			if failed != nil {
				t.Fatal(failed.Text)
			}
			if v := s.unpack(got, cover); !v.RawEquals(test.want) {
				t.Errorf("got %#v\nwant %#v", v, test.want)
			}
			// Pure: the same question, the same answer.
			again, _ := s.call("nat_covers", dynamics, test.sub, test.routers, test.nats)
			if string(again.MsgPack) != string(got.MsgPack) {
				t.Error("asked again, it answers otherwise")
			}
		})
	}
}

// TestRepositoryUnknown: the reference is unknown while a part of it is.
func TestRepositoryUnknown(t *testing.T) {
	s := newServer(t)
	types := []cty.Type{cty.String, cty.DynamicPseudoType}
	repository := cty.ObjectVal(map[string]cty.Value{"location": cty.StringVal("eu"), "project": cty.UnknownVal(cty.String), "repository_id": cty.StringVal("hub")})
	for _, v := range []cty.Value{repository, cty.DynamicVal, cty.UnknownVal(cty.String)} {
		got, failed := s.call("artifact_registry_image", types, cty.StringVal("nginx"), v)
		if failed != nil || s.unpack(got, cty.String).IsKnown() {
			t.Errorf("of %#v: %v", v, failed)
		}
	}
	if _, failed := s.call("artifact_registry_image", types, cty.StringVal("nginx"), cty.NullVal(cty.DynamicPseudoType)); failed == nil {
		t.Error("null is no repository")
	}
}

// FuzzNATCovers feeds the dynamic parameter whatever the protocol can carry: it answers or refuses, and never panics.
func FuzzNATCovers(f *testing.F) {
	for _, v := range []cty.Value{cty.DynamicVal, cty.NullVal(cty.DynamicPseudoType), cty.EmptyTupleVal, cty.StringVal("x"),
		cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"router": cty.UnknownVal(cty.Number), "region": cty.True, "ip_cidr_range": cty.EmptyTupleVal,
			"network": cty.NumberIntVal(1), "subnetwork": cty.StringVal("a"), "secondary_ip_range": cty.TupleVal([]cty.Value{cty.True})})})} {
		text, err := msgpack.Marshal(v, cty.DynamicPseudoType)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, text, text)
	}
	s := newServer(f)
	f.Fuzz(func(t *testing.T, a, b, c []byte) {
		req := &tfprotov6.CallFunctionRequest{Name: "nat_covers", Arguments: []*tfprotov6.DynamicValue{{MsgPack: a}, {MsgPack: b}, {MsgPack: c}}}
		if _, err := s.rpc.CallFunction(context.Background(), req); err != nil {
			t.Log(err)
		}
	})
}
