package registry

import (
	"context"
	"testing"
)

func noToken(t testing.TB) func(context.Context) (string, error) {
	return func(context.Context) (string, error) {
		t.Error("a Google token was fetched for a registry that is not Google's")
		return "", nil
	}
}
