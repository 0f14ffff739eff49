package live

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/auth"
	"cloud.google.com/go/auth/credentials"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/retry"
)

// Client asks Google Cloud. It remembers what it was told, not what went wrong; its methods may be called at once from many goroutines.
type Client struct {
	o      Options
	detect func(*credentials.DetectOptions) (*auth.Credentials, error)
	memo   memo

	once     sync.Once
	ready    chan struct{} // closed when what follows is settled
	identity identity
	services *services
	err      error
}

// New makes a client. Nothing is read or asked before the first question.
func New(o Options) *Client { return newClient(o, credentials.DetectDefault) }

func newClient(o Options, detect func(*credentials.DetectOptions) (*auth.Credentials, error)) *Client {
	if o.RequestTimeout <= 0 {
		o.RequestTimeout = usualTimeout
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 12
	}
	if o.Wait == nil {
		o.Wait = retry.Wait
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	return &Client{o: o, detect: detect, ready: make(chan struct{})}
}

// begin finds who asks, and whom. It is done once, for everybody: who comes first and gives up does not spoil it for the others. Who gives up does not
// wait for its end either, for a metadata server that does not answer takes its time.
func (c *Client) begin(ctx context.Context) error {
	c.once.Do(func() {
		go func() {
			defer close(c.ready)
			c.err = c.prepare(context.WithoutCancel(ctx))
		}()
	})
	select {
	case <-c.ready:
		return c.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Client) prepare(ctx context.Context) (err error) {
	client := &http.Client{Transport: c.o.Transport, Timeout: c.o.RequestTimeout}
	if c.identity, err = authenticate(ctx, c.o, client, c.detect); err != nil {
		return err
	}
	w := &wire{next: c.o.Transport, turns: make(chan struct{}, c.o.Concurrency), timeout: c.o.RequestTimeout, wait: c.o.Wait, now: time.Now, sign: c.sign(c.identity)}
	c.services = newServices(w, c.identity.universe, c.o.endpoints) //nolint:contextcheck // building a client asks nobody
	return nil
}

// Token is the access token that the questions carry, for Google's registries.
func (c *Client) Token(ctx context.Context) (string, error) {
	if err := c.begin(ctx); err != nil {
		return "", err
	}
	return c.identity.token(ctx)
}

// Project is the default project; empty where there is none.
func (c *Client) Project() string { return c.o.Project }

// sign says who asks, and whom it is billed to, as the google provider's headers do.
func (c *Client) sign(who identity) func(*http.Request) error {
	billed := who.quotaProject
	if c.o.UserProjectOverride && c.o.BillingProject != "" {
		billed = c.o.BillingProject
	}
	agent := strings.TrimSpace(c.o.UserAgent)
	return func(req *http.Request) error {
		token, err := who.token(req.Context())
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+token)
		for name, value := range map[string]string{"X-Goog-User-Project": billed, "X-Goog-Request-Reason": c.o.RequestReason, "User-Agent": agent} {
			if value != "" {
				req.Header.Set(name, value)
			}
		}
		return nil
	}
}
