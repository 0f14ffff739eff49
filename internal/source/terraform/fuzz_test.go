package terraform

import (
	"bytes"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// FuzzRead gives the reader anything: it answers with facts or with one line that names the source, and the same text always gives the same facts.
func FuzzRead(f *testing.F) {
	// Small plans: the corpus in testdata holds more of them.
	f.Add([]byte(build{resources: append(keyed(""), clusterAt("google_container_cluster.c", object{"subnetwork": refs(`google_compute_subnetwork.s["b"].id`)}))}.json(f)))
	f.Add([]byte(networkState))
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := readDocument(bytes.NewReader(text), "plan.json")
		if err != nil {
			if s := err.Error(); !strings.HasPrefix(s, "plan.json: ") || strings.ContainsAny(s, "\n\r") {
				t.Fatalf("not one line that names the source: %q", s)
			}
			return
		}
		var r Reading
		r.lay(nil, topology.Facts{}, []layer{layerOf(doc)})
		for _, facts := range []topology.Facts{r.After, r.Before} {
			for _, c := range facts.Clusters {
				if len(c.Pools) == 0 {
					t.Fatalf("cluster %s has no pool", c.Address)
				}
			}
			topology.New(facts)
		}
	})
}
