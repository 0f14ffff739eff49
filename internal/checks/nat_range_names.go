package checks

import (
	"fmt"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var natRangeNames = Check{
	Name:     "nat-range-names",
	Severity: Warning,
	Holds:    "the secondary range names that a gateway lists exist, and no pod range that GKE creates or adds is left out of the list",
	Why: "LIST_OF_SECONDARY_IP_RANGES knows ranges by name alone. A name that does not exist translates nothing, and a range that GKE creates itself (its name is not known beforehand), adds by automatic IP address " +
		"management, or uses in a further subnetwork is silently left out.",
	Mend:    "Write ALL_IP_RANGES for the subnetwork, or mend the names.",
	Example: "subnetwork {\n  name                    = google_compute_subnetwork.gke.id\n  source_ip_ranges_to_nat = [\"ALL_IP_RANGES\"]\n}",
	Limits:  "Asked only of gateways that list secondary ranges of the cluster's subnetworks by name.",
	Reads:   []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes},
	Since:   "0.1.0",
	Page: Page{
		Symptom: "As with an uncovered pod range: pods that keep their address cannot call out, others share the few ports of their node. A new node pool with a range of its own fails where the older ones work.",
		Broken: `subnetwork {
  name                     = google_compute_subnetwork.gke.id
  source_ip_ranges_to_nat  = ["PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"]
  secondary_ip_range_names = ["pod"] # the range is called pods
}`,
		Look: "Every name that the gateway lists must be among the subnetwork's ranges, and every pod range of the cluster among the gateway's.",
		Commands: `gcloud compute networks subnets describe SUBNETWORK --region=REGION --format="yaml(secondaryIpRanges)"
gcloud compute routers nats describe NAT --router=ROUTER --region=REGION --format="yaml(subnetworks)"
gcloud container clusters describe CLUSTER --location=LOCATION --format="yaml(ipAllocationPolicy)"`,
	},
	Cluster: judgeNATRangeNames,
}

func judgeNATRangeNames(k *Case) []Result {
	var out []Result
	seen := map[string]bool{}
	for i := range k.Groups {
		g := &k.Groups[i]
		id, known := g.Subnetwork.Get()
		sub, object := k.subnetwork(g)
		if !known || seen[object.Address] {
			continue
		}
		if around := k.aroundNAT(g); around != "" {
			out = append(out, skipped(Result{Object: object}, around))
			continue
		}
		seen[object.Address] = true
		if refused := k.Facts.Refused(topology.Routers, g.Network); refused != "" {
			out = append(out, g.soften(unread(object, "the range names that gateways list", refused)))
		}
		for _, n := range k.Facts.NATsListing(id) {
			if !servesNodes(n) {
				continue
			}
			for _, e := range n.Entries {
				if entry, known := e.Subnetwork.Get(); !known || entry != id {
					continue
				}
				options, known := e.Options.Get()
				if known && slices.Contains(options, topology.EntrySecondary) && !slices.Contains(options, topology.EntryAllRanges) {
					out = append(out, g.soften(k.judgeNames(n, e, g, sub)))
				}
			}
		}
	}
	return distinct(out)
}

// servesNodes is false for a gateway that certainly gives nodes no way to the internet: a private one, or one without VMs among its endpoints.
func servesNodes(n *topology.NAT) bool {
	kind := n.Type.Or("")
	ends := n.EndpointTypes.Or(nil)
	return (kind == "" || kind == "PUBLIC") && (len(ends) == 0 || slices.Contains(ends, "ENDPOINT_TYPE_VM"))
}

func (k *Case) judgeNames(n *topology.NAT, e topology.NATEntry, g *Group, sub *topology.Subnetwork) Result {
	r := Result{Object: objectOf(&n.Object), Status: topology.Pass}
	r.Message = fmt.Sprintf("the secondary range names that %s lists exist, and no pod range is left out", quote(n.Display()))
	_, object := k.subnetwork(g)
	fix := listAllRanges(n, object, "")
	fail := func(format string, args ...any) Result {
		r.Status, r.Message, r.Fix = topology.Fail, fmt.Sprintf(format, args...), fix
		return r
	}
	undecided := ""
	if !e.NamesTold {
		undecided = "the list of names is not known"
	}
	for _, name := range e.Names {
		text, known := name.Get()
		switch exists, told := hasRange(sub, text); {
		case !known:
			undecided = "a listed name is " + name.Why()
		case !told:
			undecided = "the ranges of subnetwork " + quote(object.called()) + " are not known"
		case !exists:
			return fail("%s lists secondary range %s, which subnetwork %s does not have", quote(n.Display()), quote(text), quote(object.called()))
		}
	}
	for _, p := range k.podRanges(g) {
		if p.Created {
			return fail("%s lists secondary ranges by name, and GKE will create the pod range of cluster %s under a name that is not known yet: it is left out", quote(n.Display()), quote(k.Cluster.Display()))
		}
	}
	if auto, known := k.Cluster.AutoIPAM.Get(); known && auto {
		return fail("%s lists secondary ranges by name, and GKE adds ranges to cluster %s by itself (auto_ipam_config): those are left out", quote(n.Display()), quote(k.Cluster.Display()))
	}
	if undecided != "" {
		r.Status = topology.Undecided
		r.Message = fmt.Sprintf("whether the names that %s lists exist is not known: %s", quote(n.Display()), undecided)
	}
	return r
}

// hasRange reports whether a subnetwork has a secondary range of a name; told is false when its ranges are not all known.
func hasRange(s *topology.Subnetwork, name string) (exists, told bool) {
	if s == nil || !s.SecondaryTold {
		return false, false
	}
	told = true
	for _, r := range s.Secondary {
		text, known := r.Name.Get()
		if known && text == name {
			return true, true
		}
		told = told && known
	}
	return false, told
}
