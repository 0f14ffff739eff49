package fake

import (
	"strings"

	"google.golang.org/api/iam/v1"
)

func (s *Server) iam() {
	s.handle("GET projects/{project}/roles", "iam.roles.list", "iam", roles)
	s.handle("GET projects/{project}/roles/{role}", "iam.roles.get", "iam", func(q *query) (any, error) { return role(q, q.project.Roles) })
	s.handle("GET organizations/{above}/roles/{role}", "iam.roles.get", "iam", func(q *query) (any, error) {
		a, err := q.ancestor("organizations/")
		if err != nil {
			return nil, err
		}
		return role(q, a.Roles)
	})
	s.handle("GET projects/{project}/serviceAccounts", "iam.serviceAccounts.list", "iam", func(q *query) (any, error) {
		page, token, err := paged(q, q.project.ServiceAccounts)
		return &iam.ListServiceAccountsResponse{Accounts: page, NextPageToken: token}, err
	})
	s.handle("GET projects/{project}/serviceAccounts/{account}", "iam.serviceAccounts.get", "iam", serviceAccount)
}

// roles lists custom roles, their permissions only in the full view.
func roles(q *query) (any, error) {
	var all []*iam.Role
	for _, r := range q.project.Roles {
		short := *r
		if q.URL.Query().Get("view") != "FULL" {
			short.IncludedPermissions = nil
		}
		all = append(all, &short)
	}
	page, token, err := paged(q, all)
	return &iam.ListRolesResponse{Roles: page, NextPageToken: token}, err
}

// role is the role of the path; deleted ones are among them, and say so.
func role(q *query, all []*iam.Role) (*iam.Role, error) {
	for _, r := range all {
		if strings.HasSuffix(r.Name, "/roles/"+q.PathValue("role")) {
			return r, nil
		}
	}
	return nil, notFound("The role named " + q.resource() + " was not found.")
}

func serviceAccount(q *query) (any, error) {
	for _, a := range q.project.ServiceAccounts {
		if a.Email == q.PathValue("account") {
			return a, nil
		}
	}
	return nil, notFound("Unknown service account")
}
