package checks

import (
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func perhaps(p *topology.NodePool) {
	p.Private = topology.Unknown[bool](topology.KnownAfterApply, p.From("network_config.enable_private_nodes"))
}

func TestClusterVerdict(t *testing.T) {
	good := nat("n")
	for _, tc := range []struct {
		name    string
		facts   topology.Facts
		policy  Policy
		verdict ClusterVerdict
		summary Summary
	}{
		{"all passes", world(good), Policy{}, ClusterPass, Summary{Clusters: 1, Passed: 1}},
		{"a warning", world(onlyPrimary()), Policy{}, ClusterWarn, Summary{Clusters: 1, Warned: 1}},
		{"an information is no warning", world(onlyPrimary(dynamic)), Policy{}, ClusterPass, Summary{Clusters: 1, Passed: 1}},
		{"an undecided error", world(unmanaged), Policy{}, ClusterUnknown, Summary{Clusters: 1, Unknown: 1}},
		{"an undecided error beside a warning", world(unmanaged, nat("n", lists(onlySecondary("gke", "nothing")))), Policy{}, ClusterUnknown, Summary{Clusters: 1, Unknown: 1}},
		{"an error beside an undecided one", world(unmanaged, denyAll), Policy{}, ClusterFail, Summary{Clusters: 1, Failed: 1}},
		{"an error", world(), Policy{}, ClusterFail, Summary{Clusters: 1, Failed: 1}},
		{"an error made a warning", world(), Policy{Severities: map[string]Severity{"nat-node-range": Warning}}, ClusterWarn, Summary{Clusters: 1, Warned: 1}},
		{"a warning made an error", world(onlyPrimary()), Policy{Severities: map[string]Severity{"nat-pod-range": Error}}, ClusterFail, Summary{Clusters: 1, Failed: 1}},
		{"an undecided warning is no question", world(good, pulls("registry.corp.internal/app:1")), Policy{}, ClusterPass, Summary{Clusters: 1, Passed: 1}},
		{"the check is skipped", world(), Policy{Skip: []string{"nat-node-range", "nat-pod-range"}}, ClusterPass, Summary{Clusters: 1, Passed: 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := judge(tc.facts, tc.policy)
			if got := j.Clusters[0].Verdict; got != tc.verdict {
				t.Errorf("verdict %s, want %s%s", got, tc.verdict, texts(j.Results))
			}
			if j.Summary != tc.summary {
				t.Errorf("summary %+v, want %+v", j.Summary, tc.summary)
			}
		})
	}
}

func TestCount(t *testing.T) {
	results := []Result{
		{Status: topology.Pass, Severity: Error}, {Status: topology.Pass, Severity: Warning}, {Status: topology.Skip, Severity: Error},
		{Status: topology.Fail, Severity: Error}, {Status: topology.Fail, Severity: Warning}, {Status: topology.Fail, Severity: Info},
		{Status: topology.Undecided, Severity: Error}, {Status: topology.Undecided, Severity: Warning},
		{Status: topology.Fail, Severity: Error, Suppressed: &Suppression{Reason: "known"}},
	}
	if got, want := Count(results), (Tests{Total: 8, Passed: 2, Warnings: 4, Failures: 1, Exceptions: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestPrivacy(t *testing.T) {
	none := cluster(func(c *topology.Cluster) { c.Pools = nil })
	for _, tc := range []struct {
		name    string
		changes []change
		want    string
	}{
		{"one private pool", nil, "all"},
		{"two private pools", []change{addPool("b")}, "all"},
		{"one of two", []change{addPool("b", public)}, "some"},
		{"a public pool", []change{pool(public)}, "none"},
		{"no pools", []change{none}, "none"},
		{"not known", []change{pool(perhaps)}, "unknown"},
		{"one not known", []change{addPool("b", perhaps)}, "unknown"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := judge(world(tc.changes...), Policy{}).Clusters[0].PrivateNodes; got != tc.want {
				t.Errorf("private_nodes %s, want %s", got, tc.want)
			}
		})
	}
}

// asksNetwork tells the checks of paths from those of references, rights and existence, which hold for any node. The last two look at the network
// only for what to tell besides: of the mirror, and that a refusal is no fault of the path.
func asksNetwork(name string) bool {
	c, _ := Find(name)
	return slices.Contains(c.Reads, topology.Subnetworks) && name != imageExists.Name && name != registryAccess.Name
}

// No private node pool: nothing is asked of the network.
func TestPublicClusters(t *testing.T) {
	everything := []change{pool(public), noDefaultRoute, denyAll, access(false, true), zone("gcr", "gcr.io"), pulls(quay), pulls(hub)}
	j := judge(world(everything...), Policy{Internet: "required"})
	for _, r := range j.Results {
		if asksNetwork(r.Check) {
			t.Errorf("%s is asked of a public cluster: %s", r.Check, r.Message)
		}
	}
	if j.Clusters[0].Verdict != ClusterPass {
		t.Errorf("verdict %s", j.Clusters[0].Verdict)
	}
}

// Nodes that may be private never fail the network's checks: what breaks is undecided, and says why.
func TestPerhapsPrivate(t *testing.T) {
	everything := []change{noDefaultRoute, denyAll, access(false, true), zone("gcr", "gcr.io", apex("gcr.io", privateAddresses...)), pulls(quay), pulls(hub), pulls(google)}
	for _, tc := range []struct {
		name    string
		changes []change
	}{
		{"every hop broken", append([]change{pool(perhaps)}, everything...)},
		{"gateways that clash", []change{pool(perhaps), nat("a", manual(0)), nat("b", lists(named("gke", "nothing")), manual(0))}},
		{"a second pool somewhere else", []change{nat("n", lists(entry("gke"))), addSubnetwork("far", "10.40.0.0/20"), addPool("far", in("far"), perhaps), pulls(quay), pulls(hub)}},
		{"a second pool with other tags", []change{nat("n"), addPool("tagged", tagged("x"), perhaps), rule("deny", topology.Deny, 1, "0.0.0.0/0", ruleTags("x"))}},
		{"a second pool too many", []change{nat("n", manual(1)), addPool("more", maxNodes(1000), perhaps)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := judge(world(tc.changes...), Policy{})
			undecided := 0
			for _, r := range slices.DeleteFunc(j.Results, func(r Result) bool { return !asksNetwork(r.Check) }) {
				wellMade(t, r)
				switch r.Status {
				case topology.Fail:
					t.Errorf("%s fails: %s", r.Check, r.Message)
				case topology.Undecided:
					undecided++
					if !strings.Contains(r.Message, "whether the nodes are private at all is not known: "+topology.KnownAfterApply) {
						t.Errorf("%s does not say why: %s", r.Check, r.Message)
					}
				}
			}
			if undecided == 0 || j.Summary.Failed != 0 {
				t.Errorf("%d undecided, summary %+v", undecided, j.Summary)
			}
		})
	}
	t.Run("a reference that does not parse fails on any node", func(t *testing.T) {
		compare(t, the(t, judge(world(pool(perhaps), pulls("Nginx")), Policy{}), "image-reference"), want{status: topology.Fail, severity: Error})
	})
	t.Run("certain pools still fail beside them", func(t *testing.T) {
		r := resultsOf(judge(world(addPool("b", perhaps)), Policy{}), "nat-node-range")
		if len(r) != 1 || r[0].Status != topology.Fail {
			t.Errorf("got%s", texts(r))
		}
	})
}

func TestGated(t *testing.T) {
	deferred := func(f *topology.Facts) {
		f.Deferred = append(f.Deferred, &topology.DeferredRead{Object: topology.Object{ID: "d", Kind: "gkepreflight_cluster", Address: "data.gkepreflight_cluster.c"}, Reason: "depends_on"})
	}
	expect(t, "gated", []expectation{
		{name: "none", facts: world()},
		{name: "put off to apply", facts: world(deferred), want: []want{{topology.Fail, Warning, "data.gkepreflight_cluster.c", []string{"only during apply", "depends_on", "did not gate this plan"}, "#", ""}}},
	})
	if r := the(t, judge(world(deferred), Policy{}), "gated"); r.Cluster != "" {
		t.Errorf("it belongs to no cluster, got %q", r.Cluster)
	}
}

// A cause is named only where it failed itself, on the same cluster.
func TestCausedBy(t *testing.T) {
	j := judge(world(pulls(quay)), Policy{})
	causes := map[string]bool{}
	for _, r := range j.Results {
		if r.CausedBy != "" {
			causes[r.CausedBy] = true
			if !slices.ContainsFunc(j.Results, func(c Result) bool {
				return c.Check == r.CausedBy && c.Status == topology.Fail && c.Cluster == r.Cluster
			}) {
				t.Errorf("%s names cause %s, which did not fail", r.Check, r.CausedBy)
			}
		}
	}
	if !causes["nat-node-range"] {
		t.Error("nothing follows from nat-node-range")
	}
	for _, r := range judge(world(pulls(quay)), Policy{Skip: []string{"nat-node-range"}}).Results {
		if r.CausedBy != "" {
			t.Errorf("%s names a cause that was not judged: %s", r.Check, r.CausedBy)
		}
	}
}
