// Package egress answers whether packets from a range of a private GKE node reach a host, hop by hop, each with its evidence.
package egress

import (
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Hops of a path, in the order a packet meets them.
const (
	HopDNS      = "dns"
	HopRoute    = "route"
	HopFirewall = "firewall"
	HopExit     = "exit"
	HopAccess   = "access"
)

// Hop is one step of a path.
type Hop struct {
	Name     string           `json:"hop"`
	Status   topology.Verdict `json:"status"`
	Detail   string           `json:"detail"`
	Evidence []Evidence       `json:"-"`
	// Custom is set on a route hop that leads to an appliance, tunnel or load balancer: Cloud NAT does not apply there.
	Custom bool `json:"-"`
	// Object is the route, rule, zone or gateway that decided; nil when none did.
	Object *topology.Object `json:"-"`
}

// Evidence is one fact a verdict rests on.
type Evidence struct {
	Object    string `json:"object"`
	Attribute string `json:"attribute"`
	Value     string `json:"value"`
	Assumed   bool   `json:"assumed"`
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
}

// Path is how packets of one source get to one host.
type Path struct {
	Status topology.Verdict
	Hops   []Hop
}

// Source is where packets come from: the nodes of one or more pools that the network treats alike.
type Source struct {
	Cluster        *topology.Cluster
	Subnetwork     topology.Value[topology.ID]
	Network        topology.Value[topology.ID]
	Region         string
	Tags           topology.Value[[]string]
	ServiceAccount topology.Value[string]
}

// Along folds hops into a path: Kleene's conjunction of what was not skipped.
func Along(hops ...Hop) Path {
	p := Path{Hops: hops}
	for _, h := range hops {
		p.Status = topology.All(p.Status, h.Status)
	}
	return p
}

// From turns an origin and what was read there into evidence.
func From(o topology.Origin, value string, assumed bool) Evidence {
	return Evidence{Object: o.Object, Attribute: o.Attribute, Value: value, Assumed: assumed, File: o.File, Line: o.Line}
}
