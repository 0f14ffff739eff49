package diagnose

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// A plan mends a failure when everything that the same check says of the same cluster passes in it, and nothing less.
func TestWhatAPlanMends(t *testing.T) {
	const fail, pass, open = topology.Fail, topology.Pass, topology.Undecided
	now := judged([]string{"apps", "other"}, result("apps", "nat-node-range", fail))
	for name, tc := range map[string]struct {
		planned []checks.Result
		want    bool
	}{
		"it passes":                           {[]checks.Result{result("apps", "nat-node-range", pass)}, true},
		"trap: one of two does":               {[]checks.Result{result("apps", "nat-node-range", pass), result("apps", "nat-node-range", fail)}, false},
		"trap: that is not known":             {[]checks.Result{result("apps", "nat-node-range", open)}, false},
		"trap: another check passes":          {[]checks.Result{result("apps", "internet-route", pass)}, false},
		"trap: another cluster's passes":      {[]checks.Result{result("other", "nat-node-range", pass)}, false},
		"another cluster's fails beside it":   {[]checks.Result{result("apps", "nat-node-range", pass), result("other", "nat-node-range", fail)}, true},
		"another check fails beside it":       {[]checks.Result{result("apps", "nat-node-range", pass), result("apps", "internet-route", fail)}, true},
		"trap: the plan does not speak of it": {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReading()
			r.Failures = []Failure{{Pod: "a", Image: "quay.io/a/b:1", Node: "gke-apps-pool-1", Message: noPath}}
			d := Diagnose(r)
			d.Explain(now, judged([]string{"apps", "other"}, tc.planned...))
			by := d.Causes[0].ExplainedBy
			if len(by) != 1 || strings.HasSuffix(by[0].Message, "; the plan mends it") != tc.want {
				t.Errorf("got %+v, want mended %v", by, tc.want)
			}
		})
	}
}

// C2: zones are of one domain each: what is wrong with pkg.dev explains no pull from gcr.io, and the other way round; what names neither may explain both.
func TestZonesExplainTheirOwnDomain(t *testing.T) {
	const (
		pkg, gcr = "us-central1-docker.pkg.dev", "eu.gcr.io"
		docker   = "registry-1.docker.io"
	)
	for name, tc := range map[string]struct {
		host, subject string
		want          Network
	}{
		"pkg.dev by its zone":        {pkg, "us-docker.pkg.dev is not resolved", Explained},
		"gcr.io by its zone":         {gcr, "gcr.io is not resolved", Explained},
		"trap: pkg.dev by the other": {pkg, "gcr.io is not resolved", NotAsked},
		"trap: gcr.io by the other":  {gcr, "us-docker.pkg.dev is not resolved", NotAsked},
		"pkg.dev by both":            {pkg, "us-docker.pkg.dev and gcr.io are not resolved", Explained},
		"gcr.io by neither":          {gcr, "Google's domains are not resolved", Explained},
		"another host by either":     {docker, "gcr.io is not resolved", Explained},
		"trap: only in what follows": {gcr, "gcr.io is not resolved: like us-docker.pkg.dev", Explained},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReading()
			r.Failures = []Failure{{Pod: "a", Image: tc.host + "/p/r/a:1", Message: `Failed to pull image "x": dial tcp: lookup ` + tc.host + `: no such host`}}
			d := Diagnose(r)
			d.Explain(checks.Judgement{}, judged([]string{"apps"}, result("apps", "registry-dns", topology.Fail, saying(tc.subject+": no such host"))))
			if c := d.Causes[0]; c.Name != "name-not-found" || c.Network != tc.want {
				t.Errorf("%s is %s, want %s", c.Name, c.Network, tc.want)
			}
		})
	}
}

// What follows from another failure is left out only where that one is of the same cluster and is shown.
func TestWhatFollowsFromAnother(t *testing.T) {
	r := newReading()
	r.Failures = []Failure{{Pod: "a", Image: "quay.io/a/b:1", Message: noPath}}
	d := Diagnose(r)
	d.Explain(checks.Judgement{}, judged([]string{"apps", "other"}, result("apps", "nat-node-range", topology.Fail),
		result("apps", "nat-capacity", topology.Fail, causedBy("nat-node-range")), result("other", "nat-capacity", topology.Fail, causedBy("nat-node-range"))))
	var got []string
	for _, e := range d.Causes[0].ExplainedBy {
		got = append(got, e.Cluster+" "+e.Check)
	}
	if want := "apps nat-node-range, other nat-capacity"; strings.Join(got, ", ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
