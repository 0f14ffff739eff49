package terraform

import (
	"slices"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Of the subnetworks that a module with a dynamic block is given, those of another network or region than its gateway's are none of it.
func TestDynamicBlockOfOneNetwork(t *testing.T) {
	lying := func(name, network, region string) resource {
		return resource{address: "google_compute_subnetwork." + name, after: object{"name": name, "project": "p", "region": region, "network": network}, unknown: object{"id": true}, config: object{}}
	}
	given := refs("google_compute_subnetwork.one.id", "google_compute_subnetwork.one", "google_compute_subnetwork.two.id", "google_compute_subnetwork.two")
	for name, tc := range map[string]struct {
		two    resource
		router any
		want   topology.ID
	}{
		"another network":                       {lying("two", "other", "r1"), "vpc", subnetID("one")},
		"another region":                        {lying("two", "vpc", "r2"), "vpc", subnetID("one")},
		"both in its network":                   {lying("two", "vpc", "r1"), "vpc", ""},
		"a router whose network is not known":   {lying("two", "other", "r1"), nil, ""},
		"the network by its path, and its name": {lying("two", "projects/p/global/networks/other", "r1"), "projects/p/global/networks/vpc", subnetID("one")},
	} {
		t.Run(name, func(t *testing.T) {
			router := resource{address: "module.nat.google_compute_router.r", after: object{"name": "r", "project": "p", "region": "r1", "network": tc.router}, config: object{}}
			if tc.router == nil {
				router.unknown, router.config = object{"network": true}, object{"network": refs("random_id.x.hex", "random_id.x")}
			}
			nat := resource{address: "module.nat.google_compute_router_nat.n", unknown: object{"subnetwork": one(object{"name": true})}, config: object{}, after: object{"name": "n", "project": "p", "region": "r1", "router": "r",
				"source_subnetwork_ip_ranges_to_nat": topology.ListOfRanges, "subnetwork": one(object{"source_ip_ranges_to_nat": one(topology.EntryAllRanges)})}}
			e := build{resources: []resource{lying("one", "vpc", "r1"), tc.two, router, nat}, calls: []call{{path: "nat", given: object{"subnetworks": given}}}}.read(t).After.NATs[0].Entries[0]
			if tc.want == "" {
				if e.Subnetwork.Known() || len(e.OneOf) != 2 {
					t.Errorf("it is %v, one of %v", e.Subnetwork, e.OneOf)
				}
				return
			}
			is(t, "subnetwork", e.Subnetwork, tc.want)
			if !e.Subnetwork.Inferred {
				t.Error("it is not marked inferred")
			}
		})
	}
}

// A record's address that apply decides is the one that the configuration leads to, also through a local; a data source has a place in it, too.
func TestConfiguredAddresses(t *testing.T) {
	address := resource{address: "google_compute_global_address.apis", after: object{"project": "p"}, unknown: object{"id": true, "name": true, "address": true}, config: object{}}
	other := resource{address: "google_compute_global_address.other", after: object{"project": "p"}, unknown: object{"id": true, "name": true, "address": true}, config: object{}}
	zone := resource{address: "google_dns_managed_zone.z", after: object{"name": "z", "project": "p", "dns_name": "pkg.dev.", "visibility": "private"}, config: object{}}
	record := resource{address: "google_dns_record_set.r", after: object{"name": "*.pkg.dev.", "project": "p", "type": "A", "managed_zone": "z"}, unknown: object{"rrdatas": true}, config: object{"rrdatas": refs("local.addresses")}}
	read := resource{address: "data.google_compute_subnetwork.d", actions: []string{"read"}, after: object{"name": "d", "project": "p", "region": "r1"}, unknown: object{"network": true}, config: object{}}
	f := build{resources: []resource{address, other, zone, record, read}}.configured(t, map[string]string{"main.tf": `
locals { addresses = { apis = google_compute_global_address.apis.address, other = google_compute_global_address.other.address } }
resource "google_compute_global_address" "apis" { name = random_id.x.hex }
resource "google_compute_global_address" "other" { name = random_id.y.hex }
resource "google_dns_managed_zone" "z" { name = "z" }
resource "google_dns_record_set" "r" {
  name    = "*.pkg.dev."
  rrdatas = [local.addresses["apis"]]
}
data "google_compute_subnetwork" "d" { name = "d" }
`}).After
	if len(f.RecordSets) != 1 {
		t.Fatalf("%d records", len(f.RecordSets))
	}
	r := f.RecordSets[0]
	unknown(t, "data", r.Data, topology.KnownAfterApply)
	apis := topology.ID("addr:plan.json/google_compute_global_address.apis")
	if !slices.Equal(r.AddressIDs, []topology.ID{apis}) {
		t.Errorf("addresses are %v, want %s", r.AddressIDs, apis)
	}
	if len(f.Subnetworks) != 1 || f.Subnetworks[0].File != "main.tf" || f.Subnetworks[0].Line != 10 {
		t.Errorf("the data source is %+v", f.Subnetworks)
	}
}
