package diagnose

import "testing"

// factRows are the rows of the fact sheet's table of messages (F6), each by events as kubelets and containerds of several generations write them, and
// beside them what looks like the row and is another.
var factRows = []struct {
	row, name string
	message   string
	node      Node
	want      string
}{
	{row: "1", name: "private address", want: "google-vip-unreachable",
		message: pulling(own, own, `failed to do request: Head "https://us-central1-docker.pkg.dev/v2/shop-prod/apps/web/manifests/1.4": dial tcp 199.36.153.11:443: i/o timeout`)},
	{row: "1", name: "trap: a port of one's own there", want: "no-path-to-google",
		message: pulling(own, own, `failed to do request: Head "https://us-central1-docker.pkg.dev/v2/shop-prod/apps/web/manifests/1.4": dial tcp 199.36.153.11:8443: i/o timeout`)},
	{row: "2", name: "gke's own images", want: "no-path-to-google",
		message: pulling("gke.gcr.io/pause:3.9", "gke.gcr.io/pause:3.9", `failed to do request: Head "https://gke.gcr.io/v2/pause/manifests/3.9": dial tcp 173.194.79.82:443: i/o timeout`)},
	{row: "2", name: "gke's own images of a region", want: "no-path-to-google",
		message: pulling("us-central1-artifactregistry.gcr.io/gke-release/a:1", "us-central1-artifactregistry.gcr.io/gke-release/a:1", `failed to do request: Head "https://us-central1-artifactregistry.gcr.io/v2/gke-release/a/manifests/1": dial tcp 142.250.1.82:443: connect: connection timed out`)},
	{row: "2", name: "the token of the registry", want: "no-path-to-google",
		message: pulling(own, own, `failed to authorize: failed to fetch anonymous token: Get "https://us-central1-docker.pkg.dev/v2/token?scope=repository%3Ax%3Apull&service=": dial tcp 142.250.1.82:443: i/o timeout`)},
	{row: "2", name: "the API itself", want: "no-path-to-google",
		message: pulling("gcr.io/p/a", "gcr.io/p/a:latest", `failed to authorize: Get "https://googleapis.com/token": net/http: TLS handshake timeout`)},
	{row: "2", name: "trap: a host that ends like Google's", want: "no-path-to-internet",
		message: pulling("notgcr.io/a", "notgcr.io/a:latest", `failed to do request: Head "https://notgcr.io/v2/a/manifests/latest": dial tcp 54.1.2.3:443: i/o timeout`)},
	{row: "3", name: "registry.k8s.io (E3: not by Private Google Access)", want: "no-path-to-internet",
		message: pulling("registry.k8s.io/pause:3.9", "registry.k8s.io/pause:3.9", `failed to do request: Head "https://registry.k8s.io/v2/pause/manifests/3.9": dial tcp 34.96.108.209:443: i/o timeout`)},
	{row: "3", name: "of a redirect, the last address counts no more than the first", want: "no-path-to-internet",
		message: pulling("ghcr.io/a/b:1", "ghcr.io/a/b:1", `failed to do request: Get "https://pkg-containers.githubusercontent.com/ghcr1/blobs/sha256:aa": context deadline exceeded`)},
	{row: "3", name: "an image that names its port", want: "no-path-to-internet",
		message: pulling("hub.example.com:8443/a:1", "hub.example.com:8443/a:1", `failed to do request: Head "https://hub.example.com:8443/v2/a/manifests/1": dial tcp 54.1.2.3:8443: i/o timeout`)},
	{row: "3", name: "trap: a mirror on the node", want: "no-path-to-private-registry",
		message: pulling("hub.example.com/a:1", "hub.example.com/a:1", `failed to do request: Head "https://hub.example.com/v2/a/manifests/1": dial tcp 127.0.0.1:443: i/o timeout`)},
	{row: "3", name: "trap: an address of the link", want: "no-path-to-private-registry",
		message: pulling("hub.example.com/a:1", "hub.example.com/a:1", `failed to do request: Head "https://hub.example.com/v2/a/manifests/1": dial tcp 169.254.20.10:443: i/o timeout`)},
	{row: "3", name: "trap: a private address of IPv6", want: "no-path-to-private-registry",
		message: pulling("hub.example.com/a:1", "hub.example.com/a:1", `failed to do request: Head "https://hub.example.com/v2/a/manifests/1": dial tcp [fd20::5]:443: i/o timeout`)},
	{row: "4", name: "unreachable", want: "network-unreachable",
		message: pulling("nginx", nginx, `failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.27": dial tcp [2600:1f18:2148::1]:443: connect: network is unreachable`)},
	{row: "5", name: "older words, on IPv6", want: "dns-not-answering",
		message: pulling(quay, quay, `failed to do request: Head "https://quay.io/v2/": dial tcp: lookup quay.io on [::1]:53: server misbehaving`)},
	{row: "5", name: "the C library's words", want: "dns-not-answering",
		message: pulling(quay, quay, `failed to do request: Head "https://quay.io/v2/": dial tcp: lookup quay.io: Temporary failure in name resolution`)},
	{row: "6", name: "the wildcard is missing", want: "name-not-found",
		message: pulling(own, own, `failed to do request: Head "https://us-central1-docker.pkg.dev/v2/": dial tcp: lookup us-central1-docker.pkg.dev: no such host`)},
	{row: "7", name: "refused", want: "connection-refused",
		message: pulling(quay, quay, `failed to do request: Head "https://quay.io/v2/": dial tcp 54.1.2.3:443: connect: connection refused`)},
	{row: "8", name: "another name", want: "certificate-not-trusted",
		message: pulling("hub.example.com/a", "hub.example.com/a:latest", `failed to do request: Head "https://hub.example.com/v2/a": x509: certificate is valid for proxy.example.com, not hub.example.com`)},
	{row: "9", name: "plain", want: "registry-without-tls",
		message: pulling("10.1.2.3:5000/a", "10.1.2.3:5000/a:latest", `failed to do request: Head "https://10.1.2.3:5000/v2/a/manifests/latest": http: server gave HTTP response to HTTPS client`)},
	{row: "10", name: "quota", want: "artifact-registry-quota",
		message: pulling("gke.gcr.io/a:1", "gke.gcr.io/a:1", `unexpected status from HEAD request to https://gke.gcr.io/v2/a/manifests/1: 429 Too Many Requests - Server message: toomanyrequests: Quota exceeded for quota metric 'Requests per project per region' of service 'artifactregistry.googleapis.com'`)},
	{row: "11", name: "the abuse limit (E1: bare)", want: "registry-rate-limit",
		message: pulling("nginx", nginx, `unexpected status from HEAD request to https://registry-1.docker.io/v2/library/nginx/manifests/1.27: 429 Too Many Requests`)},
	{row: "11", name: "older words", want: "registry-rate-limit",
		message: pulling("nginx", nginx, `failed to copy: httpReadSeeker: failed open: unexpected status code: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limits`)},
	{row: "12", name: "escaped in JSON", want: "artifact-registry-denied",
		message: pulling(own, own, `unexpected status from GET request to https://us-central1-docker.pkg.dev/v2/token: 403 Forbidden: {"errors":[{"code":"DENIED","message":"Permission \"artifactregistry.repositories.downloadArtifacts\" denied on resource"}]}`)},
	{row: "13", name: "perimeter before permission", want: "service-perimeter",
		message: pulling(own, own, `failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://us-central1-docker.pkg.dev/v2/token: 403 Forbidden: denied: Request is prohibited by organization's policy.`)},
	{row: "14", name: "401", want: "token-refused",
		message: pulling("ghcr.io/a/b:1", "ghcr.io/a/b:1", `failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://auth.docker.io/token: 401 Unauthorized`)},
	{row: "15", name: "403", want: "no-credentials",
		message: pulling("ghcr.io/a/b:1", "ghcr.io/a/b:1", `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token: 403 Forbidden`)},
	{row: "15", name: "trap: a token service that does not know the way", want: "image-not-found",
		message: pulling("ghcr.io/a/b:1", "ghcr.io/a/b:1", `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token: 404 Not Found`)},
	{row: "16", name: "of Google's mirror", want: "google-registry-forbidden",
		message: pulling("mirror.gcr.io/library/nginx:1", "mirror.gcr.io/library/nginx:1", `unexpected status from HEAD request to https://mirror.gcr.io/v2/library/nginx/manifests/1: 403 Forbidden`)},
	{row: "17", name: "authorization failed", want: "google-registry-unauthorized",
		message: pulling(own, own, `pulling from host us-central1-docker.pkg.dev failed with status code [manifests 1.4]: 401 Unauthorized`)},
	{row: "17", name: "of others", want: "registry-unauthorized",
		message: pulling("hub.example.com/a:1", "hub.example.com/a:1", `unexpected status from HEAD request to https://hub.example.com/v2/a/manifests/1: 401 Unauthorized`)},
	{row: "18", name: "insufficient scope", want: "pull-access-denied",
		message: pulling("acme/app", "docker.io/acme/app:latest", `server message: insufficient_scope: authorization failed`)},
	{row: "19", name: "no manifest for it", want: "platform-missing",
		message: pulling("acme/app", "docker.io/acme/app:latest", `no matching manifest for linux/arm64/v8 in the manifest list entries`)},
	{row: "20", name: "older words", want: "schema-1-image",
		message: pulling("acme/app", "docker.io/acme/app:latest", `schema 1 image manifests are no longer supported: invalid argument`)},
	{row: "21", name: "D5: containerd 2, words of the transfer service", node: recent, want: "docker-hub-not-found",
		message: `Failed to pull image "nginx:1.27": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:1.27": failed to resolve image: docker.io/library/nginx:1.27: not found`},
	{row: "21", name: "trap, D5: containerd 1 says it timed out", node: old, want: "image-not-found",
		message: `Failed to pull image "nginx:1.27": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:1.27": failed to resolve reference "docker.io/library/nginx:1.27": docker.io/library/nginx:1.27: not found`},
	{row: "21", name: "trap, D2: a literal mirror.gcr.io image has no other host", node: recent, want: "image-not-found",
		message: pulling("mirror.gcr.io/library/nginx:1", "mirror.gcr.io/library/nginx:1", `mirror.gcr.io/library/nginx:1: not found`)},
	{row: "22", name: "D3: the manifest is served, a layer is not", node: recent, want: "content-missing",
		message: pulling("aquasec/trivy-db:2", "docker.io/aquasec/trivy-db:2", `failed to copy: could not fetch content descriptor sha256:aa (application/vnd.oci.image.layer.v1.tar+gzip) from remote: not found`)},
	{row: "23", name: "manifest unknown", want: "image-not-found",
		message: pulling(own, own, `unexpected status from HEAD request to https://us-central1-docker.pkg.dev/v2/x: manifest unknown: Failed to fetch "1.4"`)},
	{row: "23", name: "NAME_UNKNOWN", want: "image-not-found", message: pulling(own, own, `unexpected status from GET request to https://us-central1-docker.pkg.dev/v2/x: NAME_UNKNOWN: Repository "apps" not found`)},
	{row: "24", name: "a variable never filled in", want: "invalid-image-name", message: `Failed to apply default image tag "registry/$IMAGE": couldn't parse image name "registry/$IMAGE": invalid reference format`},
	{row: "25", name: "never", want: "never-pulled", message: `Container image "web:dev" is not present with pull policy of Never`},
	{row: "26", name: "a layer that does not unpack", want: "node-disk", message: pulling(own, own, `failed to extract layer sha256:aa: mount callback failed: unexpected EOF: unknown`)},
	{row: "27", name: "several", want: "pull-secret-missing", message: `Unable to retrieve some image pull secrets (regcred, ghcr); attempting to pull the image may not succeed.`},
	{row: "28", name: "503", want: "registry-error", message: pulling(quay, quay, `unexpected status from GET request to https://quay.io/v2/auth: 503 Service Unavailable`)},
	{row: "28", name: "trap: a port of four digits that begin with 5", want: "", message: pulling(quay, quay, `unexpected status from HEAD request to https://quay.io/v2/: 5000 apples`)},
}

func TestRowsOfTheFactSheet(t *testing.T) {
	for _, tc := range factRows {
		t.Run(tc.row+" "+tc.name, func(t *testing.T) {
			got := ""
			if m := match(examine(Failure{Message: tc.message}, tc.node)); m != nil {
				got = m.name
			}
			if got != tc.want {
				t.Errorf("got %q, want %q\n%s", got, tc.want, tc.message)
			}
		})
	}
}

// What a row turns on and the message does not name makes it unclear; what it names, likely; what no other cause has, certain.
func TestTrust(t *testing.T) {
	for name, tc := range map[string]struct {
		image, message string
		want           Confidence
	}{
		"the host is in the message":           {"gcr.io/p/a", `Head "https://gcr.io/v2/p/a": dial tcp 142.250.1.82:443: i/o timeout`, Likely},
		"the host is the image's only":         {"gcr.io/p/a", `dial tcp 142.250.1.82:443: i/o timeout`, Unclear},
		"certain, whoever it was":              {"gcr.io/p/a", `x509: certificate signed by unknown authority`, Certain},
		"likely, where no host matters":        {"gcr.io/p/a", `connect: connection refused`, Likely},
		"unclear stays so, with its host, too": {"nginx", `Head "https://registry-1.docker.io/v2/": docker.io/library/nginx:latest: not found`, Unclear},
	} {
		t.Run(name, func(t *testing.T) {
			s := examine(Failure{Image: tc.image, Message: tc.message}, Node{})
			m := match(s)
			if m == nil || m.trust(s) != tc.want {
				t.Errorf("%+v, want %s", m, tc.want)
			}
		})
	}
}

// The server that was asked is the one that the message names; else the image's. Nobody knows it where neither is told.
func TestTheHostThatWasAsked(t *testing.T) {
	for name, tc := range map[string]struct {
		image, message, host string
		told, google, mine   bool
	}{
		"a lookup before an address":    {"", `Head "https://quay.io/v2/": dial tcp: lookup cdn.quay.io on 169.254.169.254:53: no such host`, "cdn.quay.io", true, false, false},
		"with the final dot":            {"", `dial tcp: lookup gcr.io. on 169.254.169.254:53: no such host`, "gcr.io", true, true, false},
		"without the password":          {"", `Get "https://user:secret@hub.example.com/v2/": EOF`, "hub.example.com", true, false, false},
		"older words":                   {"", `pulling from host gcr.io failed with status code [manifests 1]: 403 Forbidden`, "gcr.io", true, true, false},
		"the image's":                   {"quay.io/a/b", `context deadline exceeded`, "quay.io", false, false, false},
		"Docker Hub's":                  {"nginx", `context deadline exceeded`, "docker.io", false, false, false},
		"a storage API":                 {"", `Get "https://storage.googleapis.com/x": EOF`, "storage.googleapis.com", true, true, false},
		"trap: ends like an API":        {"", `Get "https://evilgoogleapis.com/x": EOF`, "evilgoogleapis.com", true, false, false},
		"one's own by name":             {"hub.corp.internal/a", `EOF`, "hub.corp.internal", false, false, true},
		"nobody's":                      {"", `context deadline exceeded`, "", false, false, false},
		"trap: an image nobody can ask": {"UPPER CASE", `dial tcp 10.1.2.3:443: i/o timeout`, "", false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := examine(Failure{Image: tc.image, Message: tc.message}, Node{})
			if s.host != tc.host || s.host != "" && s.told != tc.told || s.google != tc.google || s.private != tc.mine {
				t.Errorf("got %+v", s)
			}
			if toInternet(s) != (tc.host != "" && !tc.google && !tc.mine) || toPrivate(s) != tc.mine || notGoogle(s) == tc.google {
				t.Errorf("of %+v: internet %v, private %v", s, toInternet(s), toPrivate(s))
			}
		})
	}
}
