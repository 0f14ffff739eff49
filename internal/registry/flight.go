package registry

import (
	"context"
	"sync"
)

// flight asks each question once, however many ask it, and remembers the answers that are worth it. A question goes on while anybody waits
// for it: one asker that gives up does not take the answer from the others.
type flight[T any] struct {
	mu    sync.Mutex
	calls map[string]*call[T]
	kept  map[string]T
}

type call[T any] struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int
	value   T
	err     error
}

// do gives the remembered answer or that of ask, which says whether it is to be remembered. An error never is. What ask is handed is
// cancelled when nobody waits any more.
func (f *flight[T]) do(ctx context.Context, key string, ask func(context.Context) (value T, keep bool, err error)) (T, error) {
	c, value, kept := f.join(ctx, key, ask)
	if kept {
		return value, nil
	}
	select {
	case <-c.done:
		f.leave(key, c)
		return c.value, c.err
	case <-ctx.Done():
		f.leave(key, c)
		var none T
		return none, ctx.Err()
	}
}

// join finds the question under way, or begins it.
func (f *flight[T]) join(ctx context.Context, key string, ask func(context.Context) (T, bool, error)) (c *call[T], value T, kept bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if value, kept = f.kept[key]; kept {
		return nil, value, true
	}
	if c = f.calls[key]; c != nil {
		c.waiting++
		return c, value, false
	}
	own, cancel := context.WithCancel(context.WithoutCancel(ctx)) //nolint:gosec // end cancels it, whoever comes there first
	c = &call[T]{done: make(chan struct{}), cancel: cancel, waiting: 1}
	if f.calls == nil {
		f.calls, f.kept = map[string]*call[T]{}, map[string]T{}
	}
	f.calls[key] = c
	go func() {
		value, keep, err := ask(own)
		f.mu.Lock()
		defer f.mu.Unlock()
		c.value, c.err = value, err
		f.end(key, c)
		if keep && err == nil {
			f.kept[key] = value
		}
		close(c.done)
	}()
	return c, value, false
}

// leave cancels a question that nobody waits for; who asks it next begins anew.
func (f *flight[T]) leave(key string, c *call[T]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.waiting--; c.waiting == 0 {
		f.end(key, c)
	}
}

// end is called with the lock held.
func (f *flight[T]) end(key string, c *call[T]) {
	c.cancel()
	if f.calls[key] == c {
		delete(f.calls, key)
	}
}

// peek is what is remembered.
func (f *flight[T]) peek(key string) T {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.kept[key]
}

// forget drops a remembered answer if drop says so.
func (f *flight[T]) forget(key string, drop func(T) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if v, kept := f.kept[key]; kept && drop(v) {
		delete(f.kept, key)
	}
}
