package live

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Who gives up is answered at once, in the middle of a list as well.
func TestCancelled(t *testing.T) {
	for _, match := range []fake.Match{{Path: "/container/v1/projects/shop/locations/-/clusters"}, {Permission: "compute.subnetworks.list", Pages: true}, {Permission: "dns.managedZones.list"}} {
		s := serve(t, estate())
		s.Pages(1)
		s.Fault(match, fake.Hang())
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, _, err := client(t, s).Read(ctx, everything())
			ended <- err
		}()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%v: %v", match, err)
		}
	}
}

// transport is a function that carries requests.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// over is a context whose deadline passes when its test says so.
type over struct {
	context.Context
	done chan struct{}
}

func (o over) Done() <-chan struct{} { return o.done }

func (o over) Err() error {
	select {
	case <-o.done:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// A question that had all its time costs its own collection and no other.
func TestTimedOut(t *testing.T) {
	slow := transport(func(req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, "/global/routes") {
			if deadline, set := req.Context().Deadline(); !set || time.Until(deadline) > 2*time.Minute {
				t.Error("the request has no deadline, or a later one")
			}
			return nil, context.DeadlineExceeded
		}
		return http.DefaultTransport.RoundTrip(req)
	})
	s := serve(t, estate())
	facts, _ := read(t, client(t, s, func(o *Options) { o.Transport = slow }), everything())
	if got := refusalOf(facts, topology.Routes, "net"); got != "timed out after 2m: compute.routes.list" {
		t.Errorf("%q", got)
	}
	if got := refusalOf(facts, topology.Routers, "net"); got != "" {
		t.Errorf("routers: %q", got)
	}
	for d, want := range map[time.Duration]string{2 * time.Minute: "2m", 90 * time.Second: "90s", 1500 * time.Millisecond: "1.5s"} {
		if got := brief(d); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// An asker whose own time is over keeps what was read until then.
func TestAskerTimedOut(t *testing.T) {
	ctx := over{t.Context(), make(chan struct{})}
	end := sync.OnceFunc(func() { close(ctx.done) })
	hanging := transport(func(req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, "/global/routes") {
			end()
			<-req.Context().Done()
			return nil, req.Context().Err()
		}
		return http.DefaultTransport.RoundTrip(req)
	})
	facts, _, err := client(t, serve(t, estate()), func(o *Options) { o.Transport = hanging }).Read(ctx, everything())
	if got := refusalOf(facts, topology.Routes, "net"); err != nil || got != "timed out: compute.routes.list" || len(facts.Clusters) != 2 {
		t.Errorf("%q, %d clusters, %v", got, len(facts.Clusters), err)
	}
}

// counting lets through and knows how many were under way at once.
type counting struct {
	now, most atomic.Int32
}

func (c *counting) RoundTrip(req *http.Request) (*http.Response, error) {
	n := c.now.Add(1)
	defer c.now.Add(-1)
	for {
		most := c.most.Load()
		if n <= most || c.most.CompareAndSwap(most, n) {
			break
		}
	}
	return http.DefaultTransport.RoundTrip(req)
}

func TestConcurrency(t *testing.T) {
	var c counting
	read(t, client(t, serve(t, estate()), func(o *Options) { o.Concurrency, o.Transport = 2, &c }), everything())
	if most := c.most.Load(); most < 1 || most > 2 {
		t.Errorf("%d requests at once, at most 2", most)
	}
}

// One that gives up does not take the answer from the others; errors are not remembered, answers are.
func TestMemo(t *testing.T) {
	var m memo
	release, begun := make(chan struct{}), make(chan struct{})
	var asked atomic.Int32
	ask := func(ctx context.Context) (any, error) {
		if asked.Add(1) == 1 {
			close(begun)
		}
		select {
		case <-release:
			return "answer", nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	hasty, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() { _, err := m.do(hasty, "k", ask); gone <- err }()
	<-begun
	patient := make(chan any, 1)
	joined := make(chan struct{})
	go func() {
		close(joined)
		v, _ := m.do(t.Context(), "k", ask)
		patient <- v
	}()
	<-joined
	for waits := 0; waits < 2; {
		m.mu.Lock()
		waits = m.asked["k"].askers
		m.mu.Unlock()
	}
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("the hasty one: %v", err)
	}
	close(release)
	if v := <-patient; v != "answer" || asked.Load() != 1 {
		t.Errorf("the patient one: %v after %d questions", v, asked.Load())
	}
	if v, err := m.do(t.Context(), "k", func(context.Context) (any, error) { return nil, errors.New("asked again") }); v != "answer" || err != nil {
		t.Errorf("not remembered: %v, %v", v, err)
	}
	for range 2 {
		if _, err := m.do(t.Context(), "e", func(context.Context) (any, error) { asked.Add(1); return nil, errors.New("no") }); err == nil {
			t.Error("no error")
		}
	}
	if asked.Load() != 3 {
		t.Errorf("%d questions: an error was remembered", asked.Load())
	}
}

// What nobody waits for any more is given up, and who asks next begins anew.
func TestMemoGivesUp(t *testing.T) {
	var m memo
	ctx, cancel := context.WithCancel(t.Context())
	cancelled := make(chan struct{})
	_, err := m.do(ctx, "k", func(own context.Context) (any, error) {
		cancel()
		<-own.Done()
		close(cancelled)
		return nil, own.Err()
	})
	<-cancelled
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if v, err := m.do(t.Context(), "k", func(context.Context) (any, error) { return 1, nil }); v != 1 || err != nil {
		t.Errorf("%v, %v", v, err)
	}
}

func TestShadows(t *testing.T) {
	for zone, want := range map[string]bool{
		"gcr.io.": true, "GCR.io": true, "eu.gcr.io.": true, ".": true, "io.": true, "com.": true, "pkg.dev.": true, "us-docker.pkg.dev.": true, "dev.": true,
		"private.googleapis.com.": true, "corp.example.": false, "mygcr.io.": false, "r.io.": false, "google.com.": false, "example.com.": false,
	} {
		if shadows(zone) != want {
			t.Errorf("%s: %v", zone, !want)
		}
	}
}

// A refusal is one line without an address.
func TestRefusalsAreOneLine(t *testing.T) {
	s := serve(t, estate())
	s.Fault(fake.Match{API: "compute"}, fake.Status(400, `{"error":{"code":400,"message":"bad\nBearer abc.def http://x/?key=1"}}`))
	facts, _ := read(t, client(t, s), everything())
	for _, r := range facts.Readings {
		if strings.ContainsAny(r.Refused, "\n") || strings.Contains(r.Refused, "abc.def") || strings.Contains(r.Refused, "127.0.0.1") {
			t.Errorf("%q", r.Refused)
		}
	}
}
