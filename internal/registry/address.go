package registry

import (
	"fmt"
	"net/netip"
	"slices"
)

// refusal is a request that is not made. Its text is what an answer's Why says.
type refusal string

func (r refusal) Error() string { return "refused: " + string(r) }

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// metadata are addresses at which clouds answer their machines with credentials: Google, AWS, Azure, Alibaba and Oracle. 169.254.169.254 is
// link-local, and refused as that.
var metadata = prefixes("fd20:ce::254/128", "fd00:ec2::254/128", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32")

// private are ranges that lead into somebody's network (RFC 1918, RFC 4193, RFC 6598), and those that VPC networks may use like them
// though others know them as special ("Valid IPv4 ranges", VPC documentation), with their like in IPv6.
var private = prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24",
	"203.0.113.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4", "fc00::/7", "fec0::/10", "2001:db8::/32", "3fff::/20", "64:ff9b:1::/48")

// reserved are no addresses of a server anywhere; 0.0.0.0 is the machine itself on Linux.
var reserved = prefixes("0.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32", "::/128", "ff00::/8", "2001::/32")

// linkLocal holds the metadata server of every cloud's first generation.
var linkLocal = prefixes("169.254.0.0/16", "fe80::/10")

// public are all IPv6 addresses that are routed (IANA, global unicast).
var public = netip.MustParsePrefix("2000::/3")

// permit refuses an address that no registry of the public internet has. allowPrivate permits private and loopback ones, never link-local
// addresses or metadata servers.
func permit(a netip.Addr, allowPrivate bool) error {
	kind, always := kindOf(embedded(a.WithZone("")))
	if kind == "" || allowPrivate && !always {
		return nil
	}
	return refusal(fmt.Sprintf("%s address %s", kind, a))
}

// kindOf names what is not public about an address, and whether nothing may allow it.
func kindOf(a netip.Addr) (kind string, always bool) {
	in := func(list []netip.Prefix) bool {
		return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	switch {
	case !a.IsValid():
		return "reserved", true
	case in(metadata):
		return "metadata", true
	case in(linkLocal):
		return "link-local", true
	case in(reserved):
		return "reserved", true
	case a.IsLoopback():
		return "loopback", false
	case in(private):
		return "private", false
	case a.Is6() && !public.Contains(a):
		return "reserved", true
	}
	return "", false
}

var (
	translated = netip.MustParsePrefix("64:ff9b::/96") // NAT64 (RFC 6052)
	compatible = netip.MustParsePrefix("::/96")        // IPv4-compatible (RFC 4291)
	sixToFour  = netip.MustParsePrefix("2002::/16")    // 6to4 (RFC 3056)
)

// embedded is the IPv4 address that an IPv6 address carries and leads to; the address itself where it carries none.
func embedded(a netip.Addr) netip.Addr {
	if !a.IsValid() || a.Is4() {
		return a
	}
	b := a.As16()
	switch {
	case a.Is4In6():
		return a.Unmap()
	case translated.Contains(a), compatible.Contains(a) && !a.IsLoopback() && !a.IsUnspecified():
		return netip.AddrFrom4([4]byte(b[12:16]))
	case sixToFour.Contains(a):
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return a
}
