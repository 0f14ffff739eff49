package checks

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var repository = Check{
	Name:     "repository",
	Severity: Error,
	Holds:    "the Artifact Registry repository of every image exists where the reference says, is a Docker repository, and a remote one may reach its upstream",
	Why: "Artifact Registry answers 403 \"(or it may not exist)\" for a repository in another location or project than the reference says, and a repository of another format serves no images. Inside a VPC Service Controls perimeter a remote repository " +
		"reaches no upstream unless the project allows it for the location.",
	Mend:        "Write location, project and repository as they are, or create the repository.",
	Example:     "resource \"google_artifact_registry_repository\" \"apps\" {\n  location      = \"us-central1\"\n  repository_id = \"apps\"\n  format        = \"DOCKER\"\n}",
	Limits:      "A repository that no source describes is undecided, unless the collection was listed.",
	Reads:       []topology.Collection{topology.Clusters, topology.Images, topology.Repositories},
	Permissions: []string{"artifactregistry.repositories.get", "artifactregistry.repositories.list"},
	Since:       "0.1.0",
	Cluster:     judgeRepository,
}

func judgeRepository(k *Case) []Result {
	repos, example := k.asked()
	if len(repos) == 0 {
		return []Result{skipped(Result{Object: objectOf(&k.Cluster.Object)}, "no image asks for a repository of its own in Artifact Registry")}
	}
	var out []Result
	for _, repo := range repos {
		u := example[repo]
		r := k.judgeRepo(repo, u)
		r.Image, r.Loose = u.ref.Normalized, u.loose
		if u.inferred && r.Severity == "" {
			r.Severity = Warning
		}
		out = append(out, r)
	}
	return distinct(out)
}

func (k *Case) judgeRepo(repo image.Repository, u use) Result {
	r := Result{Object: objectOf(&u.Object)}
	var elsewhere *topology.Repository
	for _, f := range k.Facts.Repositories() {
		if f.Name != repo.Name || f.Project != repo.Project {
			continue
		}
		if f.Location != repo.Location {
			elsewhere = f
			continue
		}
		return k.judgeFound(f, repo, u)
	}
	wanted := fmt.Sprintf("%s of %s asks for %s", u.ref.Normalized, u.From, repo)
	if elsewhere != nil {
		r.Status = topology.Fail
		r.Message = fmt.Sprintf("%s, and the repository lies in %s", wanted, quote(elsewhere.Location))
		r.Evidence = []egress.Evidence{egress.From(elsewhere.From("location"), elsewhere.Location, false)}
		r.Fix = fmt.Sprintf("image = %q", u.ref.Through(fmt.Sprintf("%s-docker.pkg.dev/%s/%s", elsewhere.Location, repo.Project, repo.Name)))
		return r
	}
	if k.Facts.Listed(topology.Repositories, repo.Project) {
		r.Status = topology.Fail
		r.Message = wanted + ", which does not exist"
		r.Fix = fmt.Sprintf("resource \"google_artifact_registry_repository\" \"NAME\" {\n  project       = %q\n  location      = %q\n  repository_id = %q\n  format        = \"DOCKER\"\n}", repo.Project, repo.Location, repo.Name)
		return r
	}
	r.Status, r.Severity = topology.Undecided, Warning
	r.Message = wanted + ", which no source describes: the state that manages it (--state) would tell"
	return r
}

func (k *Case) judgeFound(f *topology.Repository, repo image.Repository, u use) Result {
	r := Result{Object: objectOf(&f.Object), Status: topology.Pass, Message: fmt.Sprintf("%s exists", repo)}
	if format, known := f.Format.Get(); known && format != "DOCKER" {
		r.Status = topology.Fail
		r.Message = fmt.Sprintf("%s of %s asks for %s, which is a repository of format %s and serves no images", u.ref.Normalized, u.From, repo, format)
		r.Evidence = []egress.Evidence{egress.From(f.Format.Origin, format, false)}
		r.Fix = "# a repository of its own, with\nformat = \"DOCKER\""
		return r
	}
	if f.Mode.Or("") != "REMOTE_REPOSITORY" {
		return r
	}
	for _, c := range k.Facts.VPCSC() {
		if c.Project != f.Project || c.Location != f.Location {
			continue
		}
		if policy, known := c.Policy.Get(); known && policy == "DENY" {
			r.Status, r.Severity = topology.Fail, Warning
			r.Message = fmt.Sprintf("remote repository %s reaches no upstream if its project is inside a VPC Service Controls perimeter: vpcsc_policy is DENY in %s", repo, quote(c.Location))
			r.Evidence = []egress.Evidence{egress.From(c.Policy.Origin, policy, c.Policy.Assumed)}
			r.Fix = "# in " + c.Address + "\nvpcsc_policy = \"ALLOW\""
		}
	}
	return r
}
