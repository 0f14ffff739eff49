package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// BaselineReason is the reason that results carry which a baseline lets pass.
const BaselineReason = "baseline"

// Known is what was found of one check on one object of one cluster when a baseline was written. It holds numbers, not messages: words change, and
// what a check finds on an object twice (two images of a workload, two ranges of a subnetwork) must not hide a third.
type Known struct {
	Cluster   string `json:"cluster"`
	Check     string `json:"check"`
	Object    string `json:"object"`
	Failed    int    `json:"fail,omitempty"`
	Undecided int    `json:"unknown,omitempty"`
}

// place is what a baseline knows a result by.
type place struct{ cluster, check, object string }

func (k Known) place() place { return place{k.Cluster, k.Check, k.Object} }

func placeOf(r Result) place {
	return place{r.Cluster, r.Check, cmp.Or(r.Object.Address, r.Object.Name)}
}

// count adds up what is open at each place, of the results that which asks for.
func count(results []Result, which func(Result) bool) map[place]Known {
	at := map[place]Known{}
	for _, r := range results {
		if !r.open() || !which(r) {
			continue
		}
		p := placeOf(r)
		k := at[p]
		k.Cluster, k.Check, k.Object = p.cluster, p.check, p.object
		if r.Status == topology.Fail {
			k.Failed++
		} else {
			k.Undecided++
		}
		at[p] = k
	}
	return at
}

// Baseline is what of a judgement a baseline would hold, sorted by cluster, check and object: everything open that has no exception of its own.
func Baseline(results []Result) []Known {
	var out []Known
	for _, k := range count(results, func(r Result) bool { return r.Suppressed == nil || r.Suppressed.Reason == BaselineReason }) {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b Known) int {
		return cmp.Or(strings.Compare(a.Cluster, b.Cluster), strings.Compare(a.Check, b.Check), strings.Compare(a.Object, b.Object))
	})
	return out
}

// forgive marks what the baseline knows, and says how much of the baseline no longer occurs. Where there is more at a place than the baseline knows,
// nothing tells which of it is new, and all of it counts. What was only undecided and fails now is new.
func forgive(results []Result, p Policy) []string {
	if len(p.Baseline) == 0 {
		return nil
	}
	known := p.known()
	counted := count(results, func(r Result) bool { return r.Suppressed == nil })
	for i := range results {
		r := &results[i]
		if !r.open() || r.Suppressed != nil {
			continue
		}
		k, now := known[placeOf(*r)], counted[placeOf(*r)]
		room := k.Failed >= now.Failed
		if r.Status != topology.Fail {
			// What failed and can no longer be decided is nothing new either.
			room = k.Undecided+max(0, k.Failed-now.Failed) >= now.Undecided
		}
		if room {
			r.Suppressed = &Suppression{Reason: BaselineReason}
		}
	}
	return append(outgrown(known, counted), p.loose(known, results)...)
}

// known is the baseline by place. A file that was merged may hold an entry twice: that makes it no wider.
func (p Policy) known() map[place]Known {
	out := map[place]Known{}
	for _, k := range p.Baseline {
		old := out[k.place()]
		k.Failed, k.Undecided = max(k.Failed, old.Failed), max(k.Undecided, old.Undecided)
		out[k.place()] = k
	}
	return out
}

// outgrown explains why failures count at places that the baseline does know.
func outgrown(known, counted map[place]Known) []string {
	var notes []string
	for at, now := range counted {
		if k := known[at]; k.Failed > 0 && now.Failed > k.Failed {
			notes = append(notes, fmt.Sprintf("of %s on %s the baseline knows %d, and now %d fail: which of them are new is not told, so all count",
				at.check, at.object, k.Failed, now.Failed))
		}
	}
	slices.Sort(notes)
	return notes
}

// loose says how much of the baseline no longer occurs, of what could have: its check was asked for, and its cluster not left out.
func (p Policy) loose(known map[place]Known, results []Result) []string {
	clusters := map[string]bool{}
	for _, r := range results {
		clusters[r.Cluster] = true
	}
	gone, all := 0, count(results, func(Result) bool { return true })
	for at, k := range known {
		now := all[at]
		if p.asks(at.check) && (!p.narrowed() || clusters[at.cluster]) && now.Failed+now.Undecided < k.Failed+k.Undecided {
			gone++
		}
	}
	if gone == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d of %d entries of the baseline no longer occur, or less often: written anew it would be tighter", gone, len(known))}
}
