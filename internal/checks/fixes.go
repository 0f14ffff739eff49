package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// ref writes how HCL would refer to an object: its address where that is one of a resource, a guess by its name where it was only
// handed over, else its path in quotes.
func (o Object) ref(attribute string) string {
	switch {
	case o.Address == "" || isPath(o.Address):
		return quote(relative(o.Address))
	case !strings.Contains(o.Address, "."):
		return o.where() + "." + attribute
	}
	return o.Address + "." + attribute
}

// isPath tells a path (projects/p/…, or an ID that no source gave an address) from a Terraform address, whose instance keys may hold slashes too.
func isPath(address string) bool {
	before, _, _ := strings.Cut(address, "[")
	return strings.Contains(before, "/")
}

// relative is the path that Terraform takes for a full resource name: //compute.googleapis.com/projects/p/… without its service.
func relative(address string) string {
	if service, path, full := strings.Cut(strings.TrimPrefix(address, "//"), "/"); full && strings.HasPrefix(address, "//") && service != "" {
		return path
	}
	return address
}

// where names the resource a fix is for.
func (o Object) where() string {
	if strings.HasPrefix(o.Address, "//") {
		return relative(o.Address)
	}
	if o.Address == "" || strings.Contains(o.Address, ".") || o.Name == "" {
		return o.Address
	}
	return o.Kind + "." + strings.NewReplacer("-", "_", ".", "_").Replace(o.Name)
}

// listAllRanges writes the entry of a gateway that translates all of a subnetwork's ranges. The note stands behind the gateway's name.
func listAllRanges(n *topology.NAT, subnetwork Object, note string) string {
	return fmt.Sprintf("# in %s%s\nsubnetwork {\n  name                    = %s\n  source_ip_ranges_to_nat = [\"ALL_IP_RANGES\"]\n}", objectOf(&n.Object).where(), note, subnetwork.ref("id"))
}

// fixNAT writes what gives a subnetwork's primary range a gateway: an entry in the gateway that lists its neighbours, else a gateway.
func fixNAT(k *Case, g *Group, sub *topology.Subnetwork, c egress.Coverage) string {
	_, object := k.subnetwork(g)
	for _, m := range c.Misses {
		mode, _ := m.NAT.Mode.Get()
		if mode == topology.ListOfRanges && m.NAT.Region() == g.Region && servesNodes(m.NAT) && sameNetwork(k, m.NAT, g) {
			note := ""
			if slices.ContainsFunc(m.NAT.Entries, func(e topology.NATEntry) bool {
				return g.Subnetwork.Known() && e.Subnetwork.Or("") == g.Subnetwork.Or("")
			}) {
				note = ", the entry of this subnetwork" // a second one of the same name is refused
			}
			return listAllRanges(m.NAT, object, note)
		}
	}
	project := ""
	if sub != nil && sub.Project != "" && sub.Project != k.Cluster.Project {
		project = fmt.Sprintf("  project = %q\n", sub.Project)
	}
	return fmt.Sprintf(`resource "google_compute_router" "nat" {
  name    = "nat-router"
  region  = %q
  network = %s
%s}

resource "google_compute_router_nat" "nat" {
  name                               = "nat"
  router                             = google_compute_router.nat.name
  region                             = google_compute_router.nat.region
%s  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}`, g.Region, networkReference(k, g), project, strings.ReplaceAll(project, "project =", "project                            ="))
}

// networkPath is a network's path, as its ID tells it; empty where the ID tells none.
func networkPath(id topology.ID) string {
	project, name := topology.SplitID(id)
	if name == "" {
		return ""
	}
	return "projects/" + project + "/global/networks/" + name
}

func sameNetwork(k *Case, n *topology.NAT, g *Group) bool {
	router, known := n.Router.Get()
	if !known {
		return false
	}
	r := k.Facts.Router(router)
	if r == nil {
		return false
	}
	a, knownA := r.Network.Get()
	b, knownB := g.Network.Get()
	return knownA && knownB && a == b
}
