package egress

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// AddressKind says what a name resolves to.
type AddressKind uint8

// The kinds of addresses.
const (
	PublicDNS       AddressKind = iota // nothing overrides the name
	PrivateVIP                         // private.googleapis.com
	RestrictedVIP                      // restricted.googleapis.com
	EndpointAddress                    // a Private Service Connect endpoint
	OtherPrivate
	OtherPublic
)

// Steered tells whether an address keeps Google's domains off the internet.
func (k AddressKind) Steered() bool {
	return k == PrivateVIP || k == RestrictedVIP || k == EndpointAddress
}

// Resolution is how a private node resolves one host.
type Resolution struct {
	Verdict    topology.Verdict // Pass also when nothing overrides the name
	Overridden bool             // a private zone, response policy or peering zone answers
	Addresses  []netip.Addr
	Kind       AddressKind
	Endpoint   *topology.Endpoint
	Hop        Hop
}

type nameKey struct {
	network ref
	name    string
}

// Resolve answers as Cloud DNS does inside a VPC network: outbound server policy, response policy, then the attached private zone
// with the longest matching suffix, then public DNS.
func (e *Evaluator) Resolve(network topology.Value[topology.ID], host string) Resolution {
	k := nameKey{refer(network), dotted(host)}
	r, done := e.resolved[k]
	if done {
		return r
	}
	id, known := network.Get()
	if known {
		r = lookup{e: e, home: id, asked: network}.resolve(id, k.name, nil)
	} else {
		r = e.resolveAnywhere(network, k.name)
	}
	r.Hop.Name, r.Hop.Status = HopDNS, r.Verdict
	e.resolved[k] = r
	return r
}

// resolveAnywhere is the answer where the network is not known: public DNS, unless something known could override the name.
func (e *Evaluator) resolveAnywhere(network topology.Value[topology.ID], name string) Resolution {
	zone := func(z *topology.Zone) bool {
		n, known := z.DNSName.Get()
		return !known || suffixOf(dotted(n), name) > 0
	}
	response := func(r *topology.ResponseRule) bool {
		n, known := r.DNS.Get()
		return !known || ruleFor(dotted(n), name) > 0
	}
	if slices.ContainsFunc(e.t.Zones(), zone) || slices.ContainsFunc(e.t.Responses(), response) || len(e.t.NameServers()) > 0 {
		return undecided("the network is not known, and zones exist that could answer for the name: " + network.Why())
	}
	return Resolution{Verdict: topology.Pass, Hop: Hop{Detail: plain(name) + " resolves by public DNS",
		Evidence: []Evidence{assumed(network, "private zones", "none")}}}
}

func plain(name string) string { return strings.TrimSuffix(name, ".") }

func undecided(detail string, evidence ...Evidence) Resolution {
	return Resolution{Verdict: topology.Undecided, Hop: Hop{Detail: detail, Evidence: evidence}}
}

// lookup is one question from one network.
type lookup struct {
	e     *Evaluator
	home  topology.ID // where the nodes are: endpoints must be here
	asked topology.Value[topology.ID]
}

// deepest is how many aliases and peerings a name is followed through.
const deepest = 16

func (l lookup) resolve(network topology.ID, name string, trail []string) Resolution {
	step := string(network) + " " + name
	if slices.Contains(trail, step) || len(trail) == deepest {
		return Resolution{Verdict: topology.Fail, Overridden: true, Hop: Hop{Detail: plain(name) + " is resolved in a circle: no such host"}}
	}
	trail = append(slices.Clone(trail), step)
	d := l.e.names()
	servers, unsureServers := d.servers.attached(network, func(n *topology.NameServers) ([]topology.Value[topology.ID], bool) {
		return n.Networks, n.NetworksTold
	})
	if len(servers) > 0 {
		s := servers[0]
		r := undecided(fmt.Sprintf("%s is asked of your own servers (policy %q)", plain(name), s.Display()),
			Evidence{Object: s.Address, Attribute: "alternative_name_server_config", Value: "set", File: s.File, Line: s.Line})
		r.Overridden, r.Hop.Object = true, &s.Object
		return r
	}
	r, unsure := l.responses(network, name, trail)
	if len(unsureServers) > 0 {
		unsure = fmt.Sprintf("whether policy %q sends it to your own servers is not known", unsureServers[0].Display())
	}
	if unsure != "" && r.Verdict != topology.Undecided {
		r.Verdict = topology.Undecided
		r.Hop.Detail = unsure
	}
	return r
}

// responses asks the response policies, then the zones. The text says what else may answer.
func (l lookup) responses(network topology.ID, name string, trail []string) (Resolution, string) {
	list, unsureList := l.e.names().responses.attached(network, func(r *topology.ResponseRule) ([]topology.Value[topology.ID], bool) {
		return r.Networks, r.NetworksTold
	})
	length := func(r *topology.ResponseRule) int {
		if n, known := r.DNS.Get(); known {
			return ruleFor(dotted(n), name)
		}
		return 0
	}
	best, most := closest(list, length)
	unsure := ""
	for _, r := range list {
		if !r.DNS.Known() {
			unsure = fmt.Sprintf("the name that response policy rule %q answers for is not known: %s", r.Display(), r.DNS.Why())
		}
	}
	for _, r := range unsureList {
		if n := length(r); n > 0 && n >= most || !r.DNS.Known() {
			unsure = fmt.Sprintf("whether response policy rule %q answers for %s is not known", r.Display(), plain(name))
		}
	}
	// The target of a rule's alias is not rewritten by the same rule again: *.googleapis.com may point at private.googleapis.com.
	once := ""
	if len(best) > 0 {
		once = "rule " + best[0].Address + " " + best[0].DNS.Or("")
	}
	if len(best) > 0 && !slices.Contains(trail, once) && !slices.ContainsFunc(best, func(r *topology.ResponseRule) bool { return r.Bypass }) {
		a := answer{name: name, by: fmt.Sprintf("response policy rule %q", best[0].Display()), object: &best[0].Object}
		for _, r := range best {
			a.data = append(a.data, datum{r.Type, true, r.Data, &r.Object, "local_data", nil})
		}
		return l.follow(network, a, append(trail, once)), unsure
	}
	r, also := l.zone(network, name, trail)
	return r, first(unsure, also)
}

// zone asks the attached zone with the longest suffix.
func (l lookup) zone(network topology.ID, name string, trail []string) (Resolution, string) {
	list, unsureList := l.e.names().zones.attached(network, func(z *topology.Zone) ([]topology.Value[topology.ID], bool) {
		return z.Networks, z.NetworksTold
	})
	length := func(z *topology.Zone) int {
		if n, known := z.DNSName.Get(); known {
			return suffixOf(dotted(n), name)
		}
		return 0
	}
	best, most := closest(list, length)
	unsure := ""
	for _, z := range list {
		if !z.DNSName.Known() {
			unsure = fmt.Sprintf("the name that zone %q answers for is not known: %s", z.Display(), z.DNSName.Why())
		}
	}
	for _, z := range unsureList {
		if n := length(z); n > 0 && n >= most {
			unsure = fmt.Sprintf("whether zone %q answers for %s is not known: %s", z.Display(), plain(name), attached(z.Networks, z.NetworksTold, network).why)
		}
	}
	if len(best) == 0 {
		return l.public(network, name), unsure
	}
	z := best[0]
	switch {
	case z.Forwarding:
		r := undecided(fmt.Sprintf("%s is asked of your own servers (forwarding zone %q)", plain(name), z.Display()), zoneEvidence(z))
		r.Overridden, r.Hop.Object = true, &z.Object
		return r, unsure
	case z.PeerNetwork != nil:
		return l.peer(z, name, trail), unsure
	}
	return l.records(network, z, name, trail), unsure
}

func zoneEvidence(z *topology.Zone) Evidence {
	return read(&z.Object, "dns_name", z.DNSName, z.DNSName.Or("unknown"))
}

// peer asks in the network that a peering zone points to.
func (l lookup) peer(z *topology.Zone, name string, trail []string) Resolution {
	there, known := z.PeerNetwork.Get()
	if !known {
		r := undecided(fmt.Sprintf("zone %q asks for %s in a network that is not known: %s", z.Display(), plain(name), z.PeerNetwork.Why()), zoneEvidence(z))
		r.Overridden, r.Hop.Object = true, &z.Object
		return r
	}
	r := l.resolve(there, name, trail)
	r.Hop.Evidence = append([]Evidence{zoneEvidence(z)}, r.Hop.Evidence...)
	if r.Overridden {
		return r
	}
	r.Overridden, r.Hop.Object = true, &z.Object
	if seen, why := l.e.t.Seen(topology.DNS, *z.PeerNetwork); !seen && r.Verdict == topology.Pass {
		r.Verdict = topology.Undecided
		r.Hop.Detail = fmt.Sprintf("zone %q asks for %s in network %q: %s", z.Display(), plain(name), nameOf(there), why)
	}
	return r
}

// records looks the name up in a zone. A private zone that lacks a name hides the public one: the answer is "no such host".
func (l lookup) records(network topology.ID, z *topology.Zone, name string, trail []string) Resolution {
	n := l.e.names().open(z)
	found := n.find(name)
	if len(found) > 0 {
		a := answer{name: name, by: fmt.Sprintf("zone %q", z.Display()), object: &z.Object, evidence: []Evidence{zoneEvidence(z)}}
		for _, r := range found {
			kind, known := r.Type.Get()
			a.data = append(a.data, datum{kind, known, r.Data, &r.Object, "rrdatas", r.AddressIDs})
		}
		return l.follow(network, a, trail)
	}
	r := Resolution{Verdict: topology.Fail, Overridden: true, Hop: Hop{Object: &z.Object, Evidence: []Evidence{zoneEvidence(z)},
		Detail: fmt.Sprintf("zone %q answers for %s but has no record for it: no such host", z.Display(), plain(name))}}
	if len(n.unsure) > 0 {
		r.Verdict = topology.Undecided
		r.Hop.Detail = fmt.Sprintf("zone %q answers for %s, and the name of record set %q is not known", z.Display(), plain(name), n.unsure[0].Display())
		return r
	}
	// A zone that exists always has records; where none are known and nobody managed or listed them, they were not looked at.
	seen, why := l.e.t.Seen(topology.DNS, l.asked)
	if looked := seen && (z.Managed || n.count > 0) || z.Managed && n.count > 0; !looked {
		r.Verdict = topology.Undecided
		r.Hop.Detail = fmt.Sprintf("zone %q answers for %s, and its records are not known: %s", z.Display(), plain(name),
			first(why, "the zone is not managed here"))
	}
	return r
}
