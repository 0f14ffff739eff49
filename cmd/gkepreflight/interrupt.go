package main

import "context"

// unlessInterrupted does work that may not hear of an interruption: a decoder in the middle of a large plan, a pipe that nobody fills. Left behind, it
// ends with the program; it must write nothing that people would find half done.
func unlessInterrupted[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := work()
		done <- outcome{value, err}
	}()
	var o outcome
	select {
	case o = <-done:
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		return o.value, err
	}
	return o.value, o.err
}
