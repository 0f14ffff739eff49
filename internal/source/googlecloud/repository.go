package googlecloud

import (
	"fmt"
	"strings"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const repositoryKind = "google_artifact_registry_repository"

// Repository adds an Artifact Registry repository.
func (v *Inventory) Repository(r *artifactregistrypb.Repository) {
	l := parseLink(r.GetName())
	address := "//artifactregistry.googleapis.com/" + r.GetName()
	f := &topology.Repository{Object: v.object(repositoryKind, address, l.project, l.location, l.name), MembersTold: true}
	f.Format = topology.Known(r.GetFormat().String(), f.From("format"))
	f.Mode = topology.Known(r.GetMode().String(), f.From("mode"))
	if r.GetMode() == artifactregistrypb.Repository_MODE_UNSPECIFIED {
		f.Mode = topology.Default("STANDARD_REPOSITORY", f.From("mode"))
	}
	remote := r.GetRemoteRepositoryConfig()
	f.Upstream = topology.Unknown[string]("not set", f.From("remoteRepositoryConfig"))
	if upstream := upstreamOf(remote); upstream != "" {
		f.Upstream = topology.Known(upstream, f.From("remoteRepositoryConfig"))
	}
	f.UpstreamAuthenticated = remote.GetUpstreamCredentials().GetCredentials() != nil
	for i, p := range r.GetVirtualRepositoryConfig().GetUpstreamPolicies() {
		from := f.From(fmt.Sprintf("virtualRepositoryConfig.upstreamPolicies[%d].repository", i))
		member := topology.Unknown[topology.ID]("\""+p.GetRepository()+"\" names no repository of a project", from)
		if m := parseLink(p.GetRepository()); m.project != "" && m.location != "" {
			member = topology.Known(topology.Identify(repositoryKind, m.project, m.location, m.name), from)
		}
		f.Members = append(f.Members, member)
	}
	v.rights.repositories = append(v.rights.repositories, f)
}

// ProjectSettings adds what a project's hosts of gcr.io lead to.
func (v *Inventory) ProjectSettings(project string, s *artifactregistrypb.ProjectSettings) {
	from := topology.Origin{Object: "//artifactregistry.googleapis.com/projects/" + project + "/projectSettings", Attribute: "legacyRedirectionState"}
	v.redirect(project, topology.Known(s.GetLegacyRedirectionState().String(), from))
}

// ProjectSettingsUnread records why a project's settings could not be read.
func (v *Inventory) ProjectSettingsUnread(project, why string) {
	v.redirect(project, topology.Unknown[string](why, topology.Origin{Attribute: "legacyRedirectionState"}))
}

func (v *Inventory) redirect(project string, state topology.Value[string]) {
	if v.rights.redirections == nil {
		v.rights.redirections = map[string]topology.Value[string]{}
	}
	v.rights.redirections[project] = state
}

// upstreamOf is DOCKER_HUB or the URI of a registry; empty for repositories of other formats.
func upstreamOf(r *artifactregistrypb.RemoteRepositoryConfig) string {
	docker := r.GetDockerRepository()
	switch {
	case docker.GetPublicRepository() != artifactregistrypb.RemoteRepositoryConfig_DockerRepository_PUBLIC_REPOSITORY_UNSPECIFIED:
		return docker.GetPublicRepository().String()
	case docker.GetCustomRepository().GetUri() != "":
		return docker.GetCustomRepository().GetUri()
	}
	return r.GetCommonRepository().GetUri()
}

// VPCSCConfig adds what remote repositories of a project and location may do inside a perimeter. What is not set is refused.
func (v *Inventory) VPCSCConfig(c *artifactregistrypb.VPCSCConfig) {
	l := parseLink(c.GetName())
	f := &topology.VPCSCConfig{}
	f.Object = v.object("google_artifact_registry_vpcsc_config", "//artifactregistry.googleapis.com/"+c.GetName(), v.projectID(l.project), l.location, l.name)
	f.Policy = topology.Known(c.GetVpcscPolicy().String(), f.From("vpcscPolicy"))
	if c.GetVpcscPolicy() == artifactregistrypb.VPCSCConfig_VPCSC_POLICY_UNSPECIFIED {
		f.Policy = topology.Default("DENY", f.From("vpcscPolicy"))
	}
	if v.once(f.ID) {
		v.facts.VPCSC = append(v.facts.VPCSC, f)
	}
}

// settleRepositories writes projects that are known by number with their name.
func (v *Inventory) settleRepositories() {
	for _, f := range v.rights.repositories {
		if project := v.projectID(f.Project); project != f.Project {
			f.Object = v.object(f.Kind, strings.Replace(f.Address, "/projects/"+f.Project+"/", "/projects/"+project+"/", 1), project, f.Location, f.Name)
		}
		for i, m := range f.Members {
			id, known := m.Get()
			project, name := topology.SplitID(id)
			if actual := v.projectID(project); known && actual != project {
				location := strings.Split(string(id), "/")[2]
				f.Members[i] = topology.Known(topology.Identify(repositoryKind, actual, location, name), m.Origin)
			}
		}
		if state, told := v.rights.redirections[f.Project]; told && strings.HasSuffix(f.Name, "gcr.io") {
			f.Redirection = state
		}
		if v.once(f.ID) {
			v.facts.Repositories = append(v.facts.Repositories, f)
		}
	}
}
