package provider

import (
	"context"
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/zclconf/go-cty/cty"
)

type natCovers struct{}

func newNATCovers() function.Function { return natCovers{} }

func (natCovers) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "nat_covers"
}

var coverType = map[string]attr.Type{"primary": types.BoolType, "secondary": types.MapType{ElemType: types.BoolType}}

func (natCovers) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Tells which ranges of a subnetwork Cloud NAT translates.",
		MarkdownDescription: "Tells whether Public NAT gateways that serve VMs translate a subnetwork's primary range, and each of its secondary ranges by name, over all the gateways together. " +
			"Takes the google provider's own objects, with unknowns in them: an answer is unknown only where what is known does not decide it. In a `precondition` it fails the plan of a first apply without credentials, and never stands in the way of `terraform destroy`.",
		Parameters: []function.Parameter{
			function.DynamicParameter{Name: "subnetwork", AllowUnknownValues: true, MarkdownDescription: "A `google_compute_subnetwork`."},
			function.DynamicParameter{Name: "routers", AllowUnknownValues: true, MarkdownDescription: "List of `google_compute_router`s."},
			function.DynamicParameter{Name: "nats", AllowUnknownValues: true, MarkdownDescription: "List of `google_compute_router_nat`s; `[]` for none."},
		},
		Return: function.ObjectReturn{AttributeTypes: coverType},
	}
}

func (natCovers) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var args [3]types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &args[0], &args[1], &args[2]); resp.Error != nil {
		return
	}
	values := map[string]cty.Value{}
	for i, name := range []string{"subnetworks", "routers", "nats"} {
		v, err := dynamic(ctx, args[i])
		if err == nil && i > 0 {
			v, err = asList(v, name)
		}
		if err != nil {
			resp.Error = function.NewArgumentFuncError(int64(i), err.Error())
			return
		}
		values[name] = v
	}
	sub := values["subnetworks"]
	if sub.IsKnown() && (sub.IsNull() || !sub.Type().IsObjectType()) {
		resp.Error = function.NewArgumentFuncError(0, "subnetwork: expected one google_compute_subnetwork")
		return
	}
	if !sub.IsKnown() {
		resp.Error = resp.Result.Set(ctx, types.ObjectUnknown(coverType))
		return
	}
	values["subnetworks"] = cty.TupleVal([]cty.Value{sub})
	facts, wrong := terraform.FromObjects(values, nil, false)
	for _, w := range wrong {
		position := map[string]int64{"subnetworks": 0, "routers": 1, "nats": 2}[w.Argument.Name]
		resp.Error = function.NewArgumentFuncError(position, w.Error())
		return
	}
	told := !sub.Type().HasAttribute("secondary_ip_range") || sub.GetAttr("secondary_ip_range").IsKnown()
	resp.Error = resp.Result.Set(ctx, covers(facts, told))
}

// covers answers for the only subnetwork; told is false where even the number of its secondary ranges is not known.
func covers(facts topology.Facts, told bool) types.Object {
	t := topology.New(facts)
	sub := t.Subnetworks()[0]
	paths := egress.New(t)
	id := topology.Known(sub.ID, topology.Origin{})
	ask := func(r egress.Range) attr.Value {
		switch paths.Coverage(id, sub.Network, sub.Location, r).Verdict {
		case topology.Pass:
			return types.BoolValue(true)
		case topology.Fail:
			return types.BoolValue(false)
		}
		return types.BoolUnknown()
	}
	secondary := types.MapUnknown(types.BoolType)
	ranges, named := map[string]attr.Value{}, told && sub.SecondaryTold
	for _, r := range sub.Secondary {
		name, known := r.Name.Get()
		named = named && known
		ranges[name] = ask(egress.Range{Name: r.Name})
	}
	if named {
		secondary = types.MapValueMust(types.BoolType, ranges)
	}
	return types.ObjectValueMust(coverType, map[string]attr.Value{"primary": ask(egress.PrimaryRange), "secondary": secondary})
}

// dynamic unwraps a dynamic argument into the tree the reader takes.
func dynamic(ctx context.Context, v types.Dynamic) (cty.Value, error) {
	if v.IsUnknown() || v.IsUnderlyingValueUnknown() {
		return cty.DynamicVal, nil
	}
	if v.IsNull() || v.IsUnderlyingValueNull() {
		return cty.NullVal(cty.DynamicPseudoType), nil
	}
	raw, err := v.UnderlyingValue().ToTerraformValue(ctx)
	if err != nil {
		return cty.NilVal, err
	}
	return toCty(raw)
}

// asList takes a list; a resource with for_each is an object of its instances, and Terraform has values() for those.
func asList(v cty.Value, name string) (cty.Value, error) {
	if !v.IsKnown() {
		return v, nil
	}
	if v.IsNull() {
		return v, fmt.Errorf("%s: expected a list, [] for none", name)
	}
	if v.Type().IsTupleType() {
		return v, nil
	}
	address := map[string]string{"routers": "google_compute_router", "nats": "google_compute_router_nat"}[name] + ".main"
	return v, fmt.Errorf("%s: expected a list, as in [%s], or values(%s) of a resource with for_each", name, address, address)
}
