// Package fake answers as Google Cloud's REST APIs do, from a world described in Go: for tests, for acceptance tests with the google provider's
// custom endpoints, and for the live demo. Paths, paging, errors and the shape of answers are the real ones; what is there is what the world says.
package fake

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Server is the APIs of one world on one port of this machine. Its methods may be called at any time, from any goroutine.
type Server struct {
	// URL is where it listens: http://127.0.0.1:PORT.
	URL string

	world   world
	routes  *http.ServeMux
	http    *http.Server
	closing chan struct{}
	closed  sync.Once
	waiting atomic.Int32

	mu       sync.Mutex
	calls    []Call
	tokens   []string
	faults   []*planted
	granted  map[string]bool
	pageSize int
}

// Start serves a world until Close. Links, numbers and fields that Google fills in may be left out of what the world describes.
func Start(w World) (*Server, error) {
	made, err := w.build()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the fake Google Cloud cannot listen: %w", err)
	}
	s := &Server{URL: "http://" + listener.Addr().String(), world: made, routes: http.NewServeMux(), closing: make(chan struct{})}
	s.compute()
	s.container()
	s.dns()
	s.artifactRegistry()
	s.resourceManager()
	s.iam()
	s.networkConnectivity()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() {
		// Serve ends with an error always, and Close is the only one that is awaited.
		_ = s.http.Serve(listener)
	}()
	return s, nil
}

// Close ends the server and every answer that still hangs.
func (s *Server) Close() error {
	s.closed.Do(func() { close(s.closing) })
	if err := s.http.Close(); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("the fake Google Cloud does not close: %w", err)
	}
	return nil
}

// Endpoints are the custom endpoints of the APIs as the google provider takes them, by the service's name in its settings: version included, with
// a slash at the end. "compute" is the value of compute_custom_endpoint.
func (s *Server) Endpoints() map[string]string {
	found := map[string]string{}
	for name, a := range apis {
		found[name] = s.URL + a.root
	}
	return found
}

// Environment is Endpoints as the google provider reads them from the environment, and a token: GOOGLE_COMPUTE_CUSTOM_ENDPOINT=http://….
func (s *Server) Environment(token string) []string {
	set := []string{"GOOGLE_OAUTH_ACCESS_TOKEN=" + token}
	for name, a := range apis {
		set = append(set, variable(name)+"="+s.URL+a.root)
	}
	return set
}

// Pages makes every list come in pages of at most n items, whatever was asked for; 0 ends that.
func (s *Server) Pages(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pageSize = n
}

// Grant denies from now on every call whose permission is not among these, as for an account that holds no other.
func (s *Server) Grant(permissions []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.granted = map[string]bool{}
	for _, p := range permissions {
		s.granted[p] = true
	}
}

// may reports whether the caller holds a permission.
func (s *Server) may(permission string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.granted == nil || s.granted[permission]
}
