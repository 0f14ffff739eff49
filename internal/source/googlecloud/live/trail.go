package live

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/googleapis/gax-go/v2/callctx"
)

// trails are the questions under way. The generated clients lose the context of a question between the pages of a list, so that it could be neither
// given up nor timed; a header carries its number as far as the wire, and no further.
type trails struct {
	last  atomic.Int64
	under sync.Map
}

// trail is one question and the pages it has turned.
type trail struct {
	ctx  context.Context //nolint:containedctx // that is what it is for
	seen map[string]bool
}

// trailHeader names a question within this process.
const trailHeader = "x-gkepreflight-question"

// mostPages is more than any list has; a server that never ends is not read to its end.
const mostPages = 10_000

var errCircle = errors.New("a page leads back to one that was read")

// begin numbers a question until it ends.
func (t *trails) begin(ctx context.Context) (numbered context.Context, end func()) {
	number := strconv.FormatInt(t.last.Add(1), 10)
	t.under.Store(number, &trail{ctx, map[string]bool{}})
	return callctx.SetHeaders(ctx, trailHeader, number), func() { t.under.Delete(number) }
}

// visit gives a request the context of its question, and refuses a page that was read before: its token leads in a circle. The requests of one question
// come one after the other.
func (t *trails) visit(req *http.Request) (*http.Request, error) {
	number := ""
	for name, values := range req.Header {
		if strings.EqualFold(name, trailHeader) && len(values) > 0 {
			number = values[0]
		}
	}
	found, under := t.under.Load(number)
	its, is := found.(*trail)
	if !under || !is {
		return req, nil
	}
	page := req.Method + " " + req.URL.String()
	if its.seen[page] || len(its.seen) == mostPages {
		return nil, errCircle
	}
	its.seen[page] = true
	req = req.Clone(its.ctx)
	for name := range req.Header {
		if strings.EqualFold(name, trailHeader) {
			delete(req.Header, name)
		}
	}
	return req, nil
}
