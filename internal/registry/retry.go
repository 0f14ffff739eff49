package registry

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/retry"
)

const (
	attempts = 3
	// waiting is the longest that one request waits because of Retry-After headers.
	waiting = 2 * retry.Patience
	backOff = time.Second
)

// again says whether a request is worth another attempt, and after how long where the host did not say itself (heed waits for that).
func (w *wire) again(resp *http.Response, err error, attempt int) (time.Duration, bool) {
	after := backOff << (attempt - 1)
	if attempt == attempts {
		return 0, false
	}
	if err != nil {
		return after, retry.Broken(err)
	}
	if !retry.Passing(resp.StatusCode) {
		return 0, false
	}
	if told, said := retry.After(resp.Header, w.now()); said {
		return 0, told <= retry.Patience
	}
	return after, true
}

// remember keeps until when a host asked to be left alone, for it asked on behalf of all requests.
func (w *wire) remember(host string, resp *http.Response) {
	if !retry.Passing(resp.StatusCode) {
		return
	}
	now := w.now()
	if after, said := retry.After(resp.Header, now); said {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.pauses[host] = rest{status: resp.StatusCode, until: now.Add(after)}
	}
}

// rest is what a host asked for, and with which status.
type rest struct {
	status int
	until  time.Time
}

// throttled is a request that is not made because its host asked for more time than anybody waits here.
type throttled struct {
	status int
	after  time.Duration
}

func (t throttled) Error() string {
	return fmt.Sprintf("%d: it asks to be left alone for %d s", t.status, int64(t.after.Round(time.Second)/time.Second))
}

// heed waits as long as the host asked for, of the time that is left for waiting: others may be told to wait meanwhile, and again.
func (w *wire) heed(req *http.Request, budget *time.Duration) error {
	for {
		w.mu.Lock()
		asked := w.pauses[req.URL.Host]
		w.mu.Unlock()
		left := asked.until.Sub(w.now())
		if left <= 0 {
			return nil
		}
		if left > min(retry.Patience, *budget) {
			return throttled{status: asked.status, after: left}
		}
		*budget -= left
		if err := w.wait(req.Context(), left); err != nil {
			return err
		}
	}
}
