package googlecloud

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// settleRights makes grants of policies, one for each binding. Laid over, they are compared member by member.
func (v *Inventory) settleRights() {
	v.settleRepositories()
	v.settlePerimeters()
	for _, p := range v.rights.policies {
		v.grant(p)
	}
	for _, project := range slices.Sorted(maps.Keys(v.rights.ancestries)) {
		f := &topology.Ancestry{Above: v.rights.ancestries[project]}
		id := v.projectID(project)
		f.Object = v.object("ancestry", "//cloudresourcemanager.googleapis.com/projects/"+id, id, "", id)
		v.facts.Ancestries = append(v.facts.Ancestries, f)
	}
	for _, r := range v.facts.Roles {
		if project := v.projectID(r.Project); project != r.Project {
			r.Object = v.object(r.Kind, "//iam.googleapis.com/projects/"+project+"/roles/"+r.Name, project, "", r.Name)
		}
	}
	v.rights = rights{}
}

func (v *Inventory) grant(p policy) {
	l := parseLink(p.resource)
	g := topology.Grant{Project: v.projectID(l.project), MembersTold: true, Authoritative: true}
	path := strings.Replace(p.resource, "projects/"+l.project, "projects/"+g.Project, 1)
	service := "//cloudresourcemanager.googleapis.com/"
	switch l.kind {
	case "repositories":
		service = "//artifactregistry.googleapis.com/"
		on := topology.Known(topology.Identify(repositoryKind, g.Project, l.location, l.name), topology.Origin{Object: service + path})
		g.Repository = &on
	case "folders", "organizations":
		g.Above, g.On = true, path
	case "projects":
	default:
		return
	}
	one := func(name string) *topology.Grant {
		f := g
		f.Object = v.object("iam_grant", service+path, g.Project, "", path+"/"+name)
		return &f
	}
	// A policy that grants nothing to any node says so.
	whole := one("")
	if !v.once(whole.ID) {
		return
	}
	whole.Role = topology.Known("", whole.From("bindings"))
	if p.unread != "" {
		whole.Authoritative, whole.MembersTold, whole.Role = false, false, topology.Unknown[string](p.unread, whole.From("bindings"))
	}
	v.facts.Grants = append(v.facts.Grants, whole)
	for i, b := range p.bindings {
		f := one(b.role + "#" + strconv.Itoa(i))
		f.Role, f.Conditional = topology.Known(b.role, f.From("bindings")), b.conditional
		for _, m := range b.members {
			f.Members = append(f.Members, topology.Member{Text: topology.Known(m, f.From("bindings"))})
		}
		v.facts.Grants = append(v.facts.Grants, f)
	}
}
