package fake

import (
	"slices"
	"strings"

	"cloud.google.com/go/container/apiv1/containerpb"
)

// container serves GKE. It has no pages: a list is whole, and names the zones that it could not reach.
func (s *Server) container() {
	s.handle("GET projects/{project}/locations/{location}/clusters", "container.clusters.list", "container", clusters)
	s.handle("GET projects/{project}/locations/{location}/clusters/{name}", "container.clusters.get", "container", cluster)
	s.handle("GET projects/{project}/locations/{location}/clusters/{name}/nodePools", "container.clusters.get", "container", nodePools)
	s.handle("GET projects/{project}/locations/{location}/clusters/{name}/nodePools/{pool}", "container.clusters.get", "container", nodePool)
}

func clusters(q *query) (any, error) {
	out := &containerpb.ListClustersResponse{MissingZones: q.project.MissingZones}
	for _, c := range q.project.Clusters {
		if at := q.PathValue("location"); at == "-" || at == c.GetLocation() {
			out.Clusters = append(out.Clusters, c)
		}
	}
	return out, nil
}

func cluster(q *query) (any, error) { return named(q) }

// named is the cluster of the path.
func named(q *query) (*containerpb.Cluster, error) {
	for _, c := range q.project.Clusters {
		if c.GetName() == q.PathValue("name") && c.GetLocation() == q.PathValue("location") {
			return c, nil
		}
	}
	path, _, _ := strings.Cut(q.resource(), "/nodePools")
	return nil, notFound("Not found: " + path + ".")
}

func nodePools(q *query) (any, error) {
	c, err := named(q)
	return &containerpb.ListNodePoolsResponse{NodePools: c.GetNodePools()}, err
}

func nodePool(q *query) (any, error) {
	c, err := named(q)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(c.GetNodePools(), func(p *containerpb.NodePool) bool { return p.GetName() == q.PathValue("pool") })
	if i < 0 {
		return nil, notFound("Not found: " + q.resource() + ".")
	}
	return c.GetNodePools()[i], nil
}
