package checks

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const (
	hub      = "nginx:1.27"
	google   = "us-central1-docker.pkg.dev/p/apps/web:1"
	quay     = "quay.io/org/app:1"
	k8s      = "registry.k8s.io/pause:3.10"
	workload = "kubernetes_deployment.web"
)

func TestImageReference(t *testing.T) {
	bad := func(says ...string) []want {
		return []want{{topology.Fail, Error, workload, says, `image = "`, ""}}
	}
	good := []want{{topology.Pass, Error, clusterAddress, []string{"1 image references parse"}, "", ""}}
	expect(t, "image-reference", []expectation{
		{name: "no images", facts: world(), want: nil},
		{name: "a short name", facts: world(pulls("nginx")), want: good},
		{name: "tag and digest", facts: world(pulls("nginx:1@sha256:" + strings.Repeat("a", 64))), want: good},
		{name: "upper case", facts: world(pulls("quay.io/Org/App:1")), want: bad(`image "quay.io/Org/App:1" of ` + workload)},
		{name: "white space", facts: world(pulls("nginx:1 ")), want: bad("white space")},
		{name: "empty", facts: world(pulls("")), want: bad("it is empty")},
		{name: "Artifact Registry without a repository", facts: world(pulls("us-central1-docker.pkg.dev/p/web:1")), want: bad("PROJECT/REPOSITORY/IMAGE")},
		{name: "a domain that only ends alike", facts: world(pulls("mypkg.dev/p/web:1")), want: good},
		{name: "an image that apply decides is neither good nor bad", facts: world(pulls(hub, fromUnknown)), want: nil},
		{name: "on public nodes too", facts: world(pulls("Nginx"), pool(public)), want: bad()},
		{name: "good ones do not hide a bad one", facts: world(pulls(hub), pulls("Nginx")), want: bad(`"Nginx"`)},
	})
}

func TestImageReachable(t *testing.T) {
	one := func(status topology.Verdict, severity Severity, fix, cause string, says ...string) []want {
		return []want{{status, severity, workload, says, fix, cause}}
	}
	noAccess := access(false, true)
	expect(t, "image-reachable", []expectation{
		{name: "an internet registry, a gateway", facts: world(pulls(quay), nat("n")), want: one(topology.Pass, Error, "", "", quay, "internet")},
		{name: "an internet registry, none", facts: world(pulls(quay)), want: one(topology.Fail, Error, `image = "us-central1-docker.pkg.dev/p/quay-io/org/app:1"`, "nat-node-range", quay, "needs the internet")},
		{name: "registry.k8s.io needs the internet", facts: world(pulls(k8s)), want: one(topology.Fail, Error, "registry-k8s-io/pause:3.10", "nat-node-range", "needs the internet")},
		{name: "k8s.gcr.io needs the internet", facts: world(pulls("k8s.gcr.io/pause:3.9")), want: one(topology.Fail, Error, "", "nat-node-range")},
		{name: "no route", facts: world(pulls(quay), nat("n"), noDefaultRoute), want: one(topology.Fail, Error, "", "internet-route")},
		{name: "the firewall", facts: world(pulls(quay), nat("n"), denyAll), want: one(topology.Fail, Error, "", "egress-firewall")},
		{name: "a custom next hop", facts: world(pulls(quay), proxied), want: one(topology.Undecided, Error, "", "", "custom egress")},
		{name: "nobody looked", facts: world(pulls(quay), unmanaged), want: one(topology.Undecided, Error, "", "", "not managed here")},
		{name: "a Google registry", facts: world(pulls(google)), want: one(topology.Pass, Error, "", "", "by way of google")},
		{name: "a Google registry by an endpoint", facts: world(pulls(google), noDefaultRoute, endpoint("10.99.0.5"), steer("10.99.0.5")), want: one(topology.Pass, Error, "", "", "by way of endpoint")},
		{name: "a Google registry, access off", facts: world(pulls(google), noAccess), want: one(topology.Fail, Error, "private_ip_google_access = true", "private-google-access")},
		{name: "a Google registry, access off until GKE switches it on", facts: world(pulls(google), noAccess, created), want: one(topology.Pass, Error, "", "")},
		{name: "a Google registry, no such host", facts: world(pulls(google), zone("pkg", "pkg.dev", apex("pkg.dev", privateAddresses...))),
			want: one(topology.Fail, Error, `"*.pkg.dev."`, "registry-dns", "no such host")},
		{name: "a Google registry, no route", facts: world(pulls(google), noDefaultRoute), want: one(topology.Fail, Error, `next_hop_gateway`, "private-google-access")},
		{name: "a Google registry, the firewall", facts: world(pulls(google), denyAll), want: one(topology.Fail, Error, `priority           = 999`, "private-google-access")},
		{name: "a private host", facts: world(pulls("registry.corp.internal/app:1")), want: one(topology.Undecided, Warning, "", "", "a private host")},
		{name: "an image that apply decides", facts: world(pulls(quay, fromUnknown)), want: one(topology.Undecided, Warning, "", "", topology.KnownAfterApply)},
		{name: "an image that apply decides, in Artifact Registry", facts: world(pulls(google, fromUnknown, func(u *topology.ImageUse) { u.Registry = "pkg.dev" })),
			want: one(topology.Pass, Warning, "", "", "in Artifact Registry")},
		{name: "an image that is only inferred", facts: world(pulls(quay, guessed)), want: one(topology.Fail, Warning, "", "nat-node-range")},
		{name: "a cluster that is only inferred", facts: world(pulls(quay, func(u *topology.ImageUse) { u.Cluster = later[topology.ID]() })), want: one(topology.Fail, Warning, "", "nat-node-range")},
		{name: "another cluster's image", facts: world(pulls(quay, func(u *topology.ImageUse) { u.Cluster = known(topology.ID("other")) })), want: nil},
		{name: "public nodes", facts: world(pulls(quay), pool(public)), want: nil},
		{name: "a reference that does not parse is said once", facts: world(pulls("Nginx")), want: nil},
		{name: "the same image twice", facts: world(pulls(quay), pulls(quay)), want: one(topology.Fail, Error, "", "nat-node-range")},
		{name: "the worst of the pools counts", facts: world(pulls(quay), nat("n", lists(entry("gke"))), addSubnetwork("far", "10.40.0.0/20"), addPool("far", in("far"))),
			want: one(topology.Fail, Error, "", "nat-node-range", "which its nodes do not reach")},
	})
}

// Without the checks that speak of the cause, the result stands alone and still says what to do.
func TestImageReachableAlone(t *testing.T) {
	for _, tc := range []struct {
		name string
		f    topology.Facts
		fix  string
	}{
		{"internet", world(pulls(quay)), "remote repository of quay.io"},
		{"access", world(pulls(google), access(false, true)), "private_ip_google_access = true"},
		{"route to the addresses", world(pulls(google), noDefaultRoute, steer(privateAddresses...)), "199.36.153.8/30"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			compare(t, the(t, judge(tc.f, Policy{Only: []string{"image-reachable"}}), "image-reachable"), want{status: topology.Fail, severity: Error, fix: tc.fix})
		})
	}
}
