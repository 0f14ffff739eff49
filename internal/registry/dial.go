package registry

import (
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// newDialer refuses addresses at the last moment, when the name has been resolved and the socket is about to be connected: a name that
// resolves to a public address when it is looked at and to another when it is dialled (DNS rebinding) gains nothing.
func newDialer(allowPrivate bool) *net.Dialer {
	return &net.Dialer{
		Timeout:   10 * time.Second,
		KeepAlive: 30 * time.Second,
		Control: func(_, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil {
				return refusal("not an address: " + address)
			}
			return permit(to.Addr(), allowPrivate)
		},
	}
}

// newTransport asks no proxy unless private addresses are allowed: it would resolve the names, and this program could refuse nothing.
func newTransport(d *net.Dialer, allowPrivate bool) *http.Transport {
	t := &http.Transport{
		DialContext:            d.DialContext,
		TLSClientConfig:        tlsConfig(),
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		// A compressed answer could be far larger than what is read of it.
		DisableCompression: true,
	}
	if allowPrivate {
		t.Proxy = http.ProxyFromEnvironment
	}
	return t
}
