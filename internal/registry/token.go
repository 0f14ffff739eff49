package registry

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// googleUser is the user whose password is an access token ("Configure authentication to Artifact Registry for Docker").
const googleUser = "oauth2accesstoken"

// authorize gives the Authorization header that meets a challenge; empty when there are no credentials that could.
func (r repository) authorize(ctx context.Context, asked challenge) (string, error) {
	if asked.scheme == "basic" {
		token, err := r.c.googleToken(ctx, r.at)
		if err != nil || token == "" {
			return "", err
		}
		header := "Basic " + base64.StdEncoding.EncodeToString([]byte(googleUser+":"+token))
		r.c.secrets.add(header[len("Basic "):])
		return header, nil
	}
	return r.exchange(ctx, asked.parameters["realm"], asked.parameters["service"])
}

// exchange gets a bearer token to pull from the repository. The scope is this program's, not the challenge's: nobody can make it ask
// for more.
func (r repository) exchange(ctx context.Context, realm, service string) (string, error) {
	u, err := url.Parse(realm)
	if err != nil {
		return "", words("the token realm is no address")
	}
	if u.Scheme != "https" {
		return "", refusal("token realm not https, but " + orElse(u.Scheme, "no address"))
	}
	// The exchange takes realms at private addresses only from the registry itself. Which realms are fine is for the gate to say.
	registry, err := name.NewRegistry(u.Host)
	if err != nil {
		return "", words("the token realm names no host")
	}
	auth := authn.Anonymous
	if origin(u) == origin(r.at) {
		token, err := r.c.googleToken(ctx, r.at)
		if err != nil {
			return "", err
		}
		if token != "" {
			auth = authn.FromConfig(authn.AuthConfig{Username: googleUser, Password: token})
			r.c.secrets.add(base64.StdEncoding.EncodeToString([]byte(googleUser + ":" + token)))
		}
	}
	asked := &transport.Challenge{Scheme: "bearer", Parameters: map[string]string{"realm": realm, "service": service}}
	got, err := transport.Exchange(ctx, registry, auth, r.c.gate(r.at, true), []string{"repository:" + r.path + ":pull"}, asked)
	if err != nil {
		return "", exchangeError(err)
	}
	token := orElse(got.AccessToken, got.Token)
	r.c.secrets.add(token)
	return "Bearer " + token, nil
}

// exchangeError keeps errors that say what happened; others may quote the answer, and with it a token.
func exchangeError(err error) error {
	var url *url.Error
	var status *transport.Error
	if errors.As(err, &url) || errors.As(err, &status) {
		return fmt.Errorf("token: %w", err)
	}
	return words("the token server's answer holds no token")
}

// googleToken is the token for a registry; empty where none belongs to it.
func (c *Client) googleToken(ctx context.Context, at *url.URL) (string, error) {
	if c.o.GoogleToken == nil || !google(at) {
		return "", nil
	}
	token, err := c.o.GoogleToken(ctx)
	if err != nil {
		return "", errors.New("no Google token: " + c.why(err))
	}
	c.secrets.add(token)
	return token, nil
}
