package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestWhy(t *testing.T) {
	c := New(Options{})
	c.secrets.add("s3cret")
	for _, tc := range []struct {
		err  error
		want string
	}{
		{refusal("private address 10.0.0.1"), "refused: private address 10.0.0.1"},
		{&url.Error{Op: "Head", URL: "https://h/v2/?sig=a", Err: &net.OpError{Op: "dial", Err: refusal("private address 10.0.0.1")}}, "refused: private address 10.0.0.1"},
		{&url.Error{Op: "Head", URL: "https://h/v2/", Err: context.Canceled}, "cancelled"},
		{&url.Error{Op: "Head", URL: "https://h/v2/", Err: context.DeadlineExceeded}, "timeout"},
		{fmt.Errorf("token: %w", &url.Error{Op: "Get", URL: "https://h/?token=a", Err: io.ErrUnexpectedEOF}), "unexpected EOF"},
		{&net.DNSError{Err: "no such host", Name: "h", IsNotFound: true}, "no such host"},
		{&net.DNSError{Err: "server misbehaving", Name: "h"}, "lookup h: server misbehaving"},
		{errors.New("it says s3cret twice: s3cret"), "it says REDACTED twice: REDACTED"},
		{errors.New("Authorization: Bearer abcdefghijklmnopqrstuvwxyz"), "Authorization: Bearer REDACTED"},
		{errors.New("no basic auth credentials"), "no basic auth credentials"},
		{errors.New("https://user:word@host/x?access_token=abc&X-Amz-Signature=def&n=1"), "https://REDACTED@host/x?access_token=REDACTED&X-Amz-Signature=REDACTED&n=1"},
		{errors.New("of ya29.abc_def-1 and eyJhbGciOi.eyJpc3Mi.c2ln"), "of REDACTED and REDACTED"},
		{errors.New("two\nlines \x1b[31mred\x1b[0m\u202e"), "two lines [31mred [0m"},
		{words(strings.Repeat("é", 400)), strings.Repeat("é", longest) + "…"},
	} {
		if got := c.why(tc.err); got != tc.want {
			t.Errorf("%v: got %q, want %q", tc.err, got, tc.want)
		}
	}
}

// A registry that repeats what it was sent does not get it into an answer.
func TestEchoedCredentials(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/v2/token", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, password, _ := r.BasicAuth()
		_, _ = fmt.Fprintf(w, `{"errors":[{"code":"DENIED","message":"%s %s for %s"}]}`, r.Header.Get("Authorization"), strings.TrimPrefix(r.Header.Get("Authorization"), "Basic "), password)
	})
	mux.HandleFunc("/v2/", func(w http.ResponseWriter, r *http.Request) { challengeWith("https://"+r.Host+"/v2/token")(w, r) })
	host := serve(t, mux)
	secret := "of-nobody"
	c, _ := asker(Options{GoogleToken: func(context.Context) (string, error) { return secret, nil }}, map[string]string{"us-docker.pkg.dev": host})
	a := of(t, c, "us-docker.pkg.dev/p/r/app:1")
	if a.Why != "403: DENIED: Basic REDACTED REDACTED for REDACTED" {
		t.Errorf("got %+v", a)
	}
}

// A token server that answers without a token does not get its answer quoted.
func TestNoTokenInTheAnswer(t *testing.T) {
	for _, body := range []string{`{"id_token":"hidden"}`, `hidden`, `{"errors":"hidden"}`} {
		host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/token" {
				_, _ = io.WriteString(w, body)
				return
			}
			challengeWith("https://"+r.Host+"/token")(w, r)
		}))
		c, _ := asker(Options{}, nil)
		if a := of(t, c, host+"/app:1"); a.Served != Unknown || a.Why != "the token server's answer holds no token" {
			t.Errorf("%s: %+v", body, a)
		}
	}
}

func TestGoogleTokenCannotBeHad(t *testing.T) {
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { challengeWith("https://"+r.Host+"/v2/token")(w, r) }))
	fails := func(context.Context) (string, error) {
		return "", &url.Error{Op: "Post", URL: "https://oauth2.googleapis.com/token?assertion=hidden", Err: errors.New("invalid_grant")}
	}
	c, _ := asker(Options{GoogleToken: fails}, map[string]string{"gcr.io": host})
	if a := of(t, c, "gcr.io/p/app:1"); a.Served != Unknown || a.Why != "no Google token: invalid_grant" {
		t.Errorf("got %+v", a)
	}
}

// A Google registry that asks for a password gets the token as one; another registry gets nothing.
func TestPasswords(t *testing.T) {
	body := indexOf("linux/amd64")
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != googleUser || password != googleSecret {
			w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		content(w, ociIndex, body)
	}))
	c, _ := asker(Options{GoogleToken: givesToken}, map[string]string{"gcr.io": host, "registry.example.com": host})
	if a := of(t, c, "gcr.io/p/app:1"); a.Served != Yes {
		t.Errorf("Google's: %+v", a)
	}
	if a := of(t, c, "registry.example.com/p/app:1"); a.Served != Unknown || a.Why != "401" {
		t.Errorf("another's: %+v", a)
	}
}
