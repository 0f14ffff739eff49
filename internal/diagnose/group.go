package diagnose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

// pull is what a pod asked for.
type pull struct{ namespace, pod, image string }

// who is the pull of a failure.
func who(f Failure) pull { return pull{f.Namespace, f.Pod, normalized(f.Image)} }

// ofCause gathers the failures of one row, or of one message that no row knows.
type ofCause struct {
	row     *row
	message string
	trust   Confidence
	// events and waiting count by pull: a pod's status shows the failure that its events have counted.
	counts map[pull]int
	pods   map[Pod]bool      // keyed without Recovered, which is the value
	images map[string]string // normalised to written
	hosts  map[string]bool
}

// Diagnose names the cause of every failure and groups equal causes over pods.
func Diagnose(r *Reading) Diagnosis {
	d := Diagnosis{Pods: r.Pods, Events: r.Events}
	groups := map[string]*ofCause{}
	known, knownPods := map[pull]bool{}, map[pull]bool{}
	var open []Failure
	readings := map[message]reading{}
	for _, f := range r.Failures {
		k := message{f.Message, f.Image, f.Reason, r.node(f.Node)}
		got, read := readings[k]
		if !read {
			got = readMessage(k)
			readings[k] = got
		}
		m := got.row
		switch {
		case m == nil && !got.caused:
			open = append(open, f)
			continue
		case m != nil && m.name == "pull-secret-missing":
			if r.recovered(f) {
				continue // all images came without that secret: no pull failed
			}
		default:
			known[who(f)] = true
			knownPods[pull{f.Namespace, f.Pod, ""}] = true
		}
		key := "?" + got.shown
		if m != nil {
			key = m.name
		}
		add(groups, key, got, f, r)
	}
	for _, f := range open {
		named := f.Image != "" && known[who(f)]
		nameless := f.Image == "" && knownPods[pull{f.Namespace, f.Pod, ""}]
		if !named && !nameless {
			got := readMessage(message{f.Message, f.Image, f.Reason, Node{}})
			got.row, got.trust = &causeless, causeless.confidence
			add(groups, causeless.name, got, f, r)
		}
	}
	d.fill(groups)
	return d
}

// message is what the reading of a failure depends on: a rollout repeats one message for thousands of pods, and it is read once.
type message struct {
	text, image, reason string
	node                Node
}

// reading is what a message comes to.
type reading struct {
	row    *row
	caused bool // it names a cause, known or not
	trust  Confidence
	host   string
	shown  string
}

func readMessage(k message) reading {
	s := examine(Failure{Message: k.text, Image: k.image, Reason: k.reason}, k.node)
	_, _, cause := unwrap(k.text)
	got := reading{row: match(s), caused: cause != "", trust: Unclear, host: s.host, shown: sanitize(k.text)}
	if got.row != nil {
		got.trust = got.row.trust(s)
	}
	return got
}

func add(groups map[string]*ofCause, key string, got reading, f Failure, r *Reading) {
	g := groups[key]
	if g == nil {
		g = &ofCause{row: got.row, counts: map[pull]int{}, pods: map[Pod]bool{}, images: map[string]string{}, hosts: map[string]bool{}}
		groups[key] = g
	}
	p := who(f)
	g.counts[p] += f.Count
	// The message that proves most is the example; of several the first in order of the alphabet, so that the order of the input does not show.
	better := rank(got.trust) - rank(g.trust)
	if better > 0 || better == 0 && (g.message == "" || got.shown != "" && got.shown < g.message) {
		g.message, g.trust = got.shown, got.trust
	}
	if f.Pod != "" {
		pod, recovered := Pod{Namespace: report.Clean(f.Namespace), Name: report.Clean(f.Pod), Node: report.Clean(f.Node)}, r.recovered(f)
		if before, there := g.pods[pod]; there {
			recovered = recovered && before
		}
		g.pods[pod] = recovered
	}
	if written := g.images[p.image]; f.Image != "" && (written == "" || f.Image < written) {
		g.images[p.image] = f.Image
	}
	if got.host != "" {
		g.hosts[got.host] = true
	}
}

func rank(c Confidence) int { return slices.Index([]Confidence{Unclear, Likely, Certain}, c) }

// fill writes the groups in the order of the table, what is not recognised by its message.
func (d *Diagnosis) fill(groups map[string]*ofCause) {
	pulls, pods := map[pull]bool{}, map[pull]bool{}
	for i := range table {
		if g := groups[table[i].name]; g != nil {
			d.Causes = append(d.Causes, g.cause())
		}
	}
	if g := groups[causeless.name]; g != nil {
		d.Causes = append(d.Causes, g.cause())
	}
	for _, key := range sortedKeys(groups) {
		g := groups[key]
		if g.row == nil {
			d.Unrecognised = append(d.Unrecognised, Unrecognised{Message: g.message, Images: g.written(), Pods: g.listed(), Count: g.count()})
		}
		for p := range g.counts {
			pulls[p] = true
			if p.pod != "" {
				pods[pull{p.namespace, p.pod, ""}] = true
			}
		}
	}
	named := map[pull]bool{}
	for p := range pulls {
		if p.image != "" {
			named[pull{p.namespace, p.pod, ""}] = true
		}
	}
	for p := range pulls {
		if p.image != "" || !named[p] { // what names no image is counted by its pod, once
			d.Pulls.Failed++
		}
	}
	d.Pulls.Pods = len(pods)
}

func (g *ofCause) cause() Cause {
	m := g.row
	c := Cause{Name: m.name, Title: m.title, Why: m.why, Fix: m.fix, Docs: m.docs, Images: g.written(), Pods: g.listed(), Count: g.count(),
		Message: g.message, Confidence: g.trust, Network: NotAsked, checks: m.checks, hosts: sortedKeys(g.hosts), wanted: sortedKeys(g.images)}
	for _, p := range c.Pods {
		if p.Node != "" {
			c.onNodes = append(c.onNodes, p.Node)
		}
	}
	return c
}

// count is how often it was seen; a pod's status that no event has counted is one time.
func (g *ofCause) count() int {
	n := 0
	for _, seen := range g.counts {
		n += max(1, seen)
	}
	return n
}

func (g *ofCause) written() []string {
	out := []string{}
	for _, name := range sortedKeys(g.images) {
		out = append(out, sanitize(g.images[name]))
	}
	return out
}

// listed gives the pods in order. An event may not name the node that the pod's status names: one entry for each pod and node, none for a node unknown.
func (g *ofCause) listed() []Pod {
	placed := map[Pod]bool{}
	for p := range g.pods {
		if p.Node != "" {
			placed[Pod{Namespace: p.Namespace, Name: p.Name}] = true
		}
	}
	out := []Pod{}
	for p := range g.pods {
		if p.Node != "" || !placed[Pod{Namespace: p.Namespace, Name: p.Name}] {
			p.Recovered = g.pods[p]
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Pod) int {
		return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name), strings.Compare(a.Node, b.Node))
	})
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
