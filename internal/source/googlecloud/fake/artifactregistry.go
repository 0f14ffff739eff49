package fake

import (
	"strings"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/iam/apiv1/iampb"
)

func (s *Server) artifactRegistry() {
	get := func(path, permission string, answer func(*query) (any, error)) {
		s.handle("GET projects/{project}/"+path, permission, "artifact_registry", answer)
	}
	get("projectSettings", "artifactregistry.projectsettings.get", projectSettings)
	get("locations/{location}/repositories", "artifactregistry.repositories.list", repositories)
	get("locations/{location}/repositories/{repository}", "artifactregistry.repositories.get", func(q *query) (any, error) {
		r, err := q.repository()
		return r.Repository, err
	})
	get("locations/{location}/repositories/{repository}/:getIamPolicy", "artifactregistry.repositories.getIamPolicy", func(q *query) (any, error) {
		r, err := q.repository()
		return policy(r.Policy), err
	})
	get("locations/{location}/vpcscConfig", "artifactregistry.vpcscconfigs.get", vpcscConfig)
}

// policy is what there is, or the empty policy that Google gives where nobody set one.
func policy(p *iampb.Policy) *iampb.Policy {
	if p == nil {
		return &iampb.Policy{Etag: []byte{0, 1}}
	}
	return p
}

func (q *query) repository() (Repository, error) {
	for _, r := range q.project.Repositories {
		if r.GetName() == "projects/"+q.project.ID+"/locations/"+q.PathValue("location")+"/repositories/"+q.PathValue("repository") {
			return r, nil
		}
	}
	return Repository{}, notFound("Requested entity was not found.")
}

func repositories(q *query) (any, error) {
	var all []*artifactregistrypb.Repository
	for _, r := range q.project.Repositories {
		if strings.HasPrefix(r.GetName(), "projects/"+q.project.ID+"/locations/"+q.PathValue("location")+"/") {
			all = append(all, r.Repository)
		}
	}
	page, token, err := selected(q, all)
	return &artifactregistrypb.ListRepositoriesResponse{Repositories: page, NextPageToken: token}, err
}

func projectSettings(q *query) (any, error) {
	if q.project.Settings != nil {
		return q.project.Settings, nil
	}
	return &artifactregistrypb.ProjectSettings{Name: "projects/" + q.project.ID + "/projectSettings"}, nil
}

func vpcscConfig(q *query) (any, error) {
	if c := q.project.Perimeter[q.PathValue("location")]; c != nil {
		return c, nil
	}
	return &artifactregistrypb.VPCSCConfig{Name: "projects/" + q.project.ID + "/locations/" + q.PathValue("location") + "/vpcscConfig",
		VpcscPolicy: artifactregistrypb.VPCSCConfig_DENY}, nil
}
