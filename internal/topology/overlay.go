package topology

// Lay puts facts over others: what both tell is taken from the upper, what the upper removed is gone.
// It is how a plan over a state becomes the network after apply.
func Lay(lower, upper Facts, removed []ID) Facts {
	gone := make(map[ID]bool, len(removed))
	for _, id := range removed {
		gone[id] = true
	}
	return Facts{
		Clusters:     lay(lower.Clusters, upper.Clusters, gone),
		Networks:     lay(lower.Networks, upper.Networks, gone),
		Subnetworks:  lay(lower.Subnetworks, upper.Subnetworks, gone),
		Routers:      lay(lower.Routers, upper.Routers, gone),
		NATs:         lay(lower.NATs, upper.NATs, gone),
		Routes:       lay(lower.Routes, upper.Routes, gone),
		Firewalls:    lay(lower.Firewalls, upper.Firewalls, gone),
		Zones:        lay(lower.Zones, upper.Zones, gone),
		RecordSets:   lay(lower.RecordSets, upper.RecordSets, gone),
		Responses:    lay(lower.Responses, upper.Responses, gone),
		NameServers:  lay(lower.NameServers, upper.NameServers, gone),
		Endpoints:    lay(lower.Endpoints, upper.Endpoints, gone),
		Masquerades:  lay(lower.Masquerades, upper.Masquerades, gone),
		Deferred:     lay(lower.Deferred, upper.Deferred, gone),
		Repositories: lay(lower.Repositories, upper.Repositories, gone),
		Accounts:     lay(lower.Accounts, upper.Accounts, gone),
		Grants:       lay(lower.Grants, upper.Grants, gone),
		Roles:        lay(lower.Roles, upper.Roles, gone),
		VPCSC:        lay(lower.VPCSC, upper.VPCSC, gone),
		Perimeters:   lay(lower.Perimeters, upper.Perimeters, gone),
		Secrets:      lay(lower.Secrets, upper.Secrets, gone),
		Answers:      lay(lower.Answers, upper.Answers, gone),
		Images:       layImages(lower.Images, upper.Images, gone),
		Readings:     append(append([]Reading(nil), lower.Readings...), upper.Readings...),
	}
}

func lay[T object](lower, upper []T, gone map[ID]bool) []T {
	over := make(map[ID]int, len(upper))
	out := make([]T, 0, len(lower)+len(upper))
	for _, v := range upper {
		over[v.object().ID] = len(out)
		out = append(out, v)
	}
	for _, v := range lower {
		o := v.object()
		if gone[o.ID] {
			continue
		}
		i, both := over[o.ID]
		switch {
		case !both:
			out = append(out, v)
		case o.Managed && !out[i].object().Managed:
			// A data source only mentions what another state manages.
			out[i] = v
		}
	}
	return out
}

func layImages(lower, upper []*ImageUse, gone map[ID]bool) []*ImageUse {
	over := make(map[string]bool, len(upper))
	for _, u := range upper {
		over[u.From] = true
	}
	out := append([]*ImageUse(nil), upper...)
	for _, u := range lower {
		if !over[u.From] && (u.Object.ID == "" || !gone[u.Object.ID]) {
			out = append(out, u)
		}
	}
	return out
}
