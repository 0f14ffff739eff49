package topology

// Zone is a private Cloud DNS zone.
type Zone struct {
	Object
	DNSName  Value[string] // with the final dot
	Networks []Value[ID]
	// NetworksTold is false when the list as a whole is unknown.
	NetworksTold bool
	// PeerNetwork is where a peering zone sends its questions; unset otherwise.
	PeerNetwork *Value[ID]
	// Forwarding is true when questions leave to servers we cannot ask.
	Forwarding bool
}

// RecordSet is the records of one name and type in a zone.
type RecordSet struct {
	Object
	Zone Value[ID]
	DNS  Value[string] // with the final dot
	Type Value[string]
	Data Value[[]string]
	// AddressIDs are the reserved addresses that unknown data refers to.
	AddressIDs []ID
}

// ResponseRule is a rule of a response policy; it answers before any zone.
type ResponseRule struct {
	Object
	Networks     []Value[ID]
	NetworksTold bool
	DNS          Value[string]
	// Bypass lets the name through to normal resolution.
	Bypass bool
	// Data is the local A or CNAME data.
	Type string
	Data Value[[]string]
}

// NameServers is a DNS policy that sends every question of its networks to other servers.
type NameServers struct {
	Object
	Networks     []Value[ID]
	NetworksTold bool
}
