package report

import (
	"cmp"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// group is what a reader gets to see of one cluster, or of what belongs to no cluster.
type group struct {
	checks.Cluster
	results    []*checks.Result
	findings   []finding
	exceptions []*checks.Result
	passed     []string
	unasked    []unasked
	images     []checks.Image
}

// unasked are internet checks that were skipped for one reason.
type unasked struct {
	reason string
	checks []string
}

// internetChecks are those whose silence a reader must not take for approval.
var internetChecks = []string{"nat-node-range", "nat-pod-range", "internet-route", "egress-firewall"}

// groups sorts a report by cluster: worst first, then by address. Results of no listed cluster get a group of their own,
// at the end.
func groups(r Report) []group {
	list := make([]group, 0, len(r.Clusters)+1)
	for _, c := range r.Clusters {
		list = append(list, group{Cluster: c})
	}
	slices.SortStableFunc(list, func(a, b group) int {
		return cmp.Or(clusterRank(a.Verdict)-clusterRank(b.Verdict), cmp.Compare(a.Address, b.Address))
	})
	at := make(map[string]int, len(list))
	for i, g := range list {
		// Two sources may use one address for clusters of their own: what is wrong with either shows under the worse.
		if _, taken := at[g.Address]; !taken {
			at[g.Address] = i
		}
	}
	of := func(cluster string) int {
		i, ok := at[cluster]
		if !ok {
			i = len(list)
			at[cluster] = i
			list = append(list, group{Cluster: checks.Cluster{Address: cluster}})
		}
		return i
	}
	results := map[int][]*checks.Result{}
	for k := range r.Results {
		i := of(r.Results[k].Cluster)
		results[i] = append(results[i], &r.Results[k])
	}
	for _, image := range r.Images {
		i := of(image.Cluster)
		list[i].images = append(list[i].images, image)
	}
	for i := range list {
		list[i].fill(results[i])
	}
	return list
}

func clusterRank(v checks.ClusterVerdict) int {
	return slices.Index([]checks.ClusterVerdict{checks.ClusterFail, checks.ClusterUnknown, checks.ClusterWarn, checks.ClusterPass}, v)
}

func (g *group) fill(results []*checks.Result) {
	g.results = results
	var open []*checks.Result
	worst := map[string]topology.Verdict{}
	for _, r := range results {
		worst[r.Check] = topology.All(worst[r.Check], r.Status)
		switch {
		case r.Suppressed != nil:
			g.exceptions = append(g.exceptions, r)
		case r.Status == topology.Fail || r.Status == topology.Undecided:
			open = append(open, r)
		case r.Status == topology.Skip && slices.Contains(internetChecks, r.Check):
			g.skip(r)
		}
	}
	for _, r := range results {
		if worst[r.Check] == topology.Pass && !slices.Contains(g.passed, r.Check) {
			g.passed = append(g.passed, r.Check)
		}
	}
	g.findings = fold(open)
}

func (g *group) skip(r *checks.Result) {
	i := slices.IndexFunc(g.unasked, func(u unasked) bool { return u.reason == r.Message })
	if i < 0 {
		i = len(g.unasked)
		g.unasked = append(g.unasked, unasked{reason: r.Message})
	}
	if !slices.Contains(g.unasked[i].checks, r.Check) {
		g.unasked[i].checks = append(g.unasked[i].checks, r.Check)
	}
}

// title is what the cluster goes by where a reader must be able to look it up.
func (g *group) title() string { return Clean(cmp.Or(g.Address, g.Name, beside)) }

// beside heads what belongs to no cluster.
const beside = "beside the clusters"

// quiet reports whether nothing about the cluster needs to be read.
func (g *group) quiet() bool {
	return g.Verdict == checks.ClusterPass && len(g.findings) == 0 && len(g.exceptions) == 0
}
