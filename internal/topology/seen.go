package topology

// Seen says whether the absence of something in a collection of a network means that it does not exist, and if not, why not.
// That is so where the network is a managed resource of a plan or state given, or where a source listed the collection.
// It is the one place of the contract's rule "seen and unseen".
func (t *Topology) Seen(c Collection, network Value[ID]) (bool, string) {
	if r, told := t.readings[reading{c, AnyProject}]; told {
		return r.first.Refused == "" && r.first.NotTold == "", r.first.Refused + r.first.NotTold
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
	if r, told := t.readings[reading{c, project}]; told && (r.read || r.refused != "") {
		return r.read, r.refused
	}
	return false, "network \"" + name + "\" is not managed here: a state of the configuration that manages it (--state), an export (--assets) or a live read (--live) would tell"
}

// Refused says why a collection of a network that should have been read was not ("403: compute.routes.list"); empty where it was read, and where
// nobody tried. What nobody tried to read is Google's default; what was refused may hide anything.
func (t *Topology) Refused(c Collection, network Value[ID]) string {
	seen, why := t.Seen(c, network)
	if seen {
		return ""
	}
	if t.refusals[reading{c, why}] {
		return why
	}
	return ""
}

// RefusedIn says why a collection of a project could not be read; empty where it was, and where nobody tried.
func (t *Topology) RefusedIn(c Collection, project string) string {
	if r := t.readings[reading{c, project}]; !r.read {
		return r.refused
	}
	return ""
}

// Listed says whether a source listed a collection of a project as a whole, so that what is not there does not exist.
func (t *Topology) Listed(c Collection, project string) bool {
	return t.readings[reading{c, project}].whole || t.readings[reading{c, AnyProject}].whole
}

// reading is a collection of a project; in refusals, a collection and why it could not be read.
type reading struct {
	collection Collection
	of         string
}

// said is what all sources say of reading a collection of a project. One that read it is enough, whatever others were refused.
type said struct {
	first       Reading
	read, whole bool   // whole: and nothing of it is not told
	refused     string // the least, where nobody read it
}

func (t *Topology) indexReadings() {
	t.readings, t.refusals = map[reading]said{}, map[reading]bool{}
	for _, r := range t.facts.Readings {
		k := reading{r.Collection, r.Project}
		s, told := t.readings[k]
		if !told {
			s.first = r
		}
		s.read = s.read || r.Refused == ""
		s.whole = s.whole || r.Refused == "" && r.NotTold == ""
		if r.Refused != "" {
			t.refusals[reading{r.Collection, r.Refused}] = true
			if s.refused == "" || r.Refused < s.refused {
				s.refused = r.Refused
			}
		}
		if s.read {
			s.refused = ""
		}
		t.readings[k] = s
	}
}
