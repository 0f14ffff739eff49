package checks

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// found are results of one check on one object, with others beside it that are not open.
func found(statuses ...topology.Verdict) []Result {
	out := []Result{{Check: "gated", Status: topology.Pass, Cluster: "c", Object: Object{Address: "o"}}, {Check: "gated", Status: topology.Skip, Cluster: "c", Object: Object{Address: "p"}}}
	for _, s := range statuses {
		out = append(out, Result{Check: "gated", Status: s, Cluster: "c", Object: Object{Address: "o", Name: "name", Line: len(out)}, Message: strings.Repeat("m", len(out))})
	}
	return out
}

func TestForgive(t *testing.T) {
	const fail, open = topology.Fail, topology.Undecided
	at := func(failed, undecided int) Known {
		return Known{Cluster: "c", Check: "gated", Object: "o", Failed: failed, Undecided: undecided}
	}
	elsewhere := func(change func(*Known)) []Known {
		k := at(1, 1)
		change(&k)
		return []Known{k}
	}
	for _, tc := range []struct {
		name     string
		baseline []Known
		now      []topology.Verdict
		policy   Policy
		// pass says which of the results now pass, by + and -.
		pass, note string
	}{
		{name: "no baseline", now: []topology.Verdict{fail}, pass: "-"},
		{name: "known", baseline: []Known{at(1, 0)}, now: []topology.Verdict{fail}, pass: "+"},
		{name: "two known", baseline: []Known{at(2, 0)}, now: []topology.Verdict{fail, fail}, pass: "++"},
		{name: "a second one", baseline: []Known{at(1, 0)}, now: []topology.Verdict{fail, fail}, pass: "--",
			note: "of gated on o the baseline knows 1, and now 2 fail: which of them are new is not told, so all count"},
		{name: "one of two is gone", baseline: []Known{at(2, 0)}, now: []topology.Verdict{fail}, pass: "+", note: "1 of 1 entries of the baseline no longer occur, or less often"},
		{name: "all are gone", baseline: []Known{at(2, 0)}, note: "1 of 1 entries of the baseline no longer occur"},
		{name: "a failure that is undecided now", baseline: []Known{at(1, 0)}, now: []topology.Verdict{open}, pass: "+"},
		{name: "an undecided one that fails now", baseline: []Known{at(0, 1)}, now: []topology.Verdict{fail}, pass: "-"},
		{name: "both", baseline: []Known{at(1, 1)}, now: []topology.Verdict{fail, open}, pass: "++"},
		{name: "one too many undecided", baseline: []Known{at(1, 1)}, now: []topology.Verdict{fail, open, open}, pass: "+--"},
		{name: "an entry twice", baseline: []Known{at(1, 0), at(1, 0)}, now: []topology.Verdict{fail, fail}, pass: "--", note: "the baseline knows 1"},
		{name: "another object", baseline: elsewhere(func(k *Known) { k.Object = "name" }), now: []topology.Verdict{fail}, pass: "-", note: "1 of 1"},
		{name: "another cluster", baseline: elsewhere(func(k *Known) { k.Cluster = "d" }), now: []topology.Verdict{fail}, pass: "-", note: "1 of 1"},
		{name: "another check", baseline: elsewhere(func(k *Known) { k.Check = "perimeter" }), now: []topology.Verdict{fail}, pass: "-", note: "1 of 1"},
		{name: "a check that was not asked", baseline: elsewhere(func(k *Known) { k.Check = "perimeter" }), now: []topology.Verdict{fail}, policy: Policy{Skip: []string{"perimeter"}}, pass: "-"},
		{name: "a cluster that was left out", baseline: elsewhere(func(k *Known) { k.Cluster = "d" }), now: []topology.Verdict{fail}, policy: Policy{Cluster: "c"}, pass: "-"},
		{name: "a chosen cluster", baseline: []Known{at(2, 0)}, now: []topology.Verdict{fail}, policy: Policy{Cluster: "c"}, pass: "+", note: "1 of 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			results := found(tc.now...)
			tc.policy.Baseline = tc.baseline
			notes := strings.Join(forgive(results, tc.policy), "\n")
			pass := ""
			for _, r := range results[2:] {
				if r.Suppressed != nil && r.Suppressed.Reason == BaselineReason {
					pass += "+"
				} else {
					pass += "-"
				}
			}
			if pass != tc.pass || results[0].Suppressed != nil || results[1].Suppressed != nil {
				t.Errorf("got %s, want %s", pass, tc.pass)
			}
			if !strings.Contains(notes, tc.note) || (tc.note == "") != (notes == "") {
				t.Errorf("notes %q, want %q", notes, tc.note)
			}
		})
	}
}

// A judgement passes under its own baseline, and the baseline written then is the same.
func TestBaselineOfAJudgement(t *testing.T) {
	f := world(pulls(hub))
	first := judge(f, Policy{})
	if first.Clusters[0].Verdict != ClusterFail {
		t.Fatalf("verdict %s", first.Clusters[0].Verdict)
	}
	known := Baseline(first.Results)
	second := judge(f, Policy{Baseline: known})
	if second.Clusters[0].Verdict != ClusterPass || second.Summary.Suppressed == 0 || len(second.Notes) != 0 {
		t.Errorf("verdict %s, %+v, notes %q", second.Clusters[0].Verdict, second.Summary, second.Notes)
	}
	if diff := cmp.Diff(known, Baseline(second.Results)); diff != "" {
		t.Error(diff)
	}
	// What has an exception needs no place in the baseline, and one that does is not said to be gone.
	third := judge(f, Policy{Baseline: known, Ignore: []Exception{{Check: "mirror-dependence", Reason: "agreed"}}})
	if r := the(t, third, "mirror-dependence"); r.Suppressed == nil || r.Suppressed.Reason != "agreed" || len(third.Notes) != 0 {
		t.Errorf("%+v, notes %q", r.Suppressed, third.Notes)
	}
	for _, k := range Baseline(third.Results) {
		if k.Check == "mirror-dependence" {
			t.Errorf("%+v has an exception", k)
		}
	}
}

// An exception for what was left out of this run may be needed in the next.
func TestUnusedExceptionsOfWhatWasLeftOut(t *testing.T) {
	ignore := []Exception{{Check: "registry-dns", Reason: "r"}}
	for name, tc := range map[string]struct {
		policy Policy
		notes  int
	}{
		"everything was asked": {Policy{Ignore: ignore}, 1},
		"a check was skipped":  {Policy{Ignore: ignore, Skip: []string{"registry-dns"}}, 0},
		"only another":         {Policy{Ignore: ignore, Only: []string{"gated"}}, 0},
		"only some clusters":   {Policy{Ignore: ignore, Cluster: "c"}, 0},
	} {
		if j := judge(world(), tc.policy); len(j.Notes) != tc.notes {
			t.Errorf("%s: notes %q", name, j.Notes)
		}
	}
}
