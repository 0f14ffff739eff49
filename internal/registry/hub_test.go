package registry

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// hub is Docker Hub: tokens at one host, manifests at another, and a mirror.
type hub struct {
	auth, registry, mirror visits
	c                      *Client
	names                  map[string]string
}

func newHub(t *testing.T, registry, mirror http.HandlerFunc) *hub {
	t.Helper()
	h := &hub{}
	h.names = map[string]string{
		"auth.docker.io": serve(t, watched(&h.auth, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"token":"of-the-hub"}`) })),
		"registry-1.docker.io": serve(t, watched(&h.registry, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer of-the-hub" {
				challengeWith("https://auth.docker.io/token")(w, r)
				return
			}
			registry(w, r)
		})),
		"mirror.gcr.io": serve(t, watched(&h.mirror, mirror)),
	}
	h.c, _ = asker(Options{GoogleToken: noToken(t)}, h.names)
	return h
}

// gets counts the requests that Docker Hub would count.
func (h *hub) gets() int {
	n := 0
	for _, v := range h.registry.all() {
		if v.method != http.MethodHead {
			n++
		}
	}
	return n
}

func TestDockerHubIsNotPulledFrom(t *testing.T) {
	body := indexOf("linux/amd64", "linux/arm64")
	serves := func(w http.ResponseWriter, _ *http.Request) { content(w, ociIndex, body) }
	h := newHub(t, serves, serves)
	a := of(t, h.c, "nginx:1.27")
	if a.Served != Yes || a.Host != "docker.io" || a.Digest != digestOf(body) || len(a.Platforms) != 2 {
		t.Errorf("got %+v", a)
	}
	if h.gets() != 0 {
		t.Errorf("Docker Hub saw %+v", h.registry.all())
	}
	m := h.mirror.all()
	if len(m) != 2 || m[0].method != http.MethodHead || m[0].path != "/v2/library/nginx/manifests/1.27" || m[1].path != "/v2/library/nginx/manifests/"+digestOf(body) {
		t.Errorf("the mirror saw %+v", m)
	}
	for _, v := range m {
		if v.authorization != "" {
			t.Errorf("the mirror was sent %q", v.authorization)
		}
	}
	if a := h.c.AskMirror(t.Context(), "docker.io/library/nginx:1.27"); a.Served != Yes || len(h.mirror.all()) != 2 {
		t.Errorf("the mirror was asked again: %+v", a)
	}
	for _, same := range []string{"registry-1.docker.io/library/nginx:1.27", "index.docker.io/library/nginx:1.27"} {
		if a := of(t, h.c, same); a.Served != Yes || h.gets() != 0 {
			t.Errorf("%s: %+v, %d pulls", same, a, h.gets())
		}
	}
}

// What the mirror said before it was read through is what AskMirror says: reading may have made it hold the image.
func TestMirrorIsAskedBeforeItIsRead(t *testing.T) {
	body := indexOf("linux/amd64")
	h := newHub(t, func(w http.ResponseWriter, _ *http.Request) { content(w, ociIndex, body) }, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		content(w, ociIndex, body)
	})
	if a := of(t, h.c, "rare/image:1"); a.Served != Yes || len(a.Platforms) != 1 {
		t.Errorf("got %+v", a)
	}
	if a := h.c.AskMirror(t.Context(), "rare/image:1"); a.Served != No {
		t.Errorf("the mirror: %+v", a)
	}
}

func TestMirrorCannotTell(t *testing.T) {
	body := indexOf("linux/amd64")
	for _, tc := range []struct {
		name, untold string
		mirror       http.HandlerFunc
	}{
		{"not held", "not read at the mirror, and Docker Hub counts it as a pull: manifest: 404", status(404)},
		{"refuses", "not read at the mirror: 403", status(403)},
		{"asks for a token, and gets none", "not read at the mirror: 401", challengeWith("https://mirror.gcr.io/token")},
		{"serves something else", "not read at the mirror, and Docker Hub counts it as a pull: " + mismatch.Error(), func(w http.ResponseWriter, _ *http.Request) {
			content(w, ociIndex, indexOf("linux/s390x"))
		}},
	} {
		h := newHub(t, func(w http.ResponseWriter, _ *http.Request) { content(w, ociIndex, body) }, tc.mirror)
		if a := of(t, h.c, "nginx:1.27"); a.Served != Yes || len(a.Platforms) != 0 || a.Untold != tc.untold {
			t.Errorf("%s: %+v", tc.name, a)
		}
	}
}

func TestAskMirrorOnly(t *testing.T) {
	h := newHub(t, status(500), func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "page") {
			_, _ = io.WriteString(w, "<html>")
			return
		}
		w.WriteHeader(http.StatusNotFound)
	})
	for ref, why := range map[string]string{
		"quay.io/a/b:1":                 "the mirror is asked only for docker.io, not for quay.io",
		"mirror.gcr.io/library/nginx:1": "the mirror is asked only for docker.io, not for mirror.gcr.io",
		"Not A Reference":               "not a reference: invalid reference format: repository name (library/Not A Reference) must be lowercase",
		"page/page:1":                   `200, but no manifest: "text/html"`,
	} {
		if a := h.c.AskMirror(t.Context(), ref); a.Served != Unknown || a.Why != why || a.Ref != ref || a.Host != "mirror.gcr.io" {
			t.Errorf("%s: %+v", ref, a)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if a := h.c.AskMirror(cancelled, "nginx:2"); a.Why != "cancelled" {
		t.Errorf("cancelled: %+v", a)
	}
	if n := len(h.registry.all()); n != 0 {
		t.Errorf("Docker Hub was asked %d times", n)
	}
}

func TestHubAllowance(t *testing.T) {
	for _, tc := range []struct {
		name string
		hub  http.HandlerFunc
		want Allowance
		err  string
	}{
		{"limited", status(200, "Ratelimit-Limit", "100;w=21600", "Ratelimit-Remaining", "87;w=21600", "Docker-Ratelimit-Source", "192.0.2.1"),
			Allowance{Limit: 100, Remaining: 87, Window: 6 * time.Hour, Source: "192.0.2.1"}, ""},
		{"used up", status(429, "Ratelimit-Limit", "100;w=21600", "Ratelimit-Remaining", "0;w=21600", "Retry-After", "900"),
			Allowance{Limit: 100, Window: 6 * time.Hour}, ""},
		{"unlimited", status(200), Allowance{Unlimited: true}, ""},
		{"no window", status(200, "Ratelimit-Limit", "100", "Ratelimit-Remaining", "1"), Allowance{Limit: 100, Remaining: 1}, ""},
		{"half", status(200, "Ratelimit-Limit", "100;w=21600"), Allowance{}, `docker hub's allowance: ratelimit-remaining: "" is no number`},
		{"nonsense", status(200, "Ratelimit-Limit", "many", "Ratelimit-Remaining", "1"), Allowance{}, `docker hub's allowance: ratelimit-limit: "many" is no number`},
		{"no seconds", status(200, "Ratelimit-Limit", "100;w=day", "Ratelimit-Remaining", "1"), Allowance{}, `docker hub's allowance: ratelimit-limit: "w=day" is no window`},
		{"too many requests of any kind", status(429, "Retry-After", "900"), Allowance{}, "docker hub's allowance: 429: it asks to be left alone for 900 s"},
		{"forbidden", status(403), Allowance{}, "docker hub's allowance: 403"},
	} {
		h := newHub(t, tc.hub, status(404))
		got, err := h.c.HubAllowance(t.Context())
		if got != tc.want || (err == nil) != (tc.err == "") || err != nil && err.Error() != tc.err {
			t.Errorf("%s: %+v, %v", tc.name, got, err)
		}
		if h.gets() != 0 || len(h.mirror.all()) != 0 {
			t.Errorf("%s: Docker Hub saw %+v", tc.name, h.registry.all())
		}
		for _, v := range h.registry.all() {
			if v.path != "/v2/ratelimitpreview/test/manifests/latest" {
				t.Errorf("%s: asked %s", tc.name, v.path)
			}
		}
	}
}

// Other hosts stand in for Docker Hub's where the options say so, and are then a pair of their own.
func TestHubElsewhere(t *testing.T) {
	auth := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"access_token":"t"}`) }))
	registry := serve(t, status(200, "Ratelimit-Limit", "10;w=60", "Ratelimit-Remaining", "9;w=60"))
	c, _ := asker(Options{HubBase: "https://" + registry, HubAuth: "https://" + auth + "/token"}, nil)
	if a, err := c.HubAllowance(t.Context()); err != nil || a.Limit != 10 || a.Window != time.Minute {
		t.Errorf("got %+v, %v", a, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.HubAllowance(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for _, o := range []Options{{HubBase: "https://" + registry, HubAuth: "http://" + auth}, {HubBase: "http://" + registry, HubAuth: "https://" + auth}, {HubBase: "://"}, {HubAuth: "://"}} {
		c, _ := asker(o, nil)
		if a, err := c.HubAllowance(t.Context()); err == nil {
			t.Errorf("%+v: %+v", o, a)
		}
	}
}
