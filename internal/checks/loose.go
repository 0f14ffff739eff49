package checks

import (
	"fmt"
	"slices"
)

// gather tells what concerns workloads that are joined to no cluster once, with the number of clusters that it may happen on, and never as more
// than a warning.
func gather(results []Result, clusters int) []Result {
	if !slices.ContainsFunc(results, func(r Result) bool { return r.Loose }) {
		return results
	}
	type key struct{ check, address, message, status string }
	var out []Result
	at, count := map[key]int{}, map[key]int{}
	for _, r := range results {
		if !r.Loose {
			out = append(out, r)
			continue
		}
		k := key{r.Check, r.Object.Address, r.Message, r.Status.String()}
		if count[k]++; count[k] > 1 {
			continue
		}
		r.Cluster, r.CausedBy = "", ""
		if r.Severity == Error {
			r.Severity = Warning
		}
		at[k] = len(out)
		out = append(out, r)
	}
	for k, i := range at {
		if clusters == 1 {
			out[i].Message += " (whether this cluster runs it is not told)"
			continue
		}
		out[i].Message += fmt.Sprintf(" (on %d of %d clusters: which of them runs it is not told)", count[k], clusters)
	}
	return out
}

// gatherImages lists an image of no known cluster once; how it is reached is unknown where that differs.
func gatherImages(images []Image) []Image {
	at := map[string]int{}
	out := images[:0]
	for _, i := range images {
		n, seen := at[i.Ref]
		switch {
		case i.Cluster != "":
		case !seen:
			at[i.Ref] = len(out)
		default:
			if out[n].Reachable != i.Reachable || out[n].Via != i.Via {
				out[n].Reachable, out[n].Via = "unknown", "unknown" // it depends on the cluster
			}
			out[n].MirrorDependent = out[n].MirrorDependent || i.MirrorDependent
			continue
		}
		out = append(out, i)
	}
	return out
}
