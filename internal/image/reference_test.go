package image

import (
	"strings"
	"testing"
)

const (
	sha256 = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	hex64  = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
)

// References are read as containerd and the kubelet read them.
func TestParse(t *testing.T) {
	for _, tc := range []struct {
		ref, normalized, host string
		class                 Class
	}{
		{"nginx", "docker.io/library/nginx:latest", "docker.io", DockerHub},
		{"nginx:1.27", "docker.io/library/nginx:1.27", "docker.io", DockerHub},
		{"bitnami/redis:7", "docker.io/bitnami/redis:7", "docker.io", DockerHub},
		{"docker.io/nginx", "docker.io/library/nginx:latest", "docker.io", DockerHub},
		{"index.docker.io/library/nginx:1", "docker.io/library/nginx:1", "docker.io", DockerHub},
		{"registry-1.docker.io/library/nginx:1", "registry-1.docker.io/library/nginx:1", "registry-1.docker.io", Internet},
		{"example.com", "docker.io/library/example.com:latest", "docker.io", DockerHub},
		{"example.com:5000", "docker.io/library/example.com:5000", "docker.io", DockerHub},
		{"example.com/app", "example.com/app:latest", "example.com", Internet},
		{"localhost/app:1", "localhost/app:1", "localhost", Private},
		{"localhost:5000/app:1", "localhost:5000/app:1", "localhost:5000", Private},
		{"registry:5000/team/app:1", "registry:5000/team/app:1", "registry:5000", Private},
		{"team/app:1", "docker.io/team/app:1", "docker.io", DockerHub},
		{"Team/app:1", "Team/app:1", "Team", Private},
		{"nginx@" + sha256, "docker.io/library/nginx@" + sha256, "docker.io", DockerHub},
		{"nginx:1.27@" + sha256, "docker.io/library/nginx@" + sha256, "docker.io", DockerHub},
		{"quay.io:443/org/app:v1", "quay.io:443/org/app:v1", "quay.io:443", Internet},
		{"us-central1-docker.pkg.dev/p/repo/app:1", "us-central1-docker.pkg.dev/p/repo/app:1", "us-central1-docker.pkg.dev", Google},
		{"[2001:db8::1]:5000/app:1", "[2001:db8::1]:5000/app:1", "[2001:db8::1]:5000", Internet},
		{"nginx:" + strings.Repeat("x", 128), "docker.io/library/nginx:" + strings.Repeat("x", 128), "docker.io", DockerHub},
	} {
		t.Run(tc.ref, func(t *testing.T) {
			got, err := Parse(tc.ref)
			if err != nil {
				t.Fatal(err)
			}
			if got.Normalized != tc.normalized || got.Host != tc.host || got.Class != tc.class {
				t.Errorf("got %+v, want %s at %s, class %d", got, tc.normalized, tc.host, tc.class)
			}
			if !strings.HasPrefix(got.Normalized, got.Host+"/"+got.Path) {
				t.Errorf("path %q of %q", got.Path, got.Normalized)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for name, tc := range map[string]struct{ ref, says string }{
		"empty":              {"", "empty"},
		"white space before": {" nginx", "white space"},
		"white space after":  {"nginx\n", "white space"},
		"white space within": {"ngi nx", "invalid reference format"},
		"upper-case path":    {"quay.io/Org/app", "lowercase"},
		"upper-case name":    {"Nginx", "lowercase"},
		"64 hex digits":      {hex64, hex64},
		"a scheme":           {"https://quay.io/org/app", "invalid reference format"},
		"an empty tag":       {"nginx:", "invalid reference format"},
		"a tag too long":     {"nginx:" + strings.Repeat("x", 129), "invalid reference format"},
		"a short digest":     {"nginx@sha256:abc", "invalid"},
		"an unknown digest":  {"nginx@md5:" + hex64, "unsupported digest"},
		"a name too long":    {"quay.io/" + strings.Repeat("x", 256), "255"},
		"a placeholder":      {"${var.image}", "invalid reference format"},
		"a slash at the end": {"quay.io/org/", "invalid reference format"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse(tc.ref)
			if err == nil {
				t.Fatalf("got %+v", got)
			}
			if !strings.Contains(err.Error(), tc.says) {
				t.Errorf("error %q does not say %q", err, tc.says)
			}
		})
	}
}

func TestClassOf(t *testing.T) {
	for class, hosts := range map[Class][]string{
		DockerHub: {"docker.io", "index.docker.io", "DOCKER.IO"},
		Google: {"gcr.io", "us.gcr.io", "eu.gcr.io", "asia.gcr.io", "mirror.gcr.io", "gke.gcr.io", "us-central1-artifactregistry.gcr.io", "GCR.io", "gcr.io:443",
			"us-docker.pkg.dev", "europe-west1-docker.pkg.dev"},
		Internet: {"registry.k8s.io", "k8s.gcr.io", "quay.io", "ghcr.io", "public.ecr.aws", "mcr.microsoft.com", "nvcr.io", "registry-1.docker.io", "registry.hub.docker.com",
			"notgcr.io", "gcr.io.example.com", "mypkg.dev", "8.8.8.8", "8.8.8.8:5000", "[2001:db8::1]", "[2606:4700::1111]:443", "123456789012.dkr.ecr.us-east-1.amazonaws.com"},
		Private: {"localhost", "localhost:5000", "registry", "registry:5000", "10.1.2.3", "172.16.0.1:5000", "192.168.1.1", "127.0.0.1:5000", "169.254.1.1", "100.64.0.1",
			"[fd00::1]", "[fd00::1]:5000", "[::1]:5000", "registry.corp.internal", "nexus.local", "registry.lan", "harbor.corp:8443", "reg.home.arpa", "Registry.Internal"},
	} {
		for _, host := range hosts {
			if got := ClassOf(host); got != class {
				t.Errorf("ClassOf(%q) = %d, want %d", host, got, class)
			}
		}
	}
}

// A reference may parse and still name nothing a registry could serve.
func TestComplaint(t *testing.T) {
	for ref, says := range map[string]string{
		"us-central1-docker.pkg.dev/p/repo/app:1":       "",
		"us-central1-docker.pkg.dev/p/repo/team/app:1":  "",
		"us-central1-docker.pkg.dev/example.com/p/r/a":  "",
		"us-central1-docker.pkg.dev/p/app:1":            "has 2 of the three",
		"us-central1-docker.pkg.dev/app:1":              "has 1 of the three",
		"us-central1-docker.pkg.dev:443/p/app:1":        "has 2 of the three",
		"us-central1.pkg.dev/p/repo/app:1":              "is no Docker registry",
		"pkg.dev/p/repo/app:1":                          "is no Docker registry",
		"us-central1-python.pkg.dev/p/repo/app:1":       "is no Docker registry",
		"mypkg.dev/p/app:1":                             "",
		"my-docker.pkg.dev.example.com/app:1":           "",
		"gcr.io/p/app:1":                                "",
		"us-central1-artifactregistry.gcr.io/p/app/x:1": "",
		"nginx":                      "",
		"registry.k8s.io/pause:3.10": "",
	} {
		r, err := Parse(ref)
		if err != nil {
			t.Fatalf("%s: %v", ref, err)
		}
		if got := r.Complaint(); !strings.Contains(got, says) || (says == "") != (got == "") {
			t.Errorf("%s: %q, want %q", ref, got, says)
		}
	}
}
