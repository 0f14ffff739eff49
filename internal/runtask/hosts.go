package runtask

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/registry"
)

// hosts are those the administrator allowed. They may have private addresses, as Terraform Enterprise often has, and be asked through the proxy of the
// environment. Any other host is reached only where an allowed one redirects to it, on a public address, directly and without the token.
type hosts struct {
	names     []string
	allowHTTP bool
	// inside carries requests to allowed hosts, outside those to any other.
	inside, outside http.RoundTripper
}

// refusal is a request that is not made.
type refusal string

func (r refusal) Error() string { return string(r) }

func newHosts(names []string, allowHTTP bool) (hosts, error) {
	inside, outside := registry.Transport(true), registry.Transport(false)
	inside.ResponseHeaderTimeout, outside.ResponseHeaderTimeout = time.Minute, time.Minute
	h := hosts{allowHTTP: allowHTTP, inside: inside, outside: outside}
	if len(names) == 0 {
		return h, errors.New("no host is allowed: there is nowhere to read plans from")
	}
	for _, name := range names {
		u, err := url.Parse("https://" + name)
		if err != nil || u.Hostname() == "" || u.Host != name || strings.ContainsAny(name, "*? ") {
			return h, fmt.Errorf("host %q: expected a name as app.terraform.io, with :PORT where that is not 443", name)
		}
		h.names = append(h.names, origin(u))
	}
	return h, nil
}

// origin is the host and port of an address in lower case, the port left out where it is https's own.
func origin(u *url.URL) string { return strings.TrimSuffix(strings.ToLower(u.Host), ":443") }

func (h hosts) allowed(u *url.URL) bool { return slices.Contains(h.names, origin(u)) }

// permit refuses an address that a webhook may not name.
func (h hosts) permit(u *url.URL) error {
	if err := h.secure(u); err != nil {
		return err
	}
	if !h.allowed(u) {
		return refusal(fmt.Sprintf("host %q is not allowed: if it is yours, start the server with --allow-host %s", clip(u.Host, 100), clip(origin(u), 100)))
	}
	return nil
}

// secure refuses what is not https. Plain HTTP is for loopback addresses alone, and only where it is allowed.
func (h hosts) secure(u *url.URL) error {
	switch {
	case u.Host == "" || u.Opaque != "":
		return refusal("the URL names no host")
	case u.User != nil:
		return refusal("the URL carries a user name")
	case u.Scheme == "https", u.Scheme == "http" && h.allowHTTP && loopback(u.Hostname()):
		return nil
	}
	return refusal(fmt.Sprintf("scheme %q is refused: expected https", clip(u.Scheme, 20)))
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// RoundTrip holds every request, a redirected one too, against what may be asked.
func (h hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := h.secure(r.URL); err != nil {
		return nil, err
	}
	if h.allowed(r.URL) {
		return h.inside.RoundTrip(r)
	}
	if r.Header.Get("Authorization") != "" {
		return nil, refusal("the token stays at the host it was given for")
	}
	return h.outside.RoundTrip(r)
}

// mostRedirects is one more than the platform needs, which leads to its archive.
const mostRedirects = 3

// redirect lets a plan be found where the platform keeps it: at a signed address, which needs no token and gets none.
func redirect(r *http.Request, via []*http.Request) error {
	if len(via) > mostRedirects {
		return refusal("it redirects too often")
	}
	r.Header.Del("Authorization")
	r.Header.Del("Referer")
	return nil
}

// reason words what went wrong with a request. It leaves out the URL: that of an archive is signed, so that whoever reads it may use it.
func reason(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var op *net.OpError
	switch {
	case registry.Refused(err):
		return "an address outside --allow-host is not public: " + innermost(err).Error()
	case errors.As(err, &op) && op.Timeout():
		return "the connection timed out"
	}
	return clip(innermost(err).Error(), 300)
}

// innermost is the cause that an error ends with.
func innermost(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}
