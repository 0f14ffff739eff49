package runtask

import (
	"context"
	"sync"
	"time"
)

const (
	// pulse is between two posts of progress.
	pulse = 4 * time.Minute
	// farewell is what a stopping server has, after its grace, to tell the platform of the tasks it leaves.
	farewell = 5 * time.Second
)

// Run works on what Handler takes, until ctx ends and everything taken is posted or given up.
func (s *Server) Run(ctx context.Context) {
	// Work outlives ctx by the grace, and posting outlives work by the farewell.
	work, abandon := context.WithCancel(context.WithoutCancel(ctx))
	posting, silence := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	defer silence()
	beat := s.o.Pulse
	if beat == nil {
		ticker := time.NewTicker(pulse)
		defer ticker.Stop()
		beat = ticker.C
	}
	var workers sync.WaitGroup
	for range s.o.Workers {
		workers.Go(func() {
			for t := range s.queue {
				s.process(work, posting, t)
			}
		})
	}
	idle := make(chan struct{})
	go func() { workers.Wait(); close(idle) }()
	s.watch(ctx, work, beat)
	s.stop()
	s.o.Log.Info("stopping: what was taken is finished first", "grace", s.o.Grace.String(), "tasks", len(s.underWay()))
	if s.drained(work, idle, beat, s.o.Grace) {
		return
	}
	abandon()
	var told sync.WaitGroup
	for _, t := range s.underWay() {
		told.Go(func() { s.finish(posting, t, stopped) })
	}
	gone := make(chan struct{})
	go func() { told.Wait(); <-idle; close(gone) }()
	s.drained(work, gone, nil, farewell)
}

// watch posts progress until ctx ends.
func (s *Server) watch(ctx, work context.Context, beat <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat:
			s.pulse(work)
		}
	}
}

// drained waits for the end of what is under way, for as long as is given, and posts progress meanwhile.
func (s *Server) drained(work context.Context, end <-chan struct{}, beat <-chan time.Time, patience time.Duration) bool {
	over := time.NewTimer(patience)
	defer over.Stop()
	for {
		select {
		case <-end:
			return true
		case <-over.C:
			return false
		case <-beat:
			s.pulse(work)
		}
	}
}

// pulse tells the platform of every task, waiting or worked on, that it is not forgotten.
func (s *Server) pulse(ctx context.Context) {
	for _, t := range s.underWay() {
		go s.progress(ctx, t, "gkepreflight is at work on the plan")
	}
}
