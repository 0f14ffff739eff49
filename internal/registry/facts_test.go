package registry

import (
	"net/http"
	"testing"
)

// Facts name each image once, hold what was said, and leave out what is no reference. The mirror is asked for what Docker Hub serves.
func TestFacts(t *testing.T) {
	index := indexOf("linux/arm64", "linux/amd64")
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v2/here/manifests/1", "/v2/here/manifests/" + digestOf(index), "/v2/library/nginx/manifests/1", "/v2/library/nginx/manifests/" + digestOf(index):
			content(w, ociIndex, index)
		case "/v2/closed/manifests/1":
			w.WriteHeader(http.StatusForbidden)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	empty := serve(t, http.NotFoundHandler())
	ask := func(mirror string, refs ...string) map[string]string {
		c, _ := asker(Options{HubBase: "https://" + host, Mirror: "https://" + mirror}, nil)
		out := map[string]string{}
		for _, a := range c.Facts(t.Context(), refs).Answers {
			text := map[bool]string{true: "served", false: "gone"}[a.Served.Or(false)]
			if !a.Served.Known() {
				text = a.Served.Why()
			}
			if m, known := a.Mirror.Get(); known {
				text += map[bool]string{true: ", mirrored", false: ", not mirrored"}[m]
			}
			for _, p := range a.Platforms.Or(nil) {
				text += " " + p
			}
			if _, twice := out[a.Ref]; twice || a.Name != a.Ref {
				t.Errorf("%s is answered twice, or under another name", a.Ref)
			}
			out[a.Ref] = text
		}
		return out
	}
	for _, tc := range []struct {
		name, mirror, ref, key, want string
	}{
		{"served", host, host + "/here:1", host + "/here:1", "served linux/amd64 linux/arm64"},
		{"gone", empty, host + "/gone:1", host + "/gone:1", "gone"},
		{"refused", empty, host + "/closed:1", host + "/closed:1", "403"},
		{"of Docker Hub, mirrored", host, "nginx:1", "docker.io/library/nginx:1", "served, mirrored linux/amd64 linux/arm64"},
		{"of Docker Hub, not mirrored", empty, "nginx:1", "docker.io/library/nginx:1", "served, not mirrored"},
		{"gone from Docker Hub", host, "redis:1", "docker.io/library/redis:1", "gone"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ask(tc.mirror, tc.ref, "Nginx", tc.key)
			if len(got) != 1 || got[tc.key] != tc.want {
				t.Errorf("got %v, want %s", got, tc.want)
			}
		})
	}
	if got := ask(empty); len(got) != 0 {
		t.Errorf("nothing was asked, and %v is the answer", got)
	}
}
