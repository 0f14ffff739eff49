package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// reply is a registry's answer, read whole.
type reply struct {
	status int
	header http.Header
	body   []byte
	method string
	from   *url.URL // who answered, after redirects
}

// fetch asks, and meets one challenge: with the token that the repository's last challenge gave, or a new one where that has expired.
func (r repository) fetch(ctx context.Context, method, what string) (reply, error) {
	had := ""
	if !r.anonymous {
		had = r.c.tokens.peek(r.key())
	}
	got, err := r.send(ctx, method, what, had)
	if err != nil || got.status != http.StatusUnauthorized || r.anonymous || origin(got.from) != origin(r.at) {
		return got, err
	}
	asked, found := challengeOf(got.header)
	if !found {
		return got, nil
	}
	r.c.tokens.forget(r.key(), func(kept string) bool { return kept == had })
	header, err := r.c.tokens.do(ctx, r.key(), func(ctx context.Context) (string, bool, error) {
		token, err := r.authorize(ctx, asked)
		return token, token != "", err
	})
	if err != nil || header == "" {
		return got, err
	}
	return r.send(ctx, method, what, header)
}

// send makes one request with an Authorization header.
func (r repository) send(ctx context.Context, method, what, authorization string) (reply, error) {
	u := *r.at
	u.Path = "/v2/" + r.path + "/" + what
	req, err := http.NewRequestWithContext(ctx, method, u.String(), http.NoBody)
	if err != nil {
		return reply{}, fmt.Errorf("asking %s: %w", r.at.Host, err)
	}
	req.Header.Set("Accept", accepted)
	if strings.HasPrefix(what, "blobs/") {
		req.Header.Set("Accept", "*/*")
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	// The wire has bounded and read it already.
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return reply{}, err
	}
	return reply{status: resp.StatusCode, header: resp.Header, body: body, method: method, from: resp.Request.URL}, nil
}
