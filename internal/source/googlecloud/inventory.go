// Package googlecloud reads facts in the shape of Google Cloud's APIs. Live calls and asset exports both hand their objects to an Inventory, which
// does not know where they come from.
package googlecloud

import (
	"cmp"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Inventory gathers objects in the API's shape and makes facts of them. It is for one goroutine at a time.
type Inventory struct {
	source   string
	facts    topology.Facts
	had      map[topology.ID]bool
	projects projects
	clusters clusters
	statuses map[topology.ID]*topology.NATStatus
	// effective is true where some network's firewall rules were told as a whole, hierarchical policies included.
	effective bool
	names     names
	rights    rights
	pods      pods
}

// New is an empty inventory; source names what is read, for the facts' origin.
func New(source string) *Inventory { return &Inventory{source: source} }

// Listed records that a collection of a project was read as a whole: what is not in it does not exist.
func (v *Inventory) Listed(c topology.Collection, project string) {
	v.facts.Readings = append(v.facts.Readings, topology.Reading{Collection: c, Project: project})
}

// Refused records why a collection of a project could not be read: "403: compute.routers.list".
func (v *Inventory) Refused(c topology.Collection, project, why string) {
	v.facts.Readings = append(v.facts.Readings, topology.Reading{Collection: c, Project: project, Refused: why})
}

// Facts is what the objects come to. Links between them are resolved here, so it is called once, at the end.
func (v *Inventory) Facts() topology.Facts {
	v.settleClusters()
	v.settleRouters()
	v.settleFirewalls()
	v.settleNames()
	v.settleRights()
	v.settlePods()
	return v.facts
}

// object names what every fact carries, from the full resource name: //compute.googleapis.com/projects/P/regions/R/subnetworks/N.
func (v *Inventory) object(kind, address, project, location, name string) topology.Object {
	where := location
	if where == "" {
		where = "global"
	}
	return topology.Object{ID: topology.Identify(kind, project, where, name), Kind: kind, Address: address, Name: name, Project: project,
		Location: location, Source: v.source, Read: true}
}

// once reports whether an object comes for the first time: paging, retries and two readers of one thing bring it again.
func (v *Inventory) once(id topology.ID) bool {
	if v.had[id] {
		return false
	}
	if v.had == nil {
		v.had = map[topology.ID]bool{}
	}
	v.had[id] = true
	return true
}

// compute is the object of a resource of Compute Engine, as its self link names it; the other arguments stand in for what that leaves out.
func (v *Inventory) compute(kind, collection, selfLink, name, region, network string) topology.Object {
	l := parseLink(selfLink)
	project := v.projectID(cmp.Or(l.project, parseLink(network).project))
	name, region = cmp.Or(name, l.name), parseLink(cmp.Or(region, l.location)).name
	where := "global"
	if region != "" {
		where = "regions/" + region
	}
	return v.object(kind, "//compute.googleapis.com/projects/"+project+"/"+where+"/"+collection+"/"+name, project, region, name)
}

// refer is what a link in an object leads to. A link that names no project or region means the object's own.
func (v *Inventory) refer(o *topology.Object, kind, text string, from topology.Origin) topology.Value[topology.ID] {
	if text == "" {
		return topology.Unknown[topology.ID](topology.NotTold, from)
	}
	l := parseLink(text)
	where := "global"
	if kind != "google_compute_network" {
		where = cmp.Or(l.location, o.Region())
	}
	return topology.Known(topology.Identify(kind, v.projectID(cmp.Or(l.project, o.Project)), where, l.name), from)
}

// link is a resource's name taken apart, whichever of its forms was written: a self link of any host and version, a full resource name, or a
// relative path.
type link struct{ project, location, kind, name string }

// parseLink reads projects/P/{regions|zones|locations}/L/KIND/NAME out of a link, and projects/P/global/KIND/NAME.
func parseLink(text string) link {
	var l link
	parts := strings.Split(strings.Trim(text, "/"), "/")
	for i := 0; i+1 < len(parts); i++ {
		switch parts[i] {
		case "projects":
			l.project = parts[i+1]
		case "regions", "zones", "locations":
			l.location = parts[i+1]
		}
	}
	l.name = parts[len(parts)-1]
	if len(parts) > 1 {
		l.kind = parts[len(parts)-2]
	}
	return l
}
