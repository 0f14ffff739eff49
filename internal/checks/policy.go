package checks

import (
	"cmp"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Policy is what the user asks for.
type Policy struct {
	// Internet says what the nodes must reach: auto, required, images.
	Internet string
	// Mirror says what is made of images that only mirror.gcr.io can serve: deny, warn, allow.
	Mirror string
	// Only and Skip choose checks by name; Severities override severities by name.
	Only, Skip []string
	Severities map[string]Severity
	// Project, Location and Cluster choose clusters by glob; empty chooses all.
	Project, Location, Cluster string
	// HubLimit is how many unauthenticated pulls Docker Hub grants an address in six hours; zero for today's default.
	HubLimit int
	// Ignore are the exceptions. Today is the day they are held against, YYYY-MM-DD, handed in by the caller; without it none expires.
	Ignore []Exception
	Today  string
	// Baseline is what was found before and passes; what is new counts.
	Baseline []Known
	// DocsBase is put before a check's name to make its docs address.
	DocsBase string
	// docs are these addresses, made once: an estate has a result for each check on each cluster.
	docs map[string]string
}

func (p Policy) withDefaults() Policy {
	p.Internet = cmp.Or(p.Internet, "auto")
	p.Mirror = cmp.Or(p.Mirror, "deny")
	p.DocsBase = cmp.Or(p.DocsBase, DocsBase)
	p.docs = map[string]string{}
	for _, c := range All() {
		p.docs[c.Name] = p.DocsBase + c.Name
	}
	return p
}

// selected lists the checks asked for.
func (p Policy) selected() []Check {
	return slices.DeleteFunc(All(), func(c Check) bool { return !p.asks(c.Name) })
}

// asks reports whether a check is asked for.
func (p Policy) asks(check string) bool {
	return (len(p.Only) == 0 || slices.Contains(p.Only, check)) && !slices.Contains(p.Skip, check)
}

// narrowed reports whether some clusters may have been left out.
func (p Policy) narrowed() bool { return p.Project != "" || p.Location != "" || p.Cluster != "" }

func (p Policy) chooses(c *topology.Cluster) bool {
	return glob(p.Project, c.Project) && glob(p.Location, c.Location) && (glob(p.Cluster, c.Name) || glob(p.Cluster, c.Address))
}

// glob matches a whole text: * is any run of characters, / and . included, ? is any one, and nothing else is special, so that [0] is itself.
// An empty pattern matches everything.
func glob(pattern, text string) bool {
	if pattern == "" {
		return true
	}
	p, t := []rune(pattern), []rune(text)
	star, mark := -1, 0
	i, k := 0, 0
	for k < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, mark = i, k
			i++
		case i < len(p) && (p[i] == '?' || p[i] == t[k]):
			i, k = i+1, k+1
		case star >= 0:
			mark++
			i, k = star+1, mark
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}
