package runtask

import (
	"errors"
	"io"
	"net/http"
)

// largestBody is far more than a webhook has, whatever message a run carries.
const largestBody = 256 << 10

// receipt is what became of a webhook, in the words of the metrics.
type receipt string

const (
	accepted        receipt = "accepted"
	tested          receipt = "test"
	duplicate       receipt = "duplicate"
	unauthorized    receipt = "unauthorized"
	tooLarge        receipt = "too_large"
	malformed       receipt = "malformed"
	forbidden       receipt = "forbidden_host"
	refusedFull     receipt = "queue_full"
	refusedStopping receipt = "stopping"
)

var receipts = []receipt{accepted, tested, duplicate, unauthorized, tooLarge, malformed, forbidden, refusedFull, refusedStopping}

// Handler takes webhooks with POST at the task path, and answers /healthz and /readyz.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	path := s.o.Path
	if path == "/" {
		path = "/{$}"
	}
	mux.HandleFunc("POST "+path, s.webhook)
	mux.HandleFunc("GET /healthz", s.alive)
	mux.HandleFunc("GET /readyz", s.ready)
	return mux
}

// webhook answers at once: what there is to do waits in the queue.
func (s *Server) webhook(w http.ResponseWriter, r *http.Request) {
	got, said := s.receive(w, r)
	s.metrics.received.WithLabelValues(string(got)).Inc()
	switch got {
	case accepted, tested, duplicate:
		w.WriteHeader(http.StatusOK)
	case unauthorized:
		// A stranger learns no more than that.
		http.Error(w, "unauthorized", http.StatusUnauthorized)
	case tooLarge:
		http.Error(w, "the body is too large", http.StatusRequestEntityTooLarge)
	case malformed, forbidden:
		http.Error(w, said, http.StatusBadRequest)
	case refusedFull:
		w.Header().Set("Retry-After", "30")
		http.Error(w, "the queue is full: try again", http.StatusServiceUnavailable)
	case refusedStopping:
		http.Error(w, "stopping: try again", http.StatusServiceUnavailable)
	}
}

// receive reads a webhook, and nothing in it before its signature is verified.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) (receipt, string) {
	log := s.o.Log.With("remote", r.RemoteAddr)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			log.Warn("webhook refused: its body is too large")
			return tooLarge, ""
		}
		log.Warn("webhook refused: its body could not be read")
		return malformed, "the body could not be read"
	}
	if !signed(s.o.Keys, body, r.Header.Get(signatureHeader)) {
		log.Warn("webhook refused: its signature is missing or not made with a key of this server")
		return unauthorized, ""
	}
	q, err := parse(body)
	if err != nil {
		log.Warn("webhook refused: " + err.Error())
		return malformed, err.Error()
	}
	if q.AccessToken == testToken {
		log.Info("webhook is the platform's test of this address: answered")
		return tested, ""
	}
	log = log.With(q.attributes()...)
	if _, err := s.hosts.address("task_result_callback_url", q.CallbackURL); err != nil {
		log.Error("webhook refused: " + err.Error())
		return forbidden, err.Error()
	}
	t := &task{Request: q, received: s.o.Now()}
	got := s.take(t)
	log.Info("webhook: " + string(got))
	return got, ""
}

// attributes are what a log says of a request: never its token or its URLs.
func (r Request) attributes() []any {
	return []any{"run", clip(r.RunID, 64), "organization", clip(r.Organization, 64), "workspace", clip(r.Workspace, 128), "stage", clip(r.Stage, 40),
		"enforcement", clip(r.Enforcement, 40)}
}
