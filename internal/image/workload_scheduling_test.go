package image

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a pod asks of its node.
func TestNodeSelector(t *testing.T) {
	affinity := func(terms string) string {
		return "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [" + terms + "]}}}\n"
	}
	const arm = "{key: kubernetes.io/arch, operator: In, values: [arm64]}"
	const pool = "{key: cloud.google.com/gke-nodepool, operator: In, values: [big]}"
	for name, tc := range map[string]struct {
		spec string
		want map[string]string
	}{
		"none":                      {"", nil},
		"selector":                  {"nodeSelector: {cloud.google.com/private-node: 'true'}\n", map[string]string{"cloud.google.com/private-node": "true"}},
		"affinity of one value":     {affinity("{matchExpressions: [" + arm + "," + pool + "]}"), map[string]string{"kubernetes.io/arch": "arm64", "cloud.google.com/gke-nodepool": "big"}},
		"both, the selector wins":   {"nodeSelector: {kubernetes.io/arch: amd64}\n" + affinity("{matchExpressions: ["+arm+"]}"), map[string]string{"kubernetes.io/arch": "amd64"}},
		"two values leave a choice": {affinity("{matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [arm64, amd64]}]}"), nil},
		"not in":                    {affinity("{matchExpressions: [{key: kubernetes.io/arch, operator: NotIn, values: [arm64]}]}"), nil},
		"exists":                    {affinity("{matchExpressions: [{key: kubernetes.io/arch, operator: Exists}]}"), nil},
		"terms are alternatives":    {affinity("{matchExpressions: [" + arm + "]}, {matchExpressions: [" + pool + "]}"), nil},
		"what all terms ask for":    {affinity("{matchExpressions: [" + arm + "," + pool + "]}, {matchExpressions: [" + arm + "]}"), map[string]string{"kubernetes.io/arch": "arm64"}},
		"an empty term":             {affinity("{}, {matchExpressions: [" + arm + "]}"), map[string]string{"kubernetes.io/arch": "arm64"}},
		"a term of fields":          {affinity("{matchFields: [{key: metadata.name, operator: In, values: [n]}]}, {matchExpressions: [" + arm + "]}"), nil},
		"preferred":                 {"affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [" + arm + "]}}]}}\n", nil},
		"of pods":                   {"affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname}]}}\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, head("v1", "Pod")+"spec:\n"+indent(2, tc.spec+onePod)).Workloads[0].NodeSelector
			if diff := cmp.Diff(tc.want, got); diff != "" && len(tc.want)+len(got) > 0 {
				t.Error(diff)
			}
		})
	}
}

func TestTolerations(t *testing.T) {
	m := read(t, head("v1", "Pod")+"spec:\n"+indent(2, onePod)+`  tolerations:
  - {key: team, operator: Equal, value: a, effect: NoSchedule}
  - {key: team, value: b}
  - {key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}
  - {key: spot, operator: Exists}
  - {operator: Exists}
  - {operator: Exists, effect: NoExecute, tolerationSeconds: 30}
  - {key: sla, operator: Gt, value: "950", effect: NoSchedule}
`)
	want := []string{"team=a:NoSchedule", "team=b", "nvidia.com/gpu:NoSchedule", "spot", "*", "*:NoExecute", "sla Gt 950:NoSchedule"}
	if diff := cmp.Diff(want, m.Workloads[0].Tolerations); diff != "" {
		t.Error(diff)
	}
}

// The policy is the API server's (facts of defaults.go).
func TestPullPolicy(t *testing.T) {
	for _, tc := range []struct{ ref, written, want string }{
		{"nginx", "", "Always"},
		{"nginx:latest", "", "Always"},
		{"nginx:1.27", "", "IfNotPresent"},
		{"nginx@" + sha256, "", "IfNotPresent"},
		{"nginx:latest@" + sha256, "", "Always"},
		{"nginx:1.27@" + sha256, "", "IfNotPresent"},
		{"localhost:5000/app", "", "Always"},
		{"localhost:5000/app:1", "", "IfNotPresent"},
		{"quay.io/Org/app", "", "IfNotPresent"},
		{"", "", "IfNotPresent"},
		{"nginx", "Never", "Never"},
		{"nginx:1.27", "Always", "Always"},
		{"not a reference", "IfNotPresent", "IfNotPresent"},
	} {
		if got := PullPolicy(tc.ref, tc.written); got != tc.want {
			t.Errorf("PullPolicy(%q, %q) = %q, want %q", tc.ref, tc.written, got, tc.want)
		}
	}
}
