package checks

import (
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestGlob(t *testing.T) {
	for _, tc := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "anything", true},
		{"", "", true},
		{"*", "", true},
		{"?", "", false},
		{"c", "c", true},
		{"c", "cc", false},
		{"c", "C", false},
		{"prod-*", "prod-eu", true},
		{"prod-*", "test-prod-eu", false},
		{"*-eu", "prod-eu", true},
		{"*-eu", "prod-eu-2", false},
		{"p?d", "pod", true},
		{"p?d", "pd", false},
		{"?", "é", true},
		{"a*b*c", "a1b2b3c", true},
		{"a*b*c", "acb", false},
		{"**", "x", true},
		{"*", "module.a/b.c", true},
		{"module.*.c", "module.a.b/d.c", true},
		{"c[0]", "c[0]", true},
		{"c[0]", "c0", false},
		{`c["*"]`, `c["a.b/c"]`, true},
		{"[ab]", "a", false},
		{"{a,b}", "a", false},
		{`\*`, "*", false},
		{`\*`, `\x`, true},
		{"docker.io/library/redis:*", "docker.io/library/redis:7.4-alpine", true},
		{strings.Repeat("a*", 40) + "b", strings.Repeat("a", 200), false},
	} {
		if got := glob(tc.pattern, tc.text); got != tc.want {
			t.Errorf("glob(%q, %q) = %v, want %v", tc.pattern, tc.text, got, tc.want)
		}
	}
}

func TestChosenClusters(t *testing.T) {
	f := world(func(f *topology.Facts) {
		f.Clusters = append(f.Clusters, newCluster("d", newPool("d")))
		f.Clusters[1].Project, f.Clusters[1].Location = "q", "europe-west1-b"
	})
	for _, tc := range []struct {
		name   string
		policy Policy
		want   string
	}{
		{"all", Policy{}, "c d"},
		{"by name", Policy{Cluster: "d"}, "d"},
		{"by address", Policy{Cluster: "google_container_cluster.c"}, "c"},
		{"by project", Policy{Project: "q"}, "d"},
		{"by location", Policy{Location: "europe-*"}, "d"},
		{"all must hold", Policy{Project: "q", Cluster: "c"}, ""},
		{"none", Policy{Cluster: "x*"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var names []string
			j := judge(f, tc.policy)
			for _, c := range j.Clusters {
				names = append(names, c.Name)
			}
			if got := strings.Join(names, " "); got != tc.want || j.Summary.Clusters != len(names) {
				t.Errorf("got %q, summary %+v, want %q", got, j.Summary, tc.want)
			}
		})
	}
}

func checksOf(j Judgement) []string {
	var out []string
	for _, r := range j.Results {
		if !slices.Contains(out, r.Check) {
			out = append(out, r.Check)
		}
	}
	return out
}

func TestOnlyAndSkip(t *testing.T) {
	f := world(nat("n"))
	all := checksOf(judge(f, Policy{}))
	for _, tc := range []struct {
		name   string
		policy Policy
		want   []string
	}{
		{"only", Policy{Only: []string{"registry-dns", "nat-node-range"}}, []string{"nat-node-range", "registry-dns"}},
		{"skip", Policy{Skip: all[1:]}, all[:1]},
		{"skip wins over only", Policy{Only: all[:2], Skip: all[:1]}, all[1:2]},
		{"one that does not exist", Policy{Only: []string{"nothing"}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := checksOf(judge(f, tc.policy)); !slices.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestSeverities(t *testing.T) {
	f := world(pulls(hub), onlyPrimary())
	for check, severity := range map[string]Severity{"nat-pod-range": Error, "private-google-access": Info, "mirror-dependence": Warning} {
		for _, r := range resultsOf(judge(f, Policy{Severities: map[string]Severity{check: severity}}), check) {
			if r.Severity != severity {
				t.Errorf("%s: severity %s, want %s", check, r.Severity, severity)
			}
		}
	}
	if r := the(t, judge(f, Policy{Severities: map[string]Severity{"nat-node-range": Info}}), "nat-pod-range"); r.Severity != Warning {
		t.Errorf("another check's severity changed to %s", r.Severity)
	}
}

func TestDocsBase(t *testing.T) {
	for _, r := range judge(world(), Policy{DocsBase: "https://example.com/"}).Results {
		if r.Docs != "https://example.com/"+r.Check {
			t.Errorf("docs %s", r.Docs)
		}
	}
}
