package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const self = "https://www.googleapis.com/compute/v1/projects/shop/"

// exportLine is an asset of the project shop, as an export has it. The names of assets that are no resources of Compute Engine are given whole.
func exportLine(name, kind, data string) string {
	if !strings.HasPrefix(name, "//") {
		name = "//compute.googleapis.com/projects/shop/" + name
	}
	return fmt.Sprintf(`{"name":%q,"asset_type":%q,"resource":{"data":%s},"ancestors":["projects/700","folders/1","organizations/2"]}`, name, kind, data)
}

// exported writes an export of a private cluster of testdata/broken.json's names, with whatever else is given.
func exported(t *testing.T, more ...string) string {
	t.Helper()
	lines := append([]string{
		exportLine("//container.googleapis.com/projects/shop/locations/europe-west1/clusters/prod", "container.googleapis.com/Cluster", `{"name":"prod","location":"europe-west1",
			"selfLink":"https://container.googleapis.com/v1/projects/shop/locations/europe-west1/clusters/prod","ipAllocationPolicy":{"useIpAliases":true,"clusterSecondaryRangeName":"pods"},
			"networkConfig":{"network":"projects/shop/global/networks/shop","subnetwork":"projects/shop/regions/europe-west1/subnetworks/nodes","defaultEnablePrivateNodes":true},
			"nodePools":[{"name":"main","config":{"oauthScopes":["https://www.googleapis.com/auth/cloud-platform"]}}]}`),
		exportLine("global/networks/shop", "compute.googleapis.com/Network", `{"name":"shop","selfLink":"`+self+`global/networks/shop"}`),
		exportLine("regions/europe-west1/subnetworks/nodes", "compute.googleapis.com/Subnetwork", `{"name":"nodes","selfLink":"`+self+`regions/europe-west1/subnetworks/nodes",
			"region":"`+self+`regions/europe-west1","network":"`+self+`global/networks/shop","ipCidrRange":"10.0.0.0/20","privateIpGoogleAccess":true,"secondaryIpRanges":[{"rangeName":"pods","ipCidrRange":"10.4.0.0/14"}]}`),
		exportLine("global/routes/default", "compute.googleapis.com/Route", `{"name":"default","network":"`+self+`global/networks/shop","destRange":"0.0.0.0/0","priority":1000,
			"nextHopGateway":"`+self+`global/gateways/default-internet-gateway"}`),
	}, more...)
	for i := range lines {
		lines[i] = strings.NewReplacer("\n", "", "\t", "").Replace(lines[i])
	}
	path := filepath.Join(t.TempDir(), "assets.json")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func gatewayIn(region string) string {
	return exportLine("regions/"+region+"/routers/nat", "compute.googleapis.com/Router", `{"name":"nat","region":"`+self+`regions/`+region+`","network":"`+self+`global/networks/shop",
		"nats":[{"name":"nat","sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES","natIpAllocateOption":"AUTO_ONLY"}]}`)
}

// An export alone is enough: what is in it is judged, what was looked for and is not there fails, and what nobody looked for is undecided.
func TestAssets(t *testing.T) {
	for _, tc := range []struct {
		name  string
		more  []string
		args  []string
		want  int
		shows string
	}{
		{"covered", []string{gatewayIn("europe-west1")}, nil, 0, "✓ prod"},
		{"uncovered", []string{gatewayIn("us-east1")}, nil, 2, "✗ prod"},
		{"undecided", nil, nil, 0, "NOT DECIDED: 1 cluster"},
		{"undecided, strictly", nil, []string{"--strict"}, 3, "NOT DECIDED: 1 cluster"},
		{"another cluster", []string{gatewayIn("us-east1")}, []string{"--cluster", "test-*"}, 0, "0 tests"},
		{"a router that cannot be read", []string{strings.Replace(gatewayIn("europe-west1"), `"nats":[`, `"nats":7,"x":[`, 1)}, nil, 0,
			"line 5: //compute.googleapis.com/projects/shop/regions/europe-west1/routers/nat"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := exported(t, tc.more...)
			code, out, stderr := call(t, append([]string{"check", "--assets", path, "--only", "nat-node-range"}, tc.args...)...)
			if code != tc.want || !strings.Contains(strings.Join(strings.Fields(out), " "), tc.shows) {
				t.Errorf("status %d, want %d and %q\n%s%s", code, tc.want, tc.shows, out, stderr)
			}
		})
	}
}

// The report says what was read, and names objects by their full resource names.
func TestAssetsInReports(t *testing.T) {
	path := exported(t, gatewayIn("europe-west1"))
	_, out, stderr := call(t, "check", "--assets", path, "--format", "json")
	var r struct {
		Sources  []struct{ Kind, Name string }
		Clusters []struct{ Address, Verdict string }
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v\n%s%s", err, out, stderr)
	}
	if len(r.Sources) != 1 || r.Sources[0].Kind != "assets" || r.Sources[0].Name != path {
		t.Errorf("sources %v", r.Sources)
	}
	if len(r.Clusters) != 1 || r.Clusters[0].Address != "//container.googleapis.com/projects/shop/locations/europe-west1/clusters/prod" {
		t.Errorf("clusters %v", r.Clusters)
	}
}

// A plan lies over an export, and an export over a state: the gateway that only the export tells of is the cluster's in the state.
func TestAssetsOverStates(t *testing.T) {
	args := []string{"check", "--state", "testdata/broken.json", "--only", "nat-node-range"}
	if code, out, _ := call(t, args...); code != 2 {
		t.Fatalf("the state alone: status %d\n%s", code, out)
	}
	covered := exported(t, gatewayIn("europe-west1"))
	code, out, stderr := call(t, append(args, "--assets", covered)...)
	if code != 0 || !strings.Contains(out, "google_container_cluster.prod") {
		t.Errorf("with the export: status %d\n%s%s", code, out, stderr)
	}
}

// A plan lies over an export: what it creates is there, and what it only mentions (the network, as data sources) the export decides.
func TestAssetsBeneathPlans(t *testing.T) {
	plan := filepath.Join(ownPlans, "17-data-sources-existing-vpc", "plan.json")
	there := strings.NewReplacer("projects/shop", "projects/demo-project", "networks/shop", "networks/existing-vpc")
	for name, tc := range map[string]struct {
		args []string
		east string
	}{
		"the plan alone":           {nil, "unknown"},
		"no router is there":       {[]string{"--assets", exported(t)}, "unknown"},
		"a gateway elsewhere":      {[]string{"--assets", exported(t, there.Replace(gatewayIn("europe-west1")))}, "fail"},
		"a gateway in this region": {[]string{"--assets", exported(t, there.Replace(gatewayIn("us-east4")))}, "pass"},
	} {
		_, out, stderr := call(t, append([]string{"check", "--format", "json", "--plan", plan}, tc.args...)...)
		var got reported
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, stderr)
		}
		for cluster, want := range map[string]string{"google_container_cluster.central": "pass", "google_container_cluster.east": tc.east} {
			if is := got.worst(cluster, "nat-node-range"); is != want {
				t.Errorf("%s: %s is %q, want %q", name, cluster, is, want)
			}
		}
	}
}

func TestAssetsThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	array := filepath.Join(dir, "array.json")
	if err := os.WriteFile(array, []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"array.json: is a JSON array: expected an asset on each line":           {"--assets", array},
		"testdata/whole.json: line 1: ":                                         {"--assets", "testdata/whole.json"},
		"none.json: no such file or directory: expected an asset export":        {"--assets", filepath.Join(dir, "none.json")},
		"--assets names no file":                                                {"--assets", ""},
		"--assets reads files, not standard input: give the name of the export": {"--assets", "-"},
	} {
		code, out, stderr := call(t, append([]string{"check"}, args...)...)
		if code != 1 || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%q: status %d, stdout %q, stderr %q", args, code, out, stderr)
		}
	}
}

// An asset that does not decode costs what it would have told, is in the report's errors, and counts under --strict; what else was read is judged.
func TestAssetsThatDoNotDecode(t *testing.T) {
	path := exported(t, gatewayIn("europe-west1"), exportLine("global/firewalls/odd", "compute.googleapis.com/Firewall", `{"name":7}`))
	for _, tc := range []struct {
		args []string
		want int
	}{{nil, 0}, {[]string{"--strict"}, onlyUndecided}} {
		code, out, _ := call(t, append([]string{"check", "--assets", path, "--format", "json"}, tc.args...)...)
		var r struct {
			Errors   []struct{ Source, Message string }
			Clusters []struct{ Verdict string }
		}
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
		if code != tc.want || len(r.Clusters) != 1 || len(r.Errors) != 1 || r.Errors[0].Source != "assets" || !strings.Contains(r.Errors[0].Message, "firewalls/odd could not be read") {
			t.Errorf("%v: status %d, want %d: %+v", tc.args, code, tc.want, r)
		}
	}
}
