package diagnose

import (
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Explain lays a judged network beside the causes. A failed check explains the causes that its row names it for.
func (d *Diagnosis) Explain(j checks.Judgement) {
	d.Asked = len(j.Clusters) > 0
	for i := range d.Causes {
		if c := &d.Causes[i]; d.Asked && len(c.checks) > 0 {
			c.explain(j)
		}
	}
}

func (c *Cause) explain(j checks.Judgement) {
	clusters := c.clusters(j.Clusters)
	failed, undecided, judged := []checks.Result{}, false, false
	for _, r := range j.Results {
		if !slices.Contains(clusters, r.Cluster) || !slices.Contains(c.checks, r.Check) || !c.concerns(r) {
			continue
		}
		judged = judged || r.Status != topology.Skip
		undecided = undecided || r.Status == topology.Undecided
		if r.Status == topology.Fail {
			failed = append(failed, r)
		}
	}
	for _, r := range failed {
		follows := r.CausedBy != "" && slices.ContainsFunc(failed, func(o checks.Result) bool { return o.Cluster == r.Cluster && o.Check == r.CausedBy })
		if !follows {
			c.ExplainedBy = append(c.ExplainedBy, Explanation{report.Clean(nameOf(r.Cluster, j.Clusters)), r.Check, report.Clean(r.Message)})
		}
	}
	switch {
	case len(c.ExplainedBy) > 0:
		c.Network = Explained
	case undecided:
		c.Network = Undecided
	case judged:
		c.Network = NotExplained
	}
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
