package provider

import (
	"bytes"
	"compress/gzip"
	"testing"
)

// export is an organisation in two lines a thing: a network with a gateway for one of its two subnetworks, and a cluster on each.
const exportLines = `{"name":"//compute.googleapis.com/projects/shop/global/networks/vpc","asset_type":"compute.googleapis.com/Network","resource":{"data":{"name":"vpc","selfLink":"https://www.googleapis.com/compute/v1/projects/shop/global/networks/vpc"}}}
{"name":"//compute.googleapis.com/projects/shop/regions/europe-west4/subnetworks/gke","asset_type":"compute.googleapis.com/Subnetwork","resource":{"data":{"name":"gke","region":"https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west4","network":"https://www.googleapis.com/compute/v1/projects/shop/global/networks/vpc","ipCidrRange":"10.0.0.0/20","privateIpGoogleAccess":true,"selfLink":"https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west4/subnetworks/gke"}}}
{"name":"//compute.googleapis.com/projects/shop/regions/europe-west4/subnetworks/lonely","asset_type":"compute.googleapis.com/Subnetwork","resource":{"data":{"name":"lonely","region":"https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west4","network":"https://www.googleapis.com/compute/v1/projects/shop/global/networks/vpc","ipCidrRange":"10.1.0.0/20","privateIpGoogleAccess":true,"selfLink":"https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west4/subnetworks/lonely"}}}
{"name":"//compute.googleapis.com/projects/shop/regions/europe-west4/routers/r","asset_type":"compute.googleapis.com/Router","resource":{"data":{"name":"r","region":"https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west4","network":"https://www.googleapis.com/compute/v1/projects/shop/global/networks/vpc","nats":[{"name":"nat","natIpAllocateOption":"AUTO_ONLY","sourceSubnetworkIpRangesToNat":"LIST_OF_SUBNETWORKS","subnetworks":[{"name":"https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west4/subnetworks/gke","sourceIpRangesToNat":["ALL_IP_RANGES"]}]}],"selfLink":"https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west4/routers/r"}}}
{"name":"//container.googleapis.com/projects/shop/locations/europe-west4/clusters/fine","asset_type":"container.googleapis.com/Cluster","resource":{"data":{"name":"fine","location":"europe-west4","selfLink":"https://container.googleapis.com/v1/projects/shop/locations/europe-west4/clusters/fine","network":"vpc","subnetwork":"gke","networkConfig":{"network":"projects/shop/global/networks/vpc","subnetwork":"projects/shop/regions/europe-west4/subnetworks/gke","defaultEnablePrivateNodes":true},"nodePools":[{"name":"default-pool","config":{"serviceAccount":"nodes@shop.iam.gserviceaccount.com","oauthScopes":["https://www.googleapis.com/auth/cloud-platform"]}}]}}}
{"name":"//container.googleapis.com/projects/shop/locations/europe-west4/clusters/lost","asset_type":"container.googleapis.com/Cluster","resource":{"data":{"name":"lost","location":"europe-west4","selfLink":"https://container.googleapis.com/v1/projects/shop/locations/europe-west4/clusters/lost","network":"vpc","subnetwork":"lonely","networkConfig":{"network":"projects/shop/global/networks/vpc","subnetwork":"projects/shop/regions/europe-west4/subnetworks/lonely","defaultEnablePrivateNodes":true},"nodePools":[{"name":"default-pool","config":{"serviceAccount":"nodes@shop.iam.gserviceaccount.com","oauthScopes":["https://www.googleapis.com/auth/cloud-platform"]}}]}}}
`

// TestAssetsFile: data sources over an export need no credentials and connect to nothing.
func TestAssetsFile(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(exportLines)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, data string
		exit       int
		said       []string
	}{
		{"a cluster", "data \"gkepreflight_cluster\" \"it\" {\n  name = \"fine\"\n}\n", 0, []string{"!Error", "!nat-node-range"}},
		{"a lost cluster", "data \"gkepreflight_cluster\" \"it\" {\n  name = \"lost\"\n}\n", 1, []string{`Error: nat-node-range: subnetwork "lonely" has no Public NAT`}},
		{"a cluster that is not in it", "data \"gkepreflight_cluster\" \"it\" {\n  name = \"later\"\n}\n", 0, []string{`there is no cluster "later"`}},
		{"a subnetwork", "data \"gkepreflight_nat_coverage\" \"it\" {\n  subnetwork = \"lonely\"\n  region = \"europe-west4\"\n}\n", 1, []string{"Error: nat-node-range"}},
		{"what it does not tell of", "data \"gkepreflight_artifact_registry\" \"it\" {\n  repository = \"europe-docker.pkg.dev/shop/apps\"\n  subnetwork = \"gke\"\n  region = \"europe-west4\"\n  service_account = \"nodes@shop.iam.gserviceaccount.com\"\n}\n", 0,
			[]string{"is not wholly decided", "registry-access"}},
	} {
		for form, file := range map[string]string{"plain": exportLines, "gzip": packed.String()} {
			t.Run(test.name+", "+form, func(t *testing.T) {
				t.Parallel()
				f := newFolder(t, "main.tf", required+"provider \"gkepreflight\" {\n  project     = \"shop\"\n  assets_file = \"org.ndjson\"\n}\n"+test.data, "org.ndjson", file)
				f.run("GOOGLE_COMPUTE_CUSTOM_ENDPOINT=http://127.0.0.1:1/compute/v1/", "plan").want(t, test.exit, test.said...)
			})
		}
	}
}
