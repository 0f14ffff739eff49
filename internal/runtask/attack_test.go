package runtask

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// What strangers and broken senders try at the door. Nothing of it is worked on.
func TestDoor(t *testing.T) {
	p := newPlatform(t, func(o *Options) { o.Keys = append(o.Keys, []byte("key-of-another-task")) })
	with := func(name string, value any) []byte {
		payload := p.payload("1")
		payload[name] = value
		body, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	good, test := with("run_id", "run-1"), with("access_token", "test-token")
	large := with("run_message", strings.Repeat("x", largestBody))
	for name, tc := range map[string]struct {
		method, path string
		body         []byte
		signature    string
		code         int
		says         string
	}{
		"no signature":                  {"POST", "/", good, "", 401, "unauthorized"},
		"signature of another key":      {"POST", "/", good, sign("guess", good), 401, "unauthorized"},
		"signature of the empty key":    {"POST", "/", good, sign("", good), 401, "unauthorized"},
		"signature of another body":     {"POST", "/", good, sign(hmacKey, test), 401, "unauthorized"},
		"half a signature":              {"POST", "/", good, sign(hmacKey, good)[:64], 401, "unauthorized"},
		"signature with a tail":         {"POST", "/", good, sign(hmacKey, good) + "00", 401, "unauthorized"},
		"signature that is no hex":      {"POST", "/", good, "sha512=" + sign(hmacKey, good), 401, "unauthorized"},
		"test token, not signed":        {"POST", "/", test, "", 401, "unauthorized"},
		"garbage, not signed":           {"POST", "/", []byte("{"), "", 401, "unauthorized"},
		"test token":                    {"POST", "/", test, sign(hmacKey, test), 200, ""},
		"test token, replayed":          {"POST", "/", test, sign(hmacKey, test), 200, ""},
		"test token alone":              {"POST", "/", []byte(`{"access_token":"test-token"}`), sign(hmacKey, []byte(`{"access_token":"test-token"}`)), 200, ""},
		"test token, another key":       {"POST", "/", test, sign("key-of-another-task", test), 200, ""},
		"test token, in capitals":       {"POST", "/", test, strings.ToUpper(sign(hmacKey, test)), 200, ""},
		"GET":                           {"GET", "/", nil, "", 405, "Method Not Allowed"},
		"PATCH":                         {"PATCH", "/", good, sign(hmacKey, good), 405, "Method Not Allowed"},
		"another path":                  {"POST", "/admin", good, sign(hmacKey, good), 404, "not found"},
		"metrics are not here":          {"GET", "/metrics", nil, "", 404, "not found"},
		"liveness":                      {"GET", "/healthz", nil, "", 200, "ok"},
		"readiness":                     {"GET", "/readyz", nil, "", 200, "ok"},
		"body too large":                {"POST", "/", large, sign(hmacKey, large), 413, "too large"},
		"garbage":                       {"POST", "/", []byte("\x00{"), sign(hmacKey, []byte("\x00{")), 400, "not JSON"},
		"empty":                         {"POST", "/", nil, sign(hmacKey, nil), 400, "not JSON"},
		"a list":                        {"POST", "/", []byte("[]"), sign(hmacKey, []byte("[]")), 400, "not JSON"},
		"a number for a word":           signedBody(with("stage", 7), 400, "stage is a JSON number"),
		"payload version to come":       signedBody(with("payload_version", 2), 400, "payload_version is 2: expected 1"),
		"no token":                      signedBody(with("access_token", ""), 400, "access_token is missing"),
		"token that makes a header":     signedBody(with("access_token", "x\r\nHost: evil"), 400, "characters that no token has"),
		"no callback":                   signedBody(with("task_result_callback_url", nil), 400, "task_result_callback_url is missing"),
		"callback elsewhere":            signedBody(with("task_result_callback_url", "https://evil.example/x"), 400, `host "evil.example" is not allowed: if it is yours, start the server with --allow-host evil.example`),
		"callback at another port":      signedBody(with("task_result_callback_url", "https://127.0.0.1:1/x"), 400, "is not allowed"),
		"callback behind a user name":   signedBody(with("task_result_callback_url", "https://"+hostOf(t, p.api.URL)+"@evil.example/x"), 400, "carries a user name"),
		"callback over http":            signedBody(with("task_result_callback_url", "http://"+hostOf(t, p.api.URL)+"/x"), 400, `scheme "http" is refused: expected https`),
		"callback to a file":            signedBody(with("task_result_callback_url", "file:///etc/passwd"), 400, "names no host"),
		"callback with another scheme":  signedBody(with("task_result_callback_url", "gopher://"+hostOf(t, p.api.URL)+"/"), 400, `scheme "gopher" is refused`),
		"callback to a metadata server": signedBody(with("task_result_callback_url", "https://169.254.169.254/x"), 400, "is not allowed"),
		"callback that is no URL":       signedBody(with("task_result_callback_url", "https://[::1"), 400, "is not a URL"),
	} {
		t.Run(name, func(t *testing.T) {
			w := p.deliver(tc.method, tc.path, tc.body, tc.signature)
			if w.Code != tc.code || !strings.Contains(w.Body.String(), tc.says) {
				t.Errorf("%d %q, want %d %q", w.Code, w.Body, tc.code, tc.says)
			}
		})
	}
	p.stop()
	if len(p.posts) != 0 || p.asked != 0 {
		t.Errorf("%d callbacks and %d plans were asked for", len(p.posts), p.asked)
	}
}

type knock = struct {
	method, path string
	body         []byte
	signature    string
	code         int
	says         string
}

func signedBody(body []byte, code int, says string) knock {
	return knock{"POST", "/", body, sign(hmacKey, body), code, says}
}

// Where a plan may not come from, and what may come instead of one. Each fails its task with the reason, and gives nothing away.
func TestPlansThatAreNone(t *testing.T) {
	sees := func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s was asked for, with %v", r.URL, r.Header) }
	secret, open := tlsServer(t, sees), httptest.NewServer(http.HandlerFunc(sees))
	t.Cleanup(open.Close)
	to := func(address string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, address, http.StatusFound) }
	}
	say := func(code int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code); _, _ = io.WriteString(w, text) }
	}
	for name, tc := range map[string]struct {
		url     string
		plan    http.HandlerFunc
		content http.HandlerFunc
		says    string
	}{
		"host that is not allowed":        {url: secret.URL, says: "plan_json_api_url: host"},
		"plain http":                      {url: open.URL, says: `plan_json_api_url: scheme "http" is refused`},
		"file":                            {url: "file:///etc/passwd", says: "plan_json_api_url: the URL names no host"},
		"redirect to http":                {plan: to(open.URL), says: `scheme "http" is refused: expected https`},
		"redirect to http of the archive": {plan: to("http://example.com" + archived), says: `scheme "http" is refused: expected https`},
		"redirect to this machine":        {plan: to(secret.URL), says: "is not public: refused: loopback address 127.0.0.1"},
		"redirect to the metadata server": {plan: to("https://169.254.169.254/computeMetadata/v1/"), says: "refused: link-local address 169.254.169.254"},
		"redirect to a private address":   {plan: to("https://10.0.0.1/"), says: "refused: private address 10.0.0.1"},
		"redirect in disguise":            {plan: to("https://[::ffff:192.168.0.1]/"), says: "refused: private address"},
		"redirect to another scheme":      {plan: to("ftp://example.com/plan"), says: `scheme "ftp" is refused`},
		"redirect with a user name":       {plan: to("https://user:word@example.com/plan"), says: "carries a user name"},
		"redirect nowhere":                {plan: to("https://"), says: "the plan could not be fetched"},
		"redirect of the archive":         {content: to("https://127.0.0.1:1/"), says: "refused: loopback address"},
		"redirect in a circle":            {content: to("https://example.com" + archived), says: "it redirects too often"},
		"401":                             {plan: say(401, ""), says: "answered 401, so the token of this run may not read it"},
		"404":                             {content: say(404, ""), says: "example.com answered 404"},
		"never written":                   {plan: say(204, ""), says: "has none yet"},
		"always broken":                   {content: say(502, ""), says: "example.com answered 502"},
		"garbage":                         {content: say(200, "{\x00"), says: "the plan could not be read: it "},
		"half of one":                     {content: say(200, `{"format_version":"1.2","planned_values":{`), says: "the plan could not be read: it ends in the middle"},
		"empty":                           {content: say(200, ""), says: "it is empty"},
		"a page for people":               {content: say(200, "<!doctype html>"), says: "it is not JSON"},
		"another object":                  {content: say(200, `{"errors":[]}`), says: "has no format_version"},
		"a state":                         {content: say(200, `{"format_version":"1.0","terraform_version":"1.11.4","values":{}}`), says: "is a state"},
		"far too much":                    {content: endless, says: "the plan JSON is larger than 1048576 bytes (--max-plan)"},
		"always broken off":               {content: broken, says: "the plan broke off while it was fetched"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t, nil)
			if tc.plan != nil {
				p.plan = tc.plan
			}
			if tc.content != nil {
				p.content = tc.content
			}
			change := map[string]any{}
			if tc.url != "" {
				change["plan_json_api_url"] = tc.url + "/api/v2/plans/plan-1/json-output"
			}
			got, found := p.judged(change)
			if got.status != failed || !strings.Contains(got.message, tc.says) || len(found) != 0 {
				t.Errorf("%s: %q, want failed: %q", got.status, got.message, tc.says)
			}
			if strings.Contains(got.message, "signed-and-secret") || strings.Contains(got.message, token) {
				t.Errorf("the message gives away what is secret: %q", got.message)
			}
		})
	}
}

// endless sends JSON until nobody reads it.
func endless(w http.ResponseWriter, _ *http.Request) {
	_, err := io.WriteString(w, `{"format_version":"1.2","padding":[0`)
	for chunk := bytes.Repeat([]byte(",0"), 32<<10); err == nil; {
		_, err = w.Write(chunk)
	}
}

// broken promises more than it sends.
func broken(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"format_version":"1.2",`)
}

// What passes by itself does not fail a run.
func TestFetchingIsRepeated(t *testing.T) {
	for name, trouble := range map[string]http.HandlerFunc{
		"500": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"429": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"not written yet":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"broken off":        broken,
		"connection closed": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t, nil)
			var asked atomic.Int32
			good := p.content
			hiccup := func(w http.ResponseWriter, r *http.Request) {
				if asked.Add(1) <= 2 {
					trouble(w, r)
					return
				}
				good(w, r)
			}
			if name == "not written yet" {
				p.plan = hiccup
			} else {
				p.content = hiccup
			}
			if got, _ := p.judged(nil); got.status != passed || asked.Load() != 3 {
				t.Errorf("%s: %q after %d attempts", got.status, got.message, asked.Load())
			}
		})
	}
}

// A sender that dawdles holds a connection for seconds, and nothing else.
func TestServersEndSlowRequests(t *testing.T) {
	p := newPlatform(t, nil)
	s := p.server.httpServer(p.handler)
	for name, d := range map[string]time.Duration{"header": s.ReadHeaderTimeout, "read": s.ReadTimeout, "write": s.WriteTimeout, "idle": s.IdleTimeout} {
		if d <= 0 || d > time.Minute {
			t.Errorf("the %s time is %s", name, d)
		}
	}
	if s.MaxHeaderBytes <= 0 || s.MaxHeaderBytes > 64<<10 {
		t.Errorf("%d bytes of headers", s.MaxHeaderBytes)
	}
}

// A redirect must not carry the token even to a host that is allowed, nor a transport to one that is not.
func TestTokenStaysWhereItWasGiven(t *testing.T) {
	p := newPlatform(t, nil)
	p.plan = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, p.archive.URL+archived, http.StatusFound)
	}
	p.server.hosts.names = append(p.server.hosts.names, hostOf(t, p.archive.URL))
	h := p.server.hosts
	h.inside = outside{p.archiveTransport(), h.inside}
	p.server.client = newClient(h, time.Millisecond, p.server.metrics)
	if got, _ := p.judged(nil); got.status != passed {
		t.Errorf("%s: %q", got.status, got.message)
	}
	r := httptest.NewRequest(http.MethodGet, "https://example.com/", nil)
	r.Header.Set("Authorization", "Bearer x")
	if resp, err := h.RoundTrip(r); err == nil {
		_ = resp.Body.Close()
		t.Error("the token would go to a host that is not allowed")
	}
}

func TestBounded(t *testing.T) {
	for size, want := range map[int64]error{0: errTooLarge, 9: errTooLarge, 10: nil, 11: nil} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			in := &bounded{r: strings.NewReader("0123456789"), left: size}
			if _, err := io.ReadAll(in); err != want || in.err != want { //nolint:errorlint // the very error
				t.Errorf("%v and %v, want %v", err, in.err, want)
			}
		})
	}
}
