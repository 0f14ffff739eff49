package checks

import (
	"fmt"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var registryDNS = Check{
	Name:     "registry-dns",
	Severity: Error,
	Holds:    "where a private zone, response policy or endpoint overrides Google's domains, the registries resolve to an address that the nodes can reach",
	Why: "A private zone that answers for a domain answers for all of it: without a wildcard record the registry's name does not exist, and a zone for googleapis.com alone leaves pkg.dev and gcr.io on public addresses " +
		"that an isolated node cannot reach. GKE's own images always ask for gcr.io, so a cluster needs both domains.",
	Mend:    "Give each of pkg.dev and gcr.io a private zone on the cluster's network with an A record for the domain and a CNAME for its wildcard, and keep a route and a firewall rule for the addresses.",
	Example: "resource \"google_dns_record_set\" \"wildcard\" {\n  managed_zone = google_dns_managed_zone.gcr.name\n  name         = \"*.gcr.io.\"\n  type         = \"CNAME\"\n  ttl          = 300\n  rrdatas      = [\"gcr.io.\"]\n}",
	Limits:  "Forwarding zones and alternative name servers are asked by the network at run time: the verdict is unknown there.",
	Reads: []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.DNS,
		topology.Endpoints, topology.Images},
	Permissions: []string{"compute.globalForwardingRules.list", "compute.networks.get", "compute.networks.getEffectiveFirewalls", "compute.routes.list", "compute.subnetworks.get",
		"container.clusters.get", "dns.managedZones.list", "dns.resourceRecordSets.list", "dns.responsePolicies.list", "dns.responsePolicyRules.list"},
	Since:   "0.1.0",
	Cluster: judgeRegistryDNS,
}

// registryHosts are the names a GKE node asks for in its region: Artifact Registry, and gcr.io with its wildcard, from which GKE's own images come.
func registryHosts(region string) []string {
	if region == "" {
		region = "us-central1"
	}
	return []string{region + "-docker.pkg.dev", "gcr.io", "gke.gcr.io"}
}

func judgeRegistryDNS(k *Case) []Result {
	var out []Result
	for i := range k.Groups {
		g := &k.Groups[i]
		var overridden []string
		var found []egress.Resolution
		undecided := false
		for _, host := range registryHosts(g.Region) {
			res := k.Paths.Resolve(g.Network, host)
			found = append(found, res)
			undecided = undecided || res.Verdict == topology.Undecided
			if res.Overridden {
				overridden = append(overridden, host)
			}
		}
		if len(overridden) == 0 && !undecided {
			out = append(out, Result{Object: k.about(g), Status: topology.Pass, Message: "nothing overrides Google's domains", Evidence: found[0].Hop.Evidence})
			continue
		}
		for n, host := range registryHosts(g.Region) {
			out = append(out, k.judgeHost(g, host, found[n], overridden))
		}
	}
	return passOnce(distinct(out))
}

func (k *Case) judgeHost(g *Group, host string, res egress.Resolution, overridden []string) Result {
	r := Result{Object: k.about(g), Evidence: res.Hop.Evidence}
	if o := res.Hop.Object; o != nil {
		r.Object = objectOf(o)
	}
	path := k.Paths.Google(g.Source, host)
	reach := path
	reach.Hops = nil
	reach.Status = topology.Skip
	for _, h := range path.Hops {
		if h.Name != egress.HopAccess { // private-google-access speaks of that
			reach.Hops = append(reach.Hops, h)
			reach.Status = topology.All(reach.Status, h.Status)
		}
	}
	r.Status = reach.Status
	switch reach.Status {
	case topology.Fail:
		broken := firstFailed(reach.Hops)
		r.Path = path.Hops
		r.Evidence = append(r.Evidence, broken.Evidence...)
		r.Message = fmt.Sprintf("%s does not reach %s: %s", k.who(g), host, broken.Detail)
		if !res.Overridden {
			r.Message += fmt.Sprintf("; %s resolved privately, %s is not", were(overridden), host)
		}
		r.Fix = fixDNS(k, g, host, res, broken)
	case topology.Undecided:
		r.Message = fmt.Sprintf("whether %s reaches %s is not known: %s", k.who(g), host, firstUndecided(reach.Hops).Detail)
	default:
		r.Message = fmt.Sprintf("%s reaches %s: %s", k.who(g), host, res.Hop.Detail)
	}
	return r
}

func were(hosts []string) string {
	if len(hosts) == 1 {
		return hosts[0] + " is"
	}
	return strings.Join(hosts, " and ") + " are"
}

// fixDNS writes the records a domain needs (VPC documentation, "Configure Private Google Access"), or the route or rule to the address they give.
func fixDNS(k *Case, g *Group, host string, res egress.Resolution, broken *egress.Hop) string {
	vip := "199.36.153.8/30"
	if res.Kind == egress.RestrictedVIP {
		vip = "199.36.153.4/30"
	}
	if res.Overridden && broken.Name == egress.HopRoute {
		return strings.Replace(strings.Replace(fixRoute(k, g), "0.0.0.0/0", vip, 1), "default-internet", "google-apis", 1)
	}
	if res.Overridden && broken.Name == egress.HopFirewall {
		return fixFirewall(k, g, *broken, vip)
	}
	domain := "gcr.io"
	if strings.HasSuffix(host, "pkg.dev") {
		domain = "pkg.dev"
	}
	label := strings.ReplaceAll(domain, ".", "_")
	network := "google_compute_network.NAME.id"
	if id, known := g.Network.Get(); known {
		if n := k.Facts.Network(id); n != nil {
			network = reference(n.Address, "id")
		}
	}
	zone := fmt.Sprintf("google_dns_managed_zone.%s.name", label)
	out := ""
	if res.Overridden && res.Hop.Object != nil {
		zone = reference(res.Hop.Object.Address, "name")
	} else {
		out = fmt.Sprintf("resource \"google_dns_managed_zone\" %q {\n  name       = %q\n  dns_name   = \"%s.\"\n  visibility = \"private\"\n  private_visibility_config {\n    networks {\n      network_url = %s\n    }\n  }\n}\n\n",
			label, strings.ReplaceAll(domain, ".", "-"), domain, network)
	}
	return out + fmt.Sprintf("resource \"google_dns_record_set\" \"%s_apex\" {\n  managed_zone = %s\n  name         = \"%s.\"\n  type         = \"A\"\n  ttl          = 300\n  rrdatas      = [\"199.36.153.8\", \"199.36.153.9\", \"199.36.153.10\", \"199.36.153.11\"]\n}\n\n"+
		"resource \"google_dns_record_set\" \"%s_wildcard\" {\n  managed_zone = %s\n  name         = \"*.%s.\"\n  type         = \"CNAME\"\n  ttl          = 300\n  rrdatas      = [\"%s.\"]\n}", label, zone, domain, label, zone, domain, domain)
}

// passOnce keeps every result that is not a pass, and the passes only where an object has nothing else.
func passOnce(results []Result) []Result {
	bad := map[string]bool{}
	for _, r := range results {
		bad[r.Object.Address] = bad[r.Object.Address] || r.Status != topology.Pass
	}
	var out []Result
	passed := map[string]bool{}
	for _, r := range results {
		if r.Status == topology.Pass {
			if bad[r.Object.Address] || passed[r.Object.Address] {
				continue
			}
			passed[r.Object.Address] = true
		}
		out = append(out, r)
	}
	return out
}
