package googlecloud

import (
	"fmt"
	"net/netip"
	"slices"

	"cloud.google.com/go/compute/apiv1/computepb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Router adds a Cloud Router and its gateways.
func (v *Inventory) Router(r *computepb.Router) {
	o := v.compute("google_compute_router", "routers", r.GetSelfLink(), r.GetName(), r.GetRegion(), r.GetNetwork())
	if o.Name == "" || !v.once(o.ID) {
		return
	}
	v.facts.Routers = append(v.facts.Routers, &topology.Router{Object: o, Network: v.refer(&o, "google_compute_network", r.GetNetwork(), o.From("network"))})
	for _, n := range r.GetNats() {
		if id := gatewayID(&o, n.GetName()); n.GetName() != "" && v.once(id) {
			v.facts.NATs = append(v.facts.NATs, v.readNAT(&o, n))
		}
	}
}

// gatewayID is a gateway's identity: its name is unique only within its router.
func gatewayID(router *topology.Object, name string) topology.ID {
	return topology.Identify("google_compute_router_nat", router.Project, router.Location, router.Name+"/"+name)
}

func (v *Inventory) readNAT(router *topology.Object, n *computepb.RouterNat) *topology.NAT {
	f := &topology.NAT{Object: *router, EntriesTold: true}
	f.ID, f.Kind, f.Name = gatewayID(router, n.GetName()), "google_compute_router_nat", n.GetName()
	f.Address += "/nats/" + n.GetName()
	f.Router = topology.Known(router.ID, f.From("router"))
	f.Type = text(n.GetType(), "PUBLIC", f.From("type"))
	f.EndpointTypes = texts(n.GetEndpointTypes(), f.From("endpointTypes"))
	if f.EndpointTypes.Assumed {
		f.EndpointTypes = topology.Default([]string{"ENDPOINT_TYPE_VM"}, f.From("endpointTypes"))
	}
	f.Mode64 = text(n.GetSourceSubnetworkIpRangesToNat64(), "", f.From("sourceSubnetworkIpRangesToNat64"))
	for i, s := range n.GetNat64Subnetworks() {
		f.Entries64 = append(f.Entries64, v.refer(router, "google_compute_subnetwork", s.GetName(), f.From(fmt.Sprintf("nat64Subnetworks[%d].name", i))))
	}
	for i, s := range n.GetSubnetworks() {
		f.Entries = append(f.Entries, v.entry(f, i, s))
	}
	f.Mode = natMode(f, n.GetSourceSubnetworkIpRangesToNat())
	option := f.From("natIpAllocateOption")
	f.ManualAddresses = topology.Known(n.GetNatIpAllocateOption() == "MANUAL_ONLY", option)
	f.ManualAddresses.Assumed = n.GetNatIpAllocateOption() == ""
	f.Addresses = topology.Known(remaining(n.GetNatIps(), n.GetDrainNatIps()), f.From("natIps"))
	f.MinPorts = number(n.MinPortsPerVm, 0, f.From("minPortsPerVm"))
	f.MaxPorts = number(n.MaxPortsPerVm, 0, f.From("maxPortsPerVm"))
	f.Dynamic = flag(n.EnableDynamicPortAllocation, f.From("enableDynamicPortAllocation"))
	return f
}

// natMode is which ranges a gateway translates. One that says so of IPv6 alone translates no IPv4 range: an empty list.
func natMode(f *topology.NAT, mode string) topology.Value[string] {
	from := f.From("sourceSubnetworkIpRangesToNat")
	switch {
	case mode != "" && mode != "SUBNETWORK_IP_RANGE_TO_NAT_OPTION_UNSPECIFIED":
		return topology.Known(mode, from)
	case len(f.Entries) > 0 || f.Mode64.Or("") != "":
		return topology.Default(topology.ListOfRanges, from)
	}
	return topology.Unknown[string](topology.NotTold, from)
}

func (v *Inventory) entry(f *topology.NAT, i int, s *computepb.RouterNatSubnetworkToNat) topology.NATEntry {
	at := fmt.Sprintf("subnetworks[%d].", i)
	e := topology.NATEntry{NamesTold: true, Subnetwork: v.refer(&f.Object, "google_compute_subnetwork", s.GetName(), f.From(at+"name"))}
	e.Options = texts(s.GetSourceIpRangesToNat(), f.From(at+"sourceIpRangesToNat"))
	if e.Options.Assumed {
		e.Options = topology.Default([]string{topology.EntryAllRanges}, f.From(at+"sourceIpRangesToNat"))
	}
	for _, name := range s.GetSecondaryIpRangeNames() {
		e.Names = append(e.Names, topology.Known(name, f.From(at+"secondaryIpRangeNames")))
	}
	return e
}

// remaining counts the addresses that take new connections: those that drain do not.
func remaining(addresses, draining []string) int {
	var count int
	for _, a := range addresses {
		if !slices.ContainsFunc(draining, func(d string) bool { return parseLink(d).name == parseLink(a).name }) {
			count++
		}
	}
	return count
}

// RouterStatus adds what a router says of its gateways' addresses and of the routes it learned. Link is the router's self link.
func (v *Inventory) RouterStatus(link string, s *computepb.RouterStatus) {
	router := v.compute("google_compute_router", "routers", link, "", "", s.GetNetwork())
	for _, n := range s.GetNatStatus() {
		if v.statuses == nil {
			v.statuses = map[topology.ID]*topology.NATStatus{}
		}
		v.statuses[gatewayID(&router, n.GetName())] = &topology.NATStatus{
			Addresses: remaining(n.GetAutoAllocatedNatIps(), n.GetDrainAutoAllocatedNatIps()) +
				remaining(n.GetUserAllocatedNatIps(), n.GetDrainUserAllocatedNatIps()),
			ExtraNeeded: int(n.GetMinExtraNatIpsNeeded()), VMs: int(n.GetNumVmEndpointsWithNatMappings())}
	}
	// The best of the network's region come first: they are what is in force. Of what else the router learned, nothing overrules them.
	for _, r := range slices.Concat(s.GetBestRoutes(), s.GetBestRoutesForRouter()) {
		v.learned(&router, s.GetNetwork(), r)
	}
}

// learned adds a route that came by BGP, where it leads to public addresses: routes to private ones decide nothing here. Next hops that share the
// traffic are one route.
func (v *Inventory) learned(router *topology.Object, network string, r *computepb.Route) {
	to, ok := parsePrefix(r.GetDestRange())
	if kind := r.GetRouteType(); !ok || !to.Addr().Is4() || internal(to) || kind != "BGP" && kind != "" {
		return
	}
	if r.GetNetwork() != "" {
		network = r.GetNetwork()
	}
	o := v.object("google_compute_route", router.Address+"/bestRoutes/"+to.String(), router.Project, router.Location, parseLink(network).name+"/"+to.String())
	if !v.once(o.ID) {
		return
	}
	o.Name = to.String() + " by BGP"
	f := &topology.Route{Object: o, Region: router.Location, Network: v.refer(&o, "google_compute_network", network, o.From("network"))}
	f.Destination = topology.Known(to, o.From("destRange"))
	f.Source = topology.Default(netip.PrefixFrom(netip.IPv4Unspecified(), 0), o.From("destRange"))
	f.Tags = topology.Known([]string{}, o.From("tags"))
	f.Priority = topology.Unknown[int](topology.NotTold, o.From("priority"))
	if r != nil && r.Priority != nil {
		f.Priority = topology.Known(int(*r.Priority), o.From("priority"))
	}
	f.NextHop, f.Through = nextHop(&o, r)
	if !f.NextHop.Known() {
		f.NextHop, f.Through = topology.Known(topology.HopCustom, o.From("nextHopIp")), "Cloud Router "+router.Name
	}
	v.facts.Routes = append(v.facts.Routes, f)
}

// settleRouters joins gateways to their status.
func (v *Inventory) settleRouters() {
	for _, n := range v.facts.NATs {
		n.Status = v.statuses[n.ID]
	}
}
