package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      imagePullSecrets:
      - name: hub
      containers:
      - name: web
        image: docker.io/library/nginx
---
apiVersion: v1
kind: Secret
metadata:
  name: hub
  namespace: shop
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: '{"auths":{"registry-1.docker.io":{"auth":"aHVudGVyMjpodW50ZXIy"}}}'
`

func written(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Images that somebody names are all that the nodes will pull: where none needs the internet, it is not asked for.
func TestDeclaredImages(t *testing.T) {
	const google = "europe-west1-docker.pkg.dev/shop/apps/web:1"
	inGoogle := written(t, "google.yaml", strings.ReplaceAll(manifest, "docker.io/library/nginx", google))
	for _, tc := range []struct {
		name string
		args []string
		want string // status of nat-node-range, where there is no gateway
	}{
		{"none named", nil, "fail"},
		{"an image of Google's", []string{"--image", google}, "skip"},
		{"several", []string{"--image", google, "--image", "gcr.io/shop/app:1"}, "skip"},
		{"one needs it", []string{"--image", google, "--image", "quay.io/org/app:1"}, "fail"},
		{"Docker Hub", []string{"--image", "nginx"}, "fail"},
		{"Docker Hub, and the mirror is allowed", []string{"--image", "nginx", "--mirror", "allow"}, "skip"},
		{"required all the same", []string{"--image", google, "--internet", "required"}, "fail"},
		{"a manifest", []string{"--manifests", inGoogle}, "skip"},
		{"a folder", []string{"--manifests", filepath.Dir(inGoogle)}, "skip"},
		{"a manifest and an image that needs it", []string{"--manifests", inGoogle, "--image", "quay.io/org/app:1"}, "fail"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, out, stderr := call(t, append([]string{"check", "--state", "testdata/broken.json", "--format", "json"}, tc.args...)...)
			if stderr != "" {
				t.Fatal(stderr)
			}
			var r struct {
				Results []struct{ Check, Status, Message string }
			}
			if err := json.Unmarshal([]byte(out), &r); err != nil {
				t.Fatal(err)
			}
			for _, of := range r.Results {
				if of.Check == "nat-node-range" && of.Status != tc.want {
					t.Errorf("%s, want %s: %s", of.Status, tc.want, of.Message)
				}
			}
		})
	}
}

func TestManifestsFromStandardInput(t *testing.T) {
	code, out, stderr := pipe(t, manifest, "check", "--state", "testdata/broken.json", "--manifests", "-", "--format", "json")
	if code != 2 || stderr != "" {
		t.Fatalf("status %d, %s", code, stderr)
	}
	for _, want := range []string{`"-:13"`, `"docker.io/library/nginx:latest"`, `"kind": "manifests"`, "registry-1.docker.io, which matches no image of docker.io", "asked for at every start"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
	if strings.Contains(out, "hunter2") || strings.Contains(out, "aHVudGVyMj") {
		t.Error("the report shows what is in a secret")
	}
}

// What the report says of manifests, held by a golden file. The paths in it are as they were given.
func TestReportOfManifests(t *testing.T) {
	_, out, stderr := call(t, "check", "--state", "testdata/broken.json", "--manifests", "testdata/manifests", "--image", "registry.k8s.io/pause:3.10")
	if stderr != "" {
		t.Fatal(stderr)
	}
	golden(t, filepath.Join("testdata", "reports", "manifests.text"), out)
}

func TestManifestsThatCannotBeRead(t *testing.T) {
	for name, tc := range map[string]struct {
		stdin string
		args  []string
		names []string
	}{
		"missing":              {"", []string{"--manifests", "testdata/none.yaml"}, []string{"testdata/none.yaml"}},
		"broken":               {"kind: Pod\napiVersion: v1\nspec:\n  containers: [\n", []string{"--manifests", "-"}, []string{"standard input:"}},
		"of a wrong shape":     {"apiVersion: v1\nkind: Pod\nspec:\n  containers: 7\n", []string{"--manifests", "-"}, []string{"standard input:4"}},
		"a template":           {"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: '{{ .Values.image }}'\n", []string{"--manifests", "-"}, []string{"standard input:5"}},
		"standard input twice": {"", []string{"--manifests", "-", "--plan", "-"}, []string{"twice", "standard input"}},
		"twice for manifests":  {"", []string{"--manifests", "-", "--manifests", "-"}, []string{"standard input"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, stderr := pipe(t, tc.stdin, append([]string{"check", "--state", "testdata/broken.json"}, tc.args...)...)
			if code != 1 || out != "" || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "gkepreflight: ") {
				t.Errorf("status %d, stdout %q, stderr %q", code, out, stderr)
			}
			for _, n := range tc.names {
				if !strings.Contains(stderr, n) {
					t.Errorf("stderr lacks %q: %s", n, stderr)
				}
			}
		})
	}
	file := written(t, "pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers: 7\n")
	if code, _, stderr := call(t, "check", "--state", "testdata/broken.json", "--manifests", file); code != 1 || !strings.Contains(stderr, file+":4") {
		t.Errorf("status %d, %s", code, stderr)
	}
}

// Real modules pass the nodes' account through a local: an account that the plan creates is never taken for the default one. With
// roles/container.defaultNodeServiceAccount alone it may not pull; with roles/artifactregistry.reader it may.
func TestAccountsBehindLocals(t *testing.T) {
	for _, c := range []struct{ plan, status, severity, says string }{
		{"t01-gke-private-zonal-with-networking", "fail", "warning", "the path is open, but"},
		{"t04-gke-safer-cluster-iap-bastion", "pass", "warning", "roles/artifactregistry.reader"},
	} {
		t.Run(c.plan, func(t *testing.T) {
			plan := filepath.Join(besidePlans, c.plan, "plan.json")
			if _, err := os.Stat(plan); err != nil {
				t.Skipf("%s is not there", plan)
			}
			_, out, _ := call(t, "check", "--plan", plan, "--format", "json", "--only", "registry-access", "--image", "us-central1-docker.pkg.dev/demo-project/apps/web:1")
			var r struct {
				Results []struct{ Status, Severity, Message string }
			}
			if err := json.Unmarshal([]byte(out), &r); err != nil {
				t.Fatal(err)
			}
			for _, x := range r.Results {
				if x.Status != c.status || x.Severity != c.severity || !strings.Contains(x.Message, c.says) {
					t.Errorf("%s, %s: %s", x.Status, x.Severity, x.Message)
				}
			}
			if len(r.Results) == 0 {
				t.Error("no result")
			}
		})
	}
}
