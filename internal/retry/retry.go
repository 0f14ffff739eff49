// Package retry says which HTTP requests are worth another attempt, and when.
package retry

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// Patience is the longest that a Retry-After is waited for; who asks for more is not asked again.
const Patience = 30 * time.Second

var passing = []int{http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
	http.StatusServiceUnavailable, http.StatusGatewayTimeout}

// Passing tells statuses that another attempt may cure.
func Passing(status int) bool { return slices.Contains(passing, status) }

// Broken tells errors of a connection that a new one may not have, an answer that broke off among them. Time-outs are none of them: a server that did
// not answer in all the time it had will not in as much again.
func Broken(err error) bool {
	for _, e := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.ECONNREFUSED, syscall.EPIPE} {
		if errors.Is(err, e) {
			return true
		}
	}
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsTemporary && !dns.IsTimeout
}

// After reads the header Retry-After, which is seconds or a date (RFC 9110, 10.2.3). It is false where nothing is said.
func After(h http.Header, now time.Time) (time.Duration, bool) {
	v := h.Get("Retry-After")
	if n, err := strconv.ParseUint(v, 10, 31); err == nil {
		return time.Duration(n) * time.Second, true
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(t.Sub(now), 0), true
	}
	return 0, false
}

// Wait passes time, unless the context ends first: then its error is returned.
func Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
