package googlecloud

import (
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Unread adds a cluster that is there and could not be read, by its full resource name: nothing of it is known, and so nothing of it passes.
func (v *Inventory) Unread(address, why string) {
	o := v.clusterObject(parseLink(address))
	if o.Name == "" || !v.once(o.ID) {
		return
	}
	o.Read = false // what a state tells of it counts
	from := o.From("selfLink")
	f := &topology.Cluster{Object: o, Network: topology.Unknown[topology.ID](why, from), Subnetwork: topology.Unknown[topology.ID](why, from),
		PrivateNodes: topology.Unknown[bool](why, from), Autopilot: topology.Unknown[bool](why, from), PodRange: topology.Unknown[string](why, from),
		AutoIPAM: topology.Unknown[bool](why, from), SNATDisabled: topology.Unknown[bool](why, from)}
	p := &topology.NodePool{Cluster: topology.Known(o.ID, from), Private: f.PrivateNodes, Subnetwork: f.Subnetwork, PodRange: f.PodRange,
		Tags: topology.Unknown[[]string](why, from), ServiceAccount: topology.Unknown[string](why, from), Scopes: topology.Unknown[[]string](why, from),
		MaxNodes: topology.Unknown[int](why, from)}
	p.Object = v.object("google_container_node_pool", o.Address, o.Project, o.Location, "")
	p.ID = topology.Identify(p.Kind, o.Project, o.Location, o.Name+"/")
	f.Pools = []*topology.NodePool{p}
	v.facts.Clusters = append(v.facts.Clusters, f)
}

// PolicyUnread adds an IAM policy that is there and could not be read: whom it grants what is unknown.
func (v *Inventory) PolicyUnread(resource, why string) {
	if path, reads := policyPath(resource); reads {
		v.rights.policies = append(v.rights.policies, policy{resource: path, unread: why})
	}
}

// PerimeterUnread adds a perimeter that is there and could not be read.
func (v *Inventory) PerimeterUnread(name, why string) {
	f := &topology.Perimeter{Object: v.perimeterObject(name)}
	f.Read = false
	f.Projects = topology.Unknown[[]string](why, f.From("status.resources"))
	f.Restricted = topology.Unknown[[]string](why, f.From("status.restrictedServices"))
	f.EgressTo = topology.Unknown[[]string](why, f.From("status.egressPolicies"))
	v.rights.perimeters = append(v.rights.perimeters, f)
}

// policyPath is the path of what an IAM policy is on, and whether such policies are read.
func policyPath(resource string) (string, bool) {
	service, path, _ := strings.Cut(strings.TrimPrefix(resource, "//"), "/")
	return path, service == "cloudresourcemanager.googleapis.com" || service == "artifactregistry.googleapis.com" && strings.Contains(path, "/repositories/")
}
