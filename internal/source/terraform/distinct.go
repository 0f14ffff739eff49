package terraform

import (
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// distinct tells clusters apart that several documents call by one address: reports know clusters by their addresses, so that these get the name of
// their source. Two configurations made from one template differ in nothing else.
func distinct(times ...*topology.Facts) {
	shared := map[string]bool{}
	for _, f := range times {
		first := map[string]topology.ID{}
		for _, c := range f.Clusters {
			if id, told := first[c.Address]; told && id != c.ID {
				shared[c.Address] = true
			}
			first[c.Address] = c.ID
		}
	}
	if len(shared) == 0 {
		return
	}
	for _, f := range times {
		f.Clusters = slices.Clone(f.Clusters)
		for i, c := range f.Clusters {
			if !shared[c.Address] {
				continue
			}
			named := *c
			named.Address += " (" + c.Source + ")"
			f.Clusters[i] = &named
		}
	}
}
