package googlecloud

import (
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// clusterJSON is a cluster of Shared VPC: its network lies in project "host".
func clusterJSON(fields ...string) object {
	return object{"cluster", `{"name": "c", "location": "us-central1", "selfLink": "https://container.googleapis.com/v1/projects/p/locations/us-central1/clusters/c"` +
		strings.Join(append([]string{""}, fields...), ", ") + `}`}
}

// Whether nodes are private is told in three places; each overrules the one after it.
func TestPrivacy(t *testing.T) {
	for _, tc := range []struct {
		name, network, old, pool string
		want, own                bool
	}{
		{"nothing told is public", ``, ``, ``, false, false},
		{"the pool's own", `"networkConfig": {"defaultEnablePrivateNodes": false}`, ``, `"enablePrivateNodes": true`, true, true},
		{"the pool's own, public", `"networkConfig": {"defaultEnablePrivateNodes": true}`, ``, `"enablePrivateNodes": false`, false, true},
		{"the cluster's default", `"networkConfig": {"defaultEnablePrivateNodes": true}`, ``, `"podRange": "pods"`, true, false},
		{"the deprecated field", ``, `"privateClusterConfig": {"enablePrivateNodes": true}`, ``, true, false},
		{"the deprecated field is overruled", `"networkConfig": {"defaultEnablePrivateNodes": false}`, `"privateClusterConfig": {"enablePrivateNodes": true}`, ``, false, false},
		{"a private endpoint is no private node", ``, `"privateCluster": true, "privateClusterConfig": {"enablePrivateEndpoint": true, "privateEndpoint": "10.0.0.2"}`, ``, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fields := slices.DeleteFunc([]string{tc.network, tc.old, `"nodePools": [{"name": "a", "networkConfig": {` + tc.pool + `}}]`}, func(s string) bool { return s == "" })
			p := sole(t, sole(t, read(t, clusterJSON(fields...)).Clusters).Pools)
			is(t, "privacy", p.Private, tc.want)
			if p.OwnPrivacy != tc.own {
				t.Errorf("own privacy %v", p.OwnPrivacy)
			}
		})
	}
}

func TestClusterNetwork(t *testing.T) {
	for _, tc := range []struct {
		name, fields string
		network      topology.ID // empty where it is not known
		subnetwork   topology.ID
	}{
		{"short names beside full ones", `"network": "vpc", "subnetwork": "gke", "networkConfig": {"network": "projects/host/global/networks/vpc", "subnetwork": "projects/host/regions/us-central1/subnetworks/gke"}`,
			"google_compute_network/host/global/vpc", "google_compute_subnetwork/host/us-central1/gke"},
		{"short names alone", `"network": "vpc", "subnetwork": "gke"`, theVPC, theGKE},
		{"full links", `"network": "https://compute.googleapis.com/compute/beta/projects/host/global/networks/vpc", "subnetwork": "https://www.googleapis.com/compute/v1/projects/host/regions/us-central1/subnetworks/gke"`,
			"google_compute_network/host/global/vpc", "google_compute_subnetwork/host/us-central1/gke"},
		{"left out", `"status": "RUNNING"`, "google_compute_network/p/global/default", "google_compute_subnetwork/p/us-central1/default"},
		{"a legacy network", `"network": "old", "networkConfig": {"network": "projects/p/global/networks/old"}`, "google_compute_network/p/global/old", ""},
		{"a project by its number", `"networkConfig": {"network": "projects/77/global/networks/vpc", "subnetwork": "projects/77/regions/us-central1/subnetworks/gke"}`,
			"google_compute_network/host/global/vpc", "google_compute_subnetwork/host/us-central1/gke"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := New("test")
			if err := givers["cluster"](v, []byte(clusterJSON(tc.fields).text)); err != nil {
				t.Fatal(err)
			}
			v.Project("host", 77, "")
			c := sole(t, v.Facts().Clusters)
			is(t, "network", c.Network, tc.network)
			if tc.subnetwork == "" {
				if c.Subnetwork.Known() {
					t.Errorf("subnetwork %v", c.Subnetwork)
				}
				return
			}
			is(t, "subnetwork", c.Subnetwork, tc.subnetwork)
		})
	}
}

func TestClusterRanges(t *testing.T) {
	c := sole(t, read(t, clusterJSON(`"networkConfig": {"network": "projects/host/global/networks/vpc", "subnetwork": "projects/host/regions/us-central1/subnetworks/gke", "defaultSnatStatus": {"disabled": true}}`,
		`"ipAllocationPolicy": {"useIpAliases": true, "clusterSecondaryRangeName": "pods", "autoIpamConfig": {"enabled": true}, "additionalPodRangesConfig": {"podRangeNames": ["more"]},
		  "additionalIpRangesConfigs": [{"subnetwork": "second", "podIpv4RangeNames": ["second-pods"], "status": "DRAINING"}, {"subnetwork": "projects/host/regions/us-central1/subnetworks/third"}]}`,
		`"nodePools": [{"name": "a"}, {"name": "b", "networkConfig": {"podRange": "own", "subnetwork": "third"}}, {"name": "c", "networkConfig": {"createPodRange": true}}]`)).Clusters)
	is(t, "pod range", c.PodRange, "pods")
	is(t, "SNAT", c.SNATDisabled, true)
	is(t, "auto IPAM", c.AutoIPAM, true)
	is(t, "autopilot", c.Autopilot, false)
	is(t, "further range", sole(t, c.ExtraPodRanges), "more")
	if len(c.ExtraSubnetworks) != 2 {
		t.Fatalf("%d further subnetworks", len(c.ExtraSubnetworks))
	}
	is(t, "second", c.ExtraSubnetworks[0].Subnetwork, "google_compute_subnetwork/host/us-central1/second")
	is(t, "its range", sole(t, c.ExtraSubnetworks[0].PodRanges), "second-pods")
	is(t, "third", c.ExtraSubnetworks[1].Subnetwork, "google_compute_subnetwork/host/us-central1/third")
	is(t, "inherited range", c.Pools[0].PodRange, "pods")
	if c.Pools[0].Subnetwork.Origin != c.Subnetwork.Origin {
		t.Error("a pool that names no subnetwork must share the cluster's, among which GKE picks")
	}
	is(t, "own range", c.Pools[1].PodRange, "own")
	is(t, "own subnetwork", c.Pools[1].Subnetwork, "google_compute_subnetwork/host/us-central1/third")
	is(t, "created range", c.Pools[2].PodRange, "")

	unnamed := sole(t, read(t, clusterJSON(`"ipAllocationPolicy": {"useIpAliases": true}`)).Clusters)
	if unnamed.PodRange.Known() {
		t.Errorf("a range that exists and is not named passes for %+v", unnamed.PodRange)
	}
	is(t, "a routes-based cluster's range", sole(t, read(t, clusterJSON(`"ipAllocationPolicy": {"useRoutes": true}`)).Clusters).PodRange, "")
}

// The most nodes: by the total, by the zones, by the first size, and what surges.
func TestMaxNodes(t *testing.T) {
	for _, tc := range []struct {
		name, cluster, pool string
		want                int // zero where it is not known
	}{
		{"first size, three zones by default", ``, `"initialNodeCount": 2`, 7},
		{"zones of the pool", `"locations": ["a", "b"]`, `"initialNodeCount": 2, "locations": ["a"]`, 3},
		{"zones of the cluster", `"locations": ["a", "b"]`, `"initialNodeCount": 2`, 5},
		{"a zonal cluster", `"location": "us-central1-a"`, `"initialNodeCount": 2`, 3},
		{"a maximum for each zone", ``, `"initialNodeCount": 1, "autoscaling": {"enabled": true, "maxNodeCount": 5}`, 16},
		{"a maximum in all", ``, `"initialNodeCount": 1, "autoscaling": {"enabled": true, "totalMaxNodeCount": 5}`, 6},
		{"a maximum that is switched off", ``, `"initialNodeCount": 1, "autoscaling": {"maxNodeCount": 5}`, 4},
		{"no surge", ``, `"initialNodeCount": 1, "upgradeSettings": {"maxUnavailable": 1}`, 3},
		{"more surge", ``, `"initialNodeCount": 1, "upgradeSettings": {"maxSurge": 4}`, 7},
		{"resized by hand since", `"currentNodeCount": 9`, `"initialNodeCount": 1`, 0},
		{"resized within its maximum", `"currentNodeCount": 9`, `"initialNodeCount": 1, "autoscaling": {"enabled": true, "maxNodeCount": 5}`, 16},
		{"autopilot", `"autopilot": {"enabled": true}`, `"initialNodeCount": 1`, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fields := []string{`"nodePools": [{"name": "a", ` + tc.pool + `}]`}
			if tc.cluster != "" {
				fields = append(fields, tc.cluster)
			}
			text := clusterJSON(fields...)
			if strings.Contains(tc.cluster, `"location"`) {
				text.text = strings.Replace(text.text, `"location": "us-central1", `, "", 1)
			}
			p := sole(t, sole(t, read(t, text).Clusters).Pools)
			if got, known := p.MaxNodes.Get(); got != tc.want || known != (tc.want > 0) {
				t.Errorf("%d (%v), want %d", got, known, tc.want)
			}
		})
	}
}
