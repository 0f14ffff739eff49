package live

import (
	"strings"

	"cloud.google.com/go/iam/apiv1/iampb"
)

// ancestry is what holds a project, itself first, and the policies there.
type ancestry struct {
	nodes []node
	// above are the folders and the organisation; known is false where not all of them could be asked for.
	above []string
	known bool
	// err is why not all grants are known.
	err error
}

type node struct {
	name   string // projects/P, folders/123, organizations/456
	policy *iampb.Policy
}

// deepest is more than folders nest: ten levels ("Resource hierarchy").
const deepest = 16

// ancestry asks for the policies of a project and of what is above it. Few may read those above, which is no trouble as long as the project's own
// policy grants what is needed.
func (r *reading) ancestry(id string) ancestry {
	var a ancestry
	keep := func(name string, p *iampb.Policy, err error) {
		if err == nil {
			a.nodes = append(a.nodes, node{name, p})
		} else if a.err == nil {
			a.err = err
		}
	}
	policy, err := look(r, projectPolicy, id)
	keep("projects/"+id, policy, err)
	p, err := look(r, project, id)
	parent := p.GetParent()
	for range deepest {
		if err != nil || parent == "" {
			break
		}
		a.above = append(a.above, parent)
		if !strings.HasPrefix(parent, "folders/") {
			policy, err := look(r, organizationPolicy, parent)
			keep(parent, policy, err)
			parent = ""
			break
		}
		policy, refused := look(r, folderPolicy, parent)
		keep(parent, policy, refused)
		f, unknown := look(r, folder, parent)
		parent, err = f.GetParent(), unknown
	}
	if err == nil && parent != "" {
		err = &refusal{why: "what is above project " + id + " does not end: " + folder.permission}
	}
	if a.known = err == nil; a.err == nil {
		a.err = err
	}
	return a
}

// inherit hands on the policies of projects and of what is above them, each once: many projects lie in one folder.
func (r *reading) inherit(projects []string, lines []ancestry) {
	done := map[string]bool{}
	for i, a := range lines {
		for _, n := range a.nodes {
			if !done[n.name] {
				done[n.name] = true
				r.inv.Policy("//cloudresourcemanager.googleapis.com/"+n.name, n.policy)
			}
		}
		if a.known {
			r.inv.Ancestors(projects[i], a.above)
		}
	}
}
