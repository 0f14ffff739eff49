package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func snatDisabled(c *topology.Cluster) { c.SNATDisabled = known(true) }

// onlyPrimary is the gateway that leaves the pods out; more changes it.
func onlyPrimary(more ...func(*topology.NAT)) change {
	return nat("primary", append([]func(*topology.NAT){lists(entry("gke", topology.EntryPrimary))}, more...)...)
}

func TestNATPodRangeSeverity(t *testing.T) {
	const entryFix = "# in google_compute_router_nat.primary, the entry of this subnetwork"
	one := func(status topology.Verdict, severity Severity, fix string, says ...string) []want {
		return []want{{status, severity, gkeAddress, says, fix, ""}}
	}
	fails := func(severity Severity, says ...string) []want {
		return one(topology.Fail, severity, entryFix, append(says, `pod range "pods" of subnetwork "gke" has no Public NAT`)...)
	}
	expect(t, "nat-pod-range", []expectation{
		{name: "all ranges", facts: world(nat("all")), want: one(topology.Pass, Warning, "", `"pods"`, `"all"`)},
		{name: "by name, over two gateways", facts: world(onlyPrimary(), nat("pods", lists(onlySecondary("gke", "pods")))), want: one(topology.Pass, Warning, "", `by "pods"`)},
		{name: "the services range is never asked for", facts: world(nat("named", lists(named("gke", "pods")))), want: one(topology.Pass, "", "")},
		{name: "default SNAT: only ports", facts: world(onlyPrimary()), want: fails(Warning, "node's address", "64 ports")},
		{name: "primary ranges of the whole network", facts: world(nat("primaries", primaries)),
			want: one(topology.Fail, Warning, `source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"`, "pod range")},
		{name: "SNAT disabled", facts: world(onlyPrimary(), cluster(snatDisabled)), want: fails(Error, "default SNAT is disabled", "no way to the internet")},
		{name: "SNAT disabled, but all is translated", facts: world(nat("all"), cluster(snatDisabled)), want: one(topology.Pass, Error, "")},
		{name: "masquerading keeps everything", facts: world(onlyPrimary(), masquerade("10.0.0.0/8", "0.0.0.0/0")), want: fails(Error, "ip-masq-agent keeps public destinations")},
		{name: "masquerading keeps a public range", facts: world(onlyPrimary(), masquerade("8.8.8.0/24")), want: fails(Error, "kubernetes_config_map.masq")},
		{name: "masquerading keeps half of the internet", facts: world(onlyPrimary(), masquerade("0.0.0.0/1")), want: fails(Error)},
		{name: "masquerading keeps private ranges", facts: world(onlyPrimary(), masquerade("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16")), want: fails(Warning)},
		{name: "masquerading keeps Google's virtual addresses", facts: world(onlyPrimary(), masquerade("199.36.153.4/30", "199.36.153.8/30", "34.126.0.0/18", "224.0.0.0/4")), want: fails(Warning)},
		{name: "an agent of its own replaces disabled SNAT", facts: world(onlyPrimary(), cluster(snatDisabled), masquerade("10.0.0.0/8")), want: fails(Warning)},
		{name: "an agent of another cluster", facts: world(onlyPrimary(), masquerade("0.0.0.0/0"), func(f *topology.Facts) { f.Masquerades[0].Cluster = known(topology.ID("other")) }), want: fails(Warning)},
		{name: "masquerading that apply decides", facts: world(onlyPrimary(), masquerade(), func(f *topology.Facts) { f.Masquerades[0].KeepsFor = later[[]string]() }),
			want: fails(Warning, "whether pods keep their address is not known", topology.KnownAfterApply)},
		{name: "Windows", facts: world(onlyPrimary(), pool(func(p *topology.NodePool) { p.Windows = true })), want: fails(Error, "Windows pods keep their address")},
		{name: "Windows, whatever an agent says", facts: world(onlyPrimary(), pool(func(p *topology.NodePool) { p.Windows = true }), masquerade("10.0.0.0/8")), want: fails(Error, "Windows pods keep their address")},
		{name: "masquerading keeps more than a private range", facts: world(onlyPrimary(), masquerade("10.0.0.0/7")), want: fails(Error)},
		{name: "masquerading keeps IPv6", facts: world(onlyPrimary(), masquerade("::/0")), want: fails(Warning)},
		{name: "masquerading keeps what is no range", facts: world(onlyPrimary(), masquerade("everything")), want: fails(Warning)},
		{name: "masquerading keeps nothing", facts: world(onlyPrimary(), masquerade()), want: fails(Warning)},
		{name: "an agent of a cluster that apply decides, the only one", facts: world(onlyPrimary(), masquerade("0.0.0.0/0"), func(f *topology.Facts) { f.Masquerades[0].Cluster = later[topology.ID]() }), want: fails(Error)},
		{name: "whether SNAT is disabled apply decides", facts: world(onlyPrimary(), cluster(func(c *topology.Cluster) { c.SNATDisabled = later[bool]() })), want: fails(Warning, "whether pods keep their address is not known")},
		{name: "SNAT disabled, and nothing is known to need the internet", facts: world(onlyPrimary(), cluster(snatDisabled), pulls(google)), want: fails(Warning, "keep their address")},
		{name: "ports enough, and nothing is known to need the internet", facts: world(onlyPrimary(minPorts(1024)), pulls(google)), want: fails(Info, "ports enough")},
		{name: "a dynamic gateway that may not serve the nodes", facts: world(nat("n", dynamic, lists(topology.NATEntry{Subnetwork: later[topology.ID](), NamesTold: true}))),
			want: one(topology.Undecided, Warning, "", "whether pod range")},
		{name: "1,024 ports are enough", facts: world(onlyPrimary(minPorts(1024))), want: fails(Info, "ports enough")},
		{name: "600 are rounded up to 1,024", facts: world(onlyPrimary(minPorts(600))), want: fails(Info)},
		{name: "512 are not", facts: world(onlyPrimary(minPorts(512))), want: fails(Warning, "512 ports")},
		{name: "dynamic allocation", facts: world(onlyPrimary(dynamic)), want: fails(Info)},
		{name: "SNAT disabled, dynamic allocation", facts: world(onlyPrimary(dynamic), cluster(snatDisabled)), want: fails(Error)},
		{name: "a gateway that apply decides", facts: world(onlyPrimary(func(n *topology.NAT) { n.Entries[0].Options = later[[]string]() })),
			want: one(topology.Undecided, Warning, "", "whether pod range", topology.KnownAfterApply)},
		{name: "no gateway at all", facts: world(), want: []want{{topology.Fail, Warning, gkeAddress, []string{"which has no Public NAT either"}, `resource "google_compute_router_nat"`, "nat-node-range"}}},
		{name: "a custom next hop", facts: world(proxied, onlyPrimary(), cluster(snatDisabled)), want: one(topology.Skip, "", "", "Cloud NAT does not apply")},
		{name: "shared VPC: the fix is for the host project", facts: sharedVPC(), want: []want{{topology.Fail, Warning, gkeAddress, nil, `project = "host"`, "nat-node-range"}}},
	})
}

func TestNATPodRangesOfPools(t *testing.T) {
	podRange := func(name string) func(*topology.NodePool) {
		return func(p *topology.NodePool) { p.PodRange = known(name) }
	}
	created := pool(podRange(""))
	expect(t, "nat-pod-range", []expectation{
		{name: "pools with ranges that differ", facts: world(addPool("other", podRange("more")), nat("named", lists(named("gke", "pods")))), want: []want{
			{topology.Fail, Warning, gkeAddress, []string{`pod range "more"`}, "ALL_IP_RANGES", ""},
			{topology.Pass, Warning, gkeAddress, []string{`pod range "pods"`}, "", ""}}},
		{name: "pools with the same range are one result", facts: world(addPool("other"), nat("named", lists(named("gke", "pods")))), want: []want{
			{topology.Pass, Warning, gkeAddress, nil, "", ""}}},
		{name: "the range of a public pool is not asked for", facts: world(addPool("open", public, podRange("more")), nat("named", lists(named("gke", "pods")))), want: []want{
			{topology.Pass, Warning, gkeAddress, nil, "", ""}}},
		{name: "extra pod ranges of the cluster", facts: world(nat("named", lists(named("gke", "pods"))),
			cluster(func(c *topology.Cluster) { c.ExtraPodRanges = []topology.Value[string]{known("extra")} })), want: []want{
			{topology.Fail, Warning, gkeAddress, []string{`pod range "extra"`}, "", ""},
			{topology.Pass, Warning, gkeAddress, []string{`pod range "pods"`}, "", ""}}},
		{name: "a further subnetwork has its own ranges", facts: world(addSubnetwork("extra", "10.50.0.0/20"), cluster(extraSubnetwork("extra", "extra-pods")),
			pool(func(p *topology.NodePool) { p.Subnetwork.Origin = clusterOrigin() }), nat("named", lists(named("gke", "pods"), named("extra", "other")))), want: []want{
			{topology.Fail, Warning, "google_compute_subnetwork.extra", []string{`pod range "extra-pods" of subnetwork "extra"`}, "", ""},
			{topology.Pass, Warning, gkeAddress, []string{`pod range "pods" of subnetwork "gke"`}, "", ""}}},
		{name: "a range that GKE creates, translated", facts: world(created, nat("all")), want: []want{
			{topology.Pass, Warning, gkeAddress, []string{"the pod range that GKE will create"}, "", ""}}},
		{name: "a range that GKE creates cannot be listed", facts: world(created, cluster(snatDisabled), nat("named", lists(named("gke", "pods")))), want: []want{
			{topology.Fail, Error, gkeAddress, []string{"the pod range that GKE will create"}, "ALL_IP_RANGES", ""}}},
		{name: "a range whose name apply decides", facts: world(pool(func(p *topology.NodePool) { p.PodRange = later[string]() }), nat("named", lists(named("gke", "pods")))), want: []want{
			{topology.Undecided, Warning, gkeAddress, []string{"whether the pod range of subnetwork"}, "", ""}}},
		{name: "SNAT disabled of one pool's range only counts once", facts: world(cluster(snatDisabled), addPool("tagged", tagged("x")), nat("named", lists(entry("gke", topology.EntryPrimary)))), want: []want{
			{topology.Fail, Error, gkeAddress, nil, "", ""}}},
	})
}

// An agent of a cluster that apply decides is nobody's where there are several clusters.
func TestMasqueradeOfSeveralClusters(t *testing.T) {
	other := func(f *topology.Facts) { f.Clusters = append(f.Clusters, newCluster("other", newPool("o"))) }
	f := world(onlyPrimary(), masquerade("0.0.0.0/0"), other, func(f *topology.Facts) { f.Masquerades[0].Cluster = later[topology.ID]() })
	compare(t, the(t, judge(f, Policy{Cluster: "c"}), "nat-pod-range"), want{status: topology.Fail, severity: Warning, says: []string{"this costs only ports"}, fix: "ALL_IP_RANGES"})
}
