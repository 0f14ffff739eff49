package terraform

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// A manifest whose image apply decides still pulls one: it is unknown, and not left out.
func TestManifestsThatApplyDecides(t *testing.T) {
	manifest := func(kind string, spec object) object {
		return object{"manifest": object{"apiVersion": "v1", "kind": kind, "metadata": object{"name": "p", "namespace": "apps"}, "spec": spec}}
	}
	mask := func(spec object) object { return object{"manifest": object{"spec": spec}} }
	named := object{"name": "a"}
	for name, tc := range map[string]struct {
		after, unknown object
		sensitive      any
		want           []string
		why            string
	}{
		"an unknown image": {after: manifest("Pod", object{"containers": one(named)}), unknown: mask(object{"containers": one(object{"image": true})}), want: []string{"?"}, why: topology.KnownAfterApply},
		"one of two": {after: manifest("Pod", object{"containers": one(object{"image": "a/b:1"}, named)}), unknown: mask(object{"containers": one(object{}, object{"image": true})}),
			want: []string{"?", "a/b:1"}},
		"an unknown name beside a known image": {after: manifest("Pod", object{"containers": one(object{"image": "a/b:1"})}), unknown: mask(object{"containers": one(object{"name": true})}), want: []string{"a/b:1"}},
		"an unknown image in a template": {after: manifest("Deployment", object{"template": object{"spec": object{"containers": one(named)}}}),
			unknown: mask(object{"template": object{"spec": object{"containers": one(object{"image": true})}}}), want: []string{"?"}, why: topology.KnownAfterApply},
		"an unknown image of a volume": {after: manifest("Pod", object{"containers": one(object{"image": "a/b:1"}), "volumes": one(object{"name": "v", "image": object{}})}),
			unknown: mask(object{"volumes": one(object{"image": object{"reference": true}})}), want: []string{"?", "a/b:1"}},
		"an unknown volume": {after: manifest("Pod", object{"containers": one(object{"image": "a/b:1"}), "volumes": one(object{"name": "v"})}),
			unknown: mask(object{"volumes": one(object{"image": true})}), want: []string{"?", "a/b:1"}},
		"an unknown reference elsewhere": {after: manifest("Pod", object{"containers": one(object{"image": "a/b:1"}), "hostname": "h"}), unknown: mask(object{"reference": true}), want: []string{"a/b:1"}},
		"a sensitive image": {after: manifest("Pod", object{"containers": one(object{"name": "a", "image": "hunter2/a:1"})}),
			sensitive: mask(object{"containers": one(object{"image": true})}), want: []string{"?"}, why: "sensitive"},
		"an image that a controller fills in": {after: manifest("Deployment", object{"template": object{"spec": object{"containers": one(named)}}})},
		"an unknown image of no pod":          {after: manifest("ConfigMap", object{}), unknown: mask(object{"image": true})},
	} {
		t.Run(name, func(t *testing.T) {
			r := resource{address: "kubernetes_manifest.m", after: tc.after, sensitive: tc.sensitive, config: object{}}
			if tc.unknown != nil {
				r.unknown = tc.unknown
			}
			f := build{resources: []resource{r}}.read(t).After
			if diff := cmp.Diff(tc.want, imagesOf(f)); diff != "" {
				t.Fatal(diff)
			}
			if tc.why != "" {
				unknown(t, "image", f.Images[0].Ref, tc.why)
			}
			if found := leaks(f, "hunter2"); len(found) > 0 {
				t.Error(found)
			}
		})
	}
}

// A Secret in a manifest is a pull secret at the manifest's address, with its own name, and nothing of what is in it.
func TestSecretsOfManifests(t *testing.T) {
	const body = "apiVersion: v1\nkind: Secret\nmetadata: {name: regcred, namespace: apps}\ntype: kubernetes.io/dockerconfigjson\nstringData:\n  .dockerconfigjson: '{\"auths\":{\"quay.io\":{\"password\":\"hunter2\"}}}'\n"
	f := build{resources: []resource{{address: "kubectl_manifest.m", after: object{"yaml_body_parsed": body}, config: object{}}}}.read(t).After
	if len(f.Secrets) != 1 {
		t.Fatalf("%d secrets", len(f.Secrets))
	}
	s := f.Secrets[0]
	if s.Address != "kubectl_manifest.m" || s.Name != "regcred" || s.Namespace != "apps" || !slices.Equal(s.Keys.Or(nil), []string{"quay.io"}) {
		t.Errorf("%+v", s)
	}
	if found := leaks(f, "hunter2"); len(found) > 0 {
		t.Error(found)
	}
}

// What a pod or a secret leaves out, and what apply decides, are told apart.
func TestKubernetesUnknowns(t *testing.T) {
	t.Run("a secret of no type is Opaque", func(t *testing.T) {
		for name, typ := range map[string]any{"null": nil, "empty": ""} {
			s := build{resources: []resource{{address: "kubernetes_secret_v1.s", after: object{"type": typ, "metadata": one(object{"name": "s"}), "data": object{".dockerconfigjson": "{}"}}, config: object{}}}}.read(t).After.Secrets[0]
			if got, known := s.Type.Get(); !known || got != "Opaque" || !s.Type.Assumed {
				t.Errorf("%s: type is %q, known %v, assumed %v", name, got, known, s.Type.Assumed)
			}
		}
	})
	t.Run("a secret whose type apply decides", func(t *testing.T) {
		s := build{resources: []resource{{address: "kubernetes_secret_v1.s", after: object{"metadata": one(object{"name": "s"})}, unknown: object{"type": true}, config: object{}}}}.read(t).After.Secrets[0]
		unknown(t, "type", s.Type, topology.KnownAfterApply)
		if s.Complaint != "" {
			t.Errorf("it is blamed: %s", s.Complaint)
		}
	})
	t.Run("a pull secret whose name apply decides is there", func(t *testing.T) {
		pod := resource{address: "kubernetes_pod_v1.p", provider: "kubernetes", config: object{}, after: object{"spec": one(object{"container": one(object{"image": "a/b:1"}), "image_pull_secrets": one(object{})})},
			unknown: object{"spec": one(object{"image_pull_secrets": one(object{"name": true})})}}
		account := resource{address: "kubernetes_default_service_account_v1.a", provider: "kubernetes", config: object{},
			after: object{"metadata": one(object{"name": "default", "namespace": "default"}), "image_pull_secret": one(object{"name": "lent"})}}
		u := build{resources: []resource{pod, account}}.read(t).After.Images[0]
		if len(u.Secrets) != 1 || u.Secrets[0] == "lent" || u.SecretsLent {
			t.Errorf("secrets are %v, lent %v", u.Secrets, u.SecretsLent)
		}
	})
	t.Run("a namespace that apply decides is any", func(t *testing.T) {
		pod := resource{address: "kubernetes_pod_v1.p", provider: "kubernetes", config: object{}, after: object{"metadata": one(object{"name": "p"}), "spec": one(object{"container": one(object{"image": "a/b:1"})})},
			unknown: object{"metadata": one(object{"namespace": true})}}
		if u := (build{resources: []resource{pod}}).read(t).After.Images[0]; u.Namespace != topology.AnyNamespace {
			t.Errorf("namespace is %q", u.Namespace)
		}
	})
}
