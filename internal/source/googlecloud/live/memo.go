package live

import (
	"context"
	"sync"

	"golang.org/x/sync/singleflight"
)

// memo asks each question once, however many ask it at once, and remembers the answers; an error never. A question goes on while anybody waits for
// it: one asker that gives up does not take the answer from the others.
type memo struct {
	mu     sync.Mutex
	flight singleflight.Group
	kept   map[string]any
	asked  map[string]*waiting
}

// waiting is a question under way and how many wait for it.
type waiting struct {
	ctx    context.Context //nolint:containedctx // it belongs to the question, not to any of the askers
	cancel context.CancelFunc
	askers int
}

func (m *memo) do(ctx context.Context, key string, ask func(context.Context) (any, error)) (any, error) {
	m.mu.Lock()
	if v, kept := m.kept[key]; kept {
		m.mu.Unlock()
		return v, nil
	}
	w := m.asked[key]
	if w == nil {
		w = &waiting{}
		w.ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx)) // whoever leaves last cancels it
		m.put(key, w)
	}
	w.askers++
	answer := m.flight.DoChan(key, func() (any, error) {
		v, err := ask(w.ctx)
		m.mu.Lock()
		defer m.mu.Unlock()
		if err == nil {
			m.kept[key] = v
		}
		m.drop(key, w)
		return v, err
	})
	m.mu.Unlock()
	select {
	case r := <-answer:
		return r.Val, r.Err
	case <-ctx.Done():
		m.mu.Lock()
		defer m.mu.Unlock()
		if w.askers--; w.askers == 0 {
			m.drop(key, w)
		}
		return nil, ctx.Err()
	}
}

// put and drop are called with the lock held.
func (m *memo) put(key string, w *waiting) {
	if m.asked == nil {
		m.asked, m.kept = map[string]*waiting{}, map[string]any{}
	}
	m.asked[key] = w
}

func (m *memo) drop(key string, w *waiting) {
	w.cancel()
	if m.asked[key] == w {
		delete(m.asked, key)
		m.flight.Forget(key)
	}
}
