package checks

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Which keys the kubelet matches is the image package's; here it is what comes of it.
func TestPullSecret(t *testing.T) {
	kind := func(k string) change { return secretIs(func(s *topology.PullSecret) { s.Type = known(k) }) }
	namespace := func(n string) change { return secretIs(func(s *topology.PullSecret) { s.Namespace = n }) }
	in := func(n string) func(*topology.ImageUse) { return func(u *topology.ImageUse) { u.Namespace = n } }
	pass := []want{{status: topology.Pass, severity: Error, object: workload}}
	open := func(says ...string) []want {
		return []want{{status: topology.Undecided, severity: Warning, object: workload, says: says}}
	}
	fail := func(fix string, says ...string) []want {
		return []want{{topology.Fail, Error, workload, says, fix, ""}}
	}
	const hubKey = "https://index.docker.io/v1/"
	expect(t, "pull-secret", []expectation{
		{name: "no secret is named", facts: world(pulls(hub), secret("s", "quay.io"))},
		{name: "Docker Hub", facts: world(pulls(hub, with("s")), secret("s", hubKey)), want: pass},
		{name: "docker.io", facts: world(pulls(hub, with("s")), secret("s", "docker.io")), want: pass},
		{name: "the older form", facts: world(pulls(quay, with("s")), secret("s", "quay.io"), kind("kubernetes.io/dockercfg")), want: pass},
		{name: "a glob", facts: world(pulls(google, with("s")), secret("s", "*.pkg.dev")), want: pass},
		{name: "one of two", facts: world(pulls(quay, with("a", "b")), secret("a", hubKey), secret("b", "quay.io")), want: pass},
		{name: "Opaque", facts: world(pulls(quay, with("s")), secret("s", "quay.io"), kind("Opaque")), want: fail(`"quay.io"`, "of type Opaque, which the kubelet ignores")},
		{name: "without a type", facts: world(pulls(quay, with("s")), secret("s", "quay.io"), kind("")), want: fail("dockerconfigjson", "of type Opaque")},
		{name: "registry-1.docker.io", facts: world(pulls(hub, with("s")), secret("s", "registry-1.docker.io")), want: fail(hubKey, "registry-1.docker.io", "matches no image of docker.io")},
		{name: "hub.docker.com", facts: world(pulls(hub, with("s")), secret("s", "hub.docker.com")), want: fail(hubKey, "hub.docker.com")},
		{name: "pkg.dev alone", facts: world(pulls(google, with("s")), secret("s", "pkg.dev")), want: fail("us-central1-docker.pkg.dev", "pkg.dev")},
		{name: "another registry", facts: world(pulls(quay, with("s")), secret("s", "ghcr.io")), want: fail(`"quay.io"`, "ghcr.io")},
		{name: "data that is no JSON", facts: world(pulls(quay, with("s")), secret("s"), secretIs(func(s *topology.PullSecret) { s.Complaint = "it is no JSON" })), want: fail("quay.io", "cannot be used: it is no JSON")},
		{name: "data that apply decides", facts: world(pulls(quay, with("s")), secret("s"), secretIs(func(s *topology.PullSecret) { s.Keys = later[[]string]() })), want: open("what secret \"s\" is for")},
		{name: "a type that apply decides", facts: world(pulls(quay, with("s")), secret("s", "quay.io"), secretIs(func(s *topology.PullSecret) { s.Type = later[string]() })), want: open("is not known")},
		{name: "in no source", facts: world(pulls(quay, with("s"))), want: open(`secret "s" of namespace "default" is in no source`)},
		{name: "one bad, one in no source", facts: world(pulls(quay, with("a", "b")), secret("a", "ghcr.io")), want: open("in no source", "ghcr.io")},
		{name: "in another namespace", facts: world(pulls(quay, with("s"), in("apps")), secret("s", "quay.io")), want: open(`of namespace "apps" is in no source`, `namespace "default" is no use here`)},
		{name: "in the pod's namespace", facts: world(pulls(quay, with("s"), in("apps")), secret("s", "quay.io"), namespace("apps")), want: pass},
		{name: "in a namespace that is not known", facts: world(pulls(quay, with("s"), in("apps")), secret("s", "quay.io"), namespace(topology.AnyNamespace)), want: pass},
		{name: "default is the namespace left out", facts: world(pulls(quay, with("s"), in("default")), secret("s", "quay.io")), want: pass},
		{name: "of another cluster", facts: world(pulls(quay, with("s")), secret("s", "quay.io"), secretIs(func(s *topology.PullSecret) { s.Cluster = known(topology.ID("other")) })), want: open("in no source")},
		{name: "an image that is only inferred", facts: world(pulls(quay, with("s"), guessed), secret("s", "ghcr.io")), want: []want{{topology.Fail, Warning, workload, nil, "quay.io", ""}}},
		{name: "no reference", facts: world(pulls("Nginx", with("s")), secret("s", "ghcr.io"))},
	})
}

// Secrets are the pod's: images that need none do not make a secret wrong.
func TestPullSecretOfAPod(t *testing.T) {
	lent := func(u *topology.ImageUse) { u.SecretsLent = true }
	expect(t, "pull-secret", []expectation{
		{name: "a public image beside the private one", facts: world(pulls(quay, with("s")), pulls(k8s, with("s")), secret("s", "quay.io")), want: []want{{status: topology.Pass, object: workload}}},
		{name: "an image of Google's beside it", facts: world(pulls(google, with("s")), pulls(hub, with("s")), secret("s", "docker.io")), want: []want{{status: topology.Pass, object: workload}}},
		{name: "lent, and for other registries", facts: world(pulls(google, with("s"), lent), secret("s", "docker.io"))},
		{name: "lent, and meant for this registry", facts: world(pulls(hub, with("s"), lent), secret("s", "registry-1.docker.io")), want: []want{{topology.Fail, Error, workload, nil, "index.docker.io", ""}}},
		{name: "lent, of a type that is ignored", facts: world(pulls(quay, with("s"), lent), secret("s", "quay.io"), secretIs(func(s *topology.PullSecret) { s.Type = known("Opaque") })), want: []want{{topology.Fail, Error, workload, nil, "quay.io", ""}}},
		{name: "a bad one beside one that serves all", facts: world(pulls(quay, with("a", "b")), secret("a", "quay.io"), secret("b", "x"), secretIs(func(s *topology.PullSecret) { s.Type = known("Opaque") })), want: []want{{status: topology.Pass, object: workload}}},
	})
}

// Two clusters and a workload that is joined to neither: said once, with the number, and as a warning.
func TestLooseWorkloads(t *testing.T) {
	two := func(f *topology.Facts) { f.Clusters = append(f.Clusters, newCluster("b", newPool("b1"))) }
	unjoined := func(u *topology.ImageUse) { u.Cluster = later[topology.ID]() }
	j := judge(world(two, pulls(quay, unjoined), pulls(quay, with("s"), unjoined), secret("s", "ghcr.io"), secretIs(func(s *topology.PullSecret) { s.Cluster = later[topology.ID]() }), pulls("Nginx", unjoined)), Policy{})
	for _, check := range []string{"image-reachable", "pull-secret", "image-reference"} {
		r := the(t, j, check)
		compare(t, r, want{status: topology.Fail, severity: Warning, says: []string{"on 2 of 2 clusters"}})
		if r.Cluster != "" {
			t.Errorf("%s is of cluster %q", check, r.Cluster)
		}
	}
	rows := 0
	for _, i := range j.Images {
		if i.Ref == quay {
			rows++
			if i.Cluster != "" || i.Reachable != "fail" {
				t.Errorf("row %+v", i)
			}
		}
	}
	if rows != 1 {
		t.Errorf("%d rows", rows)
	}
	t.Run("it depends on the cluster", func(t *testing.T) {
		apart := func(f *topology.Facts) { f.Clusters[1].Pools[0].Private = known(false) }
		j := judge(world(two, apart, pulls(quay, unjoined)), Policy{})
		compare(t, the(t, j, "image-reachable"), want{status: topology.Fail, severity: Warning, says: []string{"on 1 of 2 clusters"}})
		if i := j.Images[0]; len(j.Images) != 1 || i.Reachable != "unknown" || i.Via != "unknown" {
			t.Errorf("rows %+v", j.Images)
		}
	})
	t.Run("its demand is a warning beside images that are joined", func(t *testing.T) {
		j := judge(world(two, pulls(google), pulls(quay, unjoined)), Policy{Cluster: "c"})
		compare(t, the(t, j, "nat-node-range"), want{status: topology.Fail, severity: Warning, says: []string{"may run on another cluster"}})
	})
	t.Run("one of them chosen", func(t *testing.T) {
		r := the(t, judge(world(two, pulls(quay, unjoined)), Policy{Cluster: "c"}), "image-reachable")
		compare(t, r, want{status: topology.Fail, severity: Warning, says: []string{"(whether this cluster runs it is not told)"}})
	})
	t.Run("an image both joined and not", func(t *testing.T) {
		j := judge(world(two, pulls(quay), pulls(quay, unjoined)), Policy{})
		var of []string
		for _, i := range j.Images {
			of = append(of, i.Cluster)
		}
		if strings.Join(of, ",") != ","+clusterAddress {
			t.Errorf("rows of %q", of)
		}
	})
	t.Run("the only cluster is certain enough to be named", func(t *testing.T) {
		r := the(t, judge(world(pulls(quay, unjoined)), Policy{}), "image-reachable")
		if r.Cluster != clusterAddress || r.Severity != Warning || strings.Contains(r.Message, "clusters") {
			t.Errorf("%+v", r)
		}
	})
}
