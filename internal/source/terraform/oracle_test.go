package terraform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
)

// realPlans lists the plans that terraform wrote: those of this repository, and those in a folder shared beside it where there is one.
func realPlans(t testing.TB) []string {
	t.Helper()
	var plans []string
	for _, root := range []string{"../../testdata/plans", "../../../../shared/plans"} {
		for _, file := range []string{"plan.json", "plan-tf1.17.json"} {
			found, err := filepath.Glob(filepath.Join(root, "*", file))
			if err != nil {
				t.Fatal(err)
			}
			plans = append(plans, found...)
		}
	}
	if len(plans) < 27 {
		t.Fatalf("only %d plans are there", len(plans))
	}
	if _, err := os.Stat("../../../../shared/plans"); err != nil {
		t.Log("no shared folder beside the repository: its further plans are not read")
	}
	return plans
}

// reading of an instance as terraform-json gives it.
type oracle struct {
	mode             tfjson.ResourceMode
	typ, module      string
	index            any
	created, removed bool
	after, unknown   any
}

func oracleOf(t *testing.T, text []byte) map[string]oracle {
	t.Helper()
	var plan tfjson.Plan
	if err := json.Unmarshal(text, &plan); err != nil {
		t.Fatal(err)
	}
	out, spoken := map[string]oracle{}, map[string]bool{}
	for _, c := range plan.ResourceChanges {
		if c.DeposedKey != "" {
			continue
		}
		spoken[c.Address] = true
		a := c.Change.Actions
		if interesting(c.Type) {
			out[c.Address] = oracle{mode: c.Mode, typ: c.Type, module: c.ModuleAddress, index: c.Index, created: a.Create() || a.Replace(), removed: a.Delete(),
				after: c.Change.After, unknown: c.Change.AfterUnknown}
		}
	}
	var module func(*tfjson.StateModule)
	module = func(m *tfjson.StateModule) {
		if m == nil {
			return
		}
		for _, r := range m.Resources {
			if interesting(r.Type) && !spoken[r.Address] && r.DeposedKey == "" {
				out[r.Address] = oracle{mode: r.Mode, typ: r.Type, module: m.Address, index: r.Index, after: r.AttributeValues}
			}
		}
		for _, c := range m.ChildModules {
			module(c)
		}
	}
	if plan.PriorState != nil && plan.PriorState.Values != nil {
		module(plan.PriorState.Values.RootModule)
	}
	return out
}

// Our selective reading agrees with terraform-json's whole one on every real plan: the same instances, the same fate, the same values.
func TestReadAgreesWithTerraformJSON(t *testing.T) {
	for _, file := range realPlans(t) {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := readDocument(bytes.NewReader(text), file)
			if err != nil {
				t.Fatal(err)
			}
			want := oracleOf(t, text)
			for _, in := range doc.instances {
				holdAgainst(t, in, want, false)
				delete(want, in.address)
			}
			for _, in := range doc.removed {
				holdAgainst(t, in, want, true)
				delete(want, in.address)
			}
			for address := range want {
				t.Errorf("%s was not read", address)
			}
		})
	}
}

func holdAgainst(t *testing.T, in *instance, all map[string]oracle, removed bool) {
	t.Helper()
	want, told := all[in.address]
	if !told {
		t.Errorf("%s is not in terraform-json's reading", in.address)
		return
	}
	index := "<nil>"
	if in.key != cty.NilVal {
		index, _ = asString(in.key)
	}
	if in.typ != want.typ || in.module != want.module || in.data != (want.mode == tfjson.DataResourceMode) || index != fmt.Sprint(want.index) || in.created != want.created || removed != want.removed {
		t.Errorf("%s is %s in %q, data %v, index %s, created %v, removed %v; want %+v", in.address, in.typ, in.module, in.data, index, in.created, removed, want)
	}
	if removed {
		return
	}
	after, _ := want.after.(map[string]any)
	unknown, _ := want.unknown.(map[string]any)
	for name := range wanted[in.typ] {
		if v, set := after[name]; set || unknown[name] == true {
			sameValue(t, in.address+"."+name, attribute(in.value, name), v, unknown[name])
		}
	}
}

// sameValue holds a value against the decoded JSON of its known and unknown parts.
func sameValue(t *testing.T, path string, got cty.Value, after, unknown any) {
	t.Helper()
	got, _ = got.Unmark()
	if unknown == true {
		if got.IsKnown() {
			t.Errorf("%s is %#v, want unknown", path, got)
		}
		return
	}
	switch want := after.(type) {
	case nil:
		if inner, nested := unknown.(map[string]any); !nested || len(inner) == 0 {
			if !isNull(got) {
				t.Errorf("%s is %#v, want null", path, got)
			}
		}
	case map[string]any:
		inner, _ := unknown.(map[string]any)
		for name, v := range want {
			if !private[name] && (!strings.Contains(path, "node_config") || inside["node_config"](name)) {
				sameValue(t, path+"."+name, attribute(got, name), v, inner[name])
			}
		}
	case []any:
		inner, _ := unknown.([]any)
		list, told := elements(got)
		if !told || len(list) != max(len(want), len(inner)) {
			t.Errorf("%s has %d elements (told %v), want %d", path, len(list), told, len(want))
			return
		}
		for i, v := range want {
			var u any
			if i < len(inner) {
				u = inner[i]
			}
			sameValue(t, fmt.Sprintf("%s[%d]", path, i), list[i], v, u)
		}
	default:
		if s, known := asString(got); !known || s != fmt.Sprint(want) {
			t.Errorf("%s is %q (known %v), want %v", path, s, known, want)
		}
	}
}

// The configuration that was read holds every block of the types of interest.
func TestConfigurationAgreesWithTerraformJSON(t *testing.T) {
	for _, file := range realPlans(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var plan tfjson.Plan
		if err := json.Unmarshal(text, &plan); err != nil {
			t.Fatal(err)
		}
		doc, err := readDocument(bytes.NewReader(text), file)
		if err != nil {
			t.Fatal(err)
		}
		sameModule(t, filepath.Base(filepath.Dir(file)), doc.root, plan.Config.RootModule)
		if len(doc.providers) != len(plan.Config.ProviderConfigs) {
			t.Errorf("%s: %d providers, want %d", file, len(doc.providers), len(plan.Config.ProviderConfigs))
		}
	}
}

func sameModule(t *testing.T, path string, got *moduleConfig, want *tfjson.ConfigModule) {
	t.Helper()
	if got == nil || want == nil {
		t.Errorf("%s: one of the two is nothing", path)
		return
	}
	if len(got.blocks) != len(want.Resources) || len(got.calls) != len(want.ModuleCalls) || len(got.outputs) != len(want.Outputs) {
		t.Errorf("%s: %d blocks, %d calls, %d outputs; want %d, %d, %d", path, len(got.blocks), len(got.calls), len(got.outputs), len(want.Resources), len(want.ModuleCalls), len(want.Outputs))
	}
	for _, r := range want.Resources {
		b := got.blocks[r.Address]
		if b == nil {
			t.Errorf("%s: %s was not read", path, r.Address)
			continue
		}
		for name, e := range r.Expressions {
			if !wants(r.Type, name) {
				continue
			}
			ours, told := b.attributes[name]
			if !told || constantIn(e) && ours.constant == cty.NilVal || len(e.References) > 0 && len(ours.references) == 0 || len(e.NestedBlocks) != len(ours.blocks) {
				t.Errorf("%s: %s.%s is %+v, want %+v", path, r.Address, name, ours, e.ExpressionData)
			}
		}
	}
	for name, c := range want.ModuleCalls {
		if got.calls[name] != nil {
			sameModule(t, path+"."+name, got.calls[name].module, c.Module)
		}
	}
}

// constantIn reports whether an expression is a constant. Null and an expression that refers to nothing are one to terraform-json.
func constantIn(e *tfjson.Expression) bool {
	return e.ConstantValue != nil && e.ConstantValue != tfjson.UnknownConstantValue
}
