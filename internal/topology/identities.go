package topology

// Identities calls with every identity that Lay compares, and the object that has it: node pools by their name in the cluster, grants member by
// member, rules of policies by their priority.
func (f Facts) Identities(yield func(ID, *Object) bool) {
	each := func(o *Object) bool { return yield(o.ID, o) }
	_ = all(f.Networks, each) && all(f.Subnetworks, each) && all(f.Routers, each) && all(f.NATs, each) && all(f.Routes, each) &&
		all(f.Zones, each) && all(f.RecordSets, each) && all(f.Responses, each) && all(f.NameServers, each) && all(f.Endpoints, each) &&
		all(f.Masquerades, each) && all(f.Deferred, each) && all(f.Repositories, each) && all(f.Accounts, each) && all(f.Roles, each) &&
		all(f.Ancestries, each) && all(f.VPCSC, each) && all(f.Perimeters, each) && all(f.Secrets, each) && all(f.Answers, each) &&
		f.clusters(yield) && f.rules(yield) && f.grants(yield) && f.images(yield)
}

func all[T object](list []T, each func(*Object) bool) bool {
	for _, v := range list {
		if !each(v.object()) {
			return false
		}
	}
	return true
}

func (f Facts) clusters(yield func(ID, *Object) bool) bool {
	for _, c := range f.Clusters {
		if !yield(c.ID, &c.Object) {
			return false
		}
		for _, p := range c.Pools {
			if !p.StandsIn() && p.Name != "" && !yield(PoolID(c, p), &p.Object) {
				return false
			}
		}
	}
	return true
}

func (f Facts) rules(yield func(ID, *Object) bool) bool {
	for _, r := range f.Firewalls {
		if !yield(RuleID(r), &r.Object) {
			return false
		}
	}
	return true
}

func (f Facts) grants(yield func(ID, *Object) bool) bool {
	for _, g := range f.Grants {
		if !yield(g.ID, &g.Object) {
			return false
		}
		for _, m := range g.Members {
			if id := GrantID(g, m); id != "" && !yield(id, &g.Object) {
				return false
			}
		}
	}
	return true
}

func (f Facts) images(yield func(ID, *Object) bool) bool {
	for _, u := range f.Images {
		if u.Object.ID != "" && !yield(u.Object.ID, &u.Object) {
			return false
		}
	}
	return true
}
