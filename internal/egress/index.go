package egress

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// shelf sorts facts by the networks they belong to. Facts of which a network is not known could belong to any.
type shelf[T any] struct {
	of       map[topology.ID][]T
	anywhere []T
}

func shelve[T any](list []T, networks func(T) ([]topology.Value[topology.ID], bool)) *shelf[T] {
	s := &shelf[T]{of: map[topology.ID][]T{}}
	for _, v := range list {
		ids, told := networks(v)
		open := !told
		for _, n := range ids {
			if id, known := n.Get(); known {
				s.of[id] = append(s.of[id], v)
			} else {
				open = true
			}
		}
		if open {
			s.anywhere = append(s.anywhere, v)
		}
	}
	return s
}

// one is the list of networks of a fact that belongs to exactly one.
func one(n topology.Value[topology.ID]) ([]topology.Value[topology.ID], bool) {
	return []topology.Value[topology.ID]{n}, true
}

// ref is the comparable part of a reference: what it is, or why that is not known.
type ref struct {
	id  topology.ID
	why string
}

func refer(v topology.Value[topology.ID]) ref {
	if id, known := v.Get(); known {
		return ref{id: id}
	}
	return ref{why: v.Why()}
}

// hopKey is everything about a source and a destination that can change a hop.
type hopKey struct {
	network, subnetwork   ref
	region, tags, account string
	cluster               topology.ID
	destination           string
}

func (e *Evaluator) key(s Source, d Destination) hopKey {
	k := hopKey{network: refer(s.Network), subnetwork: refer(s.Subnetwork), region: s.Region,
		tags: joined(s.Tags), account: "?" + s.ServiceAccount.Why(), destination: d.key()}
	if a, known := s.ServiceAccount.Get(); known {
		k.account = "=" + a
	}
	if s.Cluster != nil {
		k.cluster = s.Cluster.ID
	}
	return k
}

func (d Destination) key() string {
	var b strings.Builder
	b.WriteString(d.Name)
	if d.Google {
		b.WriteString("|google")
	}
	for _, p := range d.Prefixes {
		b.WriteByte('|')
		b.WriteString(p.String())
	}
	return b.String()
}

func joined(tags topology.Value[[]string]) string {
	if list, known := tags.Get(); known {
		return "=" + strings.Join(list, ",")
	}
	return "?" + tags.Why()
}

// networkOf is the source's network, or its subnetwork's where the source's own is not known.
func (e *Evaluator) networkOf(network, subnetwork topology.Value[topology.ID]) topology.Value[topology.ID] {
	if network.Known() {
		return network
	}
	if id, known := subnetwork.Get(); known {
		if sub := e.t.Subnetwork(id); sub != nil && sub.Network.Known() {
			return sub.Network
		}
	}
	return network
}

// primary is the subnetwork's primary range: where the packets of nodes come from.
func (e *Evaluator) primary(subnetwork topology.Value[topology.ID]) topology.Value[netip.Prefix] {
	id, known := subnetwork.Get()
	if !known {
		return topology.Unknown[netip.Prefix](subnetwork.Why(), subnetwork.Origin)
	}
	if sub := e.t.Subnetwork(id); sub != nil {
		return sub.Primary
	}
	return topology.Unknown[netip.Prefix](topology.NotTold, subnetwork.Origin)
}

// refused is why a collection of the network could not be read although a source tried; empty where none tried.
func (e *Evaluator) refused(c topology.Collection, network topology.Value[topology.ID]) string {
	if !network.Known() {
		return ""
	}
	return e.t.Refused(c, network)
}

// nameOf is how people know the object behind an ID.
func nameOf(id topology.ID) string {
	if _, name := topology.SplitID(id); name != "" {
		return name
	}
	return string(id)
}

// subnetworkText names a subnetwork with its primary range where that is known.
func (e *Evaluator) subnetworkText(subnetwork topology.Value[topology.ID]) string {
	id, known := subnetwork.Get()
	if !known {
		return "the subnetwork"
	}
	sub := e.t.Subnetwork(id)
	if sub == nil {
		return "subnetwork " + nameOf(id)
	}
	if p, known := sub.Primary.Get(); known {
		return fmt.Sprintf("subnetwork %s (%s)", sub.Display(), p)
	}
	return "subnetwork " + sub.Display()
}

// read is evidence for a value; a value without an origin is pinned to the object that carries it.
func read[T any](o *topology.Object, attribute string, v topology.Value[T], text string) Evidence {
	from := v.Origin
	if from.Object == "" {
		from = o.From(attribute)
	}
	if from.Attribute == "" {
		from.Attribute = attribute
	}
	return From(from, text, v.Assumed)
}

// assumed is evidence for Google's default where no source speaks of the thing.
func assumed(network topology.Value[topology.ID], attribute, text string) Evidence {
	id, _ := network.Get()
	return Evidence{Object: linkText(id), Attribute: attribute, Value: text, Assumed: true}
}

// linkText writes a network's ID as the path people know.
func linkText(id topology.ID) string {
	if project, name := topology.SplitID(id); name != "" {
		return "projects/" + project + "/global/networks/" + name
	}
	return string(id)
}
