package diagnose

import (
	"regexp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// noAnswer are the ways in which Go's net and net/http say that nothing came back.
var (
	noAnswer = regexp.MustCompile(`dial tcp[^"]*: i/o timeout|context deadline exceeded|connection timed out|tls handshake timeout|client\.timeout exceeded`)
	// aboutNames keeps time-outs of DNS out of the rows for time-outs of connections.
	aboutNames = regexp.MustCompile(`\blookup \S+`)
)

var (
	googleChecks   = []string{"private-google-access", "registry-dns"}
	internetChecks = []string{"nat-node-range", "internet-route", "egress-firewall", "nat-overlap", "nat-capacity"}
)

// networkRows are for packets that get no answer.
var networkRows = []row{
	{
		name: "google-vip-unreachable", confidence: Certain,
		// private.googleapis.com is 199.36.153.8/30 and restricted.googleapis.com 199.36.153.4/30 (configure-private-google-access).
		pattern: regexp.MustCompile(`dial tcp 199\.36\.153\.\d+:443: (?:i/o timeout|connect: connection timed out)`),
		title:   "DNS sends the node to Google's private or restricted address, and nothing leads there",
		why:     "The registry's name resolves to 199.36.153.4/30 or 199.36.153.8/30, so the DNS zone works. The packets get no answer: a route to the default internet gateway, an egress rule that allows the range, or Private Google Access is missing.",
		fix: "# a route and a rule for the addresses that the zone names, and Private Google Access on the node subnetwork\n" +
			"resource \"google_compute_route\" \"google_apis\" {\n  name             = \"google-apis\"\n  network          = google_compute_network.vpc.id\n  dest_range       = \"199.36.153.8/30\"\n  next_hop_gateway = \"default-internet-gateway\"\n}\n\n" +
			"resource \"google_compute_firewall\" \"google_apis\" {\n  name               = \"allow-google-apis\"\n  network            = google_compute_network.vpc.id\n  direction          = \"EGRESS\"\n  priority           = 900\n  destination_ranges = [\"199.36.153.8/30\", \"199.36.153.4/30\", \"34.126.0.0/18\"]\n  allow {\n    protocol = \"tcp\"\n    ports    = [\"443\"]\n  }\n}",
		docs: "https://cloud.google.com/vpc/docs/configure-private-google-access", checks: googleChecks,
	},
	{
		name: "no-path-to-google", confidence: Likely, pattern: noAnswer, except: aboutNames, when: toGoogle,
		title: "The node has no path to Google's registries",
		why: "A node without external address reaches Artifact Registry and gcr.io over Private Google Access, by a route to the default internet gateway (or to an endpoint) and through an open egress firewall. One of them is missing. " +
			"Where it fails only now and then, the registry or the node may be slow instead.",
		fix:  "# on the subnetwork of the nodes\nprivate_ip_google_access = true\n# and: a route to the default internet gateway, and no egress rule that denies tcp 443 before one that allows it",
		docs: checks.DocsBase + "private-google-access", checks: googleChecks,
	},
	{
		name: "no-path-to-private-registry", confidence: Likely, pattern: noAnswer, except: aboutNames, when: toPrivate,
		title: "The node has no path to a registry on a private network",
		why:   "The registry has a private address, which Cloud NAT never serves. A route, peering or VPN to it, a firewall rule on the way there, or the way back to the range of the nodes may be missing, or the registry is down.",
		fix:   "# from a machine in the subnetwork of the nodes\ngcloud network-management connectivity-tests create to-registry --source-instance=NODE --destination-ip-address=ADDRESS --destination-port=443 --protocol=TCP",
	},
	{
		name: "no-path-to-internet", confidence: Likely, pattern: noAnswer, except: aboutNames, when: toInternet,
		title: "The node has no path to a registry on the internet",
		why: "A node without external address needs Cloud NAT on the primary range of its subnetwork, a route to the default internet gateway and an open egress firewall. registry.k8s.io and k8s.gcr.io need it, too. " +
			"Where only some pulls fail, the gateway may have run out of ports.",
		fix: "resource \"google_compute_router_nat\" \"nat\" {\n  name                               = \"nat\"\n  router                             = google_compute_router.nat.name\n  region                             = google_compute_router.nat.region\n  nat_ip_allocate_option             = \"AUTO_ONLY\"\n  source_subnetwork_ip_ranges_to_nat = \"ALL_SUBNETWORKS_ALL_IP_RANGES\"\n}\n" +
			"# or copy the image to Artifact Registry, or pull it through a remote repository there",
		docs: checks.DocsBase + "nat-node-range", checks: internetChecks,
	},
	{
		name: "network-unreachable", confidence: Likely, pattern: regexp.MustCompile(`connect: network is unreachable|no route to host`),
		title: "The node has no route to the registry's address",
		why:   "The node itself, or a hop on the way, knows no route. For an IPv6 address in the message: the registry's name resolved to IPv6 and the nodes have only IPv4.",
		fix:   "# a route for the registry's address; for an IPv6 address: nodes with IPv6, or a name that resolves to IPv4\ngcloud compute routes list --filter=\"network:NETWORK\"",
		docs:  checks.DocsBase + "internet-route", checks: []string{"internet-route", "nat-node-range", "private-google-access", "registry-dns"},
	},
	{
		name: "dns-not-answering", confidence: Likely,
		// A refused or timed-out connection of a lookup is that of the name server, not of the registry.
		pattern: regexp.MustCompile(`\blookup .*(?:server misbehaving|i/o timeout|connection refused|context deadline exceeded)|temporary failure in name resolution`),
		title:   "The node's name server does not answer",
		why: "Nodes ask Cloud DNS at 169.254.169.254. It cannot answer where a forwarding zone or a server policy sends the name to a server that is not reached or refuses, " +
			"and it may be overloaded for a moment.",
		fix:  "# the zones and policies that send names elsewhere, and their targets\ngcloud dns managed-zones list --filter=\"visibility=private\"\ngcloud dns policies list",
		docs: "https://cloud.google.com/dns/docs/troubleshooting", checks: []string{"registry-dns"},
	},
	{
		name: "name-not-found", confidence: Likely, pattern: regexp.MustCompile(`no such host`),
		title: "The registry's name does not exist for the node",
		why:   "Either the host is misspelt, or a private zone answers for the whole domain (pkg.dev, gcr.io) and lacks the record: without a wildcard record no registry name in it exists.",
		fix:   "resource \"google_dns_record_set\" \"wildcard\" {\n  managed_zone = google_dns_managed_zone.pkg_dev.name\n  name         = \"*.pkg.dev.\"\n  type         = \"CNAME\"\n  ttl          = 300\n  rrdatas      = [\"pkg.dev.\"]\n}\n# the same for gcr.io, from which GKE's own images come; or correct the host in the image's name",
		docs:  checks.DocsBase + "registry-dns", checks: []string{"registry-dns"},
	},
}
