package asset_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/asset"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// one is an asset line, written as exports do.
func one(name, kind, data string) string {
	return fmt.Sprintf(`{"name":%q,"asset_type":%q,"resource":{"version":"v1","discovery_name":"X","parent":"//cloudresourcemanager.googleapis.com/projects/700","data":%s,"location":"x"},"ancestors":["projects/700","folders/1","organizations/2"],"update_time":"2026-11-01T00:00:00Z"}`,
		name, kind, squeeze(data))
}

// granted is a line of an export of IAM policies.
func granted(name, kind, policy string) string {
	return fmt.Sprintf(`{"name":%q,"asset_type":%q,"iam_policy":%s,"ancestors":["projects/700","folders/1","organizations/2"]}`, name, kind, squeeze(policy))
}

func squeeze(text string) string {
	var b bytes.Buffer
	if json.Compact(&b, []byte(text)) != nil {
		return text // a test of what is broken
	}
	return b.String()
}

// camel writes a line as list calls do.
func camel(text string) string {
	for from, to := range map[string]string{`"asset_type"`: `"assetType"`, `"iam_policy"`: `"iamPolicy"`, `"discovery_name"`: `"discoveryName"`, `"update_time"`: `"updateTime"`} {
		text = strings.ReplaceAll(text, from, to)
	}
	return text
}

const (
	compute = "https://www.googleapis.com/compute/v1/projects/shop/"
	names   = "//compute.googleapis.com/projects/shop/"
)

var (
	theProject = one("//cloudresourcemanager.googleapis.com/projects/700", "cloudresourcemanager.googleapis.com/Project", `{"projectId":"shop","projectNumber":"700","lifecycleState":"ACTIVE"}`)
	theCluster = one("//container.googleapis.com/projects/shop/locations/europe-west4/clusters/c", "container.googleapis.com/Cluster", `{"name":"c","location":"europe-west4",
		"selfLink":"https://container.googleapis.com/v1/projects/shop/locations/europe-west4/clusters/c","network":"vpc","subnetwork":"nodes","autopilot":{},
		"networkConfig":{"network":"projects/shop/global/networks/vpc","subnetwork":"projects/shop/regions/europe-west4/subnetworks/nodes","defaultEnablePrivateNodes":true},
		"ipAllocationPolicy":{"useIpAliases":true,"clusterSecondaryRangeName":"pods"},"newField":{"of":"tomorrow"},
		"nodePools":[{"name":"main","initialNodeCount":1,"config":{"serviceAccount":"nodes@shop.iam.gserviceaccount.com","oauthScopes":["https://www.googleapis.com/auth/cloud-platform"]}}]}`)
	theNetwork = one(names+"global/networks/vpc", "compute.googleapis.com/Network", `{"name":"vpc","selfLink":"`+compute+`global/networks/vpc"}`)
	theSubnet  = one(names+"regions/europe-west4/subnetworks/nodes", "compute.googleapis.com/Subnetwork", `{"name":"nodes","selfLink":"`+compute+`regions/europe-west4/subnetworks/nodes",
		"region":"`+compute+`regions/europe-west4","network":"`+compute+`global/networks/vpc","ipCidrRange":"10.0.0.0/20","privateIpGoogleAccess":true,
		"secondaryIpRanges":[{"rangeName":"pods","ipCidrRange":"10.4.0.0/14"}]}`)
	theRoute = one(names+"global/routes/default", "compute.googleapis.com/Route", `{"name":"default","selfLink":"`+compute+`global/routes/default","network":"`+compute+`global/networks/vpc",
		"destRange":"0.0.0.0/0","priority":1000,"nextHopGateway":"`+compute+`global/gateways/default-internet-gateway"}`)
	theRouter = router("europe-west4", `{"name":"nat","type":"PUBLIC","sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES","natIpAllocateOption":"AUTO_ONLY"}`)
	elsewhere = router("us-east1", `{"name":"nat","sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES","natIpAllocateOption":"AUTO_ONLY"}`)
	aBucket   = one("//storage.googleapis.com/bucket", "storage.googleapis.com/Bucket", `{"id":"bucket"}`)
)

func router(region, nat string) string {
	return one(names+"regions/"+region+"/routers/r", "compute.googleapis.com/Router", `{"name":"r","selfLink":"`+compute+`regions/`+region+`/routers/r","region":"`+compute+`regions/`+region+`",
		"network":"`+compute+`global/networks/vpc","nats":[`+nat+`]}`)
}

// base is a private cluster and what it lies in, without a gateway.
func base(more ...string) []string {
	return append([]string{theProject, aBucket, theCluster, theNetwork, theSubnet, theRoute}, more...)
}

// export writes lines to a file.
func export(t *testing.T, name string, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	text := []byte(strings.Join(lines, "\n") + "\n")
	if strings.HasSuffix(name, ".gz") {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		text = b.Bytes()
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, names ...string) (topology.Facts, []string) {
	t.Helper()
	f, notes, err := asset.Read(context.Background(), names, asset.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f, notes
}
