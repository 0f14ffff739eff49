package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The command ends the server, and its status is the server's.
func TestServeRuns(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skipf("no shell: %v", err)
	}
	for _, tc := range []struct {
		name    string
		command []string
		code    int
		says    string
	}{
		{"its environment", []string{shell, "-c", "echo $GOOGLE_COMPUTE_CUSTOM_ENDPOINT $GOOGLE_OAUTH_ACCESS_TOKEN"}, 0, "/compute/v1/ demo"},
		{"its status", []string{shell, "-c", "exit 3"}, 3, ""},
		{"no such command", []string{filepath.Join(t.TempDir(), "none")}, 1, "no such file"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out bytes.Buffer
			if code := serve(t.Context(), tc.command, &out, &out); code != tc.code || !strings.Contains(out.String(), tc.says) {
				t.Errorf("status %d, want %d; %q lacks %q", code, tc.code, out.String(), tc.says)
			}
		})
	}
}

// Without a command it says what to set, and serves until it is interrupted.
func TestServeWaits(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	read, write := io.Pipe()
	ended := make(chan int)
	go func() { ended <- serve(ctx, nil, write, os.Stderr) }()
	said := make([]byte, 4096)
	endpoint := ""
	for endpoint == "" {
		n, err := read.Read(said)
		if err != nil {
			t.Fatal(err)
		}
		endpoint, _ = strings.CutPrefix(strings.TrimSpace(string(said[:n])), "export GOOGLE_CONTAINER_CUSTOM_ENDPOINT=")
		if strings.HasPrefix(endpoint, "export") {
			endpoint = ""
		}
	}
	// It writes what is left while it is asked.
	go func() { _, _ = io.Copy(io.Discard, read) }()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"projects/demo/locations/-/clusters", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.Body.Close() != nil || !strings.Contains(string(body), `"batch"`) {
		t.Errorf("%v %s", err, body)
	}
	cancel()
	if code := <-ended; code != 0 {
		t.Errorf("status %d", code)
	}
}
