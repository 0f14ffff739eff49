package googlecloud

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// text is an optional string; what the API leaves out, or sends empty, is Google's default.
func text(s, otherwise string, from topology.Origin) topology.Value[string] {
	if s == "" {
		return topology.Default(otherwise, from)
	}
	return topology.Known(s, from)
}

// flag is an optional boolean; Google's default for all that is read here is false.
func flag(b *bool, from topology.Origin) topology.Value[bool] {
	if b == nil {
		return topology.Default(false, from)
	}
	return topology.Known(*b, from)
}

// number is an optional number.
func number[T int32 | uint32](n *T, otherwise int, from topology.Origin) topology.Value[int] {
	if n == nil {
		return topology.Default(otherwise, from)
	}
	return topology.Known(int(*n), from)
}

// texts is a list; a list left out is empty.
func texts(list []string, from topology.Origin) topology.Value[[]string] {
	if len(list) == 0 {
		return topology.Default([]string{}, from)
	}
	return topology.Known(list, from)
}

// prefix is a CIDR range; an address alone is the range of that address.
func prefix(s string, from topology.Origin) topology.Value[netip.Prefix] {
	if s == "" {
		return topology.Unknown[netip.Prefix](topology.NotTold, from)
	}
	if p, ok := parsePrefix(s); ok {
		return topology.Known(p, from)
	}
	return topology.Unknown[netip.Prefix](strconv.Quote(s)+" is no CIDR range", from)
}

// prefixOrAll is a CIDR range that means every IPv4 address where it is left out.
func prefixOrAll(s string, from topology.Origin) topology.Value[netip.Prefix] {
	if s == "" {
		return topology.Default(netip.PrefixFrom(netip.IPv4Unspecified(), 0), from)
	}
	return prefix(s, from)
}

func prefixes(list []string, from topology.Origin) topology.Value[[]netip.Prefix] {
	out := []netip.Prefix{}
	for _, s := range list {
		p, ok := parsePrefix(s)
		if !ok {
			return topology.Unknown[[]netip.Prefix](strconv.Quote(s)+" is no CIDR range", from)
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return topology.Default(out, from)
	}
	return topology.Known(out, from)
}

func parsePrefix(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), true
	}
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	return netip.Prefix{}, false
}

// ports reads "443" and "8000-9000".
func ports(list []string) ([]topology.PortRange, bool) {
	var out []topology.PortRange
	for _, s := range list {
		low, high, isRange := strings.Cut(s, "-")
		first, err := strconv.Atoi(strings.TrimSpace(low))
		if err != nil {
			return nil, false
		}
		last := first
		if isRange {
			if last, err = strconv.Atoi(strings.TrimSpace(high)); err != nil {
				return nil, false
			}
		}
		out = append(out, topology.PortRange{First: first, Last: last})
	}
	return out, true
}
