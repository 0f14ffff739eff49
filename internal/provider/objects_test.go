package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

const plans = "../testdata/plans"

// planned reads the objects of a real plan as a gate would be handed them: whole, with what apply decides unknown, for the cluster of an address.
func planned(t testing.TB, plan, cluster string) map[string]cty.Value {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(plans, plan, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		ResourceChanges []struct {
			Address, Mode, Type string
			Change              struct {
				After        json.RawMessage
				AfterUnknown json.RawMessage `json:"after_unknown"`
			}
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	out, lists := map[string]cty.Value{}, map[string][]cty.Value{}
	arguments := map[string]string{"google_compute_network": "networks", "google_compute_subnetwork": "subnetworks", "google_compute_router": "routers",
		"google_compute_router_nat": "nats", "google_container_node_pool": "node_pools", "google_compute_route": "routes",
		"google_compute_firewall": "firewalls", "google_dns_managed_zone": "dns_zones", "google_dns_record_set": "dns_record_sets",
		"google_compute_global_forwarding_rule": "forwarding_rules", "google_compute_global_address": "addresses"}
	for _, name := range arguments {
		lists[name] = nil
	}
	for _, r := range file.ResourceChanges {
		if string(r.Change.After) == "null" {
			continue
		}
		v := withUnknowns(tree(t, r.Change.After), tree(t, r.Change.AfterUnknown))
		if r.Address == cluster {
			out["cluster"] = v
		} else if name := arguments[r.Type]; name != "" {
			lists[name] = append(lists[name], v)
		}
	}
	for name, list := range lists {
		out[name] = cty.TupleVal(list)
	}
	return out
}

func tree(t testing.TB, text []byte) cty.Value {
	t.Helper()
	typ, err := ctyjson.ImpliedType(text)
	if err != nil {
		t.Fatal(err)
	}
	v, err := ctyjson.Unmarshal(text, typ)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// withUnknowns lays after_unknown over after.
func withUnknowns(after, unknown cty.Value) cty.Value {
	if unknown.Type() == cty.Bool {
		if unknown.True() {
			return cty.DynamicVal
		}
		return after
	}
	switch {
	case unknown.Type().IsObjectType():
		fields := map[string]cty.Value{}
		if !after.IsNull() {
			for name, v := range after.AsValueMap() {
				fields[name] = v
			}
		}
		for name, u := range unknown.AsValueMap() {
			have, held := fields[name]
			if !held {
				have = cty.NullVal(cty.DynamicPseudoType)
			}
			fields[name] = withUnknowns(have, u)
		}
		return cty.ObjectVal(fields)
	case unknown.Type().IsTupleType() && !after.IsNull() && after.LengthInt() == unknown.LengthInt():
		var list []cty.Value
		us := unknown.AsValueSlice()
		for i, v := range after.AsValueSlice() {
			list = append(list, withUnknowns(v, us[i]))
		}
		return cty.TupleVal(list)
	}
	return after
}

// diagnostics are a provider's.
type diagnostics []*tfprotov6.Diagnostic

func (d diagnostics) of(severity tfprotov6.DiagnosticSeverity) diagnostics {
	var out diagnostics
	for _, x := range d {
		if x.Severity == severity {
			out = append(out, x)
		}
	}
	return out
}

func (d diagnostics) errors() diagnostics { return d.of(tfprotov6.DiagnosticSeverityError) }

func (d diagnostics) warnings() diagnostics { return d.of(tfprotov6.DiagnosticSeverityWarning) }

func (d diagnostics) String() string {
	var b strings.Builder
	for _, x := range d {
		fmt.Fprintf(&b, "%s %s: %s\n%s\n\n", x.Severity, x.Attribute, x.Summary, x.Detail)
	}
	return b.String()
}

// checks lists the checks that diagnostics speak of.
func (d diagnostics) checks() string {
	var names []string
	for _, x := range d {
		name, _, _ := strings.Cut(x.Summary, ":")
		names = append(names, name)
	}
	return strings.Join(names, " ")
}
