package runtask

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// gate holds whoever asks for a plan until it is opened, and says when somebody does.
type gate struct {
	asked chan struct{}
	open  func()
	wait  chan struct{}
}

func (p *platform) gate() *gate {
	g := &gate{asked: make(chan struct{}, 100), wait: make(chan struct{})}
	g.open = sync.OnceFunc(func() { close(g.wait) })
	p.t.Cleanup(g.open)
	content := p.content
	p.content = func(w http.ResponseWriter, r *http.Request) {
		g.asked <- struct{}{}
		select {
		case <-g.wait:
			content(w, r)
		case <-r.Context().Done():
		}
	}
	return g
}

// take sends webhooks to one worker: the first is worked on, the others wait.
func (p *platform) take(g *gate, names ...string) {
	p.t.Helper()
	for i, name := range names {
		if code := p.send(p.payload(name)); code != http.StatusOK {
			p.t.Fatalf("webhook %s is answered %d", name, code)
		}
		if i == 0 {
			<-g.asked
		}
	}
}

func one(o *Options) { o.Workers, o.Queue = 1, 1 }

func TestFullQueue(t *testing.T) {
	p := newPlatform(t, one)
	g := p.gate()
	p.take(g, "1", "2")
	if got := p.measured("gkepreflight_queue_length"); got != 1 {
		t.Errorf("the queue has the length %v", got)
	}
	if code := p.send(p.payload("3")); code != http.StatusServiceUnavailable {
		t.Errorf("a full queue is answered with %d", code)
	}
	// The platform asks again where an answer was lost: the task is under way already.
	for _, again := range []string{"1", "2"} {
		if code := p.send(p.payload(again)); code != http.StatusOK {
			t.Errorf("webhook %s, sent again, is answered %d", again, code)
		}
	}
	g.open()
	for range 2 {
		if got, _ := p.verdict(); got.status != passed {
			t.Errorf("%s: %q", got.status, got.message)
		}
	}
	p.stop()
	for outcome, want := range map[receipt]float64{accepted: 2, refusedFull: 1, duplicate: 2, unauthorized: 0} {
		if got := p.measured("gkepreflight_webhooks_total", string(outcome)); got != want {
			t.Errorf("%s is counted %v times, want %v", outcome, got, want)
		}
	}
}

// What is taken is finished before the server ends, and nothing new is taken.
func TestStopFinishesWhatIsTaken(t *testing.T) {
	p := newPlatform(t, one)
	g := p.gate()
	p.take(g, "1", "2")
	ended := make(chan struct{})
	go func() { p.stop(); close(ended) }()
	for p.deliver(http.MethodGet, "/readyz", nil, "").Code == http.StatusOK {
		// The signal has not arrived yet.
		select {
		case <-ended:
			t.Fatal("the server ended with tasks under way")
		default:
		}
	}
	if code := p.send(p.payload("3")); code != http.StatusServiceUnavailable {
		t.Errorf("a stopping server answers %d", code)
	}
	if code := p.deliver(http.MethodGet, "/healthz", nil, "").Code; code != http.StatusOK {
		t.Errorf("a stopping server is alive: %d", code)
	}
	g.open()
	for range 2 {
		if got, _ := p.verdict(); got.status != passed {
			t.Errorf("%s: %q", got.status, got.message)
		}
	}
	<-ended
}

// What cannot be finished is told, so that no run waits for the platform's own patience.
func TestStopTellsOfWhatItLeaves(t *testing.T) {
	p := newPlatform(t, func(o *Options) { one(o); o.Grace = 0 })
	g := p.gate()
	p.take(g, "1", "2")
	p.stop()
	told := map[string]bool{}
	for range 2 {
		got, _ := p.verdict()
		told[got.path] = true
		if got.status != failed || got.message != "✗ gkepreflight: stopped before the plan was judged; run it again" {
			t.Errorf("%s: %q", got.status, got.message)
		}
	}
	if len(told) != 2 {
		t.Errorf("told of %v", told)
	}
}

// The platform gives up on a task it does not hear of, whether it waits or is worked on.
func TestPulse(t *testing.T) {
	beat := make(chan time.Time)
	p := newPlatform(t, func(o *Options) { one(o); o.Pulse = beat })
	g := p.gate()
	p.take(g, "1", "2")
	if got := p.next(); got.status != running {
		t.Errorf("first comes %+v", got)
	}
	for range 2 {
		beat <- time.Time{}
		heard := map[string]bool{}
		for range 2 {
			got := p.next()
			heard[got.path] = true
			if got.status != running {
				t.Errorf("%s: %q", got.status, got.message)
			}
		}
		if len(heard) != 2 {
			t.Errorf("heard of %v", heard)
		}
	}
	g.open()
	for range 2 {
		p.verdict()
	}
}

// Time that was spent waiting counts.
func TestTimeRunsOut(t *testing.T) {
	var mu sync.Mutex
	now := time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	p := newPlatform(t, func(o *Options) {
		o.Now = func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			now = now.Add(time.Hour)
			return now
		}
	})
	if got, _ := p.judged(nil); got.status != failed || !strings.Contains(got.message, "the plan was not judged within 1m0s (--timeout)") {
		t.Errorf("%s: %q", got.status, got.message)
	}
}

// A verdict is posted until it arrives.
func TestCallbackHiccups(t *testing.T) {
	p := newPlatform(t, nil)
	n := 0
	p.answer = func(post) int {
		if n++; n%3 != 0 {
			return []int{http.StatusInternalServerError, http.StatusTooManyRequests}[n%2]
		}
		return http.StatusOK
	}
	p.send(p.payload("1"))
	for got := p.next(); got.status != passed; {
		got = p.next()
	}
	p.stop()
	if got := p.measured("gkepreflight_posts_total", "200", passed); got != 1 {
		t.Errorf("%v verdicts arrived", got)
	}
}

// Where it never does, the server says so and goes on.
func TestCallbackIsBroken(t *testing.T) {
	for name, code := range map[string]int{"500": 500, "401": 401, "redirect": 307} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t, nil)
			var progress atomic.Int32
			p.answer = func(got post) int {
				if strings.Contains(got.path, "/1/") {
					if got.status == running {
						progress.Add(1)
					}
					return code
				}
				return http.StatusOK
			}
			p.send(p.payload("1"))
			p.send(p.payload("2"))
			for got := p.next(); !strings.Contains(got.path, "/2/") || got.status != passed; {
				got = p.next()
			}
			p.stop()
			if !strings.Contains(p.log.String(), "verdict could not be posted: the platform answered "+name) && code != 307 {
				t.Errorf("the log does not say it:\n%s", p.log)
			}
			if n := progress.Load(); n != 1 {
				t.Errorf("progress was posted %d times: it is no reason to wait", n)
			}
			if left := len(p.server.underWay()); left != 0 {
				t.Errorf("%d tasks are left", left)
			}
		})
	}
}

// Findings that the platform does not take do not cost the verdict.
func TestFindingsAreRefused(t *testing.T) {
	p := newPlatform(t, nil)
	p.content = p.file("04-no-nat")
	p.answer = func(got post) int {
		if len(got.outcomes) > 0 {
			return http.StatusUnprocessableEntity
		}
		return http.StatusOK
	}
	got, _ := p.judged(nil)
	if got.status != failed || !strings.Contains(got.message, "; the findings could not be posted, first: ") {
		t.Errorf("%s: %q", got.status, got.message)
	}
}

// The whole server over its own listeners.
func TestServe(t *testing.T) {
	p := newPlatform(t, nil)
	p.stop()
	s, err := New(p.server.o)
	if err != nil {
		t.Fatal(err)
	}
	s.hosts, s.client = p.server.hosts, p.server.client
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l := Listeners{Task: listen(t), Metrics: listen(t)}
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	base, metrics := "http://"+l.Task.Addr().String(), "http://"+l.Metrics.Addr().String()
	for address, want := range map[string]string{base + "/healthz": "ok", base + "/readyz": "ok", metrics + "/healthz": "ok", metrics + "/readyz": "ok",
		metrics + "/metrics": `gkepreflight_webhooks_total{outcome="queue_full"} 0`} {
		if got := fetch(t, address); !strings.Contains(got, want) {
			t.Errorf("%s says %q", address, got)
		}
	}
	if got := fetch(t, base+"/metrics"); strings.Contains(got, "gkepreflight_") {
		t.Errorf("metrics are shown where webhooks arrive: %q", got)
	}
	for _, name := range []string{"gkepreflight_queue_length 0", `gkepreflight_task_duration_seconds_count{verdict="failed"} 0`, "go_goroutines"} {
		if got := fetch(t, metrics+"/metrics"); !strings.Contains(got, name) {
			t.Errorf("%s is not among the metrics", name)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", l.Task.Addr().String()); err == nil {
		t.Error("it still listens")
	}
}

func TestServeOverTLS(t *testing.T) {
	p := newPlatform(t, nil)
	p.stop()
	s, err := New(p.server.o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l := Listeners{Task: listen(t), TLS: &tls.Config{Certificates: p.api.TLS.Certificates, MinVersion: tls.VersionTLS12}}
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	resp, err := p.api.Client().Get("https://" + l.Task.Addr().String() + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("answered %d", resp.StatusCode)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestServeEndsWithItsListener(t *testing.T) {
	p := newPlatform(t, nil)
	p.stop()
	s, err := New(p.server.o)
	if err != nil {
		t.Fatal(err)
	}
	l := listen(t)
	_ = l.Close()
	if err := s.Serve(context.Background(), Listeners{Task: l}); err == nil || !strings.HasPrefix(err.Error(), "listening ended: ") {
		t.Errorf("ended with %v", err)
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func fetch(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
