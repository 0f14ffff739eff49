package runtask

import (
	"context"
	"time"
)

// process is a worker's way with one task.
func (s *Server) process(work, posting context.Context, t *task) {
	start := s.o.Now()
	ctx, cancel := context.WithTimeout(work, s.o.Timeout-start.Sub(t.received))
	defer cancel()
	s.progress(ctx, t, "gkepreflight reads the plan")
	v := s.evaluate(ctx, t)
	s.finish(posting, t, v)
	s.metrics.duration.WithLabelValues(v.status).Observe(s.o.Now().Sub(start).Seconds())
}

// progressTime is for one post of progress: it is no reason to let a task wait.
const progressTime = 10 * time.Second

// progress posts that a task is under way, if it still is.
func (s *Server) progress(ctx context.Context, t *task, message string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, progressTime)
	defer cancel()
	if err := s.client.post(ctx, t, newResult(running, message, nil), false); err != nil {
		s.o.Log.With(t.attributes()...).Warn("progress could not be posted: " + err.Error())
	}
}

// finish posts the verdict, once. The findings go ahead of it with the status running, as the platform recommends: where it does not take them, the
// verdict still arrives.
func (s *Server) finish(ctx context.Context, t *task, v verdict) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return
	}
	t.over = true
	defer s.drop(t)
	log := s.o.Log.With(t.attributes()...)
	message := v.message
	if len(v.outcomes) > 0 {
		if !t.Capabilities.Outcomes {
			message += "; first: " + v.outcomes[0].Attributes.Description
		} else if err := s.client.post(ctx, t, newResult(running, "gkepreflight posts its findings", v.outcomes), true); err != nil {
			log.Error("findings could not be posted: " + err.Error())
			message += "; the findings could not be posted, first: " + v.outcomes[0].Attributes.Description
		}
	}
	if err := s.client.post(ctx, t, newResult(v.status, message, nil), true); err != nil {
		log.Error("verdict could not be posted: "+err.Error(), "verdict", v.status)
		return
	}
	log.Info("verdict posted", "verdict", v.status, "message", clip(message, longestMessage), "findings", len(v.outcomes))
}
