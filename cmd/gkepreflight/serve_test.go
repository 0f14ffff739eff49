package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const serveKey = "a-key-of-the-tests"

// stderrLog is what a running command writes on standard error.
type stderrLog struct {
	mu    sync.Mutex
	text  bytes.Buffer
	lines chan string
}

func (l *stderrLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines <- string(p)
	return l.text.Write(p)
}

func (l *stderrLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// serving runs the command until the test stops it, and gives the line in which it says where it listens.
func serving(t *testing.T, args ...string) (ready string, stop func() int, stderr *stderrLog) {
	t.Helper()
	stderr = &stderrLog{lines: make(chan string, 1000)}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan int, 1)
	std := streams{in: strings.NewReader(""), out: io.Discard, err: stderr, env: func(name string) string {
		return map[string]string{keyVariable: serveKey}[name]
	}}
	go func() {
		done <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0"}, args...), std)
	}()
	stop = sync.OnceValue(func() int { cancel(); return <-done })
	t.Cleanup(func() { stop() })
	for {
		select {
		case line := <-stderr.lines:
			if strings.Contains(line, "ready for run tasks") {
				return line, stop, stderr
			}
		case code := <-done:
			done <- code
			t.Fatalf("it ended with %d:\n%s", code, stderr)
		case <-time.After(time.Minute):
			t.Fatalf("it is not ready:\n%s", stderr)
		}
	}
}

func addressIn(t *testing.T, line, name string) string {
	t.Helper()
	found := regexp.MustCompile(name + `=(127\.0\.0\.1:\d+)`).FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("%q names no %s", line, name)
	}
	return "http://" + found[1]
}

// webhook posts a signed body.
func webhook(t *testing.T, address string, payload map[string]any) int {
	t.Helper()
	body, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha512.New, []byte(serveKey))
	mac.Write(body)
	req.Header.Set("X-Tfc-Task-Signature", hex.EncodeToString(mac.Sum(nil)))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	return resp.StatusCode
}

// The command judges a plan that a run task hands it as check does, settings included.
func TestServe(t *testing.T) {
	verdicts := make(chan string, 10)
	var plan string
	platform := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			http.ServeFile(w, r, filepath.Join(ownPlans, plan, "plan.json"))
			return
		}
		var doc struct {
			Data struct {
				Attributes struct{ Status, Message string }
			}
		}
		if err := json.NewDecoder(r.Body).Decode(&doc); err != nil {
			t.Error(err)
		}
		if doc.Data.Attributes.Status != "running" {
			verdicts <- doc.Data.Attributes.Status + " " + doc.Data.Attributes.Message
		}
	}))
	defer platform.Close()
	policy := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(policy, []byte("strict: true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(platform.URL, "http://")
	for name, tc := range map[string]struct {
		plan string
		args []string
		want string
	}{
		"passes":             {"01-nat-all-ranges", nil, "passed ✓ gkepreflight: 1 of 1 cluster passed"},
		"fails":              {"04-no-nat", nil, "failed ✗ gkepreflight: 3 of 4 clusters failed"},
		"never fails":        {"04-no-nat", []string{"--fail-on", "never"}, "passed ✗ gkepreflight: 3 of 4 clusters failed"},
		"warnings fail":      {"26-psc-google-apis-no-default-route", []string{"--fail-on", "warning"}, "failed "},
		"warnings pass":      {"26-psc-google-apis-no-default-route", nil, "passed "},
		"undecided":          {"16-shared-vpc-literals", nil, "passed ? gkepreflight: "},
		"undecided, strict":  {"16-shared-vpc-literals", []string{"--strict"}, "failed ? gkepreflight: "},
		"undecided, policy":  {"16-shared-vpc-literals", []string{"--policy", policy}, "failed ? gkepreflight: "},
		"not for this check": {"04-no-nat", []string{"--internet", "images"}, "passed "},
	} {
		t.Run(name, func(t *testing.T) {
			plan = tc.plan
			ready, stop, stderr := serving(t, append([]string{"--allow-http", "--allow-host", host}, tc.args...)...)
			address := addressIn(t, ready, "address")
			if code := webhook(t, address, map[string]any{"access_token": "test-token"}); code != http.StatusOK {
				t.Errorf("the platform's test is answered %d", code)
			}
			code := webhook(t, address, map[string]any{"payload_version": 1, "access_token": "token-of-the-run", "stage": "post_plan", "run_id": "run-1",
				"plan_json_api_url": platform.URL + "/plan", "task_result_callback_url": platform.URL + "/callback"})
			if code != http.StatusOK {
				t.Fatalf("the webhook is answered %d:\n%s", code, stderr)
			}
			select {
			case got := <-verdicts:
				if !strings.HasPrefix(got, tc.want) {
					t.Errorf("%q, want %q", got, tc.want)
				}
			case <-time.After(time.Minute):
				t.Fatalf("no verdict arrives:\n%s", stderr)
			}
			if code := stop(); code != 0 {
				t.Errorf("it ended with %d", code)
			}
			for _, secret := range []string{serveKey, "token-of-the-run"} {
				if strings.Contains(stderr.String(), secret) {
					t.Errorf("the log holds %q:\n%s", secret, stderr)
				}
			}
		})
	}
}

func TestServeShowsItsMetricsApart(t *testing.T) {
	ready, _, _ := serving(t)
	for address, want := range map[string]int{addressIn(t, ready, "metrics"): http.StatusOK, addressIn(t, ready, "address"): http.StatusNotFound} {
		resp, err := http.Get(address + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s/metrics is answered %d, want %d", address, resp.StatusCode, want)
		}
	}
}

// Every way to start it wrongly is told in one line, and starts nothing. None shows a key.
func TestServeRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	key, empty, large := file("key", serveKey+"\r\n"), file("empty", "\n"), file("large", strings.Repeat(serveKey, 1000))
	for want, tc := range map[string]struct {
		args []string
		env  string
	}{
		"there is no HMAC key: give --hmac-key-file FILE or GKEPREFLIGHT_HMAC_KEY, with the key of the run task": {},
		"both --hmac-key-file and GKEPREFLIGHT_HMAC_KEY are given: give one of them":                             {[]string{"--hmac-key-file", key}, serveKey},
		"--hmac-key-file " + empty + ": is empty: expected the HMAC key":                                         {args: []string{"--hmac-key-file", empty}},
		"--hmac-key-file " + large + ": is larger than 4096 bytes: expected the HMAC key and nothing else":       {args: []string{"--hmac-key-file", large}},
		"--hmac-key-file " + dir + "/none: no such file or directory":                                            {args: []string{"--hmac-key-file", dir + "/none"}},
		"--hmac-key-file " + dir + ": is a directory":                                                            {args: []string{"--hmac-key-file", dir}},
		"unknown flag: --hmac-key: see gkepreflight serve --help":                                                {args: []string{"--hmac-key", "x"}},
		"serve takes no arguments: got plan.json":                                                                {[]string{"plan.json"}, serveKey},
		`host "https://tfe.example.com": expected a name as app.terraform.io, with :PORT where that is not 443`:  {[]string{"--allow-host", "https://tfe.example.com"}, serveKey},
		"--tls-cert and --tls-key belong together: one of them is missing":                                       {[]string{"--tls-cert", key}, serveKey},
		"--tls-cert " + key + ": tls: failed to find any PEM data in certificate input":                          {[]string{"--tls-cert", key, "--tls-key", key}, serveKey},
		"--path task: expected a path as /run-task":                                                              {[]string{"--path", "task"}, serveKey},
		"--path /healthz: is taken":                                                                              {[]string{"--path", "/healthz"}, serveKey},
		"the time of a task has to be above 0 and at most 55 minutes (--timeout): the platform gives it 60":      {[]string{"--timeout", "1h"}, serveKey},
		"the queue and the workers have to be at least 1 (--queue, --workers)":                                   {[]string{"--workers", "0"}, serveKey},
		`unknown value of --fail-on "eror": did you mean "error"?`:                                               {[]string{"--fail-on", "eror"}, serveKey},
		`unknown value of --log-format "xml": expected one of text, json`:                                        {[]string{"--log-format", "xml"}, serveKey},
		"--policy names no file": {[]string{"--policy", ""}, serveKey},
		"--listen 127.0.0.1:99999: listen tcp: address 99999: invalid port": {[]string{"--listen", "127.0.0.1:99999"}, serveKey},
	} {
		var out, stderr bytes.Buffer
		std := streams{in: strings.NewReader(""), out: &out, err: &stderr, env: func(string) string { return tc.env }}
		code := run(context.Background(), append([]string{"serve"}, tc.args...), std)
		if code != toolFailed || out.Len() > 0 || stderr.String() != "gkepreflight: "+want+"\n" || strings.Contains(stderr.String(), serveKey) {
			t.Errorf("%q: status %d, %q, want %q", tc.args, code, stderr.String(), want)
		}
	}
}

// The key of a file is what the platform was given: the end of its line is no part of it, and what stands within is.
func TestServeKeys(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{"k": "k", "k\n": "k", "k\r\n": "k", " k \n": " k ", "k\nl\n": "k\nl"} {
		name := filepath.Join(dir, "key")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := readKey(name); err != nil || string(got) != want {
			t.Errorf("%q is the key %q: %v", text, got, err)
		}
	}
}
