// Package runtask serves HCP Terraform and Terraform Enterprise as a run task: it takes their signed webhooks, reads the plan of the run, judges it as
// the command does, and posts the verdict back.
//
// The protocol is HashiCorp's "Run tasks integration API". What a webhook says is not trusted beyond its signature: plans are read and results posted
// only at hosts that the administrator named, and what goes wrong on the way is a failed task with its reason, never a passed one.
package runtask

import (
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// Options say how tasks are taken and judged. What has no zero value of its own is named as required.
type Options struct {
	// Keys are the HMAC keys of the run tasks served; a webhook is signed with one of them. At least one is required.
	Keys [][]byte
	// Path is where webhooks are taken; "/" when empty.
	Path string
	// Hosts are those that plans are read from and results posted to, as host or host:port. At least one is required.
	Hosts []string
	// AllowHTTP permits plain HTTP to those of them that are loopback addresses.
	AllowHTTP bool
	// Queue is how many tasks may wait; Workers how many are judged at once.
	Queue, Workers int
	// MaxPlan is the size in bytes that plan JSON may have.
	MaxPlan int64
	// Timeout is the time one task has, from its webhook on. The platform gives it 60 minutes.
	Timeout time.Duration
	// Grace is how long a stopping server goes on with the tasks it has taken.
	Grace time.Duration

	// Policy is what is asked of every plan. Its day is set for each task.
	Policy checks.Policy
	// Exit says what results are worth, as the exit status of the command does: a task passes where it is 0.
	Exit func([]checks.Result) int
	// Notes are said with every verdict: settings that a policy file did not follow.
	Notes []string
	// Version is that of the program.
	Version string

	Log *slog.Logger
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Pulse says when progress is posted for all tasks under way; every 4 minutes when nil. The platform gives up after 10 without any.
	Pulse <-chan time.Time
	// RetryWait is the pause before a request is repeated, doubled each time; 1 second when zero.
	RetryWait time.Duration
}

// Server takes webhooks and works on them. It holds no state but the tasks under way.
type Server struct {
	o       Options
	hosts   hosts
	client  *client
	metrics *metrics

	queue chan *task
	// mu guards what follows: which tasks are under way, by callback URL, and whether more are taken.
	mu       sync.Mutex
	live     map[string]*task
	stopping bool
}

// longestTask leaves the platform time to take the verdict.
const longestTask = 55 * time.Minute

// New makes a server. It refuses options under which it could not do its work, or not safely.
func New(o Options) (*Server, error) {
	switch {
	case len(o.Keys) == 0:
		return nil, errors.New("there is no HMAC key: webhooks could not be told from forgeries")
	case o.Exit == nil:
		return nil, errors.New("there is nothing that says what results are worth")
	case o.Queue < 1 || o.Workers < 1:
		return nil, errors.New("the queue and the workers have to be at least 1 (--queue, --workers)")
	case o.MaxPlan < 1:
		return nil, errors.New("the size of a plan has to be at least 1 byte (--max-plan)")
	case o.Timeout <= 0 || o.Timeout > longestTask:
		return nil, errors.New("the time of a task has to be above 0 and at most 55 minutes (--timeout): the platform gives it 60")
	case o.Grace < 0:
		return nil, errors.New("the grace cannot be negative (--grace)")
	}
	for _, key := range o.Keys {
		if len(key) == 0 {
			return nil, errors.New("an HMAC key is empty: everybody could sign with it")
		}
	}
	allowed, err := newHosts(o.Hosts, o.AllowHTTP)
	if err != nil {
		return nil, err
	}
	if o.Path == "" {
		o.Path = "/"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.RetryWait == 0 {
		o.RetryWait = time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{o: o, hosts: allowed, queue: make(chan *task, o.Queue), live: map[string]*task{}}
	s.metrics = newMetrics(func() float64 { return float64(len(s.queue)) })
	s.client = newClient(allowed, o.RetryWait, s.metrics)
	return s, nil
}
