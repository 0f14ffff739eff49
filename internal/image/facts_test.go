package image

import (
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var anywhere = topology.Unknown[topology.ID]("nobody said", topology.Origin{})

// Manifests become facts: images with where they stand and how they are pulled, and secrets without what is in them.
func TestFacts(t *testing.T) {
	f := read(t, head("apps/v1", "Deployment")+"spec:\n  replicas: 3\n  template:\n    spec:\n      nodeSelector: {kubernetes.io/arch: arm64}\n      containers:\n      - image: a/b:1\n        imagePullPolicy: Always\n      imagePullSecrets: [{name: s}]\n").
		Facts(anywhere, true)
	if len(f.Images) != 1 {
		t.Fatalf("%d images", len(f.Images))
	}
	u := f.Images[0]
	if u.Ref.Or("") != "a/b:1" || !u.Declared || u.Inferred || u.Policy != "Always" || u.Replicas != 3 || !slices.Equal(u.Secrets, []string{"s"}) || u.SecretsLent || u.NodeSelector["kubernetes.io/arch"] != "arm64" || !u.TolerationsTold {
		t.Errorf("%+v", u)
	}
	if u.Object.Line == 0 || !strings.HasSuffix(u.From, ":11") {
		t.Errorf("from %s, %+v", u.From, u.Object)
	}
	for name, declared := range map[string]bool{"named": true, "found": false} {
		custom := read(t, head("example.com/v1", "Thing")+"spec:\n  containers:\n  - image: a/b:1\n").Facts(anywhere, declared)
		if u := custom.Images[0]; u.Declared || !u.Inferred || u.TolerationsTold {
			t.Errorf("%s: a custom resource's image is inferred, whoever named it: %+v", name, u)
		}
	}
	if f := read(t, head("apps/v1", "Deployment")+"spec:\n  template:\n    spec:\n      containers:\n      - name: a\n").Facts(anywhere, true); len(f.Images) > 0 {
		t.Errorf("a controller fills it in: %+v", f.Images)
	}
}

// A service account lends its secrets to pods of its namespace that name none.
func TestFactsLendSecrets(t *testing.T) {
	pod := func(namespace, spec string) string {
		return "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: " + namespace + "}\nspec:\n  containers: [{image: 'a/b:1'}]\n" + spec + "---\n"
	}
	account := func(namespace, name string) string {
		return "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: " + name + ", namespace: " + namespace + "}\nimagePullSecrets: [{name: lent}]\n"
	}
	for name, tc := range map[string]struct {
		text string
		want []string
	}{
		"the default account":             {pod("apps", "") + account("apps", "default"), []string{"lent"}},
		"the default namespace, left out": {pod("default", "") + account("''", "default"), []string{"lent"}},
		"its account":                     {pod("apps", "  serviceAccountName: puller\n") + account("apps", "puller"), []string{"lent"}},
		"another account":                 {pod("apps", "") + account("apps", "puller"), nil},
		"another namespace":               {pod("apps", "") + account("other", "default"), nil},
		"its own come first":              {pod("apps", "  imagePullSecrets: [{name: own}]\n") + account("apps", "default"), []string{"own"}},
	} {
		t.Run(name, func(t *testing.T) {
			u := read(t, tc.text).Facts(anywhere, true).Images[0]
			if !slices.Equal(u.Secrets, tc.want) || u.SecretsLent != slices.Equal(tc.want, []string{"lent"}) {
				t.Errorf("%v, lent %v", u.Secrets, u.SecretsLent)
			}
		})
	}
}

func TestFactsOfSecrets(t *testing.T) {
	text := func(typ, data string) string {
		return "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: apps}\ntype: " + typ + "\nstringData: " + data + "\n"
	}
	const docker = "kubernetes.io/dockerconfigjson"
	for name, tc := range map[string]struct {
		text      string
		keys      []string
		known     bool
		complains bool
	}{
		"registries":   {text(docker, `{.dockerconfigjson: '{"auths":{"quay.io":{"password":"hunter2"}}}'}`), []string{"quay.io"}, true, false},
		"filled in":    {text(docker, `{.dockerconfigjson: "${CONFIG}"}`), nil, false, false},
		"no JSON":      {text(docker, `{.dockerconfigjson: hunter2}`), nil, true, true},
		"no key":       {text(docker, `{other: hunter2}`), nil, true, true},
		"another type": {text("Opaque", `{.dockerconfigjson: hunter2}`), nil, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := read(t, tc.text).Facts(anywhere, true).Secrets[0]
			if s.Keys.Known() != tc.known || !slices.Equal(s.Keys.Or(nil), tc.keys) || (s.Complaint != "") != tc.complains || s.Namespace != "apps" || s.Name != "s" {
				t.Errorf("%+v", s)
			}
			if strings.Contains(s.Complaint+s.Keys.Why()+strings.Join(s.Keys.Or(nil), ""), "hunter2") {
				t.Error("what is in the secret is told")
			}
		})
	}
}
