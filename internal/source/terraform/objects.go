package terraform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

// Argument is one way objects of the google provider are handed over: to the gate, or to a function.
type Argument struct {
	Name string
	Type string // the resource type expected
	// One is true for a single object instead of a list.
	One bool
	// Kind is what stands before the name in the IDs of the type; empty where they do not tell.
	Kind string
	// Markers are attributes that every object of the type carries, known or unknown but never null; of a|b one at least.
	Markers []string
	// Collection is what an empty list says there is none of; empty where absence says nothing.
	Collection topology.Collection
}

// Arguments lists what can be handed over, in the order people write it.
var Arguments = []Argument{
	{Name: "cluster", Type: "google_container_cluster", One: true, Kind: "clusters", Markers: []string{"location", "network|subnetwork"}},
	{Name: "node_pools", Type: "google_container_node_pool", Kind: "nodePools", Markers: []string{"cluster"}},
	{Name: "networks", Type: "google_compute_network", Kind: "networks", Markers: []string{"name"}},
	{Name: "subnetworks", Type: "google_compute_subnetwork", Kind: "subnetworks", Markers: []string{"ip_cidr_range"}, Collection: topology.Subnetworks},
	{Name: "routers", Type: "google_compute_router", Kind: "routers", Markers: []string{"network"}},
	{Name: "nats", Type: "google_compute_router_nat", Markers: []string{"router"}, Collection: topology.Routers},
	{Name: "routes", Type: "google_compute_route", Kind: "routes", Markers: []string{"dest_range"}, Collection: topology.Routes},
	{Name: "firewalls", Type: "google_compute_firewall", Kind: "firewalls", Markers: []string{"network", "direction|allow|deny"}, Collection: topology.Firewalls},
	{Name: "dns_zones", Type: "google_dns_managed_zone", Kind: "managedZones", Markers: []string{"dns_name"}, Collection: topology.DNS},
	{Name: "dns_record_sets", Type: "google_dns_record_set", Markers: []string{"managed_zone"}},
	{Name: "forwarding_rules", Type: "google_compute_global_forwarding_rule", Kind: "forwardingRules", Markers: []string{"target"}, Collection: topology.Endpoints},
	{Name: "addresses", Type: "google_compute_global_address", Kind: "addresses", Markers: []string{"name"}},
	{Name: "repositories", Type: "google_artifact_registry_repository", Kind: "repositories", Markers: []string{"repository_id"}},
}

// WrongObject is an object that is not of the type its argument expects.
type WrongObject struct {
	Argument Argument
	Index    int    // in the list; -1 for a single object
	Why      string // "it has no router"
}

func (e WrongObject) Error() string {
	where := e.Argument.Name
	if e.Index >= 0 {
		where = fmt.Sprintf("%s[%d]", where, e.Index)
	}
	return fmt.Sprintf("%s is no %s: %s", where, e.Argument.Type, e.Why)
}

// refuses says why a value cannot be an object of the argument's type; empty when it can.
func (a Argument) refuses(object cty.Value) string {
	u, _ := object.Unmark()
	if u.IsNull() {
		return "it is null"
	}
	if !u.Type().IsObjectType() {
		return "it is a " + u.Type().FriendlyName()
	}
	if id, known := asString(attribute(u, "id")); known && a.Kind != "" {
		if kind := kindIn(id); kind != "" && kind != a.Kind {
			return fmt.Sprintf("its ID is %q", id)
		}
	}
	for _, marker := range a.Markers {
		names := strings.Split(marker, "|")
		if !slices.ContainsFunc(names, func(name string) bool { return !isNull(attribute(u, name)) }) {
			return "it has no " + strings.Join(names, ", ")
		}
	}
	return ""
}

// kindIn is what stands before the name in an ID, where that is the kind of something that can be handed over.
func kindIn(id string) string {
	parts := strings.Split(id, "/")
	if len(parts) < 4 || !strings.Contains(id, "projects/") {
		return ""
	}
	kind := parts[len(parts)-2]
	if slices.ContainsFunc(Arguments, func(a Argument) bool { return a.Kind == kind }) {
		return kind
	}
	return ""
}

// FromObjects reads objects in the google provider's shape that were handed over instead of found in a plan. An argument that is null or missing was
// not told of; an empty list says there are none. The errors name objects of another type.
//
// With infer, a link that only apply knows is taken to mean the only candidate of the same region, marked inferred.
func FromObjects(values map[string]cty.Value, images []string, infer bool) (topology.Facts, []WrongObject) {
	doc := &document{source: "gate"}
	var wrong []WrongObject
	var readings []topology.Reading
	for _, a := range Arguments {
		v, given := values[a.Name]
		if !given {
			v = cty.NullVal(cty.DynamicPseudoType)
		}
		list, told := []cty.Value{v}, true
		if !a.One {
			list, told = elements(v)
		} else if isNull(v) || !isKnown(v) {
			list = nil
		}
		unknown := ""
		if !told {
			unknown = a.Name
		}
		for i, object := range list {
			if !isKnown(object) {
				unknown = fmt.Sprintf("%s[%d]", a.Name, i)
				continue
			}
			in := &instance{address: a.Name, typ: a.Type, key: cty.NilVal, value: object, created: !isKnown(attribute(object, "id"))}
			at := -1
			if !a.One {
				at = i
				in.address = fmt.Sprintf("%s[%d]", a.Name, i)
			}
			if why := a.refuses(object); why != "" {
				wrong = append(wrong, WrongObject{a, at, why})
				continue
			}
			doc.instances = append(doc.instances, in)
		}
		// A network's default route is no google_compute_route: a list of those, even an empty one, does not say that it is gone. The network does.
		if a.Collection != "" && (a.Collection != topology.Routes || unknown != "") {
			readings = append(readings, reading(a, isNull(v), unknown))
		}
	}
	w := newWorld(doc, doc.instances)
	w.handed, w.infer = true, infer
	facts := w.facts()
	records, given := values["dns_record_sets"]
	if !given {
		records = cty.NullVal(cty.DynamicPseudoType)
	}
	if why := untold("dns_record_sets", records); why != "" {
		facts.RecordSets = append(facts.RecordSets, unseenRecords(facts.Zones, why)...)
	}
	for _, n := range facts.Networks {
		n.Managed = false // what was handed over of it is told by the readings
	}
	facts.Readings = readings
	for i, ref := range images {
		use := topology.DeclareImage(ref, "images", fmt.Sprintf("images[%d]", i))
		for _, c := range facts.Clusters {
			use.Cluster = topology.Known(c.ID, topology.Origin{Object: "images"})
		}
		facts.Images = append(facts.Images, use)
	}
	return facts, wrong
}

// untold says why a list is not wholly known; empty where it is.
func untold(name string, v cty.Value) string {
	list, told := elements(v)
	switch {
	case !told || slices.ContainsFunc(list, func(e cty.Value) bool { return !isKnown(e) }):
		return name + " is " + topology.KnownAfterApply
	case isNull(v):
		return name + " is not set: null is not told, [] says there are none"
	}
	return ""
}

// unseenRecords stand for what the zones may hold: without them a zone would answer that there is no such host.
func unseenRecords(zones []*topology.Zone, why string) []*topology.RecordSet {
	var out []*topology.RecordSet
	for _, z := range zones {
		from := topology.Origin{Object: z.Address, Attribute: "records"}
		out = append(out, &topology.RecordSet{Object: z.Object, Zone: topology.Known(z.ID, from), DNS: topology.Unknown[string](why, from),
			Type: topology.Unknown[string](why, from), Data: topology.Unknown[[]string](why, from)})
	}
	return out
}

// reading is what was looked at: nothing where the argument is null, and not everything where it, or one of its elements, is unknown.
func reading(a Argument, null bool, unknown string) topology.Reading {
	r := topology.Reading{Collection: a.Collection, Project: topology.AnyProject}
	switch {
	case null:
		r.NotTold = a.Name + " is not set: null is not told, [] says there are none"
	case unknown != "":
		r.Refused = unknown + " is " + topology.KnownAfterApply
	}
	return r
}

// soleCandidate takes the only object of a type in the same region, where objects were handed over without their configuration and the link is
// unknown until apply.
func (w *world) soleCandidate(in *instance, want string, keep func(*instance) bool) target {
	if !w.infer {
		return target{why: topology.KnownAfterApply}
	}
	region := topology.RegionOf(w.identify(in).location)
	var list []*instance
	for _, c := range w.instances {
		where := w.identify(c).location
		if c.typ == want && (global[want] || where == "" || region == "" || topology.RegionOf(where) == region) && (keep == nil || keep(c)) {
			list = append(list, c)
		}
	}
	switch len(list) {
	case 0:
		if want == "google_compute_network" {
			return w.soleNetwork()
		}
		return target{why: topology.KnownAfterApply}
	case 1:
		return target{id: w.identify(list[0]).id, instance: list[0], known: true, inferred: true}
	}
	return target{oneOf: list, why: topology.KnownAfterApply + ": give names or literals that the plan knows, or hand over only the objects of this cluster"}
}

// soleNetwork answers for an unknown network where none was handed over: the objects of one gate are of one network, the one that some of them
// name, unless they name several.
func (w *world) soleNetwork() target {
	named := map[topology.ID]bool{}
	id := topology.ID("addr:gate/network")
	for _, in := range w.instances {
		if text, known := asString(attribute(in.value, "network")); known && text != "" {
			id = w.named(in, text, "google_compute_network").id
			named[id] = true
		}
	}
	if len(named) > 1 {
		return target{why: topology.KnownAfterApply + ", and the objects handed over name several networks"}
	}
	return target{id: id, known: true, inferred: true}
}

// leftOut are optional and computed attributes: unknown in an object that is about to be created, they were left out, for what a
// configuration sets them to is known.
var leftOut = map[string]bool{"private_ip_google_access": true, "endpoint_types": true, "default_snat_status": true, "network_config": true,
	"secondary_ip_range": true, "node_config": true, "node_pool": true, "node_pool_auto_config": true, "cluster_autoscaling": true,
	"ip_allocation_policy": true, "private_cluster_config": true, "type": true, "priority": true}
