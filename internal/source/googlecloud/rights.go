package googlecloud

import (
	"slices"
	"strings"

	"cloud.google.com/go/iam/apiv1/iampb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// rights is what may be told by a project's number, and waits for its ID.
type rights struct {
	policies     []policy
	repositories []*topology.Repository
	perimeters   []*topology.Perimeter
	ancestries   map[string][]string
	redirections map[string]topology.Value[string] // of the hosts of gcr.io, by project
}

// policy is an IAM policy without the members that no node can be.
type policy struct {
	resource string // projects/P/locations/L/repositories/R
	bindings []binding
	unread   string // why nothing of it is known
}

type binding struct {
	role        string
	members     []string
	conditional bool
}

// Ancestors says which folders and organisation hold a project, by its ID or number: folders/123, organizations/456. Their grants are the project's.
func (v *Inventory) Ancestors(project string, above []string) {
	if v.rights.ancestries == nil {
		v.rights.ancestries = map[string][]string{}
	}
	v.rights.ancestries[project] = above
}

// Policy adds an IAM policy; resource is the full resource name of what it is attached to. It says everything that is granted on that resource.
func (v *Inventory) Policy(resource string, p *iampb.Policy) {
	path, reads := policyPath(resource)
	if !reads {
		return
	}
	one := policy{resource: path}
	for _, b := range p.GetBindings() {
		kept := binding{role: b.GetRole(), conditional: b.GetCondition() != nil}
		for _, m := range b.GetMembers() {
			if mayBeNode(m) {
				kept.members = append(kept.members, m)
			}
		}
		if len(kept.members) > 0 {
			one.bindings = append(one.bindings, kept)
		}
	}
	v.rights.policies = append(v.rights.policies, one)
}

// mayBeNode reports whether a member can be a node's service account, or hold one. A person is none, and what was deleted holds nothing. Nor is one of
// Google's service agents, of which every project has many (IAM documentation, "Service agents").
func mayBeNode(member string) bool {
	agent := strings.HasPrefix(member, "serviceAccount:service-") && strings.Contains(member, "@gcp-sa-")
	return !agent && !strings.HasPrefix(member, "user:") && !strings.HasPrefix(member, "deleted:")
}

// Role adds a custom role: projects/P/roles/R or organizations/O/roles/R.
func (v *Inventory) Role(name string, permissions []string) {
	l := parseLink(name)
	f := &topology.Role{Object: v.object("google_project_iam_custom_role", "//iam.googleapis.com/"+name, l.project, "", l.name)}
	if l.project == "" {
		f.Kind = "google_organization_iam_custom_role"
		f.ID = topology.Identify(f.Kind, strings.TrimSuffix(name, "/roles/"+l.name), "global", l.name)
	}
	// Of thousands of permissions one is asked for.
	held := slices.DeleteFunc(slices.Clone(permissions), func(p string) bool { return !strings.HasPrefix(p, "artifactregistry.") })
	f.Permissions = topology.Known(slices.Clip(held), f.From("includedPermissions"))
	if v.once(f.ID) {
		v.facts.Roles = append(v.facts.Roles, f)
	}
}

// ServiceAccount adds a service account.
func (v *Inventory) ServiceAccount(project, email string) {
	address := "//iam.googleapis.com/projects/" + project + "/serviceAccounts/" + email
	f := &topology.ServiceAccount{Object: v.object("google_service_account", address, project, "", email)}
	f.Email = topology.Known(email, f.From("email"))
	if v.once(f.ID) {
		v.facts.Accounts = append(v.facts.Accounts, f)
	}
}
