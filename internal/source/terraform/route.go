package terraform

import (
	"net/netip"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

func (w *world) readRoute(in *instance, f *topology.Facts) {
	r := &topology.Route{Object: w.object(in), Network: w.networkOf(in)}
	r.Destination = prefixOf(attribute(in.value, "dest_range"), in.from("dest_range"))
	r.Priority = intOf(w.settled(in, "priority"), in.from("priority"), 1000)
	r.Tags = stringsOf(w.settled(in, "tags"), in.from("tags"))
	r.NextHop, r.Through = w.nextHop(in)
	f.Routes = append(f.Routes, r)
}

// customHops are the next hops that lead elsewhere than the internet gateway, in words for people.
var customHops = []struct{ attr, word string }{{"next_hop_instance", "instance"}, {"next_hop_ip", "address"},
	{"next_hop_vpn_tunnel", "VPN tunnel"}, {"next_hop_ilb", "load balancer"}}

// nextHop reads where a route leads. On a first plan the attributes of an instance or tunnel are often unknown and read as null:
// then the references in the configuration tell.
func (w *world) nextHop(in *instance) (topology.Value[topology.NextHopKind], string) {
	gateway := attribute(in.value, "next_hop_gateway")
	if s, known := asString(gateway); known && s != "" {
		if strings.HasSuffix(s, "default-internet-gateway") {
			return topology.Known(topology.HopInternetGateway, in.from("next_hop_gateway")), "default-internet-gateway"
		}
		return topology.Known(topology.HopCustom, in.from("next_hop_gateway")), shown(gateway)
	}
	for _, hop := range customHops {
		v := attribute(in.value, hop.attr)
		if s, known := asString(v); known && s != "" {
			return topology.Known(topology.HopCustom, in.from(hop.attr)), hop.word + " " + parseLink(shown(v)).name
		}
		if in.config == nil {
			continue
		}
		if e, written := in.config.attributes[hop.attr]; written && len(e.references) > 0 {
			if isNull(v) && w.plain(w.moduleOf(in), e.references, 0) {
				continue // a variable that was null
			}
			return topology.Known(topology.HopCustom, in.from(hop.attr)), hop.word + " " + e.references[0]
		}
	}
	if in.config != nil {
		if _, written := in.config.attributes["next_hop_gateway"]; written {
			return topology.Unknown[topology.NextHopKind](topology.KnownAfterApply, in.from("next_hop_gateway")), ""
		}
	}
	network := attribute(in.value, "next_hop_network")
	if s, known := asString(network); known && s != "" {
		return topology.Known(topology.HopLocal, in.from("next_hop_network")), "network " + parseLink(shown(network)).name
	}
	return topology.Unknown[topology.NextHopKind](topology.KnownAfterApply, in.from("next_hop_gateway")), ""
}

func (w *world) readPolicyRoute(in *instance, f *topology.Facts) {
	r := &topology.Route{Object: w.object(in), Network: w.networkOf(in), Policy: true}
	protocol, _ := asString(dig(in.value, "filter", "ip_protocol"))
	if protocol != "" && !strings.EqualFold(protocol, "ALL") && !strings.EqualFold(protocol, "TCP") {
		return
	}
	if version, _ := asString(dig(in.value, "filter", "protocol_version")); version == "IPV6" {
		return
	}
	machines, _ := elements(attribute(in.value, "virtual_machine"))
	if attachments, told := elements(attribute(in.value, "interconnect_attachment")); told && len(attachments) > 0 && len(machines) == 0 {
		return // applies to traffic that comes in over an attachment
	}
	r.Destination = rangeOrAll(dig(in.value, "filter", "dest_range"), in.from("filter.dest_range"))
	r.Source = rangeOrAll(dig(in.value, "filter", "src_range"), in.from("filter.src_range"))
	r.Priority = intOf(w.settled(in, "priority"), in.from("priority"), 1000)
	r.Tags = stringsOf(dig(in.value, "virtual_machine", "tags"), in.from("virtual_machine.tags"))
	r.NextHop = topology.Known(topology.HopCustom, in.from("next_hop_ilb_ip"))
	r.Through = "load balancer"
	if s := shown(attribute(in.value, "next_hop_ilb_ip")); s != "" {
		r.Through += " " + s
	}
	if other, known := asString(attribute(in.value, "next_hop_other_routes")); known && other == "DEFAULT_ROUTING" {
		r.NextHop, r.Through = topology.Known(topology.HopLocal, in.from("next_hop_other_routes")), "the other routes"
	}
	f.Routes = append(f.Routes, r)
}

// rangeOrAll reads a range that means every address when it is left out.
func rangeOrAll(v cty.Value, from topology.Origin) topology.Value[netip.Prefix] {
	if isNull(v) {
		return topology.Default(netip.PrefixFrom(netip.IPv4Unspecified(), 0), from)
	}
	return prefixOf(v, from)
}
