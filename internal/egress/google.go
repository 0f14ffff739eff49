package egress

import (
	"net/netip"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Google draws the path to one of Google's registry hosts.
func (e *Evaluator) Google(s Source, host string) Path {
	r := e.Resolve(e.networkOf(s.Network, s.Subnetwork), host)
	access, _ := e.Access(s)
	if r.Overridden && len(r.Addresses) == 0 && r.Verdict != topology.Pass {
		// Where the name leads nowhere known, there is no destination to ask a route for.
		nowhere := "the address of " + host + " is not known"
		if r.Verdict == topology.Fail {
			nowhere = host + " has no address"
		}
		return Along(r.Hop, Hop{Name: HopRoute, Status: topology.Skip, Detail: nowhere},
			Hop{Name: HopFirewall, Status: topology.Skip, Detail: nowhere}, access)
	}
	d := Destination{Name: host, Google: true}
	if r.Overridden && len(r.Addresses) > 0 {
		d = towards(r, host)
	}
	route := e.toGoogle(s, r, d)
	return Along(r.Hop, route, e.Firewall(s, d), access)
}

// towards is the destination that an overridden name stands for.
func towards(r Resolution, host string) Destination {
	d := Destination{Name: host}
	switch r.Kind {
	case PrivateVIP:
		d.Name = privateVIP.String()
	case RestrictedVIP:
		d.Name = restrictedVIP.String()
	case EndpointAddress, OtherPrivate:
		d.Name = r.Addresses[0].String()
	}
	for _, a := range r.Addresses {
		d.Prefixes = append(d.Prefixes, netip.PrefixFrom(a, a.BitLen()))
	}
	return d
}

func (e *Evaluator) toGoogle(s Source, r Resolution, d Destination) Hop {
	switch r.Kind {
	case EndpointAddress:
		// An endpoint's address is internal to its network and wins over every custom route shorter than /32 (VPC documentation).
		h := Hop{Name: HopRoute, Status: topology.Pass, Detail: d.Name + " is an internal address of the network"}
		if r.Endpoint != nil {
			h.Object = &r.Endpoint.Object
		}
		return h
	case OtherPrivate:
		return Hop{Name: HopRoute, Status: topology.Undecided, Detail: "how " + d.Name + " is reached is not known here: a private address"}
	}
	return e.Route(s, d)
}
