package checks

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var natNodeRange = Check{
	Name:     "nat-node-range",
	Severity: Error,
	Holds:    "the primary range of every subnetwork that holds private nodes is translated by a Public NAT gateway that serves VMs",
	Why: "Images are pulled by the node, from the node's own address in the subnetwork's primary range. A private node has no external address, so without a Public NAT gateway on that range " +
		"every registry outside Google times out, and pods end in ImagePullBackOff. A gateway counts only in the subnetwork's own region and network (for a Shared VPC, in the host project), " +
		"of type PUBLIC, and serving VMs.",
	Mend: "Add the subnetwork's primary range to a Cloud NAT gateway in the same region and network, or let one translate every subnetwork.",
	Example: `resource "google_compute_router_nat" "nat" {
  name                               = "nat"
  router                             = google_compute_router.router.name
  region                             = google_compute_router.router.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}`,
	Limits:  "Where the best route leads to an appliance, tunnel or load balancer, Cloud NAT does not apply and the check is skipped. NAT64 is not counted: it serves IPv6-only VMs.",
	Reads:   []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.DNS, topology.Endpoints, topology.Images},
	Since:   "0.1.0",
	Cluster: judgeNATNodeRange,
}

func judgeNATNodeRange(k *Case) []Result {
	var out []Result
	seen := map[string]bool{}
	for i := range k.Groups {
		g := &k.Groups[i]
		sub, object := k.subnetwork(g)
		r := Result{Object: object}
		d := k.demand(g)
		path := k.Paths.Internet(g.Source)
		if !d.asked {
			out = append(out, skipped(r, d.reason))
			continue
		}
		if around := k.aroundNAT(g); around != "" {
			out = append(out, skipped(r, around))
			continue
		}
		if seen[object.Address] {
			continue
		}
		seen[object.Address] = true
		c := k.Paths.Coverage(g.Subnetwork, g.Network, g.Region, egress.PrimaryRange)
		r.Status, r.Evidence, r.Severity = c.Verdict, c.Evidence, d.severity
		where := "subnetwork " + quote(object.called())
		if sub == nil && !g.Subnetwork.Known() {
			where = "the subnetwork of " + k.who(g)
		}
		switch c.Verdict {
		case topology.Pass:
			r.Message = fmt.Sprintf("%s%s is translated by %s", where, rangeText(sub), gateways(c.Gateways))
		case topology.Undecided:
			r.Message = fmt.Sprintf("whether %s is translated by a Public NAT is not known: %s", where, c.Why)
			r.Path = path.Hops
		default:
			r.Message = fmt.Sprintf("%s%s has no Public NAT, so %s cannot pull from registries outside Google%s%s",
				where, rangeText(sub), k.who(g), because(c.Why), aside(d.reason))
			r.Path, r.Fix = path.Hops, fixNAT(k, g, sub, c)
		}
		out = append(out, g.soften(r))
	}
	return distinct(out)
}

func skipped(r Result, why string) Result {
	r.Status, r.Message = topology.Skip, why
	return r
}

func rangeText(s *topology.Subnetwork) string {
	if s == nil {
		return ""
	}
	if p, known := s.Primary.Get(); known {
		return " (" + p.String() + ")"
	}
	return ""
}

func gateways(list []*topology.NAT) string {
	names := ""
	for i, n := range list {
		if i > 0 {
			names += " and "
		}
		names += quote(n.Display())
	}
	return names
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

func aside(reason string) string {
	if reason == "" {
		return ""
	}
	return " (" + reason + ")"
}
