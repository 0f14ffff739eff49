package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestRepository(t *testing.T) {
	const apps, all = "google_artifact_registry_repository.apps", "google_artifact_registry_repository.all"
	const throughAll = "us-central1-docker.pkg.dev/p/all/web:1"
	pass := func(object string) []want { return []want{{status: topology.Pass, object: object}} }
	unseen := []want{{status: topology.Undecided, severity: Warning, object: workload, says: []string{"no source describes", "--state"}}}
	fail := func(object, fix string, says ...string) []want {
		return []want{{topology.Fail, Error, object, says, fix, ""}}
	}
	listed := reading(topology.Repositories, "")
	expect(t, "repository", []expectation{
		{name: "it exists", facts: world(pulls(google), repo("apps")), want: pass(apps)},
		{name: "a format in lower case", facts: world(pulls(google), repo("apps", func(r *topology.Repository) { r.Format = known("docker") })), want: pass(apps)},
		{name: "a format that apply decides", facts: world(pulls(google), repo("apps", func(r *topology.Repository) { r.Format = later[string]() })), want: pass(apps)},
		{name: "it serves packages of Maven", facts: world(pulls(google), repo("apps", func(r *topology.Repository) { r.Format = known("MAVEN") })), want: fail(apps, "DOCKER", "format MAVEN")},
		{name: "it lies elsewhere", facts: world(pulls(google), repo("apps", at("europe-west1"))), want: fail(workload, `image = "europe-west1-docker.pkg.dev/p/apps/web:1"`, `lies in "europe-west1"`)},
		{name: "two of a name", facts: world(pulls(google), repo("apps", at("europe-west1")), repo("apps")), want: pass(apps)},
		{name: "of another project", facts: world(pulls(google), repo("apps", func(r *topology.Repository) { r.Project = "q" })), want: unseen},
		{name: "nobody tells of it", facts: world(pulls(google)), want: unseen},
		{name: "all are listed", facts: world(pulls(google), listed, repo("base")), want: fail(workload, `repository_id = "apps"`, "does not exist")},
		{name: "listing was refused", facts: world(pulls(google), reading(topology.Repositories, "403: artifactregistry.repositories.list")),
			want: []want{{topology.Undecided, Warning, workload, []string{"could not be read: 403: artifactregistry.repositories.list"}, "", ""}}},
		{name: "Container Registry's host", facts: world(pulls(gcr), repo("gcr.io", at("us"))), want: pass("google_artifact_registry_repository.gcr.io")},
		{name: "Container Registry's host without one", facts: world(pulls(gcr), listed), want: fail(workload, `repository_id = "gcr.io"`, "locations/us/repositories/gcr.io")},
		{name: "Container Registry's host, which leads there", facts: world(pulls(gcr), repo("gcr.io", at("us"), redirected("REDIRECTION_FROM_GCR_IO_ENABLED"))), want: pass("google_artifact_registry_repository.gcr.io")},
		{name: "Container Registry's host, which does not", facts: world(pulls(gcr), repo("gcr.io", at("us"), redirected("REDIRECTION_FROM_GCR_IO_DISABLED"))),
			want: []want{{topology.Undecided, Warning, "google_artifact_registry_repository.gcr.io", []string{"whether gcr.io leads there is not known", "REDIRECTION_FROM_GCR_IO_DISABLED"}, "", ""}}},
		{name: "Container Registry's host, and nobody may ask", facts: world(pulls(gcr), repo("gcr.io", at("us"), func(r *topology.Repository) {
			r.Redirection = topology.Unknown[string]("403: artifactregistry.projectsettings.get", topology.Origin{})
		})), want: []want{{topology.Undecided, Warning, "google_artifact_registry_repository.gcr.io", []string{"403: artifactregistry.projectsettings.get"}, "", ""}}},
		{name: "a remote one", facts: world(pulls(google), repo("apps", remote("DOCKER_HUB"))), want: pass(apps)},
		{name: "a remote one inside a perimeter", facts: world(pulls(google), repo("apps", remote("DOCKER_HUB")), vpcsc("DENY")),
			want: []want{{topology.Fail, Warning, apps, []string{"no upstream (DOCKER_HUB)", "vpcsc_policy is DENY"}, `vpcsc_policy = "ALLOW"`, ""}}},
		{name: "a remote one that may", facts: world(pulls(google), repo("apps", remote("DOCKER_HUB")), vpcsc("ALLOW")), want: pass(apps)},
		{name: "a remote one of which nobody says whether it may", facts: world(pulls(google), repo("apps", remote("DOCKER_HUB")), vpcsc("ALLOW"), func(f *topology.Facts) {
			f.VPCSC[0].Policy = topology.Unknown[string]("403: artifactregistry.vpcscconfigs.get", topology.Origin{})
		}), want: []want{{topology.Undecided, Warning, apps, []string{"is not known: 403: artifactregistry.vpcscconfigs.get"}, "", ""}}},
		{name: "a standard one asks nobody", facts: world(pulls(google), repo("apps"), vpcsc("DENY")), want: pass(apps)},
		{name: "a virtual one", facts: world(pulls(throughAll), virtual("apps"), repo("apps")), want: pass(all)},
		{name: "a virtual one over what nobody tells of", facts: world(pulls(throughAll), virtual("gone")), want: pass(all)},
		{name: "a virtual one over nothing", facts: world(pulls(throughAll), virtual()), want: fail(all, "upstream_policies", "serves nothing")},
		{name: "a virtual one whose members apply decides", facts: world(pulls(throughAll), virtual(), func(f *topology.Facts) { f.Repositories[0].MembersTold = false }), want: pass(all)},
		{name: "a virtual one over a remote one inside a perimeter", facts: world(pulls(throughAll), virtual("apps"), repo("apps", remote("https://quay.io")), vpcsc("DENY")),
			want: []want{{topology.Fail, Warning, all, []string{`remote repository "apps" behind`, "https://quay.io"}, "ALLOW", ""}}},
		{name: "no image asks", facts: world(pulls(hub), listed), want: []want{{status: topology.Skip, object: clusterAddress}}},
		{name: "public images of Google", facts: world(pulls("gcr.io/distroless/base:latest"), listed), want: []want{{status: topology.Skip, object: clusterAddress}}},
		{name: "an image that is only inferred", facts: world(pulls(google, guessed), listed), want: []want{{topology.Fail, Warning, workload, nil, "apps", ""}}},
		{name: "a repository that two images ask for", facts: world(pulls(google), pulls("us-central1-docker.pkg.dev/p/apps/other:1"), listed), want: fail(workload, "apps", "apps/other:1")},
	})
}

func redirected(state string) func(*topology.Repository) {
	return func(r *topology.Repository) { r.Redirection = known(state) }
}
