package live

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"strings"

	"cloud.google.com/go/auth"
	"cloud.google.com/go/auth/credentials"
	"cloud.google.com/go/auth/credentials/impersonate"
)

// errNoCredentials says what would help. It is said once: without credentials nothing is asked.
var errNoCredentials = errors.New("no Google Cloud credentials: point GOOGLE_APPLICATION_CREDENTIALS to a credentials file, " +
	"run gcloud auth application-default login, or put an access token into " + AccessTokenVariable)

// scopes is what the APIs that are asked take in common; GKE's takes no narrower one.
var scopes = []string{"https://www.googleapis.com/auth/cloud-platform"}

// googleUniverse is the universe of everybody who has no other.
const googleUniverse = "googleapis.com"

// identity is who asks.
type identity struct {
	credentials *auth.Credentials
	universe    string
	// quotaProject is billed for what a person asks (gcloud's application default credentials name one).
	quotaProject string
}

func (i identity) token(ctx context.Context) (string, error) {
	t, err := i.credentials.Token(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", credentialError{err}
	}
	return t.Value, nil
}

// credentialError is credentials that give no token.
type credentialError struct{ err error }

func (e credentialError) Error() string {
	return "the credentials give no access token: " + clip(e.err)
}

func (e credentialError) Unwrap() error { return e.err }

// authenticate finds who asks. Reading files and asking the metadata server begins here, with the first question. Nothing of it is logged: the
// libraries would write tokens at their debug level.
func authenticate(ctx context.Context, o Options, client *http.Client, detect func(*credentials.DetectOptions) (*auth.Credentials, error)) (identity, error) {
	silent := slog.New(slog.DiscardHandler)
	base, err := primary(o, &credentials.DetectOptions{Scopes: scopes, Client: client, Logger: silent, UniverseDomain: o.UniverseDomain}, detect)
	if err != nil {
		return identity{}, err
	}
	who := identity{credentials: base, universe: cmp.Or(o.UniverseDomain, googleUniverse)}
	if o.AccessToken == "" {
		if who.universe, err = universe(ctx, o, base); err != nil {
			return identity{}, err
		}
		if who.quotaProject, err = base.QuotaProjectID(ctx); err != nil {
			who.quotaProject = "" // only bills
		}
	}
	if o.ImpersonateServiceAccount == "" {
		return who, nil
	}
	as := &impersonate.CredentialsOptions{TargetPrincipal: o.ImpersonateServiceAccount, Delegates: o.Delegates, Scopes: scopes, Logger: silent,
		UniverseDomain: who.universe, Credentials: base, Client: &http.Client{Transport: bearer{base, client.Transport}, Timeout: client.Timeout}}
	who.credentials, err = impersonate.NewCredentials(as)
	if err != nil {
		return identity{}, fmt.Errorf("impersonating %s: %s", o.ImpersonateServiceAccount, clip(err))
	}
	return who, nil
}

// primary are the credentials before impersonation: an access token, a file or its content, or the application default credentials.
func primary(o Options, how *credentials.DetectOptions, detect func(*credentials.DetectOptions) (*auth.Credentials, error)) (*auth.Credentials, error) {
	switch {
	case o.AccessToken != "":
		return auth.NewCredentials(&auth.CredentialsOptions{TokenProvider: static(strings.TrimSpace(o.AccessToken))}), nil
	case strings.HasPrefix(strings.TrimSpace(o.Credentials), "{"):
		return ofType("credentials", []byte(o.Credentials), how)
	case o.Credentials != "" || o.file != "":
		name := cmp.Or(o.Credentials, o.file)
		content, err := os.ReadFile(name)
		if err != nil {
			var path *fs.PathError
			if errors.As(err, &path) {
				err = path.Err
			}
			return nil, fmt.Errorf("%s: %w", credentialsFile(name), err)
		}
		return ofType(credentialsFile(name), content, how)
	}
	found, err := detect(how)
	if err != nil {
		if strings.Contains(err.Error(), "could not find default credentials") {
			return nil, errNoCredentials
		}
		return nil, fmt.Errorf("application default credentials: %s", clip(err))
	}
	return found, nil
}

// longestPath is more than people's paths are, and less than any key.
const longestPath = 256

// credentialsFile names a file in an error. What is no path may be a key that somebody encoded, and is not shown.
func credentialsFile(name string) string {
	if _, err := base64.StdEncoding.DecodeString(name); len(name) > longestPath || strings.ContainsAny(name, "\n{}") || err == nil && len(name) > 100 {
		return "credentials: expected the path of a file or JSON, and what is given is neither"
	}
	return "credentials file " + name
}

// ofType reads credentials. What is in them is never part of an error: it is a secret.
func ofType(what string, content []byte, how *credentials.DetectOptions) (*auth.Credentials, error) {
	var head struct{ Type credentials.CredType }
	if err := json.Unmarshal(content, &head); err != nil || head.Type == "" {
		return nil, fmt.Errorf("%s: expected the JSON of a service account key, or of another kind of Google credentials", what)
	}
	c, err := credentials.NewCredentialsFromJSON(head.Type, content, how)
	if err != nil {
		return nil, fmt.Errorf("%s: type %s cannot be used: expected the JSON that Google Cloud gives for it", what, clip(errors.New(string(head.Type))))
	}
	return c, nil
}

// universe is where the credentials are good; the setting has to agree, in either direction.
func universe(ctx context.Context, o Options, c *auth.Credentials) (string, error) {
	its, err := c.UniverseDomain(ctx)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return "", fmt.Errorf("the metadata server does not answer; %w", errNoCredentials)
		}
		return "", fmt.Errorf("universe domain of the credentials: %s", clip(err))
	}
	switch {
	case o.UniverseDomain == "" || o.UniverseDomain == its:
		return its, nil
	case its == googleUniverse:
		return "", fmt.Errorf("universe_domain is %q, and the credentials are for %s: leave it out, or give credentials of that universe", o.UniverseDomain, its)
	}
	return "", fmt.Errorf("universe_domain is %q, and the credentials are for %s: write universe_domain = %q", o.UniverseDomain, its, its)
}

// static is an access token that somebody else keeps fresh.
type static string

func (s static) Token(context.Context) (*auth.Token, error) {
	return &auth.Token{Value: string(s), Type: "Bearer"}, nil
}

// bearer carries the requests of impersonation.
type bearer struct {
	credentials *auth.Credentials
	next        http.RoundTripper
}

func (b bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	t, err := b.credentials.Token(req.Context())
	if err != nil {
		return nil, err
	}
	out := req.Clone(req.Context())
	out.Header.Set("Authorization", "Bearer "+t.Value)
	return b.next.RoundTrip(out)
}
