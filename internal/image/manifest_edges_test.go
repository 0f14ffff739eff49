package image

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Where documents begin and end, and how JSON and YAML write the same.
func TestDocumentsAtTheirEdges(t *testing.T) {
	pod := podOf("app:1")
	const jsonPod = `"apiVersion":"v1","kind":"Pod","metadata":{"name":"n"},"spec":{"containers":[{"image":"app:1"}]}}`
	deployment := func(replicas string) string {
		return `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"n"},"spec":{"replicas":` + replicas + `,"template":{"spec":{"containers":[{"image":"app:1"}]}}}}`
	}
	one := []string{"Pod/n x1 app:1"}
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"a separator that ends the file", pod + "---", one},
		{"an end that ends the file", pod + "...", one},
		{"a separator alone", "---", []string{}},
		{"a separator before a tab", pod + "---\t# next\n" + pod, []string{one[0], one[0]}},
		{"a separator of four dashes is none", head("v1", "ConfigMap") + "----: x\n---\n" + pod, one},
		{"JSON on a separator, with an escape that YAML lacks", `--- {"metadata ":"\ud83d\ude00",` + jsonPod, one},
		{"JSON over lines, with tabs", "{\n\t\"x\":\t1,\n\t" + jsonPod + "\n", one},
		{"JSON that opens alone on a line", "{\n" + jsonPod, one},
		{"JSON objects without a break", "{" + jsonPod + "{" + jsonPod, []string{one[0], one[0]}},
		{"an empty object in JSON is an object all the same", "{" + strings.Replace(jsonPod, `"spec":{`, `"spec":{"emptyDir":{},`, 1), one},
		{"JSON, then YAML", "{" + jsonPod + "\n---\n" + pod, []string{one[0], one[0]}},
		{"replicas in JSON", deployment("3"), []string{"Deployment/n x3 app:1"}},
		{"no replicas in JSON", deployment("0"), []string{"Deployment/n x0 app:1"}},
		{"replicas below nothing", deployment("-2"), []string{"Deployment/n x0 app:1"}},
		{"null replicas", deployment("null"), []string{"Deployment/n x1 app:1"}},
		{"replicas in hexadecimal, as YAML has them", head("apps/v1", "Deployment") + "spec:\n  replicas: 0x10\n" + indent(2, podTemplate), []string{"Deployment/n x16 app:1"}},
		{"a rollout scaled to nothing", head("argoproj.io/v1alpha1", "Rollout") + "spec:\n  replicas: 0\n" + indent(2, podTemplate), []string{"Rollout/n x0 app:1"}},
		{"a job that runs nothing", head("batch/v1", "Job") + "spec:\n  parallelism: 0\n" + indent(2, podTemplate), []string{"Job/n x0 app:1"}},
		{"a leader worker set of leaders alone", head("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet") + "spec:\n  leaderWorkerTemplate:\n    size: 1\n    leaderTemplate:\n      spec:\n" + indent(8, onePod) +
			"    workerTemplate:\n      spec:\n" + indent(8, onePod), []string{"LeaderWorkerSet/n x1 app:1", "LeaderWorkerSet/n x0 app:1"}},
		{"Windows breaks in JSON", strings.ReplaceAll("{\n"+jsonPod+"\n", "\n", "\r\n"), one},
		{"a byte order mark before JSON", "\xef\xbb\xbf{" + jsonPod, one},
		{"a comment behind an image", strings.Replace(pod, "app:1", "app:1 # pinned", 1), one},
		{"a number sign in an image's tag is part of it in quotes", strings.Replace(pod, "app:1", "'app:1#x'", 1), []string{"Pod/n x1 app:1#x"}},
		{"an image over lines", strings.Replace(pod, "app:1", ">-\n      app:1", 1), one},
		{"an image with a tag of its own kind", strings.Replace(pod, "app:1", "!!str app:1", 1), one},
		{"an image that is a date", strings.Replace(pod, "app:1", "2001-01-01", 1), []string{"Pod/n x1 2001-01-01"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, refs(read(t, tc.text))); diff != "" {
				t.Errorf("%s\n%s", diff, tc.text)
			}
		})
	}
}

// A key may be an alias of a word, and of nothing else.
func TestAliasedKeys(t *testing.T) {
	m := read(t, "x: &key image\n"+head("v1", "Pod")+"spec:\n  containers:\n  - *key : app:1\n")
	if diff := cmp.Diff([]string{"Pod/n x1 app:1"}, refs(m)); diff != "" {
		t.Error(diff)
	}
	_, err := ReadManifests(strings.NewReader("x: &key [image]\n"+head("v1", "Pod")+"spec:\n  *key : app:1\n"), "app.yaml")
	if err == nil || !strings.Contains(err.Error(), "a key is a list or a mapping") {
		t.Errorf("error %v", err)
	}
}

// Kinds that end or begin like others.
func TestKindsThatLookAlike(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"a list by its name alone", head("example.com/v1", "AllowList") + "items: {a: b}\nspec:\n" + indent(2, onePod), []string{"AllowList/n x0 inferred app:1"}},
		{"a config map of no version", "kind: ConfigMap\nmetadata: {name: n}\nbinaryData:\n" + indent(2, onePod), []string{}},
		{"a secret of no version", "kind: Secret\nmetadata: {name: n}\nextra:\n" + indent(2, onePod), []string{}},
		{"a kind of others without a version is read by its shape", "kind: Thing\nmetadata: {name: n}\nspec:\n" + indent(2, onePod), []string{"Thing/n x0 inferred app:1"}},
		{"a gateway beside an app of its own", head("apps/v1", "Deployment") + "spec:\n  template:\n    metadata:\n      annotations: {inject.istio.io/templates: gateway}\n    spec:\n      containers:\n" +
			"      - {name: istio-proxy, image: auto}\n      - {name: app, image: 'app:1'}\n", []string{"Deployment/n x1 app:1"}},
		{"another annotation", head("apps/v1", "Deployment") + "spec:\n  template:\n    metadata:\n      annotations: {sidecar.istio.io/inject: 'true'}\n    spec:\n      containers:\n      - {name: istio-proxy, image: auto}\n",
			[]string{"Deployment/n x1 auto"}},
		{"a replica set that a deployment keeps, and runs", "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata:\n  name: n\n  ownerReferences:\n  - {kind: Deployment, name: n, controller: true}\nspec:\n  replicas: 1\n" + indent(2, podTemplate),
			[]string{"ReplicaSet/n x1 app:1"}},
		{"a replica set that somebody else owns", "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata:\n  name: n\n  ownerReferences:\n  - {kind: App, name: n, controller: false}\nspec:\n  replicas: 0\n" + indent(2, podTemplate),
			[]string{"ReplicaSet/n x0 app:1"}},
		{"a pod spec in a pod spec's own list is none", head("example.com/v1", "Thing") + "spec:\n  containers:\n  - image: app:1\n    spec:\n      containers: [{image: 'not:1'}]\n", []string{"Thing/n x0 inferred app:1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, refs(read(t, tc.text))); diff != "" {
				t.Errorf("%s\n%s", diff, tc.text)
			}
		})
	}
}

// What is empty or misplaced in a pull secret is said, and not taken for what is filled in later.
func TestSecretsAtTheirEdges(t *testing.T) {
	const config, old = "kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"
	for name, tc := range map[string]struct{ text, complaint string }{
		"blanks":                         {pullSecret(config, "data: {.dockerconfigjson: '  '}"), ".dockerconfigjson is empty"},
		"a null":                         {pullSecret(config, "data: {.dockerconfigjson: }"), "it has no key .dockerconfigjson"},
		"a null beside a key of data":    {pullSecret(config, "stringData: {.dockerconfigjson: }\ndata: {.dockerconfigjson: "+b64(`{"auths":{"quay.io":{}}}`)+"}"), ""},
		"the new form under the old":     {pullSecret(old, "data: {.dockerconfigjson: "+b64(`{"auths":{}}`)+"}"), "it has no key .dockercfg: it is under .dockerconfigjson"},
		"a misplaced key of string data": {pullSecret(config, "stringData: {config.json: x}"), "it is under config.json"},
		"no entry":                       {pullSecret(config, "data: {.dockerconfigjson: "+b64(`{"auths":{}}`)+"}"), "it names no registry"},
		"an empty auth":                  {pullSecret(config, "data: {.dockerconfigjson: "+b64(`{"auths":{"quay.io":{"auth":""}}}`)+"}"), ""},
		"a null auth":                    {pullSecret(config, "data: {.dockerconfigjson: "+b64(`{"auths":{"quay.io":{"auth":null}}}`)+"}"), ""},
		"a user alone":                   {pullSecret(config, "data: {.dockerconfigjson: "+b64(`{"auths":{"quay.io":{"auth":"`+b64("user")+`"}}}`)+"}"), "cannot be decoded"},
		"one bad entry of two":           {pullSecret(config, "data: {.dockerconfigjson: "+b64(`{"auths":{"a.io":{"username":[]},"b.io":{}}}`)+"}"), "cannot be decoded"},
	} {
		t.Run(name, func(t *testing.T) {
			s := read(t, tc.text).Secrets[0]
			if !strings.Contains(s.Complaint, tc.complaint) || (s.Complaint == "") != (tc.complaint == "") {
				t.Errorf("complaint %q, want %q", s.Complaint, tc.complaint)
			}
			if tc.complaint == "" && len(s.Keys) != 1 {
				t.Errorf("registries %v", s.Keys)
			}
		})
	}
}
