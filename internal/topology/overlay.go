package topology

// Lay puts facts over others: what both tell is taken from the upper, what the upper removed is gone, and with it what lies in it.
// It is how a plan over a state, or over what exists, becomes the network after apply. The facts given stay as they are.
//
// Which of two objects with one identity is taken:
//
//	upper              over managed   over read              over mentioned
//	managed            upper          upper                  upper
//	read               upper (*)      upper                  upper
//	mentioned          lower          lower                  upper
//
// Managed objects are those of a plan or state, read ones those of Google Cloud, mentioned ones data sources. (*) What Google Cloud says now is newer
// than a state; the object keeps the address that people know it by, and stays managed.
func Lay(lower, upper Facts, removed []ID) Facts {
	gone := make(map[ID]bool, len(removed))
	for _, id := range removed {
		gone[id] = true
	}
	return Facts{
		Clusters:     layClusters(lower.Clusters, upper.Clusters, gone),
		Networks:     layNetworks(lower.Networks, upper.Networks, gone),
		Subnetworks:  lay(lower.Subnetworks, upper.Subnetworks, gone),
		Routers:      lay(lower.Routers, upper.Routers, gone),
		NATs:         layNATs(lower.NATs, upper.NATs, gone),
		Routes:       lay(lower.Routes, upper.Routes, gone, func(r *Route) Value[ID] { return r.Network }),
		Firewalls:    layRules(lower.Firewalls, upper.Firewalls, gone),
		Zones:        lay(lower.Zones, upper.Zones, gone),
		RecordSets:   lay(lower.RecordSets, upper.RecordSets, gone, func(r *RecordSet) Value[ID] { return r.Zone }),
		Responses:    layResponses(lower.Responses, upper.Responses, gone),
		NameServers:  lay(lower.NameServers, upper.NameServers, gone),
		Endpoints:    lay(lower.Endpoints, upper.Endpoints, gone),
		Masquerades:  lay(lower.Masquerades, upper.Masquerades, gone),
		Deferred:     lay(lower.Deferred, upper.Deferred, gone),
		Repositories: lay(lower.Repositories, upper.Repositories, gone),
		Accounts:     lay(lower.Accounts, upper.Accounts, gone),
		Grants:       layGrants(lower.Grants, upper.Grants, gone),
		Ancestries:   lay(lower.Ancestries, upper.Ancestries, gone),
		Roles:        lay(lower.Roles, upper.Roles, gone),
		VPCSC:        lay(lower.VPCSC, upper.VPCSC, gone),
		Perimeters:   lay(lower.Perimeters, upper.Perimeters, gone),
		Secrets:      lay(lower.Secrets, upper.Secrets, gone),
		Answers:      lay(lower.Answers, upper.Answers, gone),
		Images:       layImages(lower.Images, upper.Images, gone),
		Readings:     append(append([]Reading(nil), lower.Readings...), upper.Readings...),
	}
}

// fact is a pointer to a kind of fact.
type fact[S any] interface {
	*S
	object
}

// lay lays one kind. Inside says what an object lies in: it does not outlive that, though nobody removes it by name. Google Cloud deletes a
// router with its gateways, and a network with its routes.
func lay[S any, T fact[S]](lower, upper []T, gone map[ID]bool, inside ...func(T) Value[ID]) []T {
	over := make(map[ID]int, len(upper))
	out := make([]T, 0, len(lower)+len(upper))
	for _, v := range upper {
		over[v.object().ID] = len(out)
		out = append(out, v)
	}
below:
	for _, v := range lower {
		if gone[v.object().ID] {
			continue
		}
		for _, in := range inside {
			if id, known := in(v).Get(); known && gone[id] {
				continue below
			}
		}
		if i, both := over[v.object().ID]; both {
			out[i] = choose[S](v, out[i])
		} else {
			out = append(out, v)
		}
	}
	return out
}

// choose takes one of two that have the same identity, by the table of Lay.
func choose[S any, T fact[S]](lower, upper T) T {
	l, u := lower.object(), upper.object()
	switch {
	case u.Managed:
		return upper
	case u.Read && l.Managed:
		merged := *upper
		o := T(&merged).object()
		o.Address, o.Source, o.File, o.Line, o.Managed = l.Address, l.Source, l.File, l.Line, true
		return &merged
	case !u.Read && (l.Managed || l.Read):
		return lower
	}
	return upper
}
