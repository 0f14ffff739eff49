package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cloud.google.com/go/compute/apiv1/computepb"
	"github.com/googleapis/gax-go/v2"
	"google.golang.org/api/iterator"
)

// rule is what a question takes to be answered.
type rule struct {
	method     string // as the API's reference names it: compute.routers.aggregatedList
	permission string
	role       string // a predefined role that holds the permission
	// above marks what only an organisation's administrator can grant. It is asked for all the same, for it may be granted, but it is no part of the
	// least role: no role of a project can hold it.
	above bool
}

// question is a rule and how it is asked; args are names, in the order of the method's path.
type question[T any] struct {
	rule
	ask func(ctx context.Context, s *services, args []string) (T, error)
}

// how keeps the clients from retrying on top of the wire, and from cutting its time short.
var how = []gax.CallOption{gax.WithRetry(nil), gax.WithTimeout(0)}

// ask puts a question, or shares the answer of somebody who did. What goes wrong is a *refusal, unless the asker gave up.
func ask[T any](ctx context.Context, c *Client, q question[T], args ...string) (T, error) {
	var none T
	if err := c.begin(ctx); err != nil {
		return none, err
	}
	s := c.services
	v, err := c.memo.do(ctx, q.method+" "+strings.Join(args, " "), func(ctx context.Context) (any, error) {
		ctx, end := s.wire.trails.begin(ctx)
		defer end()
		v, err := q.ask(ctx, s, args)
		if err != nil {
			return nil, explain(q.rule, args[0], err)
		}
		return v, nil
	})
	switch {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil:
		return none, &refusal{why: "timed out: " + q.permission}
	case err != nil:
		return none, err
	}
	answer, _ := v.(T) // a question has one type of answer
	return answer, nil
}

// incomplete is an answer that says itself that something is missing.
type incomplete struct{ where []string }

func (i incomplete) Error() string { return "the answer lacks " + strings.Join(i.where, ", ") }

// lacking are the warnings of Compute Engine that mean that a list is not the whole (Warning.Code of its reference). Others say nothing of the list, or
// that a region has nothing. They stand here as text: asking the generated enum for its names builds all of Compute Engine's descriptors, 9 MiB at start.
var lacking = map[string]string{
	"UNREACHABLE":                "what could not be reached",
	"PARTIAL_SUCCESS":            "what could not be read",
	"LIST_OVERHEAD_QUOTA_EXCEED": "what is beyond the quota of a list",
}

// whole says whether a page, or a region's part of it, lacks something. A region in trouble is left out of a list with no more than such a note.
func whole(page any) error {
	if p, tells := page.(interface{ GetUnreachables() []string }); tells && len(p.GetUnreachables()) > 0 {
		return incomplete{slices.Sorted(slices.Values(p.GetUnreachables()))}
	}
	if p, tells := page.(interface{ GetWarning() *computepb.Warning }); tells {
		if what, missing := lacking[p.GetWarning().GetCode()]; missing {
			return incomplete{[]string{what}}
		}
	}
	return nil
}

// collect reads a list to its end; a list is whole or it is nothing. Page is the page that the iterator stands on.
func collect[T any](it interface{ Next() (T, error) }, page func() any) ([]T, error) {
	var out []T
	for {
		v, err := it.Next()
		done := errors.Is(err, iterator.Done)
		if err != nil && !done {
			return nil, err
		}
		if err := whole(page()); err != nil || done {
			return out, err
		}
		out = append(out, v)
	}
}

// regional flattens a list by region.
func regional[P, T any](it interface{ Next() (P, error) }, page func() any, items func(P) ([]T, any)) ([]T, error) {
	scopes, err := collect(it, page)
	if err != nil {
		return nil, err
	}
	var out []T
	for _, s := range scopes {
		list, scope := items(s)
		if err := whole(scope); err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// pages reads a list of the older kind of client to its end.
func pages[P, T any](ctx context.Context, each func(context.Context, func(P) error) error, items func(P) []T) ([]T, error) {
	var out []T
	err := each(ctx, func(page P) error {
		out = append(out, items(page)...)
		return nil
	})
	return out, err
}

// Permissions are what a full read needs, sorted.
func Permissions() []string {
	var out []string
	for _, r := range rules {
		if !r.above {
			out = append(out, r.permission)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// named completes the name of something that a method's path spells out.
func named(format string, args []string) string {
	list := make([]any, len(args))
	for i, a := range args {
		list[i] = a
	}
	return fmt.Sprintf(format, list...)
}
