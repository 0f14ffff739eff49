package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

const cloudToken = "ya29.a-token-that-nobody-may-see"

func googleCloud(t *testing.T, w fake.World) *fake.Server {
	t.Helper()
	s, err := fake.Start(w)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// environment leads to a server, with a token.
func environment(s *fake.Server) func(string) string {
	vars := map[string]string{}
	for _, line := range s.Environment(cloudToken) {
		name, value, _ := strings.Cut(line, "=")
		vars[name] = value
	}
	return func(name string) string { return vars[name] }
}

func callLive(t *testing.T, s *fake.Server, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, streams{in: strings.NewReader(""), out: &out, err: &errs, env: environment(s)})
	return code, out.String(), errs.String()
}

// loopback is a registry that this program can be told to trust: "here" is an index for linux/amd64, "closed" wants credentials, and nothing
// else is there.
func loopback(t *testing.T, asked *atomic.Int32) (host string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("SSL_CERT_FILE is read on Linux")
	}
	const index = "application/vnd.oci.image.index.v1+json"
	digest := "sha256:" + strings.Repeat("a", 64)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch {
		case strings.HasPrefix(r.URL.Path, "/v2/here/"):
			w.Header().Set("Content-Type", index)
			_, _ = io.WriteString(w, `{"schemaVersion":2,"mediaType":"`+index+`","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":2,"digest":"`+digest+
				`","platform":{"os":"linux","architecture":"amd64"}},{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":2,"digest":"`+digest+`","platform":{"os":"linux","architecture":"arm64"}}]}`)
		case strings.HasPrefix(r.URL.Path, "/v2/closed/"):
			w.WriteHeader(http.StatusForbidden)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	root := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", root) // read once in a process: every server of these tests has the same certificate
	return s.Listener.Addr().String()
}

func TestLive(t *testing.T) {
	var asked atomic.Int32
	host, s := loopback(t, &asked), googleCloud(t, fake.World{Projects: []fake.Project{{ID: "shop"}}})
	for _, tc := range []struct {
		name   string
		args   []string
		status string
		says   string
		asks   bool
	}{
		{"not asked", []string{"--image", host + "/here:1"}, "skip", "no registry was asked", false},
		{"there", []string{"--live", "--allow-private-registries", "--image", host + "/here:1"}, "pass", "serves it", true},
		{"gone", []string{"--live", "--allow-private-registries", "--image", host + "/gone:1"}, "fail", "does not exist", true},
		{"closed", []string{"--live", "--allow-private-registries", "--image", host + "/closed:1"}, "unknown", "403", true},
		{"a private address", []string{"--live", "--image", host + "/here:1"}, "unknown", "refused: loopback address 127.0.0.1", false},
		{"the check is left out", []string{"--live", "--allow-private-registries", "--skip", "image-exists", "--image", host + "/here:1"}, "", "", false},
		{"another check alone", []string{"--live", "--allow-private-registries", "--only", "image-reference", "--image", host + "/here:1"}, "", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			asked.Store(0)
			code, out, stderr := callLive(t, s, append([]string{"check", "--state", "testdata/whole.json", "--format", "json"}, tc.args...)...)
			if stderr != "" || code == toolFailed {
				t.Fatalf("status %d: %s", code, stderr)
			}
			var r struct {
				Results []struct{ Check, Status, Message string }
			}
			if err := json.Unmarshal([]byte(out), &r); err != nil {
				t.Fatal(err)
			}
			found := ""
			for _, of := range r.Results {
				if of.Check == "image-exists" {
					found = of.Status
					if !strings.Contains(of.Message, tc.says) {
						t.Errorf("message lacks %q: %s", tc.says, of.Message)
					}
				}
			}
			if found != tc.status || (asked.Load() > 0) != tc.asks {
				t.Errorf("image-exists %q, want %q; %d requests", found, tc.status, asked.Load())
			}
		})
	}
}

func TestLiveFlags(t *testing.T) {
	code, out, stderr := call(t, "check", "--state", "testdata/whole.json", "--allow-private-registries")
	if code != toolFailed || out != "" || !strings.Contains(stderr, "--live is not given") {
		t.Errorf("status %d, stdout %q, stderr %q", code, out, stderr)
	}
	for _, tc := range []struct {
		policy checks.Policy
		want   bool
	}{{checks.Policy{}, true}, {checks.Policy{Only: []string{"image-exists"}}, true}, {checks.Policy{Only: []string{"gated"}}, false},
		{checks.Policy{Skip: []string{"image-exists"}}, false}, {checks.Policy{Skip: []string{"gated"}}, true}} {
		f := checkFlags{live: true}
		if f.asks(tc.policy) != tc.want {
			t.Errorf("%+v asks: %v", tc.policy, !tc.want)
		}
	}
	if (&checkFlags{}).asks(checks.Policy{}) {
		t.Error("registries are asked without --live")
	}
}

// Ctrl-C while registries are asked is an interruption, and no report of what is not known.
func TestLiveInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var asked atomic.Int32
	s := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		cancel()
		<-r.Context().Done()
	}))
	defer s.Close()
	var out, stderr bytes.Buffer
	std := streams{in: strings.NewReader(""), out: &out, err: &stderr, env: environment(googleCloud(t, fake.World{Projects: []fake.Project{{ID: "shop"}}}))}
	loopback(t, new(atomic.Int32))
	code := run(ctx, []string{"check", "--state", "testdata/whole.json", "--live", "--allow-private-registries", "--image", s.Listener.Addr().String() + "/app:1"}, std)
	if code != toolFailed || out.Len() > 0 || stderr.String() != "gkepreflight: interrupted\n" || asked.Load() != 1 {
		t.Errorf("status %d, %d requests, stdout %q, stderr %q", code, asked.Load(), out.String(), stderr.String())
	}
}

func TestProgress(t *testing.T) {
	if progress(&bytes.Buffer{}, "%d of %d") != nil {
		t.Error("progress is shown to what is no terminal")
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	if progress(f, "%d of %d") != nil {
		t.Error("progress is written to a file")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if got := counted("registries were asked for %d of %d images", 1, 2); got != "\rregistries were asked for 1 of 2 images" {
		t.Errorf("%q", got)
	}
	if got := counted("%d of %d", 2, 2); strings.Trim(got, " \r") != "" || !strings.HasSuffix(got, "\r") {
		t.Errorf("the line stays: %q", got)
	}
}

// The token in the environment is for Google's registries: no other host is ever shown it, and no report.
func TestLiveShowsTheTokenToNobodyElse(t *testing.T) {
	var asked atomic.Int32
	host := loopback(t, &asked)
	shown := make(chan string, 100)
	closed := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown <- r.Header.Get("Authorization")
		w.Header().Set("WWW-Authenticate", `Basic realm="here"`)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	closed.Config.ErrorLog = log.New(io.Discard, "", 0)
	closed.StartTLS()
	t.Cleanup(closed.Close)
	var out, errs bytes.Buffer
	std := streams{in: strings.NewReader(""), out: &out, err: &errs, env: environment(googleCloud(t, fake.World{Projects: []fake.Project{{ID: "shop"}}}))}
	run(context.Background(), []string{"check", "--state", "testdata/whole.json", "--live", "--allow-private-registries",
		"--image", host + "/here:1", "--image", closed.Listener.Addr().String() + "/closed:1"}, std)
	close(shown)
	n := 0
	for header := range shown {
		if n++; header != "" {
			t.Errorf("the registry was shown %q", header)
		}
	}
	if n == 0 || asked.Load() == 0 {
		t.Error("a registry was not asked")
	}
	if strings.Contains(out.String()+errs.String(), cloudToken) {
		t.Error("the token is in what was printed")
	}
}
