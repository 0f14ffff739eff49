package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestPerimeter(t *testing.T) {
	const address = "google_access_context_manager_service_perimeter.p"
	set := func(do func(*topology.Perimeter)) change {
		return func(f *topology.Facts) { do(f.Perimeters[0]) }
	}
	egressTo := func(list ...string) change { return set(func(p *topology.Perimeter) { p.EgressTo = known(list) }) }
	one := func(status topology.Verdict, says ...string) []want {
		return []want{{status: status, object: address, says: says}}
	}
	denied := []want{{topology.Fail, Warning, address, []string{"projects/342927644502", "denied"}, "artifactregistry.googleapis.com/DockerRead", ""}}
	expect(t, "perimeter", []expectation{
		{name: "no perimeter", facts: world(pulls(hub))},
		{name: "inside, no rule", facts: world(pulls(hub), fence("p")), want: denied},
		{name: "the mirror by name", facts: world(pulls("mirror.gcr.io/library/nginx:1"), fence("p")), want: denied},
		{name: "a rule to somewhere else", facts: world(pulls(hub), fence("p"), egressTo("projects/1")), want: denied},
		{name: "a rule to the cache", facts: world(pulls(hub), fence("p"), egressTo("projects/1", "projects/342927644502")), want: one(topology.Pass, "lets nodes read")},
		{name: "a rule to everything", facts: world(pulls(hub), fence("p"), egressTo("*")), want: one(topology.Pass)},
		{name: "Artifact Registry is not restricted", facts: world(pulls(hub), fence("p"), set(func(p *topology.Perimeter) { p.Restricted = known([]string{"storage.googleapis.com"}) }))},
		{name: "another project", facts: world(pulls(hub), fence("q")), want: one(topology.Skip, "does not hold project")},
		{name: "projects by number", facts: world(pulls(hub), fence("123456")), want: one(topology.Undecided)},
		{name: "what is restricted apply decides", facts: world(pulls(hub), fence("p"), set(func(p *topology.Perimeter) { p.Restricted = later[[]string]() })), want: one(topology.Undecided)},
		{name: "the rules apply decides", facts: world(pulls(hub), fence("p"), set(func(p *topology.Perimeter) { p.EgressTo = later[[]string]() })), want: one(topology.Undecided)},
		{name: "what it holds apply decides", facts: world(pulls(hub), fence("p"), set(func(p *topology.Perimeter) { p.Projects = later[[]string]() })), want: one(topology.Undecided, "is not known")},
		{name: "what it holds apply decides, and a rule leads to the cache", facts: world(pulls(hub), fence(), set(func(p *topology.Perimeter) { p.Projects = later[[]string]() }), egressTo("projects/342927644502")), want: one(topology.Pass)},
		{name: "the project among numbers", facts: world(pulls(hub), fence("123456", "p")), want: denied},
		{name: "no project", facts: world(pulls(hub), fence()), want: one(topology.Skip, "does not hold project")},
		{name: "an image that apply decides", facts: world(pulls(hub, fromUnknown), fence("p"))},
		{name: "an image that does not parse", facts: world(pulls("docker.io/Nginx"), fence("p"))},
		{name: "docker.io on public nodes", facts: world(pulls(hub), pool(public), fence("p"))},
		{name: "no image of Docker Hub", facts: world(pulls(google), pulls(quay), fence("p"))},
		{name: "containerd_config takes the mirror's place", facts: world(pulls(hub), fence("p"), hosts("docker.io", "https://us-docker.pkg.dev"))},
	})
}
