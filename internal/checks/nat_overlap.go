package checks

import (
	"fmt"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var natOverlap = Check{
	Name:     "nat-overlap",
	Severity: Error,
	Holds:    "no range of a subnetwork with private nodes is claimed by two Public NAT gateways",
	Why: "The API does not always refuse a range that two gateways claim, and then the VMs there may be given no ports by either and lose the internet " +
		"(Cloud NAT release notes, known issue of 2023-09-11).",
	Mend:    "Leave the range to one gateway: take the subnetwork out of the other, or make the wide gateway list its subnetworks.",
	Example: "source_subnetwork_ip_ranges_to_nat = \"LIST_OF_SUBNETWORKS\"",
	Limits:  "Only ranges of subnetworks that hold private nodes are looked at.",
	Reads:   []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes},
	Since:   "0.1.0",
	Page: Page{
		Symptom: "Both gateways look healthy, and nodes of the subnetwork still time out towards every registry outside Google; often only some of them, or only new ones.",
		Broken: `resource "google_compute_router_nat" "all" {
  name                               = "nat-all"
  router                             = google_compute_router.router.name
  region                             = google_compute_router.router.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}

resource "google_compute_router_nat" "gke" {
  name                               = "nat-gke"
  router                             = google_compute_router.router.name
  region                             = google_compute_router.router.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  # The other gateway has it already.
  subnetwork {
    name                    = google_compute_subnetwork.gke.name
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
}`,
		Mended: `resource "google_compute_router_nat" "others" {
  name                               = "nat-others"
  router                             = google_compute_router.router.name
  region                             = google_compute_router.router.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.others.name
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
}`,
		Look: "No range may be in two gateways of type PUBLIC in the same region and network. A VM's ports are listed by the gateway that gave them.",
		Commands: `gcloud compute routers list --filter="region:REGION" --format="table(name,network,nats[].name)"
gcloud compute routers nats list --router=ROUTER --region=REGION
gcloud compute routers get-nat-mapping-info ROUTER --region=REGION`,
	},
	Cluster: judgeNATOverlap,
}

func judgeNATOverlap(k *Case) []Result {
	var out []Result
	seen := map[string]bool{}
	for i := range k.Groups {
		g := &k.Groups[i]
		sub, object := k.subnetwork(g)
		if seen[object.Address] {
			continue
		}
		if around := k.aroundNAT(g); around != "" {
			out = append(out, skipped(Result{Object: object}, around))
			continue
		}
		seen[object.Address] = true
		ranges := []egress.Range{egress.PrimaryRange}
		if sub != nil {
			for _, s := range sub.Secondary {
				ranges = append(ranges, egress.Range{Name: s.Name})
			}
		}
		worst := Result{Object: object, Status: topology.Pass, Message: fmt.Sprintf("no range of subnetwork %s is claimed twice", quote(object.called()))}
		claimed, unsure := false, ""
		for _, r := range ranges {
			c := k.Paths.Coverage(g.Subnetwork, g.Network, g.Region, r)
			claimed = claimed || c.Verdict == topology.Pass
			if c.Verdict == topology.Undecided && len(c.Gateways) > 1 && g.Subnetwork.Known() {
				unsure = c.Why
			}
			if c.Verdict == topology.Pass && len(c.Gateways) > 1 {
				worst = overlapping(object, r, c)
				break
			}
		}
		if refused := k.Facts.Refused(topology.Routers, g.Network); refused != "" {
			unsure = refused // what was not read may claim it, too
		} else if refused := k.Facts.Refused(topology.Subnetworks, g.Network); refused != "" && sub == nil {
			unsure = refused // its secondary ranges may be claimed twice
		}
		switch {
		case worst.Status == topology.Fail:
		case unsure != "":
			worst.Status = topology.Undecided
			worst.Message = fmt.Sprintf("whether a range of subnetwork %s is claimed twice is not known: %s", quote(object.called()), unsure)
		case !claimed:
			worst = skipped(worst, "no Public NAT gateway is known to translate a range of this subnetwork")
		}
		out = append(out, g.soften(worst))
	}
	return distinct(out)
}

func overlapping(object Object, r egress.Range, c egress.Coverage) Result {
	what := "the primary range"
	if !r.Primary {
		what = "secondary range " + quote(r.Name.Or("?"))
	}
	out := Result{Object: object, Status: topology.Fail, Severity: Warning, Evidence: c.Evidence,
		Message: fmt.Sprintf("%s of subnetwork %s is claimed by %d Public NAT gateways, %s: its nodes may be given ports by none", what, quote(object.called()), len(c.Gateways), gateways(c.Gateways)),
		Fix:     fmt.Sprintf("# in %s, list the subnetworks it is for and leave out %s\nsource_subnetwork_ip_ranges_to_nat = \"LIST_OF_SUBNETWORKS\"", objectOf(&c.Gateways[len(c.Gateways)-1].Object).where(), object.Name)}
	// Beside ALL_SUBNETWORKS_ALL_IP_RANGES no other gateway is allowed. Sources disagree whether one is beside ALL_PRIMARY, so that alone is a warning.
	mode := func(m string) bool {
		return slices.ContainsFunc(c.Gateways, func(n *topology.NAT) bool { return n.Mode.Or("") == m })
	}
	if mode(topology.AllRanges) || !mode(topology.AllPrimaryRanges) {
		out.Severity = Error
	}
	return out
}
