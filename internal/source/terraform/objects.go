package terraform

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

// Argument is one way objects of the google provider are handed over: to the gate, or to a function.
type Argument struct {
	Name string
	Type string // the resource type expected
	// One is true for a single object instead of a list.
	One bool
	// Marker is an attribute that every object of the type carries, known or unknown but never null.
	Marker string
	// Collection is what an empty list says there is none of; empty where absence says nothing.
	Collection topology.Collection
}

// Arguments lists what can be handed over, in the order people write it.
var Arguments = []Argument{
	{Name: "cluster", Type: "google_container_cluster", One: true, Marker: "location"},
	{Name: "node_pools", Type: "google_container_node_pool", Marker: "cluster"},
	{Name: "networks", Type: "google_compute_network", Marker: "name"},
	{Name: "subnetworks", Type: "google_compute_subnetwork", Marker: "ip_cidr_range", Collection: topology.Subnetworks},
	{Name: "routers", Type: "google_compute_router", Marker: "network"},
	{Name: "nats", Type: "google_compute_router_nat", Marker: "router", Collection: topology.Routers},
	{Name: "routes", Type: "google_compute_route", Marker: "dest_range", Collection: topology.Routes},
	{Name: "firewalls", Type: "google_compute_firewall", Marker: "network", Collection: topology.Firewalls},
	{Name: "dns_zones", Type: "google_dns_managed_zone", Marker: "dns_name", Collection: topology.DNS},
	{Name: "dns_record_sets", Type: "google_dns_record_set", Marker: "managed_zone"},
	{Name: "forwarding_rules", Type: "google_compute_global_forwarding_rule", Marker: "target", Collection: topology.Endpoints},
	{Name: "addresses", Type: "google_compute_global_address", Marker: "name"},
	{Name: "repositories", Type: "google_artifact_registry_repository", Marker: "repository_id"},
}

// WrongObject is an object that is not of the type its argument expects.
type WrongObject struct {
	Argument Argument
	Index    int // in the list; -1 for a single object
}

func (e WrongObject) Error() string {
	where := e.Argument.Name
	if e.Index >= 0 {
		where = fmt.Sprintf("%s[%d]", where, e.Index)
	}
	return fmt.Sprintf("%s is no %s: it has no %s", where, e.Argument.Type, e.Argument.Marker)
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
		if a.Collection != "" {
			readings = append(readings, reading(a, isNull(v), told))
		}
		for i, object := range list {
			if isNull(object) || !isKnown(object) {
				continue
			}
			in := &instance{address: a.Name, typ: a.Type, key: cty.NilVal, value: object, created: !isKnown(attribute(object, "id"))}
			at := -1
			if !a.One {
				at = i
				in.address = fmt.Sprintf("%s[%d]", a.Name, i)
			}
			if isNull(attribute(object, a.Marker)) {
				wrong = append(wrong, WrongObject{a, at})
				continue
			}
			doc.instances = append(doc.instances, in)
		}
	}
	w := newWorld(doc, doc.instances)
	w.handed, w.infer = true, infer
	facts := w.facts()
	for _, n := range facts.Networks {
		n.Managed = false // what was handed over of it is told by the readings
	}
	facts.Readings = readings
	for i, ref := range images {
		use := &topology.ImageUse{Declared: true, From: fmt.Sprintf("images[%d]", i), Ref: topology.Known(ref, topology.Origin{Object: "images"})}
		use.Object = topology.Object{Kind: "image", Address: use.From, Name: ref}
		for _, c := range facts.Clusters {
			use.Cluster = topology.Known(c.ID, topology.Origin{Object: "images"})
		}
		facts.Images = append(facts.Images, use)
	}
	return facts, wrong
}

func reading(a Argument, null, told bool) topology.Reading {
	r := topology.Reading{Collection: a.Collection, Project: topology.AnyProject}
	switch {
	case null:
		r.NotTold = a.Name + " is not set: null is not told, [] says there are none"
	case !told:
		r.Refused = a.Name + " is " + topology.KnownAfterApply
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
