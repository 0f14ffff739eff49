package topology

// layClusters lays clusters, and their pools by name: one configuration may manage a cluster and others its pools.
func layClusters(lower, upper []*Cluster, gone map[ID]bool) []*Cluster {
	below := index(lower)
	above := index(upper)
	out := lay(lower, upper, gone)
	for i, c := range out {
		l, u := below[c.ID], above[c.ID]
		if gone[c.ID] {
			l = nil // a cluster that is replaced takes its pools with it
		}
		if l == nil {
			continue
		}
		laid := *c
		laid.Pools = layPools(l, u, gone)
		out[i] = &laid
	}
	return out
}

// layPools gives the pools of a cluster that the lower facts tell of. Pools that only they tell of stay, unless
//   - the plan removes them by name;
//   - Google Cloud was read above: a cluster is read with all its pools;
//   - the cluster is of Autopilot, whose nodes follow the cluster's own settings.
//
// Of pools of the same name the upper is taken, but for one that its cluster only lists: the resource that manages it tells more.
func layPools(lower, upper *Cluster, gone map[ID]bool) []*NodePool {
	below := make([]*NodePool, 0, len(lower.Pools))
	for _, p := range lower.Pools {
		if !gone[PoolID(lower, p)] {
			below = append(below, p)
		}
	}
	switch {
	case upper == nil:
		return below
	case upper.Autopilot.Or(false) && len(upper.Pools) > 0:
		return upper.Pools
	}
	named := make(map[string]*NodePool, len(below))
	exist := false
	for _, p := range below {
		named[p.Name] = p
		exist = exist || !p.StandsIn()
	}
	var out []*NodePool
	told := map[string]bool{}
	for _, p := range upper.Pools {
		if p.StandsIn() && exist {
			continue // it stood for pools that nobody told of
		}
		told[p.Name] = true
		switch l := named[p.Name]; {
		case l == nil || p.StandsIn():
		case listed(upper, p) && l.Managed && !listed(lower, l):
			p = l
		default:
			p = choose(l, p)
		}
		out = append(out, p)
	}
	if upper.Read && len(upper.Pools) > 0 {
		return out
	}
	for _, p := range below {
		if !told[p.Name] && (!p.StandsIn() || len(out) == 0) {
			out = append(out, p)
		}
	}
	return out
}

// StandsIn reports whether the pool is none that anybody named: it stands for whatever nodes its cluster has or will have.
func (p *NodePool) StandsIn() bool {
	return p.Kind == "google_container_cluster" || p.Name == "" && !p.Managed
}

// listed reports whether a pool was read from its cluster's own list.
func listed(c *Cluster, p *NodePool) bool { return p.ID == c.ID }

// PoolID is the identity of a node pool: its name is its own within its cluster only.
func PoolID(c *Cluster, p *NodePool) ID {
	return Identify("google_container_node_pool", c.Project, c.Location, c.Name+"/"+p.Name)
}
