package checks

import (
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// reach is how the private nodes of a cluster come by images of one kind.
type reach struct {
	verdict topology.Verdict
	via     string
	// broken is the first hop that fails or is not known, and cause the check that speaks of it.
	broken egress.Hop
	cause  string
	path   egress.Path
	group  *Group
}

// toInternet is the worst of the groups' ways to the internet.
func (k *Case) toInternet() reach {
	worst := reach{via: "internet"}
	for i := range k.Groups {
		worst.take(&k.Groups[i], k.Paths.Internet(k.Groups[i].Source), map[string]string{egress.HopRoute: "internet-route", egress.HopFirewall: "egress-firewall", egress.HopExit: "nat-node-range"})
	}
	return worst
}

// toGoogle is the worst of the groups' ways to a Google registry.
func (k *Case) toGoogle(host string) reach {
	worst := reach{via: "google"}
	for i := range k.Groups {
		g := &k.Groups[i]
		p := k.Paths.Google(g.Source, host)
		if _, reason := k.Paths.Access(g.Source); reason == egress.AccessConfigured {
			// GKE switches it on: this apply's nodes pull, the next apply is what private-google-access warns of.
			for n := range p.Hops {
				if p.Hops[n].Name == egress.HopAccess {
					p.Hops[n].Status = topology.Pass
				}
			}
			p = egress.Along(p.Hops...)
		}
		if res := k.Paths.Resolve(g.Network, host); res.Kind == egress.EndpointAddress {
			worst.via = "endpoint"
		}
		dns := "private-google-access"
		if k.Paths.Resolve(g.Network, host).Overridden {
			dns = "registry-dns"
		}
		worst.take(g, p, map[string]string{egress.HopDNS: "registry-dns", egress.HopRoute: dns, egress.HopFirewall: dns, egress.HopAccess: "private-google-access"})
	}
	return worst
}

// take keeps the path if it is the worst so far. Of nodes that may not be private no path fails.
func (r *reach) take(g *Group, p egress.Path, causes map[string]string) {
	if p.Status == topology.Fail && g.Maybe {
		hop := *first(p.Hops, topology.Fail)
		hop.Status, hop.Detail = topology.Undecided, hop.Detail+"; "+g.doubt()
		p = egress.Along(hop)
	}
	if p.Status <= r.verdict && r.path.Hops != nil {
		return
	}
	r.verdict, r.path, r.group = p.Status, p, g
	r.broken, r.cause = egress.Hop{}, ""
	if p.Status == topology.Fail || p.Status == topology.Undecided {
		r.broken = *first(p.Hops, p.Status)
		r.cause = causes[r.broken.Name]
	}
}

// imageRows lists the cluster's images with how its nodes come by them.
func (k *Case) imageRows() []Image {
	rows := map[string]*Image{}
	var order []string
	for _, u := range k.uses() {
		ref, normalized := u.text()
		row := rows[ref]
		if row == nil {
			row = &Image{Ref: ref, Normalized: normalized, Cluster: k.Cluster.Address}
			if u.loose {
				row.Cluster = ""
			}
			k.describe(u, row)
			rows[ref] = row
			order = append(order, ref)
		}
		if !slices.Contains(row.From, u.From) {
			row.From = append(row.From, u.From)
		}
	}
	slices.Sort(order)
	var out []Image
	for _, ref := range order {
		slices.Sort(rows[ref].From)
		out = append(out, *rows[ref])
	}
	return out
}

// text is an image's reference as written and as normalised. An unknown one is called by what is known of it.
func (u use) text() (ref, normalized string) {
	if s, known := u.Ref.Get(); known {
		if u.err != nil {
			return s, ""
		}
		return s, u.ref.Normalized
	}
	if u.Registry != "" {
		return "(known after apply, in Artifact Registry)", ""
	}
	return "(known after apply)", ""
}

// describe fills in how an image is reached.
func (k *Case) describe(u use, row *Image) {
	row.Reachable, row.Via = "unknown", "unknown"
	if u.err != nil {
		row.Reachable, row.Via = "fail", "none"
		return
	}
	if len(k.Groups) == 0 && privacy(k.Cluster) == "none" {
		row.Reachable, row.Via = "pass", "internet"
		return
	}
	r, decided := k.reachOf(u)
	if !decided {
		return
	}
	if u.known && u.ref.Class == image.DockerHub && r.verdict != topology.Pass {
		mirror := k.toGoogle("mirror.gcr.io")
		row.MirrorDependent = r.verdict == topology.Fail && mirror.verdict != topology.Fail
		switch {
		case row.MirrorDependent:
			row.Via = "mirror" // whether it answers is not known, whatever the policy makes of that
			return
		case r.verdict == topology.Undecided:
			return
		}
	}
	row.Reachable = r.verdict.String()
	row.Via = r.via
	switch r.verdict {
	case topology.Fail:
		row.Via = "none"
	case topology.Undecided:
		row.Via = "unknown"
	}
}

// reachOf is the way an image's host takes; decided is false where nothing can be said of it.
func (k *Case) reachOf(u use) (reach, bool) {
	switch {
	case !u.known && u.Registry != "":
		return k.toGoogle(registryHosts(k.Cluster.Region())[0]), true
	case !u.known || u.ref.Class == image.Private:
		return reach{}, false
	case u.ref.Class == image.Google:
		return k.toGoogle(strings.ToLower(u.ref.Host)), true
	}
	return k.toInternet(), true
}
