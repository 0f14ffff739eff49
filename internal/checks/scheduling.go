package checks

import (
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// The labels that GKE gives nodes and that tell pools apart (GKE documentation, "Node labels"; Kubernetes, "Well-known labels").
const (
	labelPool    = "cloud.google.com/gke-nodepool"
	labelPrivate = "cloud.google.com/private-node"
	labelArch    = "kubernetes.io/arch"
)

// onto reports whether a use's pods can come onto a pool; where selector and tolerations leave it open they can.
func (u use) onto(p *topology.NodePool) bool {
	for label, want := range u.NodeSelector {
		switch label {
		case labelPool:
			if p.Name != "" && p.Kind == "google_container_node_pool" && p.Name != want {
				return false
			}
		case labelPrivate:
			if private, known := p.Private.Get(); known && want != map[bool]string{true: "true", false: "false"}[private] {
				return false
			}
		case labelArch:
			if p.Architecture != "" && p.Architecture != want {
				return false
			}
		}
	}
	return !u.TolerationsTold || !slices.ContainsFunc(p.Taints, func(t topology.Taint) bool {
		return t.Effect != "PreferNoSchedule" && !slices.ContainsFunc(u.Tolerations, func(s string) bool { return tolerates(s, t) })
	})
}

// tolerates reads a toleration as kubectl writes the taint: key=value:effect, key:effect, or * for every key.
func tolerates(toleration string, t topology.Taint) bool {
	key, effect, hasEffect := strings.Cut(toleration, ":")
	if hasEffect && effect != t.Effect {
		return false
	}
	key, value, equal := strings.Cut(key, "=")
	return key == "*" && !equal || key == t.Key && (!equal || value == t.Value)
}

// pools are the pools that a use's pods can come onto; all of them where nothing fits, for then something is not seen.
func (k *Case) pools(u use) []*topology.NodePool {
	var out []*topology.NodePool
	for _, p := range k.Cluster.Pools {
		if u.onto(p) {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return k.Cluster.Pools
	}
	return out
}

// part is the private nodes of one group that may pull an image, and the hosts their containerd asks for its registry; nil where GKE's own
// order stands.
type part struct {
	*Group
	hosts []string
}

// parts are the private nodes that may pull an image. None: it is pulled by public nodes only, and asks nothing of the private path.
func (k *Case) parts(u use) []part {
	if k.private == nil {
		k.private, k.alike = k.everyPart()
	}
	if k.alike && len(u.NodeSelector) == 0 {
		return k.private
	}
	var out []part
	may := k.pools(u)
	for i := range k.Groups {
		g := &k.Groups[i]
		for _, p := range g.Pools {
			if !slices.Contains(may, p) {
				continue
			}
			one := part{g, p.RegistryHosts[u.ref.Host]}
			if !u.known {
				one.hosts = nil
			}
			if !slices.ContainsFunc(out, func(other part) bool {
				return other.Group == g && slices.Equal(other.hosts, one.hosts) && (other.hosts == nil) == (one.hosts == nil)
			}) {
				out = append(out, one)
			}
		}
	}
	return out
}

// plain are the parts whose containerd asks as GKE sets it up.
func plain(parts []part) []part {
	if !slices.ContainsFunc(parts, func(p part) bool { return p.hosts != nil }) {
		return parts
	}
	return slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return p.hosts != nil })
}

// everyPart is all private nodes, and whether nothing but labels tells them apart.
func (k *Case) everyPart() (parts []part, alike bool) {
	parts, alike = []part{}, true
	for i := range k.Groups {
		parts = append(parts, part{&k.Groups[i], nil})
	}
	for _, p := range k.Cluster.Pools {
		alike = alike && len(p.Taints)+len(p.RegistryHosts) == 0
	}
	return parts, alike
}

// googleHost is the first of the listed hosts when all of them are Google's; else empty.
func googleHost(hosts []string) string {
	first := ""
	for _, h := range hosts {
		_, rest, scheme := strings.Cut(h, "://")
		if !scheme {
			rest = h
		}
		rest, _, _ = strings.Cut(rest, "/")
		if image.ClassOf(rest) != image.Google {
			return ""
		}
		if first == "" {
			first = strings.ToLower(rest)
		}
	}
	return first
}
