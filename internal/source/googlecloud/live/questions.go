package live

import (
	"context"

	compute "cloud.google.com/go/compute/apiv1"
	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/protobuf/proto"
)

const networkViewer = "roles/compute.networkViewer"

// rules are all questions that are put.
var rules = []rule{
	clusterList.rule, clusterGet.rule, networkList.rule, effectiveFirewalls.rule, subnetworkList.rule, routerList.rule, routerStatus.rule, routeList.rule,
	policyRouteList.rule, forwardingRuleList.rule, firewallPolicyList.rule, regionFirewallPolicy.rule, computeProject.rule,
	zoneList.rule, dnsPolicyList.rule, responsePolicyList.rule, responseRuleList.rule, recordSetList.rule,
	repositoryList.rule, repositoryPolicy.rule, projectSettings.rule, vpcscConfig.rule, project.rule, projectPolicy.rule, folder.rule, folderPolicy.rule, organizationPolicy.rule,
	role.rule,
}

// perPage is the most that Compute Engine puts on a page.
var perPage = proto.Uint32(500)

// clusterListing is a project's clusters. Missing are the zones that did not answer.
type clusterListing struct {
	clusters []*containerpb.Cluster
	missing  []string
}

var clusterList = question[clusterListing]{
	rule{method: "container.projects.locations.clusters.list", permission: "container.clusters.list", role: "roles/container.clusterViewer"},
	func(ctx context.Context, s *services, args []string) (clusterListing, error) {
		c, err := s.clusters()
		if err != nil {
			return clusterListing{}, err
		}
		list, err := c.ListClusters(ctx, &containerpb.ListClustersRequest{Parent: named("projects/%s/locations/-", args)}, how...)
		return clusterListing{list.GetClusters(), list.GetMissingZones()}, err
	},
}

var clusterGet = question[*containerpb.Cluster]{
	rule{method: "container.projects.locations.clusters.get", permission: "container.clusters.get", role: "roles/container.clusterViewer"},
	func(ctx context.Context, s *services, args []string) (*containerpb.Cluster, error) {
		c, err := s.clusters()
		if err != nil {
			return nil, err
		}
		return c.GetCluster(ctx, &containerpb.GetClusterRequest{Name: named("projects/%s/locations/%s/clusters/%s", args)}, how...)
	},
}

var networkList = question[[]*computepb.Network]{
	rule{method: "compute.networks.list", permission: "compute.networks.list", role: networkViewer},
	func(ctx context.Context, s *services, args []string) ([]*computepb.Network, error) {
		c, err := s.networks()
		if err != nil {
			return nil, err
		}
		it := c.List(ctx, &computepb.ListNetworksRequest{Project: args[0], MaxResults: perPage}, how...)
		return collect(it, func() any { return it.Response })
	},
}

var effectiveFirewalls = question[*computepb.NetworksGetEffectiveFirewallsResponse]{
	rule{method: "compute.networks.getEffectiveFirewalls", permission: "compute.networks.getEffectiveFirewalls", role: networkViewer},
	func(ctx context.Context, s *services, args []string) (*computepb.NetworksGetEffectiveFirewallsResponse, error) {
		c, err := s.networks()
		if err != nil {
			return nil, err
		}
		return c.GetEffectiveFirewalls(ctx, &computepb.GetEffectiveFirewallsNetworkRequest{Project: args[0], Network: args[1]}, how...)
	},
}

var subnetworkList = question[[]*computepb.Subnetwork]{
	rule{method: "compute.subnetworks.aggregatedList", permission: "compute.subnetworks.list", role: networkViewer},
	func(ctx context.Context, s *services, args []string) ([]*computepb.Subnetwork, error) {
		c, err := s.subnetworks()
		if err != nil {
			return nil, err
		}
		it := c.AggregatedList(ctx, &computepb.AggregatedListSubnetworksRequest{Project: args[0], MaxResults: perPage}, how...)
		return regional(it, func() any { return it.Response }, func(p compute.SubnetworksScopedListPair) ([]*computepb.Subnetwork, any) {
			return p.Value.GetSubnetworks(), p.Value
		})
	},
}

var routerList = question[[]*computepb.Router]{
	rule{method: "compute.routers.aggregatedList", permission: "compute.routers.list", role: networkViewer},
	func(ctx context.Context, s *services, args []string) ([]*computepb.Router, error) {
		c, err := s.routers()
		if err != nil {
			return nil, err
		}
		it := c.AggregatedList(ctx, &computepb.AggregatedListRoutersRequest{Project: args[0], MaxResults: perPage}, how...)
		return regional(it, func() any { return it.Response }, func(p compute.RoutersScopedListPair) ([]*computepb.Router, any) {
			return p.Value.GetRouters(), p.Value
		})
	},
}

var routerStatus = question[*computepb.RouterStatus]{
	rule{method: "compute.routers.getRouterStatus", permission: "compute.routers.get", role: networkViewer},
	func(ctx context.Context, s *services, args []string) (*computepb.RouterStatus, error) {
		c, err := s.routers()
		if err != nil {
			return nil, err
		}
		r, err := c.GetRouterStatus(ctx, &computepb.GetRouterStatusRouterRequest{Project: args[0], Region: args[1], Router: args[2]}, how...)
		return r.GetResult(), err
	},
}

var routeList = question[[]*computepb.Route]{
	rule{method: "compute.routes.list", permission: "compute.routes.list", role: networkViewer},
	func(ctx context.Context, s *services, args []string) ([]*computepb.Route, error) {
		c, err := s.routes()
		if err != nil {
			return nil, err
		}
		it := c.List(ctx, &computepb.ListRoutesRequest{Project: args[0], MaxResults: perPage}, how...)
		return collect(it, func() any { return it.Response })
	},
}

var policyRouteList = question[[]*networkconnectivity.PolicyBasedRoute]{
	rule{method: "networkconnectivity.projects.locations.global.policyBasedRoutes.list", permission: "networkconnectivity.policyBasedRoutes.list", role: "roles/viewer"},
	func(ctx context.Context, s *services, args []string) ([]*networkconnectivity.PolicyBasedRoute, error) {
		c, err := s.connectivity()
		if err != nil {
			return nil, err
		}
		var out []*networkconnectivity.PolicyBasedRoute
		err = c.Projects.Locations.Global.PolicyBasedRoutes.List(named("projects/%s/locations/global", args)).Pages(ctx, func(p *networkconnectivity.ListPolicyBasedRoutesResponse) error {
			if len(p.Unreachable) > 0 {
				return incomplete{p.Unreachable}
			}
			out = append(out, p.PolicyBasedRoutes...)
			return nil
		})
		return out, err
	},
}

var forwardingRuleList = question[[]*computepb.ForwardingRule]{
	rule{method: "compute.globalForwardingRules.list", permission: "compute.globalForwardingRules.list", role: networkViewer},
	func(ctx context.Context, s *services, args []string) ([]*computepb.ForwardingRule, error) {
		c, err := s.forwardingRules()
		if err != nil {
			return nil, err
		}
		it := c.List(ctx, &computepb.ListGlobalForwardingRulesRequest{Project: args[0], MaxResults: perPage}, how...)
		return collect(it, func() any { return it.Response })
	},
}

var firewallPolicyList = question[[]*computepb.FirewallPolicy]{
	rule{method: "compute.networkFirewallPolicies.aggregatedList", permission: "compute.firewallPolicies.list", role: "roles/compute.viewer"},
	func(ctx context.Context, s *services, args []string) ([]*computepb.FirewallPolicy, error) {
		c, err := s.policies()
		if err != nil {
			return nil, err
		}
		it := c.AggregatedList(ctx, &computepb.AggregatedListNetworkFirewallPoliciesRequest{Project: args[0], MaxResults: perPage}, how...)
		return regional(it, func() any { return it.Response }, func(p compute.FirewallPoliciesScopedListPair) ([]*computepb.FirewallPolicy, any) {
			return p.Value.GetFirewallPolicies(), p.Value
		})
	},
}

var regionFirewallPolicy = question[*computepb.FirewallPolicy]{
	rule{method: "compute.regionNetworkFirewallPolicies.get", permission: "compute.regionFirewallPolicies.get", role: "roles/compute.viewer"},
	func(ctx context.Context, s *services, args []string) (*computepb.FirewallPolicy, error) {
		c, err := s.regionPolicies()
		if err != nil {
			return nil, err
		}
		return c.Get(ctx, &computepb.GetRegionNetworkFirewallPolicyRequest{Project: args[0], Region: args[1], FirewallPolicy: args[2]}, how...)
	},
}

var computeProject = question[*computepb.Project]{
	rule{method: "compute.projects.get", permission: "compute.projects.get", role: networkViewer},
	func(ctx context.Context, s *services, args []string) (*computepb.Project, error) {
		c, err := s.computeProjects()
		if err != nil {
			return nil, err
		}
		return c.Get(ctx, &computepb.GetProjectRequest{Project: args[0]}, how...)
	},
}
