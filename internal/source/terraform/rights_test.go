package terraform

import (
	"slices"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func account(name string) resource {
	return resource{address: "google_service_account." + name, after: object{"account_id": name, "project": "p"}, unknown: object{"email": true, "id": true, "name": true, "member": true}, config: object{}}
}

// Whom a grant names, and on what, however it is written.
func TestGrants(t *testing.T) {
	const nodes = "serviceAccount:nodes@p.iam.gserviceaccount.com"
	registry := resource{address: "google_artifact_registry_repository.r", after: object{"repository_id": "apps", "project": "p", "location": "r1"}, unknown: object{"id": true, "name": true}, config: object{}}
	byReference := refs("google_service_account.nodes.email", "google_service_account.nodes")
	for name, tc := range map[string]struct {
		typ            string
		after, unknown object
		config         object
		project, role  string
		members        []string // an account known only by reference as its address
		repository     bool
		open           bool // members are not told
		conditional    bool
		above          bool
	}{
		"a member":              {typ: "google_project_iam_member", after: object{"project": "p", "role": "roles/viewer", "member": nodes}, project: "p", role: "roles/viewer", members: []string{nodes}},
		"a project by its path": {typ: "google_project_iam_member", after: object{"project": "projects/p", "role": "roles/viewer", "member": nodes}, project: "p", role: "roles/viewer", members: []string{nodes}},
		"a member by reference": {typ: "google_project_iam_member", after: object{"project": "p", "role": "roles/viewer"}, unknown: object{"member": true}, config: object{"member": byReference},
			project: "p", role: "roles/viewer", members: []string{"addr:plan.json/google_service_account.nodes"}},
		"a binding": {typ: "google_project_iam_binding", after: object{"project": "p", "role": "roles/viewer", "members": []any{"allUsers", nodes}}, project: "p", role: "roles/viewer", members: []string{"allUsers", nodes}},
		"a binding by reference": {typ: "google_project_iam_binding", after: object{"project": "p", "role": "roles/viewer"}, unknown: object{"members": true}, config: object{"members": byReference},
			project: "p", role: "roles/viewer", members: []string{"addr:plan.json/google_service_account.nodes"}},
		"a binding that apply decides": {typ: "google_project_iam_binding", after: object{"project": "p", "role": "roles/viewer"}, unknown: object{"members": true}, project: "p", role: "roles/viewer", members: []string{"?"}, open: true},
		"on a repository":              {typ: "google_artifact_registry_repository_iam_member", after: object{"project": "p", "location": "r1", "repository": "apps", "role": "roles/viewer", "member": nodes}, project: "p", role: "roles/viewer", members: []string{nodes}, repository: true},
		"on a repository by reference": {typ: "google_artifact_registry_repository_iam_member", after: object{"project": "p", "location": "r1", "role": "roles/viewer", "member": nodes}, unknown: object{"repository": true},
			config: object{"repository": refs("google_artifact_registry_repository.r.name", "google_artifact_registry_repository.r")}, project: "p", role: "roles/viewer", members: []string{nodes}, repository: true},
		"under a condition": {typ: "google_project_iam_member", after: object{"project": "p", "role": "roles/viewer", "member": nodes, "condition": one(object{"title": "t"})}, project: "p", role: "roles/viewer", members: []string{nodes}, conditional: true},
		"on a folder":       {typ: "google_folder_iam_member", after: object{"folder": "folders/1", "role": "roles/viewer", "member": nodes}, role: "roles/viewer", members: []string{nodes}, above: true},
		"a policy":          {typ: "google_project_iam_policy", after: object{"project": "p", "policy_data": `{"bindings":[{"role":"roles/viewer","members":["` + nodes + `"]}]}`}, project: "p", role: "roles/viewer", members: []string{nodes}},
		"a policy under a condition": {typ: "google_project_iam_policy", after: object{"project": "p", "policy_data": `{"bindings":[{"role":"roles/viewer","members":["` + nodes + `"],"condition":{"title":"t"}}]}`},
			project: "p", role: "roles/viewer", members: []string{nodes}, conditional: true},
		"a policy that apply decides": {typ: "google_project_iam_policy", after: object{"project": "p"}, unknown: object{"policy_data": true}, project: "p", role: "?", open: true},
		"a policy that is no JSON":    {typ: "google_project_iam_policy", after: object{"project": "p", "policy_data": "none"}, project: "p", role: "?", open: true},
		"an empty policy":             {typ: "google_project_iam_policy", after: object{"project": "p", "policy_data": "{}"}, project: "p", role: "?"},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.config == nil {
				tc.config = object{}
			}
			f := build{resources: []resource{account("nodes"), registry, {address: tc.typ + ".g", after: tc.after, unknown: tc.unknown, config: tc.config}}}.read(t).After
			if len(f.Grants) != 1 {
				t.Fatalf("%d grants", len(f.Grants))
			}
			g := f.Grants[0]
			var members []string
			for _, m := range g.Members {
				text := m.Text.Or("?")
				if m.Account != "" {
					text = string(m.Account)
				}
				members = append(members, text)
			}
			// The plan of a test has a name of its own.
			if tc.members != nil && len(tc.members[0]) > 5 && tc.members[0][:5] == "addr:" {
				tc.members[0] = string(f.Accounts[0].ID)
			}
			if g.Project != tc.project || g.Role.Or("?") != tc.role || !slices.Equal(members, tc.members) || g.MembersTold == tc.open || g.Conditional != tc.conditional || g.Above != tc.above {
				t.Errorf("got %+v, members %v", g, members)
			}
			if (g.Repository != nil) != tc.repository {
				t.Errorf("repository %v", g.Repository)
			} else if tc.repository {
				is(t, "repository", *g.Repository, f.Repositories[0].ID)
			}
		})
	}
}

// A perimeter's projects and egress rules, inline or as resources of their own.
func TestPerimeters(t *testing.T) {
	const perimeter, name = "google_access_context_manager_service_perimeter.p", "accessPolicies/1/servicePerimeters/fence"
	rule := func(resources ...any) []any {
		return one(object{"egress_to": one(object{"resources": resources})})
	}
	whole := func(status object) resource {
		return resource{address: perimeter, after: object{"name": name, "status": one(status)}, config: object{}}
	}
	egress := func(of string, resources ...any) resource {
		return resource{address: "google_access_context_manager_service_perimeter_egress_policy.e", after: object{"perimeter": of, "egress_to": one(object{"resources": resources})}, config: object{}}
	}
	for what, tc := range map[string]struct {
		resources    []resource
		projects, to []string
	}{
		"inline":         {[]resource{whole(object{"resources": one("projects/1"), "egress_policies": rule("projects/2")})}, []string{"projects/1"}, []string{"projects/2"}},
		"no rule":        {[]resource{whole(object{"resources": one("projects/1")})}, []string{"projects/1"}, nil},
		"on its own":     {[]resource{whole(object{}), egress(name, "projects/2")}, []string{}, []string{"projects/2"}},
		"of another one": {[]resource{whole(object{}), egress("accessPolicies/1/servicePerimeters/other", "projects/2")}, []string{}, nil},
		"both":           {[]resource{whole(object{"egress_policies": rule("projects/2")}), egress(name, "projects/3")}, []string{}, []string{"projects/2", "projects/3"}},
		"a project": {[]resource{whole(object{}), {address: "google_access_context_manager_service_perimeter_resource.r", after: object{"resource": "projects/4"}, unknown: object{"perimeter_name": true},
			config: object{"perimeter_name": refs(perimeter+".name", perimeter)}}}, []string{"projects/4"}, nil},
	} {
		t.Run(what, func(t *testing.T) {
			p := build{resources: tc.resources}.read(t).After.Perimeters[0]
			projects, _ := p.Projects.Get()
			to, told := p.EgressTo.Get()
			if !told || !slices.Equal(projects, tc.projects) || !slices.Equal(to, tc.to) {
				t.Errorf("projects %v, egress to %v", projects, to)
			}
		})
	}
}

// A pool's account: by its address, by reference, the default one however it is written.
func TestPoolAccount(t *testing.T) {
	for name, tc := range map[string]struct {
		node, unknown, config object
		email                 string
		open                  bool
	}{
		"left out":           {node: object{}, config: object{}},
		"GKE's word for it":  {node: object{"service_account": "default"}, config: object{}},
		"an address":         {node: object{"service_account": "a@p.iam.gserviceaccount.com"}, config: object{}, email: "a@p.iam.gserviceaccount.com"},
		"a path":             {node: object{"service_account": "projects/p/serviceAccounts/a@p.iam.gserviceaccount.com"}, config: object{}, email: "a@p.iam.gserviceaccount.com"},
		"one of this plan":   {node: object{}, unknown: object{"service_account": true}, config: object{"service_account": refs("google_service_account.nodes.email", "google_service_account.nodes")}, email: "nodes@p.iam.gserviceaccount.com"},
		"what apply decides": {node: object{}, unknown: object{"service_account": true}, config: object{"service_account": refs("terraform_data.x.output", "terraform_data.x")}, open: true},
	} {
		t.Run(name, func(t *testing.T) {
			pool := resource{address: "google_container_node_pool.p", after: object{"name": "p", "cluster": "c", "location": "r1", "project": "p", "node_config": one(tc.node)},
				config: object{"cluster": refs("google_container_cluster.c.id", "google_container_cluster.c"), "node_config": one(tc.config)}}
			if tc.unknown != nil {
				pool.unknown = object{"node_config": one(tc.unknown)}
			}
			f := build{resources: []resource{account("nodes"), clusterAt("google_container_cluster.c", object{}), pool}}.read(t).After
			i := slices.IndexFunc(f.Clusters[0].Pools, func(p *topology.NodePool) bool { return p.Address == pool.address })
			if i < 0 {
				t.Fatal("no such pool")
			}
			if p := f.Clusters[0].Pools[i]; tc.open {
				unknown(t, "account", p.ServiceAccount, topology.KnownAfterApply)
			} else {
				is(t, "account", p.ServiceAccount, tc.email)
			}
		})
	}
}
