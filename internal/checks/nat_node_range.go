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
	Limits: "Where the best route leads to an appliance, tunnel or load balancer, Cloud NAT does not apply and the check is skipped. NAT64 is not counted: it serves IPv6-only VMs.",
	Reads:  []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.DNS, topology.Endpoints, topology.Images},
	Since:  "0.1.0",
	Page: Page{
		Symptom: "Pods with images from registries outside Google stay in `ErrImagePull` and `ImagePullBackOff`, while GKE's own pods run. The event `Failed` ends in the name of the registry and a time-out:\n\n" +
			"```text\nfailed to do request: Head \"https://quay.io/v2/…\": dial tcp …:443: i/o timeout\n```\n\n" +
			"Some images from Docker Hub may still arrive, from the mirror.gcr.io cache; that makes the fault look random. From GKE 1.33 on, an image of Docker Hub that the cache lacks reads `not found` instead of a time-out.",
		Broken: `resource "google_compute_router_nat" "nat" {
  name                               = "nat"
  router                             = google_compute_router.router.name
  region                             = google_compute_router.router.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  # There is a gateway, but not for the nodes.
  subnetwork {
    name                    = google_compute_subnetwork.bastion.name
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
}`,
		Look: "The gateway must list the nodes' subnetwork, or all of them, with its primary range. On a node, a 401 says that Docker Hub was reached; a time-out says that it was not.",
		Commands: `gcloud container clusters describe CLUSTER --location=LOCATION --format="value(subnetwork)"
gcloud compute routers list --filter="region:REGION" --format="table(name,network)"
gcloud compute routers nats list --router=ROUTER --region=REGION
gcloud compute routers nats describe NAT --router=ROUTER --region=REGION
gcloud compute ssh NODE --zone=ZONE --tunnel-through-iap \
  --command='curl -s -o /dev/null -w "%{http_code}\n" --max-time 10 https://registry-1.docker.io/v2/'`,
	},
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
