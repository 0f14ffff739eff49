package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"google.golang.org/protobuf/proto"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

// shopLive is a private cluster on a Shared VPC, and one in a project of its own; with and without a gateway.
func shopLive(gateway bool) fake.World {
	const vpc, subnetwork = "projects/net/global/networks/main", "projects/net/regions/europe-west1/subnetworks/gke"
	net := fake.Project{ID: "net", Networks: []*computepb.Network{fake.VPC("main")}, Routes: []*computepb.Route{fake.DefaultRoute("main")},
		Subnetworks: []*computepb.Subnetwork{fake.WithGoogleAccess(fake.Subnet("gke", "europe-west1", "main", "10.0.0.0/20", fake.Range("pods", "10.4.0.0/14"), fake.Range("services", "10.8.0.0/20")))}}
	if gateway {
		net.Routers = []fake.Router{fake.NAT("nat", "europe-west1", "main")}
	}
	// What testdata/whole.json describes is there, too: a state of what is gone would be drift.
	shop := fake.Project{ID: "shop", Networks: net.Networks, Routes: net.Routes, Subnetworks: []*computepb.Subnetwork{fake.Subnet("gke", "europe-west1", "main", "10.0.0.0/20", fake.Range("pods", "10.4.0.0/14"))},
		Routers: []fake.Router{fake.NAT("main", "europe-west1", "main")}, Clusters: []*containerpb.Cluster{fake.PrivateCluster("one", "europe-west1", vpc, subnetwork, "pods", "services")}}
	return fake.World{Projects: []fake.Project{shop, net, {ID: "empty"}}}
}

type cloudReport struct {
	Sources  []struct{ Kind, Name string }
	Clusters []struct{ Address, Verdict string }
	Results  []struct{ Check, Status, Message string }
	Errors   []struct{ Source, Message string }
}

func (r cloudReport) of(check string) (status, message string) {
	for _, of := range r.Results {
		if of.Check == check {
			return of.Status, of.Message
		}
	}
	return "", ""
}

func reportOf(t *testing.T, out string) cloudReport {
	t.Helper()
	var r cloudReport
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return r
}

func TestCloud(t *testing.T) {
	for _, tc := range []struct {
		name    string
		world   fake.World
		code    int
		status  string
		verdict string
	}{
		{"a gateway", shopLive(true), 0, "pass", "pass"},
		{"no gateway", shopLive(false), found, "fail", "fail"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out, stderr := callLive(t, googleCloud(t, tc.world), "check", "--live", "--project", "shop", "--format", "json")
			r := reportOf(t, out)
			status, message := r.of("nat-node-range")
			if code != tc.code || status != tc.status || stderr != "" || len(r.Errors) > 0 {
				t.Errorf("status %d, nat-node-range %s (%s), stderr %q", code, status, message, stderr)
			}
			if len(r.Clusters) != 1 || r.Clusters[0].Verdict != tc.verdict || !strings.HasPrefix(r.Clusters[0].Address, "//container.googleapis.com/projects/shop/") {
				t.Errorf("clusters %+v", r.Clusters)
			}
			for _, want := range []struct{ Kind, Name string }{{"live", "net"}, {"live", "shop"}} {
				if !slices.Contains(r.Sources, want) {
					t.Errorf("sources %v lack %v", r.Sources, want)
				}
			}
		})
	}
}

// What cannot be read is undecided with its permission; where no cluster can be read, nothing can be judged.
func TestCloudRefused(t *testing.T) {
	clusters := fake.Match{Permission: "container.clusters.list"}
	for _, tc := range []struct {
		name  string
		match fake.Match
		args  []string
		code  int
		says  string
	}{
		{"routers", fake.Match{Permission: "compute.routers.list"}, nil, 0, ""},
		{"routers, strictly", fake.Match{Permission: "compute.routers.list"}, []string{"--strict"}, onlyUndecided, ""},
		{"clusters", clusters, nil, toolFailed, "gkepreflight: no cluster could be read: live project shop: 403: container.clusters.list (roles/container.clusterViewer holds it)\n"},
		{"clusters, and a state tells of others", clusters, []string{"--state", "testdata/whole.json"}, 0, "gkepreflight: live project shop: 403: container.clusters.list (roles/container.clusterViewer holds it)\n"},
		{"the same, strictly", clusters, []string{"--state", "testdata/whole.json", "--strict"}, onlyUndecided, "gkepreflight: live project shop: 403: container.clusters.list (roles/container.clusterViewer holds it)\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := googleCloud(t, shopLive(true))
			s.Fault(tc.match, fake.Denied())
			code, out, stderr := callLive(t, s, append([]string{"check", "--live", "--project", "shop", "--format", "json"}, tc.args...)...)
			if code != tc.code || stderr != tc.says {
				t.Errorf("status %d, want %d; stderr %q", code, tc.code, stderr)
			}
			if code == toolFailed {
				if out != "" {
					t.Errorf("stdout %q", out)
				}
				return
			}
			r := reportOf(t, out)
			if (len(r.Errors) > 0) != (tc.says != "") {
				t.Errorf("errors %v", r.Errors)
			}
			if tc.says == "" {
				if status, message := r.of("nat-node-range"); status != "unknown" || !strings.Contains(message, "403: compute.routers.list (roles/compute.networkViewer holds it)") {
					t.Errorf("nat-node-range %s: %s", status, message)
				}
			}
			if strings.Contains(out+stderr, "ya29.") {
				t.Error("a token is shown")
			}
		})
	}
}

// Bad settings are one line before anything is asked.
func TestCloudFlags(t *testing.T) {
	s := googleCloud(t, shopLive(true))
	for _, tc := range []struct {
		name string
		args []string
		says string
	}{
		{"a pattern", []string{"--project", "sh*"}, `--project "sh*" is a pattern`},
		{"no project", nil, "--live has no project"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out, stderr := callLive(t, s, append([]string{"check", "--live"}, tc.args...)...)
			if code != toolFailed || out != "" || !strings.Contains(stderr, tc.says) || len(s.Calls()) > 0 {
				t.Errorf("status %d, stdout %q, stderr %q", code, out, stderr)
			}
		})
	}
	code, _, stderr := callLive(t, s, "check", "--live", "--project", "shop", "--state", "testdata/whole.json", "--cluster", "one", "--only", "nat-node-range")
	if code != 0 || stderr != "" {
		t.Errorf("a cluster by name: status %d, %q", code, stderr)
	}
}

// A plan alone leaves a network that it only refers to undecided; --live reads it, and judges the plan's clusters, not the others there.
func TestCloudBesideAPlan(t *testing.T) {
	args := []string{"check", "--plan", "../../internal/testdata/plans/16-shared-vpc-literals/plan.json", "--cluster", "shared-uncovered", "--format", "json"}
	if _, err := os.Stat(args[2]); err != nil {
		t.Skip("the plans are beside the module")
	}
	_, out, _ := call(t, args...)
	if status, message := reportOf(t, out).of("nat-node-range"); status != "unknown" || !strings.Contains(message, "--live") {
		t.Errorf("without --live: %s: %s", status, message)
	}
	region := "us-central1"
	host := fake.Project{ID: "host-project", Networks: []*computepb.Network{fake.VPC("shared-vpc")}, Routes: []*computepb.Route{fake.DefaultRoute("shared-vpc")},
		Subnetworks: []*computepb.Subnetwork{fake.Subnet("shared-gke-2", region, "shared-vpc", "10.0.0.0/20", fake.Range("shared-pods-2", "10.4.0.0/14"))}}
	for want, routers := range map[string][]fake.Router{"pass": {fake.NAT("nat", region, "shared-vpc")}, "fail": nil} {
		host.Routers = routers
		s := googleCloud(t, fake.World{Projects: []fake.Project{host, {ID: "demo-project"}}})
		_, out, stderr := callLive(t, s, append(args, "--live", "--skip", "image-exists")...)
		if status, message := reportOf(t, out).of("nat-node-range"); status != want || stderr != "" {
			t.Errorf("nat-node-range is %s, want %s: %s; %s", status, want, message, stderr)
		}
	}
}

// A plan that takes a gateway away is held against the clusters of others that lie on its network, and not against those elsewhere.
func TestCloudNeighbours(t *testing.T) {
	const plan, region = "../../internal/testdata/plans/10-update-destroy-nat/plan.json", "us-central1"
	if _, err := os.Stat(plan); err != nil {
		t.Skip("the plans are beside the module")
	}
	neighbour := fake.PrivateCluster("neighbour", region, "live-vpc", "live-other", "", "")
	apart := fake.PrivateCluster("apart", region, "other-vpc", "apart", "", "")
	router := fake.NAT("live-router", region, "live-vpc")
	router.Nats[0].Name = proto.String("live-nat")
	s := googleCloud(t, fake.World{Projects: []fake.Project{{ID: "demo-project", Networks: []*computepb.Network{fake.VPC("live-vpc"), fake.VPC("other-vpc")},
		Routes:      []*computepb.Route{fake.DefaultRoute("live-vpc")},
		Subnetworks: []*computepb.Subnetwork{fake.Subnet("live-subnet", region, "live-vpc", "10.0.0.0/20"), fake.Subnet("live-other", region, "live-vpc", "10.0.16.0/20"), fake.Subnet("apart", region, "other-vpc", "10.1.0.0/20")},
		Routers:     []fake.Router{router},
		Clusters:    []*containerpb.Cluster{neighbour, apart}}}})
	_, out, stderr := callLive(t, s, "check", "--plan", plan, "--live", "--format", "json")
	var names []string
	for _, c := range reportOf(t, out).Clusters {
		names = append(names, c.Address[strings.LastIndexAny(c.Address, "/.")+1:]+" "+c.Verdict)
	}
	slices.Sort(names)
	if got := strings.Join(names, ", "); got != "c fail, neighbour fail" || stderr != "" {
		t.Errorf("%s; %s", got, stderr)
	}
}

// A project without clusters is no error: there is nothing to judge.
func TestCloudEmpty(t *testing.T) {
	code, out, stderr := callLive(t, googleCloud(t, shopLive(true)), "check", "--live", "--project", "empty", "--format", "json")
	if r := reportOf(t, out); code != 0 || stderr != "" || len(r.Clusters) != 0 || len(r.Errors) != 0 {
		t.Errorf("status %d, %q, %+v", code, stderr, r)
	}
}
