package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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
	Mend:    "Write location, project and repository as they are, or create the repository.",
	Example: "resource \"google_artifact_registry_repository\" \"apps\" {\n  location      = \"us-central1\"\n  repository_id = \"apps\"\n  format        = \"DOCKER\"\n}",
	Limits:  "A repository that no source describes is undecided, unless the collection was listed.",
	Reads:   []topology.Collection{topology.Clusters, topology.Images, topology.Repositories},
	Since:   "0.1.0",
	Page: Page{
		Symptom: "The pod ends in `ImagePullBackOff`; the event ends in `not found`, `NAME_UNKNOWN`, or a `403` with `(or it may not exist)`.",
		Broken: `resource "google_artifact_registry_repository" "apps" {
  location      = "europe-west1" # the image says us-central1-docker.pkg.dev
  repository_id = "apps"
  format        = "DOCKER"
}`,
		Look: "Location, project and name must be those of the reference, LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE, and the format DOCKER.",
		Commands: `gcloud artifacts repositories describe REPOSITORY --location=LOCATION --project=PROJECT
gcloud artifacts vpcsc-config describe --location=LOCATION --project=PROJECT`,
	},
	Cluster: judgeRepository,
}

func judgeRepository(k *Case) []Result {
	repos, example := k.asked(nil)
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

// missing reports whether a repository is certainly not there: its collection was listed, and does not hold it.
func (k *Case) missing(repo image.Repository) bool {
	return k.Facts.Listed(topology.Repositories, repo.Project) && !slices.ContainsFunc(k.Facts.Repositories(), func(f *topology.Repository) bool {
		return f.Project == repo.Project && f.Location == repo.Location && f.Name == repo.Name
	})
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
		r.Fix = fmt.Sprintf("image = %q", elsewhere.Location+"-docker.pkg.dev"+strings.TrimPrefix(u.ref.Normalized, u.ref.Host))
		return r
	}
	if k.Facts.Listed(topology.Repositories, repo.Project) {
		r.Status = topology.Fail
		r.Message = wanted + ", which does not exist"
		r.Fix = fmt.Sprintf("resource \"google_artifact_registry_repository\" \"NAME\" {\n  project       = %q\n  location      = %q\n  repository_id = %q\n  format        = \"DOCKER\"\n}", repo.Project, repo.Location, repo.Name)
		return r
	}
	r.Status, r.Severity = topology.Undecided, Warning
	if why := k.Facts.RefusedIn(topology.Repositories, repo.Project); why != "" {
		r.Message = wanted + ", and whether it exists could not be read: " + why
		return r
	}
	r.Message = wanted + ", which no source describes: the state that manages it (--state), an export (--assets) or a live read (--live) would tell"
	return r
}

// redirectionOff is the setting of a project whose hosts of gcr.io do not lead to its repositories (Artifact Registry API, ProjectSettings). What they
// answer since Container Registry is gone is not documented, so that it is not taken for a failure.
const redirectionOff = "REDIRECTION_FROM_GCR_IO_DISABLED"

func (k *Case) judgeFound(f *topology.Repository, repo image.Repository, u use) Result {
	r := Result{Object: objectOf(&f.Object), Status: topology.Pass, Message: fmt.Sprintf("%s exists", repo)}
	if format, known := f.Format.Get(); known && !strings.EqualFold(format, "DOCKER") {
		r.Status = topology.Fail
		r.Message = fmt.Sprintf("%s of %s asks for %s, which is a repository of format %s and serves no images", u.ref.Normalized, u.From, repo, format)
		r.Evidence = []egress.Evidence{told(&f.Object, "format", f.Format, format)}
		r.Fix = "# a repository of its own, with\nformat = \"DOCKER\""
		return r
	}
	if state, known := f.Redirection.Get(); known && state == redirectionOff || !known && f.Redirection.Why() != topology.NotTold {
		r.Status, r.Severity = topology.Undecided, Warning
		r.Message = fmt.Sprintf("%s exists, and whether %s leads there is not known: %s", repo, u.ref.Host, cmp.Or(f.Redirection.Why(), "the project's setting is "+state))
		r.Evidence = []egress.Evidence{told(&f.Object, "legacyRedirectionState", f.Redirection, cmp.Or(state, "unknown"))}
		return r
	}
	switch f.Mode.Or("") {
	case "REMOTE_REPOSITORY":
		return k.judgeUpstream(r, f, "remote repository "+repo.String())
	case "VIRTUAL_REPOSITORY":
		return k.judgeMembers(r, f, repo)
	}
	return r
}

// judgeUpstream asks whether a remote repository may reach its upstream inside a perimeter.
func (k *Case) judgeUpstream(r Result, f *topology.Repository, what string) Result {
	for _, c := range k.Facts.VPCSC() {
		if c.Project != f.Project || c.Location != f.Location {
			continue
		}
		policy, known := c.Policy.Get()
		switch {
		case !known && r.Status == topology.Pass:
			r.Status, r.Severity = topology.Undecided, Warning
			r.Message = fmt.Sprintf("whether %s reaches its upstream%s inside a VPC Service Controls perimeter is not known: %s", what, upstream(f), c.Policy.Why())
		case policy == "DENY":
			r.Status, r.Severity = topology.Fail, Warning
			r.Message = fmt.Sprintf("%s reaches no upstream%s if its project is inside a VPC Service Controls perimeter: vpcsc_policy is DENY in %s", what, upstream(f), quote(c.Location))
			r.Evidence = []egress.Evidence{told(&c.Object, "vpcsc_policy", c.Policy, policy)}
			r.Fix = "# in " + c.Address + "\nvpcsc_policy = \"ALLOW\""
		}
	}
	return r
}

func upstream(f *topology.Repository) string {
	if u, known := f.Upstream.Get(); known && u != "" {
		return " (" + u + ")"
	}
	return ""
}

// judgeMembers holds the repositories behind a virtual one: which of them serves the image is not told, so that each should be there and work.
func (k *Case) judgeMembers(r Result, f *topology.Repository, repo image.Repository) Result {
	if len(f.Members) == 0 && f.MembersTold {
		r.Status = topology.Fail
		r.Message = fmt.Sprintf("virtual repository %s has no repository behind it and serves nothing", repo)
		r.Evidence = []egress.Evidence{egress.From(f.From("virtual_repository_config"), "no upstream_policies", false)}
		r.Fix = "# in " + objectOf(&f.Object).where() + "\nvirtual_repository_config {\n  upstream_policies {\n    id         = \"apps\"\n    repository = google_artifact_registry_repository.apps.id\n    priority   = 10\n  }\n}"
		return r
	}
	for _, m := range f.Members {
		id, known := m.Get()
		if !known {
			continue
		}
		for _, member := range k.Facts.Repositories() {
			if member.ID == id && member.Mode.Or("") == "REMOTE_REPOSITORY" {
				r = k.judgeUpstream(r, member, fmt.Sprintf("remote repository %s behind %s", quote(member.Display()), repo))
			}
		}
	}
	return r
}
