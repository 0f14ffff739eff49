package registry

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// identity is the certificate of every server here, for every name that is asked for.
var identity = sync.OnceValues(func() (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		DNSNames:    []string{"gcr.io", "*.gcr.io", "*.pkg.dev", "*.docker.io", "registry.example.com", "elsewhere.example.com", "rebound.example.com"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, roots
})

// serve is a registry on loopback with TLS; its host is where it listens.
func serve(t testing.TB, h http.Handler) (host string) {
	t.Helper()
	s := unstarted(h)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

func unstarted(h http.Handler) *httptest.Server {
	s := httptest.NewUnstartedServer(h)
	certificate, _ := identity()
	s.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	return s
}

// carrier is the transport of this package with the roots of the test. Names lead to loopback addresses as the map says, on any port.
func carrier(names map[string]string) *http.Transport {
	d := newDialer(true)
	tr := newTransport(d, true)
	tr.Proxy = nil
	_, tr.TLSClientConfig.RootCAs = identity()
	tr.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, _, err := net.SplitHostPort(address); err == nil && names[host] != "" {
			address = names[host]
		}
		return d.DialContext(ctx, network, address)
	}
	return tr
}

// asker is a client that may talk to loopback, and whose clock stands still but for its own waiting, which takes no time.
func asker(o Options, names map[string]string) (*Client, *clock) {
	o.AllowPrivate = true
	if o.Transport == nil {
		o.Transport = carrier(names)
	}
	c := New(o)
	k := &clock{at: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	c.wire.now, c.wire.wait = k.now, k.wait
	return c, k
}

// clock remembers what was waited for.
type clock struct {
	mu     sync.Mutex
	at     time.Time
	waited []time.Duration
}

func (k *clock) now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.at
}

func (k *clock) wait(ctx context.Context, d time.Duration) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.at = k.at.Add(d)
	k.waited = append(k.waited, d)
	return ctx.Err()
}

// visits counts and keeps what a server was asked.
type visits struct {
	mu   sync.Mutex
	list []visit
}

type visit struct{ method, host, path, authorization, referer string }

func (v *visits) keep(r *http.Request) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.list = append(v.list, visit{r.Method, r.Host, r.URL.Path, r.Header.Get("Authorization"), r.Header.Get("Referer")})
	return len(v.list)
}

func (v *visits) all() []visit {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]visit(nil), v.list...)
}

// watched keeps the visits of a handler.
func watched(v *visits, h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v.keep(r)
		h(w, r)
	})
}

func digestOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(sum[:])
}

const (
	ociIndex    = "application/vnd.oci.image.index.v1+json"
	ociManifest = "application/vnd.oci.image.manifest.v1+json"
	ociConfig   = "application/vnd.oci.image.config.v1+json"
	schema1     = "application/vnd.docker.distribution.manifest.v1+prettyjws"
)

// content answers with a manifest or blob as registries do.
func content(w http.ResponseWriter, mediaType, body string) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Docker-Content-Digest", digestOf(body))
	_, _ = io.WriteString(w, body)
}

// indexOf writes an index of images for platforms.
func indexOf(platforms ...string) string {
	var entries []string
	for _, p := range platforms {
		os, arch, _ := strings.Cut(p, "/")
		entries = append(entries, `{"mediaType":"`+ociManifest+`","size":2,"digest":"`+digestOf(p)+`","platform":{"os":"`+os+`","architecture":"`+arch+`"}}`)
	}
	return `{"schemaVersion":2,"mediaType":"` + ociIndex + `","manifests":[` + strings.Join(entries, ",") + `]}`
}

// of is the one answer to a reference.
func of(t testing.TB, c *Client, ref string) Answer {
	t.Helper()
	a, found := c.Ask(t.Context(), []string{ref})[ref]
	if !found || a.Ref != ref {
		t.Fatalf("no answer for %s: %+v", ref, a)
	}
	return a
}

func mustAddr(t testing.TB, s string) netip.Addr {
	t.Helper()
	a, err := netip.ParseAddr(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
