package fake

import (
	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
)

// resourceManager serves projects and what is above them. Policies are asked for by POST there.
func (s *Server) resourceManager() {
	const name = "resource_manager_v3"
	s.handle("GET projects/{project}", "resourcemanager.projects.get", name, func(q *query) (any, error) {
		return &resourcemanagerpb.Project{Name: q.project.relative(), Parent: q.project.Parent, ProjectId: q.project.ID, DisplayName: q.project.ID,
			State: resourcemanagerpb.Project_ACTIVE}, nil
	})
	s.handle("POST projects/{project}/:getIamPolicy", "resourcemanager.projects.getIamPolicy", name, func(q *query) (any, error) {
		return policy(q.project.Policy), nil
	})
	s.handle("GET folders/{above}", "resourcemanager.folders.get", name, func(q *query) (any, error) {
		a, err := q.ancestor("folders/")
		return &resourcemanagerpb.Folder{Name: a.Name, Parent: a.Parent, DisplayName: a.Name, State: resourcemanagerpb.Folder_ACTIVE}, err
	})
	s.handle("POST folders/{above}/:getIamPolicy", "resourcemanager.folders.getIamPolicy", name, func(q *query) (any, error) {
		a, err := q.ancestor("folders/")
		return policy(a.Policy), err
	})
	s.handle("GET organizations/{above}", "resourcemanager.organizations.get", name, func(q *query) (any, error) {
		a, err := q.ancestor("organizations/")
		return &resourcemanagerpb.Organization{Name: a.Name, DisplayName: "example.com", State: resourcemanagerpb.Organization_ACTIVE}, err
	})
	s.handle("POST organizations/{above}/:getIamPolicy", "resourcemanager.organizations.getIamPolicy", name, func(q *query) (any, error) {
		a, err := q.ancestor("organizations/")
		return policy(a.Policy), err
	})
}

// ancestor is the folder or organization of the path. What is not there is refused, as what is hidden is.
func (q *query) ancestor(kind string) (Ancestor, error) {
	a, found := q.server.world.above[kind+q.PathValue("above")]
	if !found {
		return a, q.op.denied(q.resource())
	}
	return a, nil
}
