package fake

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Call is a request that the server was sent.
type Call struct {
	// Method is GET or POST; API the service by its name in the google provider's custom endpoints; Path as it was asked for.
	Method, API, Path string
	Query             url.Values
	// Permission is what the real API demands for it; empty for a path that no API has.
	Permission string
	// Status is what was answered; 0 where the connection was broken off.
	Status int
	// List is whether the answer was a page of a list.
	List bool
	// Header is what was sent with it, the token aside.
	Header http.Header
}

// Page is whether the call asked for a page after the first.
func (c Call) Page() bool { return c.Query.Get("pageToken") != "" }

// note adds a call, and the token it came with.
func (s *Server) note(c Call, r *http.Request) {
	c.Header = r.Header.Clone()
	token := strings.TrimPrefix(c.Header.Get("Authorization"), "Bearer ")
	c.Header.Del("Authorization")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
	if token != "" && !slices.Contains(s.tokens, token) {
		s.tokens = append(s.tokens, token)
	}
}

// Calls are the requests so far, in the order in which they were answered.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Counts are the numbers of calls so far by the permission that they demand.
func (s *Server) Counts() map[string]int {
	counts := map[string]int{}
	for _, c := range s.Calls() {
		counts[c.Permission]++
	}
	return counts
}

// Tokens are the access tokens that were shown so far, each once.
func (s *Server) Tokens() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.tokens)
}

// Forget empties what was counted, and heals every fault.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls, s.tokens, s.faults = nil, nil, nil
}
