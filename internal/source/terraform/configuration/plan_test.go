package configuration_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform/configuration"
)

// origin is the mark this test puts on unknown values: the address they come from.
type origin string

// planKnown answers from plan.json the way the real caller does.
type planKnown struct {
	variables map[string]cty.Value
	instances map[string][]configuration.Instance
	types     map[string]bool
}

type planChange struct {
	Address       string `json:"address"`
	ModuleAddress string `json:"module_address"`
	Mode          string `json:"mode"`
	Type          string `json:"type"`
	Name          string `json:"name"`
	Index         any    `json:"index"`
	Change        struct {
		Actions      []string       `json:"actions"`
		After        map[string]any `json:"after"`
		AfterUnknown map[string]any `json:"after_unknown"`
	} `json:"change"`
}

func plansFolder(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs(filepath.FromSlash("../../../../../shared/plans"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skip("real plans are not beside the repository")
	}
	return folder
}

func readPlan(t *testing.T, name string) *planKnown {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var plan struct {
		Variables map[string]struct {
			Value any `json:"value"`
		} `json:"variables"`
		Changes []planChange `json:"resource_changes"`
	}
	if err := json.Unmarshal(text, &plan); err != nil {
		t.Fatal(err)
	}
	known := &planKnown{
		variables: map[string]cty.Value{}, instances: map[string][]configuration.Instance{}, types: map[string]bool{},
	}
	for name, v := range plan.Variables {
		known.variables[name] = valueOf(v.Value)
	}
	for _, change := range plan.Changes {
		if len(change.Change.Actions) == 1 && change.Change.Actions[0] == "delete" {
			continue
		}
		known.types[change.Mode+"/"+change.Type] = true
		key := change.ModuleAddress + "/" + change.Mode + "/" + change.Type + "/" + change.Name
		known.instances[key] = append(known.instances[key], instanceOf(change))
	}
	return known
}

func instanceOf(change planChange) configuration.Instance {
	attrs := map[string]cty.Value{}
	for name, value := range change.Change.After {
		attrs[name] = valueOf(value)
	}
	for name, unknown := range change.Change.AfterUnknown {
		if unknown == true {
			// A type made up for an unknown value would let comparisons come out as known and wrong.
			attrs[name] = cty.DynamicVal.Mark(origin(change.Address))
		}
	}
	text := func(name string) string {
		s, _ := change.Change.After[name].(string)
		return s
	}
	project, region, name := text("project"), text("region"), text("name")
	link := ""
	switch {
	case project == "" || name == "":
	case change.Type == "google_compute_network":
		link = "projects/" + project + "/global/networks/" + name
	case change.Type == "google_compute_subnetwork" && region != "":
		link = "projects/" + project + "/regions/" + region + "/subnetworks/" + name
	}
	if link != "" {
		attrs["id"] = cty.StringVal(link)
		attrs["self_link"] = cty.StringVal("https://www.googleapis.com/compute/v1/" + link)
	}
	instance := configuration.Instance{Key: cty.NilVal, Value: cty.ObjectVal(attrs)}
	switch index := change.Index.(type) {
	case string:
		instance.Key = cty.StringVal(index)
	case float64:
		instance.Key = cty.NumberFloatVal(index)
	}
	return instance
}

func valueOf(value any) cty.Value {
	switch v := value.(type) {
	case string:
		return cty.StringVal(v)
	case bool:
		return cty.BoolVal(v)
	case float64:
		return cty.NumberFloatVal(v)
	case []any:
		list := make([]cty.Value, len(v))
		for i, item := range v {
			list[i] = valueOf(item)
		}
		return cty.TupleVal(list)
	case map[string]any:
		object := map[string]cty.Value{}
		for name, item := range v {
			object[name] = valueOf(item)
		}
		return cty.ObjectVal(object)
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func (p *planKnown) Variable(name string) (cty.Value, bool) {
	value, ok := p.variables[name]
	return value, ok
}

func (p *planKnown) Instances(module configuration.Path, mode, typ, name string) ([]configuration.Instance, bool) {
	return p.instances[address(module)+"/"+mode+"/"+typ+"/"+name], p.types[mode+"/"+typ]
}

func address(path configuration.Path) string {
	var steps []string
	for _, step := range path {
		text := "module." + step.Name
		switch {
		case step.Key == cty.NilVal:
		case step.Key.Type() == cty.String:
			text += "[" + strconv.Quote(step.Key.AsString()) + "]"
		default:
			text += "[" + step.Key.AsBigFloat().Text('f', -1) + "]"
		}
		steps = append(steps, text)
	}
	return strings.Join(steps, ".")
}

// show writes a value with its marks, so that a test can state both at once.
func show(value cty.Value) string {
	plain, marks := value.Unmark()
	return showPlain(plain) + showMarks(marks)
}

func showPlain(value cty.Value) string {
	switch typ := value.Type(); {
	case value.IsNull():
		return "null"
	case !value.IsKnown():
		return "?"
	case typ == cty.String:
		return strconv.Quote(value.AsString())
	case typ == cty.Number:
		return value.AsBigFloat().Text('f', -1)
	case typ == cty.Bool:
		return strconv.FormatBool(value.True())
	case typ.IsObjectType() || typ.IsMapType():
		var parts []string
		for it := value.ElementIterator(); it.Next(); {
			key, item := it.Element()
			parts = append(parts, key.AsString()+":"+show(item))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	default:
		var parts []string
		for it := value.ElementIterator(); it.Next(); {
			_, item := it.Element()
			parts = append(parts, show(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
}

func showMarks(marks cty.ValueMarks) string {
	var names []string
	for m := range marks {
		names = append(names, fmt.Sprint(m))
	}
	sort.Strings(names)
	if len(names) == 0 {
		return ""
	}
	return "<" + strings.Join(names, " ") + ">"
}

func TestPlans(t *testing.T) {
	folder := plansFolder(t)
	prod := configuration.Step{Name: "platform", Key: cty.StringVal("prod")}
	dev := configuration.Step{Name: "platform", Key: cty.StringVal("dev")}
	in := func(steps ...configuration.Step) configuration.Path { return steps }
	step := func(name, key string) configuration.Step {
		return configuration.Step{Name: name, Key: cty.StringVal(key)}
	}
	const subnets = "https://www.googleapis.com/compute/v1/projects/demo-project/regions/"
	tests := []struct {
		name, plan string
		module     configuration.Path
		typ, block string
		key        cty.Value
		want       map[string]string
	}{
		{
			name: "subnets of a local in a dynamic block", plan: "24-explicit-false-and-unknowns",
			typ: "google_compute_router_nat", block: "via_local",
			want: map[string]string{
				"router": "?<google_compute_router.r>",
				"subnetwork": `[{name:?<google_compute_subnetwork.gke[0]>, source_ip_ranges_to_nat:["ALL_IP_RANGES"]}, ` +
					`{name:?<google_compute_subnetwork.gke[1]>, source_ip_ranges_to_nat:["ALL_IP_RANGES"]}]`,
			},
		},
		{
			name: "name of one counted subnet", plan: "24-explicit-false-and-unknowns",
			typ: "google_container_cluster", block: "covered_via_local",
			want: map[string]string{
				"subnetwork":             "?<google_compute_subnetwork.gke[1]>",
				"network":                "?<google_compute_network.vpc>",
				"private_cluster_config": "[{enable_private_nodes:true}]",
			},
		},
		{
			name: "privacy decided at apply, sensitive range name", plan: "24-explicit-false-and-unknowns",
			typ: "google_container_cluster", block: "maybe_private",
			want: map[string]string{
				"subnetwork":             "?<google_compute_subnetwork.gke[2]>",
				"private_cluster_config": "[{enable_private_nodes:?<random_integer.coin>}]",
				"ip_allocation_policy":   `[{cluster_secondary_range_name:"pods"<sensitive>, services_secondary_range_name:"services"}]`,
			},
		},
		{
			name: "local by each.key, first instance", plan: "25-all-primary-split-nats-import",
			typ: "google_container_cluster", block: "k", key: cty.StringVal("a"),
			want: map[string]string{
				"subnetwork": `"projects/demo-project/regions/us-central1/subnetworks/gke-a"`,
				"network":    `"projects/demo-project/global/networks/net-a"`,
			},
		},
		{
			name: "local by each.key, imported subnet", plan: "25-all-primary-split-nats-import",
			typ: "google_container_cluster", block: "k", key: cty.StringVal("c"),
			want: map[string]string{
				"subnetwork": `"projects/demo-project/regions/us-central1/subnetworks/existing-subnet"`,
			},
		},
		{
			name: "literal nat block", plan: "25-all-primary-split-nats-import",
			typ: "google_compute_router_nat", block: "b_pods",
			want: map[string]string{
				"router": `"router-b1"`,
				"subnetwork": `[{name:"` + subnets + `us-central1/subnetworks/gke-b", secondary_ip_range_names:["pods"], ` +
					`source_ip_ranges_to_nat:["LIST_OF_SECONDARY_IP_RANGES"]}]`,
			},
		},
		{
			name: "each.value of another resource", plan: "25-all-primary-split-nats-import",
			typ: "google_compute_subnetwork", block: "n", key: cty.StringVal("b"),
			want: map[string]string{"network": `"https://www.googleapis.com/compute/v1/projects/demo-project/global/networks/net-b"`},
		},
		{
			name: "dynamic over a set of self links", plan: "27-dynamic-unknown-set",
			typ: "google_compute_router_nat", block: "n",
			want: map[string]string{
				"router": "?<google_compute_router.r>",
				"subnetwork": `[{name:"` + subnets + `us-central1/subnetworks/dyn-0", source_ip_ranges_to_nat:["ALL_IP_RANGES"]}, ` +
					`{name:"` + subnets + `us-central1/subnetworks/dyn-1", source_ip_ranges_to_nat:["ALL_IP_RANGES"]}]`,
			},
		},
		{
			name: "element over a splat", plan: "27-dynamic-unknown-set",
			typ: "google_container_cluster", block: "c", key: cty.NumberIntVal(1),
			want: map[string]string{"subnetwork": `"projects/demo-project/regions/us-central1/subnetworks/dyn-1"`},
		},
		{
			name: "explicit null", plan: "27-dynamic-unknown-set",
			typ: "google_compute_subnetwork", block: "gke", key: cty.NumberIntVal(0),
			want: map[string]string{"private_ip_google_access": "null", "ip_cidr_range": `"10.10.0.0/20"`},
		},
		{
			name: "module with a provider alias", plan: "27-dynamic-unknown-set",
			module: in(configuration.Step{Name: "other", Key: cty.NilVal}), typ: "google_container_cluster", block: "c",
			want: map[string]string{"subnetwork": `"dyn-0"`, "network": `"dyn-vpc"`},
		},
		{
			name: "nat of all ranges, no blocks", plan: "08-nested-modules-foreach",
			module: in(prod, step("nat", "us-central1")), typ: "google_compute_router_nat", block: "this",
			want: map[string]string{
				"subnetwork": "[]", "router": `"prod-nat-router"`, "region": `"us-central1"`,
				"source_subnetwork_ip_ranges_to_nat": `"ALL_SUBNETWORKS_ALL_IP_RANGES"`,
			},
		},
		{
			name: "nat of the subnets of its region", plan: "08-nested-modules-foreach",
			module: in(prod, step("nat", "europe-west1")), typ: "google_compute_router_nat", block: "this",
			want: map[string]string{
				"subnetwork": `[{name:"` + subnets + `europe-west1/subnetworks/prod-vpc-c2", source_ip_ranges_to_nat:["PRIMARY_IP_RANGE"]}]`,
			},
		},
		{
			name: "subnet through two modules", plan: "08-nested-modules-foreach",
			module: in(prod, step("cluster", "c2")), typ: "google_container_cluster", block: "this",
			want: map[string]string{
				"subnetwork":             `"` + subnets + `europe-west1/subnetworks/prod-vpc-c2"`,
				"location":               `"europe-west1"`,
				"private_cluster_config": "[{enable_private_endpoint:false, enable_private_nodes:true}]",
			},
		},
		{
			name: "conditional block not made", plan: "08-nested-modules-foreach",
			module: in(dev, step("cluster", "c2")), typ: "google_container_cluster", block: "this",
			want: map[string]string{"private_cluster_config": "[]"},
		},
		{
			name: "node pool of a cluster known after apply", plan: "08-nested-modules-foreach",
			module: in(prod, step("cluster", "c2")), typ: "google_container_node_pool", block: "np", key: cty.NumberIntVal(1),
			want: map[string]string{
				"cluster":  `?<module.platform["prod"].module.cluster["c2"].google_container_cluster.this>`,
				"location": `"europe-west1"`, "name": `"np-1"`,
			},
		},
		{
			name: "dynamic by key and value", plan: "08-nested-modules-foreach",
			module: in(prod, configuration.Step{Name: "net", Key: cty.NilVal}), typ: "google_compute_subnetwork", block: "this", key: cty.StringVal("c1"),
			want: map[string]string{
				"secondary_ip_range": `[{ip_cidr_range:"10.64.0.0/16", range_name:"pods"}, {ip_cidr_range:"10.200.0.0/20", range_name:"services"}]`,
			},
		},
	}
	for _, source := range []string{"plan.tfplan", ""} {
		for _, test := range tests {
			t.Run(test.name+"/"+filepath.Join("from", source), func(t *testing.T) {
				config, err := configuration.Open(filepath.Join(folder, test.plan, source))
				if err != nil {
					t.Fatal(err)
				}
				evaluator := config.Evaluator(readPlan(t, filepath.Join(folder, test.plan, "plan.json")))
				var names []string
				for name := range test.want {
					names = append(names, name)
				}
				attrs, ok := evaluator.Resource(test.module, "managed", test.typ, test.block, test.key, names)
				if !ok {
					t.Fatal("no such block")
				}
				for name, want := range test.want {
					if got := show(attrs[name].Value); got != want {
						t.Errorf("%s\n got %s\nwant %s", name, got, want)
					}
				}
			})
		}
	}
}

// TestPlansUnnamed hides what the real caller derives, as where a project is not known: marks then carry the links.
func TestPlansUnnamed(t *testing.T) {
	folder := plansFolder(t)
	name := filepath.Join(folder, "27-dynamic-unknown-set")
	config, err := configuration.Open(filepath.Join(name, "plan.tfplan"))
	if err != nil {
		t.Fatal(err)
	}
	known := readPlan(t, filepath.Join(name, "plan.json"))
	for key, list := range known.instances {
		for i, instance := range list {
			attrs := instance.Value.AsValueMap()
			if _, ok := attrs["self_link"]; ok {
				attrs["self_link"] = cty.DynamicVal.Mark(origin(key + strconv.Itoa(i)))
			}
			list[i].Value = cty.ObjectVal(attrs)
		}
	}
	attrs, _ := config.Evaluator(known).Resource(nil, "managed", "google_compute_router_nat", "n", cty.NilVal, []string{"subnetwork"})
	const both = "?</managed/google_compute_subnetwork/gke0 /managed/google_compute_subnetwork/gke1>"
	got := show(attrs["subnetwork"].Value)
	if strings.Count(got, both) != 2 {
		t.Errorf("subnetwork is %s, want two blocks that may be either subnet", got)
	}
}

// TestEveryPlan evaluates every attribute of every instance: nothing may panic, and what is known must be what
// Terraform planned.
func TestEveryPlan(t *testing.T) {
	folder := plansFolder(t)
	mains, err := filepath.Glob(filepath.Join(folder, "*", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, main := range mains {
		t.Run(filepath.Base(filepath.Dir(main)), func(t *testing.T) {
			config, err := configuration.Open(filepath.Dir(main))
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Join(filepath.Dir(main), "plan.json")
			known := readPlan(t, name)
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var plan struct {
				Changes []planChange `json:"resource_changes"`
			}
			if err := json.Unmarshal(text, &plan); err != nil {
				t.Fatal(err)
			}
			evaluator := config.Evaluator(known)
			for _, change := range plan.Changes {
				if len(change.Change.Actions) == 1 && change.Change.Actions[0] == "delete" {
					continue
				}
				checkChange(t, evaluator, change)
			}
		})
	}
}

func checkChange(t *testing.T, evaluator *configuration.Evaluator, change planChange) {
	t.Helper()
	module := parseModule(t, change.ModuleAddress)
	var names []string
	for name := range change.Change.After {
		names = append(names, name)
	}
	instance := instanceOf(change)
	attrs, ok := evaluator.Resource(module, change.Mode, change.Type, change.Name, instance.Key, names)
	if !ok {
		t.Errorf("%s: no such block", change.Address)
	}
	for name, attr := range attrs {
		planned, ok := change.Change.After[name].(string)
		if !ok || attr.Value.Type() != cty.String || !attr.Value.IsKnown() || attr.Value.IsNull() {
			continue
		}
		plain, _ := attr.Value.Unmark()
		// Providers shorten links, so the end of the path is what must agree.
		got, want := plain.AsString(), planned
		if got != want && !strings.HasSuffix(got, "/"+want) && !strings.HasSuffix(want, "/"+got) && !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s is %q, planned %q", change.Address, name, got, want)
		}
	}
}

// parseModule splits the module addresses of these plans, whose keys hold neither quotes nor dots.
func parseModule(t *testing.T, text string) configuration.Path {
	t.Helper()
	var path configuration.Path
	if text == "" {
		return nil
	}
	for _, part := range strings.Split(strings.TrimPrefix(text, "module."), ".module.") {
		name, key, found := strings.Cut(strings.TrimSuffix(part, "]"), "[")
		step := configuration.Step{Name: name, Key: cty.NilVal}
		if found {
			if unquoted, err := strconv.Unquote(key); err == nil {
				step.Key = cty.StringVal(unquoted)
			} else if number, err := strconv.Atoi(key); err == nil {
				step.Key = cty.NumberIntVal(int64(number))
			}
		}
		path = append(path, step)
	}
	return path
}
