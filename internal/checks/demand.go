package checks

import (
	"fmt"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// demand is what the internet is asked for: the contract's rule for --internet, in one place.
type demand struct {
	asked bool
	// severity caps a failure; reason says why nothing is asked, or why failures are only warnings.
	severity Severity
	reason   string
}

// demand decides for one group of nodes.
func (k *Case) demand(g *Group) demand {
	d, done := k.demands[g]
	if !done {
		d = k.demandOf(g)
		if k.demands == nil {
			k.demands = map[*Group]demand{}
		}
		k.demands[g] = d
	}
	return d
}

func (k *Case) demandOf(g *Group) demand {
	required := demand{asked: true, severity: Error}
	if k.Policy.Internet == "required" {
		return required
	}
	declared, found, needs, loose := 0, 0, 0, 0
	guessed := 0 // values of a Helm release and the like: they add demands and relax nothing
	for _, u := range k.uses() {
		switch {
		case u.err != nil: // nobody knows what was meant, so it relaxes nothing
		case u.declared:
			declared++
		case u.Inferred || u.Ref.Inferred:
			guessed++
		default:
			found++
		}
		switch {
		case !u.needsInternet(k.Policy.Mirror) || !k.asks(u, g):
		case u.loose:
			loose++
		default:
			needs++
		}
	}
	// A workload that may run on another cluster is never worth more than a warning.
	perhaps := demand{asked: true, severity: Warning, reason: "images that need the internet are pulled by workloads that may run on another cluster"}
	switch {
	case k.Policy.Internet == "images" && needs+loose == 0:
		return demand{reason: fmt.Sprintf("internet = images, and none of the %d images counted for this cluster needs the internet", declared+found+guessed)}
	case needs > 0:
		return required
	case loose > 0 && (declared+found > 0 || k.Policy.Internet == "images"):
		return perhaps
	case declared > 0:
		return demand{reason: fmt.Sprintf("none of the %d declared images needs the internet", declared)}
	case found > 0:
		return demand{asked: true, severity: Warning, reason: fmt.Sprintf("none of the %d images found in workloads needs the internet, but workloads elsewhere may", found)}
	case k.Paths.Isolated(g.Source):
		return demand{asked: true, severity: Warning, reason: "isolated by design; say internet = images"}
	}
	return required
}

// asks reports whether a use's pods may pull from its registry on a group's nodes.
func (k *Case) asks(u use, g *Group) bool {
	return slices.ContainsFunc(k.parts(u), func(p part) bool { return p.Group == g && googleHost(p.hosts) == "" })
}

// use is one image as it concerns a cluster.
type use struct {
	*topology.ImageUse
	ref      image.Reference
	err      error
	known    bool
	inferred bool // the image or its cluster is only inferred
	declared bool
	loose    bool // joined to no cluster where there are several: assumed to run on each
}

// needsInternet reports whether a pull may need the internet. An unknown image may, unless its references show a Google registry.
func (u use) needsInternet(mirror string) bool {
	switch {
	case u.err != nil:
		return false
	case !u.known:
		return u.Registry == ""
	}
	switch u.ref.Class {
	case image.Internet:
		return true
	case image.DockerHub:
		return mirror != "allow"
	}
	return false
}

// uses lists the images that this cluster's nodes pull. A workload that could not be joined is taken for this cluster where it is the only one.
func (k *Case) uses() []use {
	if k.read {
		return k.images
	}
	k.read = true
	list := k.Facts.ImagesOf(k.Cluster.ID)
	k.images = make([]use, 0, len(list))
	for _, i := range list {
		u := use{ImageUse: i, inferred: i.Inferred || i.Ref.Inferred, declared: i.Declared}
		if !i.Declared {
			u.inferred = u.inferred || !i.Cluster.Known() || i.Cluster.Inferred
			u.loose = !i.Cluster.Known() && len(k.Facts.Clusters()) > 1
		}
		var text string
		if text, u.known = i.Ref.Get(); u.known {
			u.ref, u.err = k.shared().parse(text)
		} else if i.Registry != "" {
			u.inferred = true
		}
		k.images = append(k.images, u)
	}
	return k.images
}
