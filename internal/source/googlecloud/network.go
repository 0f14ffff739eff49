package googlecloud

import (
	"fmt"
	"net/netip"

	"cloud.google.com/go/compute/apiv1/computepb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Network adds a VPC network. Whether it was created without default routes the API does not tell: the routes themselves do.
func (v *Inventory) Network(n *computepb.Network) {
	o := v.compute("google_compute_network", "networks", n.GetSelfLink(), n.GetName(), "", "")
	if o.Name == "" || !v.once(o.ID) {
		return
	}
	order := o.From("networkFirewallPolicyEnforcementOrder")
	first := topology.Known(n.GetNetworkFirewallPolicyEnforcementOrder() == "BEFORE_CLASSIC_FIREWALL", order)
	first.Assumed = n.GetNetworkFirewallPolicyEnforcementOrder() == ""
	v.facts.Networks = append(v.facts.Networks, &topology.Network{Object: o, PoliciesFirst: first,
		DefaultRoutesDeleted: topology.Unknown[bool]("the API tells routes, not how the network was created", o.From("routes"))})
}

// Subnetwork adds a subnetwork. Whether a configuration sets Private Google Access is not for the API to tell.
func (v *Inventory) Subnetwork(s *computepb.Subnetwork) {
	o := v.compute("google_compute_subnetwork", "subnetworks", s.GetSelfLink(), s.GetName(), s.GetRegion(), s.GetNetwork())
	if o.Name == "" || !v.once(o.ID) {
		return
	}
	access := o.From("privateIpGoogleAccess")
	f := &topology.Subnetwork{Object: o, SecondaryTold: true}
	f.Network = v.refer(&o, "google_compute_network", s.GetNetwork(), o.From("network"))
	f.GoogleAccess = flag(s.PrivateIpGoogleAccess, access)
	f.GoogleAccessConfigured = topology.Unknown[bool]("no configuration was read", access)
	f.Primary = prefix(s.GetIpCidrRange(), o.From("ipCidrRange"))
	for i, r := range s.GetSecondaryIpRanges() {
		at := fmt.Sprintf("secondaryIpRanges[%d].", i)
		name := topology.Unknown[string](topology.NotTold, o.From(at+"rangeName"))
		if r.GetRangeName() != "" {
			name = topology.Known(r.GetRangeName(), o.From(at+"rangeName"))
		}
		f.Secondary = append(f.Secondary, topology.Range{Name: name, Prefix: prefix(r.GetIpCidrRange(), o.From(at+"ipCidrRange"))})
	}
	v.facts.Subnetworks = append(v.facts.Subnetworks, f)
}

// The bundles of Google's APIs that a Private Service Connect endpoint leads to.
var bundles = map[string]bool{"all-apis": true, "vpc-sc": true}

// ForwardingRule adds a Private Service Connect endpoint for Google's APIs; other rules are left out.
func (v *Inventory) ForwardingRule(r *computepb.ForwardingRule) {
	bundle := parseLink(r.GetTarget()).name
	o := v.compute("google_compute_global_forwarding_rule", "forwardingRules", r.GetSelfLink(), r.GetName(), "", r.GetNetwork())
	if !bundles[bundle] || o.Name == "" || !v.once(o.ID) {
		return
	}
	f := &topology.Endpoint{Object: o, Bundle: topology.Known(bundle, o.From("target"))}
	f.Network = v.refer(&o, "google_compute_network", r.GetNetwork(), o.From("network"))
	f.Address = topology.Unknown[netip.Addr]("is no IP address", o.From("IPAddress"))
	if a, err := netip.ParseAddr(r.GetIPAddress()); err == nil {
		f.Address = topology.Known(a, o.From("IPAddress"))
	}
	v.facts.Endpoints = append(v.facts.Endpoints, f)
}
