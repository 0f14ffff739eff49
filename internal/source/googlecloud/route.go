package googlecloud

import (
	"net/netip"
	"slices"
	"strings"

	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/api/networkconnectivity/v1"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Route adds a route. The API lists the default route and those of subnetworks beside the ones people write.
func (v *Inventory) Route(r *computepb.Route) {
	o := v.compute("google_compute_route", "routes", r.GetSelfLink(), r.GetName(), "", r.GetNetwork())
	if o.Name == "" || !v.once(o.ID) {
		return
	}
	f := &topology.Route{Object: o, Network: v.refer(&o, "google_compute_network", r.GetNetwork(), o.From("network"))}
	f.Destination = prefix(r.GetDestRange(), o.From("destRange"))
	f.Priority = number(r.Priority, 1000, o.From("priority"))
	f.Tags = texts(r.GetTags(), o.From("tags"))
	f.NextHop, f.Through = nextHop(&o, r)
	v.facts.Routes = append(v.facts.Routes, f)
}

// widest is the shortest prefix that no subnetwork has. What leads wider ranges to a peer or a hub was imported from there and leads on to a next hop of
// theirs: a peer never hands on its own way to the internet gateway (VPC documentation, "Options for exchanging static routes").
const widest = 8

// nextHop reads where a route leads.
func nextHop(o *topology.Object, r *computepb.Route) (topology.Value[topology.NextHopKind], string) {
	if gateway := r.GetNextHopGateway(); strings.HasSuffix(gateway, "default-internet-gateway") {
		return topology.Known(topology.HopInternetGateway, o.From("nextHopGateway")), "default-internet-gateway"
	}
	elsewhere := topology.HopLocal
	if to, ok := parsePrefix(r.GetDestRange()); ok && to.Bits() < widest {
		elsewhere = topology.HopCustom
	}
	for _, hop := range []struct {
		link, attribute, word string
		kind                  topology.NextHopKind
	}{
		{r.GetNextHopGateway(), "nextHopGateway", "gateway", topology.HopCustom},
		{r.GetNextHopInstance(), "nextHopInstance", "instance", topology.HopCustom},
		{r.GetNextHopVpnTunnel(), "nextHopVpnTunnel", "VPN tunnel", topology.HopCustom},
		{r.GetNextHopIlb(), "nextHopIlb", "load balancer", topology.HopCustom},
		{r.GetNextHopInterconnectAttachment(), "nextHopInterconnectAttachment", "interconnect attachment", topology.HopCustom},
		{r.GetNextHopNetwork(), "nextHopNetwork", "network", topology.HopLocal},
		{r.GetNextHopPeering(), "nextHopPeering", "peering", elsewhere},
		{r.GetNextHopHub(), "nextHopHub", "hub", elsewhere},
		// A learned route tells its BGP peer's address beside the tunnel or attachment that leads there.
		{r.GetNextHopIp(), "nextHopIp", "address", topology.HopCustom},
	} {
		if hop.link != "" {
			return topology.Known(hop.kind, o.From(hop.attribute)), hop.word + " " + parseLink(hop.link).name
		}
	}
	return topology.Unknown[topology.NextHopKind]("it names no next hop", o.From("nextHopGateway")), ""
}

// private are the ranges that no public registry has (RFC 1918, RFC 6598).
var private = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10")}

func internal(p netip.Prefix) bool {
	return slices.ContainsFunc(private, func(r netip.Prefix) bool { return r.Bits() <= p.Bits() && r.Contains(p.Addr()) })
}

// PolicyRoute adds a policy-based route. It lies in the project of its network, which its own name gives as a number.
func (v *Inventory) PolicyRoute(r *networkconnectivity.PolicyBasedRoute) {
	if r == nil || r.Name == "" {
		return
	}
	if r.InterconnectAttachment != nil && r.VirtualMachine == nil {
		return // applies to traffic that comes in over an attachment
	}
	filter := r.Filter
	if filter == nil {
		filter = &networkconnectivity.Filter{}
	}
	if kind := strings.ToUpper(filter.IpProtocol); kind != "" && kind != "ALL" && kind != "TCP" || filter.ProtocolVersion == "IPV6" {
		return
	}
	project, name := parseLink(r.Network).project, parseLink(r.Name).name
	if project == "" {
		project = parseLink(r.Name).project
	}
	project = v.projectID(project)
	o := v.object("google_network_connectivity_policy_based_route",
		"//networkconnectivity.googleapis.com/projects/"+project+"/locations/global/policyBasedRoutes/"+name, project, "", name)
	if !v.once(o.ID) {
		return
	}
	f := &topology.Route{Object: o, Policy: true, Network: v.refer(&o, "google_compute_network", r.Network, o.From("network"))}
	f.Destination = prefixOrAll(filter.DestRange, o.From("filter.destRange"))
	f.Source = prefixOrAll(filter.SrcRange, o.From("filter.srcRange"))
	f.Priority = topology.Known(int(r.Priority), o.From("priority"))
	if r.Priority == 0 {
		f.Priority = topology.Default(1000, o.From("priority"))
	}
	var tags []string
	if r.VirtualMachine != nil {
		tags = r.VirtualMachine.Tags
	}
	f.Tags = texts(tags, o.From("virtualMachine.tags"))
	f.NextHop = topology.Known(topology.HopCustom, o.From("nextHopIlbIp"))
	f.Through = strings.TrimSpace("load balancer " + r.NextHopIlbIp)
	if r.NextHopOtherRoutes == "DEFAULT_ROUTING" {
		f.NextHop, f.Through = topology.Known(topology.HopLocal, o.From("nextHopOtherRoutes")), "the other routes"
	}
	v.facts.Routes = append(v.facts.Routes, f)
}
