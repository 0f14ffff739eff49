package registry

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// gate lets through what may be asked on behalf of one registry, redirects included, and keeps credentials where they belong. It stands
// below everything that follows redirects or adds credentials.
type gate struct {
	next http.RoundTripper
	// host is the registry; others are hosts that may give its tokens.
	host   string
	others []string
	// token marks requests for a token, which may go nowhere else, not even by a redirect.
	token        bool
	allowPrivate bool
}

func (g gate) RoundTrip(req *http.Request) (*http.Response, error) {
	// net/http sets Response on requests that follow a redirect, and on no others.
	redirected := req.Response != nil
	if err := g.refuses(req, redirected); err != nil {
		return nil, err
	}
	out := req.Clone(req.Context())
	// net/http would name the address that redirected here, whose query may be signed.
	out.Header.Del("Referer")
	out.Header.Del("Cookie")
	out.Header.Set("User-Agent", "terraform-provider-gkepreflight")
	if redirected {
		// A registry signs what it redirects to: Artifact Registry's and others' downloads need no credentials of the registry, and S3 refuses
		// a request that has both.
		out.Header.Del("Authorization")
	}
	resp, err := g.next.RoundTrip(out)
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}

func (g gate) refuses(req *http.Request, redirected bool) error {
	host := origin(req.URL)
	switch {
	case req.URL.Scheme == "http":
		return refusal("plain HTTP to " + host)
	case req.URL.Scheme != "https":
		return refusal("not https, but " + req.URL.Scheme)
	case req.URL.User != nil:
		return refusal("credentials in the address of " + host)
	case g.token && !g.gives(host):
		return refusal("token realm at " + host + ", which is not known to be " + g.host + "'s")
	case !g.token && !redirected && host != g.host:
		return refusal(host + " is not " + g.host)
	}
	// The dialler looks at every address; this is for transports that came from outside, and for proxies.
	if a, err := netip.ParseAddr(strings.Trim(req.URL.Hostname(), "[]")); err == nil {
		return permit(a, g.allowPrivate)
	}
	return nil
}

// gives tells whether a host may give tokens for the registry.
func (g gate) gives(host string) bool { return host == g.host || slices.Contains(g.others, host) }

// hops is the longest chain of redirects that is followed; registries use one or two (registry.k8s.io leads to Artifact Registry, which
// leads to a download).
const hops = 5

func follow(_ *http.Request, via []*http.Request) error {
	if len(via) > hops {
		return refusal("too many redirects")
	}
	return nil
}
