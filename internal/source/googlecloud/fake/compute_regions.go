package fake

import (
	"maps"
	"slices"
	"strings"

	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/protobuf/proto"
)

// regions are those that Google answers for though nothing is in them; a project's own come on top.
var regions = []string{"asia-east1", "europe-west4", "us-central1"}

// scope is where an object is: "global", "regions/R".
func scope(selfLink string) string {
	_, after, found := strings.Cut(selfLink, "/regions/")
	if !found {
		return "global"
	}
	region, _, _ := strings.Cut(after, "/")
	return "regions/" + region
}

// aggregated is a page of a list over all scopes. Pages are cut through the scopes in their order, and a scope without anything on the page says
// so in a warning.
func aggregated[T linked, S any](q *query, all []T, wrap func([]T, *computepb.Warning) S) (map[string]S, *string, error) {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b T) int { return strings.Compare(scope(a.GetSelfLink()), scope(b.GetSelfLink())) })
	page, token, err := selected(q, sorted)
	if err != nil {
		return nil, nil, err
	}
	held := map[string][]T{"global": nil}
	for _, r := range regions {
		held["regions/"+r] = nil
	}
	for _, item := range all {
		held[scope(item.GetSelfLink())] = nil
	}
	for _, item := range page {
		held[scope(item.GetSelfLink())] = append(held[scope(item.GetSelfLink())], item)
	}
	out := map[string]S{}
	for _, s := range slices.Sorted(maps.Keys(held)) {
		var none *computepb.Warning
		if len(held[s]) == 0 {
			none = &computepb.Warning{Code: proto.String("NO_RESULTS_ON_PAGE"), Message: proto.String("There are no results for scope '" + s + "' on this page."),
				Data: []*computepb.Data{{Key: proto.String("scope"), Value: proto.String(s)}}}
		}
		out[s] = wrap(held[s], none)
	}
	return out, next(token), nil
}

// within are the objects of the region that the path names, or of none.
func within[T linked](q *query, all []T) []T {
	want := "global"
	if region := q.PathValue("region"); region != "" {
		want = "regions/" + region
	}
	return slices.DeleteFunc(slices.Clone(all), func(item T) bool { return scope(item.GetSelfLink()) != want })
}

func aggregatedSubnetworks(q *query) (any, error) {
	items, token, err := aggregated(q, q.project.Subnetworks, func(s []*computepb.Subnetwork, w *computepb.Warning) *computepb.SubnetworksScopedList {
		return &computepb.SubnetworksScopedList{Subnetworks: s, Warning: w}
	})
	id, link := q.names()
	return &computepb.SubnetworkAggregatedList{Kind: proto.String("compute#subnetworkAggregatedList"), Id: id, Items: items, SelfLink: link, NextPageToken: token}, err
}

func regionalSubnetworks(q *query) (any, error) {
	page, token, err := selected(q, within(q, q.project.Subnetworks))
	id, link := q.names()
	return &computepb.SubnetworkList{Kind: proto.String("compute#subnetworkList"), Id: id, Items: page, SelfLink: link, NextPageToken: next(token)}, err
}

func (p *project) routers() []*computepb.Router {
	var all []*computepb.Router
	for _, r := range p.Routers {
		all = append(all, r.Router)
	}
	return all
}

func aggregatedRouters(q *query) (any, error) {
	items, token, err := aggregated(q, q.project.routers(), func(r []*computepb.Router, w *computepb.Warning) *computepb.RoutersScopedList {
		return &computepb.RoutersScopedList{Routers: r, Warning: w}
	})
	id, link := q.names()
	return &computepb.RouterAggregatedList{Kind: proto.String("compute#routerAggregatedList"), Id: id, Items: items, SelfLink: link, NextPageToken: token}, err
}

func regionalRouters(q *query) (any, error) {
	page, token, err := selected(q, within(q, q.project.routers()))
	id, link := q.names()
	return &computepb.RouterList{Kind: proto.String("compute#routerList"), Id: id, Items: page, SelfLink: link, NextPageToken: next(token)}, err
}

func aggregatedFirewallPolicies(q *query) (any, error) {
	items, token, err := aggregated(q, q.project.FirewallPolicies, func(f []*computepb.FirewallPolicy, w *computepb.Warning) *computepb.FirewallPoliciesScopedList {
		return &computepb.FirewallPoliciesScopedList{FirewallPolicies: f, Warning: w}
	})
	id, link := q.names()
	return &computepb.NetworkFirewallPolicyAggregatedList{Kind: proto.String("compute#networkFirewallPoliciesAggregatedList"), Id: id, Items: items,
		SelfLink: link, NextPageToken: token}, err
}

func globalFirewallPolicies(q *query) (any, error) { return firewallPolicies(q) }

func regionalFirewallPolicies(q *query) (any, error) { return firewallPolicies(q) }

func firewallPolicies(q *query) (any, error) {
	page, token, err := selected(q, within(q, q.project.FirewallPolicies))
	id, _ := q.names()
	return &computepb.FirewallPolicyList{Kind: proto.String("compute#firewallPolicyList"), Id: id, Items: page, NextPageToken: next(token)}, err
}

// running is the router of the path with what it says of itself.
func running(q *query) (Router, error) {
	found, err := find(q, q.project.routers())
	if err != nil {
		return Router{}, err
	}
	i := slices.IndexFunc(q.project.Routers, func(r Router) bool { return r.Router == found })
	return q.project.Routers[i], nil
}

// routerStatus says what a router does; where the world does not tell, its gateways need nothing.
func routerStatus(q *query) (any, error) {
	r, err := running(q)
	if err != nil {
		return nil, err
	}
	said := r.Status
	if said == nil {
		said = &computepb.RouterStatus{Network: r.Network}
		for _, n := range r.GetNats() {
			said.NatStatus = append(said.NatStatus, &computepb.RouterStatusNatStatus{Name: n.Name, MinExtraNatIpsNeeded: proto.Int32(0), NumVmEndpointsWithNatMappings: proto.Int32(0)})
		}
	}
	return &computepb.RouterStatusResponse{Kind: proto.String("compute#routerStatusResponse"), Result: said}, nil
}

func natIPInfo(q *query) (any, error) {
	r, err := running(q)
	if r.Addresses == nil {
		r.Addresses = &computepb.NatIpInfoResponse{}
	}
	return r.Addresses, err
}

func natMappingInfo(q *query) (any, error) {
	r, err := running(q)
	if r.Mappings == nil {
		r.Mappings = &computepb.VmEndpointNatMappingsList{Kind: proto.String("compute#vmEndpointNatMappingsList")}
	}
	return r.Mappings, err
}
