package registry

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"syscall"
	"time"
)

const (
	attempts = 3
	// patience is the longest that a registry's Retry-After is waited for; one that asks for more is not asked again.
	patience = 30 * time.Second
	// waiting is the longest that one request waits because of such headers.
	waiting = 2 * patience
	backOff = time.Second
)

// passing are statuses that a second attempt may cure.
var passing = []int{http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
	http.StatusServiceUnavailable, http.StatusGatewayTimeout}

// again says whether a request is worth another attempt, and after how long where the host did not say itself (heed waits for that).
// Time-outs are not: a host that did not answer in all the time it had will not in as much again.
func (w *wire) again(resp *http.Response, err error, attempt int) (time.Duration, bool) {
	after := backOff << (attempt - 1)
	if attempt == attempts {
		return 0, false
	}
	if err != nil {
		return after, broken(err)
	}
	if !slices.Contains(passing, resp.StatusCode) {
		return 0, false
	}
	if told, said := retryAfter(resp.Header, w.now()); said {
		return 0, told <= patience
	}
	return after, true
}

// broken tells errors of a connection that a new one may not have.
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

// remember keeps until when a host asked to be left alone, for it asked on behalf of all requests.
func (w *wire) remember(host string, resp *http.Response) {
	if !slices.Contains(passing, resp.StatusCode) {
		return
	}
	now := w.now()
	if after, said := retryAfter(resp.Header, now); said {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.pauses[host] = rest{status: resp.StatusCode, until: now.Add(after)}
	}
}

// rest is what a host asked for, and with which status.
type rest struct {
	status int
	until  time.Time
}

// throttled is a request that is not made because its host asked for more time than anybody waits here.
type throttled struct {
	status int
	after  time.Duration
}

func (t throttled) Error() string {
	return fmt.Sprintf("%d: it asks to be left alone for %d s", t.status, int64(t.after.Round(time.Second)/time.Second))
}

// heed waits as long as the host asked for, of the time that is left for waiting: others may be told to wait meanwhile, and again.
func (w *wire) heed(req *http.Request, budget *time.Duration) error {
	for {
		w.mu.Lock()
		asked := w.pauses[req.URL.Host]
		w.mu.Unlock()
		left := asked.until.Sub(w.now())
		if left <= 0 {
			return nil
		}
		if left > min(patience, *budget) {
			return throttled{status: asked.status, after: left}
		}
		*budget -= left
		if err := w.wait(req.Context(), left); err != nil {
			return err
		}
	}
}
