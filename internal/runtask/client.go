package runtask

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/registry"
)

const (
	// postTime is for one attempt at a PATCH.
	postTime = 20 * time.Second
	// retries are after the first attempt.
	retries = 5
	// patience is the longest pause between attempts, whatever a Retry-After says.
	patience = 30 * time.Second
	// jsonAPI is the content type of the platform's API.
	jsonAPI = "application/vnd.api+json"
)

// client speaks with the platform.
type client struct {
	fetching, posting *retryablehttp.Client
	// once posts without another attempt.
	once    *retryablehttp.Client
	metrics *metrics
}

func newClient(h hosts, wait time.Duration, m *metrics) *client {
	retrying := func(c *http.Client) *retryablehttp.Client {
		return &retryablehttp.Client{HTTPClient: c, RetryWaitMin: wait, RetryWaitMax: patience, RetryMax: retries, CheckRetry: again,
			ErrorHandler: retryablehttp.PassthroughErrorHandler,
			Backoff: func(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
				return min(retryablehttp.DefaultBackoff(least, most, attempt, resp), patience)
			}}
	}
	poster := &http.Client{Transport: h, Timeout: postTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	// A large plan takes its time: the task's own time bounds it.
	c := &client{fetching: retrying(&http.Client{Transport: h, CheckRedirect: redirect}), posting: retrying(poster), once: retrying(poster), metrics: m}
	c.once.RetryMax = 0
	return c
}

// again repeats what may go well the next time: broken connections, 429, 5xx, and 204, which is a plan that is not written yet.
func again(ctx context.Context, resp *http.Response, err error) (bool, error) {
	var refused refusal
	if errors.As(err, &refused) || registry.Refused(err) {
		return false, nil
	}
	if err == nil && resp.StatusCode == http.StatusNoContent && resp.Request.Method == http.MethodGet {
		return true, nil
	}
	return retryablehttp.DefaultRetryPolicy(ctx, resp, err)
}

// plan opens the plan JSON of a run. The caller closes it.
func (c *client) plan(ctx context.Context, at *url.URL, token string) (io.ReadCloser, error) {
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, errors.New("the plan cannot be asked for")
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := c.fetching.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the plan could not be fetched: %s", reason(err))
	}
	if resp.StatusCode == http.StatusOK {
		return resp.Body, nil
	}
	_ = resp.Body.Close()
	from := resp.Request.URL.Host
	switch resp.StatusCode {
	case http.StatusNoContent:
		return nil, fmt.Errorf("the plan could not be fetched: %s has none yet", from)
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return nil, fmt.Errorf("the plan could not be fetched: %s answered %d, so the token of this run may not read it", from, resp.StatusCode)
	}
	return nil, fmt.Errorf("the plan could not be fetched: %s answered %d", from, resp.StatusCode)
}

// post sends a result. Progress is sent once; what matters later is sent until it arrives.
func (c *client) post(ctx context.Context, t *task, r result, persist bool) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPatch, t.CallbackURL, body)
	if err != nil {
		return errors.New("the callback URL cannot be used")
	}
	req.Header.Set("Authorization", "Bearer "+t.AccessToken)
	req.Header.Set("Content-Type", jsonAPI)
	by := c.once
	if persist {
		by = c.posting
	}
	resp, err := by.Do(req)
	code := "error"
	if err == nil {
		code = strconv.Itoa(resp.StatusCode)
	}
	c.metrics.posts.WithLabelValues(r.Data.Attributes.Status, code).Inc()
	if err != nil {
		return errors.New(reason(err))
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		return nil
	}
	said, _ := io.ReadAll(io.LimitReader(resp.Body, 512))
	return fmt.Errorf("the platform answered %d: %s", resp.StatusCode, strings.Join(strings.Fields(string(bytes.ToValidUTF8(said, []byte("?")))), " "))
}
