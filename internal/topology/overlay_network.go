package topology

import (
	"fmt"
	"slices"
	"strings"
)

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

// layNATs lays gateways. What a router says of one at run time holds above too, as long as its addresses stay, and what it gives out of their ports.
func layNATs(lower, upper []*NAT, gone map[ID]bool) []*NAT {
	below := index(lower)
	out := lay(lower, upper, gone, func(n *NAT) Value[ID] { return n.Router })
	for i, n := range out {
		l := below[n.ID]
		if l == nil || gone[n.ID] || n.Status != nil || l.Status == nil || n.ManualAddresses.Or(false) != l.ManualAddresses.Or(false) ||
			n.Addresses.Or(-1) != l.Addresses.Or(-1) || n.ports() != l.ports() || !slices.Equal(n.ranges(), l.ranges()) {
			continue
		}
		told := *n
		told.Status = l.Status
		out[i] = &told
	}
	return out
}

// ports are how many a VM gets at least, and whether more are given out as it needs them. Left out it is 64, or 32 where more are
// (Compute Engine API, routers, minPortsPerVm).
func (n *NAT) ports() [2]int {
	dynamic, least := n.Dynamic.Or(false), n.MinPorts.Or(-1)
	switch {
	case least == 0 && dynamic:
		least = 32
	case least == 0:
		least = 64
	}
	if dynamic {
		return [2]int{least, 1}
	}
	return [2]int{least, 0}
}

// ranges are what a gateway translates, in words that two sources write alike.
func (n *NAT) ranges() []string {
	out := []string{n.Mode.Or("?")}
	if out[0] != ListOfRanges {
		return out
	}
	for _, e := range n.Entries {
		options := slices.Sorted(slices.Values(e.Options.Or([]string{"?"})))
		for _, name := range e.Names {
			options = append(options, "/"+name.Or("?"))
		}
		slices.Sort(options)
		out = append(out, fmt.Sprint(e.Subnetwork.Or("?"), " ", strings.Join(options, " ")))
	}
	slices.Sort(out)
	return out
}

// layResponses lays rules of response policies. A rule may be told of by one configuration and its policy by another, or by Google Cloud: whoever tells
// of the policy's networks tells those of all its rules.
func layResponses(lower, upper []*ResponseRule, gone map[ID]bool) []*ResponseRule {
	out := lay(lower, upper, gone)
	bound := map[ID]*ResponseRule{}
	for _, r := range out {
		if r.NetworksTold {
			bound[r.policy()] = r
		}
	}
	for _, r := range lower {
		if r.NetworksTold && bound[r.policy()] == nil {
			bound[r.policy()] = r
		}
	}
	for i, r := range out {
		if other := bound[r.policy()]; !r.NetworksTold && other != nil && r.policy() != "" {
			told := *r
			told.Networks, told.NetworksTold = other.Networks, true
			out[i] = &told
		}
	}
	return out
}

// policy names the response policy of a rule, whose name is unique in it; empty where it is not known.
func (r *ResponseRule) policy() ID {
	if _, name := SplitID(r.ID); strings.Contains(name, "/") {
		return r.ID[:strings.LastIndexByte(string(r.ID), '/')]
	}
	return ""
}
