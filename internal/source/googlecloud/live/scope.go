package live

import (
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// scope is what decides about the clusters: the networks that are in use, by project, and the accounts of their nodes.
type scope struct {
	networks map[topology.ID]bool
	// accounts are those of nodes, as members of a policy; projects have node pools that use the Compute Engine default account.
	accounts []string
	projects []string
	// told are the projects that other sources name.
	told map[string]bool
}

// networkKind is what the networks of an ID are.
const networkKind = "google_compute_network"

// scope goes by the clusters of every source alike.
func (r *reading) scope(live []cluster) scope {
	s := scope{networks: map[topology.ID]bool{}, told: map[string]bool{}}
	for _, c := range live {
		s.add(c.fact)
	}
	t := r.want.Told
	for _, c := range t.Clusters {
		s.add(c)
		s.name(c.Object)
		id, known := c.Network.Get()
		if !known {
			id, known = r.networkBehind(c.Subnetwork)
		}
		if known {
			s.networks[id] = true
			project, _ := topology.SplitID(id)
			s.told[project] = true
		}
	}
	for _, n := range t.Networks {
		s.name(n.Object)
	}
	for _, n := range t.Subnetworks {
		s.name(n.Object)
	}
	delete(s.told, "")
	slices.Sort(s.accounts)
	s.accounts = slices.Compact(s.accounts)
	slices.Sort(s.projects)
	s.projects = slices.Compact(s.projects)
	return s
}

func (s *scope) name(o topology.Object) { s.told[o.Project] = true }

func (s *scope) add(c *topology.Cluster) {
	if id, known := c.Network.Get(); known {
		s.networks[id] = true
	}
	for _, p := range c.Pools {
		switch account, known := p.ServiceAccount.Get(); {
		case !known:
		case c.Project != "" && (account == "" || account == "default"):
			s.projects = append(s.projects, c.Project)
		case account != "":
			s.accounts = append(s.accounts, "serviceAccount:"+account)
		}
	}
}

// networkBehind is the network of a cluster that tells only its subnetwork.
func (r *reading) networkBehind(subnetwork topology.Value[topology.ID]) (topology.ID, bool) {
	id, known := subnetwork.Get()
	if !known {
		return "", false
	}
	for _, s := range r.want.Told.Subnetworks {
		if s.ID == id {
			return s.Network.Get()
		}
	}
	project, name := topology.SplitID(id)
	if project == "" {
		return "", false
	}
	list, err := look(r, subnetworkList, project)
	if err != nil {
		return "", false // said where the project's networks are read, if any are
	}
	for _, s := range list {
		l := split(s.GetSelfLink())
		if s.GetName() == name && topology.Identify("google_compute_subnetwork", project, l["regions"], name) == id {
			return networkID(s.GetNetwork()), true
		}
	}
	return "", false
}

// hosts are the projects of the networks in use, sorted.
func (s *scope) hosts() []string {
	var out []string
	for id := range s.networks {
		if project, _ := topology.SplitID(id); project != "" {
			out = append(out, project)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// touches lists the networks of which the named sources manage something, and the projects whose clusters may lie there: those of the networks, and
// those of the clusters that are told of.
func touches(t topology.Facts, sources []string) (networks map[topology.ID]bool, near []string) {
	networks = map[topology.ID]bool{}
	its := func(o *topology.Object) bool { return o.Managed && slices.Contains(sources, o.Source) }
	on := func(o *topology.Object, network topology.Value[topology.ID]) {
		if id, known := network.Get(); known && its(o) {
			networks[id] = true
		}
	}
	for _, n := range t.Networks {
		on(&n.Object, topology.Known(n.ID, topology.Origin{}))
	}
	for _, s := range t.Subnetworks {
		on(&s.Object, s.Network)
	}
	routers := map[topology.ID]topology.Value[topology.ID]{}
	for _, r := range t.Routers {
		routers[r.ID] = r.Network
		on(&r.Object, r.Network)
	}
	for _, n := range t.NATs {
		if id, known := n.Router.Get(); known {
			on(&n.Object, routers[id])
		}
	}
	for _, r := range t.Routes {
		on(&r.Object, r.Network)
	}
	for _, f := range t.Firewalls {
		on(&f.Object, f.Network)
	}
	if len(networks) == 0 {
		return networks, nil
	}
	for id := range networks {
		project, _ := topology.SplitID(id)
		near = append(near, project)
	}
	for _, c := range t.Clusters {
		near = append(near, c.Project)
	}
	slices.Sort(near)
	return networks, slices.DeleteFunc(slices.Compact(near), func(p string) bool { return p == "" })
}

// split takes a link apart: its projects, regions, networks and so on by the word before each.
func split(link string) map[string]string {
	parts := strings.Split(strings.Trim(link, "/"), "/")
	out := map[string]string{}
	for i := 0; i+1 < len(parts); i++ {
		out[parts[i]] = parts[i+1]
	}
	return out
}

// networkID is the identity of the network that a link names.
func networkID(link string) topology.ID {
	l := split(link)
	return topology.Identify(networkKind, l["projects"], "global", l["networks"])
}
