package runtask

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/registry"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const (
	hmacKey = "key-of-the-run-task"
	token   = "token-of-this-run.atlasv1.secret"
	// archived is the path of a signed address: whoever has it has the plan.
	archived = "/v1/object/signed-and-secret"
)

// platform stands in for HCP Terraform: it sends webhooks, serves plan JSON through a redirect to an archive on another host, and takes callbacks,
// each held against the documented protocol.
type platform struct {
	t             *testing.T
	api, archive  *httptest.Server
	server        *Server
	handler       http.Handler
	log           *lockedBuffer
	posts         chan post
	stop          func()
	mu            sync.Mutex
	ended         map[string]bool
	asked         int
	plan, content http.HandlerFunc
	// answer says what a callback is answered, by the status it posts; 200 without it.
	answer func(p post) int
}

// post is one callback that arrived.
type post struct {
	path, status, message string
	outcomes              []outcome
}

// lockedBuffer is a log that many write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// failedErrors is the command's default: failed errors count.
func failedErrors(results []checks.Result) int {
	for _, r := range results {
		if r.Status == topology.Fail && r.Severity == checks.Error && r.Suppressed == nil {
			return 2
		}
	}
	return 0
}

// newPlatform starts the stand-in and a server for it, with what a test changes of the options.
func newPlatform(t *testing.T, change func(*Options)) *platform {
	t.Helper()
	p := &platform{t: t, log: &lockedBuffer{}, posts: make(chan post, 200), ended: map[string]bool{}}
	p.plan = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://example.com"+archived, http.StatusTemporaryRedirect)
	}
	p.content = p.file("01-nat-all-ranges")
	p.api, p.archive = tlsServer(t, p.serveAPI), tlsServer(t, p.serveArchive)
	o := Options{Keys: [][]byte{[]byte(hmacKey)}, Hosts: []string{p.api.Listener.Addr().String()}, Queue: 8, Workers: 2, MaxPlan: 1 << 20,
		Timeout: time.Minute, Grace: time.Minute, Exit: failedErrors, Version: "0.0.0", RetryWait: time.Millisecond, Pulse: make(chan time.Time),
		Log: slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if change != nil {
		change(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	h := s.hosts
	inside := registry.Transport(true)
	inside.TLSClientConfig = p.api.Client().Transport.(*http.Transport).TLSClientConfig
	h.inside, h.outside = inside, outside{p.archiveTransport(), h.outside}
	s.hosts, s.client = h, newClient(h, o.RetryWait, s.metrics)
	p.server, p.handler = s, s.Handler()
	p.start()
	return p
}

// tlsServer says nothing of connections that clients close.
func tlsServer(t *testing.T, serve http.HandlerFunc) *httptest.Server {
	s := httptest.NewUnstartedServer(serve)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// outside reaches the archive by its name, and everything else as the server itself would.
type outside struct{ archive, other http.RoundTripper }

func (o outside) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host == "example.com" {
		return o.archive.RoundTrip(r)
	}
	return o.other.RoundTrip(r)
}

func (p *platform) archiveTransport() http.RoundTripper {
	transport := p.archive.Client().Transport.(*http.Transport).Clone()
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, p.archive.Listener.Addr().String())
	}
	p.t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// start runs the server until the test ends, and then reads its log for what must never be there.
func (p *platform) start() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { p.server.Run(ctx); close(done) }()
	p.stop = sync.OnceFunc(func() { cancel(); <-done })
	p.t.Cleanup(func() {
		p.stop()
		for _, secret := range []string{hmacKey, token, "signed-and-secret", "Bearer"} {
			if strings.Contains(p.log.String(), secret) {
				p.t.Errorf("the log holds %q:\n%s", secret, p.log)
			}
		}
	})
}

// file serves the plan JSON of one of the project's plans.
func (p *platform) file(plan string) http.HandlerFunc {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join("../testdata/plans", plan, "plan.json"))
	if err != nil {
		p.t.Fatal(err)
	}
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(text) }
}

func (p *platform) serveAPI(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+token {
		p.t.Errorf("%s %s: Authorization is %q", r.Method, r.URL.Path, r.Header.Get("Authorization"))
	}
	switch {
	case r.Method == http.MethodGet && r.URL.Path == "/api/v2/plans/plan-1/json-output":
		p.mu.Lock()
		p.asked++
		p.mu.Unlock()
		p.plan(w, r)
	case r.Method == http.MethodPatch && strings.HasPrefix(r.URL.Path, "/api/v2/task-results/"):
		p.callback(w, r)
	default:
		p.t.Errorf("%s %s was asked for", r.Method, r.URL.Path)
	}
}

func (p *platform) serveArchive(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" || r.Header.Get("Referer") != "" {
		p.t.Errorf("the archive was told %q, coming from %q", r.Header.Get("Authorization"), r.Header.Get("Referer"))
	}
	p.content(w, r)
}

// callback holds a result against the documented shape: no field that is not documented, no status after the last.
func (p *platform) callback(w http.ResponseWriter, r *http.Request) {
	var doc struct {
		Data struct {
			Type       string `json:"type"`
			Attributes struct {
				Status  string `json:"status"`
				Message string `json:"message"`
			} `json:"attributes"`
			Relationships struct {
				Outcomes struct {
					Data []outcome `json:"data"`
				} `json:"outcomes"`
			} `json:"relationships"`
		} `json:"data"`
	}
	body, _ := io.ReadAll(r.Body)
	strict := json.NewDecoder(bytes.NewReader(body))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&doc); err != nil {
		p.t.Errorf("callback: %v in %s", err, body)
	}
	got := post{r.URL.Path, doc.Data.Attributes.Status, doc.Data.Attributes.Message, doc.Data.Relationships.Outcomes.Data}
	if r.Header.Get("Content-Type") != jsonAPI || doc.Data.Type != "task-results" || len(body) > 1<<20 {
		p.t.Errorf("callback: content type %q, type %q, %d bytes", r.Header.Get("Content-Type"), doc.Data.Type, len(body))
	}
	if strings.ContainsAny(got.message, "\n\r") || got.message == "" || len([]rune(got.message)) > longestMessage {
		p.t.Errorf("callback: message %q", got.message)
	}
	p.outcomes(got)
	code := http.StatusOK
	if p.answer != nil {
		code = p.answer(got)
	}
	p.mu.Lock()
	if p.ended[got.path] {
		p.t.Errorf("callback: %s %q after the verdict", got.status, got.message)
	}
	p.ended[got.path] = code == http.StatusOK && got.status != running
	p.mu.Unlock()
	w.Header().Set("Location", p.api.URL+"/elsewhere")
	w.WriteHeader(code)
	p.posts <- got
}

func (p *platform) outcomes(got post) {
	if len(got.outcomes) > 0 && got.status != running {
		p.t.Errorf("callback: outcomes with the status %s", got.status)
	}
	ids := map[string]bool{}
	for _, o := range got.outcomes {
		a := o.Attributes
		if o.Type != "task-result-outcomes" || a.ID == "" || ids[a.ID] || a.Description == "" || strings.Contains(a.Description, "\n") {
			p.t.Errorf("callback: outcome %+v", o)
		}
		ids[a.ID] = true
		if a.URL != "" && !strings.HasPrefix(a.URL, "https://") {
			p.t.Errorf("callback: outcome %s has the URL %q", a.ID, a.URL)
		}
		for name, tags := range a.Tags {
			for _, tag := range tags {
				if name != "Status" && name != "Severity" || tag.Label == "" || !strings.Contains("none info warning error", tag.Level) || tag.Level == "" {
					p.t.Errorf("callback: outcome %s has the tag %s %+v", a.ID, name, tag)
				}
			}
		}
	}
}

// payload is a webhook for a task of a name, as documented.
func (p *platform) payload(name string) map[string]any {
	return map[string]any{"payload_version": 1, "stage": "post_plan", "access_token": token, "capabilities": map[string]any{"outcomes": true},
		"configuration_version_id": "cv-ntv3HbhJqvFzamy7", "is_speculative": false, "organization_name": "shop", "run_id": "run-" + name,
		"plan_json_api_url":             p.api.URL + "/api/v2/plans/plan-1/json-output",
		"task_result_callback_url":      p.api.URL + "/api/v2/task-results/" + name + "/callback",
		"task_result_enforcement_level": "mandatory", "task_result_id": "taskrs-" + name, "vcs_pull_request_url": nil,
		"workspace_id": "ws-1", "workspace_name": "network", "workspace_working_directory": "/terraform"}
}

func sign(key string, body []byte) string {
	mac := hmac.New(sha512.New, []byte(key))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// send sends a webhook and gives what it is answered.
func (p *platform) send(payload map[string]any) int {
	p.t.Helper()
	body, err := json.Marshal(payload)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.deliver(http.MethodPost, "/", body, sign(hmacKey, body)).Code
}

func (p *platform) deliver(method, path string, body []byte, signature string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	if signature != "" {
		r.Header.Set("X-TFC-Task-Signature", signature)
	}
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	return w
}

// next is the next callback that arrives.
func (p *platform) next() post {
	p.t.Helper()
	select {
	case got := <-p.posts:
		return got
	case <-time.After(time.Minute):
		p.t.Fatalf("no callback arrives; the log:\n%s", p.log)
		return post{}
	}
}

// verdict waits for a verdict, and gives the outcomes that came before it.
func (p *platform) verdict() (post, []outcome) {
	p.t.Helper()
	var found []outcome
	for {
		got := p.next()
		if got.status != running {
			return got, found
		}
		found = append(found, got.outcomes...)
	}
}

// judged sends a webhook and waits for its verdict.
func (p *platform) judged(change map[string]any) (post, []outcome) {
	p.t.Helper()
	payload := p.payload("1")
	for name, value := range change {
		payload[name] = value
	}
	if code := p.send(payload); code != http.StatusOK {
		p.t.Fatalf("the webhook is answered %d", code)
	}
	return p.verdict()
}

// hostOf is the host of a URL of the stand-in.
func hostOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// measured is the value of a metric with these values of labels.
func (p *platform) measured(name string, labels ...string) float64 {
	p.t.Helper()
	families, err := p.server.metrics.registry.Gather()
	if err != nil {
		p.t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			var values []string
			for _, l := range m.GetLabel() {
				values = append(values, l.GetValue())
			}
			if f.GetName() == name && slices.Equal(values, labels) {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	p.t.Fatalf("there is no metric %s %v", name, labels)
	return 0
}
