package checks

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Exceptions match by glob, need their day, and are told of when they have none or are not used.
func TestExceptions(t *testing.T) {
	with := func(check, expires string, objects ...string) Exception {
		return Exception{Check: check, Objects: objects, Reason: "accepted", Expires: expires}
	}
	for _, tc := range []struct {
		name       string
		exception  Exception
		suppressed bool
		note       string
	}{
		{"every object", with("mirror-dependence", ""), true, ""},
		{"by image", with("mirror-dependence", "", "docker.io/library/nginx:*"), true, ""},
		{"by address", with("mirror-dependence", "", "kubernetes_deployment.*"), true, ""},
		{"by name", with("mirror-dependence", "", "web"), true, ""},
		{"by cluster", with("mirror-dependence", "", clusterAddress), true, ""},
		{"one of several", with("mirror-dependence", "", "nothing", "we?"), true, ""},
		{"another image", with("mirror-dependence", "", "docker.io/library/redis:*"), false, "matches nothing that failed"},
		{"another check", with("registry-dns", ""), false, "matches nothing that failed"},
		{"a class is no glob", with("mirror-dependence", "", "[w]eb"), false, "matches nothing"},
		{"on its last day", with("mirror-dependence", "2026-05-01"), true, ""},
		{"a day late", with("mirror-dependence", "2026-04-30"), false, "expired on 2026-04-30"},
		{"a day late, and of no use", with("mirror-dependence", "2026-04-30", "nothing"), false, "the exception for mirror-dependence on nothing matches nothing that failed"},
		{"several objects are named", with("mirror-dependence", "2026-04-30", "web", "x"), false, "the exception for mirror-dependence on web, x expired on 2026-04-30 and no longer suppresses (accepted)"},
		{"a check alone is named alone", with("mirror-dependence", "2026-04-30"), false, "the exception for mirror-dependence expired"},
		{"an empty glob is none", with("mirror-dependence", "", ""), false, "matches nothing"},
		{"across slashes and colons", with("mirror-dependence", "", "docker.io*27"), true, ""},
		{"as it was written, not as it is normalised", with("mirror-dependence", "", "nginx:1.27"), false, "matches nothing"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := judge(world(pulls(hub)), Policy{Ignore: []Exception{tc.exception}, Today: "2026-05-01"})
			r := the(t, j, "mirror-dependence")
			if r.Status != topology.Fail || (r.Suppressed != nil) != tc.suppressed {
				t.Errorf("status %s, suppressed %+v", r.Status, r.Suppressed)
			}
			if notes := strings.Join(j.Notes, "\n"); !strings.Contains(notes, tc.note) || (tc.note == "") != (notes == "") {
				t.Errorf("notes %q, want %q", notes, tc.note)
			}
			if n := j.Summary.Suppressed; n != map[bool]int{true: 1, false: 0}[tc.suppressed] || Count(j.Results).Exceptions != n {
				t.Errorf("summary %+v, tests %+v", j.Summary, Count(j.Results))
			}
		})
	}
}

// A suppressed failure stays in the report and no longer makes the verdict.
func TestSuppressedVerdict(t *testing.T) {
	all := []Exception{{Check: "nat-node-range", Reason: "r"}, {Check: "nat-pod-range", Reason: "r"}}
	j := judge(world(), Policy{Ignore: all})
	if j.Clusters[0].Verdict != ClusterPass || j.Summary != (Summary{Clusters: 1, Passed: 1, Suppressed: 2}) {
		t.Errorf("verdict %s, summary %+v", j.Clusters[0].Verdict, j.Summary)
	}
	compare(t, the(t, j, "nat-node-range"), want{status: topology.Fail, severity: Error})
}

func TestMistakes(t *testing.T) {
	for name, tc := range map[string]struct {
		exception Exception
		says      string
	}{
		"fine":         {Exception{Check: "nat-node-range", Reason: "r", Expires: "2027-03-31"}, ""},
		"a typo":       {Exception{Check: "nat-node-rang", Reason: "r"}, `check: there is no check "nat-node-rang": did you mean "nat-node-range"?`},
		"no reason":    {Exception{Check: "gated", Reason: " "}, "reason: a reason is required"},
		"no such day":  {Exception{Check: "gated", Reason: "r", Expires: "2027-02-30"}, `expires: "2027-02-30" is no day`},
		"another form": {Exception{Check: "gated", Reason: "r", Expires: "31.3.2027"}, "write YYYY-MM-DD"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, m := range tc.exception.Mistakes() {
				got = append(got, m.Field+": "+m.Message)
			}
			if text := strings.Join(got, "\n"); !strings.Contains(text, tc.says) || (tc.says == "") != (text == "") {
				t.Errorf("got %q, want %q", text, tc.says)
			}
		})
	}
}

// The first of two exceptions gives the reason; the day counts only where one is handed in, and what passes needs no exception.
func TestExceptionsTogether(t *testing.T) {
	first, second := Exception{Check: "mirror-dependence", Reason: "first"}, Exception{Check: "mirror-dependence", Reason: "second", Expires: "2027-01-01"}
	late := Exception{Check: "mirror-dependence", Reason: "late", Expires: "2020-01-01"}
	for _, tc := range []struct {
		name   string
		ignore []Exception
		today  string
		want   Suppression
		notes  int
	}{
		{"two", []Exception{first, second}, "2026-05-01", Suppression{Reason: "first"}, 0},
		{"the other way round", []Exception{second, first}, "2026-05-01", Suppression{Reason: "second", Expires: "2027-01-01"}, 0},
		{"one has expired", []Exception{late, first}, "2026-05-01", Suppression{Reason: "first"}, 1},
		{"nobody says what day it is", []Exception{late}, "", Suppression{Reason: "late", Expires: "2020-01-01"}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := judge(world(pulls(hub)), Policy{Ignore: tc.ignore, Today: tc.today})
			if r := the(t, j, "mirror-dependence"); r.Suppressed == nil || *r.Suppressed != tc.want || len(j.Notes) != tc.notes {
				t.Errorf("%+v, notes %q", r.Suppressed, j.Notes)
			}
		})
	}
	j := judge(world(pulls(hub), nat("n")), Policy{Ignore: []Exception{first}})
	if r := the(t, j, "mirror-dependence"); r.Suppressed != nil || len(j.Notes) != 1 || j.Summary.Suppressed != 0 {
		t.Errorf("it passes, and yet: %+v, notes %q", r.Suppressed, j.Notes)
	}
	t.Run("what is undecided may be let pass", func(t *testing.T) {
		j := judge(world(unmanaged, nat("x", lists(onlySecondary("gke", "services")))), Policy{Ignore: []Exception{{Check: "nat-node-range", Reason: "r"}}})
		if r := the(t, j, "nat-node-range"); r.Status != topology.Undecided || r.Suppressed == nil {
			t.Errorf("%+v", r)
		}
	})
	t.Run("only some clusters", func(t *testing.T) {
		for _, p := range []Policy{{Project: "p"}, {Location: "us-*"}, {Cluster: "c"}} {
			p.Ignore = []Exception{{Check: "registry-dns", Reason: "r"}}
			if j := judge(world(), p); len(j.Notes) != 0 {
				t.Errorf("%+v: notes %q, though other clusters may need it", p, j.Notes)
			}
		}
	})
}
