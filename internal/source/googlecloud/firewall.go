package googlecloud

import (
	"strings"

	"cloud.google.com/go/compute/apiv1/computepb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Firewall adds a VPC firewall rule, where it concerns egress.
func (v *Inventory) Firewall(f *computepb.Firewall) { v.vpcRule(f, "") }

// vpcRule reads a VPC rule; network is the one it was asked of, where the rule itself names none.
func (v *Inventory) vpcRule(f *computepb.Firewall, network string) {
	if f.GetDirection() != "EGRESS" {
		return // INGRESS is the default
	}
	if f.GetNetwork() != "" {
		network = f.GetNetwork()
	}
	o := v.compute("google_compute_firewall", "firewalls", f.GetSelfLink(), f.GetName(), "", network)
	if o.Name == "" || !v.once(o.ID) {
		return
	}
	r := &topology.FirewallRule{Object: o, Layer: topology.LayerVPC, Network: v.refer(&o, "google_compute_network", network, o.From("network"))}
	r.Priority = number(f.Priority, 1000, o.From("priority"))
	r.Disabled = flag(f.Disabled, o.From("disabled"))
	r.Destinations = prefixes(f.GetDestinationRanges(), o.From("destinationRanges"))
	r.Sources = prefixes(f.GetSourceRanges(), o.From("sourceRanges"))
	r.TargetTags = texts(f.GetTargetTags(), o.From("targetTags"))
	r.TargetAccounts = texts(f.GetTargetServiceAccounts(), o.From("targetServiceAccounts"))
	// A rule has either; one with neither does nothing.
	switch {
	case len(f.GetDenied()) > 0:
		r.Action, r.Protocols = topology.Known(topology.Deny, o.From("denied")), protocols(f.GetDenied(), (*computepb.Denied).GetIPProtocol, o.From("denied"))
	case len(f.GetAllowed()) > 0:
		r.Action, r.Protocols = topology.Known(topology.Allow, o.From("allowed")), protocols(f.GetAllowed(), (*computepb.Allowed).GetIPProtocol, o.From("allowed"))
	default:
		return
	}
	v.facts.Firewalls = append(v.facts.Firewalls, r)
}

// protocols reads the protocols and ports of a rule.
func protocols[T interface{ GetPorts() []string }](list []T, name func(T) string, from topology.Origin) topology.Value[[]topology.Protocol] {
	out := []topology.Protocol{}
	for _, p := range list {
		ranges, ok := ports(p.GetPorts())
		if !ok {
			return topology.Unknown[[]topology.Protocol]("a port is no number or range", from)
		}
		out = append(out, topology.Protocol{Name: strings.ToLower(name(p)), Ports: ranges})
	}
	return topology.Known(out, from)
}

// action is what a policy rule does; a security profile group inspects.
func action(text string, from topology.Origin) topology.Value[topology.Action] {
	switch strings.ToLower(text) {
	case "":
		return topology.Unknown[topology.Action](topology.NotTold, from)
	case "allow":
		return topology.Known(topology.Allow, from)
	case "deny":
		return topology.Known(topology.Deny, from)
	case "goto_next":
		return topology.Known(topology.GotoNext, from)
	}
	return topology.Known(topology.Inspect, from)
}
