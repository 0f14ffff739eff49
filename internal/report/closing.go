package report

import (
	"fmt"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// closing gives the last lines of the formats people read. Programs match them (Atlantis and conftest's users among
// them), so that they are never wrapped, coloured or put in the singular.
func closing(r Report) []string {
	n := checks.Count(r.Results)
	last := fmt.Sprintf("%d tests, %d passed, %d warnings, %d failures, %d exceptions",
		n.Total, n.Passed, n.Warnings, n.Failures, n.Exceptions)
	count, undecided := 0, map[string]bool{}
	for _, c := range r.Clusters {
		if c.Verdict == checks.ClusterUnknown {
			count, undecided[c.Address] = count+1, true
		}
	}
	if count == 0 {
		return []string{last}
	}
	return []string{
		fmt.Sprintf("NOT DECIDED: %d clusters; %s", count, wouldDecide(r.Results, undecided)),
		last,
	}
}

// deciders are the sources that results name when they lack one, and how the closing line speaks of them.
var deciders = []struct {
	named []string
	say   string
}{
	{[]string{"--state"}, "--state of the network's configuration"},
	{[]string{"--assets"}, "--assets"},
	{[]string{"--live"}, "--live"},
	{[]string{"--config-dir", topology.KnownAfterApply}, "--config-dir"},
}

// wouldDecide says which sources would decide the clusters that stay undecided, from what their results ask for.
func wouldDecide(results []checks.Result, clusters map[string]bool) string {
	found := make([]bool, len(deciders))
	look := func(text string) {
		for i, d := range deciders {
			for _, name := range d.named {
				found[i] = found[i] || strings.Contains(text, name)
			}
		}
	}
	for _, r := range results {
		if r.Status != topology.Undecided || r.Severity != checks.Error || r.Suppressed != nil || !clusters[r.Cluster] {
			continue
		}
		look(r.Message)
		for _, hop := range r.Path {
			if hop.Status == topology.Undecided {
				look(hop.Detail)
			}
		}
	}
	var say []string
	for i, d := range deciders {
		if found[i] {
			say = append(say, d.say)
		}
	}
	if len(say) == 0 {
		return "the results marked ? say what would decide"
	}
	return either(say) + " would decide"
}
