package runtask

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// A webhook is a small request of a busy platform. Whoever takes longer over it holds a connection and nothing else.
const (
	headerTime  = 5 * time.Second
	requestTime = 15 * time.Second
	idleTime    = 60 * time.Second
	headerRoom  = 16 << 10
	// closingTime is for answers under way when the last task is done.
	closingTime = 2 * time.Second
)

// Listeners are where a server listens. Task takes webhooks, with TLS where a configuration is given; Metrics, which may be nil, serves /metrics,
// /healthz and /readyz, and is no business of the platform.
type Listeners struct {
	Task, Metrics net.Listener
	TLS           *tls.Config
}

// Serve takes and works on tasks until ctx ends, then as long as Options.Grace allows. A listener that breaks ends it, too, and is an error.
func (s *Server) Serve(ctx context.Context, l Listeners) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	task := s.httpServer(s.Handler())
	if l.TLS != nil {
		l.Task = tls.NewListener(l.Task, l.TLS)
	}
	servers := []*http.Server{task}
	go serve(task, l.Task, end)
	if l.Metrics != nil {
		metrics := s.httpServer(s.metricsHandler())
		servers = append(servers, metrics)
		go serve(metrics, l.Metrics, end)
	}
	s.Run(ctx)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closingTime)
	defer cancel()
	for _, server := range servers {
		if err := server.Shutdown(last); err != nil {
			_ = server.Close()
		}
	}
	var broken listenError
	if errors.As(context.Cause(ctx), &broken) {
		return broken
	}
	return nil
}

func (s *Server) httpServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: requestTime, IdleTimeout: idleTime,
		MaxHeaderBytes: headerRoom, ErrorLog: slog.NewLogLogger(s.o.Log.Handler(), slog.LevelDebug)}
}

func (s *Server) metricsHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", s.alive)
	mux.HandleFunc("GET /readyz", s.ready)
	return mux
}

// listenError is a listener that broke.
type listenError struct{ cause error }

func (e listenError) Error() string { return fmt.Sprintf("listening ended: %s", e.cause) }
func (e listenError) Unwrap() error { return e.cause }

func serve(server *http.Server, l net.Listener, end context.CancelCauseFunc) {
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		end(listenError{err})
	}
}
