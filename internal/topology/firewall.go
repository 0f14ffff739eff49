package topology

import "net/netip"

// Layer is where a firewall rule stands in the enforcement order.
type Layer uint8

// The layers: hierarchical policies come first, outermost ancestor before innermost.
const (
	LayerHierarchical Layer = iota
	LayerVPC
	LayerGlobalPolicy
	LayerRegionalPolicy
)

// Action is what a matching rule does.
type Action uint8

// Actions; a security profile group inspects and is undecided.
const (
	Allow Action = iota
	Deny
	GotoNext
	Inspect
)

// FirewallRule is one enabled egress rule.
type FirewallRule struct {
	Object
	Layer Layer
	// Network is the network it applies to; for a hierarchical rule it is unknown which networks are below it.
	Network Value[ID]
	// Policy identifies the policy a rule belongs to. Depth orders policies of one layer: hierarchical ones from the organisation down, those of a
	// network by the priority of their association with it, which is 1000 where it is not told (Compute Engine API, firewall policy associations).
	Policy   ID
	Depth    int
	Region   string // for a regional policy
	Priority Value[int]
	Action   Value[Action]
	Disabled Value[bool]
	// Destinations is empty for every destination. Beyond names what cannot be compared with an address: FQDNs,
	// address groups, geolocations, threat intelligence.
	Destinations Value[[]netip.Prefix]
	Beyond       []string
	Sources      Value[[]netip.Prefix]
	// TargetTags and TargetAccounts limit the rule to some nodes; SecureTags do too, but who wears one is not told here.
	TargetTags     Value[[]string]
	TargetAccounts Value[[]string]
	SecureTags     bool
	Protocols      Value[[]Protocol]
}

// Protocol is a protocol by name or number and its destination ports; no ports means all of them.
type Protocol struct {
	Name  string // tcp, 6, all
	Ports []PortRange
}

// PortRange is inclusive at both ends.
type PortRange struct{ First, Last int }
