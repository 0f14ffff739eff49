package topology

// layGrants lays grants, which have no names: a grant is what it says. One resource may tell of several members, and Google Cloud tells of each by
// itself, so they are laid member by member. Above a policy (google_project_iam_policy) nothing granted on its resource remains from below, and
// above a binding nothing of its role.
func layGrants(lower, upper []*Grant, gone map[ID]bool) []*Grant {
	told, whole := map[ID]bool{}, map[string]bool{}
	for _, g := range upper {
		told[g.ID] = true
		for _, m := range g.Members {
			told[GrantID(g, m)] = true
		}
		if on := g.on(); on != "" && g.Authoritative {
			whole[on] = true
		} else if role, known := g.Role.Get(); known && on != "" && g.Binding && !g.Conditional {
			whole[on+" "+role] = true
		}
	}
	out := append([]*Grant(nil), upper...)
	for _, g := range lower {
		on := g.on()
		if gone[g.ID] || told[g.ID] || whole[on] || whole[on+" "+g.Role.Or("")] && !g.Conditional {
			continue
		}
		if g = g.without(gone, told); g != nil {
			out = append(out, g)
		}
	}
	return out
}

// without is the grant with the members that are neither removed nor told above; nil when none of them remains.
func (g *Grant) without(gone, told map[ID]bool) *Grant {
	var left []Member
	for _, m := range g.Members {
		if id := GrantID(g, m); id == "" || !gone[id] && !told[id] {
			left = append(left, m)
		}
	}
	switch {
	case len(left) == len(g.Members):
		return g
	case len(left) == 0 && g.MembersTold && !g.Authoritative:
		return nil // what is authoritative still says that there is nothing else
	}
	fewer := *g
	fewer.Members = left
	return &fewer
}

// on names what the grant is on; empty where that is not known.
func (g *Grant) on() string {
	switch {
	case g.Above:
		return g.On
	case g.Repository == nil:
		return g.Project
	}
	return string(g.Repository.Or(""))
}

// GrantID is the identity of a role granted to one member; empty where not all of it is known.
func GrantID(g *Grant, m Member) ID {
	role, known := g.Role.Get()
	member, told := m.Text.Get()
	if on := g.on(); on != "" && known && told {
		id := Identify("iam_grant", g.Project, "global", on+"/"+role+"/"+member)
		if g.Conditional {
			id += "/conditional"
		}
		return id
	}
	return ""
}
