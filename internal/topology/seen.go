package topology

// Seen says whether the absence of something in a collection of a network means that it does not exist, and if not, why not.
// That is so where the network is a managed resource of a plan or state given, or where a source listed the collection.
// It is the one place of the contract's rule "seen and unseen".
func (t *Topology) Seen(c Collection, network Value[ID]) (bool, string) {
	for _, r := range t.facts.Readings {
		if r.Collection == c && r.Project == AnyProject {
			return r.Refused == "" && r.NotTold == "", r.Refused + r.NotTold
		}
	}
	id, known := network.Get()
	if !known {
		return false, "the network is not known: " + network.Why()
	}
	n := t.Network(id)
	if n != nil && n.Managed {
		return true, ""
	}
	name, project := string(id), ""
	if n != nil {
		name, project = n.Display(), n.Project
	} else if p, link := SplitID(id); link != "" {
		name, project = link, p
	}
	// One source that read the collection is enough, whatever others were refused.
	refused := ""
	for _, r := range t.facts.Readings {
		switch {
		case r.Collection != c || r.Project != project:
		case r.Refused == "":
			return true, ""
		case refused == "" || r.Refused < refused:
			refused = r.Refused
		}
	}
	if refused != "" {
		return false, refused
	}
	return false, "network \"" + name + "\" is not managed here: a state of the configuration that manages it (--state) would tell"
}

// Refused says why a collection of a network that should have been read was not ("403: compute.routes.list"); empty where it was read, and where
// nobody tried. What nobody tried to read is Google's default; what was refused may hide anything.
func (t *Topology) Refused(c Collection, network Value[ID]) string {
	seen, why := t.Seen(c, network)
	if seen {
		return ""
	}
	for _, r := range t.facts.Readings {
		if r.Collection == c && r.Refused == why {
			return why
		}
	}
	return ""
}

// Listed says whether a source listed a collection of a project as a whole, so that what is not there does not exist.
func (t *Topology) Listed(c Collection, project string) bool {
	for _, r := range t.facts.Readings {
		if r.Collection == c && (r.Project == project || r.Project == AnyProject) && r.Refused == "" && r.NotTold == "" {
			return true
		}
	}
	return false
}
