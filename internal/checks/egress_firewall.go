package checks

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var egressFirewall = Check{
	Name:     "egress-firewall",
	Severity: Error,
	Holds:    "TCP 443 leaves private nodes towards the internet, by VPC rules, network and hierarchical policies in their order",
	Why: "Egress rules are evaluated before Cloud NAT. A deny rule for 0.0.0.0/0 that no better rule lifts for these nodes turns every pull into a time-out, though gateway and route are right; " +
		"at equal priority deny wins.",
	Mend:    "Allow TCP 443 to the registries with a rule of better (lower) priority that applies to the nodes, or say internet = images where isolation is meant.",
	Example: "resource \"google_compute_firewall\" \"allow_registries\" {\n  name               = \"allow-registries\"\n  network            = google_compute_network.vpc.id\n  direction          = \"EGRESS\"\n  priority           = 900\n  destination_ranges = [\"0.0.0.0/0\"]\n  allow {\n    protocol = \"tcp\"\n    ports    = [\"443\"]\n  }\n}",
	Limits:  "FQDNs, address groups, geolocations, threat lists and secure tags cannot be compared with addresses beforehand: the verdict is unknown where they decide. Hierarchical policies are seen only where a source holds them.",
	Reads: []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.DNS,
		topology.Endpoints, topology.Images},
	Since: "0.1.0",
	Page: Page{
		Symptom: "Pulls time out (`i/o timeout`) as if there were no gateway. Where the rule denies Google's addresses as well, GKE's own pods fail the same way; a time-out on 199.36.153.x says that the private or restricted addresses are not let out.",
		Broken: `resource "google_compute_firewall" "deny_egress" {
  name               = "deny-egress"
  network            = google_compute_network.vpc.id
  direction          = "EGRESS"
  priority           = 1000
  destination_ranges = ["0.0.0.0/0"]
  deny {
    protocol = "all"
  }
}`,
		Look: "Read the rules in their order: hierarchical policies, then VPC rules by priority. The first that matches TCP 443 from the nodes decides. Rules with logging show what they drop.",
		Commands: `gcloud compute networks get-effective-firewalls NETWORK
gcloud compute firewall-rules list --filter="network:NETWORK AND direction=EGRESS" \
  --format="table(name,priority,destinationRanges.list(),allowed[].map().firewall_rule().list(),denied[].map().firewall_rule().list(),targetTags.list())"`,
	},
	Cluster: judgeEgressFirewall,
}

func judgeEgressFirewall(k *Case) []Result {
	return k.judgeHop(hopCheck{
		ask:  k.Paths.Firewall,
		fix:  func(g *Group, hop egress.Hop) string { return fixFirewall(k, g, hop, "0.0.0.0/0") },
		fail: "TCP 443 does not leave %s towards the internet: %s", open: "whether TCP 443 leaves %s towards the internet is not known: %s",
		holds: "TCP 443 leaves %s towards the internet: %s",
	})
}

// fixFirewall writes an allow rule that comes before the one that denies.
func fixFirewall(k *Case, g *Group, hop egress.Hop, ranges ...string) string {
	priority := "# a priority number below that of the rule that denies"
	for _, r := range k.Facts.Firewalls() {
		if hop.Object != nil && r.ID == hop.Object.ID {
			if r.Layer != topology.LayerVPC {
				return fmt.Sprintf("# in the policy of rule %s, before it: allow tcp:443 to %v", quote(r.Display()), ranges)
			}
			if p, known := r.Priority.Get(); known && p > 0 {
				priority = fmt.Sprintf("priority           = %d", p-1)
			}
		}
	}
	list := ""
	for i, r := range ranges {
		if i > 0 {
			list += ", "
		}
		list += quote(r)
	}
	return fmt.Sprintf("resource \"google_compute_firewall\" \"allow_registries\" {\n  name               = \"allow-registries\"\n  network            = %s\n  direction          = \"EGRESS\"\n  %s\n  destination_ranges = [%s]\n  allow {\n    protocol = \"tcp\"\n    ports    = [\"443\"]\n  }\n}", networkReference(k, g), priority, list)
}
