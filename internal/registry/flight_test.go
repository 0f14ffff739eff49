package registry

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

func TestFlightAsksOnce(t *testing.T) {
	var f flight[int]
	var asked atomic.Int32
	open := make(chan struct{})
	ask := func(context.Context) (int, bool, error) {
		<-open
		return int(asked.Add(1)), true, nil
	}
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if v, err := f.do(t.Context(), "key", ask); v != 1 || err != nil {
				t.Errorf("got %d, %v", v, err)
			}
		})
	}
	close(open)
	all.Wait()
	if f.peek("key") != 1 || f.peek("other") != 0 {
		t.Error("the answer is not remembered")
	}
	f.forget("key", func(v int) bool { return v == 2 })
	if f.peek("key") != 1 {
		t.Error("forgot another answer than it was told")
	}
	f.forget("key", func(v int) bool { return v == 1 })
	if v, err := f.do(t.Context(), "key", ask); v != 2 || err != nil {
		t.Errorf("after forgetting: %d, %v", v, err)
	}
}

func TestFlightForgetsErrors(t *testing.T) {
	var f flight[int]
	fault := errors.New("broke")
	n := 0
	ask := func(context.Context) (int, bool, error) {
		n++
		if n == 1 {
			return 0, true, fault
		}
		return n, n == 3, nil
	}
	if _, err := f.do(t.Context(), "key", ask); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
	for _, want := range []int{2, 3, 3} { // the second is not to be kept, the third is
		if v, err := f.do(t.Context(), "key", ask); v != want || err != nil {
			t.Errorf("got %d, %v, want %d", v, err, want)
		}
	}
}

// An asker that gives up is answered at once, and the others still get theirs.
func TestFlightOneAskerGivesUp(t *testing.T) {
	var f flight[string]
	begun, open := make(chan struct{}), make(chan struct{})
	ask := func(ctx context.Context) (string, bool, error) {
		close(begun)
		select {
		case <-open:
			return "answer", true, nil
		case <-ctx.Done():
			return "", false, ctx.Err()
		}
	}
	impatient, giveUp := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := f.do(impatient, "key", ask)
		left <- err
	}()
	<-begun
	got := make(chan string)
	c, _, _ := f.join(t.Context(), "key", ask)
	go func() {
		<-c.done
		got <- c.value
	}()
	giveUp()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(open)
	if v := <-got; v != "answer" {
		t.Errorf("the patient one got %q", v)
	}
}

// A question that nobody waits for ends, and the next to ask begins anew.
func TestFlightAllGiveUp(t *testing.T) {
	var f flight[string]
	ended := make(chan struct{})
	ctx, giveUp := context.WithCancel(t.Context())
	_, err := f.do(ctx, "key", func(own context.Context) (string, bool, error) {
		giveUp()
		<-own.Done()
		close(ended)
		return "late", true, own.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-ended
	v, err := f.do(t.Context(), "key", func(context.Context) (string, bool, error) { return "new", true, nil })
	if v != "new" || err != nil {
		t.Errorf("got %q, %v", v, err)
	}
}
