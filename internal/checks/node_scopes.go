package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var nodeScopes = Check{
	Name:        "node-scopes",
	Severity:    Error,
	Holds:       "the OAuth scopes of the node pools allow pulling from Google's registries",
	Why:         "Scopes limit what the node's account may do on top of IAM. Without a storage or cloud-platform scope every pull from Artifact Registry is refused with 401 or 403, though the right is granted: an error often mistaken for a network fault.",
	Mend:        "Give the pool the cloud-platform scope and limit the account by IAM.",
	Example:     nodeScopesExample,
	Limits:      "With a node_config block that names no scopes the API decides, and the verdict is unknown.",
	Reads:       []topology.Collection{topology.Clusters, topology.Images},
	Permissions: []string{"container.clusters.get"},
	Since:       "0.1.0",
	Page: Page{
		Symptom:  "The pod ends in `ImagePullBackOff` with `401 Unauthorized` or `403 Forbidden`, although the account holds the role.",
		Broken:   "node_config {\n  oauth_scopes = [\"https://www.googleapis.com/auth/logging.write\", \"https://www.googleapis.com/auth/monitoring\"]\n}",
		Look:     "Among the scopes must be one of `cloud-platform`, `cloud-platform.read-only`, `devstorage.read_only`, `devstorage.read_write` or `devstorage.full_control`.",
		Commands: `gcloud container node-pools describe POOL --cluster=CLUSTER --location=LOCATION --format="value(config.oauthScopes)"`,
	},
	Cluster: judgeNodeScopes,
}

// enough are the scopes that each allow a pull (Artifact Registry documentation, "Deploying to GKE").
var enough = []string{"cloud-platform", "cloud-platform.read-only", "devstorage.read_only", "devstorage.read_write", "devstorage.full_control", "storage-ro", "storage-rw", "storage-full"}

func judgeNodeScopes(k *Case) []Result {
	if repos, _ := k.asked(nil); len(repos) == 0 {
		return []Result{skipped(Result{Object: objectOf(&k.Cluster.Object)}, "no image asks for a repository of its own in Artifact Registry")}
	}
	var out []Result
	for _, p := range k.Cluster.Pools {
		repos, example := k.asked(p)
		if len(repos) == 0 {
			continue
		}
		r := Result{Object: objectOf(&p.Object), Loose: example[repos[0]].loose}
		if example[repos[0]].inferred {
			r.Severity = Warning
		}
		scopes, known := p.Scopes.Get()
		allows := slices.ContainsFunc(scopes, func(s string) bool {
			return slices.Contains(enough, strings.TrimPrefix(s, "https://www.googleapis.com/auth/"))
		})
		switch {
		case !known:
			r.Status, r.Severity = topology.Undecided, Warning
			r.Message = fmt.Sprintf("whether the scopes of %s allow pulling is not known: %s", quote(p.Display()), p.Scopes.Why())
		case allows:
			r.Status, r.Message = topology.Pass, fmt.Sprintf("the scopes of %s allow pulling", quote(p.Display()))
		default:
			r.Status = topology.Fail
			r.Message = fmt.Sprintf("the scopes of %s do not allow pulling from Google's registries, whatever IAM grants: %s", quote(p.Display()), orNone(scopes))
			r.Evidence = []egress.Evidence{told(&p.Object, "node_config.oauth_scopes", p.Scopes, orNone(scopes))}
			r.Fix = "# in " + r.Object.where() + "\n" + nodeScopesExample
		}
		out = append(out, r)
	}
	return distinct(out)
}

const nodeScopesExample = "node_config {\n  oauth_scopes = [\"https://www.googleapis.com/auth/cloud-platform\"]\n}"

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
