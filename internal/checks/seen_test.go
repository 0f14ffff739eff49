package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func reading(c topology.Collection, refused string) change {
	return func(f *topology.Facts) {
		f.Readings = append(f.Readings, topology.Reading{Collection: c, Project: project, Refused: refused})
	}
}

// Absence is a failure only where somebody looked.
func TestSeenThroughACheck(t *testing.T) {
	for _, tc := range []struct {
		name    string
		changes []change
		status  topology.Verdict
		says    string
	}{
		{"a managed network", nil, topology.Fail, "has no Public NAT gateway in its region"},
		{"a data source", []change{unmanaged}, topology.Undecided, `network "vpc" is not managed here`},
		{"a literal", []change{unseen}, topology.Undecided, `network "vpc" is not managed here`},
		{"a data source, routers listed", []change{unmanaged, reading(topology.Routers, "")}, topology.Fail, "no Public NAT"},
		{"a literal, routers listed", []change{unseen, reading(topology.Routers, "")}, topology.Fail, "no Public NAT"},
		{"a literal, routers refused", []change{unseen, reading(topology.Routers, "403: compute.routers.list")}, topology.Undecided, "403: compute.routers.list"},
		{"a literal, something else listed", []change{unseen, reading(topology.Routes, "")}, topology.Undecided, "is not managed here"},
		{"a literal, refused and listed", []change{unseen, reading(topology.Routers, "403: compute.routers.list"), reading(topology.Routers, "")}, topology.Fail, "no Public NAT"},
		{"a network that apply decides", []change{func(f *topology.Facts) {
			f.Subnetworks, f.Clusters[0].Network = nil, later[topology.ID]()
		}}, topology.Undecided, topology.KnownAfterApply},
	} {
		t.Run(tc.name, func(t *testing.T) {
			compare(t, the(t, judge(world(tc.changes...), Policy{}), "nat-node-range"), want{status: tc.status, severity: Error, says: []string{tc.says}})
		})
	}
}

// Gateways that could not be read may be full, or list names that do not exist.
func TestRefusedGateways(t *testing.T) {
	for _, check := range []string{"nat-capacity", "nat-range-names", "nat-overlap"} {
		t.Run(check, func(t *testing.T) {
			results := resultsOf(judge(world(unseen, reading(topology.Routers, "403: compute.routers.list")), Policy{}), check)
			if len(results) == 0 {
				t.Fatal("nothing is said of them")
			}
			for _, r := range results {
				compare(t, r, want{status: topology.Undecided, says: []string{"403: compute.routers.list"}})
			}
			for _, r := range resultsOf(judge(world(unseen), Policy{}), check) {
				if r.Status != topology.Skip {
					t.Errorf("nobody tried to read them, and yet: %s %s", r.Status, r.Message)
				}
			}
		})
	}
}

// What could only break pulls is Google's default when unseen, and undecided where reading it was refused.
func TestUnseenThatCouldOnlyBreak(t *testing.T) {
	for _, tc := range []struct {
		check      string
		collection topology.Collection
	}{{"internet-route", topology.Routes}, {"egress-firewall", topology.Firewalls}, {"registry-dns", topology.DNS}} {
		t.Run(tc.check, func(t *testing.T) {
			compare(t, the(t, judge(world(unseen), Policy{}), tc.check), want{status: topology.Pass})
			j := judge(world(unseen, reading(tc.collection, "403: x.y.list")), Policy{})
			for _, r := range resultsOf(j, tc.check) {
				compare(t, r, want{status: topology.Undecided, says: []string{"403: x.y.list"}})
			}
		})
	}
}
