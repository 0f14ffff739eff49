package checks

import "fmt"

// gather tells what concerns workloads that are joined to no cluster once, with the number of clusters that it may happen on, and never as more
// than a warning.
func gather(results []Result, clusters int) []Result {
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
		out[i].Message += fmt.Sprintf(" (on %d of %d clusters: which of them runs it is not told)", count[k], clusters)
	}
	return out
}

// gatherImages lists an image of no known cluster once.
func gatherImages(images []Image) []Image {
	seen := map[string]bool{}
	var out []Image
	for _, i := range images {
		if i.Cluster == "" {
			if seen[i.Ref] {
				continue
			}
			seen[i.Ref] = true
		}
		out = append(out, i)
	}
	return out
}
