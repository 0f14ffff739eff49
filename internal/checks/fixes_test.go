package checks

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestRef(t *testing.T) {
	for _, c := range []struct {
		name   string
		object Object
		want   string
	}{
		{"a resource", Object{Address: "google_compute_subnetwork.gke"}, "google_compute_subnetwork.gke.id"},
		{"an instance key with a slash", Object{Address: `module.vpc.google_compute_subnetwork.s["us-central1/gke"]`}, `module.vpc.google_compute_subnetwork.s["us-central1/gke"].id`},
		{"a path", Object{Address: "projects/p/regions/r/subnetworks/gke", Name: "gke"}, `"projects/p/regions/r/subnetworks/gke"`},
		{"a full resource name", Object{Address: "//compute.googleapis.com/projects/p/regions/r/subnetworks/gke", Name: "gke"}, `"projects/p/regions/r/subnetworks/gke"`},
		{"an object that was handed over", Object{Kind: "google_compute_subnetwork", Address: "subnetworks[0]", Name: "gke-a"}, "google_compute_subnetwork.gke_a.id"},
		{"nothing", Object{}, `""`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.object.ref("id"); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// The fix is an entry in a gateway that lists the subnetwork's neighbours and would serve its nodes, else a gateway of its own.
func TestNATFix(t *testing.T) {
	const entryOf, own = "# in google_compute_router_nat.n\nsubnetwork {", `resource "google_compute_router_nat" "nat"`
	bastion := addSubnetwork("bastion", "10.11.0.0/20")
	listing := lists(entry("bastion"))
	elsewhere := func(region, network string) change {
		return func(f *topology.Facts) {
			natOn("n", region, network)(f)
			listing(f.NATs[len(f.NATs)-1])
		}
	}
	noRouter := func(n *topology.NAT) { n.Router = later[topology.ID]() }
	for _, tc := range []struct {
		name    string
		changes []change
		want    string
		lacks   string
	}{
		{"nothing there", nil, own, "project"},
		{"a gateway that lists a neighbour", []change{nat("n", listing)}, entryOf, own},
		{"one of no type lists a neighbour", []change{nat("n", listing, func(n *topology.NAT) { n.Type = later[string]() })}, entryOf, own},
		{"a private one", []change{nat("n", listing, ofType("PRIVATE"))}, own, entryOf},
		{"one for proxies", []change{nat("n", listing, func(n *topology.NAT) { n.EndpointTypes = known([]string{"ENDPOINT_TYPE_SWG"}) })}, own, entryOf},
		{"one of another region", []change{elsewhere("us-east1", "vpc")}, own, entryOf},
		{"one of another network", []change{elsewhere(region, "mgmt")}, own, entryOf},
		{"one whose router apply decides", []change{nat("n", listing, noRouter)}, "", entryOf},
		{"a private one before one that serves", []change{nat("a", listing, ofType("PRIVATE")), nat("n", listing)}, entryOf, "router_nat.a"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := the(t, judge(world(append([]change{bastion}, tc.changes...)...), Policy{}), "nat-node-range")
			if !strings.Contains(r.Fix, tc.want) || strings.Contains(r.Fix, tc.lacks) {
				t.Errorf("%s: %s\n%s", r.Status, r.Message, r.Fix)
			}
		})
	}
}

// A subnetwork that is not managed here is mended by a command, with all that is known of where it is.
func TestAccessFixCommand(t *testing.T) {
	const command = "gcloud compute networks subnets update gke"
	elsewhere := func(do func(*topology.Subnetwork)) change {
		return subnetwork(func(s *topology.Subnetwork) {
			s.Managed = false
			do(s)
		})
	}
	for _, tc := range []struct {
		name   string
		change change
		want   string
	}{
		{"all is known", elsewhere(func(*topology.Subnetwork) {}), command + " --region=us-central1 --project=p --enable-private-ip-google-access"},
		{"no project", elsewhere(func(s *topology.Subnetwork) { s.Project = "" }), command + " --region=us-central1 --enable-private-ip-google-access"},
		{"no region", elsewhere(func(s *topology.Subnetwork) { s.Location = "" }), command + " --project=p --enable-private-ip-google-access"},
		{"managed", func(*topology.Facts) {}, "# in google_compute_subnetwork.gke\nprivate_ip_google_access = true"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if r := the(t, judge(world(access(false, true), tc.change), Policy{}), "private-google-access"); r.Fix != tc.want {
				t.Errorf("got %q, want %q", r.Fix, tc.want)
			}
		})
	}
}

// A failure carries the path that breaks and the evidence of what breaks it; what passes carries the evidence of every hop.
func TestPathAndEvidence(t *testing.T) {
	for _, tc := range []struct {
		name, check string
		changes     []change
		hops        string
		attributes  []string
	}{
		{"no gateway", "nat-node-range", nil, "route firewall exit", nil},
		{"access off", "private-google-access", []change{access(false, true)}, "route firewall access", []string{"private_ip_google_access"}},
		{"no route to Google", "private-google-access", []change{noDefaultRoute}, "route firewall access", nil},
		{"docker.io by the mirror alone", "mirror-dependence", []change{pulls(hub)}, "route firewall exit", nil},
		{"docker.io by nothing: both ways", "image-reachable", []change{pulls(hub), access(false, true)}, "route firewall exit dns route firewall access", nil},
		{"an image of the internet", "image-reachable", []change{pulls(quay)}, "route firewall exit", nil},
		{"no route", "internet-route", []change{noDefaultRoute}, "route firewall exit", nil},
		{"too few ports", "nat-capacity", []change{nat("n", manual(1)), pool(maxNodes(64))}, "", []string{"nat_ips", "min_ports_per_vm"}},
		{"too many pulls", "docker-hub-limit", []change{nat("n", manual(1)), pool(maxNodes(101)), pulls(hub)}, "", []string{"nat_ips"}},
		{"no rule to the cache", "perimeter", []change{pulls(hub), fence("p")}, "", []string{"status.egress_policies"}},
		{"scopes that read nothing", "node-scopes", []change{pulls(google), pool(func(p *topology.NodePool) { p.Scopes = known([]string{"x"}) })}, "", []string{"node_config.oauth_scopes"}},
		{"a secret of another type", "pull-secret", []change{pulls(quay, with("s")), secret("s", "quay.io"), secretIs(func(s *topology.PullSecret) { s.Type = known("Opaque") })}, "", []string{"type"}},
		{"a secret for another registry", "pull-secret", []change{pulls(quay, with("s")), secret("s", "ghcr.io")}, "", []string{"data"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := the(t, judge(world(tc.changes...), Policy{}), tc.check)
			var hops []string
			for _, h := range r.Path {
				hops = append(hops, h.Name)
			}
			if got := strings.Join(hops, " "); r.Status != topology.Fail || got != tc.hops {
				t.Errorf("%s by %q, want a failure by %q: %s", r.Status, got, tc.hops, r.Message)
			}
			for i, a := range tc.attributes {
				if i >= len(r.Evidence) || r.Evidence[i].Attribute != a {
					t.Errorf("evidence %+v, want %q", r.Evidence, tc.attributes)
				}
			}
		})
	}
}
