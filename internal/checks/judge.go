package checks

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// DocsBase is where a check's page lives; its name follows.
const DocsBase = "https://registry.terraform.io/providers/gkepreflight/gkepreflight/latest/docs/guides/check-"

// Judge holds every selected check against every selected cluster. Before is the world that the plan changes, nil when nothing was there or nothing
// changes: what held then and fails now is a regression.
func Judge(after, before *topology.Topology, p Policy) Judgement {
	p = p.withDefaults()
	var j Judgement
	var cases []*Case
	paths, together, asked := egress.New(after), &fleet{cases: map[topology.ID]*Case{}}, p.selected()
	for _, c := range after.Clusters() {
		if p.chooses(c) {
			k := newCase(after, paths, c, p)
			k.fleet, together.cases[c.ID] = together, k
			cases = append(cases, k)
		}
	}
	// An estate has many results, and they are not to be copied as they become more.
	found := make([]Result, 0, len(cases)*len(asked))
	past := heldBefore(before, after, p)
	for _, k := range cases {
		results := judgeCluster(k, asked, p)
		for i := range results {
			r := &results[i]
			r.Regression = r.Status == topology.Fail && past.held(r)
		}
		cause(results)
		found = append(found, results...)
		j.Images = append(j.Images, k.imageRows()...)
	}
	for _, c := range asked {
		if c.Plan != nil {
			found = append(found, complete(c, c.Plan(after), "", p)...)
		}
	}
	j.Results, j.Images = gather(found, len(cases)), gatherImages(j.Images)
	j.Notes = suppress(j.Results, p)
	tallies := make(map[string]tally, len(cases))
	for i := range j.Results {
		r := &j.Results[i]
		tallies[r.Cluster] = tallies[r.Cluster].with(r)
	}
	for _, k := range cases {
		j.Clusters = append(j.Clusters, Cluster{Address: k.Cluster.Address, Name: k.Cluster.Name, Project: k.Cluster.Project,
			Location: k.Cluster.Location, PrivateNodes: privacy(k.Cluster), Verdict: tallies[k.Cluster.Address].verdict()})
	}
	j.sort()
	j.Summary = summarize(j)
	return j
}

func judgeCluster(k *Case, asked []Check, p Policy) []Result {
	var out [][]Result
	for _, c := range asked {
		if c.Cluster != nil {
			out = append(out, complete(c, c.Cluster(k), k.Cluster.Address, p))
		}
	}
	return slices.Concat(out...)
}

// complete fills in what every result of a check has in common.
func complete(c Check, results []Result, cluster string, p Policy) []Result {
	docs := p.docs[c.Name]
	for i := range results {
		r := &results[i]
		r.Check, r.Cluster, r.Docs = c.Name, cluster, docs
		r.Severity = cmp.Or(r.Severity, c.Severity)
		if s, set := p.Severities[c.Name]; set {
			r.Severity = s
		}
	}
	return results
}

// cause keeps the causes that the checks marked only where the cause is itself a failure on the same cluster.
func cause(results []Result) {
	failed := map[string]bool{}
	for _, r := range results {
		if r.Status == topology.Fail {
			failed[r.Check] = true
		}
	}
	for i := range results {
		if r := &results[i]; r.CausedBy != "" && (r.Status != topology.Fail || !failed[r.CausedBy]) {
			r.CausedBy = ""
		}
	}
}

// tally is what the results of a cluster come to.
type tally struct{ failed, undecided, warned bool }

func (t tally) with(r *Result) tally {
	if r.Suppressed == nil {
		t.failed = t.failed || r.Severity == Error && r.Status == topology.Fail
		t.undecided = t.undecided || r.Severity == Error && r.Status == topology.Undecided
		t.warned = t.warned || r.Severity == Warning && r.Status == topology.Fail
	}
	return t
}

// verdict is a cluster's: an error that failed, else an error that is undecided, else a warning that failed.
func (t tally) verdict() ClusterVerdict {
	switch {
	case t.failed:
		return ClusterFail
	case t.undecided:
		return ClusterUnknown
	case t.warned:
		return ClusterWarn
	}
	return ClusterPass
}

func summarize(j Judgement) Summary {
	s := Summary{Clusters: len(j.Clusters)}
	for _, c := range j.Clusters {
		switch c.Verdict {
		case ClusterPass:
			s.Passed++
		case ClusterWarn:
			s.Warned++
		case ClusterFail:
			s.Failed++
		case ClusterUnknown:
			s.Unknown++
		}
	}
	for _, r := range j.Results {
		if r.Suppressed != nil {
			s.Suppressed++
		}
	}
	return s
}

// sort orders by cluster, then by the order of the checks, then by object.
func (j *Judgement) sort() {
	order := map[string]int{}
	for i, c := range All() {
		order[c.Name] = i
	}
	slices.SortStableFunc(j.Clusters, func(a, b Cluster) int { return strings.Compare(a.Address, b.Address) })
	slices.SortStableFunc(j.Images, func(a, b Image) int {
		return cmp.Or(strings.Compare(a.Cluster, b.Cluster), strings.Compare(a.Normalized, b.Normalized), strings.Compare(a.Ref, b.Ref))
	})
	slices.SortStableFunc(j.Results, func(a, b Result) int {
		return cmp.Or(strings.Compare(a.Cluster, b.Cluster), cmp.Compare(order[a.Check], order[b.Check]),
			strings.Compare(a.Object.Address, b.Object.Address), strings.Compare(a.Message, b.Message))
	})
}
