package checks

import (
	"net/netip"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// nat adds a gateway on the network's router; without changes it translates everything, with automatic addresses.
func nat(name string, changes ...func(*topology.NAT)) change {
	return func(f *topology.Facts) {
		o := object("router_nat", project, region, name)
		n := &topology.NAT{Object: o, Router: known(f.Routers[0].ID), Type: known("PUBLIC"), EndpointTypes: known([]string{}), Mode: known(topology.AllRanges),
			EntriesTold: true, ManualAddresses: known(false), Addresses: known(0), MinPorts: known(0), MaxPorts: known(0), Dynamic: known(false), Mode64: known("")}
		for _, ch := range changes {
			ch(n)
		}
		f.NATs = append(f.NATs, n)
	}
}

func primaries(n *topology.NAT) { n.Mode = known(topology.AllPrimaryRanges) }

func minPorts(ports int) func(*topology.NAT) {
	return func(n *topology.NAT) { n.MinPorts = known(ports) }
}

func dynamic(n *topology.NAT) { n.Dynamic = known(true) }

func manual(addresses int) func(*topology.NAT) {
	return func(n *topology.NAT) { n.ManualAddresses, n.Addresses = known(true), known(addresses) }
}

// lists makes a gateway one for listed subnetworks only.
func lists(entries ...topology.NATEntry) func(*topology.NAT) {
	return func(n *topology.NAT) { n.Mode, n.Entries = known(topology.ListOfRanges), slices.Clone(entries) }
}

func entry(subnetwork string, options ...string) topology.NATEntry {
	return topology.NATEntry{Subnetwork: known(subnetworkID(subnetwork)), Options: known(options), NamesTold: true}
}

// named lists the primary range and secondary ranges by name.
func named(subnetwork string, names ...string) topology.NATEntry {
	e := entry(subnetwork, topology.EntryPrimary, topology.EntrySecondary)
	for _, n := range names {
		e.Names = append(e.Names, known(n))
	}
	return e
}

func route(name, destination string, hop topology.NextHopKind, changes ...func(*topology.Route)) change {
	return func(f *topology.Facts) {
		r := &topology.Route{Object: object("route", project, "global", name), Network: known(networkID("vpc")), Destination: known(netip.MustParsePrefix(destination)),
			Priority: known(1000), Tags: known([]string{}), NextHop: known(hop)}
		if hop == topology.HopCustom {
			r.Through = "instance proxy"
		}
		for _, ch := range changes {
			ch(r)
		}
		f.Routes = append(f.Routes, r)
	}
}

func routeTags(tags ...string) func(*topology.Route) {
	return func(r *topology.Route) { r.Tags = known(tags) }
}

func noDefaultRoute(f *topology.Facts) { f.Networks[0].DefaultRoutesDeleted = known(true) }

// proxied sends everything to an appliance.
var proxied = route("to-proxy", "0.0.0.0/0", topology.HopCustom, func(r *topology.Route) { r.Priority = known(100) })

func rule(name string, action topology.Action, priority int, destination string, changes ...func(*topology.FirewallRule)) change {
	return func(f *topology.Facts) {
		r := &topology.FirewallRule{Object: object("firewall", project, "global", name), Layer: topology.LayerVPC, Network: known(networkID("vpc")),
			Priority: known(priority), Action: known(action), Disabled: known(false), Destinations: known([]netip.Prefix{netip.MustParsePrefix(destination)}),
			Sources: known([]netip.Prefix{}), TargetTags: known([]string{}), TargetAccounts: known([]string{}), Protocols: known([]topology.Protocol{})}
		for _, ch := range changes {
			ch(r)
		}
		f.Firewalls = append(f.Firewalls, r)
	}
}

var denyAll = rule("deny-all", topology.Deny, 1000, "0.0.0.0/0")

func ruleTags(tags ...string) func(*topology.FirewallRule) {
	return func(r *topology.FirewallRule) { r.TargetTags = known(tags) }
}

// masquerade is an ip-masq-agent that keeps the pods' address towards some destinations.
func masquerade(keeps ...string) change {
	return func(f *topology.Facts) {
		f.Masquerades = append(f.Masquerades, &topology.Masquerade{Object: topology.Object{ID: "masq", Kind: "kubernetes_config_map", Address: "kubernetes_config_map.masq"},
			Cluster: known(f.Clusters[0].ID), KeepsFor: known(keeps)})
	}
}
