package checks

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var internetRoute = Check{
	Name:     "internet-route",
	Severity: Error,
	Holds:    "the best route of private nodes to the internet leads to the default internet gateway",
	Why: "Cloud NAT can use only routes whose next hop is the default internet gateway. A network created without its default route, a default route whose tag the nodes do not wear, or a better route to an appliance " +
		"takes the packets elsewhere, whatever the gateway translates (Cloud NAT documentation, \"Routes\").",
	Mend:    "Give the network a route for 0.0.0.0/0 to the default internet gateway that applies to the nodes, or reach registries over the custom next hop and say internet = images.",
	Example: "resource \"google_compute_route\" \"default\" {\n  name             = \"default-internet\"\n  network          = google_compute_network.vpc.id\n  dest_range       = \"0.0.0.0/0\"\n  next_hop_gateway = \"default-internet-gateway\"\n}",
	Limits:  "Routes learned over BGP are not in a plan. What lies behind a custom next hop is not known: the verdict is unknown there.",
	Reads: []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.DNS,
		topology.Endpoints, topology.Images},
	Since: "0.1.0",
	Page: Page{
		Symptom: "Every registry outside Google times out (`i/o timeout`), although a gateway translates the nodes' range. Where the default route is gone altogether, Google's registries time out too, and nodes do not become ready.",
		Broken: `resource "google_compute_network" "vpc" {
  name                            = "vpc"
  auto_create_subnetworks         = false
  delete_default_routes_on_create = true # and no other route for 0.0.0.0/0
}`,
		Look: "Of the routes for 0.0.0.0/0 that apply to the nodes' network tags, the best one must lead to `default-internet-gateway`. Look for 0.0.0.0/1 and 128.0.0.0/1, too, and for routes learned over BGP.",
		Commands: `gcloud compute routes list --filter="network:NETWORK" --format="table(name,destRange,priority,nextHopGateway,nextHopIlb,nextHopIp,tags)"
gcloud compute routers get-status ROUTER --region=REGION --format="yaml(result.bestRoutes)"
gcloud container node-pools describe POOL --cluster=CLUSTER --location=LOCATION --format="value(config.tags)"`,
	},
	Cluster: judgeInternetRoute,
}

func judgeInternetRoute(k *Case) []Result {
	return k.judgeHop(hopCheck{
		ask:  k.Paths.Route,
		fix:  func(g *Group, _ egress.Hop) string { return fixRoute(k, g) },
		fail: "%s has no route to the internet: %s", open: "whether %s has a route to the internet is not known: %s", holds: "%s: %s",
	})
}

// hopCheck is one hop towards the internet: how it is asked for, how it is mended, and how each verdict is worded for some nodes and the
// hop's own detail.
type hopCheck struct {
	ask               func(egress.Source, egress.Destination) egress.Hop
	fix               func(*Group, egress.Hop) string
	fail, open, holds string
}

// judgeHop judges a hop towards the internet for every group of nodes that the internet is asked for.
func (k *Case) judgeHop(c hopCheck) []Result {
	var out []Result
	for i := range k.Groups {
		g := &k.Groups[i]
		d := k.demand(g)
		r := Result{Object: k.about(g), Severity: d.severity}
		if !d.asked {
			out = append(out, skipped(r, d.reason))
			continue
		}
		hop := c.ask(g.Source, egress.TheInternet)
		r.Status, r.Evidence = hop.Status, hop.Evidence
		switch hop.Status {
		case topology.Fail:
			r.Message = fmt.Sprintf(c.fail, k.who(g), hop.Detail) + aside(d.reason)
			r.Path, r.Fix = k.Paths.Internet(g.Source).Hops, c.fix(g, hop)
		case topology.Undecided:
			r.Message = fmt.Sprintf(c.open, k.who(g), hop.Detail)
		default:
			r.Message = fmt.Sprintf(c.holds, k.who(g), hop.Detail)
		}
		out = append(out, g.soften(r))
	}
	return distinct(out)
}

func fixRoute(k *Case, g *Group) string {
	return fmt.Sprintf("resource \"google_compute_route\" \"default\" {\n  name             = \"default-internet\"\n  network          = %s\n  dest_range       = \"0.0.0.0/0\"\n  next_hop_gateway = \"default-internet-gateway\"\n}", networkReference(k, g))
}
