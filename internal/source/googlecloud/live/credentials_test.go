package live

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/auth"
	"cloud.google.com/go/auth/credentials"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// person is a credentials file as gcloud writes it; its token is asked for at an address that these tests answer.
const person = `{"type":"authorized_user","client_id":"c","client_secret":"the-client-secret","refresh_token":"the-refresh-token","quota_project_id":"billed"}`

// google answers for tokens and for impersonation, and hands the rest on.
type google struct {
	next  http.RoundTripper
	token func(*http.Request) (int, string)
}

func (g google) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasPrefix(req.URL.Host, "127.0.0.1") {
		return g.next.RoundTrip(req)
	}
	code, body := g.token(req)
	return &http.Response{StatusCode: code, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

func nothingFound(*credentials.DetectOptions) (*auth.Credentials, error) {
	return nil, errors.New("credentials: could not find default credentials. See https://cloud.google.com/docs/authentication/external/set-up-adc for more information")
}

// Without credentials one error names every way to give some.
func TestNoCredentials(t *testing.T) {
	_, _, err := newClient(Options{}, nothingFound).Read(t.Context(), everything())
	if err == nil {
		t.Fatal("read without credentials")
	}
	for _, way := range []string{"GOOGLE_APPLICATION_CREDENTIALS", "gcloud auth application-default login", "GOOGLE_OAUTH_ACCESS_TOKEN"} {
		if !strings.Contains(err.Error(), way) {
			t.Errorf("%v\nlacks %s", err, way)
		}
	}
}

// Credentials that cannot be used are one error, which names the file and shows nothing of what is in it.
func TestBadCredentials(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "key.json")
	if err := os.WriteFile(bad, []byte("the-private-key"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		o    Options
		says string
	}{
		{"no such file", Options{Credentials: "/no/such/key.json"}, "credentials file /no/such/key.json: no such file or directory"},
		{"a key that somebody encoded", Options{Credentials: strings.Repeat("eyJ0eXBlIjoi", 30)}, "credentials: expected the path of a file or JSON, and what is given is neither"},
		{"a key in PEM", Options{Credentials: "-----BEGIN PRIVATE KEY-----\nMIIE"}, "credentials: expected the path of a file or JSON, and what is given is neither"},
		{"the variable's file", Options{file: "/no/such/adc.json"}, "credentials file /no/such/adc.json: "},
		{"no JSON", Options{Credentials: bad}, "key.json: expected the JSON of a service account key"},
		{"JSON of something else", Options{Credentials: `{"a":"the-private-key"}`}, "credentials: expected the JSON"},
		{"an unknown type", Options{Credentials: `{"type":"new","private_key":"the-private-key"}`}, "type new cannot be used"},
		{"another universe", Options{Credentials: person, UniverseDomain: "example.goog"}, "leave it out, or give credentials of that universe"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := newClient(tc.o, nothingFound).Read(t.Context(), everything())
			if err == nil || !strings.Contains(err.Error(), tc.says) || strings.Contains(err.Error(), "the-private-key") {
				t.Errorf("%v, want %q", err, tc.says)
			}
		})
	}
}

// A token comes from the credentials, or through impersonation, and a person's questions are billed to the project of their file.
func TestTokens(t *testing.T) {
	answers := func(r *http.Request) (int, string) {
		if r.URL.Host == "iamcredentials.googleapis.com" {
			if r.Header.Get("Authorization") != "Bearer ya29.first" || !strings.HasSuffix(r.URL.Path, "robot@shop.iam.gserviceaccount.com:generateAccessToken") {
				return 403, "{}"
			}
			return 200, `{"accessToken":"ya29.second","expireTime":"` + time.Now().Add(time.Hour).Format(time.RFC3339) + `"}`
		}
		return 200, `{"access_token":"ya29.first","token_type":"Bearer","expires_in":3600}`
	}
	for _, tc := range []struct {
		name, as, want, billed string
	}{
		{"of a person", "", "ya29.first", "billed"},
		{"of a service account", "robot@shop.iam.gserviceaccount.com", "ya29.second", "billed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, estate())
			c := client(t, s, func(o *Options) {
				o.AccessToken, o.Credentials, o.ImpersonateServiceAccount = "", person, tc.as
				o.Transport = google{http.DefaultTransport, answers}
			})
			read(t, c, everything())
			if got := s.Tokens(); len(got) != 1 || got[0] != tc.want {
				t.Errorf("%d tokens were shown, or another", len(got))
			}
			if got := s.Calls()[0].Header.Get("X-Goog-User-Project"); got != tc.billed {
				t.Errorf("billed to %q, want %q", got, tc.billed)
			}
			if got, err := c.Token(t.Context()); got != tc.want || err != nil {
				t.Errorf("another token for registries, %v", err)
			}
		})
	}
}

// Credentials that are not accepted are told once, whatever else is asked; and nothing of a token or a secret is in what is told.
func TestRefusedCredentials(t *testing.T) {
	revoked := func(*http.Request) (int, string) {
		return 400, `{"error":"invalid_grant","error_description":"Token has been expired or revoked.","refresh_token":"the-refresh-token","access_token":"ya29.leaked"}`
	}
	for _, tc := range []struct {
		name   string
		change func(*Options)
		fault  fake.Fault
		says   string
	}{
		{"an expired token", func(*Options) {}, fake.Expired(), "401: Google Cloud does not accept the access token"},
		{"a revoked login", func(o *Options) {
			o.AccessToken, o.Credentials, o.Transport = "", person, google{http.DefaultTransport, revoked}
		}, fake.Expired(), "the credentials give no access token"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, estate())
			s.Fault(fake.Match{}, tc.fault)
			facts, troubles := read(t, client(t, s, tc.change), Want{Projects: []string{"shop", "net", "reg"}, Images: []string{appImage}})
			if len(troubles) != 1 || !strings.HasPrefix(troubles[0].Message, tc.says) {
				t.Errorf("troubles: %v", troubles)
			}
			for _, r := range facts.Readings {
				troubles = append(troubles, Trouble{Message: r.Refused})
			}
			for _, said := range troubles {
				for _, secret := range []string{token, "ya29.", "the-refresh-token", "the-client-secret"} {
					if strings.Contains(said.Message, secret) {
						t.Errorf("%q is told", said.Message)
					}
				}
			}
		})
	}
}

func TestClip(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"plain words", "plain words"},
		{"two\nlines", "two lines"},
		{"header Authorization: Bearer abc.def-ghi was sent", "header Authorization: [redacted] was sent"},
		{"token ya29.a0AfH6SM_x-y/z= is bad", "token [redacted] is bad"},
		{`{"access_token": "abc", "x": 1}`, `{[redacted], "x": 1}`},
		{"assertion=abc&grant_type=x", "[redacted]&grant_type=x"},
		{"the bearer of bad news", "the [redacted] bad news"}, // rather too much than too little
	} {
		if got := clip(errors.New(tc.text)); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
	if got := clip(errors.New(strings.Repeat("é", 1000))); len([]rune(got)) != longest+1 {
		t.Errorf("%d runes", len([]rune(got)))
	}
	if got := clip(credentialError{context.Canceled}); !strings.Contains(got, "no access token") {
		t.Error(got)
	}
}

// A redirect is not followed: the token is for Google's APIs alone.
func TestRedirected(t *testing.T) {
	s := serve(t, estate())
	elsewhere := transport(func(req *http.Request) (*http.Response, error) {
		if req.URL.Host == "elsewhere.example" {
			t.Errorf("%s was asked", req.URL)
		}
		if strings.HasSuffix(req.URL.Path, "/aggregated/routers") {
			return &http.Response{StatusCode: 302, Header: http.Header{"Location": {"https://elsewhere.example/"}}, Body: http.NoBody, Request: req}, nil
		}
		return http.DefaultTransport.RoundTrip(req)
	})
	facts, _ := read(t, client(t, s, func(o *Options) { o.Transport = elsewhere }), everything())
	if got := refusalOf(facts, topology.Routers, "net"); !strings.HasPrefix(got, "302: the answer leads elsewhere") {
		t.Errorf("%q", got)
	}
}
