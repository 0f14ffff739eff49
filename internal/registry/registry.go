// Package registry asks container registries what they serve. Its answers are facts, and what could not be learnt says why; nothing here
// is asked unless somebody calls for it.
//
// The names that are asked for come from manifests that others wrote, so they are not trusted: no address but a public one is
// spoken to (see Options.AllowPrivate), nothing goes over plain HTTP, credentials go to the registry they belong to and never along a
// redirect, and no error carries them.
package registry

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
)

// Options say how registries are asked. The zero value is ready to use.
type Options struct {
	// Transport carries the requests; nil is one that refuses addresses when it dials, after names are resolved. One that is given has to
	// guard its own dialling: of the addresses, only those written in a name or a redirect are then refused here.
	Transport http.RoundTripper
	// GoogleToken gives an OAuth access token for Google's registries (gcr.io, *.gcr.io and *.pkg.dev); nil asks them anonymously.
	GoogleToken func(context.Context) (string, error)
	// AllowPrivate lets private and loopback addresses be asked; link-local addresses and metadata servers stay refused. The proxy of the
	// environment (HTTPS_PROXY, NO_PROXY) is used only with it: a proxy resolves names out of sight, so nothing could be refused.
	AllowPrivate bool
	// Concurrency is how many requests are under way at once; 8 when zero.
	Concurrency int
	// Timeout is for each request, its body included; 15 seconds when zero. Waiting for a turn does not count.
	Timeout time.Duration
	// Mirror, HubBase and HubAuth stand in for https://mirror.gcr.io, https://registry-1.docker.io and https://auth.docker.io/token.
	Mirror, HubBase, HubAuth string
	// Progress is told after each distinct reference of an Ask, one call at a time.
	Progress func(done, total int)
}

// Served says whether a registry serves a manifest.
type Served string

// What a registry said. Unknown has its reason in Answer.Why.
const (
	Yes     Served = "yes"
	No      Served = "no"
	Unknown Served = "unknown"
)

// Answer is what a registry said about one reference.
type Answer struct {
	Ref    string // as it was asked
	Host   string // the registry of the reference; for a mirror, the mirror
	Served Served
	// Why says why it is unknown: "401", "403: DENIED: …", "timeout", "no such host", "refused: private address 10.0.0.1".
	Why       string
	Digest    string
	MediaType string
	// Platforms are os/architecture, with /variant where it matters (linux/arm64, linux/arm/v7), sorted. It is all of them or none: empty
	// when they were not told, and Untold says why.
	Platforms []string
	Untold    string
	// Schema1 is an image in Docker's first format, which containerd 2 no longer pulls (GKE 1.33 and later).
	Schema1 bool
}

// Client asks registries. It remembers what they said, not what went wrong; its methods may be called at once from many goroutines.
type Client struct {
	o           Options
	wire        *wire
	mirror, hub *url.URL
	realms      map[string][]string // registry host to the token hosts that are not itself

	answers, mirrored flight[Answer]
	tokens            flight[string]
	allowances        flight[Allowance]
	secrets           secrets
	progress          sync.Mutex
}

// realms are the registries whose tokens come from another host. A registry that names any other host than itself or these is not
// followed there: Docker Hub, GitLab and Elastic documentation.
var realms = map[string][]string{
	"registry-1.docker.io":    {"auth.docker.io"},
	"registry.hub.docker.com": {"auth.docker.io"},
	"registry.gitlab.com":     {"gitlab.com"},
	"docker.elastic.co":       {"docker-auth.elastic.co"},
}

// New makes a client.
func New(o Options) *Client {
	if o.Concurrency <= 0 {
		o.Concurrency = 8
	}
	if o.Timeout <= 0 {
		o.Timeout = 15 * time.Second
	}
	if o.Transport == nil {
		o.Transport = newTransport(newDialer(o.AllowPrivate), o.AllowPrivate)
	}
	o.HubAuth = orElse(o.HubAuth, "https://auth.docker.io/token")
	c := &Client{o: o, wire: newWire(o), realms: map[string][]string{}}
	c.mirror, c.hub = base(orElse(o.Mirror, "https://mirror.gcr.io")), base(orElse(o.HubBase, "https://registry-1.docker.io"))
	for host, others := range realms {
		c.realms[host] = append(c.realms[host], others...)
	}
	c.realms[origin(c.hub)] = append(c.realms[origin(c.hub)], origin(base(o.HubAuth)))
	return c
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// base is an address without its path; one that does not parse names no host, and every request to it fails.
func base(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil {
		return &url.URL{Scheme: "https"}
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}
}

// origin is the host and port of an address in lower case, the port left out where it is https's own.
func origin(u *url.URL) string {
	return strings.TrimSuffix(strings.ToLower(u.Host), ":443")
}

// google tells whether a Google token belongs to a registry host: gcr.io, *.gcr.io and *.pkg.dev on https's own port, and not
// k8s.gcr.io, which leads to a registry of somebody else.
func google(u *url.URL) bool {
	return u.Scheme == "https" && origin(u) == strings.ToLower(u.Hostname()) && image.ClassOf(u.Hostname()) == image.Google
}

// tlsConfig is what every connection is held to.
func tlsConfig() *tls.Config { return &tls.Config{MinVersion: tls.VersionTLS12} }
