package egress

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// answer is what a zone or response policy says for a name.
type answer struct {
	name     string
	by       string
	object   *topology.Object
	data     []datum
	evidence []Evidence
}

// datum is one record set.
type datum struct {
	kind      string
	kindKnown bool
	data      topology.Value[[]string]
	object    *topology.Object
	attribute string
	// reserved are the addresses that data known only after apply refers to.
	reserved []topology.ID
}

// follow turns records into addresses, through aliases.
func (l lookup) follow(network topology.ID, a answer, trail []string) Resolution {
	r := Resolution{Overridden: true, Hop: Hop{Object: a.object, Evidence: a.evidence}}
	var addresses []netip.Addr
	for _, d := range a.data {
		list, known := d.data.Get()
		value := "unknown"
		if known {
			value = first(strings.Join(list, ", "), "none")
		}
		switch {
		case d.kindKnown && d.kind != "A" && d.kind != "CNAME":
			continue // nodes of a private cluster reach Google's registries over IPv4
		case !d.kindKnown || !known:
			r.Hop.Evidence = append(r.Hop.Evidence, read(d.object, d.attribute, d.data, value))
			return l.unreadable(network, a, r, d)
		case d.kind == "CNAME" && len(list) > 0:
			r.Hop.Evidence = append(r.Hop.Evidence, read(d.object, d.attribute, d.data, value))
			return l.alias(network, a, r, dotted(list[0]), trail)
		}
		r.Hop.Evidence = append(r.Hop.Evidence, read(d.object, d.attribute, d.data, value))
		for _, text := range list {
			addr, err := netip.ParseAddr(text)
			if err != nil {
				r.Verdict = topology.Undecided
				r.Hop.Detail = fmt.Sprintf("%s answers for %s with %q, which is not an address", a.by, plain(a.name), text)
				return r
			}
			addresses = append(addresses, addr.Unmap())
		}
	}
	if len(addresses) == 0 {
		r.Verdict = topology.Fail
		r.Hop.Detail = fmt.Sprintf("%s answers for %s but has no A record for it: no such host", a.by, plain(a.name))
		return r
	}
	return l.classify(a, r, addresses)
}

// unreadable is a record whose data is not known. Beside an endpoint whose address is not known either, it is taken to be the endpoint's.
func (l lookup) unreadable(network topology.ID, a answer, r Resolution, d datum) Resolution {
	r.Verdict = topology.Undecided
	r.Hop.Detail = fmt.Sprintf("%s answers for %s with data that is not known: %s", a.by, plain(a.name), d.data.Why())
	certain, _ := l.e.endpointsOf(network)
	for _, p := range certain {
		// The record and the endpoint use the same reserved address, whatever it will be.
		if p.AddressID != "" && slices.Contains(d.reserved, p.AddressID) {
			r.Verdict, r.Kind, r.Endpoint = topology.Pass, EndpointAddress, p
			r.Hop.Detail = fmt.Sprintf("%s answers for %s with the address of endpoint %q", a.by, plain(a.name), p.Display())
			return r
		}
	}
	if slices.ContainsFunc(certain, func(p *topology.Endpoint) bool { return !p.Address.Known() }) {
		r.Kind = EndpointAddress
	}
	return r
}

func (l lookup) alias(network topology.ID, a answer, r Resolution, target string, trail []string) Resolution {
	next := l.resolve(network, target, trail)
	next.Overridden = true
	next.Hop.Evidence = append(r.Hop.Evidence, next.Hop.Evidence...)
	next.Hop.Object = a.object
	if target != a.name {
		next.Hop.Detail = fmt.Sprintf("%s answers for %s with %s: %s", a.by, plain(a.name), plain(target), next.Hop.Detail)
	}
	return next
}

// public answers for a name that nothing overrides.
func (l lookup) public(network topology.ID, name string) Resolution {
	r := Resolution{Verdict: topology.Pass, Hop: Hop{Detail: plain(name) + " resolves by public DNS"}}
	none := assumed(l.asked, "private zones", "none for "+plain(name))
	none.Assumed = !l.allZonesSeen()
	r.Hop.Evidence = []Evidence{none}
	// The public records of these two names are the virtual addresses themselves (Private Google Access documentation).
	switch name {
	case "private.googleapis.com.":
		r.Addresses, r.Kind = addressesOf(privateVIP), PrivateVIP
	case "restricted.googleapis.com.":
		r.Addresses, r.Kind = addressesOf(restrictedVIP), RestrictedVIP
	}
	// An endpoint brings a zone for p.googleapis.com with it, with names SERVICE-ENDPOINT.p.googleapis.com.
	if service, its := strings.CutSuffix(name, ".p.googleapis.com."); its {
		certain, _ := l.e.endpointsOf(network)
		for _, p := range certain {
			if addr, known := p.Address.Get(); known && p.Name != "" && strings.HasSuffix(service, "-"+p.Name) {
				return l.classify(answer{name: name, by: fmt.Sprintf("endpoint %q", p.Display()), object: &p.Object}, Resolution{Overridden: true}, []netip.Addr{addr})
			}
		}
	}
	if why := l.e.refused(topology.DNS, l.asked); why != "" {
		r.Verdict, r.Hop.Detail = topology.Undecided, "whether a private zone answers for "+plain(name)+" could not be read: "+why
	}
	return r
}

// allZonesSeen tells whether every zone that may be bound to the network was looked for. A project may bind its own zones to a network of another
// (Cloud DNS documentation, "Cross-project binding"): under Shared VPC those of the clusters' projects count too.
func (l lookup) allZonesSeen() bool {
	if seen, _ := l.e.t.Seen(topology.DNS, l.asked); !seen {
		return false
	}
	id, _ := l.asked.Get()
	if n := l.e.t.Network(id); n != nil && n.Managed {
		return true
	}
	home, _ := topology.SplitID(id)
	return !slices.ContainsFunc(l.e.t.Clusters(), func(c *topology.Cluster) bool {
		return c.Network.Or("") == id && c.Project != home && !l.e.t.Listed(topology.DNS, c.Project)
	})
}

func addressesOf(p netip.Prefix) []netip.Addr {
	var list []netip.Addr
	for a := p.Addr(); p.Contains(a); a = a.Next() {
		list = append(list, a)
	}
	return list
}

func (e *Evaluator) endpointsOf(network topology.ID) (certain, unsure []*topology.Endpoint) {
	if e.endpoints == nil {
		e.endpoints = shelve(e.t.Endpoints(), func(p *topology.Endpoint) ([]topology.Value[topology.ID], bool) { return one(p.Network) })
	}
	return e.endpoints.of[network], e.endpoints.anywhere
}

// classify says what addresses are and whether nodes can reach them.
func (l lookup) classify(a answer, r Resolution, addresses []netip.Addr) Resolution {
	r.Addresses, r.Verdict = addresses, topology.Skip
	for _, addr := range addresses {
		v, kind, endpoint, text := l.kind(addr)
		if v > r.Verdict {
			r.Verdict, r.Kind, r.Endpoint = v, kind, endpoint
			r.Hop.Detail = fmt.Sprintf("%s answers for %s with %s: %s", a.by, plain(a.name), listed(addresses), text)
		}
	}
	if r.Endpoint != nil {
		r.Hop.Evidence = append(r.Hop.Evidence, read(&r.Endpoint.Object, "ip_address", r.Endpoint.Address, r.Endpoint.Address.Or(netip.Addr{}).String()))
	}
	if r.Hop.Object == nil {
		r.Hop.Object = a.object
	}
	return r
}

func listed(addresses []netip.Addr) string {
	if len(addresses) == 1 {
		return addresses[0].String()
	}
	return fmt.Sprintf("%s and %d more", addresses[0], len(addresses)-1)
}

func (l lookup) kind(addr netip.Addr) (topology.Verdict, AddressKind, *topology.Endpoint, string) {
	switch {
	case privateVIP.Contains(addr):
		return topology.Pass, PrivateVIP, nil, "private.googleapis.com"
	case restrictedVIP.Contains(addr):
		return topology.Pass, RestrictedVIP, nil, "restricted.googleapis.com"
	}
	here, anywhere := l.e.endpointsOf(l.home)
	holds := func(p *topology.Endpoint) bool {
		its, known := p.Address.Get()
		return known && its == addr
	}
	if i := slices.IndexFunc(here, holds); i >= 0 {
		return topology.Pass, EndpointAddress, here[i], fmt.Sprintf("endpoint %q", here[i].Display())
	}
	if slices.ContainsFunc(anywhere, holds) {
		return topology.Undecided, EndpointAddress, nil, "an endpoint whose network is not known"
	}
	if !private(addr) {
		return topology.Pass, OtherPublic, nil, "a public address"
	}
	if slices.ContainsFunc(slices.Concat(here, anywhere), func(p *topology.Endpoint) bool { return !p.Address.Known() }) {
		return topology.Undecided, OtherPrivate, nil, "a private address, and the address of an endpoint is not known"
	}
	// Private Service Connect endpoints for Google APIs "can't be accessed from peered networks" (VPC documentation).
	// The same private address may also be that of an endpoint of our own that nobody told of.
	seen, _ := l.e.t.Seen(topology.Endpoints, l.asked)
	if p := l.e.endpointAt(addr); p != nil && seen {
		network, _ := p.Network.Get()
		return topology.Fail, OtherPrivate, p, fmt.Sprintf("endpoint %q is in network %q, not reachable over VPC peering", p.Display(), nameOf(network))
	}
	return topology.Undecided, OtherPrivate, nil, "a private address that no endpoint known here holds"
}

func private(addr netip.Addr) bool {
	return addr.Is4() && !public(netip.PrefixFrom(addr, 32)) && !directVIP.Contains(addr)
}

// endpointAt finds an endpoint by its address, in whatever network.
func (e *Evaluator) endpointAt(addr netip.Addr) *topology.Endpoint {
	for _, p := range e.t.Endpoints() {
		if its, known := p.Address.Get(); known && its == addr && p.Network.Known() {
			return p
		}
	}
	return nil
}
