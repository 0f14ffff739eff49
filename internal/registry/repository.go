package registry

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/types"
)

// accepted are the manifests that nodes understand, and those of schema 1, which a registry then need not convert.
var accepted = strings.Join([]string{
	string(types.OCIImageIndex), string(types.DockerManifestList), string(types.OCIManifestSchema1), string(types.DockerManifestSchema2),
	string(types.DockerManifestSchema1Signed), string(types.DockerManifestSchema1),
}, ", ")

// repository is one repository at one registry, or at one that stands in for it.
type repository struct {
	c    *Client
	at   *url.URL
	path string
	// anonymous answers no challenge: the mirror gives none (a 401 is then what it said).
	anonymous bool
	client    *http.Client
}

func (c *Client) repository(at *url.URL, path string, anonymous bool) repository {
	g := c.gate(at, false)
	return repository{c: c, at: at, path: path, anonymous: anonymous, client: &http.Client{Transport: g, CheckRedirect: follow}}
}

func (c *Client) gate(at *url.URL, token bool) gate {
	host := origin(at)
	return gate{next: c.wire, host: host, others: c.realms[host], token: token, allowPrivate: c.o.AllowPrivate}
}

func (r repository) key() string { return origin(r.at) + "/" + r.path }

// fetch asks, and meets one challenge: with the token that the repository's last challenge gave, or a new one where that has expired.
func (r repository) fetch(ctx context.Context, method, what string) (*http.Response, error) {
	had := ""
	if !r.anonymous {
		had = r.c.tokens.peek(r.key())
	}
	resp, err := r.send(ctx, method, what, had)
	if err != nil || resp.StatusCode != http.StatusUnauthorized || r.anonymous || origin(resp.Request.URL) != origin(r.at) {
		return resp, err
	}
	asked, found := challengeOf(resp.Header)
	if !found {
		return resp, nil
	}
	r.c.tokens.forget(r.key(), func(kept string) bool { return kept == had })
	got, err := r.c.tokens.do(ctx, r.key(), func(ctx context.Context) (string, bool, error) {
		token, err := r.authorize(ctx, asked)
		return token, token != "", err
	})
	if err != nil || got == "" {
		return resp, err
	}
	return r.send(ctx, method, what, got)
}

// send makes one request with an Authorization header. Its answer has been read whole: the body needs no closing.
func (r repository) send(ctx context.Context, method, what, authorization string) (*http.Response, error) {
	u := *r.at
	u.Path = "/v2/" + r.path + "/" + what
	req, err := http.NewRequestWithContext(ctx, method, u.String(), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w", r.at.Host, err)
	}
	req.Header.Set("Accept", accepted)
	if strings.HasPrefix(what, "blobs/") {
		req.Header.Set("Accept", "*/*")
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	return r.client.Do(req)
}
