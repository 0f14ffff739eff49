package egress

import (
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// directory is what answers for names inside networks.
type directory struct {
	zones     *shelf[*topology.Zone]
	responses *shelf[*topology.ResponseRule]
	servers   *shelf[*topology.NameServers]
	records   map[topology.ID][]*topology.RecordSet
	// loose are record sets of which the zone is not known.
	loose  []*topology.RecordSet
	opened map[topology.ID]*zoneNames
}

// zoneNames is a zone's records by name.
type zoneNames struct {
	records map[string][]*topology.RecordSet
	// exists holds every name that has records, at it or below it.
	exists map[string]bool
	// unsure are records whose name is not known.
	unsure []*topology.RecordSet
	count  int
}

func (e *Evaluator) names() *directory {
	if e.directory != nil {
		return e.directory
	}
	d := &directory{records: map[topology.ID][]*topology.RecordSet{}, opened: map[topology.ID]*zoneNames{}}
	d.zones = shelve(e.t.Zones(), func(z *topology.Zone) ([]topology.Value[topology.ID], bool) { return z.Networks, z.NetworksTold })
	d.responses = shelve(e.t.Responses(), func(r *topology.ResponseRule) ([]topology.Value[topology.ID], bool) {
		return r.Networks, r.NetworksTold
	})
	d.servers = shelve(e.t.NameServers(), func(n *topology.NameServers) ([]topology.Value[topology.ID], bool) { return n.Networks, n.NetworksTold })
	for _, r := range e.t.RecordSets() {
		if id, known := r.Zone.Get(); known {
			d.records[id] = append(d.records[id], r)
		} else {
			d.loose = append(d.loose, r)
		}
	}
	e.directory = d
	return d
}

func (d *directory) open(z *topology.Zone) *zoneNames {
	if n := d.opened[z.ID]; n != nil {
		return n
	}
	n := &zoneNames{records: map[string][]*topology.RecordSet{}, exists: map[string]bool{}}
	for _, r := range d.records[z.ID] {
		n.count++
		name, known := r.DNS.Get()
		if !known {
			n.unsure = append(n.unsure, r)
			continue
		}
		name = dotted(name)
		n.records[name] = append(n.records[name], r)
		for at := strings.TrimPrefix(name, "*."); at != ""; at = parent(at) {
			n.exists[at] = true
		}
	}
	n.unsure = append(n.unsure, d.loose...)
	d.opened[z.ID] = n
	return n
}

// find gives the records that answer for a name: its own, else those of the wildcard below its closest existing ancestor (RFC 4592).
func (n *zoneNames) find(name string) []*topology.RecordSet {
	if own := n.records[name]; len(own) > 0 || n.exists[name] {
		return own
	}
	for at := parent(name); at != ""; at = parent(at) {
		if wild := n.records["*."+at]; len(wild) > 0 {
			return wild
		}
		if n.exists[at] {
			return nil
		}
	}
	return nil
}

// attached asks whether something with a list of networks serves a network.
func attached(networks []topology.Value[topology.ID], told bool, network topology.ID) match {
	for _, n := range networks {
		if id, known := n.Get(); known && id == network {
			return yes
		}
	}
	if !told {
		return maybe("the networks it is attached to are not known")
	}
	for _, n := range networks {
		if !n.Known() {
			return maybe("a network it is attached to is not known: %s", n.Why())
		}
	}
	return no
}

// attached gives what is attached to a network, and what may be.
func (s *shelf[T]) attached(network topology.ID, networks func(T) ([]topology.Value[topology.ID], bool)) (certain, unsure []T) {
	certain = s.of[network]
	for _, v := range s.anywhere {
		if list, told := networks(v); attached(list, told, network).verdict == topology.Undecided {
			unsure = append(unsure, v)
		}
	}
	return certain, unsure
}

// suffixOf is how closely a zone matches a name: 0 for not at all, longer is closer.
func suffixOf(zone, name string) int {
	if zone == name || zone == "." || strings.HasSuffix(name, "."+zone) {
		return len(zone)
	}
	return 0
}

// ruleFor is suffixOf for a response policy rule: an exact name, or a wildcard that stands for what is below it.
func ruleFor(rule, name string) int {
	switch below, wild := strings.CutPrefix(rule, "*."); {
	case rule == name:
		return 1 << 16
	case wild && strings.HasSuffix(name, "."+below):
		return len(below)
	}
	return 0
}

// dotted is a DNS name in one spelling: lower case, with the final dot.
func dotted(name string) string {
	name = strings.ToLower(name)
	if !strings.HasSuffix(name, ".") {
		name += "."
	}
	return name
}

func parent(name string) string {
	_, above, _ := strings.Cut(name, ".")
	return above
}

// closest keeps the facts that match a name best.
func closest[T any](list []T, length func(T) int) (best []T, most int) {
	for _, v := range list {
		switch n := length(v); {
		case n == 0 || n < most:
		case n > most:
			best, most = []T{v}, n
		default:
			best = append(best, v)
		}
	}
	return slices.Clip(best), most
}
