package fake

import (
	"encoding/json"
	"net"
	"net/http"
	"path"
	"time"
)

// Match chooses calls; what is empty chooses all. Path is a pattern of path.Match: "/compute/v1/projects/*/aggregated/routers".
type Match struct {
	Method, API, Path, Permission string
	// Pages chooses only calls for a page after the first.
	Pages bool
}

func (m Match) fits(c Call) bool {
	fits := func(want, is string) bool { return want == "" || want == is }
	named, err := path.Match(m.Path, c.Path)
	return fits(m.Method, c.Method) && fits(m.API, c.API) && fits(m.Permission, c.Permission) && (!m.Pages || c.Page()) &&
		(m.Path == "" || m.Path == c.Path || err == nil && named)
}

// Fault is something that goes wrong with a call.
type Fault struct {
	// Name is what it is called in the names of tests.
	Name  string
	serve func(http.ResponseWriter, *query)
	// times is how many calls it strikes; 0 for all.
	times int
}

// First is the fault for the first n calls that match; those after it are well.
func (f Fault) First(n int) Fault {
	f.times = n
	return f
}

type planted struct {
	match Match
	fault Fault
	left  int
}

// Fault makes the calls that match go wrong from now on. Of several that match, the latest strikes.
func (s *Server) Fault(m Match, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &planted{match: m, fault: f, left: f.times})
}

// struck is the fault of a call; nil where all is well.
func (s *Server) struck(c Call) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.faults) - 1; i >= 0; i-- {
		p := s.faults[i]
		if p.fault.times > 0 && p.left == 0 || !p.match.fits(c) {
			continue
		}
		p.left--
		return &p.fault
	}
	return nil
}

func failing(name string, why func(*query) *failure) Fault {
	return Fault{Name: name, serve: func(w http.ResponseWriter, q *query) { why(q).write(w, apis[q.op.api]) }}
}

// Denied is the refusal of an account without the call's permission, in the words of its API.
func Denied() Fault {
	return failing("denied", func(q *query) *failure { return q.op.denied(q.resource()) })
}

// Expired is a token that has run out.
func Expired() Fault { return failing("expired", func(*query) *failure { return unauthenticated() }) }

// Disabled is a project in which the API is not switched on.
func Disabled() Fault {
	return failing("disabled", func(q *query) *failure { return q.op.disabled(q.PathValue("project")) })
}

// Gone is an object that was deleted between the list and this call.
func Gone() Fault {
	return failing("gone", func(q *query) *failure { return notFound("The resource '" + q.resource() + "' was not found") })
}

// Busy is a quota that is used up, to be asked again after a time, in full seconds.
func Busy(after time.Duration) Fault {
	return failing("busy", func(*query) *failure { return tooMany(after) })
}

// Unavailable is a service that is down, to be asked again after a time, in full seconds.
func Unavailable(after time.Duration) Fault {
	return failing("unavailable", func(*query) *failure { return unavailable(after) })
}

// Status answers with a status and a body as they are.
func Status(code int, body string) Fault {
	return Fault{Name: http.StatusText(code), serve: func(w http.ResponseWriter, _ *query) { sendText(w, code, []byte(body)) }}
}

// NotJSON answers 200 with what is no JSON, as a captive portal does.
func NotJSON() Fault {
	f := Status(http.StatusOK, "<html>sign in to this network</html>")
	f.Name = "no JSON"
	return f
}

// Hang answers nothing until the caller gives up or the server closes.
func Hang() Fault {
	return Fault{Name: "hang", serve: func(_ http.ResponseWriter, q *query) {
		q.server.waiting.Add(1)
		defer q.server.waiting.Add(-1)
		select {
		case <-q.Context().Done():
		case <-q.server.closing:
		}
	}}
}

// Waiting is the number of calls that hang now.
func (s *Server) Waiting() int { return int(s.waiting.Load()) }

// Reset breaks the connection off before a word is said.
func Reset() Fault {
	return Fault{Name: "reset", serve: func(w http.ResponseWriter, _ *query) { drop(w, nil) }}
}

// Truncated breaks the connection off in the middle of the answer.
func Truncated() Fault {
	return Fault{Name: "truncated", serve: func(w http.ResponseWriter, q *query) {
		text, err := q.text()
		if err != nil {
			refuse(w, q.op, err)
			return
		}
		w.Header().Set("Content-Length", "1000000")
		drop(w, text[:len(text)/2])
	}}
}

// drop says what is to be said and resets the connection.
func drop(w http.ResponseWriter, said []byte) {
	control := http.NewResponseController(w)
	if said != nil {
		sendText(w, http.StatusOK, said)
		if control.Flush() != nil {
			return
		}
	}
	conn, _, err := control.Hijack()
	if err != nil {
		return
	}
	if tcp, is := conn.(*net.TCPConn); is {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// edited is an answer whose top level is changed on its way out.
func edited(name string, edit func(q *query, fields map[string]json.RawMessage)) Fault {
	return Fault{Name: name, serve: func(w http.ResponseWriter, q *query) {
		text, err := q.text()
		if err != nil {
			refuse(w, q.op, err)
			return
		}
		fields := map[string]json.RawMessage{}
		if err := json.Unmarshal(text, &fields); err != nil {
			refuse(w, q.op, err)
			return
		}
		edit(q, fields)
		send(w, http.StatusOK, fields)
	}}
}
