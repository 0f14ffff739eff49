package topology

import "net/netip"

// Network is a VPC network.
type Network struct {
	Object
	// DefaultRoutesDeleted is delete_default_routes_on_create.
	DefaultRoutesDeleted Value[bool]
	// PoliciesFirst is network_firewall_policy_enforcement_order = BEFORE_CLASSIC_FIREWALL.
	PoliciesFirst Value[bool]
}

// Subnetwork is a regional range of a network with its secondary ranges.
type Subnetwork struct {
	Object
	Network Value[ID]
	// GoogleAccess is private_ip_google_access as it will stand, before GKE or Cloud NAT switch it on.
	GoogleAccess Value[bool]
	// GoogleAccessConfigured is true when a configuration sets the attribute, so that Terraform would set it back.
	GoogleAccessConfigured Value[bool]
	Primary                Value[netip.Prefix]
	// Secondary are the ranges the sources list. SecondaryTold is false when the list as a whole is unknown.
	Secondary     []Range
	SecondaryTold bool
}

// Range is a named secondary range.
type Range struct {
	Name   Value[string]
	Prefix Value[netip.Prefix]
}

// Router is a Cloud Router.
type Router struct {
	Object
	Network Value[ID]
}

// NAT modes, as the API spells them.
const (
	AllRanges        = "ALL_SUBNETWORKS_ALL_IP_RANGES"
	AllPrimaryRanges = "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES"
	ListOfRanges     = "LIST_OF_SUBNETWORKS"

	EntryAllRanges = "ALL_IP_RANGES"
	EntryPrimary   = "PRIMARY_IP_RANGE"
	EntrySecondary = "LIST_OF_SECONDARY_IP_RANGES"
)

// NAT is a Cloud NAT gateway.
type NAT struct {
	Object
	Router Value[ID]
	// Type is PUBLIC or PRIVATE.
	Type          Value[string]
	EndpointTypes Value[[]string]
	// Mode is source_subnetwork_ip_ranges_to_nat.
	Mode    Value[string]
	Entries []NATEntry
	// EntriesTold is false when the list of subnetworks as a whole is unknown.
	EntriesTold bool
	// ManualAddresses is true for MANUAL_ONLY; Addresses counts the addresses that take new connections.
	ManualAddresses Value[bool]
	Addresses       Value[int]
	// MinPorts and MaxPorts are per VM; zero when not configured.
	MinPorts Value[int]
	MaxPorts Value[int]
	Dynamic  Value[bool]
	// Mode64 is source_subnetwork_ip_ranges_to_nat64; empty where NAT64 is off.
	Mode64    Value[string]
	Entries64 []Value[ID]
	// Status is what the gateway's router says of it at run time; nil where it was not asked.
	Status *NATStatus
}

// NATStatus is what Google itself says of a gateway (routers.getRouterStatus, natStatus).
type NATStatus struct {
	// Addresses are those in use, given out by Google or reserved; draining ones take no new connections and do not count.
	Addresses int
	// ExtraNeeded is minExtraNatIpsNeeded: how many more manual addresses the VMs there are need. Zero says nothing of a gateway that gives out
	// its addresses itself.
	ExtraNeeded int
	// VMs is numVmEndpointsWithNatMappings: the network interfaces that have ports now.
	VMs int
}

// NATEntry is one subnetwork of a LIST_OF_SUBNETWORKS gateway.
type NATEntry struct {
	Subnetwork Value[ID]
	// OneOf are the only subnetworks an unknown Subnetwork can be; empty when it can be any.
	OneOf   []ID
	Options Value[[]string]
	Names   []Value[string]
	// NamesTold is false when the list of secondary range names as a whole is unknown.
	NamesTold bool
}

// NextHopKind says where a route leads.
type NextHopKind uint8

// The next hops that matter to a packet bound for a registry.
const (
	HopUnknown NextHopKind = iota
	HopInternetGateway
	HopCustom // instance, address, VPN tunnel, load balancer, interconnect
	HopLocal  // within the network, or to a peer
)

// Route is a static route; a policy-based one where Policy is true, a dynamic one where Region is set.
type Route struct {
	Object
	Network     Value[ID]
	Destination Value[netip.Prefix]
	// Source limits a policy-based route to packets from a range.
	Source   Value[netip.Prefix]
	Priority Value[int]
	Tags     Value[[]string]
	NextHop  Value[NextHopKind]
	// Through names the next hop for people: "instance proxy-1".
	Through string
	Policy  bool
	// Region is where a route that a Cloud Router learned by BGP holds; empty for a static one, which holds in the whole network.
	Region string
}

// Endpoint is a global forwarding rule that leads to Google's APIs (Private Service Connect).
type Endpoint struct {
	Object
	Network Value[ID]
	Address Value[netip.Addr]
	// AddressID is the reserved address the endpoint uses, where it is known only by reference.
	AddressID ID
	// Bundle is all-apis or vpc-sc.
	Bundle Value[string]
}
