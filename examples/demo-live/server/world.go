package main

import (
	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

// world is a network with a Cloud NAT gateway and two private clusters. The gateway lists all of the shop's subnetwork, and of the other's only
// the range of the pods: the nodes of "batch" reach Google, and nothing else.
func world() fake.World {
	const network, region = "main", "europe-west1"
	return fake.World{Projects: []fake.Project{{
		ID:       "demo",
		Number:   100200300400,
		Networks: []*computepb.Network{fake.VPC(network)},
		Subnetworks: []*computepb.Subnetwork{
			fake.WithGoogleAccess(fake.Subnet("shop", region, network, "10.0.0.0/20", fake.Range("shop-pods", "10.4.0.0/16"), fake.Range("shop-services", "10.8.0.0/20"))),
			fake.WithGoogleAccess(fake.Subnet("batch", region, network, "10.0.16.0/20", fake.Range("batch-pods", "10.5.0.0/16"), fake.Range("batch-services", "10.8.16.0/20"))),
		},
		Routes:  []*computepb.Route{fake.DefaultRoute(network)},
		Routers: []fake.Router{fake.NAT("nat", region, network, fake.AllRanges("shop"), fake.SecondaryRanges("batch", "batch-pods"))},
		Clusters: []*containerpb.Cluster{
			fake.PrivateCluster("shop", region, network, "shop", "shop-pods", "shop-services"),
			fake.PrivateCluster("batch", region, network, "batch", "batch-pods", "batch-services"),
		},
		Policy: fake.Allow("roles/artifactregistry.reader", "serviceAccount:100200300400-compute@developer.gserviceaccount.com"),
	}}}
}
