package terraform_test

import (
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const (
	a = "serviceAccount:a@p.iam.gserviceaccount.com"
	b = "serviceAccount:b@p.iam.gserviceaccount.com"
)

// livePolicies are the policies of a project, a repository in it and the folder above: a and b may read.
func livePolicies() topology.Facts {
	v := googlecloud.New("live")
	readers := &iampb.Policy{Bindings: []*iampb.Binding{{Role: "roles/artifactregistry.reader", Members: []string{a, b}}, {Role: "roles/viewer", Members: []string{a}}}}
	for _, on := range []string{"//cloudresourcemanager.googleapis.com/projects/p", "//artifactregistry.googleapis.com/projects/p/locations/r1/repositories/images",
		"//cloudresourcemanager.googleapis.com/folders/12"} {
		v.Policy(on, readers)
	}
	return v.Facts()
}

// granted lists who has which role on what: "p reader a, images viewer a". What says that there is nothing else is left out.
func granted(f topology.Facts) string {
	var out []string
	for _, g := range f.Grants {
		on := g.Project
		if g.Repository != nil {
			_, on = topology.SplitID(g.Repository.Or(""))
		}
		if g.Above {
			on = g.On
		}
		role := g.Role.Or("?")
		for _, m := range g.Members {
			text := m.Text.Or("?")
			text, _, _ = strings.Cut(strings.TrimPrefix(text, "serviceAccount:"), "@")
			out = append(out, on+" "+role[strings.LastIndexAny(role, "./")+1:]+" "+text)
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// A plan that grants or takes away roles leaves those of others as they are; what is authoritative for a role or a resource does not.
func TestGrantsUnderAPlan(t *testing.T) {
	const folder, repository, project = "folders/12 reader a, folders/12 reader b, folders/12 viewer a", "images reader a, images reader b, images viewer a", "p reader a, p reader b, p viewer a"
	repo := func(v object) object {
		v["project"], v["location"], v["repository"] = "p", "r1", "projects/p/locations/r1/repositories/images"
		return v
	}
	reader := "roles/artifactregistry.reader"
	grant := func(members ...any) object {
		v := object{"project": "p", "role": reader, "members": members}
		if len(members) == 1 {
			v["member"] = members[0]
		}
		return v
	}
	bindings := `{"bindings":[{"role":"roles/viewer","members":["` + b + `"]}]}`
	for _, c := range []struct {
		name          string
		address       string
		before, after object
		want          string
	}{
		{"a member", "google_project_iam_member.m", nil, grant("serviceAccount:c@p.iam.gserviceaccount.com"),
			folder + ", " + repository + ", p reader a, p reader b, p reader c, p viewer a"},
		{"a member destroyed", "google_project_iam_member.m", grant(a), nil, folder + ", " + repository + ", p reader b, p viewer a"},
		{"a member that stays", "google_project_iam_member.m", grant(a), grant(a), folder + ", " + repository + ", " + project},
		{"a member of another project destroyed", "google_project_iam_member.m", object{"project": "q", "role": reader, "member": a}, nil, folder + ", " + repository + ", " + project},
		{"a binding", "google_project_iam_binding.m", nil, grant(b), folder + ", " + repository + ", p reader b, p viewer a"},
		{"a binding that loses a member", "google_project_iam_binding.m", grant(a, b), grant(b), folder + ", " + repository + ", p reader b, p viewer a"},
		{"a binding destroyed", "google_project_iam_binding.m", grant(a, b), nil, folder + ", " + repository + ", p viewer a"},
		{"a policy", "google_project_iam_policy.m", nil, object{"project": "p", "policy_data": bindings}, folder + ", " + repository + ", p viewer b"},
		{"a policy that loses a binding", "google_project_iam_policy.m",
			object{"project": "p", "policy_data": `{"bindings":[{"role":"` + reader + `","members":["` + a + `"]},{"role":"roles/viewer","members":["` + b + `"]}]}`},
			object{"project": "p", "policy_data": bindings}, folder + ", " + repository + ", p viewer b"},
		{"a member of the repository destroyed", "google_artifact_registry_repository_iam_member.m", repo(object{"role": reader, "member": b}), nil,
			folder + ", images reader a, images viewer a, " + project},
		{"a binding of the repository", "google_artifact_registry_repository_iam_binding.m", nil, repo(object{"role": reader, "members": one(a)}),
			folder + ", images reader a, images viewer a, " + project},
		{"a policy of the repository", "google_artifact_registry_repository_iam_policy.m", nil, repo(object{"policy_data": bindings}), folder + ", images viewer b, " + project},
		{"a member of the folder destroyed", "google_folder_iam_member.m", object{"folder": "folders/12", "role": reader, "member": a}, nil,
			"folders/12 reader b, folders/12 viewer a, " + repository + ", " + project},
		{"a binding of another folder", "google_folder_iam_binding.m", nil, object{"folder": "13", "role": reader, "members": one(a)},
			folder + ", folders/13 reader a, " + repository + ", " + project},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := laid(t, livePolicies(), terraform.Input{Plans: []string{planOf(t, change{address: c.address, before: c.before, after: c.after})}})
			if got := granted(r.After); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if c.after != nil && c.before == nil {
				if got := granted(r.Before); got != folder+", "+repository+", "+project {
					t.Errorf("before it was %s", got)
				}
			}
		})
	}
}
