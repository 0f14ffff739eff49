package registry

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// faulty answers the first requests with a fault and the others with an index.
func faulty(t testing.TB, times int, fault http.HandlerFunc) (host string, v *visits) {
	v = &visits{}
	body := indexOf("linux/amd64")
	return serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := v.keep(r); n <= times {
			fault(w, r)
			return
		}
		content(w, ociIndex, body)
	})), v
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

// half writes half of what it promised, then drops the connection.
func half(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", ociIndex)
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"schemaVersion":2,`)
}

func drop(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestFaults(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, tc := range []struct {
		name   string
		times  int
		fault  http.HandlerFunc
		served Served
		why    string
		waited []time.Duration
	}{
		{"429 with seconds", 1, status(429, "Retry-After", "7"), Yes, "", []time.Duration{7 * time.Second}},
		{"429 with a date", 1, status(429, "Retry-After", at.Add(20*time.Second).Format(http.TimeFormat)), Yes, "", []time.Duration{20 * time.Second}},
		{"429 with a date that is past", 1, status(429, "Retry-After", at.Add(-time.Hour).Format(http.TimeFormat)), Yes, "", nil},
		{"429 without", 1, status(429), Yes, "", []time.Duration{time.Second}},
		{"429 for an hour", 9, status(429, "Retry-After", "3600"), Unknown, "429: it asks to be left alone for 3600 s", nil},
		{"429 for ever", 9, status(429), Unknown, "429", []time.Duration{time.Second, 2 * time.Second}},
		{"429 in small portions", 9, status(429, "Retry-After", "30"), Unknown, "429: it asks to be left alone for 30 s", []time.Duration{30 * time.Second, 30 * time.Second}},
		{"503 with seconds", 1, status(503, "Retry-After", "3"), Yes, "", []time.Duration{3 * time.Second}},
		{"503 with nonsense", 1, status(503, "Retry-After", "soon"), Yes, "", []time.Duration{time.Second}},
		{"500 twice", 2, status(500), Yes, "", []time.Duration{time.Second, 2 * time.Second}},
		{"500 for ever", 9, status(500), Unknown, "500", []time.Duration{time.Second, 2 * time.Second}},
		{"dropped once", 1, drop, Yes, "", []time.Duration{time.Second}},
		{"400", 9, status(400), Unknown, "400", nil},
		{"401 without a challenge", 9, status(401), Unknown, "401", nil},
		{"401 for passwords", 9, status(401, "WWW-Authenticate", `Basic realm="a"`), Unknown, "401", nil},
		{"403", 9, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"errors":[{"code":"DENIED","message":"Request is prohibited by organization's policy"}]}`)
		}, Unknown, "403: DENIED: Request is prohibited by organization's policy", nil},
		{"404", 9, status(404), No, "", nil},
		{"a page for everything", 9, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, "<html>")
		}, Unknown, `200, but no manifest: "text/html"`, nil},
		{"HEAD is not known", 1, status(405), Yes, "", nil},
	} {
		host, _ := faulty(t, tc.times, tc.fault)
		c, k := asker(Options{}, nil)
		a := of(t, c, host+"/app:1")
		if a.Served != tc.served || a.Why != tc.why {
			t.Errorf("%s: %+v", tc.name, a)
		}
		if !slices.Equal(k.waited, tc.waited) {
			t.Errorf("%s: waited %v, want %v", tc.name, k.waited, tc.waited)
		}
	}
}

// The manifest is there, but reading it breaks off: served, platforms untold, and asked again by the next who asks.
func TestTruncated(t *testing.T) {
	v, whole := &visits{}, atomic.Bool{}
	host := serve(t, watched(v, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && !whole.Load() {
			half(w, r)
			return
		}
		content(w, ociIndex, indexOf("linux/amd64"))
	}))
	c, _ := asker(Options{}, nil)
	a := of(t, c, host+"/app:1")
	if a.Served != Yes || len(a.Platforms) != 0 || a.Untold != "the answer broke off: unexpected EOF" {
		t.Errorf("got %+v", a)
	}
	if n := len(v.all()); n != 1+attempts {
		t.Errorf("%d requests", n)
	}
	whole.Store(true)
	if a := of(t, c, host+"/app:1"); len(a.Platforms) != 1 || a.Untold != "" {
		t.Errorf("asked again: %+v", a)
	}
}

func TestTooLarge(t *testing.T) {
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", ociIndex)
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, strings.Repeat(" ", most+1))
		}
	}))
	c, _ := asker(Options{}, nil)
	if a := of(t, c, host+"/app:1"); a.Served != Yes || a.Untold != "the answer is larger than 8 MiB" {
		t.Errorf("got %+v", a)
	}
}

// A server that says nothing costs one request's time, and is not asked again for it.
func TestHanging(t *testing.T) {
	v := &visits{}
	host := serve(t, watched(v, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	c, k := asker(Options{Timeout: 50 * time.Millisecond}, nil)
	if a := of(t, c, host+"/app:1"); a.Served != Unknown || a.Why != "timeout" {
		t.Errorf("got %+v", a)
	}
	// On a busy machine the time is over before the server has noticed the visit.
	if len(v.all()) > 1 || len(k.waited) != 0 {
		t.Errorf("%+v, waited %v", v.all(), k.waited)
	}
}

func TestCancelled(t *testing.T) {
	begun := make(chan struct{}, 1)
	host := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		begun <- struct{}{}
		<-r.Context().Done()
	}))
	c, _ := asker(Options{Timeout: time.Hour, Concurrency: 1}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-begun
		cancel()
	}()
	for ref, a := range c.Ask(ctx, []string{host + "/app:1", host + "/app:2", host + "/app:3"}) {
		if a.Ref != ref || a.Served != Unknown || a.Why != "cancelled" {
			t.Errorf("got %+v", a)
		}
	}
	ended, end := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer end()
	if a := c.Ask(ended, []string{host + "/app:4"})[host+"/app:4"]; a.Why != "timeout" {
		t.Errorf("past its deadline: %+v", a)
	}
}

// When a host asks to be left alone, it asks all: a second reference waits without being told itself.
func TestPauseIsTheHosts(t *testing.T) {
	host, v := faulty(t, 1, status(429, "Retry-After", "100"))
	c, k := asker(Options{}, nil)
	if a := of(t, c, host+"/app:1"); a.Why != "429: it asks to be left alone for 100 s" {
		t.Errorf("got %+v", a)
	}
	if a := of(t, c, host+"/app:2"); a.Why != "429: it asks to be left alone for 100 s" || len(v.all()) != 1 {
		t.Errorf("asked meanwhile: %+v, %d requests", a, len(v.all()))
	}
	if err := k.wait(t.Context(), 80*time.Second); err != nil {
		t.Fatal(err)
	}
	if a := of(t, c, host+"/app:2"); a.Served != Yes || k.waited[1] != 20*time.Second {
		t.Errorf("asked later: %+v, waited %v", a, k.waited)
	}
}

// A host that keeps asking for more time, while a request waits because of what others were told, is not waited for without end.
func TestPauseThatIsRenewed(t *testing.T) {
	c, k := asker(Options{Transport: nowhere{t}}, nil)
	renew := func() {
		c.wire.mu.Lock()
		defer c.wire.mu.Unlock()
		c.wire.pauses["registry.example.com"] = rest{status: 503, until: k.now().Add(20 * time.Second)}
	}
	renew()
	c.wire.wait = func(ctx context.Context, d time.Duration) error {
		err := k.wait(ctx, d)
		renew()
		return err
	}
	if a := of(t, c, "registry.example.com/app:1"); a.Why != "503: it asks to be left alone for 20 s" || len(k.waited) != 3 {
		t.Errorf("got %+v, waited %v", a, k.waited)
	}
}

// crowd is a network in which no request ends before three are under way, and then gives more the time to come.
type crowd struct {
	now, most atomic.Int32
	three     chan struct{}
}

func (c *crowd) RoundTrip(r *http.Request) (*http.Response, error) {
	n := c.now.Add(1)
	defer c.now.Add(-1)
	for old := c.most.Load(); n > old && !c.most.CompareAndSwap(old, n); old = c.most.Load() {
		continue
	}
	if n == 3 {
		select {
		case <-c.three:
		default:
			close(c.three)
		}
	}
	<-c.three
	for range 100 {
		runtime.Gosched()
	}
	return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Request: r}, nil
}

func TestConcurrencyIsBounded(t *testing.T) {
	network := &crowd{three: make(chan struct{})}
	c, _ := asker(Options{Concurrency: 3, Transport: network}, nil)
	var refs []string
	for i := range 60 {
		refs = append(refs, "registry.example.com/app:"+strconv.Itoa(i))
	}
	for ref, a := range c.Ask(t.Context(), refs) {
		if a.Served != No {
			t.Errorf("%s: %+v", ref, a)
		}
	}
	if n := network.most.Load(); n != 3 {
		t.Errorf("%d requests at once, want 3", n)
	}
}
