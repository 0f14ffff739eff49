package checks

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var privateGoogleAccess = Check{
	Name:     "private-google-access",
	Severity: Error,
	Holds:    "private nodes reach Google's registries: Private Google Access on, implied by Cloud NAT or switched on by GKE, with a route and an open firewall",
	Why: "Artifact Registry, gcr.io and GKE's own system images answer nodes without external address only over Private Google Access. Without it not even the nodes become ready. " +
		"GKE switches it on for a cluster with private nodes that it creates in the network's own project, never in a Shared VPC; Cloud NAT on the primary range implies it.",
	Mend:    "Set private_ip_google_access = true on the subnetwork, and keep a route to the default internet gateway and an open firewall for Google's addresses.",
	Example: "resource \"google_compute_subnetwork\" \"gke\" {\n  # …\n  private_ip_google_access = true\n}",
	Limits:  "Whether GKE also switches it on for private node pools of a public cluster is not documented: the verdict is unknown there.",
	Reads: []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.DNS,
		topology.Endpoints},
	Since: "0.1.0",
	Page: Page{
		Symptom: "Nodes register late or never, and GKE's own pods do not start. Images of Artifact Registry and gcr.io time out:\n\n" +
			"```text\nfailed to do request: Head \"https://us-central1-docker.pkg.dev/v2/…\": dial tcp …:443: i/o timeout\n```",
		Broken: "resource \"google_compute_subnetwork\" \"gke\" {\n  # …\n  private_ip_google_access = false\n}",
		Look:   "It must print True, unless a Public NAT gateway translates the subnetwork's primary range.",
		Commands: `gcloud compute networks subnets describe SUBNETWORK --region=REGION --format="value(privateIpGoogleAccess)"
gcloud compute routers nats list --router=ROUTER --region=REGION`,
	},
	Cluster: judgePrivateGoogleAccess,
}

// googleDefault is Google's APIs under their own public names and addresses.
var googleDefault = egress.Destination{Name: "Google's registries", Google: true}

// notReady ends the message of what keeps GKE's own images away, the pause image of every pod among them.
const notReady = "; GKE's own images come from there, so the nodes would not even become ready"

func judgePrivateGoogleAccess(k *Case) []Result {
	var out []Result
	for i := range k.Groups {
		g := &k.Groups[i]
		sub, object := k.subnetwork(g)
		access, reason := k.Paths.Access(g.Source)
		hops := []egress.Hop{access}
		if steered := k.steered(g); len(steered) == 0 {
			// Steered names are the matter of registry-dns; these go to public addresses.
			hops = []egress.Hop{k.Paths.Route(g.Source, googleDefault), k.Paths.Firewall(g.Source, googleDefault), access}
		}
		p := egress.Along(hops...)
		r := Result{Object: object, Status: p.Status, Evidence: evidence(hops, p.Status)}
		switch {
		case p.Status == topology.Fail && access.Status == topology.Fail:
			r.Path = p.Hops
			r.Message = fmt.Sprintf("%s cannot reach Google's registries from subnetwork %s: %s%s", k.who(g), quote(object.called()), access.Detail, notReady)
			if reason == egress.AccessConfigured {
				r.Severity = Warning
				r.Message = fmt.Sprintf("subnetwork %s has private_ip_google_access = false, which GKE switches on when it creates %s: the next apply switches it off again", quote(object.called()), k.who(g))
			}
			r.Fix = fixAccess(object, sub)
		case p.Status == topology.Fail:
			broken := firstFailed(p.Hops)
			r.Path = p.Hops
			r.Message = fmt.Sprintf("%s cannot reach Google's registries: %s%s", k.who(g), broken.Detail, notReady)
			r.CausedBy = map[string]string{egress.HopRoute: "internet-route", egress.HopFirewall: "egress-firewall"}[broken.Name]
			r.Fix = fixRoute(k, g)
			if broken.Name == egress.HopFirewall {
				r.Fix = fixFirewall(k, g, *broken, "0.0.0.0/0")
			}
			r.Object = k.about(g)
		case p.Status == topology.Undecided:
			r.Message = fmt.Sprintf("whether %s reaches Google's registries is not known: %s", k.who(g), firstUndecided(p.Hops).Detail)
		default:
			r.Message = fmt.Sprintf("%s reaches Google's registries: %s", k.who(g), access.Detail)
		}
		out = append(out, g.soften(r))
	}
	return distinct(out)
}

func fixAccess(object Object, sub *topology.Subnetwork) string {
	if sub == nil || !sub.Managed {
		place := ""
		if sub != nil && sub.Region() != "" {
			place += " --region=" + sub.Region()
		}
		if sub != nil && sub.Project != "" {
			place += " --project=" + sub.Project
		}
		return fmt.Sprintf("gcloud compute networks subnets update %s%s --enable-private-ip-google-access", object.Name, place)
	}
	return fmt.Sprintf("# in %s\nprivate_ip_google_access = true", object.where())
}

// evidence gathers that of the hops that decide: of the broken or open ones where there are any, else of all.
func evidence(hops []egress.Hop, status topology.Verdict) []egress.Evidence {
	var out []egress.Evidence
	for _, h := range hops {
		if status == topology.Pass || h.Status == status {
			out = append(out, h.Evidence...)
		}
	}
	return out
}

func firstFailed(hops []egress.Hop) *egress.Hop    { return first(hops, topology.Fail) }
func firstUndecided(hops []egress.Hop) *egress.Hop { return first(hops, topology.Undecided) }

// first is the first hop of a verdict; an empty one when there is none.
func first(hops []egress.Hop, v topology.Verdict) *egress.Hop {
	for i := range hops {
		if hops[i].Status == v {
			return &hops[i]
		}
	}
	return &egress.Hop{}
}
