package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Allowance is what Docker Hub lets the address pull from which this program asked. It speaks for a cluster's nodes only where they
// leave by the same address.
type Allowance struct {
	Limit, Remaining int
	Window           time.Duration
	Source           string // whom the limit is counted for: an address, or a user's identifier
	Unlimited        bool   // Docker Hub named no limit
}

// HubAllowance reads the allowance from the headers of a HEAD request, which counts as no pull ("View pull rate and limit", Docker
// Hub documentation).
func (c *Client) HubAllowance(ctx context.Context) (Allowance, error) {
	a, err := c.allowances.do(ctx, "", func(ctx context.Context) (Allowance, bool, error) {
		a, err := c.allowance(ctx)
		return a, false, err
	})
	switch {
	case err == nil:
		return a, nil
	case ctx.Err() != nil:
		return Allowance{}, fmt.Errorf("docker hub's allowance: %w", ctx.Err())
	}
	return Allowance{}, errors.New("docker hub's allowance: " + c.why(err))
}

func (c *Client) allowance(ctx context.Context) (Allowance, error) {
	r := c.repository(c.hub, "ratelimitpreview/test", false)
	token, err := r.exchange(ctx, c.o.HubAuth, "registry.docker.io")
	if err != nil {
		return Allowance{}, err
	}
	what := "manifests/latest"
	got, err := r.send(ctx, http.MethodHead, what, token)
	if err != nil {
		return Allowance{}, err
	}
	limit, remaining := got.header.Get("Ratelimit-Limit"), got.header.Get("Ratelimit-Remaining")
	// Beyond the limit the headers come with 429.
	counted := limit != "" || remaining != ""
	if got.status != http.StatusOK && (got.status != http.StatusTooManyRequests || !counted) {
		return Allowance{}, words(r.said(ctx, got, what, false))
	}
	a := Allowance{Source: c.clean(got.header.Get("Docker-Ratelimit-Source")), Unlimited: !counted}
	if a.Unlimited {
		return a, nil
	}
	if a.Limit, a.Window, err = counting(limit); err != nil {
		return Allowance{}, fmt.Errorf("ratelimit-limit: %w", err)
	}
	if a.Remaining, _, err = counting(remaining); err != nil {
		return Allowance{}, fmt.Errorf("ratelimit-remaining: %w", err)
	}
	return a, nil
}

// counting reads 100;w=21600: so many in so many seconds.
func counting(s string) (int, time.Duration, error) {
	number, rest, windowed := strings.Cut(s, ";")
	n, err := strconv.ParseUint(strings.TrimSpace(number), 10, 31)
	if err != nil {
		return 0, 0, fmt.Errorf("%q is no number", number)
	}
	if !windowed {
		return int(n), 0, nil
	}
	seconds, is := strings.CutPrefix(strings.TrimSpace(rest), "w=")
	w, err := strconv.ParseUint(seconds, 10, 31)
	if !is || err != nil {
		return 0, 0, fmt.Errorf("%q is no window", rest)
	}
	return int(n), time.Duration(w) * time.Second, nil
}
