package registry

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/distribution/distribution/v3/configuration"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

func TestPlainRegistry(t *testing.T) {
	host := serve(t, distribution(t, nil))
	push(t, carrier(nil), host+"/app:one", imageFor(t, "linux", "arm64", "v8"), nil)
	push(t, carrier(nil), host+"/app:many", nil, indexFor(t, v1.Platform{OS: "linux", Architecture: "amd64"},
		v1.Platform{OS: "linux", Architecture: "arm64", Variant: "v8"}, v1.Platform{OS: "linux", Architecture: "arm", Variant: "v7"}))
	c, _ := asker(Options{}, nil)
	one := of(t, c, host+"/app:one")
	if one.Served != Yes || one.Host != host || !slices.Equal(one.Platforms, []string{"linux/arm64"}) || one.Schema1 || one.Untold != "" {
		t.Errorf("one platform, told by the config: %+v", one)
	}
	many := of(t, c, host+"/app:many")
	if many.Served != Yes || many.MediaType != ociIndex || !slices.Equal(many.Platforms, []string{"linux/amd64", "linux/arm/v7", "linux/arm64"}) {
		t.Errorf("an index: %+v", many)
	}
	if pinned := of(t, c, host+"/app@"+many.Digest); pinned.Served != Yes || pinned.Digest != many.Digest || !slices.Equal(pinned.Platforms, many.Platforms) {
		t.Errorf("by digest: %+v", pinned)
	}
	for _, missing := range []string{host + "/app:other", host + "/nothing:one", host + "/app@" + digestOf("nothing")} {
		if a := of(t, c, missing); a.Served != No || a.Why != "" {
			t.Errorf("%s: %+v", missing, a)
		}
	}
}

func TestTokenRegistry(t *testing.T) {
	tokens := &tokenServer{}
	host := guardedRegistry(t, tokens)
	push(t, carrier(nil), host+"/team/app:1", imageFor(t, "linux", "amd64", ""), nil)
	push(t, carrier(nil), host+"/team/app:2", imageFor(t, "linux", "arm64", ""), nil)
	before := len(tokens.visits.all())
	c, _ := asker(Options{GoogleToken: noToken(t)}, nil)
	answers := c.Ask(t.Context(), []string{host + "/team/app:1", host + "/team/app:2", host + "/team/app:3"})
	for ref, want := range map[string]Served{host + "/team/app:1": Yes, host + "/team/app:2": Yes, host + "/team/app:3": No} {
		if answers[ref].Served != want {
			t.Errorf("%s: %+v", ref, answers[ref])
		}
	}
	if got := answers[host+"/team/app:2"].Platforms; !slices.Equal(got, []string{"linux/arm64"}) {
		t.Errorf("platforms %v", got)
	}
	if n := len(tokens.visits.all()) - before; n != 1 {
		t.Errorf("%d tokens for one repository, want 1", n)
	}
}

func TestTokenRefused(t *testing.T) {
	host := guardedRegistry(t, &tokenServer{password: "known to others"})
	c, _ := asker(Options{}, nil)
	a := of(t, c, host+"/team/app:1")
	if a.Served != Unknown || !strings.HasPrefix(a.Why, `403: DENIED: Permission "artifactregistry.repositories.downloadArtifacts" denied`) {
		t.Errorf("got %+v", a)
	}
}

// A token that has expired is got anew, once.
func TestTokenExpires(t *testing.T) {
	tokens := &tokenServer{}
	host := guardedRegistry(t, tokens)
	push(t, carrier(nil), host+"/app:1", imageFor(t, "linux", "amd64", ""), nil)
	c, _ := asker(Options{}, nil)
	old, err := sign(map[string]any{"iss": issuer, "aud": service, "exp": 1})
	if err != nil {
		t.Fatal(err)
	}
	c.tokens.kept, c.tokens.calls = map[string]string{host + "/app": "Bearer " + old}, map[string]*call[string]{}
	if a := of(t, c, host+"/app:1"); a.Served != Yes {
		t.Errorf("got %+v", a)
	}
}

// What a pull-through cache holds it serves without its upstream; what it does not hold it does not have.
func TestPullThroughCacheWithoutUpstream(t *testing.T) {
	upstream := plainServer(t, distribution(t, nil))
	from := strings.TrimPrefix(upstream.URL, "http://")
	push(t, http.DefaultTransport, from+"/app:held", nil, indexFor(t, v1.Platform{OS: "linux", Architecture: "amd64"}))
	push(t, http.DefaultTransport, from+"/app:never", nil, indexFor(t, v1.Platform{OS: "linux", Architecture: "arm64"}))
	host := serve(t, distribution(t, func(c *configuration.Configuration) { c.Proxy.RemoteURL = upstream.URL }))
	c, _ := asker(Options{}, nil)
	held := of(t, c, host+"/app:held")
	if held.Served != Yes || !slices.Equal(held.Platforms, []string{"linux/amd64"}) {
		t.Fatalf("with its upstream: %+v", held)
	}
	upstream.Close()
	fresh, _ := asker(Options{}, nil)
	if again := of(t, fresh, host+"/app:held"); again.Served != Yes || again.Digest != held.Digest || !slices.Equal(again.Platforms, held.Platforms) {
		t.Errorf("held, without its upstream: %+v", again)
	}
	if a := of(t, fresh, host+"/app:never"); a.Served != No {
		t.Errorf("never held, without its upstream: %+v", a)
	}
	if a := of(t, fresh, host+"/app@"+digestOf("never")); a.Served == Yes || a.Served == Unknown && a.Why == "" {
		t.Errorf("a digest never held, without its upstream: %+v", a)
	}
}

// The same through AskMirror: what GKE's nodes meet without an internet path.
func TestMirrorWithoutUpstream(t *testing.T) {
	upstream := plainServer(t, distribution(t, nil))
	from := strings.TrimPrefix(upstream.URL, "http://")
	push(t, http.DefaultTransport, from+"/library/nginx:1.27", nil, indexFor(t, v1.Platform{OS: "linux", Architecture: "amd64"}))
	host := serve(t, distribution(t, func(c *configuration.Configuration) { c.Proxy.RemoteURL = upstream.URL }))
	c, _ := asker(Options{Mirror: "https://" + host}, nil)
	if a := c.AskMirror(t.Context(), "nginx:1.27"); a.Served != Yes || a.Host != host || a.Digest == "" || a.Ref != "nginx:1.27" {
		t.Errorf("held: %+v", a)
	}
	upstream.Close()
	if a := c.AskMirror(t.Context(), "rare/image:3"); a.Served != No || a.Why != "" {
		t.Errorf("not held: %+v", a)
	}
}
