package googlecloud

import (
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Perimeter is what the enforced configuration (status) of a VPC Service Controls perimeter says.
type Perimeter struct {
	Name       string   // accessPolicies/P/servicePerimeters/N
	Resources  []string // projects/NUMBER, or //compute.googleapis.com/projects/P/global/networks/N
	Restricted []string
	EgressTo   []string // resources of every egress rule
}

// Perimeter adds a VPC Service Controls perimeter.
func (v *Inventory) Perimeter(p Perimeter) {
	f := &topology.Perimeter{Object: v.perimeterObject(p.Name)}
	f.Projects = topology.Known(p.Resources, f.From("status.resources"))
	f.Restricted = topology.Known(p.Restricted, f.From("status.restrictedServices"))
	f.EgressTo = topology.Known(p.EgressTo, f.From("status.egressPolicies"))
	v.rights.perimeters = append(v.rights.perimeters, f)
}

func (v *Inventory) perimeterObject(name string) topology.Object {
	return v.object("google_access_context_manager_service_perimeter", "//accesscontextmanager.googleapis.com/"+name, "", "", name)
}

// settlePerimeters writes the projects of perimeters by name, as far as their numbers are known: that is what clusters tell of theirs.
func (v *Inventory) settlePerimeters() {
	for _, f := range v.rights.perimeters {
		if !v.once(f.ID) {
			continue
		}
		projects := f.Projects.Or(nil)
		for i, p := range projects {
			if number, is := strings.CutPrefix(p, "projects/"); is {
				projects[i] = "projects/" + v.projectID(number)
			}
		}
		v.facts.Perimeters = append(v.facts.Perimeters, f)
	}
}
