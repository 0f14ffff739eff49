package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/googleapis/gax-go/v2/callctx"
)

// paged is the request for a page, as a generated client makes it between pages: without the context, with its headers.
func paged(question context.Context, t *testing.T, url string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(question), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range callctx.HeadersFromContext(question) {
		req.Header[name] = values
	}
	return req
}

// A request for a page gets the context of its question back, and nothing of how it was found.
func TestTrail(t *testing.T) {
	var all trails
	asker, cancel := context.WithCancel(t.Context())
	question, end := all.begin(asker)
	other, endOther := all.begin(t.Context())
	defer endOther()
	for _, page := range []string{"https://host/list", "https://host/list?pageToken=a"} {
		req, err := all.visit(paged(question, t, page))
		if err != nil || req.Context().Err() != nil || len(req.Header) != 0 {
			t.Errorf("%s: %v, %v, headers %v", page, err, req.Context().Err(), req.Header)
		}
	}
	if _, err := all.visit(paged(question, t, "https://host/list")); !errors.Is(err, errCircle) {
		t.Errorf("a page that was read: %v", err)
	}
	if _, err := all.visit(paged(other, t, "https://host/list")); err != nil {
		t.Errorf("the same page of another question: %v", err)
	}
	cancel()
	if req, err := all.visit(paged(question, t, "https://host/list?pageToken=b")); err != nil || req.Context().Err() == nil {
		t.Errorf("the asker gave up, and the page is asked for: %v", err)
	}
	end()
	late := paged(question, t, "https://host/list?pageToken=c")
	if req, err := all.visit(late); err != nil || req != late {
		t.Errorf("after the question: %v", err)
	}
	if plain, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://host/", nil); plain != nil {
		if req, err := all.visit(plain); err != nil || req != plain {
			t.Errorf("a request of no question: %v", err)
		}
	}
}

// A list that never ends is given up.
func TestEndlessList(t *testing.T) {
	var all trails
	question, end := all.begin(t.Context())
	defer end()
	for n := range mostPages + 1 {
		if _, err := all.visit(paged(question, t, fmt.Sprint("https://host/list?pageToken=", n))); (err != nil) != (n == mostPages) {
			t.Fatalf("page %d: %v", n, err)
		}
	}
}
