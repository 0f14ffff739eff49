package runtask

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// verdict is how a task ends.
type verdict struct {
	status, message string
	outcomes        []outcome
}

func fail(why string) verdict { return verdict{status: failed, message: "✗ gkepreflight: " + why} }

// stopped ends the tasks that a stopping server leaves.
var stopped = fail("stopped before the plan was judged; run it again")

// evaluate fetches the plan of a task and judges it. Whatever goes wrong fails the task, and this task alone.
func (s *Server) evaluate(ctx context.Context, t *task) (v verdict) {
	defer func() {
		if broken := recover(); broken != nil {
			s.o.Log.With(t.attributes()...).Error("judging the plan broke", "cause", fmt.Sprint(broken), "stack", string(debug.Stack()))
			v = fail("judging the plan broke: a fault of gkepreflight, told in the log of its server")
		}
	}()
	if why := t.unfit(); why != "" {
		return fail(why)
	}
	at, err := s.hosts.address("plan_json_api_url", t.PlanURL)
	if err != nil {
		return fail(err.Error())
	}
	for attempt := 1; ; attempt++ {
		v, again := s.attempt(ctx, t, at)
		if !again || attempt == attempts || ctx.Err() != nil {
			return v
		}
	}
}

// attempts are how often a plan is fetched whose transfer breaks off.
const attempts = 3

// attempt fetches and judges once, and says whether another time may go better.
func (s *Server) attempt(ctx context.Context, t *task, at *url.URL) (v verdict, again bool) {
	body, err := s.client.plan(ctx, at, t.AccessToken)
	if err != nil {
		return s.late(ctx, err.Error()), false
	}
	defer func() { _ = body.Close() }()
	in := &bounded{r: body, left: s.o.MaxPlan}
	reading, err := terraform.Read(ctx, terraform.Input{Plans: []string{"-"}, Stdin: in})
	switch {
	case errors.Is(in.err, errTooLarge):
		return fail(fmt.Sprintf("the plan JSON is larger than %d bytes (--max-plan): nothing was judged", s.o.MaxPlan)), false
	case in.err != nil:
		return s.late(ctx, "the plan broke off while it was fetched: "+reason(in.err)), true
	case err != nil:
		return s.late(ctx, "the plan could not be read: it "+strings.TrimPrefix(report.Clean(err.Error()), "-: ")), false
	}
	return s.judge(t, reading), false
}

// late words a failure by the time that ran out or the server that stopped, where that is the cause.
func (s *Server) late(ctx context.Context, why string) verdict {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fail(fmt.Sprintf("the plan was not judged within %s (--timeout)", s.o.Timeout))
	case ctx.Err() != nil:
		return stopped
	}
	return fail(why)
}

// judge words what the command would say of the plan, and its exit status.
func (s *Server) judge(t *task, reading terraform.Reading) verdict {
	var before *topology.Topology
	if reading.Changed {
		before = topology.New(reading.Before)
	}
	policy := s.o.Policy
	policy.Today = s.o.Now().UTC().Format(time.DateOnly)
	j := checks.Judge(topology.New(reading.After), before, policy)
	j.Notes = slices.Concat(s.o.Notes, j.Notes)
	name := "the plan"
	if t.RunID != "" {
		name += " of " + t.RunID
	}
	r := report.New(s.o.Version, []report.Source{{Kind: "plan", Name: name}}, j, nil)
	v := verdict{status: passed, message: report.Line(r), outcomes: outcomes(r, s.o.Exit)}
	if s.o.Exit(j.Results) != 0 {
		v.status = failed
	}
	return v
}

var errTooLarge = errors.New("too large")

// bounded reads so many bytes and no more, and remembers why it ended before the end.
type bounded struct {
	r    io.Reader
	left int64
	err  error
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	// One byte more than allowed tells a plan of the very size from a larger one.
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	switch {
	case b.left < 0:
		b.err = errTooLarge
		return 0, b.err
	case err != nil && !errors.Is(err, io.EOF):
		b.err = err
	}
	return n, err
}
