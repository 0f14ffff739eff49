package image

import (
	"bytes"
	"strings"
	"testing"
)

// FuzzManifests holds that any text is answered: with an error of one line that names the input, or with positions that lie in the text.
func FuzzManifests(f *testing.F) {
	for _, seed := range []string{
		"", "---\n", podOf("a:1"), head("apps/v1", "Deployment") + "spec:\n" + podTemplate, "a: &a [*a]\n", "{\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"image\":\"a\"}]}}{}",
		"kind: List\nitems: [{kind: Pod}]\n", "{{ if .Values.a }}\n", "kind: Secret\ntype: kubernetes.io/dockerconfigjson\ndata: {.dockerconfigjson: e30=}\n", "kind: X\ncontainers: [{image: a}, ~]\n",
		"kind: Task\napiVersion: tekton.dev/v1\nspec: {steps: [{image: a}]}\n", "kind: Pod\nspec: {<<: [{}, {}], volumes: [{image: {reference: a}}]}\n", "\xef\xbb\xbfkind: Pod\r\n...\r\n", "%YAML 1.1\n---\nkind: Pod\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ReadManifests(bytes.NewReader(text), "fuzz.yaml")
		if err != nil && (!strings.HasPrefix(err.Error(), "fuzz.yaml:") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("error %q", err)
		}
		last := bytes.Count(text, []byte("\n")) + bytes.Count(text, []byte("\r")) + bytes.Count(text, []byte("\u0085")) + bytes.Count(text, []byte("\u2028")) + bytes.Count(text, []byte("\u2029")) + 1
		for _, w := range m.Workloads {
			if w.Line < 1 || w.Line > last {
				t.Errorf("%s at line %d of %d", w.Kind, w.Line, last)
			}
			for _, i := range w.Images {
				if i.Line < 1 || i.Line > last {
					t.Errorf("%s at line %d of %d", i.Ref, i.Line, last)
				}
				PullPolicy(i.Ref, i.Policy)
			}
		}
	})
}

// FuzzReference holds that a reference that parses is stable, and that no key of a secret stops the matching.
func FuzzReference(f *testing.F) {
	for _, seed := range [][2]string{{"nginx", "docker.io"}, {"us-docker.pkg.dev/p/r/a:1", "*.pkg.dev"}, {"[::1]:5000/a@" + sha256, "https://[::1]:5000/v2/"}, {"a:latest", "http://u@x:1/?#"}, {"A/b", "["}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, ref, key string) {
		r, err := Parse(ref)
		if err != nil {
			return
		}
		again, err := Parse(r.Normalized)
		if err != nil || again.Normalized != r.Normalized || again.Host != r.Host {
			t.Errorf("%q is %q, which is %q: %v", ref, r.Normalized, again.Normalized, err)
		}
		r.Match(key)
		if !strings.ContainsAny(r.Host, "[]*?") && !r.Match(r.Host) {
			t.Errorf("%q does not match its own host %q", ref, r.Host)
		}
		if p := PullPolicy(ref, ""); p != "Always" && p != "IfNotPresent" {
			t.Errorf("%q: %q", ref, p)
		}
	})
}
