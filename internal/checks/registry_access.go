package checks

import (
	"fmt"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var registryAccess = Check{
	Name:     "registry-access",
	Severity: Error,
	Holds:    "the node service account may download from the repositories of the images",
	Why: "Images are pulled by the node, as the node pool's service account: never as the account a pod uses by Workload Identity. The grant has to be in the registry's own project, or on the repository. " +
		"roles/container.defaultNodeServiceAccount grants nothing here, and the Compute Engine default account has no Editor role any more in organisations created after May 2024. Without the right the registry answers 403.",
	Mend:    "Grant roles/artifactregistry.reader to the node service account on the repository or in the registry's project.",
	Example: "resource \"google_artifact_registry_repository_iam_member\" \"nodes\" {\n  project    = google_artifact_registry_repository.apps.project\n  location   = google_artifact_registry_repository.apps.location\n  repository = google_artifact_registry_repository.apps.name\n  role       = \"roles/artifactregistry.reader\"\n  member     = \"serviceAccount:${google_service_account.nodes.email}\"\n}",
	Limits:  "Groups and conditional grants are undecided, and so is an existing account whose grants lie in another state. Grants on folders and organisations are not in a plan.",
	Reads: []topology.Collection{topology.Clusters, topology.Images, topology.IAM, topology.Repositories,
		topology.Networks, topology.Subnetworks, topology.Routes, topology.Firewalls, topology.DNS}, // whether the path is open, so that a 403 is not taken for a network fault,
	Permissions: []string{"artifactregistry.repositories.getIamPolicy", "container.clusters.get", "iam.roles.get", "resourcemanager.projects.getIamPolicy"},
	Since:       "0.1.0",
	Page: Page{
		Symptom: "The pod ends in `ImagePullBackOff`. The registry was reached and refuses, with the same words for a missing right and a missing repository:\n\n" +
			"```text\ndenied: Permission \"artifactregistry.repositories.downloadArtifacts\" denied on resource \"projects/my-project/locations/us-central1/repositories/apps\" (or it may not exist)\n```",
		Broken: `# Logging and monitoring only: nothing of Artifact Registry.
resource "google_project_iam_member" "nodes" {
  project = "my-project"
  role    = "roles/container.defaultNodeServiceAccount"
  member  = "serviceAccount:${google_service_account.nodes.email}"
}`,
		Look: "The node pool's account, not that of the pod, must hold a role with `artifactregistry.repositories.downloadArtifacts` on the repository or in its project.",
		Commands: `gcloud container node-pools describe POOL --cluster=CLUSTER --location=LOCATION --format="value(config.serviceAccount)"
gcloud artifacts repositories get-iam-policy REPOSITORY --location=LOCATION --project=REGISTRY_PROJECT
gcloud projects get-iam-policy REGISTRY_PROJECT --flatten="bindings[].members" \
  --filter="bindings.members:serviceAccount:NODE_ACCOUNT" --format="value(bindings.role)"`,
	},
	Cluster: judgeRegistryAccess,
}

// asked are the repositories that images ask for, each with one image as an example: those that may come onto a pool, or with none given, all.
func (k *Case) asked(p *topology.NodePool) (order []image.Repository, first map[image.Repository]use) {
	first = map[image.Repository]use{}
	for _, u := range k.uses() {
		if !u.known || u.err != nil || p != nil && !slices.Contains(k.pools(u), p) {
			continue
		}
		repo, ok := u.ref.Repository()
		if !ok {
			continue
		}
		old, seen := first[repo]
		if !seen {
			order = append(order, repo)
		}
		if !seen || old.tentative() && !u.tentative() {
			first[repo] = u
		}
	}
	return order, first
}

// tentative reports whether what is wrong with a use is worth a warning at most.
func (u use) tentative() bool { return u.inferred || u.loose }

func judgeRegistryAccess(k *Case) []Result {
	if repos, _ := k.asked(nil); len(repos) == 0 {
		return []Result{skipped(Result{Object: objectOf(&k.Cluster.Object)}, "no image asks for a repository of its own in Artifact Registry")}
	}
	var out []Result
	g := grants{k.Facts}
	for _, p := range k.Cluster.Pools {
		repos, example := k.asked(p)
		for _, repo := range repos {
			out = append(out, k.judgeRight(g.mayPull(p, repo), p, repo, example[repo]))
		}
	}
	return distinct(out)
}

func (k *Case) judgeRight(r right, p *topology.NodePool, repo image.Repository, u use) Result {
	object := objectOf(&p.Object)
	if len(k.Cluster.Pools) == 1 {
		object = objectOf(&k.Cluster.Object)
	}
	out := Result{Object: object, Status: r.verdict, Severity: Error, Image: u.ref.Normalized, Loose: u.loose}
	if u.inferred || p.ServiceAccount.Inferred {
		out.Severity = Warning
	}
	who := accountName(p)
	switch r.verdict {
	case topology.Pass:
		out.Message = fmt.Sprintf("%s may read %s: %s grants %s", who, repo, r.grant.Address, r.grant.Role.Or("a role"))
		out.Evidence = []egress.Evidence{egress.From(r.grant.From("role"), r.grant.Role.Or("a role"), false)}
	case topology.Undecided:
		out.Message = fmt.Sprintf("whether %s may read %s (%s of %s) is not known: %s", who, repo, u.ref.Normalized, u.From, r.why)
	default:
		out.Message = fmt.Sprintf("%s%s may not read %s (%s of %s): nothing grants it %s there", k.openPath(u), who, repo, u.ref.Normalized, u.From, downloadPermission)
		out.Fix = fixGrant(p, repo)
		if k.missing(repo) {
			out.CausedBy = "repository" // no grant could be on what is not there
		}
		out.Evidence = []egress.Evidence{told(&p.Object, "node_config.service_account", p.ServiceAccount, orWord(p.ServiceAccount.Or(topology.KnownAfterApply), "default"))}
	}
	return out
}

// openPath keeps network and right apart: a 403 is not a network fault.
func (k *Case) openPath(u use) string {
	if len(k.Groups) == 0 {
		return ""
	}
	if way, decided := k.reachOf(u); decided && way.verdict == topology.Pass {
		return "the path is open, but "
	}
	return ""
}

func fixGrant(p *topology.NodePool, repo image.Repository) string {
	member := p.ServiceAccount.Or("")
	switch {
	case p.Account != "" && !p.ServiceAccount.Known():
		member = "${google_service_account.NODES.email}"
	case member == "":
		member = "PROJECT_NUMBER-compute@developer.gserviceaccount.com"
	}
	return fmt.Sprintf("resource \"google_artifact_registry_repository_iam_member\" \"nodes\" {\n  project    = %q\n  location   = %q\n  repository = %q\n  role       = \"roles/artifactregistry.reader\"\n  member     = \"serviceAccount:%s\"\n}",
		repo.Project, repo.Location, repo.Name, member)
}
