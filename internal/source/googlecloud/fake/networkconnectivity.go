package fake

import "google.golang.org/api/networkconnectivity/v1"

func (s *Server) networkConnectivity() {
	s.handle("GET projects/{project}/locations/global/policyBasedRoutes", "networkconnectivity.policyBasedRoutes.list", "network_connectivity", func(q *query) (any, error) {
		page, token, err := paged(q, q.project.PolicyRoutes)
		return &networkconnectivity.ListPolicyBasedRoutesResponse{PolicyBasedRoutes: page, NextPageToken: token}, err
	})
}
