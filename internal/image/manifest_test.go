package image

import (
	"strings"
	"testing"
)

func TestFromManifests(t *testing.T) {
	pod := "spec: {containers: [{name: a, image: a:1}], initContainers: [{image: b:1}], ephemeralContainers: [{image: c:1}], volumes: [{name: v, image: {reference: d:1}}]}"
	for name, tc := range map[string]struct{ text, want string }{
		"nothing":                 {"", ""},
		"only separators":         {"---\n---\n", ""},
		"a pod":                   {"kind: Pod\n" + pod, "a:1 b:1 c:1 d:1"},
		"a template":              {"kind: Deployment\nspec: {template: {" + pod + "}}", "a:1 b:1 c:1 d:1"},
		"a cron job":              {"kind: CronJob\nspec: {jobTemplate: {spec: {template: {" + pod + "}}}}", "a:1 b:1 c:1 d:1"},
		"a custom resource":       {"kind: Rollout\nspec: {replicatedJobs: [{template: {" + pod + "}}]}", "a:1 b:1 c:1 d:1"},
		"a list":                  {"kind: List\nitems: [{kind: Pod, " + pod + "}]", "a:1 b:1 c:1 d:1"},
		"several documents":       {"kind: Pod\nspec: {containers: [{image: z:1}]}\n---\nkind: Pod\nspec: {containers: [{image: a:1}]}", "a:1 z:1"},
		"JSON":                    {`{"kind": "Pod", "spec": {"containers": [{"image": "a:1"}]}}`, "a:1"},
		"each once":               {"kind: Pod\nspec: {containers: [{image: a:1}, {image: a:1}]}", "a:1"},
		"no image":                {"kind: Pod\nspec: {containers: [{name: a}]}", ""},
		"a secret's data":         {"kind: Secret\nstringData: {containers: [{image: a:1}]}", ""},
		"an image in an argument": {"kind: Pod\nspec: {containers: [{image: a:1, args: [\"--image=b:1\"]}]}", "a:1"},
		"image elsewhere":         {"kind: Thing\nspec: {image: a:1}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := FromManifests([]byte(tc.text))
			if err != nil || strings.Join(got, " ") != tc.want {
				t.Errorf("got %v, %v, want %s", got, err, tc.want)
			}
		})
	}
}

func TestFromManifestsRefuses(t *testing.T) {
	for name, tc := range map[string]struct{ text, says string }{
		"no YAML":     {"kind: Pod\n---\na: [", "line 4, column 1: is broken YAML"},
		"a scalar":    {"hello", "line 1, column 1: is no Kubernetes object"},
		"a bare list": {"- a\n- b", "expected a mapping"},
		"a tab":       {"kind: Pod\n\tspec: {}", "line 2, column 1: is broken YAML"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := FromManifests([]byte(tc.text)); err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, %v, want %q", got, err, tc.says)
			}
		})
	}
}

func TestThrough(t *testing.T) {
	for ref, want := range map[string]string{
		"nginx:1.27":           "h/p/r/library/nginx:1.27",
		"quay.io/org/app:1":    "h/p/r/org/app:1",
		"localhost:5000/app:1": "h/p/r/app:1",
		"nginx@" + sha256:      "h/p/r/library/nginx@" + sha256,
	} {
		r, err := Parse(ref)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Through("h/p/r"); got != want {
			t.Errorf("%s: %s, want %s", ref, got, want)
		}
	}
}

// One object in JSON is what its caller says, where it does not say so itself.
func TestReadObject(t *testing.T) {
	spec := `"metadata":{"name":"n"},"spec":{"containers":[{"image":"app:1"}]}}`
	for _, text := range []string{"{" + spec, `{"apiVersion":"v1","kind":"Pod",` + spec} {
		m, err := ReadObject([]byte(text), "v1", "Pod")
		if err != nil || len(m.Workloads) != 1 || m.Workloads[0].Kind != "Pod" || m.Workloads[0].Images[0].Ref != "app:1" {
			t.Errorf("%s: %+v, %v", text, m, err)
		}
	}
	if _, err := ReadObject([]byte(`{"spec":{"containers":7}}`), "v1", "Pod"); err == nil {
		t.Error("containers are a list")
	}
}
