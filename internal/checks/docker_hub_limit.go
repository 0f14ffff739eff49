package checks

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// HubLimit is how many pulls Docker Hub grants one unauthenticated address in six hours, as of July 2026 (Docker documentation, "Docker Hub pull usage
// and limits").
const HubLimit = 100

var dockerHubLimit = Check{
	Name:     "docker-hub-limit",
	Severity: Warning,
	Holds:    "the pulls of docker.io images that the nodes behind each NAT address make in a rollout stay within Docker Hub's limit",
	Why: fmt.Sprintf("Docker Hub counts unauthenticated pulls by address, %d in six hours (as of July 2026), and all nodes behind one Cloud NAT address share them. A rollout, or an upgrade that replaces every node, pulls every image on every node; "+
		"over the limit the answer is 429. What mirror.gcr.io holds does not count, but that is not promised.", HubLimit),
	Mend:        "Authenticate the pulls, pull through an Artifact Registry remote repository with upstream credentials, or give the gateway more addresses.",
	Example:     dockerHubExample,
	Limits:      "Counts the most nodes that the pools can reach, and each distinct image once for each node that its selector and tolerations allow. Authenticated pulls are not counted, though a personal account has a limit of its own.",
	Reads:       []topology.Collection{topology.Clusters, topology.Images, topology.Secrets, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls},
	Permissions: natOverlap.Permissions,
	Since:       "0.1.0",
	Page: Page{
		Symptom: "Some pods of a rollout start and others end in `ImagePullBackOff`, until hours later all start:\n\n```text\n429 Too Many Requests: toomanyrequests: You have reached your unauthenticated pull rate limit.\n```",
		Broken:  "image = \"grafana/grafana:11.4.0\" # on 200 nodes behind one NAT address",
		Look:    "Asked from a node, Docker Hub tells what is left for its NAT address; asking with HEAD does not count. No such header says that there is no limit.",
		Commands: `gcloud compute routers get-status ROUTER --region=REGION --format="yaml(result.natStatus)"
token=$(curl -s "https://auth.docker.io/token?service=registry.docker.io&scope=repository:ratelimitpreview/test:pull" | jq -r .token)
curl -s -I -H "Authorization: Bearer $token" https://registry-1.docker.io/v2/ratelimitpreview/test/manifests/latest | grep -i ratelimit`,
	},
	Cluster: judgeDockerHubLimit,
}

func judgeDockerHubLimit(k *Case) []Result {
	if len(k.anonymousHubImages()) == 0 {
		return nil
	}
	var out []Result
	var asked []*topology.NAT
	for i := range k.Groups {
		g := &k.Groups[i]
		c := k.Paths.Coverage(g.Subnetwork, g.Network, g.Region, egress.PrimaryRange)
		if c.Verdict != topology.Pass || k.Paths.Internet(g.Source).Status != topology.Pass {
			continue
		}
		for _, n := range c.Gateways {
			if load := k.hubLoad(n); load != nil && !slices.Contains(asked, n) {
				asked = append(asked, n)
				out = append(out, k.judgeLimit(n, load))
			}
		}
	}
	return out
}

// anonymousHubImages are the docker.io images that private nodes pull and that no pull secret serves, each once.
func (k *Case) anonymousHubImages() []use {
	var out []use
	for _, u := range k.uses() {
		if _, asks := k.mirrored(u); !asks {
			continue
		}
		if k.authenticated(u) {
			continue
		}
		out = append(out, u)
	}
	return out
}

// hubLoad is what the nodes behind a gateway ask of Docker Hub in a rollout.
type hubLoad struct {
	nodes, pulls int
	images       map[string]bool
	unknown      string
}

// hubLoad adds up, over all clusters behind the gateway, every node with each distinct image that may come onto it; nil where none does.
func (k *Case) hubLoad(n *topology.NAT) *hubLoad {
	if k.shared().hub == nil {
		k.shared().hub = map[*topology.NAT]*hubLoad{}
		for _, c := range k.Facts.Clusters() {
			k.shared().caseOf(k, c).addHubLoad(k.shared().hub)
		}
	}
	return k.shared().hub[n]
}

func (k *Case) addHubLoad(into map[*topology.NAT]*hubLoad) {
	images := k.anonymousHubImages()
	type served struct {
		nat  *topology.NAT
		pool *topology.NodePool
	}
	counted := map[served]bool{}
	for i := range k.Groups {
		g := &k.Groups[i]
		for _, p := range g.Pools {
			here := map[string]bool{}
			for _, u := range images {
				if slices.Contains(k.pools(u), p) {
					here[u.ref.Normalized] = true
				}
			}
			if len(here) == 0 {
				continue
			}
			for _, n := range k.Paths.Coverage(g.Subnetwork, g.Network, g.Region, egress.PrimaryRange).Gateways {
				if !counted[served{n, p}] {
					counted[served{n, p}] = true
					if into[n] == nil {
						into[n] = &hubLoad{images: map[string]bool{}}
					}
					into[n].add(g, p, here)
				}
			}
		}
	}
}

func (l *hubLoad) add(g *Group, p *topology.NodePool, images map[string]bool) {
	maps.Copy(l.images, images)
	switch most, known := p.MaxNodes.Get(); {
	case g.Maybe:
		l.unknown = g.doubt()
	case known:
		l.nodes += most
		l.pulls += most * len(images)
	default:
		l.unknown = fmt.Sprintf("%s, %s", p.Address, p.MaxNodes.Why())
	}
}

func (k *Case) judgeLimit(n *topology.NAT, load *hubLoad) Result {
	r := Result{Object: objectOf(&n.Object)}
	limit := cmp.Or(k.Policy.HubLimit, HubLimit)
	granted := fmt.Sprintf("Docker Hub grants one address %d in six hours", limit)
	if k.Policy.HubLimit == 0 {
		granted += " (as of July 2026)"
	}
	// Of how many addresses one carries what share: manual ones share evenly, and Cloud NAT adds one when the ports of the others are given out.
	share, where, unknown := load.pulls, "its address", load.unknown
	manual, known := n.ManualAddresses.Get()
	addresses, counted := n.Addresses.Get()
	switch most := blocks(portsPerVM(n)); {
	case !known:
		unknown = cmp.Or(unknown, "how its addresses are allocated is "+n.ManualAddresses.Why())
	case manual && !counted:
		unknown = cmp.Or(unknown, "how many addresses it has is "+n.Addresses.Why())
	case manual && addresses > 1:
		share, where = (load.pulls+addresses-1)/addresses, fmt.Sprintf("each of its %d addresses", addresses)
	case !manual && most > 0 && load.nodes > most:
		share, where = load.pulls*most/load.nodes, "each of its addresses"
	}
	r.Evidence = []egress.Evidence{told(&n.Object, "nat_ips", n.Addresses, where)}
	what := fmt.Sprintf("%d nodes behind %s pull %d docker.io images without credentials: %d pulls in a rollout from %s", load.nodes, quote(n.Display()), len(load.images), share, where)
	switch {
	case share > limit && known && (!manual || counted):
		r.Status = topology.Fail
		r.Message = fmt.Sprintf("%s, and %s", what, granted)
		r.Fix = "# authenticate the pulls, give the gateway more addresses, or pull through a remote repository:\n" + dockerHubExample
	case unknown != "" && load.nodes == 0:
		r.Status = topology.Undecided
		r.Message = fmt.Sprintf("how many nodes behind %s pull %d docker.io images without credentials is not known: %s; %s", quote(n.Display()), len(load.images), unknown, granted)
	case unknown != "":
		r.Status = topology.Undecided
		r.Message = fmt.Sprintf("at least %s, and not all is known: %s; %s", what, unknown, granted)
	default:
		r.Status, r.Message = topology.Pass, fmt.Sprintf("%s; %s", what, granted)
	}
	return r
}

const dockerHubExample = "image = \"us-central1-docker.pkg.dev/my-project/docker-io/library/nginx:1.27\""
