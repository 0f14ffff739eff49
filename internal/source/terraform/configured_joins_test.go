package terraform

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// configured reads a plan that a test built together with the configuration behind it: files by their name.
func (b build) configured(t *testing.T, files map[string]string) Reading {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	doc, err := readDocument(strings.NewReader(b.json(t)), "plan.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.configure(dir); err != nil {
		t.Fatal(err)
	}
	var r Reading
	r.lay(nil, topology.Facts{}, []layer{layerOf(doc)})
	return r
}

// Subnetworks whose names apply decides: only the instance says which is meant.
func unnamed() []resource {
	var out []resource
	for _, k := range []string{"a", "b/c"} {
		out = append(out, resource{address: `google_compute_subnetwork.s["` + k + `"]`, after: object{"project": "p", "region": "r1"}, unknown: object{"id": true, "name": true, "self_link": true, "network": true},
			config: object{"network": refs("google_compute_network.vpc.id", "google_compute_network.vpc")}})
	}
	return append(out, resource{address: "google_compute_network.vpc", after: object{"project": "p"}, unknown: object{"id": true, "name": true, "self_link": true}, config: object{}})
}

const unnamedText = `
resource "google_compute_network" "vpc" { name = random_id.x.hex }
resource "google_compute_subnetwork" "s" {
  for_each = toset(["a", "b/c"])
  name     = "${each.key}-${random_id.x.hex}"
  network  = google_compute_network.vpc.id
}
locals {
  by_region = { for k, s in google_compute_subnetwork.s : "r1/${k}" => s }
  chosen    = local.by_region["r1/b/c"].id
}
`

// The configuration tells which of the objects that are created is meant, where plan JSON leaves a local, a dynamic block or a choice.
func TestConfiguredJoins(t *testing.T) {
	cluster := func(address string) resource { return clusterAt(address, object{"subnetwork": refs("local.chosen")}) }
	const a, bc = `google_compute_subnetwork.s["a"]`, `google_compute_subnetwork.s["b/c"]`
	for name, tc := range map[string]struct {
		expression string
		want       string // the address of the subnetwork
		oneOf      bool
	}{
		"a local over a for":                {"local.chosen", bc, false},
		"a conditional that is decided":     {`true ? ` + a + `.id : ` + bc + `.id`, a, false},
		"a conditional that is not":         {`random_id.x.hex == "a" ? ` + a + `.id : ` + bc + `.id`, "", true},
		"try the first that is there":       {`try(google_compute_subnetwork.s["z"].id, ` + bc + `.id)`, bc, false},
		"a whole list's element":            {`values(google_compute_subnetwork.s)[0].self_link`, a, false},
		"coalesce past a null":              {`coalesce(null, ` + bc + `.id)`, bc, false},
		"a name, which apply decides, too":  {bc + ".name", bc, false},
		"an object's attribute of an input": {`lookup({ x = ` + a + `.id, y = ` + bc + `.id }, "y", null)`, bc, false},
		"a key that is not there":           {`google_compute_subnetwork.s["z"].id`, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := build{resources: append(unnamed(), cluster("google_container_cluster.c"))}.configured(t, map[string]string{
				"main.tf": unnamedText, "gke.tf": "\nresource \"google_container_cluster\" \"c\" {\n  name       = \"c\"\n  subnetwork = " + tc.expression + "\n}\n"}).After
			c := f.Clusters[0]
			if c.File != "gke.tf" || c.Line != 2 {
				t.Errorf("the cluster is at %s:%d", c.File, c.Line)
			}
			if tc.want == "" {
				if c.Subnetwork.Known() {
					t.Errorf("subnetwork is %v", c.Subnetwork)
				}
				if tc.oneOf != strings.Contains(c.Subnetwork.Why(), "several objects") {
					t.Errorf("it blames %q", c.Subnetwork.Why())
				}
				return
			}
			i := slices.IndexFunc(f.Subnetworks, func(s *topology.Subnetwork) bool { return s.Address == tc.want })
			is(t, "subnetwork", c.Subnetwork, f.Subnetworks[i].ID)
			if c.Subnetwork.Inferred {
				t.Error("it is marked inferred, though the configuration says so")
			}
		})
	}
}

// What dynamic blocks and modules make of their inputs is found in the configuration, with a cluster's network where only its subnetwork's is told.
func TestConfiguredModules(t *testing.T) {
	const gke = "variable \"subnets\" {}\nvariable \"at\" { default = \"a\" }\nresource \"google_container_cluster\" \"c\" {\n  name = \"c\"\n  subnetwork = var.subnets[var.at].id\n  network = var.subnets[var.at].network\n}\n"
	nat := resource{address: "google_compute_router_nat.n", unknown: object{"subnetwork": one(object{"name": true}, object{"name": true})}, config: object{},
		after: object{"name": "n", "project": "p", "region": "r1", "router": "r", "source_subnetwork_ip_ranges_to_nat": topology.ListOfRanges,
			"subnetwork": one(object{"source_ip_ranges_to_nat": one(topology.EntryAllRanges)}, object{"source_ip_ranges_to_nat": one(topology.EntryAllRanges)})}}
	cluster := clusterAt(`module.gke["x.y/z"].google_container_cluster.c`, object{"subnetwork": refs("var.subnets", "var.at")})
	f := build{resources: append(unnamed(), nat, cluster), calls: []call{{path: "gke", given: object{"subnets": refs("google_compute_subnetwork.s")}}}}.configured(t, map[string]string{
		"main.tf": unnamedText + `
module "gke" {
  source   = "./modules/gke"
  for_each = { "x.y/z" = { at = "b/c" } }
  subnets  = google_compute_subnetwork.s
  at       = each.value.at
}
resource "google_compute_router_nat" "n" {
  name = "n"
  dynamic "subnetwork" {
    for_each = local.by_region
    content {
      name                    = subnetwork.value.id
      source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
    }
  }
}
`, "modules/gke/main.tf": gke}).After
	c := f.Clusters[0]
	is(t, "subnetwork", c.Subnetwork, f.Subnetworks[1].ID)
	is(t, "network", c.Network, f.Networks[0].ID)
	if c.File != "modules/gke/main.tf" || c.Line != 3 {
		t.Errorf("the cluster is at %s:%d", c.File, c.Line)
	}
	if n := f.NATs[0]; len(n.Entries) != 2 {
		t.Errorf("%d entries", len(n.Entries))
	} else {
		is(t, "the first entry", n.Entries[0].Subnetwork, f.Subnetworks[0].ID)
		is(t, "the second entry", n.Entries[1].Subnetwork, f.Subnetworks[1].ID)
	}
}

// An image of which the configuration knows only the beginning is one of that registry.
func TestConfiguredRegistry(t *testing.T) {
	for name, tc := range map[string]struct{ image, registry, ref string }{
		"a host of Google":         {`"us-docker.pkg.dev/p/r/app:${random_id.x.hex}"`, "us-docker.pkg.dev", ""},
		"a host of somebody else":  {`"quay.io/org/app:${random_id.x.hex}"`, "", ""},
		"a host that is not known": {`"${random_id.x.hex}/app:1"`, "", ""},
		"a namespace of the Hub":   {`"library/app:${random_id.x.hex}"`, "", ""},
		"an image that is decided": {`"us-docker.pkg.dev/p/r/app:${local.tag}"`, "", "us-docker.pkg.dev/p/r/app:1"},
		"a sensitive image":        {`sensitive("us-docker.pkg.dev/p/r/hunter2:1")`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			pod := resource{address: "kubernetes_pod_v1.p", config: object{}, after: object{"spec": one(object{"container": one(object{"name": "c"})})},
				unknown: object{"spec": one(object{"container": one(object{"image": true})})}}
			f := build{resources: []resource{pod}}.configured(t, map[string]string{
				"main.tf": "locals { tag = 1 }\nresource \"kubernetes_pod_v1\" \"p\" {\n  spec {\n    container {\n      name  = \"c\"\n      image = " + tc.image + "\n    }\n  }\n}\n"}).After
			u := f.Images[0]
			if u.Registry != tc.registry || u.Ref.Or("") != tc.ref {
				t.Errorf("registry %q, reference %q (%s)", u.Registry, u.Ref.Or(""), u.Ref.Why())
			}
			if found := leaks(f, "hunter2"); len(found) > 0 {
				t.Error(found)
			}
		})
	}
}
