package retry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestPassing(t *testing.T) {
	for status, want := range map[int]bool{200: false, 204: false, 302: false, 400: false, 401: false, 403: false, 404: false, 408: true, 409: false, 429: true,
		500: true, 501: false, 502: true, 503: true, 504: true} {
		if Passing(status) != want {
			t.Errorf("%d: %v", status, !want)
		}
	}
}

func TestBroken(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		want bool
	}{
		{"closed before a word", io.EOF, true},
		{"closed in the middle, wrapped", fmt.Errorf("the answer broke off: %w", io.ErrUnexpectedEOF), true},
		{"reset", &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, true},
		{"refused", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, true},
		{"a name server in trouble", &net.DNSError{Err: "server misbehaving", IsTemporary: true}, true},
		{"a name server that does not answer", &net.DNSError{Err: "i/o timeout", IsTemporary: true, IsTimeout: true}, false},
		{"no such host", &net.DNSError{Err: "no such host", IsNotFound: true}, false},
		{"out of time", context.DeadlineExceeded, false},
		{"given up", context.Canceled, false},
		{"anything else", errors.New("x509: certificate signed by unknown authority"), false},
		{"nothing", nil, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Broken(tc.err); got != tc.want {
				t.Error(got)
			}
		})
	}
}

func TestAfter(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		header string
		want   time.Duration
		said   bool
	}{
		{"7", 7 * time.Second, true},
		{"0", 0, true},
		{now.Add(time.Minute).Format(http.TimeFormat), time.Minute, true},
		{now.Add(-time.Minute).Format(http.TimeFormat), 0, true}, // a date that has passed asks for nothing
		{"", 0, false},
		{"-1", 0, false},
		{"1.5", 0, false},
		{"soon", 0, false},
		{"99999999999999999999", 0, false},
	} {
		h := http.Header{}
		h.Set("Retry-After", tc.header)
		if got, said := After(h, now); got != tc.want || said != tc.said {
			t.Errorf("%q: %v, %v", tc.header, got, said)
		}
	}
}

func TestWait(t *testing.T) {
	if err := Wait(t.Context(), 0); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Wait(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
