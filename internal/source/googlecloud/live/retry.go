package live

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"google.golang.org/api/googleapi"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/retry"
)

const (
	attempts = 5
	backOff  = 250 * time.Millisecond
)

// again says whether a request is worth another attempt, and after how long.
func (w *wire) again(resp *http.Response, err error, attempt int) (time.Duration, bool) {
	if attempt == attempts {
		return 0, false
	}
	after := backOff << (attempt - 1)
	if err != nil {
		return after, retry.Broken(err)
	}
	if !retry.Passing(resp.StatusCode) && !throttled(resp) {
		return 0, false
	}
	if told, said := retry.After(resp.Header, w.now()); said {
		return told, told <= retry.Patience
	}
	return after, true
}

// throttling are the reasons of answers that come too soon.
var throttling = map[string]bool{"rateLimitExceeded": true, "userRateLimitExceeded": true, "RATE_LIMIT_EXCEEDED": true}

// throttled tells a rate limit that comes as a 403, as those of Compute Engine do ("Troubleshoot API errors"), from a refusal. The answer has been read
// as a whole, so that it can be looked at here.
func throttled(resp *http.Response) bool {
	if resp.StatusCode != http.StatusForbidden {
		return false
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return err == nil && throttling[detailOf(&googleapi.Error{Body: string(body)}).reason]
}
