package registry

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

// However many ask, in one call or in many, and however they spell it, a registry gets one question for each image.
func TestOneQuestionForAll(t *testing.T) {
	v := &visits{}
	host := serve(t, watched(v, func(w http.ResponseWriter, _ *http.Request) { content(w, ociIndex, indexOf("linux/amd64")) }))
	c, _ := asker(Options{Concurrency: 4}, nil)
	digest := digestOf(indexOf("linux/amd64"))
	spellings := []string{host + "/app", host + "/app:latest", host + "/app", host + "/app@" + digest, host + "/app:2@" + digest}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			answers := c.Ask(t.Context(), spellings)
			if len(answers) != 4 {
				t.Errorf("%d answers", len(answers))
			}
			for ref, a := range answers {
				if a.Ref != ref || a.Served != Yes || len(a.Platforms) != 1 {
					t.Errorf("%s: %+v", ref, a)
				}
				a.Platforms[0] = "written by an asker"
			}
		})
	}
	all.Wait()
	if n := len(v.all()); n != 4 {
		t.Errorf("%d requests, want HEAD and GET for two images", n)
	}
}

// What went wrong is not remembered as an answer.
func TestErrorsAreForgotten(t *testing.T) {
	var well atomic.Bool
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !well.Load() {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		content(w, ociIndex, indexOf("linux/amd64"))
	}))
	c, _ := asker(Options{Mirror: "https://" + host}, nil)
	if a := of(t, c, host+"/app:1"); a.Why != "403" {
		t.Errorf("got %+v", a)
	}
	if a := c.AskMirror(t.Context(), "app:1"); a.Why != "403" {
		t.Errorf("the mirror: %+v", a)
	}
	well.Store(true)
	if a := of(t, c, host+"/app:1"); a.Served != Yes {
		t.Errorf("asked again: %+v", a)
	}
	if a := c.AskMirror(t.Context(), "app:1"); a.Served != Yes {
		t.Errorf("the mirror, asked again: %+v", a)
	}
}

// Nor is an answer that turned out to be none, for all that nothing broke.
func TestNoManifestIsForgotten(t *testing.T) {
	var well atomic.Bool
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case well.Load():
			content(w, ociIndex, indexOf("linux/amd64"))
		case r.Method == http.MethodGet:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	c, _ := asker(Options{}, nil)
	if a := of(t, c, host+"/app:1"); a.Served != Unknown || a.Why != "manifest: 404" {
		t.Errorf("got %+v", a)
	}
	well.Store(true)
	if a := of(t, c, host+"/app:1"); a.Served != Yes {
		t.Errorf("asked again: %+v", a)
	}
}

func TestProgress(t *testing.T) {
	host := serve(t, status(404))
	var told []string
	c, _ := asker(Options{Progress: func(done, total int) { told = append(told, fmt.Sprint(done, "/", total)) }}, nil)
	refs := []string{host + "/a:1", host + "/b:1", host + "/a:1", host + "/c", host + "/c:latest", "Not A Reference"}
	answers := c.Ask(t.Context(), refs)
	if len(answers) != 5 || len(told) != 3 || told[2] != "3/3" || told[0] != "1/3" {
		t.Errorf("%d answers, told %v", len(answers), told)
	}
	if a := answers["Not A Reference"]; a.Served != Unknown || a.Why != "not a reference: invalid reference format: repository name (library/Not A Reference) must be lowercase" || a.Ref != "Not A Reference" {
		t.Errorf("got %+v", a)
	}
	if got := c.Ask(t.Context(), nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// Many images at many registries at once, for the race detector.
func TestMany(t *testing.T) {
	tokens := &tokenServer{}
	guarded, open := guardedRegistry(t, tokens), serve(t, distribution(t, nil))
	for _, host := range []string{guarded, open} {
		push(t, carrier(nil), host+"/app:1", imageFor(t, "linux", "amd64", ""), nil)
	}
	c, _ := asker(Options{Concurrency: 5, Progress: func(int, int) {}}, nil)
	var all sync.WaitGroup
	for asker := range 20 {
		all.Go(func() {
			var refs []string
			for i := range 10 {
				refs = append(refs, fmt.Sprintf("%s/app:%d", guarded, i), fmt.Sprintf("%s/app:%d", open, (i+asker)%10))
			}
			for ref, a := range c.Ask(t.Context(), refs) {
				want := No
				if ref == guarded+"/app:1" || ref == open+"/app:1" {
					want = Yes
				}
				if a.Served != want {
					t.Errorf("%s: %+v", ref, a)
				}
			}
		})
	}
	all.Wait()
}
