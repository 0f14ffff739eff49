package image

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

const rendered = "is a Helm template that is not rendered: helm template … | gkepreflight check --manifests -"

// Bad input is answered with its place and what is expected there.
func TestRefuses(t *testing.T) {
	bomb := "kind: ConfigMap\na: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'j'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s*%c]\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", c-1), 9), c-1)
	}
	pod := head("v1", "Pod") + "spec:\n"
	for _, tc := range []struct{ name, text, says string }{
		{"a second colon", "a: b: c\n", "app.yaml:1:5: is broken YAML: mapping values are not allowed"},
		{"a wrong indentation", "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n   imagePullPolicy: Always\n", "app.yaml:6:4: is broken YAML"},
		{"an indentation in a later document", "kind: Pod\n---\n# more\nkind: Pod\nspec:\n  a: 1\n b: 2\n", "app.yaml:7:2: is broken YAML"},
		{"a tab", "kind: Pod\nspec:\n\tcontainers: []\n", "app.yaml:3:1: is broken YAML"},
		{"a list without its end", "kind: Pod\nspec: [1,\n  2\n", "app.yaml:4:1: is broken YAML"},
		{"a quote without its end", "kind: \"Pod\n", "app.yaml:2:1: is broken YAML"},
		{"an escape that is none", "kind: \"\\q\"\n", "app.yaml:1:8: is broken YAML: found unknown escape character"},
		{"a reserved character", "kind: Pod\nimage: @x\n", "app.yaml:2:8: is broken YAML"},
		{"a duplicate key", pod + "  containers: []\n  hostname: a\n  containers: []\n", "app.yaml:8:3: a duplicate key: the same was written on line 6"},
		{"a duplicate key in data", head("v1", "ConfigMap") + "data:\n  a: 1\n  a: 2\n", "app.yaml:7:3: a duplicate key"},
		{"a duplicate key in JSON", "{\n  \"kind\": \"Pod\",\n  \"kind\": \"Pod\"\n}\n", "app.yaml:3:3: a duplicate key: the same was written on line 2"},
		{"a duplicate key among many", "kind: ConfigMap\ndata:\n" + many(40) + "  k7: again\n", "app.yaml:43:3: a duplicate key: the same was written on line 10"},
		{"an alias bomb", bomb, "aliases stand for more than 1000000 values here"},
		{"an alias in its own value", "kind: Pod\nspec: &s\n  a: [*s]\n", "app.yaml:3:7: an alias stands inside the value that it names"},
		{"a merge into itself", "kind: Pod\nspec: &s\n  <<: *s\n", "app.yaml:3:7: an alias stands inside"},
		{"an alias of nothing", "kind: Pod\nspec: *gone\n", "app.yaml:2:7: is broken YAML: an alias names an anchor that is not written before it"},
		{"nested too deep", "kind: Pod\nspec: " + strings.Repeat("[", 1500) + strings.Repeat("]", 1500) + "\n", "nested more than 1000 deep"},
		{"nested far too deep", "kind: Pod\nspec: " + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "\n", "app.yaml:2:"},
		{"nested far too deep in JSON", `{"kind":"Pod","spec":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "}", "app.yaml:1:"},
		{"a key that is a list", "kind: Pod\n? [a]\n: b\n", "app.yaml:2:3: a key is a list or a mapping"},

		{"a zero byte", "kind: Pod\nname: a\x00b\n", "app.yaml:2:8: is binary"},
		{"gzip", "\x1f\x8b\x08\x00\x00", "app.yaml: is a gzip file (a packaged chart is rendered first: helm template"},
		{"zip", "PK\x03\x04rest", "app.yaml: is a zip file: expected YAML or JSON text"},
		{"program", "\x7fELF\x02", "app.yaml: is a program"},
		{"UTF-16", "\xff\xfek\x00i\x00", "app.yaml: is UTF-16 text (PowerShell's > writes it): expected YAML or JSON text in UTF-8"},
		{"Latin-1", "kind: Pod\nname: caf\xe9\n", "app.yaml:2:10: is no UTF-8 here"},
		{"Latin-1 in JSON", "{\"kind\": \"caf\xe9\"}", "app.yaml:1:14: is no UTF-8 here"},

		{"a word", "hello\n", "app.yaml:1:1: is no Kubernetes object: expected a mapping with apiVersion and kind"},
		{"a list", "- kind: Pod\n", "app.yaml:1:1: is no Kubernetes object"},
		{"a JSON list", "[{\"kind\":\"Pod\"}]\n", "app.yaml:1:1: is no Kubernetes object"},
		{"values of a chart", "image:\n  repository: nginx\n", "app.yaml:1:1: is no Kubernetes object"},
		{"no kind", "apiVersion: v1\nmetadata: {name: n}\n", "app.yaml:1:1: is no Kubernetes object"},
		{"an item that is no object", "apiVersion: v1\nkind: List\nitems:\n- 5\n", "app.yaml:4:3: is no Kubernetes object"},

		{"JSON that ends early", "{\"kind\": \"Pod\",\n \"spec\": {", "app.yaml:2:11: is broken JSON: it ends too early"},
		{"JSON of two values", "{\"kind\": \"Pod\" \"x\"}", "app.yaml:1:16: is broken JSON"},
		{"JSON behind JSON", "{\"kind\": \"Pod\"}\n{\"kind\": ]}\n", "app.yaml:2:10: is broken JSON"},

		{"a template's action", "{{- if .Values.web }}\nkind: Pod\n{{- end }}\n", "app.yaml:1:1: " + rendered},
		{"a template's value", "kind: Pod\nname: {{ .Release.Name }}-web\n", "app.yaml:2:7: " + rendered},
		{"a template's value alone", "kind: Pod\nname: {{ .Values.name }}\n", "app.yaml:2:8: " + rendered},
		{"a template's comment", "{{/* about */}}\nkind: Pod\n", "app.yaml:1:1: " + rendered},
		{"a template's include", "kind: Pod\nmetadata:\n  labels:\n    {{- include \"app.labels\" . | nindent 4 }}\n", "app.yaml:4:5: " + rendered},
		{"a template's image in quotes", pod + "  containers:\n  - image: \"{{ .Values.image }}:1\"\n", "app.yaml:7:12: " + rendered},
		{"a template's image in a custom resource", head("example.com/v1", "Thing") + "spec:\n  containers:\n  - image: \"{{ .Values.image }}\"\n", "app.yaml:7:12: " + rendered},
		{"a template's kind", "apiVersion: v1\nkind: \"{{ .Values.kind }}\"\n", "app.yaml:1:1: " + rendered},
		{"a template in JSON", "{\"kind\": \"Pod\",\n \"spec\": {{ toJson .Values.spec }} }", "app.yaml:2:"},
		{"an error beside an alert", head("v1", "ConfigMap") + "data:\n  alert: 'x {{ if .Values }}'\n  b: 1\n  c: 2\n d: 3\n", "app.yaml:9:2: is broken YAML"},

		{"an image that is a number", pod + "  containers:\n  - image: 1.27\n", "app.yaml:7:12: expected a string, in quotes where it looks like a number or a boolean, found a number"},
		{"an image that is a mapping", pod + "  containers:\n  - image: {repository: a}\n", "app.yaml:7:12: expected a string, in quotes where it looks like a number or a boolean, found a mapping"},
		{"containers that are a mapping", pod + "  containers:\n    a: {image: b}\n", "app.yaml:7:5: expected a list, found a mapping"},
		{"a container that is a word", pod + "  containers:\n  - nginx\n", "app.yaml:7:5: expected a mapping, found a string"},
		{"a selector of booleans", pod + "  nodeSelector:\n    spot: true\n", "app.yaml:7:11: expected a string, in quotes where it looks like a number or a boolean, found a boolean"},
		{"replicas of words", head("apps/v1", "Deployment") + "spec:\n  replicas: two\n", "app.yaml:6:13: expected a whole number, found a string"},
		{"replicas beyond measure", head("apps/v1", "Deployment") + "spec:\n  replicas: 99999999999\n", "app.yaml:6:13: expected a whole number"},
		{"replicas of a rollout", head("argoproj.io/v1alpha1", "Rollout") + "spec:\n  replicas: two\n", "app.yaml:6:13: expected a whole number"},
		{"a job set", head("jobset.x-k8s.io/v1alpha2", "JobSet") + "spec:\n  replicatedJobs:\n  - replicas: 1.5\n", "app.yaml:7:15: expected a whole number, found a number"},
		{"a pod spec that is a list", head("v1", "Pod") + "spec: []\n", "app.yaml:5:7: expected a mapping, found a list"},
		{"a name that is a number", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: 5}\n", "app.yaml:3:18: expected a string"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := ReadManifests(strings.NewReader(tc.text), "app.yaml")
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Fatalf("error %v, want %q", err, tc.says)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than a line: %q", err)
			}
		})
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  k%d: x\n", i)
	}
	return b.String()
}

// What is empty holds nothing, and is no error: a chart may render to it.
func TestEmpty(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "white space": " \n\n", "separators": "---\n---\n", "comments": "# a\n---\n# b\n", "null": "null\n", "end": "...\n", "byte order mark": "\xef\xbb\xbf", "directive": "%YAML 1.2\n---\n",
	} {
		t.Run(name, func(t *testing.T) {
			if m := read(t, text); len(m.Workloads)+len(m.Secrets)+len(m.Accounts) > 0 {
				t.Errorf("%+v", m)
			}
		})
	}
}

// What was read before an error is not lost, and a reader's own error is passed on.
func TestErrorsKeepWhatWasRead(t *testing.T) {
	good := head("v1", "Pod") + "spec:\n" + indent(2, onePod)
	m, err := ReadManifests(strings.NewReader(good+"---\na: [\n"), "-")
	if len(m.Workloads) != 1 || err == nil || !strings.HasPrefix(err.Error(), "standard input:11:1: ") {
		t.Errorf("%+v, %v", m, err)
	}
	own := errors.New("the disk is gone")
	_, err = ReadManifests(io.MultiReader(strings.NewReader(good), iotest.ErrReader(own)), "app.yaml")
	if !errors.Is(err, own) || !strings.HasPrefix(err.Error(), "app.yaml: ") {
		t.Error(err)
	}
}
