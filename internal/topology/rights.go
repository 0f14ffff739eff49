package topology

import "slices"

// Repository is an Artifact Registry repository.
type Repository struct {
	Object
	// Format is DOCKER for images. Mode is STANDARD_REPOSITORY, REMOTE_REPOSITORY or VIRTUAL_REPOSITORY.
	Format Value[string]
	Mode   Value[string]
	// Upstream of a remote repository: DOCKER_HUB, or the URI of a registry.
	Upstream Value[string]
	// UpstreamAuthenticated is true when a remote repository has credentials for its upstream.
	UpstreamAuthenticated bool
	// Members are the repositories behind a virtual one.
	Members []Value[ID]
	// MembersTold is false when the list as a whole is unknown.
	MembersTold bool
	// Redirection, of a repository that stands for a host of gcr.io, is its project's setting for that host: REDIRECTION_FROM_GCR_IO_ENABLED, ….
	// Not in any source where nobody asked.
	Redirection Value[string]
}

// ServiceAccount is a Google service account.
type ServiceAccount struct {
	Object
	Email Value[string]
}

// Member is whom a grant names: a text such as serviceAccount:a@p.iam.gserviceaccount.com, or an account known only by reference.
type Member struct {
	Text    Value[string]
	Account ID
}

// Grant gives a role to members on a project or a repository.
type Grant struct {
	Object
	// Project the grant is on; Repository when it is on one repository of it. Above is true for one on a folder or an organisation, which may hold
	// any project; On is which one, as an Ancestry names it, and empty where that is not told.
	Project    string
	Above      bool
	On         string
	Repository *Value[ID]
	Role       Value[string]
	Members    []Member
	// MembersTold is false when the list as a whole is unknown.
	MembersTold bool
	// Conditional grants hold only where their condition does, which is not evaluated here.
	Conditional bool
	// Authoritative is true for a policy that says everything that is granted on its project.
	Authoritative bool
	// Binding is true for one that says everybody who has its role on its project or repository.
	Binding bool
}

// Ancestry says which folders and which organisation hold the object's project: folders/123, organizations/456. Their grants are the project's.
type Ancestry struct {
	Object
	Above []string
}

// Role is a custom role.
type Role struct {
	Object
	Permissions Value[[]string]
}

// VPCSCConfig is what remote repositories of a project and location may do inside a perimeter.
type VPCSCConfig struct {
	Object
	Policy Value[string] // ALLOW or DENY
}

// Perimeter is a VPC Service Controls perimeter.
type Perimeter struct {
	Object
	// Projects it protects, as projects/NUMBER or projects/ID.
	Projects Value[[]string]
	// Restricted are the services it restricts.
	Restricted Value[[]string]
	// EgressTo are the resources that its egress rules lead to; nil when they are not told.
	EgressTo Value[[]string]
}

// GrantsReaching lists the grants that may hold for a project: its own, those of its folders and organisation, and those of which it is not told what
// they are on. It says whether what is above the project is known; where it is not, every grant on a folder or an organisation may hold it.
func (t *Topology) GrantsReaching(project string) (list []*Grant, placed bool) {
	t.touch(IAM)
	list = append(slices.Clone(t.grants[project]), t.grants[""]...)
	a := t.ancestries[project]
	if a == nil {
		return append(list, t.above...), false
	}
	for _, node := range a.Above {
		list = append(list, t.grants[node]...)
	}
	return list, true
}

func (t *Topology) indexGrants() {
	t.grants, t.ancestries = map[string][]*Grant{}, make(map[string]*Ancestry, len(t.facts.Ancestries))
	for _, a := range t.facts.Ancestries {
		t.ancestries[a.Project] = a
	}
	for _, g := range t.facts.Grants {
		at := g.Project
		if g.Above {
			at = g.On
		}
		if g.Above && g.On != "" {
			t.above = append(t.above, g)
		}
		t.grants[at] = append(t.grants[at], g)
		if g.Repository == nil {
			continue
		}
		// A grant on a repository reaches it whatever project the resource that grants it was written for.
		if project, _ := SplitID(g.Repository.Or("")); project != "" && project != at {
			t.grants[project] = append(t.grants[project], g)
		}
	}
}
