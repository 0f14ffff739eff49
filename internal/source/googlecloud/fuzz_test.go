package googlecloud

import (
	"maps"
	"slices"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Whatever the APIs answer, reading and judging it ends without a panic.
func FuzzInventory(f *testing.F) {
	for _, o := range []object{clusterJSON(`"nodePools": [{"name": "a"}]`), routerJSON(`{` + list + `}`), routeJSON("r", `"destRange": "0.0.0.0/0"`),
		{"policy", `{"name": "fw", "associations": [{"attachmentTarget": "` + vpcLink + `"}], "rules": [` + deny + `]}`},
		{"effective", `{"firewallPolicys": [{"rules": [` + deny + `]}]}`}, {"status", `{"natStatus": [{"name": "n"}], "bestRoutes": [{"destRange": "0.0.0.0/0"}]}`},
		{"pool", `{"name": "a", "initialNodeCount": -1}`}, {"policyroute", `{"name": "/", "filter": null}`}, {"route", `{"selfLink": "projects//", "nextHopIp": "/"}`}} {
		f.Add([]byte(o.text))
	}
	f.Fuzz(func(_ *testing.T, text []byte) {
		v := New("fuzz")
		for _, kind := range slices.Sorted(maps.Keys(givers)) {
			_ = givers[kind](v, text) // what is no such object is refused by the decoder
		}
		v.Listed(topology.Routes, "p")
		checks.Judge(topology.New(v.Facts()), nil, checks.Policy{})
	})
}
