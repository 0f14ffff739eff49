package egress

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestAccess(t *testing.T) {
	created := func(_ *topology.Facts, s *Source) { s.Cluster.Created = true }
	configured := func(f *topology.Facts, _ *Source) { f.Subnetworks[0].GoogleAccessConfigured = k(true) }
	on := func(f *topology.Facts, _ *Source) { f.Subnetworks[0].GoogleAccess = k(true) }
	notTold := func(f *topology.Facts, _ *Source) { f.Subnetworks[0].GoogleAccess = topology.Value[bool]{} }
	byDefault := func(f *topology.Facts, _ *Source) {
		f.Subnetworks[0].GoogleAccess = topology.Default(false, topology.Origin{})
	}
	gateway := func(f *topology.Facts, _ *Source) { f.NATs = []*topology.NAT{nat("a")} }
	perhaps := func(f *topology.Facts, _ *Source) {
		f.NATs = []*topology.NAT{nat("a", func(n *topology.NAT) { n.Type = u[string]() })}
	}
	pods := func(f *topology.Facts, _ *Source) {
		f.NATs = []*topology.NAT{nat("a", entries(entry(gke, list(topology.EntrySecondary), "pods")))}
	}
	shared := func(_ *topology.Facts, s *Source) { s.Cluster.Project = "service" }
	public := func(_ *topology.Facts, s *Source) { s.Cluster.PrivateNodes = k(false) }
	privacy := func(_ *topology.Facts, s *Source) { s.Cluster.PrivateNodes = u[bool]() }
	unseen := func(_ *topology.Facts, s *Source) {
		s.Subnetwork, s.Network = k(subnetworkID("p", region, "s")), k(networkID("p", "elsewhere"))
	}
	mentioned := func(f *topology.Facts, _ *Source) {
		f.Subnetworks[0].Managed, f.Subnetworks[0].GoogleAccessConfigured = false, topology.Value[bool]{}
	}
	projectless := func(_ *topology.Facts, s *Source) { s.Cluster.Project = "" }
	lone := func(_ *topology.Facts, s *Source) { s.Cluster = nil }
	type changes = []func(*topology.Facts, *Source)
	tests := []struct {
		name    string
		changes changes
		want    topology.Verdict
		reason  AccessReason
	}{
		{"on", changes{on}, pass, AccessOn},
		{"on, existing cluster of a service project", changes{on, shared}, pass, AccessOn},
		{"implied by cloud nat", changes{gateway}, pass, AccessImplied},
		{"implied by cloud nat although configured false", changes{gateway, configured, shared}, pass, AccessImplied},
		{"nat on the pods' range implies nothing", changes{pods}, fail, AccessOff},
		{"off, existing cluster", changes{}, fail, AccessOff},
		{"off, nat perhaps", changes{perhaps}, open, AccessUnknown},
		{"switched on by gke", changes{created}, pass, AccessSwitchedOn},
		{"switched on by gke, default false", changes{created, byDefault}, pass, AccessSwitchedOn},
		{"switched on by gke, nothing told", changes{created, notTold}, pass, AccessSwitchedOn},
		{"gke would switch it on, but nobody describes the subnetwork", changes{created, unseen}, open, AccessUnknown},
		{"switched on by gke, subnetwork only mentioned", changes{created, mentioned}, pass, AccessSwitchedOn},
		{"configured false where gke switches it on", changes{created, configured}, fail, AccessConfigured},
		{"configured, value not known", changes{created, configured, notTold}, open, AccessUnknown},
		{"shared vpc, default false", changes{created, shared, byDefault}, fail, AccessOff},
		{"shared vpc, configured false", changes{created, shared, configured}, fail, AccessOff},
		{"shared vpc, not known", changes{created, shared, notTold}, open, AccessUnknown},
		{"shared vpc, private pools", changes{created, shared, public, byDefault}, fail, AccessOff},
		{"project not known", changes{created, projectless}, open, AccessUnknown},
		{"privacy not known", changes{created, privacy}, open, AccessUnknown},
		{"private pools, configured false", changes{created, public, configured}, fail, AccessOff},
		{"private pools, not configured", changes{created, public, byDefault}, open, AccessUnknown},
		{"private pools of an existing cluster, not configured", changes{public}, open, AccessUnknown},
		{"subnetwork in no source, existing cluster", changes{unseen}, open, AccessUnknown},
		{"no cluster, off", changes{lone}, fail, AccessOff},
		{"no cluster, on", changes{lone, on}, pass, AccessOn},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, s := world(), source()
			for _, change := range tt.changes {
				change(&f, &s)
			}
			h, reason := evaluator(f).Access(s)
			wantHop(t, h, HopAccess, tt.want, "")
			if reason != tt.reason {
				t.Errorf("reason %q, want %q: %s", reason, tt.reason, h.Detail)
			}
		})
	}
}
