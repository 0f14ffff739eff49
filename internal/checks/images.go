package checks

import (
	"fmt"
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

// toInternet is the worst of some nodes' ways to the internet.
func (k *Case) toInternet(parts []part) reach {
	return k.once(parts, "", func() reach { return k.wayToInternet(parts) })
}

// once draws a way that all private nodes take only once, however many images take it.
func (k *Case) once(parts []part, host string, draw func() reach) reach {
	if len(parts) == 0 || len(k.private) != len(parts) || &parts[0] != &k.private[0] {
		return draw()
	}
	way, done := k.ways[host]
	if !done {
		way = draw()
		if k.ways == nil {
			k.ways = map[string]reach{}
		}
		k.ways[host] = way
	}
	return way
}

func (k *Case) wayToInternet(parts []part) reach {
	worst := reach{via: "internet"}
	for _, p := range parts {
		worst.take(p.Group, k.Paths.Internet(p.Source), map[string]string{egress.HopRoute: "internet-route", egress.HopFirewall: "egress-firewall", egress.HopExit: "nat-node-range"})
	}
	return worst
}

// toGoogle is the worst of some nodes' ways to a Google registry.
func (k *Case) toGoogle(parts []part, host string) reach {
	return k.once(parts, host, func() reach { return k.wayToGoogle(parts, host) })
}

func (k *Case) wayToGoogle(parts []part, host string) reach {
	worst := reach{via: "google"}
	for _, one := range parts {
		g := one.Group
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
		key := ref
		one := Image{Ref: ref, Normalized: normalized, Cluster: k.Cluster.Address}
		if u.loose {
			one.Cluster, key = "", ref+"\x00"
		}
		k.describe(u, &one)
		row := rows[key]
		if row == nil {
			row = &one
			rows[key] = row
			order = append(order, key)
		} else {
			row.worsen(one)
		}
		if !slices.Contains(row.From, u.From) {
			row.From = append(row.From, u.From)
		}
	}
	slices.Sort(order)
	var out []Image
	for _, key := range order {
		slices.Sort(rows[key].From)
		out = append(out, *rows[key])
	}
	return out
}

// worsen takes over how another use of the same image comes by it, if that is worse.
func (i *Image) worsen(other Image) {
	rank := map[string]int{"pass": 0, "unknown": 1, "fail": 2}
	if rank[other.Reachable] > rank[i.Reachable] {
		i.Reachable, i.Via, i.MirrorDependent = other.Reachable, other.Via, other.MirrorDependent
	}
	i.MirrorDependent = i.MirrorDependent || other.MirrorDependent
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
	if parts, asks := k.mirrored(u); asks && r.verdict != topology.Pass && r.via == "internet" {
		mirror := k.toGoogle(parts, "mirror.gcr.io")
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

// reachOf is the worst way that an image's nodes have to its host; decided is false where nothing can be said of it.
func (k *Case) reachOf(u use) (reach, bool) {
	parts := k.parts(u)
	if u.known && u.ref.Class == image.Private && len(parts) > 0 {
		if a, told := privateAddress(u.ref.Host); told {
			return k.toAddress(parts, a), true
		}
	}
	switch {
	case u.known && u.ref.Class == image.Private && len(parts) > 0, !u.known && u.Registry == "":
		return reach{}, false
	case len(parts) == 0:
		return reach{verdict: topology.Pass, via: "internet"}, true
	case !u.known:
		return k.toGoogle(parts, registryHosts(k.Cluster.Region())[0]), true
	}
	worst := reach{}
	if left := plain(parts); len(left) > 0 && u.ref.Class == image.Google {
		worst = k.toGoogle(left, strings.ToLower(u.ref.Host))
	} else if len(left) > 0 {
		worst = k.toInternet(left)
	}
	for _, p := range parts {
		if p.hosts == nil {
			continue
		}
		if way := k.elsewhere(u, p); worst.via == "" || way.verdict > worst.verdict {
			worst = way
		}
	}
	return worst, true
}

// elsewhere is the way to an image whose registry containerd_config leads to other hosts. Behind them stands the registry itself; what a host that is not
// Google's serves is not known.
func (k *Case) elsewhere(u use, p part) reach {
	one := []part{p}
	if way := k.toInternet(one); way.verdict == topology.Pass {
		return way
	}
	if host := googleHost(p.hosts); host != "" {
		return k.toGoogle(one, host)
	}
	detail := fmt.Sprintf("containerd_config sends %s to %s, which this network may or may not reach", u.ref.Host, orNone(p.hosts))
	return reach{verdict: topology.Undecided, via: "registry_hosts", group: p.Group, path: egress.Path{Status: topology.Undecided},
		broken: egress.Hop{Name: egress.HopExit, Status: topology.Undecided, Detail: detail}}
}

// mirrored reports whether some nodes ask mirror.gcr.io for this docker.io image.
func (k *Case) mirrored(u use) ([]part, bool) {
	parts := plain(k.parts(u))
	return parts, u.known && u.err == nil && u.ref.Class == image.DockerHub && len(parts) > 0
}
