package terraform_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

type object = map[string]any

// one is a list of one, as the google provider nests blocks.
func one(v ...any) []any { return v }

// change is one element of a plan's resource_changes: created without before, destroyed without after, as it is where both are the same.
type change struct {
	address       string
	before, after object
	unknown       object
	actions       []string
}

// planOf writes a plan of changes and gives its path.
func planOf(t *testing.T, changes ...change) string {
	t.Helper()
	var list []any
	for _, c := range changes {
		typ, name, _ := strings.Cut(c.address, ".")
		actions := c.actions
		switch {
		case actions != nil:
		case c.before == nil:
			actions = []string{"create"}
		case c.after == nil:
			actions = []string{"delete"}
		case fmt.Sprint(c.before) == fmt.Sprint(c.after):
			actions = []string{"no-op"}
		default:
			actions = []string{"update"}
		}
		unknown := c.unknown
		if unknown == nil {
			unknown = object{}
		}
		one := object{"actions": actions, "before": nil, "after": nil, "after_unknown": unknown}
		if c.before != nil {
			one["before"] = c.before
		}
		if c.after != nil {
			one["after"] = c.after
		}
		list = append(list, object{"address": c.address, "mode": "managed", "type": typ, "name": name, "change": one})
	}
	return written(t, "plan.json", object{"format_version": "1.2", "planned_values": object{}, "resource_changes": list})
}

// stateOf writes a state of resources, given as their addresses and values in turn, and gives its path.
func stateOf(t *testing.T, resources ...any) string {
	t.Helper()
	var list []any
	for i := 0; i < len(resources); i += 2 {
		address := resources[i].(string)
		typ, name, _ := strings.Cut(address, ".")
		list = append(list, object{"address": address, "mode": "managed", "type": typ, "name": name, "values": resources[i+1]})
	}
	return written(t, "state.json", object{"format_version": "1.0", "values": object{"root_module": object{"resources": list}}})
}

func written(t *testing.T, name string, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// existing is an Input's hook that tells facts.
func existing(f topology.Facts) func(context.Context, topology.Facts) (topology.Facts, error) {
	return func(context.Context, topology.Facts) (topology.Facts, error) { return f, nil }
}

// laid reads plans and states over what exists.
func laid(t *testing.T, f topology.Facts, in terraform.Input) terraform.Reading {
	t.Helper()
	in.Existing = existing(f)
	r, err := terraform.Read(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// subnetworks says who tells of subnetworks: "a:state.json b:live".
func subnetworks(f topology.Facts) string {
	var out []string
	for _, s := range f.Subnetworks {
		out = append(out, s.Name+":"+filepath.Base(s.GoogleAccess.Origin.Object))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func liveSubnetwork(name string) *topology.Subnetwork {
	o := topology.Object{ID: topology.Identify("google_compute_subnetwork", "p", "r1", name), Name: name, Address: "live", Project: "p", Location: "r1", Read: true}
	return &topology.Subnetwork{Object: o, GoogleAccess: topology.Known(true, o.From(""))}
}

// What exists lies over states and beneath plans, before and after; it is asked for once, and told what the others tell.
func TestExistingLiesBetweenStatesAndPlans(t *testing.T) {
	values := func(name string) object {
		return object{"name": name, "project": "p", "region": "r1", "network": "vpc"}
	}
	state := stateOf(t, "google_compute_subnetwork.state", values("both"), "google_compute_subnetwork.only", values("state-only"))
	plan := planOf(t, change{address: "google_compute_subnetwork.plan", before: values("planned"), after: values("planned")},
		change{address: "google_compute_subnetwork.new", after: values("new")},
		change{address: "google_compute_subnetwork.old", before: values("old")})
	var asked []topology.Facts
	in := terraform.Input{States: []string{state}, Plans: []string{plan}}
	in.Existing = func(_ context.Context, told topology.Facts) (topology.Facts, error) {
		asked = append(asked, told)
		return topology.Facts{Subnetworks: []*topology.Subnetwork{liveSubnetwork("both"), liveSubnetwork("planned"), liveSubnetwork("old"), liveSubnetwork("live-only")}}, nil
	}
	r, err := terraform.Read(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	const old, now = "google_compute_subnetwork.old", "google_compute_subnetwork."
	if want := "both:live live-only:live new:" + now + "new planned:" + now + "plan state-only:" + now + "only"; subnetworks(r.After) != want {
		t.Errorf("after: %s, want %s", subnetworks(r.After), want)
	}
	if want := "both:live live-only:live old:" + old + " planned:" + now + "plan state-only:" + now + "only"; subnetworks(r.Before) != want {
		t.Errorf("before: %s, want %s", subnetworks(r.Before), want)
	}
	if len(asked) != 1 {
		t.Fatalf("asked %d times", len(asked))
	}
	if want := "both:" + now + "state new:" + now + "new planned:" + now + "plan state-only:" + now + "only"; subnetworks(asked[0]) != want {
		t.Errorf("it was told %s, want %s", subnetworks(asked[0]), want)
	}
	if !r.Changed || len(r.Sources) != 2 {
		t.Errorf("changed %v, sources %v", r.Changed, r.Sources)
	}
}

// What exists may be all there is to read, and where it cannot be read nothing else is told in its place.
func TestExistingAlone(t *testing.T) {
	r := laid(t, topology.Facts{Subnetworks: []*topology.Subnetwork{liveSubnetwork("a")}}, terraform.Input{})
	if subnetworks(r.After) != "a:live" || subnetworks(r.Before) != "a:live" || r.Changed {
		t.Errorf("after %s, before %s, changed %v", subnetworks(r.After), subnetworks(r.Before), r.Changed)
	}
	broken := errors.New("export.json: line 3: is no asset")
	_, err := terraform.Read(context.Background(), terraform.Input{Existing: func(context.Context, topology.Facts) (topology.Facts, error) { return topology.Facts{}, broken }})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	asked := false
	_, err = terraform.Read(context.Background(), terraform.Input{Plans: []string{"no-such-plan.json"}, Existing: func(context.Context, topology.Facts) (topology.Facts, error) {
		asked = true
		return topology.Facts{}, nil
	}})
	if err == nil || asked {
		t.Errorf("got %v, and asked %v", err, asked)
	}
}

// What Google Cloud lists as a whole and does not hold is gone, though a state that is older still tells of it. What was not listed, and what a plan is
// about to make, is another matter.
func TestStatesMayBeOutdated(t *testing.T) {
	nat := func(project, name string) object {
		return object{"name": name, "project": project, "region": "r1", "router": "router", "type": "PUBLIC"}
	}
	itsRouter := object{"name": "router", "project": "p", "region": "r1", "network": "vpc"}
	route := object{"name": "out", "project": "p", "network": "vpc", "dest_range": "0.0.0.0/0", "next_hop_gateway": "default-internet-gateway"}
	state := stateOf(t, "google_compute_router.r", itsRouter, "google_compute_router_nat.there", nat("p", "there"), "google_compute_router_nat.gone", nat("p", "gone"),
		"google_compute_router_nat.elsewhere", nat("q", "elsewhere"), "google_compute_route.out", route)
	plan := planOf(t, change{address: "google_compute_router_nat.new", after: nat("p", "new")})
	for _, c := range []struct {
		name  string
		lists func(*googlecloud.Inventory)
		nats  string
		route bool
	}{
		{"routers", func(v *googlecloud.Inventory) { v.Listed(topology.Routers, "p") }, "elsewhere new there", true},
		{"routers and routes", func(v *googlecloud.Inventory) { v.Listed(topology.Routers, "p"); v.Listed(topology.Routes, "p") }, "elsewhere new there", false},
		{"routers of another project", func(v *googlecloud.Inventory) { v.Listed(topology.Routers, "z") }, "elsewhere gone new there", true},
		{"routers, refused", func(v *googlecloud.Inventory) { v.Refused(topology.Routers, "p", "403: compute.routers.list") }, "elsewhere gone new there", true},
		{"nothing", func(*googlecloud.Inventory) {}, "elsewhere gone new there", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := googlecloud.New("live")
			c.lists(v)
			router("there")(v)
			after := laid(t, v.Facts(), terraform.Input{States: []string{state}, Plans: []string{plan}}).After
			var got []string
			for _, n := range after.NATs {
				got = append(got, n.Name)
			}
			slices.Sort(got)
			if strings.Join(got, " ") != c.nats || len(after.Routers) != 1 || (len(after.Routes) == 1) != c.route {
				t.Errorf("gateways %v, want %s; %d routers, %d routes", got, c.nats, len(after.Routers), len(after.Routes))
			}
		})
	}
}

// Two configurations made from one template call their clusters alike; a replacement is no second cluster to be told apart from the first.
func TestClustersOfOneAddress(t *testing.T) {
	const address = "google_container_cluster.primary"
	cluster := func(name string) object { return object{"name": name, "project": "p", "location": "r1"} }
	a, b := stateOf(t, address, cluster("a")), stateOf(t, address, cluster("b"))
	kept := planOf(t, change{address: address, before: cluster("a"), after: cluster("a")})
	renamed := planOf(t, change{address: address, before: cluster("a"), after: cluster("c"), actions: []string{"delete", "create"}})
	for _, c := range []struct {
		name          string
		states, plans []string
		want          []string
	}{
		{"one that is replaced by another", nil, []string{renamed}, []string{address}},
		{"one", []string{a}, nil, []string{address}},
		{"two", []string{a, b}, nil, []string{address + " (" + a + ")", address + " (" + b + ")"}},
		{"one that both a state and a plan tell of", []string{a}, []string{kept}, []string{address}},
		{"two, and a plan of one", []string{a, b}, []string{kept}, []string{address + " (" + kept + ")", address + " (" + b + ")"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := terraform.Read(context.Background(), terraform.Input{States: c.states, Plans: c.plans})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range []topology.Facts{r.After, r.Before} {
				var got []string
				for _, cluster := range f.Clusters {
					got = append(got, cluster.Address)
				}
				slices.Sort(got)
				slices.Sort(c.want)
				if !slices.Equal(got, c.want) {
					t.Errorf("got %v, want %v", got, c.want)
				}
			}
		})
	}
}
