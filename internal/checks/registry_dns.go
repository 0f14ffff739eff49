package checks

import (
	"fmt"
	"slices"
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
		topology.Endpoints},
	Since: "0.1.0",
	Page: Page{
		Symptom: "Where the wildcard record is missing, the name does not exist; where only `googleapis.com` is steered, the registry's public address times out:\n\n" +
			"```text\nlookup us-central1-docker.pkg.dev on 169.254.169.254:53: no such host\n```",
		Broken: `resource "google_dns_managed_zone" "gcr" {
  name       = "gcr-io"
  dns_name   = "gcr.io."
  visibility = "private"
  private_visibility_config {
    networks {
      network_url = google_compute_network.vpc.id
    }
  }
}

# The domain alone: gke.gcr.io and the others under it do not exist.
resource "google_dns_record_set" "apex" {
  managed_zone = google_dns_managed_zone.gcr.name
  name         = "gcr.io."
  type         = "A"
  ttl          = 300
  rrdatas      = ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"]
}`,
		Look: "Each zone for `pkg.dev` and `gcr.io` needs a record for the domain and one for its wildcard, and must be attached to the cluster's network. On a node the names must resolve to the addresses that are meant.",
		Commands: `gcloud dns managed-zones list --filter="visibility=private" --format="table(name,dnsName,privateVisibilityConfig.networks[].networkUrl)"
gcloud dns record-sets list --zone=ZONE
gcloud dns response-policies list
gcloud compute ssh NODE --zone=ZONE --tunnel-through-iap --command="getent hosts gke.gcr.io us-central1-docker.pkg.dev"`,
	},
	Cluster: judgeRegistryDNS,
}

// registryHosts are the names a GKE node asks for in its region: Artifact Registry, and gcr.io with its wildcard, from which GKE's own images come.
func registryHosts(region string) []string {
	if region == "" {
		region = "us-central1"
	}
	return []string{region + "-docker.pkg.dev", "gcr.io", "gke.gcr.io"}
}

// anyAPI stands for googleapis.com: nodes ask for it at boot. Where it is steered, the registries' domains must be too.
const anyAPI = "storage.googleapis.com"

// steered lists what is resolved privately for a group, of the registries and Google's other APIs.
func (k *Case) steered(g *Group) []string {
	var out []string
	for _, host := range append([]string{anyAPI}, registryHosts(g.Region)...) {
		if k.Paths.Resolve(g.Network, host).Overridden {
			out = append(out, strings.TrimPrefix(host, "storage."))
		}
	}
	return out
}

func judgeRegistryDNS(k *Case) []Result {
	var out []Result
	for i := range k.Groups {
		g := &k.Groups[i]
		steered := k.steered(g)
		var found []answered
		undecided := false
		for _, host := range registryHosts(g.Region) {
			a := k.ask(g, host)
			undecided = undecided || a.res.Verdict == topology.Undecided
			found = append(found, a)
		}
		if len(steered) == 0 && !undecided {
			out = append(out, Result{Object: k.about(g), Status: topology.Pass, Message: "nothing overrides Google's domains", Evidence: found[0].res.Hop.Evidence})
			continue
		}
		for _, a := range merge(found) {
			out = append(out, g.soften(k.judgeHosts(g, a, steered)))
		}
	}
	return passOnce(distinct(out))
}

// answered is what one host, or several with the same fate, come to.
type answered struct {
	hosts  []string
	res    egress.Resolution
	status topology.Verdict
	// broken is the first hop that fails or is not known.
	broken egress.Hop
	path   egress.Path
	// apart is true when hosts of different zones share the fate: then no zone is to blame.
	apart bool
}

func (k *Case) ask(g *Group, host string) answered {
	a := answered{hosts: []string{host}, res: k.Paths.Resolve(g.Network, host), path: k.Paths.Google(g.Source, host)}
	var hops []egress.Hop
	for _, h := range a.path.Hops {
		if h.Name != egress.HopAccess { // private-google-access speaks of that
			hops = append(hops, h)
		}
	}
	a.status = egress.Along(hops...).Status
	if a.status == topology.Fail || a.status == topology.Undecided {
		a.broken = *first(hops, a.status)
	}
	return a
}

// merge makes one of the hosts that come to the same for the same reason: those of one domain, and all behind one route or rule.
func merge(found []answered) []answered {
	var out []answered
	for _, a := range found {
		i := slices.IndexFunc(out, func(b answered) bool { return b.like(a) })
		if i < 0 {
			out = append(out, a)
			continue
		}
		out[i].hosts = append(out[i].hosts, a.hosts...)
		out[i].apart = out[i].apart || out[i].res.Hop.Object != a.res.Hop.Object
	}
	return out
}

func (a answered) like(b answered) bool {
	if a.status != b.status || a.broken.Name != b.broken.Name || a.status != topology.Fail && a.status != topology.Undecided {
		return false
	}
	same := impersonal(a) == impersonal(b) || strings.HasSuffix(b.broken.Detail, ": "+a.broken.Detail)
	elsewhere := a.broken.Name != egress.HopDNS && a.res.Overridden && b.res.Overridden
	return same && (elsewhere || domainOf(a.hosts[0]) == domainOf(b.hosts[0]))
}

// impersonal is why a host fails, without its name.
func impersonal(a answered) string {
	words := strings.Fields(a.broken.Detail)
	for i, w := range words {
		if strings.TrimRight(w, ":,;") == a.hosts[0] {
			words[i] = strings.Replace(w, a.hosts[0], "HOST", 1)
		}
	}
	return strings.Join(words, " ")
}

func domainOf(host string) string {
	if strings.HasSuffix(host, "pkg.dev") {
		return "pkg.dev"
	}
	return "gcr.io"
}

func (k *Case) judgeHosts(g *Group, a answered, steered []string) Result {
	r := Result{Object: k.about(g), Status: a.status, Evidence: a.res.Hop.Evidence}
	if o := a.res.Hop.Object; o != nil && !a.apart {
		r.Object = objectOf(o)
	}
	hosts := strings.Join(a.hosts, " and ")
	switch a.status {
	case topology.Fail:
		r.Path = a.path.Hops
		if a.broken.Name != egress.HopDNS {
			r.Evidence = append(slices.Clone(r.Evidence), a.broken.Evidence...)
		}
		r.Message = fmt.Sprintf("%s does not reach %s: %s", k.who(g), hosts, a.broken.Detail)
		if !a.res.Overridden {
			r.Message += fmt.Sprintf("; %s resolved privately, %s not", were(steered), were(a.hosts))
		}
		if slices.Contains(a.hosts, "gke.gcr.io") {
			r.Message += notReady
		}
		r.Fix = fixDNS(k, g, a)
	case topology.Undecided:
		r.Message = fmt.Sprintf("whether %s reaches %s is not known: %s", k.who(g), hosts, a.broken.Detail)
	default:
		r.Message = fmt.Sprintf("%s reaches %s: %s", k.who(g), hosts, a.res.Hop.Detail)
	}
	return r
}

func were(hosts []string) string {
	if len(hosts) == 1 {
		return hosts[0] + " is"
	}
	return strings.Join(hosts, " and ") + " are"
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
