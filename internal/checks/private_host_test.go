package checks

import (
	"net/netip"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestPrivateAddresses(t *testing.T) {
	for _, c := range []struct {
		name, ref string
		facts     []change
		want      topology.Verdict
	}{
		{"in a subnetwork of the network", "10.10.0.9/team/app:1", nil, topology.Pass},
		{"in no subnetwork known", "10.200.0.9/team/app:1", nil, topology.Undecided},
		{"on another port, which the rules are not asked about", "10.10.0.9:5000/team/app:1", nil, topology.Undecided},
		{"a private name", "registry.internal/team/app:1", nil, topology.Undecided},
		{"denied by a rule", "10.10.0.9/team/app:1", []change{denyAll}, topology.Fail},
		{"denied elsewhere", "10.10.0.9/team/app:1", []change{rule("deny-elsewhere", topology.Deny, 1000, "192.168.0.0/16")}, topology.Pass},
		{"on the port that is meant anyway", "10.10.0.9:443/team/app:1", nil, topology.Pass},
		{"in a further subnetwork of the network", "10.40.0.9/team/app:1", []change{addSubnetwork("far", "10.40.0.0/20")}, topology.Pass},
		{"in a subnetwork of another network", "10.40.0.9/team/app:1", []change{addSubnetwork("far", "10.40.0.0/20"), func(f *topology.Facts) { f.Subnetworks[1].Network = known(networkID("other")) }}, topology.Undecided},
		{"in a subnetwork whose network apply decides", "10.40.0.9/team/app:1", []change{addSubnetwork("far", "10.40.0.0/20"), func(f *topology.Facts) { f.Subnetworks[1].Network = later[topology.ID]() }}, topology.Undecided},
		{"in a subnetwork whose range apply decides", "10.10.0.9/team/app:1", []change{subnetwork(func(s *topology.Subnetwork) { s.Primary = later[netip.Prefix]() })}, topology.Undecided},
		{"in the pods' range, where no registry listens", "10.20.0.9/team/app:1", nil, topology.Undecided},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := world(append(c.facts, pulls(c.ref))...)
			results := Judge(topology.New(f), nil, Policy{Only: []string{"image-reachable"}}).Results
			if len(results) != 1 || results[0].Status != c.want {
				t.Errorf("want one result, %s: %+v", c.want, results)
			}
		})
	}
}
