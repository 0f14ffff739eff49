package live

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/auth"
	"cloud.google.com/go/auth/credentials"
)

// found are credentials with a token, as a search for them would find.
func found(universe string) func(*credentials.DetectOptions) (*auth.Credentials, error) {
	return func(*credentials.DetectOptions) (*auth.Credentials, error) {
		return auth.NewCredentials(&auth.CredentialsOptions{TokenProvider: static(token),
			UniverseDomainProvider: auth.CredentialsPropertyFunc(func(context.Context) (string, error) { return universe, nil })}), nil
	}
}

// A search for credentials that takes its time keeps nobody who gives up, is made once, and serves those who come later.
func TestSlowCredentials(t *testing.T) {
	release, searches := make(chan struct{}), 0
	s := serve(t, estate())
	o := client(t, s).o
	o.AccessToken = ""
	c := newClient(o, func(d *credentials.DetectOptions) (*auth.Credentials, error) {
		searches++
		<-release
		return found(googleUniverse)(d)
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := c.Read(ctx, everything()); !errors.Is(err, context.Canceled) {
		t.Errorf("a reader that gave up: %v", err)
	}
	if _, err := c.Token(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a token for one who gave up: %v", err)
	}
	late, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	if _, _, err := c.Read(late, everything()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a reader without time: %v", err)
	}
	close(release)
	if facts, _ := read(t, c, everything()); len(facts.Clusters) != 2 || searches != 1 {
		t.Errorf("%d clusters after %d searches", len(facts.Clusters), searches)
	}
}

// Where the credentials are good decides whom they are shown to.
func TestUniverse(t *testing.T) {
	for _, tc := range []struct {
		name, theirs, setting string
		host, err             string
	}{
		{"of everybody", googleUniverse, "", "container.googleapis.com", ""},
		{"of everybody, said", googleUniverse, googleUniverse, "container.googleapis.com", ""},
		{"another", "example.goog", "example.goog", "container.example.goog", ""},
		{"another, unsaid", "example.goog", "", "container.example.goog", ""},
		{"another, said wrongly", "example.goog", googleUniverse, "", `write universe_domain = "example.goog"`},
		{"of everybody, said wrongly", googleUniverse, "example.goog", "", "leave it out"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var mu sync.Mutex
			hosts := map[string]bool{}
			c := newClient(Options{UniverseDomain: tc.setting, Transport: transport(func(req *http.Request) (*http.Response, error) {
				mu.Lock()
				defer mu.Unlock()
				hosts[req.URL.Host] = true
				return &http.Response{StatusCode: 403, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
			})}, found(tc.theirs))
			_, _, err := c.Read(t.Context(), Want{Projects: []string{"shop"}})
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) || len(hosts) > 0 {
					t.Errorf("%v, want %q; asked %v", err, tc.err, hosts)
				}
				return
			}
			if err != nil || len(hosts) != 1 || !hosts[tc.host] {
				t.Errorf("asked %v, want %s; %v", hosts, tc.host, err)
			}
		})
	}
	// An access token tells no universe: the setting is believed.
	who, err := authenticate(t.Context(), Options{AccessToken: token, UniverseDomain: "example.goog"}, http.DefaultClient, nothingFound)
	if err != nil || who.universe != "example.goog" {
		t.Errorf("%q, %v", who.universe, err)
	}
}

// Each API is asked at its own endpoint, and the others stay where they were.
func TestCustomEndpoints(t *testing.T) {
	var mu sync.Mutex
	paths := map[string]string{}
	o, err := Resolve(Attributes{AccessToken: token, Endpoints: map[string]string{
		"container_custom_endpoint": "https://gke.example/v1/", "compute_custom_endpoint": "https://proxy.example/api/compute/v1/", "dns_custom_endpoint": "https://dns.example/dns/v1/",
		"network_connectivity_custom_endpoint": "https://nc.example/v1/", "resource_manager_v3_custom_endpoint": "https://rm.example/v3/", "iam_custom_endpoint": "https://iam.example/v1/",
	}}, from(nil))
	if err != nil {
		t.Fatal(err)
	}
	o.Transport = transport(func(req *http.Request) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		paths[req.URL.Host] = req.URL.Path
		return &http.Response{StatusCode: 403, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
	})
	c := New(o)
	for _, ask := range []func() error{
		func() error { _, err := ask(t.Context(), c, clusterList, "p"); return err },
		func() error { _, err := ask(t.Context(), c, routerList, "p"); return err },
		func() error { _, err := ask(t.Context(), c, zoneList, "p"); return err },
		func() error { _, err := ask(t.Context(), c, policyRouteList, "p"); return err },
		func() error { _, err := ask(t.Context(), c, project, "p"); return err },
		func() error { _, err := ask(t.Context(), c, role, "projects/p/roles/r"); return err },
		func() error { _, err := ask(t.Context(), c, repositoryList, "p", "us"); return err },
	} {
		if err := ask(); err == nil || !strings.HasPrefix(err.Error(), "403: ") {
			t.Errorf("%v", err)
		}
	}
	for host, path := range map[string]string{
		"gke.example": "/v1/projects/p/locations/-/clusters", "proxy.example": "/api/compute/v1/projects/p/aggregated/routers", "dns.example": "/dns/v1/projects/p/managedZones",
		"nc.example": "/v1/projects/p/locations/global/policyBasedRoutes", "rm.example": "/v3/projects/p", "iam.example": "/v1/projects/p/roles/r",
		"artifactregistry.googleapis.com": "/v1/projects/p/locations/us/repositories",
	} {
		if paths[host] != path {
			t.Errorf("%s: %q, want %q", host, paths[host], path)
		}
	}
	if len(paths) != 7 {
		t.Errorf("asked %v", paths)
	}
}

// Impersonation has the time of any other request, and its refusal names no secret.
func TestImpersonation(t *testing.T) {
	s := serve(t, estate())
	var limited bool
	c := client(t, s, func(o *Options) {
		o.ImpersonateServiceAccount, o.Delegates = "robot@shop.iam.gserviceaccount.com", []string{"between@shop.iam.gserviceaccount.com"}
		o.Transport = google{http.DefaultTransport, func(req *http.Request) (int, string) {
			_, limited = req.Context().Deadline()
			var body bytes.Buffer
			_, _ = body.ReadFrom(req.Body)
			if !strings.Contains(body.String(), "projects/-/serviceAccounts/between@shop.iam.gserviceaccount.com") {
				t.Errorf("no delegate in %s", body.String())
			}
			return 403, `{"error":{"code":403,"message":"Permission denied: ` + token + `"}}`
		}}
	})
	_, troubles := read(t, c, everything())
	if len(troubles) != 1 || !strings.HasPrefix(troubles[0].Message, "the credentials give no access token") || strings.Contains(troubles[0].Message, token) {
		t.Errorf("%v", troubles)
	}
	if !limited {
		t.Error("asking for a token has no end")
	}
	if len(s.Calls()) > 0 {
		t.Errorf("%d questions were put with the token of somebody else", len(s.Calls()))
	}
}

// Nothing is logged, at whatever level and whatever the environment asks the libraries for: their debug logs hold tokens.
func TestNothingIsLogged(t *testing.T) {
	var said bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug - 8})))
	t.Cleanup(func() { slog.SetDefault(before) })
	t.Setenv("GOOGLE_SDK_GO_LOGGING_LEVEL", "debug")
	stderr := captured(t, func() {
		s := serve(t, estate())
		c := client(t, s, func(o *Options) {
			o.AccessToken, o.Credentials = "", person
			o.Transport = google{http.DefaultTransport, func(*http.Request) (int, string) {
				return 200, `{"access_token":"ya29.first","token_type":"Bearer","expires_in":3600}`
			}}
		})
		read(t, c, everything())
	})
	for _, secret := range []string{"ya29.", "the-refresh-token", "the-client-secret"} {
		if strings.Contains(said.String()+stderr, secret) {
			t.Errorf("%s is logged", secret)
		}
	}
}

// captured is what was written to standard error meanwhile.
func captured(t *testing.T, do func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	before := os.Stderr
	os.Stderr = w
	said := make(chan string)
	go func() {
		var b bytes.Buffer
		_, _ = b.ReadFrom(r)
		said <- b.String()
	}()
	do()
	os.Stderr = before
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return <-said
}
