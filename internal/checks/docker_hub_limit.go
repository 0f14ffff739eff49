package checks

import (
	"fmt"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
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
	Mend:    "Authenticate the pulls, pull through an Artifact Registry remote repository with upstream credentials, or give the gateway more addresses.",
	Example: dockerHubExample,
	Limits:  "Counts the most nodes that the pools can reach and each distinct image once for each node; workloads on some nodes only are counted on all.",
	Reads: []topology.Collection{topology.Clusters, topology.Images, topology.Secrets, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls,
		topology.DNS, topology.Endpoints},
	Permissions: natOverlap.Permissions,
	Since:       "0.1.0",
	Cluster:     judgeDockerHubLimit,
}

func judgeDockerHubLimit(k *Case) []Result {
	images := k.anonymousHubImages()
	if len(images) == 0 || len(k.Groups) == 0 {
		return nil
	}
	limit := k.Policy.HubLimit
	if limit == 0 {
		limit = HubLimit
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
			if !slices.Contains(asked, n) {
				asked = append(asked, n)
				out = append(out, k.judgeLimit(n, len(images), limit))
			}
		}
	}
	return out
}

// anonymousHubImages are the distinct docker.io images that no pull secret serves.
func (k *Case) anonymousHubImages() []string {
	var out []string
	for _, u := range k.uses() {
		if !u.known || u.err != nil || u.ref.Class != image.DockerHub || slices.Contains(out, u.ref.Normalized) {
			continue
		}
		if len(u.Secrets) > 0 && k.judgeSecrets(u).Status == topology.Pass {
			continue
		}
		out = append(out, u.ref.Normalized)
	}
	return out
}

func (k *Case) judgeLimit(n *topology.NAT, images, limit int) Result {
	r := Result{Object: objectOf(&n.Object)}
	nodes, unknown := k.nodesBehind(n)
	behind := nodes
	where := "one address"
	if manual, known := n.ManualAddresses.Get(); known && manual {
		if addresses, told := n.Addresses.Get(); told && addresses > 0 {
			behind = (nodes + addresses - 1) / addresses
			where = fmt.Sprintf("each of %d addresses", addresses)
		}
	} else if most := blocks(portsPerVM(n)); most > 0 {
		// Cloud NAT adds an address when the ports of the others are given out.
		behind = min(behind, most)
	}
	pulls := behind * images
	what := fmt.Sprintf("%d nodes behind %s of %s pull %d docker.io images without credentials in a rollout: %d pulls", behind, where, quote(n.Display()), images, pulls)
	switch {
	case pulls > limit:
		r.Status = topology.Fail
		r.Message = fmt.Sprintf("%s, and Docker Hub grants %d in six hours", what, limit)
		r.Evidence = []egress.Evidence{egress.From(n.Addresses.Origin, where, false)}
		r.Fix = "# authenticate the pulls, or pull through a remote repository:\n" + dockerHubExample
	case unknown != "":
		r.Status = topology.Undecided
		r.Message = fmt.Sprintf("at least %s, and how many nodes there can be is not known: %s", what, unknown)
	default:
		r.Status, r.Message = topology.Pass, fmt.Sprintf("%s, within the %d that Docker Hub grants in six hours", what, limit)
	}
	return r
}

const dockerHubExample = "image = \"us-central1-docker.pkg.dev/my-project/docker-io/library/nginx:1.27\""
