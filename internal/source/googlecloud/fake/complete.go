package fake

import (
	"fmt"
	"hash/fnv"
	"strings"

	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/protobuf/proto"
)

// computeLinks begins every self link that the Compute API writes, whichever host was asked.
const computeLinks = "https://www.googleapis.com/compute/v1/"

// complete is a project with everything that Google fills in. The objects are copies.
func complete(p Project) *project {
	made := &project{Project: p, recorded: p.Answers}
	if p.DefaultAccount == "" {
		made.DefaultAccount = fmt.Sprintf("%d-compute@developer.gserviceaccount.com", p.Number)
	}
	made.Networks = copies(p.Networks, made.network)
	made.Subnetworks = copies(p.Subnetworks, made.subnetwork)
	made.Routes = copies(p.Routes, made.route)
	made.Firewalls = copies(p.Firewalls, made.firewall)
	made.ForwardingRules = copies(p.ForwardingRules, made.forwardingRule)
	made.FirewallPolicies = copies(p.FirewallPolicies, made.firewallPolicy)
	made.Routers = nil
	for _, r := range p.Routers {
		r.Router = proto.CloneOf(r.Router)
		made.router(r.Router)
		made.Routers = append(made.Routers, r)
	}
	made.completeClusters()
	made.completeRepositories()
	made.completeZones()
	return made
}

func copies[T proto.Message](given []T, complete func(T)) []T {
	var out []T
	for _, g := range given {
		c := proto.CloneOf(g)
		complete(c)
		out = append(out, c)
	}
	return out
}

// link is where an object of the Compute API is: scope is "global" or a region. A name that is a link already stays.
func (p *project) link(scope, kind, name string) *string {
	switch {
	case name == "" || strings.HasPrefix(name, "https://"):
	case strings.HasPrefix(name, "projects/"):
		name = computeLinks + name
	default:
		name = computeLinks + "projects/" + p.ID + "/" + scoped(scope) + "/" + kind + "/" + name
	}
	return proto.String(name)
}

// scoped is a scope as paths have it: "global", "regions/europe-west1".
func scoped(scope string) string {
	if scope == "global" {
		return scope
	}
	return "regions/" + scope
}

// last is the last segment of a link: the name of what it leads to.
func last(link string) string { return link[strings.LastIndex(link, "/")+1:] }

// number is the id of an object: the same for the same link.
func number(link string) *uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(link))
	return proto.Uint64(h.Sum64() >> 1)
}

// fill sets what was left out.
func fill[T any](field **T, value T) {
	if *field == nil {
		*field = &value
	}
}

func (p *project) network(n *computepb.Network) {
	fill(&n.SelfLink, *p.link("global", "networks", n.GetName()))
	fill(&n.Kind, "compute#network")
	fill(&n.Id, *number(n.GetSelfLink()))
	fill(&n.AutoCreateSubnetworks, false)
	if n.RoutingConfig == nil {
		n.RoutingConfig = &computepb.NetworkRoutingConfig{RoutingMode: proto.String("REGIONAL")}
	}
}

func (p *project) subnetwork(s *computepb.Subnetwork) {
	region := last(s.GetRegion())
	fill(&s.SelfLink, *p.link(region, "subnetworks", s.GetName()))
	fill(&s.Kind, "compute#subnetwork")
	fill(&s.Id, *number(s.GetSelfLink()))
	fill(&s.PrivateIpGoogleAccess, false)
	fill(&s.Purpose, "PRIVATE")
	fill(&s.StackType, "IPV4_ONLY")
	s.Region, s.Network = p.region(region), p.link("global", "networks", s.GetNetwork())
}

func (p *project) region(name string) *string {
	return proto.String(computeLinks + "projects/" + p.ID + "/regions/" + name)
}

func (p *project) router(r *computepb.Router) {
	region := last(r.GetRegion())
	fill(&r.SelfLink, *p.link(region, "routers", r.GetName()))
	fill(&r.Kind, "compute#router")
	fill(&r.Id, *number(r.GetSelfLink()))
	r.Region, r.Network = p.region(region), p.link("global", "networks", r.GetNetwork())
	for _, n := range r.GetNats() {
		for _, s := range n.GetSubnetworks() {
			s.Name = p.link(region, "subnetworks", s.GetName())
		}
		for i, a := range n.GetNatIps() {
			n.NatIps[i] = *p.link(region, "addresses", a)
		}
	}
}

func (p *project) route(r *computepb.Route) {
	fill(&r.SelfLink, *p.link("global", "routes", r.GetName()))
	fill(&r.Kind, "compute#route")
	fill(&r.Id, *number(r.GetSelfLink()))
	fill(&r.Priority, 1000)
	r.Network = p.link("global", "networks", r.GetNetwork())
	if r.NextHopGateway != nil {
		r.NextHopGateway = p.link("global", "gateways", r.GetNextHopGateway())
	}
}

func (p *project) firewall(f *computepb.Firewall) {
	fill(&f.SelfLink, *p.link("global", "firewalls", f.GetName()))
	fill(&f.Kind, "compute#firewall")
	fill(&f.Id, *number(f.GetSelfLink()))
	fill(&f.Direction, "INGRESS")
	fill(&f.Priority, 1000)
	fill(&f.Disabled, false)
	f.Network = p.link("global", "networks", f.GetNetwork())
}

func (p *project) forwardingRule(r *computepb.ForwardingRule) {
	fill(&r.SelfLink, *p.link("global", "forwardingRules", r.GetName()))
	fill(&r.Kind, "compute#forwardingRule")
	fill(&r.Id, *number(r.GetSelfLink()))
	if r.Network != nil {
		r.Network = p.link("global", "networks", r.GetNetwork())
	}
}

func (p *project) firewallPolicy(f *computepb.FirewallPolicy) {
	scope := "global"
	if f.GetRegion() != "" {
		scope = last(f.GetRegion())
		f.Region = p.region(scope)
	}
	fill(&f.SelfLink, *p.link(scope, "firewallPolicies", f.GetName()))
	fill(&f.Kind, "compute#firewallPolicy")
	fill(&f.Id, *number(f.GetSelfLink()))
	for _, a := range f.GetAssociations() {
		a.AttachmentTarget = p.link("global", "networks", a.GetAttachmentTarget())
		fill(&a.FirewallPolicyId, fmt.Sprint(f.GetId()))
	}
}
