package topology

import (
	"slices"
	"testing"
)

func grantNamed(name, project, on string, repository ID) *Grant {
	g := &Grant{Object: Object{ID: ID(name), Address: name}, Project: project, Above: project == "" && on != "", On: on}
	if repository != "" {
		v := Known(repository, Origin{})
		g.Repository = &v
	}
	return g
}

// Grants reach a project from itself, its repositories and what is above it; where that is not told, from everything above anything.
func TestGrantsReaching(t *testing.T) {
	f := Facts{
		Grants: []*Grant{grantNamed("own", "p", "", ""), grantNamed("other", "q", "", ""), grantNamed("folder", "", "folders/1", ""), grantNamed("elsewhere", "", "folders/2", ""),
			grantNamed("loose", "", "", ""), grantNamed("repository", "q", "", Identify("google_artifact_registry_repository", "p", "us", "r"))},
		Ancestries: []*Ancestry{{Object: Object{ID: "a", Project: "p"}, Above: []string{"folders/1", "organizations/3"}}},
	}
	topology := New(f)
	for project, want := range map[string][]string{"p": {"folder", "loose", "own", "repository"}, "q": {"elsewhere", "folder", "loose", "other", "repository"}} {
		list, placed := topology.GrantsReaching(project)
		var got []string
		for _, g := range list {
			got = append(got, g.Address)
		}
		if slices.Sort(got); !slices.Equal(got, want) || placed != (project == "p") {
			t.Errorf("%s: %v, placed %v; want %v", project, got, placed, want)
		}
	}
}

// One source that read a collection is enough, whatever another was refused.
func TestRefusedIn(t *testing.T) {
	topology := New(Facts{Readings: []Reading{
		{Collection: IAM, Project: "p", Refused: "b"}, {Collection: IAM, Project: "p", Refused: "a"},
		{Collection: IAM, Project: "q", Refused: "c"}, {Collection: IAM, Project: "q"}, {Collection: DNS, Project: "r", Refused: "d"}}})
	for project, want := range map[string]string{"p": "a", "q": "", "r": "", "s": ""} {
		if got := topology.RefusedIn(IAM, project); got != want {
			t.Errorf("%s: %q, want %q", project, got, want)
		}
	}
}
