package topology

// layNetworks lays networks. What the API does not tell of a network, its configuration does.
func layNetworks(lower, upper []*Network, gone map[ID]bool) []*Network {
	below := index(lower)
	out := lay(lower, upper, gone)
	for i, n := range out {
		l := below[n.ID]
		if l == nil || gone[n.ID] || !n.Read || n.DefaultRoutesDeleted.Known() {
			continue
		}
		told := *n
		told.DefaultRoutesDeleted = l.DefaultRoutesDeleted
		out[i] = &told
	}
	return out
}

// layNATs lays gateways. What a router says of one at run time holds above too, as long as its addresses stay.
func layNATs(lower, upper []*NAT, gone map[ID]bool) []*NAT {
	below := index(lower)
	out := lay(lower, upper, gone, func(n *NAT) Value[ID] { return n.Router })
	for i, n := range out {
		l := below[n.ID]
		if l == nil || gone[n.ID] || n.Status != nil || l.Status == nil || n.ManualAddresses.Or(false) != l.ManualAddresses.Or(false) ||
			n.Addresses.Or(-1) != l.Addresses.Or(-1) {
			continue
		}
		told := *n
		told.Status = l.Status
		out[i] = &told
	}
	return out
}
