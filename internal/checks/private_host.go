package checks

import (
	"net/netip"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// privateAddress is the address of a registry that is named by one, on the port that images are pulled from unless another is written.
func privateAddress(host string) (netip.Addr, bool) {
	name, port := host, ""
	if a, err := netip.ParseAddrPort(host); err == nil {
		return a.Addr(), a.Port() == 443
	}
	if i := strings.LastIndexByte(host, ':'); i > 0 && !strings.Contains(host, "]") {
		name, port = host[:i], host[i+1:]
	}
	a, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return a, err == nil && port == ""
}

// toAddress is the worst of some nodes' ways to a private address: within reach where it lies in a subnetwork of their own network, broken where a
// firewall rule denies it, and not known otherwise, for peers, tunnels and attachments lead where no source tells.
func (k *Case) toAddress(parts []part, a netip.Addr) reach {
	worst := reach{via: "unknown"}
	d := egress.Destination{Name: a.String(), Prefixes: []netip.Prefix{netip.PrefixFrom(a, a.BitLen())}}
	for _, p := range parts {
		worst.take(p.Group, egress.Along(k.localRoute(p.Source, a), k.Paths.Firewall(p.Source, d)), map[string]string{})
	}
	return worst
}

func (k *Case) localRoute(s egress.Source, a netip.Addr) egress.Hop {
	network, known := s.Network.Get()
	for _, sub := range k.Facts.Subnetworks() {
		its, told := sub.Network.Get()
		if !known || !told || its != network {
			continue
		}
		if primary, told := sub.Primary.Get(); told && primary.Contains(a) {
			return egress.Hop{Name: egress.HopRoute, Status: topology.Pass, Detail: a.String() + " lies in subnetwork " + sub.Display() + " of the same network", Object: &sub.Object}
		}
	}
	return egress.Hop{Name: egress.HopRoute, Status: topology.Undecided, Detail: a.String() + " lies in no subnetwork known here: whether a peer, tunnel or attachment leads to it is not told"}
}
