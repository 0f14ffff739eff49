package terraform

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func imagesOf(f topology.Facts) []string {
	var out []string
	for _, u := range f.Images {
		out = append(out, u.Ref.Or("?"))
	}
	slices.Sort(out)
	return out
}

// What the values of a chart look like: inferred, and only what parses.
func TestHelmValues(t *testing.T) {
	set := func(list ...string) []any {
		var out []any
		for i := 0; i < len(list); i += 2 {
			out = append(out, object{"name": list[i], "value": list[i+1]})
		}
		return out
	}
	for name, tc := range map[string]struct {
		after, sensitive object
		want             []string
	}{
		"repository and tag":            {object{"values": one("image: {repository: quay.io/org/app, tag: 1.2}")}, nil, []string{"quay.io/org/app:1.2"}},
		"with a registry":               {object{"values": one("image: {registry: ghcr.io, repository: org/app, tag: v1}")}, nil, []string{"ghcr.io/org/app:v1"}},
		"with a digest":                 {object{"values": one("image: {repository: app, digest: 'sha256:" + digits + "'}")}, nil, []string{"app@sha256:" + digits}},
		"a whole reference":             {object{"values": one("sidecar: {image: 'docker.io/library/busybox:1.36'}")}, nil, []string{"docker.io/library/busybox:1.36"}},
		"in a list":                     {object{"values": one("extra: [{image: 'a/b:1'}, {image: 'a/c:1'}]")}, nil, []string{"a/b:1", "a/c:1"}},
		"set":                           {object{"set": set("image.repository", "quay.io/org/app", "image.tag", "2")}, nil, []string{"quay.io/org/app:2"}},
		"set over values":               {object{"values": one("image: {repository: quay.io/org/app, tag: '1'}"), "set": set("image.tag", "2")}, nil, []string{"quay.io/org/app:2"}},
		"later values over earlier":     {object{"values": []any{"image: {repository: a/b, tag: '1'}", "image: {tag: '2'}"}}, nil, []string{"a/b:2"}},
		"a dot that belongs to the key": {object{"set": set(`nodeSelector.cloud\.google\.com/image`, "x", "image.repository", "a/b", "image.tag", "1")}, nil, []string{"a/b:1"}},
		"a chart's repository":          {object{"values": one("source: {repository: https://charts.example.com, tag: '1'}\nimage: {pullPolicy: Always}")}, nil, nil},
		"a word":                        {object{"values": one("image: latest")}, nil, nil},
		"no YAML":                       {object{"values": one("{{ nothing")}, nil, nil},
		"sensitive values":              {object{"values": one("image: {repository: hunter2/app, tag: '1'}"), "set": set("image.repository", "hunter2/b", "image.tag", "1")}, object{"values": true, "set": true}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := resource{address: "helm_release.r", after: tc.after, config: object{}}
			if tc.sensitive != nil {
				r.sensitive = tc.sensitive
			}
			f := build{resources: []resource{r}}.read(t).After
			if diff := cmp.Diff(tc.want, imagesOf(f)); diff != "" {
				t.Error(diff)
			}
			for _, u := range f.Images {
				if !u.Inferred || u.From != "helm_release.r" || u.Declared {
					t.Errorf("%+v", u)
				}
			}
			if found := leaks(f, "hunter2"); len(found) > 0 {
				t.Error(found)
			}
		})
	}
}

const digits = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// Kubernetes objects in Terraform: the workloads and pull secrets in them.
func TestKubernetesManifests(t *testing.T) {
	pod := object{"apiVersion": "v1", "kind": "Pod", "metadata": object{"name": "p", "namespace": "apps"},
		"spec": object{"containers": []any{object{"name": "a", "image": "quay.io/org/app:1", "imagePullPolicy": "Always"}}, "imagePullSecrets": []any{object{"name": "s"}}}}
	for name, tc := range map[string]struct {
		address        string
		after, unknown object
		want           []string
	}{
		"an object":           {"kubernetes_manifest.m", object{"manifest": pod}, nil, []string{"quay.io/org/app:1"}},
		"YAML":                {"kubectl_manifest.m", object{"yaml_body_parsed": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - image: a/b:1\n"}, nil, []string{"a/b:1"}},
		"no workload":         {"kubernetes_manifest.m", object{"manifest": object{"apiVersion": "v1", "kind": "ConfigMap", "data": object{"image": "a/b:1"}}}, nil, nil},
		"what cannot be read": {"kubectl_manifest.m", object{"yaml_body_parsed": "{{"}, nil, nil},
		"what apply decides":  {"kubernetes_manifest.m", object{}, object{"manifest": true}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := resource{address: tc.address, after: tc.after, config: object{}}
			if tc.unknown != nil {
				r.unknown = tc.unknown
			}
			f := build{resources: []resource{r}}.read(t).After
			if diff := cmp.Diff(tc.want, imagesOf(f)); diff != "" {
				t.Error(diff)
			}
			for _, u := range f.Images {
				if u.From != tc.address || u.Object.Address != tc.address || u.Inferred {
					t.Errorf("%+v", u)
				}
			}
		})
	}
	f := build{resources: []resource{{address: "kubernetes_manifest.m", after: object{"manifest": pod}, config: object{}}}}.read(t).After
	if u := f.Images[0]; u.Policy != "Always" || u.Namespace != "apps" || !slices.Equal(u.Secrets, []string{"s"}) {
		t.Errorf("%+v", u)
	}
}
