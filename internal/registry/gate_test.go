package registry

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const googleSecret = "ya29.a-google-token-of-nobody"

func givesToken(context.Context) (string, error) { return googleSecret, nil }

func noToken(t testing.TB) func(context.Context) (string, error) {
	return func(context.Context) (string, error) {
		t.Error("a Google token was fetched for a registry that is not Google's")
		return "", nil
	}
}

func TestGoogleHosts(t *testing.T) {
	for address, want := range map[string]bool{
		"https://gcr.io": true, "https://eu.gcr.io": true, "https://us-docker.pkg.dev": true, "https://US-DOCKER.PKG.DEV:443": true,
		"http://gcr.io": false, "https://gcr.io:8443": false, "https://gcr.io.example.com": false, "https://notgcr.io": false,
		"https://k8s.gcr.io": false, "https://pkg.dev.example": false, "https://docker.io": false, "https://127.0.0.1": false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if google(u) != want {
			t.Errorf("%s: %v", address, !want)
		}
	}
}

// A Google token goes to the token realm of its own registry, and nowhere else: not to the redirected download, not to other registries.
func TestGoogleTokenStays(t *testing.T) {
	tokens, elsewhere := &tokenServer{password: googleSecret}, &visits{}
	download := serve(t, watched(elsewhere, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"os":"linux","architecture":"arm64"}`)
	}))
	config := `{"os":"linux","architecture":"arm64"}`
	body := `{"schemaVersion":2,"config":{"mediaType":"` + ociConfig + `","size":1,"digest":"` + digestOf(config) + `"},"layers":[]}`
	seen := &visits{}
	mux := http.NewServeMux()
	mux.Handle("/v2/token", tokens)
	mux.Handle("/v2/p/r/app/", watched(seen, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "):
			w.Header().Set("WWW-Authenticate", `Bearer realm="https://`+r.Host+`/v2/token",service="`+r.Host+`"`)
			w.WriteHeader(http.StatusUnauthorized)
		case strings.Contains(r.URL.Path, "/blobs/"):
			http.Redirect(w, r, "https://elsewhere.example.com/signed?X-Goog-Signature=abc", http.StatusTemporaryRedirect)
		default:
			content(w, ociManifest, body)
		}
	}))
	host := serve(t, mux)
	c, _ := asker(Options{GoogleToken: givesToken}, map[string]string{"us-docker.pkg.dev": host, "elsewhere.example.com": download})
	a := of(t, c, "us-docker.pkg.dev/p/r/app:1")
	if a.Served != Yes || len(a.Platforms) != 1 || a.Platforms[0] != "linux/arm64" {
		t.Fatalf("got %+v", a)
	}
	if got := tokens.visits.all(); len(got) != 1 || !strings.HasPrefix(got[0].authorization, "Basic ") {
		t.Errorf("the token realm saw %+v", got)
	}
	for _, v := range seen.all() {
		if strings.Contains(v.authorization, googleSecret) || strings.HasPrefix(v.authorization, "Basic") {
			t.Errorf("the registry saw %+v", v)
		}
	}
	for _, v := range elsewhere.all() {
		if v.authorization != "" || v.referer != "" {
			t.Errorf("the download saw %+v", v)
		}
	}
	if len(elsewhere.all()) != 1 {
		t.Errorf("%d downloads", len(elsewhere.all()))
	}
}

// Nothing keeps credentials along a redirect, not even to the same host.
func TestNoCredentialsAlongRedirects(t *testing.T) {
	seen := &visits{}
	body := indexOf("linux/amd64")
	host := serve(t, watched(seen, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/token":
			_, _ = io.WriteString(w, `{"access_token":"of-this-registry"}`)
		case strings.HasPrefix(r.URL.Path, "/download"):
			content(w, ociIndex, body)
		case r.Header.Get("Authorization") == "Bearer of-this-registry":
			http.Redirect(w, r, "/download", http.StatusFound)
		default:
			w.Header().Set("WWW-Authenticate", `Bearer realm="https://`+r.Host+`/token"`)
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	c, _ := asker(Options{}, nil)
	if a := of(t, c, host+"/app:1"); a.Served != Yes || a.MediaType != ociIndex {
		t.Errorf("got %+v", a)
	}
	for _, v := range seen.all() {
		if strings.HasPrefix(v.path, "/download") && v.authorization != "" {
			t.Errorf("the redirect carried %q", v.authorization)
		}
	}
}

func TestRefused(t *testing.T) {
	token := &visits{}
	other := serve(t, watched(token, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"token":"stolen"}`) }))
	for _, tc := range []struct {
		name, why string
		answer    func(w http.ResponseWriter, r *http.Request)
	}{
		{"token realm elsewhere", "refused: token realm at elsewhere.example.com, which is not known to be registry.example.com's", challengeWith("https://elsewhere.example.com/token")},
		{"token realm on another port", "refused: token realm at registry.example.com:8443, which is not known to be registry.example.com's", challengeWith("https://registry.example.com:8443/token")},
		{"token realm on a metadata server", "refused: token realm at 169.254.169.254, which is not known to be registry.example.com's", challengeWith("https://169.254.169.254/token")},
		{"token realm over plain HTTP", "refused: token realm not https, but http", challengeWith("http://registry.example.com/token")},
		{"token realm with a password", "refused: credentials in the address of registry.example.com", challengeWith("https://a:b@registry.example.com/token")},
		{"token realm that redirects", "refused: token realm at elsewhere.example.com, which is not known to be registry.example.com's", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/token" {
				http.Redirect(w, r, "https://elsewhere.example.com/token", http.StatusFound)
				return
			}
			challengeWith("https://registry.example.com/token")(w, r)
		}},
		{"redirect to plain HTTP", "refused: plain HTTP to elsewhere.example.com", redirectTo("http://elsewhere.example.com/v2/")},
		{"redirect to a metadata server", "refused: link-local address 169.254.169.254", redirectTo("https://169.254.169.254/computeMetadata/v1/")},
		{"redirect to another scheme", "refused: not https, but file", redirectTo("file:///etc/passwd")},
		{"redirect with a password", "refused: credentials in the address of elsewhere.example.com", redirectTo("https://a:b@elsewhere.example.com/")},
		{"redirect in a circle", "refused: too many redirects", redirectTo("https://registry.example.com/v2/app/manifests/1")},
	} {
		c, _ := asker(Options{}, map[string]string{"registry.example.com": serve(t, http.HandlerFunc(tc.answer)), "elsewhere.example.com": other})
		if a := of(t, c, "registry.example.com/app:1"); a.Served != Unknown || a.Why != tc.why {
			t.Errorf("%s: %+v", tc.name, a)
		}
	}
	if len(token.all()) != 0 {
		t.Errorf("asked elsewhere: %+v", token.all())
	}
}

func challengeWith(realm string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="`+realm+`",service="registry"`)
		w.WriteHeader(http.StatusUnauthorized)
	}
}

func redirectTo(address string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, address, http.StatusTemporaryRedirect)
	}
}

// A redirect from a public registry to a private address is refused though the registry itself is fine.
func TestRedirectToPrivate(t *testing.T) {
	inside := &visits{}
	target := serve(t, watched(inside, func(http.ResponseWriter, *http.Request) {}))
	for _, to := range []string{"https://" + target + "/v2/", "https://10.0.0.1/v2/"} {
		host := serve(t, http.HandlerFunc(redirectTo(to)))
		tr := carrier(map[string]string{"registry.example.com": host})
		c := New(Options{Transport: tr})
		if a := of(t, c, "registry.example.com/app:1"); a.Served != Unknown || !strings.HasPrefix(a.Why, "refused: ") || !strings.Contains(a.Why, " address 1") {
			t.Errorf("%s: %+v", to, a)
		}
	}
	if len(inside.all()) != 0 {
		t.Errorf("asked inside: %+v", inside.all())
	}
}

// The Google token is not even fetched for a token realm elsewhere, and not sent to one that gives tokens for the registry.
func TestGoogleTokenAndOtherRealms(t *testing.T) {
	realm := &visits{}
	names := map[string]string{
		"gcr.io":                serve(t, http.HandlerFunc(challengeWith("https://elsewhere.example.com/token"))),
		"elsewhere.example.com": serve(t, watched(realm, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"token":"t"}`) })),
	}
	c, _ := asker(Options{GoogleToken: noToken(t)}, names)
	if a := of(t, c, "gcr.io/p/app:1"); a.Served != Unknown || !strings.HasPrefix(a.Why, "refused: token realm at elsewhere.example.com") {
		t.Errorf("a realm elsewhere: %+v", a)
	}
	c.realms["gcr.io"] = []string{"elsewhere.example.com"}
	if a := of(t, c, "gcr.io/p/app:1"); a.Why != "401" {
		t.Errorf("a realm of a pair: %+v", a)
	}
	for _, v := range realm.all() {
		if v.authorization != "" {
			t.Errorf("the realm saw %q", v.authorization)
		}
	}
	if len(realm.all()) == 0 {
		t.Error("the realm of the pair was not asked")
	}
}

// nowhere is a network that nothing may reach.
type nowhere struct{ t *testing.T }

func (n nowhere) RoundTrip(r *http.Request) (*http.Response, error) {
	n.t.Errorf("asked %s", r.URL)
	return nil, io.ErrClosedPipe
}

// A request for one registry does not go to another, whoever makes it.
func TestGateIsOfOneRegistry(t *testing.T) {
	c, _ := asker(Options{Transport: nowhere{t}}, nil)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://elsewhere.example.com/v2/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.gate(base("https://registry.example.com"), false).RoundTrip(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	if err == nil || err.Error() != "refused: elsewhere.example.com is not registry.example.com" {
		t.Errorf("got %v", err)
	}
}

// A challenge of the host that a redirect led to is that host's affair: no token of the registry is got for it.
func TestChallengeAfterRedirect(t *testing.T) {
	tokens := &visits{}
	c, _ := asker(Options{}, map[string]string{
		"registry.example.com": serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/token" {
				tokens.keep(r)
				return
			}
			redirectTo("https://elsewhere.example.com"+r.URL.Path)(w, r)
		})),
		"elsewhere.example.com": serve(t, http.HandlerFunc(challengeWith("https://registry.example.com/token"))),
	})
	if a := of(t, c, "registry.example.com/app:1"); a.Served != Unknown || a.Why != "401" || len(tokens.all()) != 0 {
		t.Errorf("got %+v, %d tokens", a, len(tokens.all()))
	}
}
