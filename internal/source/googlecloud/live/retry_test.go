package live

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// answer is what a server sent; a code of 0 is nothing.
type answer struct {
	code             int
	body, retryAfter string
}

// Which answers are asked for again, and after how long.
func TestAgain(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	w := &wire{now: func() time.Time { return now }}
	for _, tc := range []struct {
		name    string
		sent    answer
		err     error
		attempt int
		after   time.Duration
		again   bool
	}{
		{"answered", answer{200, "{}", ""}, nil, 1, 0, false},
		{"refused", answer{403, legacy(403, "forbidden"), ""}, nil, 1, 0, false},
		{"a perimeter", answer{403, info(403, "SECURITY_POLICY_VIOLATED", ""), ""}, nil, 1, 0, false},
		{"an API that is off", answer{403, info(403, "SERVICE_DISABLED", ""), ""}, nil, 1, 0, false},
		{"too many, as a 403", answer{403, legacy(403, "rateLimitExceeded"), ""}, nil, 1, 250 * time.Millisecond, true},
		{"too many, as a 403 in the newer form", answer{403, info(403, "RATE_LIMIT_EXCEEDED", ""), ""}, nil, 2, 500 * time.Millisecond, true},
		{"the quota of a day", answer{403, legacy(403, "dailyLimitExceeded"), ""}, nil, 1, 0, false},
		{"not there", answer{404, "", ""}, nil, 1, 0, false},
		{"too many", answer{429, "", ""}, nil, 1, 250 * time.Millisecond, true},
		{"too many, for a while", answer{429, "", "30"}, nil, 1, 30 * time.Second, true},
		{"too many, for longer than anybody waits", answer{429, "", "31"}, nil, 1, 0, false},
		{"down until a date", answer{503, "", now.Add(5 * time.Second).Format(http.TimeFormat)}, nil, 3, 5 * time.Second, true},
		{"down, the fourth time", answer{503, "", ""}, nil, 4, 2 * time.Second, true},
		{"down, the fifth time", answer{503, "", ""}, nil, 5, 0, false},
		{"not implemented", answer{501, "", ""}, nil, 1, 0, false},
		{"broken off", answer{}, io.ErrUnexpectedEOF, 1, 250 * time.Millisecond, true},
		{"reset", answer{}, syscall.ECONNRESET, 2, 500 * time.Millisecond, true},
		{"out of time", answer{}, timedOut{time.Minute}, 1, 0, false},
		{"no token", answer{}, credentialError{errors.New("revoked")}, 1, 0, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var resp *http.Response
			if tc.sent.code > 0 {
				resp = &http.Response{StatusCode: tc.sent.code, Header: http.Header{"Retry-After": {tc.sent.retryAfter}}, Body: io.NopCloser(strings.NewReader(tc.sent.body))}
			}
			after, again := w.again(resp, tc.err, tc.attempt)
			if again != tc.again || again && after != tc.after {
				t.Errorf("%v after %v, want %v after %v", again, after, tc.again, tc.after)
			}
			if resp != nil {
				if text, err := io.ReadAll(resp.Body); err != nil || string(text) != tc.sent.body {
					t.Errorf("who looks at the answer next sees %q, %v", text, err)
				}
			}
		})
	}
}
