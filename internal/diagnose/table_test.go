package diagnose

import (
	"slices"
	"strings"
	"testing"
)

// pulling writes a cause as the kubelet and containerd wrap it.
func pulling(ref, full, cause string) string {
	return `Failed to pull image "` + ref + `": rpc error: code = Unknown desc = failed to pull and unpack image "` + full + `": failed to resolve reference "` + full + `": ` + cause
}

const (
	own   = "us-central1-docker.pkg.dev/shop-prod/apps/web:1.4"
	nginx = "docker.io/library/nginx:1.27"
	quay  = "quay.io/prometheus/node-exporter:v1.8.2"
)

var (
	old    = Node{Containerd: 1}
	recent = Node{Containerd: 2}
)

// messages are what containerd and the kubelet write, and the row that must know each.
var messages = []struct {
	name, reason, message string
	image                 string
	node                  Node
	want                  string
	trust                 Confidence
}{
	{name: "private address of Google times out", message: pulling(own, own, `failed to do request: Head "https://us-central1-docker.pkg.dev/v2/shop-prod/apps/web/manifests/1.4": dial tcp 199.36.153.9:443: i/o timeout`), want: "google-vip-unreachable", trust: Certain},
	{name: "restricted address of Google times out", message: pulling(own, own, `failed to do request: Head "https://us-central1-docker.pkg.dev/v2/shop-prod/apps/web/manifests/1.4": dial tcp 199.36.153.4:443: connect: connection timed out`), want: "google-vip-unreachable"},
	{name: "trap: that address refuses", message: pulling(own, own, `failed to do request: Head "https://us-central1-docker.pkg.dev/v2/x": dial tcp 199.36.153.9:443: connect: connection refused`), want: "connection-refused"},
	{name: "trap: an address that only ends like it", message: pulling(quay, quay, `failed to do request: Head "https://quay.io/v2/x": dial tcp 99.199.36.153:443: i/o timeout`), want: "no-path-to-internet"},
	{name: "trap: a name server of that address", message: pulling(own, own, `failed to do request: Head "https://us-central1-docker.pkg.dev/v2/x": dial tcp: lookup us-central1-docker.pkg.dev on 199.36.153.9:53: read udp 10.0.0.5:4242->199.36.153.9:53: i/o timeout`), want: "dns-not-answering"},

	{name: "Artifact Registry times out", message: pulling(own, own, `failed to do request: Head "https://us-central1-docker.pkg.dev/v2/shop-prod/apps/web/manifests/1.4": dial tcp 142.250.1.82:443: i/o timeout`), want: "no-path-to-google", trust: Likely},
	{name: "gcr.io handshake", message: pulling("gcr.io/p/app", "gcr.io/p/app:latest", `failed to do request: Head "https://gcr.io/v2/p/app/manifests/latest": net/http: TLS handshake timeout`), want: "no-path-to-google"},
	{name: "layers from storage", message: pulling("gcr.io/p/app", "gcr.io/p/app:latest", `failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://storage.googleapis.com/artifacts": dial tcp [2607:f8b0::52]:443: i/o timeout`), want: "no-path-to-google"},
	{name: "an endpoint of one's own", message: pulling(own, own, `failed to do request: Head "https://us-central1-docker.pkg.dev/v2/x": dial tcp 10.99.0.2:443: i/o timeout`), want: "no-path-to-google"},
	{name: "the mirror times out on the way to Docker Hub", message: pulling("nginx", nginx, `failed to do request: Head "https://mirror.gcr.io/v2/library/nginx/manifests/1.27?ns=docker.io": dial tcp 142.250.1.82:443: i/o timeout`), want: "no-path-to-google"},
	{name: "only the image names the host", message: `Failed to pull image "gcr.io/p/app": rpc error: code = DeadlineExceeded desc = context deadline exceeded`, want: "no-path-to-google", trust: Unclear},

	{name: "Docker Hub times out", node: old, message: pulling("nginx:1.27", nginx, `failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.27": dial tcp 44.207.51.64:443: i/o timeout`), want: "no-path-to-internet", trust: Likely},
	{name: "quay's client time-out", message: pulling(quay, quay, `failed to do request: Head "https://quay.io/v2/x": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`), want: "no-path-to-internet"},
	{name: "trap: k8s.gcr.io needs the internet", message: pulling("k8s.gcr.io/pause:3.9", "k8s.gcr.io/pause:3.9", `failed to do request: Head "https://k8s.gcr.io/v2/pause/manifests/3.9": dial tcp 34.107.244.51:443: i/o timeout`), want: "no-path-to-internet"},
	{name: "trap: token of Docker Hub over the mirror's image", message: pulling("nginx", nginx, `failed to authorize: failed to fetch anonymous token: Get "https://auth.docker.io/token?scope=repository%3Alibrary%2Fnginx%3Apull&service=registry.docker.io": dial tcp 44.1.2.3:443: i/o timeout`), want: "no-path-to-internet"},
	{name: "trap: a registry on a private address", message: pulling("registry.example.com/app:1", "registry.example.com/app:1", `failed to do request: Head "https://registry.example.com/v2/app/manifests/1": dial tcp 10.1.2.3:443: i/o timeout`), want: "no-path-to-private-registry"},
	{name: "trap: a registry of an internal name", message: pulling("hub.corp.internal:5000/app:1", "hub.corp.internal:5000/app:1", `failed to do request: Head "https://hub.corp.internal:5000/v2/app/manifests/1": dial tcp 192.168.7.7:5000: i/o timeout`), want: "no-path-to-private-registry"},

	{name: "IPv6 answer", message: pulling(quay, quay, `failed to do request: Head "https://quay.io/v2/x": dial tcp [2600:1f18::1]:443: connect: network is unreachable`), want: "network-unreachable"},
	{name: "no route", message: pulling(quay, quay, `failed to do request: Head "https://quay.io/v2/x": dial tcp 54.1.2.3:443: connect: no route to host`), want: "network-unreachable"},
	{name: "name server fails", message: pulling("nginx", nginx, `failed to do request: Head "https://registry-1.docker.io/v2/x": dial tcp: lookup registry-1.docker.io on 169.254.169.254:53: server misbehaving`), want: "dns-not-answering"},
	{name: "trap: the lookup times out, not the connection", message: pulling("nginx", nginx, `failed to do request: Head "https://registry-1.docker.io/v2/x": dial tcp: lookup registry-1.docker.io on 169.254.169.254:53: read udp 10.0.0.5:41234->169.254.169.254:53: i/o timeout`), want: "dns-not-answering"},
	{name: "trap: the name server refuses, not the registry", message: pulling(quay, quay, `failed to do request: Head "https://quay.io/v2/x": dial tcp: lookup quay.io on 10.0.0.2:53: read udp 10.0.0.5:41->10.0.0.2:53: read: connection refused`), want: "dns-not-answering"},
	{name: "no such name", message: pulling(own, own, `failed to do request: Head "https://us-central1-docker.pkg.dev/v2/x": dial tcp: lookup us-central1-docker.pkg.dev on 169.254.169.254:53: no such host`), want: "name-not-found"},

	{name: "mirror on localhost is down", message: pulling("nginx", nginx, `failed to do request: Head "http://localhost:5000/v2/library/nginx/manifests/1.27?ns=docker.io": dial tcp 127.0.0.1:5000: connect: connection refused`), want: "connection-refused"},
	{name: "private authority", message: pulling("hub.example.com/a", "hub.example.com/a:latest", `failed to do request: Head "https://hub.example.com/v2/a/manifests/latest": tls: failed to verify certificate: x509: certificate signed by unknown authority`), want: "certificate-not-trusted", trust: Certain},
	{name: "expired certificate", message: pulling("hub.example.com/a", "hub.example.com/a:latest", `failed to do request: Head "https://hub.example.com/v2/a": x509: certificate has expired or is not yet valid: current time 2026-11-01T00:00:00Z is after 2026-10-01T00:00:00Z`), want: "certificate-not-trusted"},
	{name: "plain HTTP", message: pulling("hub.example.com:5000/a", "hub.example.com:5000/a:latest", `failed to do request: Head "https://hub.example.com:5000/v2/a/manifests/latest": http: server gave HTTP response to HTTPS client`), want: "registry-without-tls"},

	{name: "quota of Artifact Registry", message: pulling(own, own, `unexpected status from HEAD request to https://us-central1-docker.pkg.dev/v2/x: 429 Too Many Requests - Server message: toomanyrequests: Quota exceeded for quota metric 'Requests per project per region' and limit 'Requests per project per region per minute per region' of service 'artifactregistry.googleapis.com'`), want: "artifact-registry-quota"},
	{name: "limit of Docker Hub", message: pulling("nginx", nginx, `failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:aa: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit`), want: "registry-rate-limit"},
	{name: "trap: an image that is called like a limit", message: pulling("ghcr.io/toomanyrequests/app:1", "ghcr.io/toomanyrequests/app:1", `ghcr.io/app:1: not found`), want: "image-not-found"},

	{name: "no reader", message: pulling(own, own, `failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://us-central1-docker.pkg.dev/v2/token?scope=repository%3Ashop-prod%2Fapps%2Fweb%3Apull&service=: 403 Forbidden: denied: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "projects/shop-prod/locations/us-central1/repositories/apps" (or it may not exist)`), want: "artifact-registry-denied", trust: Likely},
	{name: "perimeter", message: pulling("nginx", nginx, `unexpected status from HEAD request to https://mirror.gcr.io/v2/library/nginx/manifests/1.27?ns=docker.io: 403 Forbidden: denied: Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: Ab-c_1`), want: "service-perimeter"},
	{name: "token refused", message: pulling(own, own, `failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://us-central1-docker.pkg.dev/v2/token?scope=x: 403 Forbidden`), want: "token-refused"},
	{name: "trap: a token service that is down, for an image called 401", message: pulling(own, own, `failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://us-central1-docker.pkg.dev/v2/token?scope=repository%3Ap%2F401%3Apull: 503 Service Unavailable`), want: "registry-error"},
	{name: "anonymous and private", message: pulling("ghcr.io/acme/app:2", "ghcr.io/acme/app:2", `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3Aacme%2Fapp%3Apull&service=ghcr.io: 401 Unauthorized`), want: "no-credentials"},
	{name: "403 of gcr.io, older words", message: pulling("gcr.io/maloney/monolith:1.0.0", "gcr.io/maloney/monolith:1.0.0", `pulling from host gcr.io failed with status code [manifests 1.0.0]: 403 Forbidden`), want: "google-registry-forbidden", trust: Likely},
	{name: "403 of Artifact Registry", message: pulling(own, own, `unexpected status from HEAD request to https://us-central1-docker.pkg.dev/v2/x: 403 Forbidden`), want: "google-registry-forbidden"},
	{name: "trap: 403 of another registry is not the node's account", message: pulling("registry.gitlab.com/a/b:1", "registry.gitlab.com/a/b:1", `unexpected status from HEAD request to https://registry.gitlab.com/v2/a/b/manifests/1: 403 Forbidden`), want: "registry-forbidden"},
	{name: "401 of Google", message: pulling(own, own, `unexpected status from HEAD request to https://us-central1-docker.pkg.dev/v2/x: 401 Unauthorized`), want: "google-registry-unauthorized"},
	{name: "no basic credentials", message: pulling("hub.example.com/a", "hub.example.com/a:latest", `pull access: no basic auth credentials`), want: "registry-unauthorized", trust: Unclear},
	{name: "trap: Docker Hub's denial ends in authorization failed", message: pulling("acme/secret:1", "docker.io/acme/secret:1", `pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`), want: "pull-access-denied"},

	{name: "no arm64", message: pulling("acme/app:1", "docker.io/acme/app:1", `no match for platform in manifest: not found`), want: "platform-missing"},
	{name: "schema 1", node: recent, message: pulling("acme/old:1", "docker.io/acme/old:1", `media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.0, please rebuild the image as "application/vnd.docker.distribution.manifest.v2+json": not implemented`), want: "schema-1-image"},
	{name: "trap: OCI manifests end in v1+json too", message: pulling("aquasec/trivy-db:2", "docker.io/aquasec/trivy-db:2", `failed to copy: could not fetch content descriptor sha256:aa (application/vnd.oci.image.manifest.v1+json) from remote: not found`), want: "content-missing"},

	{name: "Docker Hub not found on containerd 2", node: recent, message: pulling("nginx:1.27", nginx, nginx+`: not found`), want: "docker-hub-not-found", trust: Unclear},
	{name: "with a digest", node: recent, message: pulling("nginx@sha256:ab", "docker.io/library/nginx@sha256:ab", `docker.io/library/nginx@sha256:ab: not found`), want: "docker-hub-not-found"},
	{name: "Docker Hub not found on a containerd nobody knows", message: pulling("nginx:1.27", nginx, nginx+`: not found`), want: "docker-hub-not-found"},
	{name: "trap: containerd 1 would have said that it timed out", node: old, message: pulling("nginx:1.27", nginx, nginx+`: not found`), want: "image-not-found"},
	{name: "trap: a node with an external address", node: Node{Containerd: 2, External: true}, message: pulling("nginx:1.27", nginx, nginx+`: not found`), want: "image-not-found"},
	{name: "trap: not found elsewhere", node: recent, message: pulling(own, own, own+`: not found`), want: "image-not-found"},
	{name: "content that is gone", message: pulling("nginx", nginx, `content at https://registry-1.docker.io/v2/library/nginx/manifests/sha256:aa not found: not found`), want: "content-missing"},
	{name: "name unknown", message: pulling(own, own, `unexpected status from HEAD request to https://us-central1-docker.pkg.dev/v2/x: 404 Not Found - Server message: name unknown: Repository "apps" not found`), want: "image-not-found", trust: Likely},
	{name: "trap: a program on the node that is not found", message: pulling("hub.example.com/a", "hub.example.com/a:1", `exec: "docker-credential-gcr": executable file not found in $PATH`), want: ""},
	{name: "invalid name", reason: "InvalidImageName", message: `Failed to apply default image tag "Nginx:1.27 ": couldn't parse image name "Nginx:1.27 ": invalid reference format: repository name must be lowercase`, want: "invalid-image-name", trust: Certain},
	{name: "never", reason: "ErrImageNeverPull", message: `Container image "app:dev" is not present with pull policy of Never`, want: "never-pulled"},
	{name: "disk", message: pulling(own, own, `failed to extract layer sha256:aa: write /var/lib/containerd/x: no space left on device: unknown`), want: "node-disk"},
	{name: "secret", reason: "FailedToRetrieveImagePullSecret", message: `Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.`, want: "pull-secret-missing"},
	{name: "registry is down", message: pulling(quay, quay, `unexpected status from HEAD request to https://quay.io/v2/prometheus/node-exporter/manifests/v1.8.2: 502 Bad Gateway`), want: "registry-error"},

	{name: "signature", reason: "ImagePullBackOff", message: `Back-off pulling image "quay.io/crio/unsigned:latest": SignatureValidationFailed: image pull failed for quay.io/crio/unsigned:latest because the signature validation failed: Source image rejected: A signature was required, but no signature exists`, want: "signature-refused"},
	{name: "registry unavailable", reason: "RegistryUnavailable", message: `image pull failed for quay.io/a/b because the registry is unavailable`, want: "registry-unavailable"},
	{name: "trap: the message says more than its reason", reason: "ImagePullBackOff", message: `Back-off pulling image "quay.io/a/b": RegistryUnavailable: dial tcp 54.1.2.3:443: i/o timeout`, want: "no-path-to-internet"},
	{name: "inspect", reason: "ImageInspectError", message: `Failed to inspect image "app:1": rpc error: code = Unknown desc = server is not initialized yet`, want: "image-inspect-failed"},
	{name: "recent kubelets repeat the cause", reason: "ImagePullBackOff", message: `Back-off pulling image "nginx:1.27": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:1.27": failed to resolve reference "docker.io/library/nginx:1.27": docker.io/library/nginx:1.27: not found`, node: recent, want: "docker-hub-not-found"},
	{name: "trap: only that it backs off", reason: "ImagePullBackOff", message: `Back-off pulling image "nginx:1.27"`, want: ""},
	{name: "nobody knows it", message: pulling("nginx", nginx, `the moon is in the wrong phase`), want: ""},
}

func TestEveryMessageHasItsRow(t *testing.T) {
	seen := map[string]bool{}
	for _, tc := range messages {
		t.Run(tc.name, func(t *testing.T) {
			s := examine(Failure{Image: tc.image, Reason: tc.reason, Message: tc.message}, tc.node)
			got, trust := "", Confidence("")
			if m := match(s); m != nil {
				got, trust = m.name, m.trust(s)
			}
			if got != tc.want || tc.trust != "" && trust != tc.trust {
				t.Errorf("got %q (%s), want %q (%s)\n%s", got, trust, tc.want, tc.trust, tc.message)
			}
			seen[got] = true
		})
	}
	for _, r := range table {
		if !seen[r.name] {
			t.Errorf("row %s: no message tests it", r.name)
		}
	}
}

func TestRowsAreComplete(t *testing.T) {
	// The stable names of the contract, so that a row cannot name a check that never comes.
	known := strings.Fields("nat-node-range nat-pod-range nat-overlap nat-range-names nat-capacity internet-route egress-firewall private-google-access registry-dns registry-access " +
		"node-scopes repository perimeter image-reference image-reachable mirror-dependence image-exists docker-hub-limit pull-policy pull-secret gated")
	names := map[string]bool{}
	for _, r := range append(slices.Clone(table), causeless) {
		if names[r.name] || r.name == "" {
			t.Errorf("name %q is empty or taken", r.name)
		}
		names[r.name] = true
		if r.title == "" || r.why == "" || r.fix == "" || rank(r.confidence) < 0 {
			t.Errorf("%s lacks a title, a reason, a fix or a confidence", r.name)
		}
		if !strings.HasSuffix(r.why, ".") || strings.HasSuffix(r.title, ".") || strings.Contains(r.fix, "\t") {
			t.Errorf("%s: a reason is sentences, a title is none, a fix is indented with spaces", r.name)
		}
		if r.docs != "" && !strings.HasPrefix(r.docs, "https://") {
			t.Errorf("%s: docs %q", r.name, r.docs)
		}
		for _, c := range r.checks {
			if !slices.Contains(known, c) {
				t.Errorf("%s names check %q, which is none", r.name, c)
			}
		}
		if r.pattern != nil && r.pattern.String() != strings.ToLower(r.pattern.String()) && !strings.ContainsAny(r.pattern.String(), `\`) {
			t.Errorf("%s: pattern is not lower case", r.name)
		}
	}
}

func TestUnwrap(t *testing.T) {
	for _, tc := range []struct{ name, message, ref, reason, cause string }{
		{"failed", `Failed to pull image "a:1": rpc error: code = X desc = y`, "a:1", "", "rpc error: code = X desc = y"},
		{"failed without a cause", `Failed to pull image "a:1"`, "a:1", "", ""},
		{"back-off", `Back-off pulling image "a:1"`, "a:1", "", ""},
		{"back-off with its cause", `Back-off pulling image "a:1": ErrImagePull: y`, "a:1", "ErrImagePull", "y"},
		{"only a reason", "Error: ImagePullBackOff", "", "ImagePullBackOff", ""},
		{"bare runtime words", `rpc error: code = X desc = failed to pull and unpack image "b:2": y`, "b:2", "", `rpc error: code = X desc = failed to pull and unpack image "b:2": y`},
		{"nothing", "", "", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ref, reason, cause := unwrap(tc.message)
			if ref != tc.ref || reason != tc.reason || cause != tc.cause {
				t.Errorf("got %q %q %q", ref, reason, cause)
			}
		})
	}
}
