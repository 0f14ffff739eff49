package egress

import "github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"

// Evaluator draws paths over one topology and remembers what it drew. It is for one goroutine.
//
// Facts are sorted by network the first time a question needs them and not before, so that a question reads no collection
// it does not depend on, and so that many clusters cost no more than their own networks hold.
type Evaluator struct {
	t *topology.Topology

	gateways  *gatewayIndex
	routes    *shelf[*topology.Route]
	regional  bool // whether any of the routes is a dynamic one
	rules     *shelf[*topology.FirewallRule]
	directory *directory
	endpoints *shelf[*topology.Endpoint]

	covered  map[coverKey]Coverage
	tables   map[tableKey]*table
	routed   map[hopKey]Hop
	layers   map[layerKey]*ruleSet
	all      map[*topology.FirewallRule]bool
	filtered map[hopKey]Hop
	resolved map[nameKey]Resolution
	accessed map[hopKey]accessed
}

// New prepares an evaluator.
func New(t *topology.Topology) *Evaluator {
	return &Evaluator{
		t:        t,
		covered:  map[coverKey]Coverage{},
		tables:   map[tableKey]*table{},
		routed:   map[hopKey]Hop{},
		layers:   map[layerKey]*ruleSet{},
		all:      map[*topology.FirewallRule]bool{},
		filtered: map[hopKey]Hop{},
		resolved: map[nameKey]Resolution{},
		accessed: map[hopKey]accessed{},
	}
}
