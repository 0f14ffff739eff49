package checks

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

type said func(*topology.ImageAnswer)

// answer is what the registry of an image says: that it serves it, for platforms that it does not tell, unless changes say otherwise.
func answer(ref string, changes ...said) change {
	return func(f *topology.Facts) {
		r, _ := image.Parse(ref)
		a := &topology.ImageAnswer{Object: topology.Object{ID: topology.AnswerID(r.Normalized), Address: r.Normalized}, Ref: r.Normalized, Served: known(true)}
		for _, ch := range changes {
			ch(a)
		}
		f.Answers = append(f.Answers, a)
	}
}

func serves(platforms ...string) said {
	return func(a *topology.ImageAnswer) { a.Platforms = known(platforms) }
}
func mirror(yes bool) said            { return func(a *topology.ImageAnswer) { a.Mirror = known(yes) } }
func gone(a *topology.ImageAnswer)    { a.Served = known(false) }
func schema1(a *topology.ImageAnswer) { a.Schema1 = true }
func silent(a *topology.ImageAnswer) {
	a.Served = topology.Unknown[bool]("403: DENIED", topology.Origin{})
}

func windows(p *topology.NodePool) { p.Windows = true }

func onArch(a string) func(*topology.ImageUse) {
	return func(u *topology.ImageUse) { u.NodeSelector = map[string]string{labelArch: a} }
}

func TestImageExists(t *testing.T) {
	one := func(status topology.Verdict, severity Severity, fix string, says ...string) []want {
		return []want{{status, severity, workload, says, fix, ""}}
	}
	pass := one(topology.Pass, Error, "", "exists")
	both := serves("linux/amd64", "linux/arm64")
	amd, arm := pool(arch("amd64")), pool(arch("arm64"))
	expect(t, "image-exists", []expectation{
		{name: "nobody was asked", facts: world(pulls(quay)), want: []want{{topology.Skip, Error, clusterAddress, []string{"no registry was asked"}, "", ""}}},
		{name: "no images", facts: world(), want: nil},
		{name: "an answer of no image here", facts: world(answer(quay)), want: nil},
		{name: "served", facts: world(pulls(quay), answer(quay, serves("linux/amd64")), amd), want: pass},
		{name: "as written and as asked", facts: world(pulls("nginx"), answer("docker.io/library/nginx:latest", both)), want: pass},
		{name: "not served", facts: world(pulls(quay), answer(quay, gone)), want: one(topology.Fail, Error, `image = "quay.io/org/app:TAG"`, "does not exist", "quay.io serves no manifest")},
		{name: "not served, on public nodes", facts: world(pulls(quay), answer(quay, gone), pool(public)), want: one(topology.Fail, Error, "quay.io/org/app")},
		{name: "not served, only inferred", facts: world(pulls(quay, guessed), answer(quay, gone)), want: one(topology.Fail, Warning, "quay.io/org/app")},
		{name: "another was asked", facts: world(pulls(quay), answer(hub)), want: one(topology.Undecided, Error, "", "was not asked")},
		{name: "refused", facts: world(pulls(quay), answer(quay, silent)), want: one(topology.Undecided, Error, "", "quay.io was asked", "403: DENIED")},
		{name: "for other nodes", facts: world(pulls(quay), answer(quay, serves("linux/arm64")), amd),
			want: one(topology.Fail, Error, "# built for linux/amd64", "not built for linux/amd64", "serves it for linux/arm64")},
		{name: "no platform told", facts: world(pulls(quay), answer(quay), amd), want: one(topology.Undecided, Error, "", "whether it is built for the nodes is not known")},
		{name: "nodes of unknown kind, for one", facts: world(pulls(quay), answer(quay, serves("linux/amd64"))), want: one(topology.Undecided, Error, "", "architecture of the nodes is not known")},
		{name: "nodes of unknown kind, for both", facts: world(pulls(quay), answer(quay, both)), want: pass},
		{name: "nodes of unknown kind, for none", facts: world(pulls(quay), answer(quay, serves("linux/s390x"))), want: one(topology.Fail, Error, "# built for linux", "not built for linux:")},
		{name: "nodes of unknown kind, and the selector tells", facts: world(pulls(quay, onArch("amd64")), answer(quay, serves("linux/amd64"))), want: pass},
		{name: "one pool is enough", facts: world(pulls(quay), answer(quay, serves("linux/amd64")), amd, addPool("arm", arch("arm64"))), want: pass},
		{name: "the one pool that the selector allows", facts: world(pulls(quay, onArch("arm64")), answer(quay, serves("linux/amd64")), amd, addPool("arm", arch("arm64"))),
			want: one(topology.Fail, Error, "", "not built for linux/arm64")},
		{name: "Windows nodes", facts: world(pulls(quay), answer(quay, both), pool(windows)), want: one(topology.Fail, Error, "", "not built for windows/amd64")},
		{name: "Windows nodes beside others", facts: world(pulls(quay), answer(quay, both), pool(windows), addPool("b")), want: pass},
		{name: "a cluster without pools", facts: world(pulls(quay), answer(quay, both), cluster(func(c *topology.Cluster) { c.Pools = nil })), want: pass},
		{name: "trap: 32 bit on 64 bit", facts: world(pulls(quay), answer(quay, serves("linux/386")), amd), want: pass},
		{name: "trap: a variant", facts: world(pulls(quay), answer(quay, serves("linux/arm64/v9")), arm), want: pass},
		{name: "trap: a name that begins alike", facts: world(pulls(quay), answer(quay, serves("linux/arm64be")), arm), want: one(topology.Fail, Error, "", "not built for linux/arm64")},
		{name: "schema 1", facts: world(pulls(quay), answer(quay, schema1)), want: one(topology.Fail, Warning, "schema 2", "schema 1", "1.33")},
		{name: "the same image twice is one result, the worse", facts: world(pulls(quay), pulls(quay, onArch("arm64")), answer(quay, serves("linux/amd64")), amd, addPool("arm", arch("arm64"))),
			want: one(topology.Fail, Error, "", "linux/arm64")},
		{name: "the certain use counts", facts: world(pulls(quay, guessed), pulls(quay), answer(quay, gone)), want: one(topology.Fail, Error, "")},
		{name: "an image that apply decides", facts: world(pulls(quay, fromUnknown), answer(hub)), want: nil},
		{name: "no reference", facts: world(pulls("Nginx"), answer(hub)), want: nil},
	})
}

// What the mirror said is told where nothing stands behind it, and decides nothing.
func TestImageExistsTellsOfTheMirror(t *testing.T) {
	const words = "mirror.gcr.io did not serve it"
	both := serves("linux/amd64", "linux/arm64")
	for name, tc := range map[string]struct {
		facts topology.Facts
		tells bool
	}{
		"not in the mirror, no way":           {world(pulls(hub), answer(hub, both, mirror(false))), true},
		"not in the mirror, a gateway":        {world(pulls(hub), answer(hub, both, mirror(false)), nat("n")), false},
		"not in the mirror, nobody looked":    {world(pulls(hub), answer(hub, both, mirror(false)), unmanaged), false},
		"in the mirror":                       {world(pulls(hub), answer(hub, both, mirror(true))), false},
		"the mirror is not known":             {world(pulls(hub), answer(hub, both)), false},
		"not in the mirror, on public nodes":  {world(pulls(hub), answer(hub, both, mirror(false)), pool(public)), false},
		"an image that is not of Docker Hub":  {world(pulls(quay), answer(quay, both, mirror(false))), false},
		"trap: Docker Hub's own host by name": {world(pulls("registry-1.docker.io/library/nginx:1"), answer("registry-1.docker.io/library/nginx:1", both, mirror(false))), false},
	} {
		t.Run(name, func(t *testing.T) {
			r := the(t, judge(tc.facts, Policy{}), "image-exists")
			if r.Status != topology.Pass || strings.Contains(r.Message, words) != tc.tells {
				t.Errorf("%s: %s", r.Status, r.Message)
			}
		})
	}
}

// Images by themselves: every platform that is asked for is needed.
func TestJudgeImages(t *testing.T) {
	amd, two := []string{"linux/amd64"}, []string{"linux/amd64", "linux/arm64"}
	for _, tc := range []struct {
		name, ref string
		platforms []string
		mirror    string
		said      []said
		want      string
	}{
		{"served", quay, amd, "", []said{serves("linux/amd64")}, "image-exists=pass/error"},
		{"for one of two", quay, two, "", []said{serves("linux/amd64")}, "image-exists=fail/error"},
		{"for both", quay, two, "", []said{serves(two...)}, "image-exists=pass/error"},
		{"gone", quay, amd, "deny", []said{gone}, "image-exists=fail/error"},
		{"silent", quay, amd, "", []said{silent}, "image-exists=unknown/error"},
		{"no reference", "Nginx", amd, "", nil, "image-reference=fail/error"},
		{"no repository", "us-docker.pkg.dev/p/web:1", amd, "", nil, "image-reference=fail/error"},
		{"not in the mirror, not asked for", hub, amd, "", []said{serves("linux/amd64"), mirror(false)}, "image-exists=pass/error"},
		{"not in the mirror, allowed", hub, amd, "allow", []said{serves("linux/amd64"), mirror(false)}, "image-exists=pass/error"},
		{"not in the mirror, denied", hub, amd, "deny", []said{serves("linux/amd64"), mirror(false)}, "image-exists=pass/error mirror-dependence=fail/error"},
		{"not in the mirror, warned of", hub, amd, "warn", []said{serves("linux/amd64"), mirror(false)}, "image-exists=pass/error mirror-dependence=fail/warning"},
		{"in the mirror", hub, amd, "deny", []said{serves("linux/amd64"), mirror(true)}, "image-exists=pass/error mirror-dependence=pass/error"},
		{"the mirror is not known", hub, amd, "deny", []said{serves("linux/amd64")}, "image-exists=pass/error mirror-dependence=unknown/error"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := topology.Facts{Images: []*topology.ImageUse{{Ref: known(tc.ref), Object: topology.Object{Kind: "image", Address: "images[0]"}}}}
			if tc.said != nil {
				answer(tc.ref, tc.said...)(&f)
			}
			var got []string
			for _, r := range JudgeImages(topology.New(f), tc.platforms, Policy{Mirror: tc.mirror}) {
				wellMade(t, r)
				got = append(got, r.Check+"="+r.Status.String()+"/"+string(r.Severity))
			}
			if strings.Join(got, " ") != tc.want {
				t.Errorf("got %v, want %s", got, tc.want)
			}
		})
	}
}
