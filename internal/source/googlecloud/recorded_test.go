package googlecloud

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// recorded reads an answer of the real APIs, which lie beside the repository where they are at hand.
func recorded(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../../../shared/recorded", file))
	if os.IsNotExist(err) {
		t.Skipf("no recorded answers beside the repository: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// decode reads a message as the REST clients do: fields that they do not know yet are left out.
func decode[T proto.Message](t *testing.T, text []byte, into T) T {
	t.Helper()
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(text, into); err != nil {
		t.Fatalf("%v\n%.300s", err, text)
	}
	return into
}

const gke1 = "gcpdiag-gke1-aaaa"

// recordedProject is all that was recorded of the project gke1.
func recordedProject(t *testing.T) *Inventory {
	t.Helper()
	v := New("recorded")
	v.Project(gke1, 12340001, "")
	clusters := recorded(t, "gke1/container-clusters.json")
	for _, c := range decode(t, clusters, &containerpb.ListClustersResponse{}).GetClusters() {
		v.Cluster(c)
	}
	var subnetworks struct {
		Items map[string]struct {
			Subnetworks []json.RawMessage `json:"subnetworks"`
		} `json:"items"`
	}
	if err := json.Unmarshal(recorded(t, "gke1/compute-subnetworks-aggregated.json"), &subnetworks); err != nil {
		t.Fatal(err)
	}
	for _, region := range subnetworks.Items {
		for _, s := range region.Subnetworks {
			v.Subnetwork(decode(t, s, &computepb.Subnetwork{}))
		}
	}
	for _, r := range decode(t, recorded(t, "gke1/compute-routers-europe-west4.json"), &computepb.RouterList{}).GetItems() {
		v.Router(r)
	}
	for _, r := range decode(t, recorded(t, "gke1/compute-network-routes.json"), &computepb.RouteList{}).GetItems() {
		v.Route(r)
	}
	v.EffectiveFirewalls("https://www.googleapis.com/compute/v1/projects/"+gke1+"/global/networks/default",
		decode(t, recorded(t, "gke1/compute-effective-firewalls-default.json"), &computepb.NetworksGetEffectiveFirewallsResponse{}))
	for _, c := range []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.DNS} {
		v.Listed(c, gke1)
	}
	return v
}

// exporter is an image that every cluster pulls from the internet.
func exporter(f *topology.Facts) {
	for _, c := range f.Clusters {
		f.Images = append(f.Images, &topology.ImageUse{From: "--images", Cluster: topology.Known(c.ID, topology.Origin{}),
			Ref: topology.Known("quay.io/prometheus/node-exporter:v1.8.2", topology.Origin{})})
	}
}

func TestRecordedClusters(t *testing.T) {
	f := recordedProject(t).Facts()
	exporter(&f)
	j := checks.Judge(topology.New(f), nil, checks.Policy{})
	privacy := map[string]string{}
	for _, c := range j.Clusters {
		privacy[c.Name] = c.PrivateNodes
		if want := "//container.googleapis.com/projects/" + gke1 + "/locations/" + c.Location + "/clusters/" + c.Name; c.Address != want {
			t.Errorf("address %s, want %s", c.Address, want)
		}
	}
	want := map[string]string{"autopilot-gke1": "none", "autopilot-gke2": "all", "gke1": "none", "gke2": "none", "gke3": "none", "gke4": "all", "gke6": "none"}
	for name, p := range want {
		if privacy[name] != p {
			t.Errorf("%s: private nodes %q, want %q", name, privacy[name], p)
		}
	}
	if len(privacy) != len(want) {
		t.Errorf("%d clusters, want %d", len(privacy), len(want))
	}
	// The private ones are on the subnetwork that the one gateway lists with all its ranges, and nothing stands in the way.
	for _, check := range []string{"nat-node-range", "nat-pod-range", "internet-route", "egress-firewall", "private-google-access", "image-reachable"} {
		var judged []string
		for _, r := range j.Results {
			if r.Check != check {
				continue
			}
			name := r.Cluster[strings.LastIndexByte(r.Cluster, '/')+1:]
			judged = append(judged, name)
			if r.Status != topology.Pass {
				t.Errorf("%s of %s: %s: %s", check, name, r.Status, r.Message)
			}
		}
		slices.Sort(judged)
		if got := strings.Join(slices.Compact(judged), " "); got != "autopilot-gke2 gke4" {
			t.Errorf("%s judges %q", check, got)
		}
	}
}

// Were gke1 private, it would have no way out: no gateway lists gke1-subnet, and Private Google Access is off there.
func TestRecordedUncovered(t *testing.T) {
	f := recordedProject(t).Facts()
	exporter(&f)
	for _, c := range f.Clusters {
		for _, p := range c.Pools {
			p.Private = topology.Known(c.Name == "gke1", p.From("networkConfig.enablePrivateNodes"))
		}
	}
	failed := map[string]topology.Verdict{}
	for _, r := range checks.Judge(topology.New(f), nil, checks.Policy{}).Results {
		failed[r.Check] = max(failed[r.Check], r.Status)
		if r.Check == "nat-node-range" && !strings.Contains(r.Message, "gke-default-router-nat") {
			t.Errorf("the nearest gateway is not named: %s", r.Message)
		}
	}
	for check, want := range map[string]topology.Verdict{"nat-node-range": topology.Fail, "private-google-access": topology.Fail, "internet-route": topology.Pass} {
		if failed[check] != want {
			t.Errorf("%s: %s, want %s", check, failed[check], want)
		}
	}
}

// The recorded facts themselves: what the answers leave out is Google's default, and what they name is found under the name Terraform gives it.
func TestRecordedFacts(t *testing.T) {
	f := recordedProject(t).Facts()
	pools := map[string]*topology.NodePool{}
	for _, c := range f.Clusters {
		for _, p := range c.Pools {
			pools[c.Name+"/"+p.Name] = p
		}
	}
	low := pools["gke2/low-pod-per-node-pool"]
	if private, known := low.Private.Get(); !known || private || !low.OwnPrivacy {
		t.Errorf("the pool's own privacy was not read: %+v", low.Private)
	}
	if got := low.ServiceAccount.Or("?"); got != "12340001-compute@developer.gserviceaccount.com" {
		t.Errorf("account %q", got)
	}
	if got := pools["gke3/default-pool"].MaxNodes.Or(0); got != 16 {
		t.Errorf("gke3: %d nodes, want 5 in each of 3 zones and one that surges", got)
	}
	if got := pools["gke4/default-pool"].PodRange.Or("?"); got != "gke-gke4-pods-3520a9df" {
		t.Errorf("pod range %q", got)
	}
	if n := len(f.Firewalls); n == 0 || slices.ContainsFunc(f.Firewalls, func(r *topology.FirewallRule) bool {
		return r.Layer != topology.LayerHierarchical || r.Network.Or("") != "google_compute_network/"+topology.ID(gke1)+"/global/default"
	}) {
		t.Errorf("%d rules; all of them are of the policy above the project", n)
	}
	nat := f.NATs[0]
	if nat.ID != topology.ID("google_compute_router_nat/"+gke1+"/europe-west4/gke-default-router/gke-default-router-nat") || !nat.Type.Assumed || nat.Type.Or("") != "PUBLIC" {
		t.Errorf("gateway %s of type %+v", nat.ID, nat.Type)
	}
	if got, _ := nat.Entries[0].Subnetwork.Get(); got != topology.ID("google_compute_subnetwork/"+gke1+"/europe-west4/default") {
		t.Errorf("it lists %s", got)
	}
}

// Google asks for two more addresses: ports come in aligned blocks, so that dividing the ports by those of one VM counts too many.
func TestRecordedNATStatus(t *testing.T) {
	v := New("recorded")
	routers := decode(t, recorded(t, "nat1/compute-routers-europe-west4.json"), &computepb.RouterList{}).GetItems()
	status := decode(t, recorded(t, "nat1/compute-routers-routerStatus-public-nat-cloud-router.json"), &computepb.RouterStatusResponse{})
	v.RouterStatus(routers[0].GetSelfLink(), status.GetResult()) // before its router
	v.Router(routers[0])
	const at = "projects/gcpdiag-nat1-aaaa/regions/europe-west4/subnetworks/nodes"
	v.Subnetwork(&computepb.Subnetwork{SelfLink: proto.String(at), Network: routers[0].Network, IpCidrRange: proto.String("172.16.1.0/24")})
	v.Cluster(&containerpb.Cluster{Name: "c", Location: "europe-west4", SelfLink: "https://container.googleapis.com/v1/projects/gcpdiag-nat1-aaaa/locations/europe-west4/clusters/c",
		NetworkConfig: &containerpb.NetworkConfig{Network: routers[0].GetNetwork(), Subnetwork: at, DefaultEnablePrivateNodes: proto.Bool(true)},
		NodePools:     []*containerpb.NodePool{{Name: "p", InitialNodeCount: 1, Locations: []string{"europe-west4-a"}, UpgradeSettings: &containerpb.NodePool_UpgradeSettings{}}}})
	f := v.Facts()
	if got := *f.NATs[0].Status; got != (topology.NATStatus{Addresses: 1, ExtraNeeded: 2, VMs: 2}) {
		t.Errorf("status %+v", got)
	}
	for _, r := range checks.Judge(topology.New(f), nil, checks.Policy{}).Results {
		if r.Check != "nat-capacity" {
			continue
		}
		if r.Status != topology.Fail || r.Severity != checks.Warning || !strings.Contains(r.Message, "needs 2 more addresses") || !strings.Contains(r.Fix, "3 addresses") {
			t.Errorf("%s %s: %s\n%s", r.Status, r.Severity, r.Message, r.Fix)
		}
		return
	}
	t.Error("nat-capacity says nothing")
}
