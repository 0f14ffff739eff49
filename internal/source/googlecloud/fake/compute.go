package fake

import (
	"slices"
	"strings"

	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/protobuf/proto"
)

// compute serves what is read of the Compute API (compute v1 discovery document; the generated clients ask for these very paths).
func (s *Server) compute() {
	get := func(path, permission string, answer func(*query) (any, error)) {
		s.handle("GET "+path, permission, "compute", answer)
	}
	get("projects/{project}", "compute.projects.get", computeProject)
	get("projects/{project}/global/networks", "compute.networks.list", networks)
	get("projects/{project}/global/networks/{name}", "compute.networks.get", one(func(p *project) []*computepb.Network { return p.Networks }))
	get("projects/{project}/global/networks/{name}/getEffectiveFirewalls", "compute.networks.getEffectiveFirewalls", effectiveFirewalls)
	get("projects/{project}/aggregated/subnetworks", "compute.subnetworks.list", aggregatedSubnetworks)
	get("projects/{project}/regions/{region}/subnetworks", "compute.subnetworks.list", regionalSubnetworks)
	get("projects/{project}/regions/{region}/subnetworks/{name}", "compute.subnetworks.get", one(func(p *project) []*computepb.Subnetwork { return p.Subnetworks }))
	get("projects/{project}/aggregated/routers", "compute.routers.list", aggregatedRouters)
	get("projects/{project}/regions/{region}/routers", "compute.routers.list", regionalRouters)
	get("projects/{project}/regions/{region}/routers/{name}", "compute.routers.get", one((*project).routers))
	get("projects/{project}/regions/{region}/routers/{name}/getRouterStatus", "compute.routers.get", routerStatus)
	get("projects/{project}/regions/{region}/routers/{name}/getNatIpInfo", "compute.routers.get", natIPInfo)
	get("projects/{project}/regions/{region}/routers/{name}/getNatMappingInfo", "compute.routers.get", natMappingInfo)
	get("projects/{project}/global/routes", "compute.routes.list", routes)
	get("projects/{project}/global/firewalls", "compute.firewalls.list", firewalls)
	get("projects/{project}/global/forwardingRules", "compute.globalForwardingRules.list", forwardingRules)
	get("projects/{project}/aggregated/firewallPolicies", "compute.firewallPolicies.list", aggregatedFirewallPolicies)
	get("projects/{project}/global/firewallPolicies", "compute.firewallPolicies.list", globalFirewallPolicies)
	get("projects/{project}/regions/{region}/firewallPolicies", "compute.regionFirewallPolicies.list", regionalFirewallPolicies)
	get("projects/{project}/global/firewallPolicies/{name}", "compute.firewallPolicies.get", one(func(p *project) []*computepb.FirewallPolicy { return p.FirewallPolicies }))
	get("projects/{project}/regions/{region}/firewallPolicies/{name}", "compute.regionFirewallPolicies.get",
		one(func(p *project) []*computepb.FirewallPolicy { return p.FirewallPolicies }))
}

// names are the id and the self link of a list.
func (q *query) names() (id, link *string) {
	below := strings.TrimPrefix(q.URL.Path, apis["compute"].root)
	return proto.String(below), proto.String(computeLinks + below)
}

// linked is an object of the Compute API.
type linked interface {
	proto.Message
	GetName() string
	GetSelfLink() string
}

// one answers with the object of a path: the one whose self link ends in it.
func one[T linked](all func(*project) []T) func(*query) (any, error) {
	return func(q *query) (any, error) { return find(q, all(q.project)) }
}

// find is the object whose name and region the path has.
func find[T linked](q *query, all []T) (T, error) {
	scope := "/global/"
	if region := q.PathValue("region"); region != "" {
		scope = "/regions/" + region + "/"
	}
	for _, item := range all {
		if item.GetName() == q.PathValue("name") && strings.Contains(item.GetSelfLink(), scope) {
			return item, nil
		}
	}
	var none T
	return none, notFound("The resource '" + q.resource() + "' was not found")
}

func computeProject(q *query) (any, error) {
	p := &computepb.Project{Kind: proto.String("compute#project"), Name: &q.project.ID, Id: number("projects/" + q.project.ID),
		SelfLink: proto.String(computeLinks + "projects/" + q.project.ID), DefaultNetworkTier: proto.String("PREMIUM"),
		XpnProjectStatus: proto.String("UNSPECIFIED_XPN_PROJECT_STATUS"), DefaultServiceAccount: &q.project.DefaultAccount}
	if q.project.DefaultAccount == "-" {
		p.DefaultServiceAccount = nil
	}
	return p, nil
}

// next is a page token, or nothing on the last page.
func next(token string) *string {
	if token == "" {
		return nil
	}
	return &token
}

func networks(q *query) (any, error) {
	page, token, err := selected(q, q.project.Networks)
	id, link := q.names()
	return &computepb.NetworkList{Kind: proto.String("compute#networkList"), Id: id, Items: page, SelfLink: link, NextPageToken: next(token)}, err
}

func routes(q *query) (any, error) {
	page, token, err := selected(q, q.project.Routes)
	id, link := q.names()
	return &computepb.RouteList{Kind: proto.String("compute#routeList"), Id: id, Items: page, SelfLink: link, NextPageToken: next(token)}, err
}

func firewalls(q *query) (any, error) {
	page, token, err := selected(q, q.project.Firewalls)
	id, link := q.names()
	return &computepb.FirewallList{Kind: proto.String("compute#firewallList"), Id: id, Items: page, SelfLink: link, NextPageToken: next(token)}, err
}

func forwardingRules(q *query) (any, error) {
	page, token, err := selected(q, q.project.ForwardingRules)
	id, link := q.names()
	return &computepb.ForwardingRuleList{Kind: proto.String("compute#forwardingRuleList"), Id: id, Items: page, SelfLink: link, NextPageToken: next(token)}, err
}

// effectiveFirewalls are the VPC's own rules, and the policies that hold for it: hierarchical ones first, then those of the network itself.
func effectiveFirewalls(q *query) (any, error) {
	n, err := find(q, q.project.Networks)
	if err != nil {
		return nil, err
	}
	out := &computepb.NetworksGetEffectiveFirewallsResponse{FirewallPolicys: slices.Clone(q.project.Hierarchy)}
	for _, f := range q.project.Firewalls {
		if f.GetNetwork() == n.GetSelfLink() {
			out.Firewalls = append(out.Firewalls, f)
		}
	}
	for _, f := range q.project.FirewallPolicies {
		attached := slices.ContainsFunc(f.GetAssociations(), func(a *computepb.FirewallPolicyAssociation) bool { return a.GetAttachmentTarget() == n.GetSelfLink() })
		if attached && f.GetRegion() == "" {
			out.FirewallPolicys = append(out.FirewallPolicys, &computepb.NetworksGetEffectiveFirewallsResponseEffectiveFirewallPolicy{
				Name: f.Name, Type: proto.String("NETWORK"), Rules: f.GetRules()})
		}
	}
	return out, nil
}
