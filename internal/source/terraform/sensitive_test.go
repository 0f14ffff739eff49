package terraform

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// printable lists every text, number and range that a fact holds, private fields of values included, by where it stands.
func printable(v reflect.Value, path string, out map[string]string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			printable(v.Elem(), path, out)
		}
	case reflect.Slice:
		for i := range v.Len() {
			printable(v.Index(i), fmt.Sprintf("%s[%d]", path, i), out)
		}
	case reflect.Struct:
		if s := v.Type().String(); strings.HasPrefix(s, "netip.") {
			out[path] = fmt.Sprint(v)
			return
		}
		for i := range v.NumField() {
			printable(v.Field(i), path+"."+v.Type().Field(i).Name, out)
		}
	case reflect.String, reflect.Int:
		out[path] = fmt.Sprint(v)
	}
}

// leaks tells where a text stands in facts.
func leaks(f topology.Facts, text string) []string {
	out := map[string]string{}
	printable(reflect.ValueOf(f), "", out)
	var found []string
	for _, path := range sortedKeys(out) {
		if strings.Contains(out[path], text) {
			found = append(found, path+" = "+out[path])
		}
	}
	return found
}

// Every attribute that is read, of every type, marked sensitive: no fact holds its text, whatever it is used for.
func TestSensitiveAttributesReachNoFact(t *testing.T) {
	const secret = "hunter2"
	for typ := range wanted {
		for _, shape := range []struct {
			name  string
			value func(string) any
		}{
			{"a text", func(string) any { return secret }},
			{"a path", func(string) any { return "projects/" + secret + "/regions/" + secret + "/things/" + secret }},
			{"a list", func(string) any { return one(secret) }},
			{"a block", func(string) any { return deepBlock(secret) }},
		} {
			after := object{}
			mask := object{}
			for a := range wanted[typ] {
				after[a], mask[a] = shape.value(a), true
			}
			for keep, v := range map[string]any{"direction": "EGRESS", "visibility": "private", "target": "all-apis"} {
				if _, read := after[keep]; read {
					after[keep] = v
				}
			}
			b := build{resources: []resource{{address: typ + ".x", after: after, sensitive: mask, config: object{}}, {address: typ + ".y", actions: []string{"update"}, before: after, after: after, sensitive: mask, config: object{}},
				{address: "google_container_cluster.other", after: object{"name": "c", "project": "p", "location": "r1", "network": "vpc", "subnetwork": "s"}, config: object{}}}}
			r := b.read(t)
			for _, f := range []topology.Facts{r.After, r.Before} {
				if found := leaks(f, secret); len(found) > 0 {
					t.Errorf("%s, %s: %s", typ, shape.name, strings.Join(found, "; "))
				}
			}
		}
	}
}

// deepBlock is a block that holds a text under every name that is looked for in blocks.
func deepBlock(text string) []any {
	leaf := object{}
	for _, n := range []string{"name", "network_url", "range_name", "ip_cidr_range", "subnetwork", "pod_range", "image_type", "rrdatas", "rule_name", "protocol", "ports", "image", "namespace", "config", "max_node_count",
		"image_pull_policy", "service_account_name", "node_selector", "repository", "uri", "email"} {
		leaf[n] = text
	}
	inner := object{}
	for k, v := range leaf {
		inner[k] = v
	}
	for _, n := range []string{"networks", "local_datas", "spec", "template", "container", "match", "layer4_configs", "network_tags", "additional_ip_ranges_config", "image_pull_secrets",
		"job_template", "init_container", "docker_repository", "custom_repository", "upstream_policies"} {
		inner[n] = one(leaf)
	}
	inner["direction"], inner["type"] = "EGRESS", "A"
	return one(inner)
}

// An object whose name is sensitive is still the one that others mean: joins inside the reader see through the mark.
func TestSensitiveNamesStillJoin(t *testing.T) {
	mask := object{"name": true}
	b := build{resources: []resource{
		{address: "google_compute_network.vpc", after: object{"name": "hidden-net", "project": "p"}, sensitive: mask, config: object{}},
		{address: "google_compute_subnetwork.s", after: object{"name": "hidden-sub", "project": "p", "region": "r1", "network": "hidden-net"}, sensitive: object{"name": true, "network": true}, config: object{}},
		{address: "google_container_cluster.c", after: object{"name": "c", "project": "p", "location": "r1", "network": "hidden-net", "subnetwork": "projects/p/regions/r1/subnetworks/hidden-sub"},
			sensitive: object{"network": true, "subnetwork": true}, config: object{}},
		{address: "google_container_cluster.elsewhere", after: object{"name": "d", "project": "p", "location": "r1", "network": "hidden-other", "subnetwork": "hidden-third"},
			sensitive: object{"network": true, "subnetwork": true}, config: object{}}}}
	f := b.read(t).After
	c := f.Clusters[0]
	is(t, "network", c.Network, f.Networks[0].ID)
	is(t, "subnetwork", c.Subnetwork, f.Subnetworks[0].ID)
	is(t, "the subnetwork's network", f.Subnetworks[0].Network, f.Networks[0].ID)
	unknown(t, "a network that nobody tells of", f.Clusters[1].Network, "sensitive")
	if found := leaks(f, "hidden"); len(found) > 0 {
		t.Error(found)
	}
}

// In plan 24 a cluster's pod range comes from a sensitive variable. Its value is also the plain name of a subnetwork's range, which is no secret there.
func TestSensitiveVariableOfARealPlan(t *testing.T) {
	text, err := os.ReadFile("../../testdata/plans/24-explicit-false-and-unknowns/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	const secret = "a-secret-of-the-plan"
	marked := strings.Replace(string(text), `"secret_range":{"value":"pods"}`, `"secret_range":{"value":"`+secret+`"}`, 1)
	at := strings.Index(marked, `"resource_changes"`)
	cluster := at + strings.Index(marked[at:], `"google_container_cluster.maybe_private"`)
	marked = marked[:cluster] + strings.Replace(marked[cluster:], `"cluster_secondary_range_name":"pods"`, `"cluster_secondary_range_name":"`+secret+`"`, 1)
	if strings.Count(marked, secret) != 2 {
		t.Fatalf("the plan holds the secret %d times", strings.Count(marked, secret))
	}
	f := readText(t, marked).After
	if found := leaks(f, secret); len(found) > 0 {
		t.Error(found)
	}
	for _, c := range f.Clusters {
		if c.Address == "google_container_cluster.maybe_private" {
			unknown(t, "pod range", c.PodRange, "sensitive")
		} else {
			is(t, "pod range", c.PodRange, "pods")
		}
	}
}
