package live

import (
	"context"
	"net/http"
	"sync"

	artifactregistry "cloud.google.com/go/artifactregistry/apiv1"
	compute "cloud.google.com/go/compute/apiv1"
	container "cloud.google.com/go/container/apiv1"
	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	"google.golang.org/api/dns/v1"
	"google.golang.org/api/iam/v1"
	"google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/api/option"
)

// services are the official clients over REST, each built when it is first asked. They share one HTTP client, which does all that is to be done about
// credentials, time and retries.
type services struct {
	wire            *wire
	clusters        func() (*container.ClusterManagerClient, error)
	networks        func() (*compute.NetworksClient, error)
	subnetworks     func() (*compute.SubnetworksClient, error)
	routers         func() (*compute.RoutersClient, error)
	routes          func() (*compute.RoutesClient, error)
	forwardingRules func() (*compute.GlobalForwardingRulesClient, error)
	policies        func() (*compute.NetworkFirewallPoliciesClient, error)
	regionPolicies  func() (*compute.RegionNetworkFirewallPoliciesClient, error)
	computeProjects func() (*compute.ProjectsClient, error)
	repositories    func() (*artifactregistry.Client, error)
	projects        func() (*resourcemanager.ProjectsClient, error)
	folders         func() (*resourcemanager.FoldersClient, error)
	organizations   func() (*resourcemanager.OrganizationsClient, error)
	dns             func() (*dns.Service, error)
	iam             func() (*iam.Service, error)
	connectivity    func() (*networkconnectivity.Service, error)
}

// maker builds a client.
type maker[T any] func(context.Context, ...option.ClientOption) (T, error)

// lazily builds a client at most once. Trail is what a base path of the older kind of client ends with.
func lazily[T any](client *http.Client, universe string, endpoints map[service]string, of service, trail string, build maker[T]) func() (T, error) {
	return sync.OnceValues(func() (T, error) {
		o := []option.ClientOption{option.WithHTTPClient(client), option.WithUniverseDomain(universe)}
		if host := endpoints[of]; host != "" {
			o = append(o, option.WithEndpoint(host+trail))
		}
		return build(context.Background(), o...)
	})
}

func newServices(w *wire, universe string, at map[service]string) *services {
	// No API redirects. Who does is none of them, and is not to be shown a token.
	h := &http.Client{Transport: w, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &services{
		wire:            w,
		clusters:        lazily(h, universe, at, containerAPI, "", container.NewClusterManagerRESTClient),
		networks:        lazily(h, universe, at, computeAPI, "", compute.NewNetworksRESTClient),
		subnetworks:     lazily(h, universe, at, computeAPI, "", compute.NewSubnetworksRESTClient),
		routers:         lazily(h, universe, at, computeAPI, "", compute.NewRoutersRESTClient),
		routes:          lazily(h, universe, at, computeAPI, "", compute.NewRoutesRESTClient),
		forwardingRules: lazily(h, universe, at, computeAPI, "", compute.NewGlobalForwardingRulesRESTClient),
		policies:        lazily(h, universe, at, computeAPI, "", compute.NewNetworkFirewallPoliciesRESTClient),
		regionPolicies:  lazily(h, universe, at, computeAPI, "", compute.NewRegionNetworkFirewallPoliciesRESTClient),
		computeProjects: lazily(h, universe, at, computeAPI, "", compute.NewProjectsRESTClient),
		repositories:    lazily(h, universe, at, artifactRegistryAPI, "", artifactregistry.NewRESTClient),
		projects:        lazily(h, universe, at, resourceManagerAPI, "", resourcemanager.NewProjectsRESTClient),
		folders:         lazily(h, universe, at, resourceManagerAPI, "", resourcemanager.NewFoldersRESTClient),
		organizations:   lazily(h, universe, at, resourceManagerAPI, "", resourcemanager.NewOrganizationsRESTClient),
		dns:             lazily(h, universe, at, dnsAPI, "/", dns.NewService),
		iam:             lazily(h, universe, at, iamAPI, "/", iam.NewService),
		connectivity:    lazily(h, universe, at, networkConnectivityAPI, "/", networkconnectivity.NewService),
	}
}
