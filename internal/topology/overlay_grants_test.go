package topology

import (
	"slices"
	"strings"
	"testing"
)

// granted is a grant of roles/R on project p to members; change makes it another.
func granted(source, role string, members string, change ...func(*Grant)) *Grant {
	g := &Grant{Object: Object{ID: ID(source + " " + role + " " + members), Source: source}, Project: "p", Role: Known("roles/"+role, Origin{}), MembersTold: true}
	for _, m := range strings.Fields(members) {
		g.Members = append(g.Members, Member{Text: Known(m, Origin{})})
	}
	for _, c := range change {
		c(g)
	}
	return g
}

func binding(g *Grant)     { g.Binding = true }
func policy(g *Grant)      { g.Authoritative = true }
func conditional(g *Grant) { g.Conditional = true; g.ID += " if" }
func onFolder(g *Grant)    { g.Project, g.Above, g.On = "", true, "folders/1" }
func onRepository(g *Grant) {
	id := Known(Identify("google_artifact_registry_repository", "p", "r", "images"), Origin{})
	g.Repository = &id
}

// Grants are laid member by member, and what is authoritative leaves nothing else of its role or resource.
func TestLayGrants(t *testing.T) {
	api := func(role, member string, change ...func(*Grant)) *Grant {
		return granted("api", role, member, append([]func(*Grant){policy}, change...)...)
	}
	gone := func(g *Grant) []ID { return []ID{GrantID(g, g.Members[0])} }
	list := func(g ...*Grant) []*Grant { return g }
	for _, c := range []struct {
		name         string
		lower, upper []*Grant
		removed      []ID
		want         string
	}{
		{"a new member beside those there", list(api("reader", "a")), list(granted("plan", "reader", "b")), nil, "api reader a, plan reader b"},
		{"the same grant once", list(api("reader", "a")), list(granted("plan", "reader", "a")), nil, "api reader, plan reader a"},
		{"a destroyed member", list(api("reader", "a"), api("reader", "b")), nil, gone(granted("plan", "reader", "a")), "api reader, api reader b"},
		{"a destroyed member of a state's binding", list(granted("state", "reader", "a b", binding)), nil, gone(granted("plan", "reader", "a")), "state reader b"},
		{"the only member of a state's grant", list(granted("state", "reader", "a")), nil, gone(granted("plan", "reader", "a")), ""},
		{"another role stays", list(api("reader", "a"), api("writer", "a")), nil, gone(granted("plan", "reader", "a")), "api reader, api writer a"},
		{"a binding replaces its role", list(api("reader", "a"), api("writer", "a")), list(granted("plan", "reader", "b", binding)), nil, "api writer a, plan reader b"},
		{"a binding with no members", list(api("reader", "a")), list(granted("plan", "reader", "", binding)), nil, "plan reader"},
		{"a binding does not touch conditions", list(api("reader", "a", conditional)), list(granted("plan", "reader", "b", binding)), nil, "api reader a, plan reader b"},
		{"a conditional binding replaces nothing", list(api("reader", "a")), list(granted("plan", "reader", "b", binding, conditional)), nil, "api reader a, plan reader b"},
		{"a policy replaces all", list(api("reader", "a"), api("writer", "a", conditional)), list(granted("plan", "viewer", "b", policy)), nil, "plan viewer b"},
		{"a policy of the project leaves repositories", list(api("reader", "a", onRepository)), list(granted("plan", "viewer", "b", policy)), nil, "api reader a, plan viewer b"},
		{"a binding on a repository leaves the project", list(api("reader", "a")), list(granted("plan", "reader", "b", binding, onRepository)), nil, "api reader a, plan reader b"},
		{"a destroyed member of a repository", list(api("reader", "a"), api("reader", "a", onRepository)), nil, gone(granted("plan", "reader", "a", onRepository)), "api reader a, api reader"},
		{"a destroyed member with a condition", list(api("reader", "a", conditional), api("reader", "a")), nil, gone(granted("plan", "reader", "a", conditional)), "api reader, api reader a"},
		{"a policy of a folder", list(api("reader", "a", onFolder), api("reader", "b")), list(granted("plan", "reader", "c", binding, onFolder)), nil, "api reader b, plan reader c"},
		{"a project's binding leaves its folder", list(api("reader", "a", onFolder)), list(granted("plan", "reader", "b", binding)), nil, "api reader a, plan reader b"},
		{"what exists replaces what a state told", list(granted("state", "reader", "a")), list(api("reader", "b")), nil, "api reader b"},
		{"a member that is not known stays", list(granted("state", "reader", "", func(g *Grant) { g.Members = []Member{{}}; g.ID = "x" })), nil, gone(granted("plan", "reader", "a")), "state reader ?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, g := range Lay(Facts{Grants: c.lower}, Facts{Grants: c.upper}, c.removed).Grants {
				text := g.Source + " " + strings.TrimPrefix(g.Role.Or(""), "roles/")
				for _, m := range g.Members {
					text += " " + m.Text.Or("?")
				}
				got = append(got, text)
			}
			slices.Sort(got)
			want := strings.Split(c.want, ", ")
			slices.Sort(want)
			if strings.Join(got, ", ") != strings.Join(want, ", ") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
