package terraform

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

func (w *world) readNetwork(in *instance, f *topology.Facts) {
	n := &topology.Network{Object: w.object(in)}
	n.DefaultRoutesDeleted = boolOf(w.settled(in, "delete_default_routes_on_create"), in.from("delete_default_routes_on_create"))
	order := stringOf(w.settled(in, "network_firewall_policy_enforcement_order"), in.from("network_firewall_policy_enforcement_order"), "AFTER_CLASSIC_FIREWALL")
	n.PoliciesFirst = topology.Unknown[bool](order.Why(), order.Origin)
	if o, known := order.Get(); known {
		n.PoliciesFirst = topology.Known(o == "BEFORE_CLASSIC_FIREWALL", order.Origin)
	}
	f.Networks = append(f.Networks, n)
}

func (w *world) networkOf(in *instance) topology.Value[topology.ID] {
	return w.join(in, []string{"network"}, "google_compute_network", nil).fact(in.from("network"))
}

func (w *world) readSubnetwork(in *instance, f *topology.Facts) {
	s := &topology.Subnetwork{Object: w.object(in), Network: w.networkOf(in)}
	access := w.settled(in, "private_ip_google_access")
	s.GoogleAccess = boolOf(access, in.from("private_ip_google_access"))
	s.GoogleAccessConfigured = w.configured(in, "private_ip_google_access", access)
	s.Primary = prefixOf(attribute(in.value, "ip_cidr_range"), in.from("ip_cidr_range"))
	list, told := elements(w.settled(in, "secondary_ip_range"))
	s.SecondaryTold = told
	for i, r := range list {
		s.Secondary = append(s.Secondary, topology.Range{
			Name:   stringOf(attribute(r, "range_name"), in.from(fmt.Sprintf("secondary_ip_range[%d].range_name", i))),
			Prefix: prefixOf(attribute(r, "ip_cidr_range"), in.from(fmt.Sprintf("secondary_ip_range[%d].ip_cidr_range", i)))})
	}
	f.Subnetworks = append(f.Subnetworks, s)
}

// configured tells whether a configuration sets an attribute to something; without one (a state) that is not told.
func (w *world) configured(in *instance, attr string, value cty.Value) topology.Value[bool] {
	from := in.from(attr)
	if in.config == nil {
		return topology.Unknown[bool]("no configuration was read", from)
	}
	e, told := in.config.attributes[attr]
	if !told || e.constant != cty.NilVal && isNull(e.constant) || isNull(value) {
		return topology.Known(false, from)
	}
	return topology.Known(true, from)
}

func (w *world) readRouter(in *instance, f *topology.Facts) {
	f.Routers = append(f.Routers, &topology.Router{Object: w.object(in), Network: w.networkOf(in)})
}

func (w *world) readEndpoint(in *instance, f *topology.Facts) {
	target := stringOf(w.settled(in, "target"), in.from("target"))
	bundle, known := target.Get()
	if known && bundle != "all-apis" && bundle != "vpc-sc" {
		return
	}
	e := &topology.Endpoint{Object: w.object(in), Network: w.networkOf(in), Bundle: target}
	from := in.from("ip_address")
	t := w.join(in, []string{"ip_address"}, "google_compute_global_address", nil)
	e.Address = addressOf(attribute(in.value, "ip_address"), from)
	if t.instance != nil {
		e.AddressID = t.id
		e.Address = addressOf(attribute(t.instance.value, "address"), t.instance.from("address"))
	}
	f.Endpoints = append(f.Endpoints, e)
}
