package diagnose

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func judged(names []string, results ...checks.Result) checks.Judgement {
	j := checks.Judgement{Results: results}
	for _, n := range names {
		j.Clusters = append(j.Clusters, checks.Cluster{Address: "google_container_cluster." + n, Name: n})
	}
	return j
}

func result(cluster, check string, status topology.Verdict, changes ...func(*checks.Result)) checks.Result {
	r := checks.Result{Cluster: "google_container_cluster." + cluster, Check: check, Status: status, Message: check + " of " + cluster}
	for _, change := range changes {
		change(&r)
	}
	return r
}

func causedBy(check string) func(*checks.Result) {
	return func(r *checks.Result) { r.CausedBy = check }
}
func about(image string) func(*checks.Result) { return func(r *checks.Result) { r.Image = image } }
func saying(text string) func(*checks.Result) { return func(r *checks.Result) { r.Message = text } }
func by(check, message string) Explanation    { return Explanation{"apps", check, message} }

func TestExplain(t *testing.T) {
	const (
		hub    = `Failed to pull image "nginx:1.27": docker.io/library/nginx:1.27: not found`
		google = `Failed to pull image "gcr.io/p/app": Head "https://gcr.io/v2/p/app": dial tcp 142.250.1.82:443: i/o timeout`
		fail   = topology.Fail
	)
	for name, tc := range map[string]struct {
		message      string
		now, planned checks.Judgement
		want         Network
		by           []Explanation
	}{
		"no gateway":          {hub, checks.Judgement{}, judged([]string{"apps"}, result("apps", "nat-node-range", fail)), Explained, []Explanation{by("nat-node-range", "nat-node-range of apps")}},
		"all is well":         {hub, checks.Judgement{}, judged([]string{"apps"}, result("apps", "nat-node-range", topology.Pass)), NotExplained, nil},
		"not known":           {hub, checks.Judgement{}, judged([]string{"apps"}, result("apps", "nat-node-range", topology.Undecided)), Undecided, nil},
		"all was skipped":     {hub, checks.Judgement{}, judged([]string{"apps"}, result("apps", "nat-node-range", topology.Skip)), NotAsked, nil},
		"no cluster":          {hub, checks.Judgement{}, checks.Judgement{}, NotAsked, nil},
		"trap: another check": {hub, checks.Judgement{}, judged([]string{"apps"}, result("apps", "private-google-access", fail)), NotAsked, nil},
		"trap: no internet, and a pull from Google": {google, checks.Judgement{}, judged([]string{"apps"}, result("apps", "nat-node-range", fail), result("apps", "private-google-access", topology.Pass)), NotExplained, nil},
		"one cause is said once": {hub, checks.Judgement{}, judged([]string{"apps"}, result("apps", "nat-node-range", fail),
			result("apps", "mirror-dependence", fail, causedBy("nat-node-range"), about("docker.io/library/nginx:1.27"))), Explained, []Explanation{by("nat-node-range", "nat-node-range of apps")}},
		"trap: another image":                         {hub, checks.Judgement{}, judged([]string{"apps"}, result("apps", "mirror-dependence", fail, about("docker.io/library/redis:7"))), NotAsked, nil},
		"trap: another cluster's nodes":               {hub, checks.Judgement{}, judged([]string{"apps", "other"}, result("apps", "nat-node-range", topology.Pass), result("other", "nat-node-range", fail)), NotExplained, nil},
		"what follows from a check that is not asked": {google, checks.Judgement{}, judged([]string{"apps"}, result("apps", "private-google-access", fail, causedBy("egress-firewall"))), Explained, []Explanation{by("private-google-access", "private-google-access of apps")}},
		"trap: the zone of the other domain":          {google, checks.Judgement{}, judged([]string{"apps"}, result("apps", "registry-dns", fail, saying(`cluster "apps" does not reach us-central1-docker.pkg.dev: no record; gcr.io is resolved`))), NotAsked, nil},
		"the zone of this domain":                     {google, checks.Judgement{}, judged([]string{"apps"}, result("apps", "registry-dns", fail, saying(`cluster "apps" does not reach gcr.io: no record`))), Explained, []Explanation{by("registry-dns", `cluster "apps" does not reach gcr.io: no record`)}},
		"the plan mends it": {hub, judged([]string{"apps"}, result("apps", "nat-node-range", fail)), judged([]string{"apps"}, result("apps", "nat-node-range", topology.Pass)), Explained,
			[]Explanation{by("nat-node-range", "nat-node-range of apps; the plan mends it")}},
		"trap: the plan breaks it, later": {hub, judged([]string{"apps"}, result("apps", "nat-node-range", topology.Pass)), judged([]string{"apps"}, result("apps", "nat-node-range", fail)), NotExplained, nil},
		"hostile words":                   {hub, checks.Judgement{}, judged([]string{"apps"}, result("apps", "nat-node-range", fail, saying("a\x1b[2J"))), Explained, []Explanation{by("nat-node-range", `a\x1b[2J`)}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReading()
			f := Failure{Namespace: "n", Pod: "a", Node: "gke-apps-default-pool-1a2b-x1", Reason: "Failed", Message: tc.message, Count: 1}
			f.Image, _, _ = unwrap(tc.message)
			r.Failures = []Failure{f}
			d := Diagnose(r)
			d.Explain(tc.now, tc.planned)
			c := d.Causes[0]
			if c.Network != tc.want {
				t.Errorf("network %s, want %s", c.Network, tc.want)
			}
			if diff := cmp.Diff(tc.by, c.ExplainedBy); diff != "" {
				t.Error(diff)
			}
			if c.Name == "docker-hub-not-found" && (c.Confidence == Likely) != (tc.want == Explained) {
				t.Errorf("confidence %s though %s", c.Confidence, c.Network)
			}
		})
	}
}

func TestNodesOfNoNamedClusterMayBeOfAny(t *testing.T) {
	r := newReading()
	r.Failures = []Failure{{Pod: "a", Image: "quay.io/a/b", Node: "gke-a-very-long-name-that-was-cut-1a2b", Message: `Failed to pull image "quay.io/a/b": dial tcp 54.1.2.3:443: i/o timeout`}}
	d := Diagnose(r)
	d.Explain(checks.Judgement{}, judged([]string{"x", "y"}, result("x", "nat-node-range", topology.Fail), result("y", "nat-node-range", topology.Fail)))
	if got := len(d.Causes[0].ExplainedBy); got != 2 {
		t.Errorf("got %d explanations, want both clusters", got)
	}
}

// The fix is the failed check's own where it has one: what is said of every network may do harm in this one.
func TestExplainShowsTheFixOfTheCheck(t *testing.T) {
	fixed := func(fix string) func(*checks.Result) { return func(r *checks.Result) { r.Fix = fix } }
	const message = `Failed to pull image "quay.io/a/b": Head "https://quay.io/v2/a/b": dial tcp 34.1.2.3:443: i/o timeout`
	r := newReading()
	r.Failures = []Failure{{Namespace: "n", Pod: "a", Node: "gke-apps-default-pool-1a2b-x1", Reason: "Failed", Message: message, Image: "quay.io/a/b", Count: 1}}
	usual := Diagnose(r).Causes[0].Fix
	gone := result("apps", "nat-node-range", topology.Fail, fixed("list it"))
	for name, tc := range map[string]struct {
		now, planned checks.Judgement
		want         string
	}{
		"one check":            {planned: judged([]string{"apps"}, gone), want: "list it"},
		"two checks":           {planned: judged([]string{"apps"}, gone, result("apps", "egress-firewall", topology.Fail, fixed("open\nit"))), want: "list it\n\nopen\nit"},
		"the same fix twice":   {planned: judged([]string{"apps"}, gone, gone), want: "list it"},
		"hostile words":        {planned: judged([]string{"apps"}, result("apps", "nat-node-range", topology.Fail, fixed("a\x1b[2J\nb"))), want: "a\\x1b[2J\nb"},
		"a check without one":  {planned: judged([]string{"apps"}, result("apps", "nat-node-range", topology.Fail)), want: usual},
		"what the plan mends":  {now: judged([]string{"apps"}, gone), planned: judged([]string{"apps"}, result("apps", "nat-node-range", topology.Pass)), want: usual},
		"trap: a check passes": {planned: judged([]string{"apps"}, result("apps", "nat-node-range", topology.Pass, fixed("no"))), want: usual},
	} {
		t.Run(name, func(t *testing.T) {
			d := Diagnose(r)
			d.Explain(tc.now, tc.planned)
			if got := d.Causes[0].Fix; got != tc.want || usual == "" {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
