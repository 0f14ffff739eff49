package terraform

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestDump(t *testing.T) {
	if os.Getenv("DUMP") == "" {
		return
	}
	files, _ := filepath.Glob("../../../../shared/plans/*/plan.json")
	for _, f := range files {
		r, err := Read(context.Background(), Input{Plans: []string{f}})
		if err != nil {
			t.Error(err)
			continue
		}
		fmt.Println("==", filepath.Base(filepath.Dir(f)))
		for _, c := range r.After.Clusters {
			s, _ := c.Subnetwork.Get()
			n, _ := c.Network.Get()
			p, k := c.PrivateNodes.Get()
			pr, _ := c.PodRange.Get()
			fmt.Println(c.ID, c.Address, "private", p, k, "\n   sub", s, c.Subnetwork.Why(), c.Subnetwork.Inferred, "\n   net", n, c.Network.Why(), "pod", pr)
			for _, p := range c.Pools {
				v, k := p.Private.Get()
				tg, _ := p.Tags.Get()
				m, _ := p.MaxNodes.Get()
				fmt.Println("   pool", p.Address, v, k, tg, m)
			}
		}
		for _, n := range r.After.NATs {
			rt, _ := n.Router.Get()
			m, _ := n.Mode.Get()
			fmt.Println("  nat", n.ID, rt, n.Router.Why(), m)
			for _, e := range n.Entries {
				s, _ := e.Subnetwork.Get()
				o, _ := e.Options.Get()
				fmt.Println("      ", s, e.Subnetwork.Why(), e.OneOf, o, len(e.Names))
			}
		}
	}
}
