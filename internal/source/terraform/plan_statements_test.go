package terraform

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// What a plan says beside its changes, and what it must not be taken for.
func TestWhatAPlanSaysBesideItsChanges(t *testing.T) {
	nat := object{"name": "n", "project": "p", "region": "r1", "router": "r", "type": "PUBLIC", "source_subnetwork_ip_ranges_to_nat": "ALL_SUBNETWORKS_ALL_IP_RANGES"}
	unchanged := func() resource {
		return resource{address: "google_compute_router_nat.n", actions: []string{"no-op"}, before: nat, after: nat, config: object{}}
	}
	drift := func(actions ...string) object {
		return object{"resource_drift": one(object{"address": "google_compute_router_nat.n", "mode": "managed", "type": "google_compute_router_nat", "name": "n",
			"change": object{"actions": actions, "before": nat, "after": nil}})}
	}
	for name, tc := range map[string]struct {
		plan    build
		gateway int
		changed bool
	}{
		"drift is no planned deletion":         {build{resources: []resource{unchanged()}, extra: drift("delete")}, 1, false},
		"drift is no planned update":           {build{resources: []resource{unchanged()}, extra: drift("update")}, 1, false},
		"drift of what the plan does not hold": {build{extra: drift("update")}, 0, false},
		"a later minor version with more keys": {build{resources: []resource{unchanged()}, extra: object{"format_version": "1.99", "action_invocations": one(object{"x": one(1)})}}, 1, false},
		"planned values are not read twice": {build{resources: []resource{unchanged()}, extra: object{"planned_values": object{"root_module": object{"resources": one(object{"address": "google_compute_router_nat.n", "mode": "managed",
			"type": "google_compute_router_nat", "name": "n", "values": nat})}}}}, 1, false},
		"deletion":                  {build{resources: []resource{{address: "google_compute_router_nat.n", actions: []string{"delete"}, reason: "delete_because_count_index", before: nat, config: object{}}}}, 0, true},
		"destruction of everything": {build{resources: []resource{{address: "google_compute_router_nat.n", actions: []string{"delete"}, before: nat}}, extra: object{"planned_values": object{}}}, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := tc.plan.read(t)
			if len(r.After.NATs) != tc.gateway || r.Changed != tc.changed {
				t.Errorf("%d gateways, changed %v", len(r.After.NATs), r.Changed)
			}
		})
	}
}

// One network is one object, whether it is seen as a name, a path, a URL or a reference to what is created.
func TestOneNetworkInEverySpelling(t *testing.T) {
	const path = "projects/p/global/networks/vpc"
	vpc := refs("google_compute_network.vpc.id", "google_compute_network.vpc")
	for name, tc := range map[string]struct {
		text any
		want topology.ID
	}{
		"a name":                        {"vpc", networkID("vpc")},
		"a path":                        {path, networkID("vpc")},
		"a URL":                         {"https://www.googleapis.com/compute/v1/" + path, networkID("vpc")},
		"a URL of the beta API":         {"https://www.googleapis.com/compute/beta/" + path, networkID("vpc")},
		"a URL of the API's host":       {"https://compute.googleapis.com/compute/v1/" + path, networkID("vpc")},
		"a reference":                   {nil, networkID("vpc")},
		"a namesake in another project": {"projects/q/global/networks/vpc", topology.Identify("google_compute_network", "q", "global", "vpc")},
	} {
		t.Run(name, func(t *testing.T) {
			router := resource{address: "google_compute_router.r", after: object{"name": "r", "project": "p", "region": "r1"}, config: object{"network": vpc}}
			if tc.text == nil {
				router.unknown = object{"network": true}
			} else {
				router.after["network"] = tc.text
			}
			is(t, "network", build{resources: []resource{networkNamed("vpc"), router}}.read(t).After.Routers[0].Network, tc.want)
		})
	}
}

// The entries of a gateway that is there and unchanged are URLs, and lead to the same subnetworks as names do.
func TestEntriesOfAGatewayThatIsThere(t *testing.T) {
	entry := func(name string) object {
		return object{"name": name, "source_ip_ranges_to_nat": one(topology.EntryAllRanges), "secondary_ip_range_names": one[any]()}
	}
	nat := object{"name": "n", "project": "p", "region": "r1", "router": "r", "source_subnetwork_ip_ranges_to_nat": topology.ListOfRanges,
		"subnetwork": one(entry("https://www.googleapis.com/compute/v1/projects/p/regions/r1/subnetworks/b"), entry("projects/p/regions/r1/subnetworks/a"), entry("c"), entry("projects/p/regions/r2/subnetworks/a"))}
	b := build{resources: append(keyed(""), resource{address: "google_compute_router_nat.n", actions: []string{"no-op"}, before: nat, after: nat, config: object{}})}
	n := b.read(t).After.NATs[0]
	for i, want := range []topology.ID{subnetID("b"), subnetID("a"), subnetID("c"), topology.Identify("google_compute_subnetwork", "p", "r2", "a")} {
		is(t, "subnetwork", n.Entries[i].Subnetwork, want)
		if n.Entries[i].Subnetwork.Inferred {
			t.Errorf("entry %d is marked inferred", i)
		}
	}
}

// A resource that moves, or that an import block takes in, is the object that it was: it is not created.
func TestMovedAndImported(t *testing.T) {
	values := `{"name":"s","project":"p","region":"r1","network":"vpc","private_ip_google_access":true}`
	for name, tc := range map[string]struct {
		more, change string
		created      bool
	}{
		"moved":               {`"previous_address":"google_compute_subnetwork.old",`, `"actions":["no-op"],"before":` + values + `,"after":` + values, false},
		"moved and updated":   {`"previous_address":"google_compute_subnetwork.old",`, `"actions":["update"],"before":` + values + `,"after":` + values, false},
		"imported":            {"", `"actions":["no-op"],"importing":{"id":"p/r1/s"},"before":` + values + `,"after":` + values, false},
		"imported, updated":   {"", `"actions":["update"],"importing":{"id":"p/r1/s"},"before":` + values + `,"after":` + values, false},
		"imported by unknown": {"", `"actions":["create"],"importing":{"unknown":true},"before":null,"after":` + values, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := readText(t, `{"format_version":"1.2","resource_changes":[{"address":"google_compute_subnetwork.s",`+tc.more+`"mode":"managed","type":"google_compute_subnetwork","name":"s",
 "change":{`+tc.change+`,"after_unknown":{},"after_sensitive":{},"before_sensitive":{}}}],"configuration":{"root_module":{}}}`).After
			if len(f.Subnetworks) != 1 {
				t.Fatalf("%d subnetworks", len(f.Subnetworks))
			}
			s := f.Subnetworks[0]
			is(t, "access", s.GoogleAccess, true)
			if s.Created != tc.created || s.Address != "google_compute_subnetwork.s" {
				t.Errorf("created %v at %s", s.Created, s.Address)
			}
		})
	}
}
