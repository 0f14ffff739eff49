package terraform

import (
	"fmt"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

func (w *world) readCluster(in *instance, f *topology.Facts) {
	if in.data || in.forgotten {
		return // a cluster that is only looked up or let go is judged where it is managed
	}
	c := &topology.Cluster{Object: w.object(in)}
	c.Network, c.Subnetwork = w.clusterNetwork(in, c)
	c.PrivateNodes = boolOf(w.settled(in, "private_cluster_config", "enable_private_nodes"), in.from("private_cluster_config.enable_private_nodes"))
	c.Autopilot = boolOf(w.settled(in, "enable_autopilot"), in.from("enable_autopilot"))
	c.PodRange = stringOf(w.settled(in, "ip_allocation_policy", "cluster_secondary_range_name"), in.from("ip_allocation_policy.cluster_secondary_range_name"), "")
	c.SNATDisabled = boolOf(w.settled(in, "default_snat_status", "disabled"), in.from("default_snat_status.disabled"))
	c.AutoIPAM = boolOf(w.settled(in, "ip_allocation_policy", "auto_ipam_config", "enabled"), in.from("ip_allocation_policy.auto_ipam_config.enabled"))
	extra, _ := elements(w.settled(in, "ip_allocation_policy", "additional_pod_ranges_config", "pod_range_names"))
	for _, name := range extra {
		c.ExtraPodRanges = append(c.ExtraPodRanges, stringOf(name, in.from("ip_allocation_policy.additional_pod_ranges_config.pod_range_names")))
	}
	c.ExtraSubnetworks = w.extraSubnetworks(in)
	w.clusters[c.ID] = in
	f.Clusters = append(f.Clusters, c)
}

// clusterNetwork joins a cluster to its subnetwork and network. Left out, both are those called "default".
func (w *world) clusterNetwork(in *instance, c *topology.Cluster) (network, subnetwork topology.Value[topology.ID]) {
	region := c.Region()
	pods, _ := asString(dig(in.value, "ip_allocation_policy", "cluster_secondary_range_name"))
	s := w.join(in, []string{"subnetwork"}, "google_compute_subnetwork", func(candidate *instance) bool {
		r := w.identify(candidate).location
		return (r == "" || region == "" || r == region) && w.hasRange(candidate, pods)
	})
	n := w.join(in, []string{"network"}, "google_compute_network", nil)
	if !n.known && s.instance != nil {
		if viaSubnetwork := w.join(s.instance, []string{"network"}, "google_compute_network", nil); viaSubnetwork.known {
			n = viaSubnetwork
		}
	}
	network, subnetwork = n.fact(in.from("network")), s.fact(in.from("subnetwork"))
	if !n.known && !s.known && w.omitted(in, "network") && w.omitted(in, "subnetwork") {
		network = topology.Default(topology.Identify("google_compute_network", c.Project, "global", "default"), in.from("network"))
		subnetwork = topology.Default(topology.Identify("google_compute_subnetwork", c.Project, region, "default"), in.from("subnetwork"))
	}
	return network, subnetwork
}

// hasRange reports whether a subnetwork may have a secondary range of that name.
func (w *world) hasRange(subnetwork *instance, name string) bool {
	ranges, told := elements(w.settled(subnetwork, "secondary_ip_range"))
	if name == "" || !told {
		return true
	}
	return slices.ContainsFunc(ranges, func(r cty.Value) bool {
		s, known := asString(attribute(r, "range_name"))
		return !known || s == name
	})
}

func (w *world) extraSubnetworks(in *instance) []topology.ClusterSubnetwork {
	list, _ := elements(w.settled(in, "ip_allocation_policy", "additional_ip_ranges_config"))
	var out []topology.ClusterSubnetwork
	for i, e := range list {
		from := in.from(fmt.Sprintf("ip_allocation_policy.additional_ip_ranges_config[%d]", i))
		cs := topology.ClusterSubnetwork{Subnetwork: topology.Unknown[topology.ID](topology.KnownAfterApply, from)}
		if t, ok := w.joinValue(in, attribute(e, "subnetwork"), "google_compute_subnetwork"); ok {
			cs.Subnetwork = t.fact(from)
		} else if refs := w.nestedReferences(in, i, "ip_allocation_policy", "additional_ip_ranges_config", "subnetwork"); refs != nil {
			cs.Subnetwork = w.choose(w.resolve(refs, w.ask(in, "google_compute_subnetwork")), nil).fact(from)
		}
		names, _ := elements(attribute(e, "pod_ipv4_range_names"))
		for _, name := range names {
			cs.PodRanges = append(cs.PodRanges, stringOf(name, from))
		}
		out = append(out, cs)
	}
	return out
}

// nestedReferences gives the references of an attribute in the i-th of a list of nested blocks.
func (w *world) nestedReferences(in *instance, i int, outer, blocks, attr string) []string {
	if in.config == nil {
		return nil
	}
	o := in.config.attributes[outer]
	if len(o.blocks) == 0 || i >= len(o.blocks[0][blocks].blocks) {
		return nil
	}
	return o.blocks[0][blocks].blocks[i][attr].references
}

// ask is a question from an instance's own place.
func (w *world) ask(in *instance, want string) asking {
	q := asking{module: w.moduleOf(in), own: in.key, literal: cty.NilVal, want: want}
	if in.config != nil {
		q.forEach = in.config.forEach
	}
	return q
}
