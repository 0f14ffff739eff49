package googlecloud

import (
	"cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// within names something of a project by its name or number.
type within struct{ project, name string }

// settleNames joins record sets to zones and rules to response policies. What belongs to a zone or policy that is not there is left out: an export
// still lists the records of zones that were deleted, and those of public zones override nothing.
func (v *Inventory) settleNames() {
	zones := make(map[within]*topology.Zone, 2*len(v.names.zones))
	for _, z := range v.names.zones {
		project := v.projectID(z.project)
		if project != z.project {
			z.fact.Object = v.object(z.fact.Kind, "//dns.googleapis.com/projects/"+project+"/managedZones/"+z.fact.Name, project, "", z.fact.Name)
		}
		v.named(z.fact.Networks)
		if z.fact.PeerNetwork != nil {
			*z.fact.PeerNetwork = v.namedNetwork(*z.fact.PeerNetwork)
		}
		zones[within{project, z.number}], zones[within{project, z.fact.Name}] = z.fact, z.fact
		if v.once(z.fact.ID) {
			v.facts.Zones = append(v.facts.Zones, z.fact)
		}
	}
	for _, r := range v.names.records {
		project := v.projectID(r.project)
		z := zones[within{project, r.zone}]
		if z == nil {
			continue
		}
		if f := v.recordIn(z, project, r.fact); v.once(f.ID) {
			v.facts.RecordSets = append(v.facts.RecordSets, f)
		}
	}
	policies := make(map[within]responsePolicy, 2*len(v.names.policies))
	for _, p := range v.names.policies {
		p.project = v.projectID(p.project)
		policies[within{p.project, p.number}], policies[within{p.project, p.name}] = p, p
	}
	for _, r := range v.names.rules {
		p, found := policies[within{v.projectID(r.project), r.policy}]
		if !found {
			continue
		}
		if f := v.ruleOf(p, r.fact); v.once(f.ID) {
			v.facts.Responses = append(v.facts.Responses, f)
		}
	}
	for _, n := range v.facts.NameServers {
		if project := v.projectID(n.Project); project != n.Project {
			n.Object = v.object(n.Kind, "//dns.googleapis.com/projects/"+project+"/policies/"+n.Name, project, "", n.Name)
		}
		v.named(n.Networks)
	}
	v.names = names{}
}

// recordIn completes a record set with its zone. Its name tells its zone and type, as that is how records are told apart.
func (v *Inventory) recordIn(z *topology.Zone, project string, r *topology.RecordSet) *topology.RecordSet {
	name, kind := r.Name, r.Type.Or("")
	address := z.Address + "/rrsets/" + name + "/" + kind
	r.Object = v.object("google_dns_record_set", address, project, "", z.Name+"/"+name+"/"+kind)
	r.Name = name
	r.Zone = topology.Known(z.ID, r.From("managedZone"))
	r.DNS.Origin.Object, r.Type.Origin.Object, r.Data.Origin.Object = address, address, address
	return r
}

func (v *Inventory) ruleOf(p responsePolicy, r *topology.ResponseRule) *topology.ResponseRule {
	name := r.Name
	address := "//dns.googleapis.com/projects/" + p.project + "/responsePolicies/" + cmp.Or(p.name, p.number) + "/rules/" + name
	r.Object = v.object("google_dns_response_policy_rule", address, p.project, "", p.name+"/"+name)
	r.Name = name
	r.Networks, r.NetworksTold = p.networks, true
	v.named(r.Networks)
	r.DNS.Origin.Object, r.Data.Origin.Object = address, address
	return r
}

// named writes networks of projects that are known by number with the project's name.
func (v *Inventory) named(networks []topology.Value[topology.ID]) {
	for i := range networks {
		networks[i] = v.namedNetwork(networks[i])
	}
}

func (v *Inventory) namedNetwork(n topology.Value[topology.ID]) topology.Value[topology.ID] {
	id, known := n.Get()
	project, name := topology.SplitID(id)
	if !known || v.projectID(project) == project {
		return n
	}
	return topology.Known(topology.Identify("google_compute_network", v.projectID(project), "global", name), n.Origin)
}
