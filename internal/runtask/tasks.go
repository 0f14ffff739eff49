package runtask

import "net/http"

// underWay lists the tasks that were taken and have no verdict yet.
func (s *Server) underWay() []*task {
	s.mu.Lock()
	defer s.mu.Unlock()
	tasks := make([]*task, 0, len(s.live))
	for _, t := range s.live {
		tasks = append(tasks, t)
	}
	return tasks
}

// stop keeps the server from taking more tasks.
func (s *Server) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping = true
	close(s.queue)
}

// isStopping says whether no more tasks are taken.
func (s *Server) isStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

// take lets a task wait for a worker, and says what became of it.
func (s *Server) take(t *task) receipt {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return refusedStopping
	}
	if _, twice := s.live[t.CallbackURL]; twice {
		return duplicate
	}
	select {
	case s.queue <- t:
		s.live[t.CallbackURL] = t
		return accepted
	default:
		return refusedFull
	}
}

func (s *Server) drop(t *task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.live, t.CallbackURL)
}

// ready answers whether the server takes tasks: 200, or 503 while it stops.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.isStopping() {
		http.Error(w, "stopping", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ok\n"))
}

// alive answers that the process is alive.
func (s *Server) alive(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) }
