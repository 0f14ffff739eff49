package terraform_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// fleetForm is how a generated plan writes its clusters.
type fleetForm string

const (
	flat    fleetForm = "flat"     // every cluster in blocks of its own
	forEach fleetForm = "for_each" // one module, called with for_each
)

// seed is the real plan that fleets are made of: a private cluster, its pool, network, subnetwork, router and gateway.
const seed = "../../testdata/plans/01-nat-all-ranges/plan.json"

// fleet holds the parts of the seed as text.
type fleet struct {
	values, changes, blocks []string
	relevant                string
	providers, module       string
}

func readSeed(t testing.TB) fleet {
	t.Helper()
	text, err := os.ReadFile(seed)
	if err != nil {
		t.Fatal(err)
	}
	var plan struct {
		Values struct {
			Root struct{ Resources []json.RawMessage } `json:"root_module"`
		} `json:"planned_values"`
		Changes       []json.RawMessage `json:"resource_changes"`
		Relevant      json.RawMessage   `json:"relevant_attributes"`
		Configuration struct {
			Providers json.RawMessage `json:"provider_config"`
			Root      json.RawMessage `json:"root_module"`
		}
	}
	var root struct{ Resources []json.RawMessage }
	if err := json.Unmarshal(text, &plan); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(plan.Configuration.Root, &root); err != nil {
		t.Fatal(err)
	}
	return fleet{values: texts(plan.Values.Root.Resources), changes: texts(plan.Changes), blocks: texts(root.Resources),
		relevant: strings.Trim(string(plan.Relevant), "[]"), providers: string(plan.Configuration.Providers), module: string(plan.Configuration.Root)}
}

func texts(list []json.RawMessage) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// renamed writes one cluster's part of the seed under names of its own.
func (form fleetForm) renamed(i int) *strings.Replacer {
	n := fmt.Sprintf("%05d", i)
	var pairs []string
	for _, name := range []string{"demo-vpc", "gke-subnet", "nat-router", "nat-all", "private-cluster"} {
		pairs = append(pairs, `"`+name+`"`, `"`+name+"-"+n+`"`)
	}
	resources := []string{"google_compute_network.vpc", "google_compute_router.router", "google_compute_router_nat.nat",
		"google_compute_subnetwork.gke", "google_container_cluster.private", "google_container_node_pool.default"}
	for _, r := range resources {
		if form == forEach {
			address := `module.fleet[\"c` + n + `\"]`
			pairs = append(pairs, `"address":"`+r, `"module_address":"`+address+`","address":"`+address+"."+r)
			continue
		}
		_, name, _ := strings.Cut(r, ".")
		pairs = append(pairs, r, r+n, `"name":"`+name+`"`, `"name":"`+name+n+`"`)
	}
	return strings.NewReplacer(pairs...)
}

// writeFleet writes a plan that creates so many private clusters, each with a network of its own.
func writeFleet(t testing.TB, name string, form fleetForm, clusters int) {
	t.Helper()
	f := readSeed(t)
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	each := func(part func(*strings.Replacer)) {
		for i := range clusters {
			if i > 0 {
				_ = w.WriteByte(',')
			}
			part(form.renamed(i))
		}
	}
	all := func(list []string) {
		each(func(r *strings.Replacer) { _, _ = r.WriteString(w, strings.Join(list, ",")) })
	}
	_, _ = w.WriteString(`{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{`)
	if form == forEach {
		_, _ = w.WriteString(`"child_modules":[`)
		i := -1
		each(func(r *strings.Replacer) {
			i++
			_, _ = fmt.Fprintf(w, `{"address":"module.fleet[\"c%05d\"]","resources":[`, i)
			_, _ = r.WriteString(w, strings.ReplaceAll(strings.Join(f.values, ","), `"module_address"`, `"ignored"`))
			_, _ = w.WriteString("]}")
		})
	} else {
		_, _ = w.WriteString(`"resources":[`)
		all(f.values)
	}
	_, _ = w.WriteString(`]}},"resource_changes":[`)
	all(f.changes)
	_, _ = w.WriteString(`],"configuration":{"provider_config":` + f.providers + `,"root_module":{`)
	if form == forEach {
		_, _ = w.WriteString(`"module_calls":{"fleet":{"source":"./fleet","for_each_expression":{"references":["var.clusters"]},"module":` + f.module + `}}}},"relevant_attributes":[`)
		_, _ = w.WriteString(f.relevant)
	} else {
		_, _ = w.WriteString(`"resources":[`)
		all(f.blocks)
		_, _ = w.WriteString(`]}},"relevant_attributes":[`)
		all([]string{f.relevant})
	}
	_, _ = w.WriteString(`],"timestamp":"2026-01-01T00:00:00Z","applyable":true,"complete":true,"errored":false}` + "\n")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}
