package live

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"syscall"
	"time"

	"google.golang.org/api/googleapi"
)

const (
	attempts = 5
	backOff  = 250 * time.Millisecond
	// patience is the longest that a Retry-After is waited for; who asks for more is not asked again.
	patience = 30 * time.Second
)

// passing are statuses that another attempt may cure.
var passing = []int{http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
	http.StatusServiceUnavailable, http.StatusGatewayTimeout}

// again says whether a request is worth another attempt, and after how long. Time-outs are not: a server that did not answer in all the time it had
// will not in as much again.
func (w *wire) again(resp *http.Response, err error, attempt int) (time.Duration, bool) {
	if attempt == attempts {
		return 0, false
	}
	after := backOff << (attempt - 1)
	if err != nil {
		return after, broken(err)
	}
	if !slices.Contains(passing, resp.StatusCode) && !throttled(resp) {
		return 0, false
	}
	if told, said := retryAfter(resp.Header, w.now()); said {
		return told, told <= patience
	}
	return after, true
}

// throttling are the reasons of answers that come too soon.
var throttling = map[string]bool{"rateLimitExceeded": true, "userRateLimitExceeded": true, "RATE_LIMIT_EXCEEDED": true}

// throttled tells a rate limit that comes as a 403, as those of Compute Engine do ("Troubleshoot API errors"), from a refusal. The answer has been read
// as a whole, so that it can be looked at here.
func throttled(resp *http.Response) bool {
	if resp.StatusCode != http.StatusForbidden {
		return false
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return err == nil && throttling[detailOf(&googleapi.Error{Body: string(body)}).reason]
}

// broken tells errors of a connection that a new one may not have, an answer that broke off among them.
func broken(err error) bool {
	for _, e := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.ECONNREFUSED, syscall.EPIPE} {
		if errors.Is(err, e) {
			return true
		}
	}
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsTemporary && !dns.IsTimeout
}

// retryAfter reads the header, which is seconds or a date (RFC 9110, 10.2.3).
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	v := h.Get("Retry-After")
	if n, err := strconv.ParseUint(v, 10, 31); err == nil {
		return time.Duration(n) * time.Second, true
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(t.Sub(now), 0), true
	}
	return 0, false
}

// byTheClock waits, or until nobody wants it any more.
func byTheClock(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
