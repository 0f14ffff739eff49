package checks

import (
	"slices"
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

func from(place string) func(*topology.ImageUse) {
	return func(u *topology.ImageUse) {
		u.From, u.Object.Address, u.Object.ID = place, place, topology.ID("workload/"+place)
	}
}

// What is good is said once, however many images it is; what is not is said of each.
func TestGoodImagesAreOneResult(t *testing.T) {
	two := func(a, b string, how ...func(*topology.ImageUse)) []change {
		return []change{nat("n"), pulls(a, append(how, from("a"))...), pulls(b, append(how, from("b"))...)}
	}
	for _, tc := range []struct{ name, check, says string }{
		{"reached", "image-reachable", "the registries of 2 image uses are reached"},
		{"behind the mirror", "mirror-dependence", "2 uses of docker.io images have Docker Hub behind the mirror"},
		{"asked for at every start", "pull-policy", "2 image uses are asked for at every start, over a path that is certain"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := the(t, judge(world(two(hub, "redis:7", policyOf("Always"))...), Policy{}), tc.check)
			if r.Status != topology.Pass || r.Object.Address != clusterAddress || r.Message != tc.says || r.Image != "" {
				t.Errorf("%+v", r)
			}
			r = the(t, judge(world(nat("n"), pulls(hub, policyOf("Always"))), Policy{}), tc.check)
			if r.Status != topology.Pass || r.Object.Address != workload || r.Image != "docker.io/library/nginx:1.27" {
				t.Errorf("one: %+v", r)
			}
			// A workload that is joined to no cluster is told of by itself.
			other := func(f *topology.Facts) { f.Clusters = append(f.Clusters, newCluster("other", newPool("o"))) }
			unjoined := func(u *topology.ImageUse) { u.Cluster = later[topology.ID]() }
			loose := append(two(hub, "redis:7", policyOf("Always"), unjoined), other)
			for _, r := range resultsOf(judge(world(loose...), Policy{}), tc.check) {
				if r.Status != topology.Pass || r.Cluster != "" || r.Object.Address != "a" && r.Object.Address != "b" {
					t.Errorf("%+v", r)
				}
			}
		})
	}
	bad := resultsOf(judge(world(two(quay, k8s)[1:]...), Policy{}), "image-reachable")
	if len(bad) != 2 || bad[0].Object.Address != "a" || bad[1].Object.Address != "b" {
		t.Errorf("%s", texts(bad))
	}
}

func TestImageReachableBesides(t *testing.T) {
	one := func(status topology.Verdict, severity Severity, fix, cause string, says ...string) []want {
		return []want{{status, severity, workload, says, fix, cause}}
	}
	noWildcard := zone("gcr", "gcr.io", apex("gcr.io", privateAddresses...))
	noApex := zone("gcr", "gcr.io", wildcard("gcr.io"))
	unknownInRegistry := func(u *topology.ImageUse) { fromUnknown(u); u.Registry = "pkg.dev" }
	expect(t, "image-reachable", []expectation{
		{name: "only public nodes pull it, beside private ones", facts: world(pulls(quay, onPool("open")), addPool("open", public)), want: one(topology.Pass, Error, "", "", "pulled by public nodes, which reach it by themselves")},
		{name: "mirror = allow says by what way", facts: world(pulls(hub)), policy: Policy{Mirror: "allow"}, want: one(topology.Pass, Error, "", "", "by way of the mirror.gcr.io cache")},
		{name: "mirror = allow over a gateway", facts: world(pulls(hub), nat("n")), policy: Policy{Mirror: "allow"}, want: one(topology.Pass, Error, "", "", "by way of internet")},
		{name: "a cluster whose project nobody tells", facts: world(pulls(quay), cluster(func(c *topology.Cluster) { c.Project = "" })), want: one(topology.Fail, Error, "us-central1-docker.pkg.dev/PROJECT/quay-io/org/app:1", "nat-node-range")},
		{name: "a cluster that is known and only inferred", facts: world(pulls(quay, func(u *topology.ImageUse) { u.Cluster.Inferred = true })), want: one(topology.Fail, Warning, "", "nat-node-range")},
		{name: "a declared image is no guess, whatever its cluster", facts: world(pulls(quay, declared, func(u *topology.ImageUse) { u.Cluster = later[topology.ID]() })), want: one(topology.Fail, Error, "", "nat-node-range")},
		{name: "names that are steered to where no route leads", facts: world(pulls(google), noDefaultRoute, steer(privateAddresses...)), want: one(topology.Fail, Error, "199.36.153.8/30", "registry-dns", "no route")},
		{name: "names that are steered to what a rule denies", facts: world(pulls(google), denyAll, steer(privateAddresses...)), want: one(topology.Fail, Error, "199.36.153.8/30", "registry-dns", "deny-all")},
		{name: "gcr.io lacks its apex: the records of gcr.io", facts: world(pulls(gcr), noApex), want: one(topology.Fail, Error, `"gcr_io_apex"`, "registry-dns", "no such host")},
		{name: "gcr.io lacks its wildcard, which this image does not ask for", facts: world(pulls(gcr), noWildcard), want: one(topology.Pass, Error, "", "")},
		{name: "a reference that apply decides, in Artifact Registry, without a route", facts: world(pulls(google, unknownInRegistry), noDefaultRoute), want: one(topology.Fail, Warning, "next_hop_gateway", "private-google-access", "(known after apply, in Artifact Registry)")},
		{name: "a name in capitals is the same host", facts: world(pulls("US-central1-docker.pkg.dev/p/apps/web:1")), want: one(topology.Pass, Error, "", "", "by way of google")},
		{name: "an endpoint with access off", facts: world(pulls(google), endpoint("10.99.0.5"), steer("10.99.0.5"), access(false, true)), want: one(topology.Fail, Error, "private_ip_google_access = true", "private-google-access")},
		{name: "containerd_config leads to Artifact Registry", facts: world(pulls(quay), hosts("quay.io", "https://us-docker.pkg.dev/v2/p/quay")), want: one(topology.Pass, Error, "", "", "by way of google")},
		{name: "containerd_config leads to Artifact Registry, access off", facts: world(pulls(quay), hosts("quay.io", "us-docker.pkg.dev"), access(false, true)), want: one(topology.Fail, Error, "", "private-google-access")},
		{name: "containerd_config leads to a host of one's own", facts: world(pulls(quay), hosts("quay.io", "https://mirror.corp")), want: one(topology.Undecided, Error, "", "", "containerd_config sends quay.io to https://mirror.corp")},
		{name: "containerd_config, and a gateway stands behind", facts: world(pulls(quay), hosts("quay.io", "https://mirror.corp"), nat("n")), want: one(topology.Pass, Error, "", "", "by way of internet")},
		{name: "containerd_config of one pool, nothing of the other", facts: world(pulls(quay), hosts("quay.io", "https://us-docker.pkg.dev"), addPool("b")), want: one(topology.Fail, Error, "", "nat-node-range")},
		{name: "containerd_config of one pool leads nowhere known, the other has a way", facts: world(pulls(google), hosts("us-central1-docker.pkg.dev", "https://mirror.corp"), addPool("b")), want: one(topology.Undecided, Error, "", "", "mirror.corp")},
	})
	compare(t, the(t, judge(world(pulls("Nginx", guessed)), Policy{}), "image-reference"), want{status: topology.Fail, severity: Warning})
}

// An image that several workloads pull has one row: the worst of what its nodes come to.
func TestImageRowsOfSeveralWorkloads(t *testing.T) {
	far := []change{addSubnetwork("far", "10.40.0.0/20"), addPool("far", in("far")), nat("n", lists(entry("gke")))}
	near := func(place string) []func(*topology.ImageUse) {
		return []func(*topology.ImageUse){onPool("default-pool"), from(place)}
	}
	away := func(place string) []func(*topology.ImageUse) {
		return []func(*topology.ImageUse){onPool("far"), from(place)}
	}
	const first, second = "a.yaml:1", "z.yaml:1"
	for _, tc := range []struct {
		name, ref      string
		uses           [][]func(*topology.ImageUse)
		more           change
		reachable, via string
		dependent      bool
	}{
		{"the second is worse", quay, [][]func(*topology.ImageUse){near(first), away(second)}, nil, "fail", "none", false},
		{"the first is worse", quay, [][]func(*topology.ImageUse){away(first), near(second)}, nil, "fail", "none", false},
		{"docker.io, the second depends on the mirror", hub, [][]func(*topology.ImageUse){near(first), away(second)}, nil, "unknown", "mirror", true},
		{"docker.io, the first depends on the mirror", hub, [][]func(*topology.ImageUse){away(first), near(second)}, nil, "unknown", "mirror", true},
		{"both are reached", google, [][]func(*topology.ImageUse){near(first), away(second)}, nil, "pass", "google", false},
		{"public nodes beside one that fails", quay, [][]func(*topology.ImageUse){near(first), away(second)}, addPool("open", public), "fail", "none", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			changes := append(slices.Clone(far), pulls(tc.ref, tc.uses[0]...), pulls(tc.ref, tc.uses[1]...))
			if tc.more != nil {
				changes = append(changes, tc.more)
			}
			j := judge(world(changes...), Policy{})
			if len(j.Images) != 1 {
				t.Fatalf("%d rows", len(j.Images))
			}
			if i := j.Images[0]; i.Reachable != tc.reachable || i.Via != tc.via || i.MirrorDependent != tc.dependent || !slices.Equal(i.From, []string{first, second}) {
				t.Errorf("%+v", i)
			}
		})
	}
}

// A public cluster pulls by itself; a cluster of which nobody knows whether its nodes are private does not.
func TestImageRowsWithoutPrivateNodes(t *testing.T) {
	row := func(changes ...change) Image { return judge(world(changes...), Policy{}).Images[0] }
	for name, tc := range map[string]struct {
		got            Image
		reachable, via string
	}{
		"public":                   {row(pulls(quay), pool(public)), "pass", "internet"},
		"public, a private host":   {row(pulls("registry.corp.internal/app:1"), pool(public)), "pass", "internet"},
		"public, apply decides":    {row(pulls(quay, fromUnknown), pool(public)), "pass", "internet"},
		"public, unparsable":       {row(pulls("Nginx"), pool(public)), "fail", "none"},
		"no pools at all":          {row(pulls(quay), cluster(func(c *topology.Cluster) { c.Pools = nil })), "pass", "internet"},
		"private, apply decides":   {row(pulls(quay, fromUnknown)), "unknown", "unknown"},
		"perhaps, over a gateway":  {row(pulls(quay), pool(perhaps), nat("n")), "pass", "internet"},
		"perhaps, without one":     {row(pulls(hub), pool(perhaps)), "unknown", "unknown"},
		"a pool of each, on these": {row(pulls(quay, onPool("open")), addPool("open", public)), "pass", "internet"},
	} {
		if tc.got.Reachable != tc.reachable || tc.got.Via != tc.via {
			t.Errorf("%s: %+v", name, tc.got)
		}
	}
}

// The row of an image that is joined to no cluster depends on the mirror where it does on one of them, in whichever order they come.
func TestLooseRowsDependWhereOneDoes(t *testing.T) {
	unjoined := func(u *topology.ImageUse) { u.Cluster = later[topology.ID]() }
	for _, other := range []string{"a", "z"} {
		open := func(f *topology.Facts) {
			f.Clusters = append(f.Clusters, newCluster(other, newPool(other)))
			public(f.Clusters[1].Pools[0])
		}
		j := judge(world(open, pulls(hub, unjoined)), Policy{})
		if len(j.Images) != 1 {
			t.Fatalf("%d rows", len(j.Images))
		}
		if i := j.Images[0]; i.Cluster != "" || i.Reachable != "unknown" || i.Via != "unknown" || !i.MirrorDependent {
			t.Errorf("beside cluster %q: %+v", other, i)
		}
		both := func(f *topology.Facts) { f.Clusters = append(f.Clusters, newCluster(other, newPool(other))) }
		if i := judge(world(both, pulls(hub, unjoined)), Policy{}).Images[0]; i.Via != "mirror" || !i.MirrorDependent {
			t.Errorf("two alike: %+v", i)
		}
	}
}
