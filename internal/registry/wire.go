package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/retry"
)

// most is the largest answer that is read; registries refuse manifests above 4 MiB (OCI distribution specification, "Pushing manifests").
const most = 8 << 20

// wire carries single requests: so many at once, each with its own time, repeated where that can help, the whole answer read.
type wire struct {
	base    http.RoundTripper
	slots   chan struct{}
	timeout time.Duration
	// now and wait are the clock.
	now  func() time.Time
	wait func(context.Context, time.Duration) error

	mu     sync.Mutex
	pauses map[string]rest // until when a host asked not to be asked
}

func newWire(o Options) *wire {
	return &wire{base: o.Transport, slots: make(chan struct{}, o.Concurrency), timeout: o.Timeout, now: time.Now, wait: retry.Wait, pauses: map[string]rest{}}
}

// RoundTrip makes up to attempts of a request. No slot is held while it waits between them.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	budget := waiting
	for attempt := 1; ; attempt++ {
		if err := w.heed(req, &budget); err != nil {
			return nil, err
		}
		resp, err := w.once(req)
		if err := req.Context().Err(); err != nil {
			return nil, err
		}
		after, again := w.again(resp, err, attempt)
		if !again || req.Method != http.MethodGet && req.Method != http.MethodHead {
			return resp, err
		}
		if after > 0 {
			if err := w.wait(req.Context(), after); err != nil {
				return nil, err
			}
		}
	}
}

// once makes a request when its turn comes, and reads the answer to its end.
func (w *wire) once(req *http.Request) (*http.Response, error) {
	select {
	case w.slots <- struct{}{}:
		defer func() { <-w.slots }()
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	ctx, cancel := context.WithTimeout(req.Context(), w.timeout)
	defer cancel()
	resp, err := w.base.RoundTrip(req.Clone(ctx))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	err = errors.Join(err, resp.Body.Close())
	if ctx.Err() != nil {
		// A server that sees the connection close may still get a word in, which is no answer: it had not decided on one.
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	if len(body) > most {
		return nil, fmt.Errorf("the answer is larger than %d MiB", most>>20)
	}
	resp.Body, resp.Request = io.NopCloser(bytes.NewReader(body)), req
	w.remember(req.URL.Host, resp)
	return resp, nil
}
