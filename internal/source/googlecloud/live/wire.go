package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// wire carries the requests of every client: who asks is added here, so many at once, each with its time, tried again where that may help. The clients
// above it retry nothing themselves.
type wire struct {
	next    http.RoundTripper
	turns   chan struct{}
	timeout time.Duration
	wait    func(context.Context, time.Duration) error
	now     func() time.Time
	sign    func(*http.Request) error
	trails  trails
}

// largest is the most that one page may be.
const largest = 256 << 20

// errTooLarge is an answer that no list of these is.
var errTooLarge = errors.New("the answer is larger than 256 MiB")

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	req, err := w.trails.visit(req)
	if err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		resp, err := w.once(req)
		after, again := w.again(resp, err, attempt)
		if !again {
			return resp, err
		}
		if err := w.wait(req.Context(), after); err != nil {
			return nil, err
		}
	}
}

// once asks once and takes the whole answer, so that one that breaks off is one that may be asked for again. Waiting for a turn does not count as the
// request's time.
func (w *wire) once(req *http.Request) (*http.Response, error) {
	select {
	case w.turns <- struct{}{}:
		defer func() { <-w.turns }()
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	ctx, cancel := context.WithTimeout(req.Context(), w.timeout)
	defer cancel()
	out := req.Clone(ctx)
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		out.Body = body
	}
	resp, err := w.answer(out)
	if errors.Is(err, context.DeadlineExceeded) && req.Context().Err() == nil {
		return nil, timedOut{w.timeout}
	}
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}

func (w *wire) answer(req *http.Request) (*http.Response, error) {
	if err := w.sign(req); err != nil {
		return nil, err
	}
	resp, err := w.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, largest+1))
	if closed := resp.Body.Close(); err == nil {
		err = closed
	}
	if err == nil && len(body) > largest {
		err = errTooLarge
	}
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// timedOut is a request that had all its time.
type timedOut struct{ after time.Duration }

func (t timedOut) Error() string { return "timed out after " + brief(t.after) }

// brief writes two minutes as 2m.
func brief(d time.Duration) string {
	switch {
	case d >= time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	case d >= time.Second && d%time.Second == 0:
		return fmt.Sprintf("%ds", d/time.Second)
	}
	return d.String()
}
