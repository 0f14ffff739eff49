package egress

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Destination is where packets go.
type Destination struct {
	Name string // "the internet", "us-central1-docker.pkg.dev", "199.36.153.8/30"
	// Prefixes is empty for the public internet as a whole.
	Prefixes []netip.Prefix
	// Google is set for Google's default domains: reached over the default route, or any route to public ranges
	// whose next hop is the default internet gateway.
	Google bool
}

// TheInternet is every public address.
var TheInternet = Destination{Name: "the internet"}

// match is whether a route or rule applies to a packet: Pass, Fail, or Undecided with why.
type match struct {
	verdict topology.Verdict
	why     string
}

var (
	yes = match{verdict: topology.Pass}
	no  = match{verdict: topology.Fail}
)

func maybe(format string, args ...any) match {
	return match{topology.Undecided, fmt.Sprintf(format, args...)}
}

// and is the conjunction of conditions, with the reason of the first that is not decided.
func and(conditions ...match) match {
	all := yes
	for _, c := range conditions {
		if c.verdict == topology.Fail {
			return no
		}
		if all.verdict == topology.Pass {
			all = c
		}
	}
	return all
}

var everywhere = netip.PrefixFrom(netip.IPv4Unspecified(), 0)

// The ranges of private.googleapis.com and restricted.googleapis.com, and the one for direct connectivity beside them
// (Private Google Access documentation). They are not announced to the internet.
var (
	privateVIP    = netip.MustParsePrefix("199.36.153.8/30")
	restrictedVIP = netip.MustParsePrefix("199.36.153.4/30")
	directVIP     = netip.MustParsePrefix("34.126.0.0/18")
)

// special ranges hold no registry of the public internet: RFC 6890 and Google's own.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("224.0.0.0/3"), privateVIP, restrictedVIP, directVIP,
}

// public tells whether a prefix holds public IPv4 addresses.
func public(p netip.Prefix) bool {
	return p.Addr().Is4() && !slices.ContainsFunc(special, func(s netip.Prefix) bool { return contains(s, p) })
}

func contains(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// covers tells whether the union of prefixes holds all of p.
func covers(list []netip.Prefix, p netip.Prefix) bool {
	var inside []netip.Prefix
	for _, q := range list {
		if contains(q, p) {
			return true
		}
		if q.Overlaps(p) {
			inside = append(inside, q)
		}
	}
	if len(inside) == 0 || !p.Addr().Is4() {
		return false
	}
	low, high := halves(p)
	return covers(inside, low) && covers(inside, high)
}

// halves splits an IPv4 prefix that is shorter than /32.
func halves(p netip.Prefix) (low, high netip.Prefix) {
	p = p.Masked()
	bits := p.Bits() + 1
	a := p.Addr().As4()
	a[(bits-1)/8] |= 1 << (7 - (bits-1)%8)
	return netip.PrefixFrom(p.Addr(), bits), netip.PrefixFrom(netip.AddrFrom4(a), bits)
}

// inNetwork asks whether something belongs to the network packets start in.
func inNetwork(its, mine topology.Value[topology.ID]) match {
	a, known := its.Get()
	b, asked := mine.Get()
	switch {
	case !known:
		return maybe("its network is not known: %s", its.Why())
	case !asked:
		return maybe("the network of the nodes is not known: %s", mine.Why())
	case a == b:
		return yes
	}
	return no
}

// tagged asks whether nodes wear one of the tags; no tags means all nodes.
func tagged(tags topology.Value[[]string], s Source, gkeTags bool) match {
	want, known := tags.Get()
	if !known {
		return maybe("its tags are not known: %s", tags.Why())
	}
	if len(want) == 0 {
		return yes
	}
	wear, told := s.Tags.Get()
	for _, t := range want {
		if told && slices.Contains(wear, t) {
			return yes
		}
	}
	if !told {
		return maybe("it applies to tags %s only, and the tags of the nodes are not known: %s", strings.Join(want, ", "), s.Tags.Why())
	}
	if gkeTags {
		for _, t := range want {
			// GKE gives the nodes of a cluster a tag gke-CLUSTER-HASH-node, known only when the cluster exists.
			anyCluster := s.Cluster == nil || s.Cluster.Name == ""
			if anyCluster && strings.HasPrefix(t, "gke-") || !anyCluster && strings.HasPrefix(t, "gke-"+s.Cluster.Name+"-") {
				return maybe("tag %q may be the one that GKE gives the nodes", t)
			}
		}
	}
	return no
}

// within asks whether all packets of the primary range start in one of the ranges.
func within(ranges []netip.Prefix, primary topology.Value[netip.Prefix]) match {
	if covers(ranges, everywhere) {
		return yes
	}
	p, known := primary.Get()
	switch {
	case !known:
		return maybe("it applies to source ranges, and the range of the nodes is not known: %s", primary.Why())
	case covers(ranges, p):
		return yes
	case slices.ContainsFunc(ranges, p.Overlaps):
		return maybe("it applies to a part of the nodes' range %s only", p)
	}
	return no
}
