package diagnose

import (
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// network is a judged network beside the failures.
type network struct {
	clusters []checks.Cluster
	results  []checks.Result
	// mended says for results of the network as it is that they do not fail in the network as planned.
	mended func(checks.Result) bool
}

// Explain lays a judged network beside the causes: a failed check explains the causes that its row names it for. Pods fail in the network as it is,
// so that where a cluster exists already, now speaks for it and planned only says whether the plan mends it.
func (d *Diagnosis) Explain(now, planned checks.Judgement) {
	n := network{clusters: slices.Clone(now.Clusters), results: slices.Clone(now.Results), mended: func(r checks.Result) bool {
		exists := func(list []checks.Cluster) bool {
			return slices.ContainsFunc(list, func(c checks.Cluster) bool { return c.Address == r.Cluster })
		}
		holds := false
		for _, o := range planned.Results {
			if o.Cluster == r.Cluster && o.Check == r.Check {
				if o.Status != topology.Pass {
					return false
				}
				holds = true
			}
		}
		return holds && exists(now.Clusters)
	}}
	for _, c := range planned.Clusters {
		if slices.ContainsFunc(now.Clusters, func(o checks.Cluster) bool { return o.Address == c.Address }) {
			continue
		}
		n.clusters = append(n.clusters, c)
		for _, r := range planned.Results {
			if r.Cluster == c.Address {
				n.results = append(n.results, r)
			}
		}
	}
	d.Asked = len(n.clusters) > 0
	for i := range d.Causes {
		if c := &d.Causes[i]; d.Asked && len(c.checks) > 0 {
			c.explain(n)
		}
	}
}

func (c *Cause) explain(n network) {
	clusters := c.clusters(n.clusters)
	var failed []checks.Result
	for _, r := range n.results {
		if !slices.Contains(clusters, r.Cluster) || !slices.Contains(c.checks, r.Check) || !c.concerns(r) {
			continue
		}
		if r.Status != topology.Skip && !slices.Contains(c.judged, r.Check) {
			c.judged = append(c.judged, r.Check)
		}
		if r.Status == topology.Undecided && !slices.Contains(c.open, r.Check) {
			c.open = append(c.open, r.Check)
		}
		if r.Status == topology.Fail {
			failed = append(failed, r)
		}
	}
	var fixes []string
	for _, r := range failed {
		follows := r.CausedBy != "" && slices.ContainsFunc(failed, func(o checks.Result) bool { return o.Cluster == r.Cluster && o.Check == r.CausedBy })
		if follows {
			continue
		}
		message := r.Message
		switch {
		case n.mended(r):
			message += "; the plan mends it"
		case r.Fix != "" && !slices.Contains(fixes, r.Fix):
			fixes = append(fixes, r.Fix)
		}
		c.ExplainedBy = append(c.ExplainedBy, Explanation{report.Clean(nameOf(r.Cluster, n.clusters)), r.Check, report.Clean(message)})
	}
	if len(fixes) > 0 {
		// What the check says of this network is closer than what is said of every network: another gateway beside one that leaves a range out may overlap it.
		c.Fix = harmless(strings.Join(fixes, "\n\n"))
	}
	switch {
	case len(c.ExplainedBy) > 0:
		c.Network = Explained
		if c.Confidence == Unclear {
			c.Confidence = Likely // of several causes, one was found to be there
		}
	case len(c.open) > 0:
		c.Network = Undecided
	case len(c.judged) > 0:
		c.Network = NotExplained
	}
}

// harmless makes lines safe to show, each for itself.
func harmless(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = report.Clean(line)
	}
	return strings.Join(lines, "\n")
}

// nameOf is what people call a cluster: its address, which names it in every report.
func nameOf(address string, clusters []checks.Cluster) string {
	for _, c := range clusters {
		if c.Address == address && c.Name != "" {
			return c.Name
		}
	}
	return address
}

// clusters are those that the nodes may belong to. GKE begins a node's name with "gke-CLUSTER-" ("gk3-" on Autopilot); where no name fits, for long
// names are cut, any of them may be meant.
func (c *Cause) clusters(all []checks.Cluster) []string {
	var fit, every []string
	for _, k := range all {
		every = append(every, k.Address)
		for _, node := range c.onNodes {
			if k.Name != "" && (strings.HasPrefix(node, "gke-"+k.Name+"-") || strings.HasPrefix(node, "gk3-"+k.Name+"-")) {
				fit = append(fit, k.Address)
				break
			}
		}
	}
	if len(fit) > 0 {
		return fit
	}
	return every
}

// concerns leaves out results about other images, and about the other of Google's two registry domains.
func (c *Cause) concerns(r checks.Result) bool {
	if r.Image != "" {
		return slices.Contains(c.wanted, r.Image)
	}
	if r.Check != "registry-dns" || r.Status == topology.Pass || len(c.hosts) == 0 {
		return true
	}
	subject, _, _ := strings.Cut(r.Message, ": ")
	if !strings.Contains(subject, "pkg.dev") && !strings.Contains(subject, "gcr.io") {
		return true
	}
	return slices.ContainsFunc(c.hosts, func(host string) bool {
		return strings.HasSuffix(host, "pkg.dev") && strings.Contains(subject, "pkg.dev") || strings.HasSuffix(host, "gcr.io") && strings.Contains(subject, "gcr.io") ||
			!strings.HasSuffix(host, "pkg.dev") && !strings.HasSuffix(host, "gcr.io")
	})
}
