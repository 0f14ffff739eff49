package checks

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func policyOf(p string) func(*topology.ImageUse) {
	return func(u *topology.ImageUse) { u.Policy = p }
}

func TestPullPolicy(t *testing.T) {
	digest := "@sha256:" + strings.Repeat("a", 64)
	fail := func(says ...string) []want {
		return []want{{topology.Fail, Warning, workload, append(says, "no certain way"), "IfNotPresent", "nat-node-range"}}
	}
	one := func(status topology.Verdict, says string) []want {
		return []want{{status: status, severity: Warning, object: workload, says: []string{says}}}
	}
	helm := func(u *topology.ImageUse) { u.Inferred = true }
	flag := func(u *topology.ImageUse) { u.Declared, u.Object.Kind = true, "image" }
	expect(t, "pull-policy", []expectation{
		{name: "a version", facts: world(pulls(hub))},
		{name: "a version, IfNotPresent", facts: world(pulls(hub, policyOf("IfNotPresent")))},
		{name: "a version, Always", facts: world(pulls(hub, policyOf("Always"))), want: fail("policy Always", "docker.io")},
		{name: "no tag", facts: world(pulls("nginx")), want: fail("its tag is latest")},
		{name: "latest", facts: world(pulls("quay.io/org/app:latest")), want: fail("its tag is latest", "quay.io")},
		{name: "latest, IfNotPresent", facts: world(pulls("nginx:latest", policyOf("IfNotPresent")))},
		{name: "latest, Never", facts: world(pulls("nginx", policyOf("Never")))},
		{name: "a digest alone", facts: world(pulls("nginx" + digest))},
		{name: "latest beside a digest", facts: world(pulls("nginx:latest" + digest)), want: fail("its tag is latest")},
		{name: "a tag that begins alike", facts: world(pulls("nginx:latest-alpine"))},
		{name: "over a gateway", facts: world(pulls("nginx"), nat("n")), want: one(topology.Pass, "over a path that is certain")},
		{name: "from Google", facts: world(pulls("us-docker.pkg.dev/p/apps/web")), want: one(topology.Pass, "certain")},
		{name: "nobody looked", facts: world(pulls("nginx"), unmanaged), want: one(topology.Undecided, "not known")},
		{name: "on public nodes", facts: world(pulls("nginx"), pool(public))},
		{name: "an image that apply decides", facts: world(pulls("nginx", fromUnknown))},
		{name: "no reference", facts: world(pulls("Nginx"))},
		{name: "of a manifest that was named", facts: world(pulls("nginx", declared)), want: fail("its tag is latest")},
		{name: "of a flag, which has no policy", facts: world(pulls("nginx", flag))},
		{name: "of a chart, which has defaults of its own", facts: world(pulls("nginx", helm))},
		{name: "of a custom resource that says so", facts: world(pulls(hub, helm, policyOf("Always"))), want: fail("policy Always")},
	})
}
