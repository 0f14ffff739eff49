package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// What the internet is asked for: the checks that ask for it fail, warn, or are skipped with the reason.
func TestInternet(t *testing.T) {
	isolated := []change{noDefaultRoute, steer(privateAddresses...)}
	denied := []change{denyAll, rule("google", topology.Allow, 900, "199.36.153.8/30"), steer(privateAddresses...)}
	for _, tc := range []struct {
		name     string
		internet string
		changes  []change
		status   topology.Verdict // of nat-node-range, where there is no gateway
		severity Severity
		says     string
	}{
		{"auto, no images", "auto", nil, topology.Fail, Error, ""},
		{"by default, no images", "", nil, topology.Fail, Error, ""},
		{"auto, declared images that need it", "auto", []change{pulls(quay, declared)}, topology.Fail, Error, ""},
		{"auto, declared images, none needs it", "auto", []change{pulls(google, declared)}, topology.Skip, "", "none of the 1 declared images needs the internet"},
		{"auto, declared images, one needs it", "auto", []change{pulls(google, declared), pulls(k8s, declared)}, topology.Fail, Error, ""},
		{"auto, declared docker.io needs it", "auto", []change{pulls(hub, declared)}, topology.Fail, Error, ""},
		{"auto, declared, an unknown one may", "auto", []change{pulls(google, declared), pulls(hub, declared, fromUnknown)}, topology.Fail, Error, ""},
		{"auto, found images, none needs it: warnings", "auto", []change{pulls(google)}, topology.Fail, Warning, "none of the 1 images found in workloads needs the internet"},
		{"auto, found images that need it", "auto", []change{pulls(quay)}, topology.Fail, Error, ""},
		{"auto, found images add to declared ones", "auto", []change{pulls(google, declared), pulls(quay)}, topology.Fail, Error, ""},
		{"auto, found beside declared, none needs it", "auto", []change{pulls(google, declared), pulls("gcr.io/p/app:1")}, topology.Skip, "", "declared"},
		{"auto, inferred images relax nothing", "auto", []change{pulls(google, guessed)}, topology.Fail, Error, ""},
		{"auto, values of a chart relax nothing", "auto", []change{pulls(google, func(u *topology.ImageUse) { u.Inferred = true })}, topology.Fail, Error, ""},
		{"auto, inferred images add demands", "auto", []change{pulls(google, declared), pulls(quay, guessed)}, topology.Fail, Error, ""},
		{"auto, another cluster's images", "auto", []change{pulls(google, declared, func(u *topology.ImageUse) { u.Cluster = known(topology.ID("other")) })}, topology.Fail, Error, ""},
		{"auto, a private registry does not need it", "auto", []change{pulls("registry.corp.internal/app:1", declared)}, topology.Skip, "", "declared"},
		{"auto, isolated by routes", "auto", isolated, topology.Fail, Warning, "isolated by design; say internet = images"},
		{"auto, isolated by rules", "auto", denied, topology.Fail, Warning, "isolated by design"},
		{"auto, no route alone is no isolation", "auto", []change{noDefaultRoute}, topology.Fail, Error, ""},
		{"auto, steered names alone are no isolation", "auto", []change{steer(privateAddresses...)}, topology.Fail, Error, ""},
		{"auto, isolated, but images need it", "auto", append([]change{pulls(quay)}, isolated...), topology.Fail, Error, ""},
		{"required, whatever is declared", "required", []change{pulls(google, declared)}, topology.Fail, Error, ""},
		{"required, isolated", "required", isolated, topology.Fail, Error, ""},
		{"images, none at all", "images", nil, topology.Skip, "", "internet = images, and none of the 0 images"},
		{"images, none needs it", "images", []change{pulls(google)}, topology.Skip, "", "none of the 1 images"},
		{"images, one needs it", "images", []change{pulls(quay)}, topology.Fail, Error, ""},
		{"auto, an image that needs it and does not parse is no demand", "auto", []change{pulls(google, declared), pulls("Nginx", declared)}, topology.Skip, "", "none of the 1 declared images"},
		{"auto, nothing declared but what does not parse", "auto", []change{pulls("Nginx", declared)}, topology.Fail, Error, ""},
		{"auto, declared, an unknown one of Artifact Registry", "auto", []change{pulls(google, declared), pulls(google, declared, fromUnknown, func(u *topology.ImageUse) { u.Registry = "pkg.dev" })}, topology.Skip, "", "none of the 2 declared images"},
		{"auto, k8s.gcr.io needs it though its name is Google's", "auto", []change{pulls("k8s.gcr.io/pause:3.9", declared)}, topology.Fail, Error, ""},
		{"auto, declared for public nodes", "auto", []change{pulls(quay, declared, onPool("open")), addPool("open", public)}, topology.Skip, "", "none of the 1 declared images"},
		{"auto, containerd_config leads to Artifact Registry", "auto", []change{pulls(hub, declared), hosts("docker.io", "https://us-docker.pkg.dev/v2/p/hub")}, topology.Skip, "", "none of the 1 declared images"},
		{"auto, containerd_config leads to a proxy of one's own", "auto", []change{pulls(hub, declared), hosts("docker.io", "https://10.0.0.9")}, topology.Fail, Error, ""},
		{"required, found images that do not need it", "required", []change{pulls(google)}, topology.Fail, Error, ""},
		{"images, an inferred one needs it", "images", []change{pulls(quay, guessed)}, topology.Fail, Error, ""},
		{"images, one counted of each kind", "images", []change{pulls(google), pulls(google, declared), pulls(google, guessed)}, topology.Skip, "", "none of the 3 images counted"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := judge(world(tc.changes...), Policy{Internet: tc.internet})
			w := want{status: tc.status, severity: tc.severity, object: gkeAddress}
			if tc.says != "" {
				w.says = []string{tc.says}
			}
			compare(t, the(t, j, "nat-node-range"), w)
			if tc.status != topology.Skip {
				return
			}
			for _, check := range []string{"nat-pod-range", "internet-route", "egress-firewall"} {
				compare(t, the(t, j, check), want{status: topology.Skip, says: w.says})
			}
		})
	}
}

// A warning by demand is a warning for all the checks that ask for the internet, but not for those that do not.
func TestInternetSoftensOnlyItsOwn(t *testing.T) {
	j := judge(world(pulls(google), noDefaultRoute, denyAll, access(false, true), cluster(snatDisabled)), Policy{})
	for check, severity := range map[string]Severity{"nat-node-range": Warning, "nat-pod-range": Warning, "internet-route": Warning, "egress-firewall": Warning, "private-google-access": Error} {
		r := the(t, j, check)
		if r.Status != topology.Fail || r.Severity != severity {
			t.Errorf("%s: %s %s, want a failure as %s", check, r.Status, r.Severity, severity)
		}
	}
}

func TestMirrorAllowNeedsNoInternet(t *testing.T) {
	for mirror, status := range map[string]topology.Verdict{"deny": topology.Fail, "warn": topology.Fail, "allow": topology.Skip} {
		t.Run(mirror, func(t *testing.T) {
			compare(t, the(t, judge(world(pulls(hub, declared)), Policy{Mirror: mirror}), "nat-node-range"), want{status: status})
		})
	}
}

// Pools are asked for apart: what one of them pulls is no demand of the other's subnetwork.
func TestInternetOfPools(t *testing.T) {
	two := []change{addSubnetwork("far", "10.40.0.0/20"), addPool("far", in("far")), pulls(quay, declared, onPool("far"))}
	expect(t, "nat-node-range", []expectation{
		{name: "only the pool that pulls", facts: world(two...), want: []want{
			{topology.Fail, Error, "google_compute_subnetwork.far", nil, "", ""}, {topology.Skip, Error, gkeAddress, []string{"none of the 1 declared images"}, "", ""}}},
		{name: "by setting", facts: world(two...), policy: Policy{Internet: "images"}, want: []want{
			{topology.Fail, Error, "google_compute_subnetwork.far", nil, "", ""}, {topology.Skip, Error, gkeAddress, []string{"internet = images"}, "", ""}}},
		{name: "required of both", facts: world(two...), policy: Policy{Internet: "required"}, want: []want{
			{topology.Fail, Error, "google_compute_subnetwork.far", nil, "", ""}, {topology.Fail, Error, gkeAddress, nil, "", ""}}},
	})
}

// A workload that is joined to no cluster, where there are several, asks for a warning at most; one that is only guessed at relaxes nothing either.
func TestInternetOfLooseWorkloads(t *testing.T) {
	other := func(f *topology.Facts) { f.Clusters = append(f.Clusters, newCluster("other", newPool("o"))) }
	unjoined := func(u *topology.ImageUse) { u.Cluster = later[topology.ID]() }
	const says = "pulled by workloads that may run on another cluster"
	for _, tc := range []struct {
		name, internet string
		changes        []change
		status         topology.Verdict
		severity       Severity
		says           string
	}{
		{"found", "auto", []change{pulls(quay, unjoined)}, topology.Fail, Warning, says},
		{"guessed, and nothing else is known", "auto", []change{pulls(quay, unjoined, guessed)}, topology.Fail, Error, ""},
		{"guessed, beside one that is declared", "auto", []change{pulls(quay, unjoined, guessed), pulls(google, declared)}, topology.Fail, Warning, says},
		{"guessed, by setting", "images", []change{pulls(quay, unjoined, guessed)}, topology.Fail, Warning, says},
		{"beside a joined one that needs it", "auto", []change{pulls(quay, unjoined), pulls(k8s)}, topology.Fail, Error, ""},
		{"required", "required", []change{pulls(quay, unjoined)}, topology.Fail, Error, ""},
		{"it needs nothing", "images", []change{pulls(google, unjoined)}, topology.Skip, "", "none of the 1 images"},
		{"declared images are pulled by every cluster", "auto", []change{pulls(quay, unjoined, declared)}, topology.Fail, Error, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := judge(world(append([]change{other}, tc.changes...)...), Policy{Internet: tc.internet, Cluster: "c"})
			compare(t, the(t, j, "nat-node-range"), want{status: tc.status, severity: tc.severity, says: []string{tc.says}})
		})
	}
}
