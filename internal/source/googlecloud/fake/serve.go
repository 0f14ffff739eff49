package fake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// operation is one call of an API.
type operation struct {
	// api is its name among apis, permission what the real one demands.
	api, permission string
	answer          func(*query) (any, error)
}

// query is a call that came in.
type query struct {
	*http.Request
	server *Server
	op     *operation
	// project is the one in the path; nil where the path has none.
	project *project
	// list says that the answer is a page of a list.
	list bool
}

// handle serves an operation at a path below its API's root: "GET projects/{project}/global/networks". What is before a colon in a real path is a
// segment of its own here: {repository}/:getIamPolicy.
func (s *Server) handle(route, permission, name string, answer func(*query) (any, error)) {
	method, below, _ := strings.Cut(route, " ")
	op := &operation{api: name, permission: permission, answer: answer}
	s.routes.HandleFunc(method+" "+apis[name].root+below, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, op) })
}

// ServeHTTP finds the operation of a path. A path that is not written as Google has it, a doubled slash for one, is no path of Google's.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath = strings.Replace(r.URL.Path, ":getIamPolicy", "/:getIamPolicy", 1), ""
	if _, found := s.routes.Handler(inner); found == "" || path.Clean(r.URL.Path) != r.URL.Path {
		s.note(Call{Method: r.Method, API: apiOf(r.URL.Path), Path: r.URL.Path, Query: r.URL.Query(), Status: http.StatusNotFound}, r)
		notFound("The requested URL "+r.URL.Path+" was not found on this server.").write(w, apis[apiOf(r.URL.Path)])
		return
	}
	s.routes.ServeHTTP(w, inner)
}

// apiOf names the API that a path belongs to, by its root.
func apiOf(requested string) string {
	for name, a := range apis {
		if strings.HasPrefix(requested, a.root) {
			return name
		}
	}
	return ""
}

// serve answers one call: who asks, what goes wrong, whether they may, and what there is, in this order.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, op *operation) {
	asked := strings.Replace(r.URL.Path, "/:", ":", 1)
	call := Call{Method: r.Method, API: op.api, Path: asked, Query: r.URL.Query(), Permission: op.permission}
	counted := &status{ResponseWriter: w}
	q := &query{Request: r, server: s, op: op}
	defer func() {
		call.Status, call.List = counted.code, q.list
		s.note(call, r)
	}()
	if token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); !found || token == "" {
		unauthenticated().write(counted, apis[op.api])
		return
	}
	if f := s.struck(call); f != nil {
		f.serve(counted, q)
		return
	}
	text, err := q.text()
	if err != nil {
		refuse(counted, op, err)
		return
	}
	sendText(counted, http.StatusOK, text)
}

func refuse(w http.ResponseWriter, op *operation, err error) {
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{code: http.StatusInternalServerError, reason: "backendError", status: "INTERNAL", message: err.Error()}
	}
	f.write(w, apis[op.api])
}

// text is the answer as it would be without faults.
func (q *query) text() ([]byte, error) {
	id := q.PathValue("project")
	if id != "" {
		q.project = q.server.world.projects[id]
	}
	if !q.server.may(q.op.permission) || id != "" && q.project == nil {
		// A project that does not exist is refused like one that is hidden.
		return nil, q.op.denied(q.resource())
	}
	if q.project != nil {
		if as, found := q.project.recorded[q.Method+" "+strings.Replace(q.URL.Path, "/:", ":", 1)]; found {
			return as, nil
		}
	}
	answer, err := q.op.answer(q)
	if err != nil {
		return nil, err
	}
	return encode(answer, strings.Contains(q.URL.Query().Get("$alt"), "enum-encoding=int"))
}

// resource is what the path is about, as errors name it.
func (q *query) resource() string {
	below := strings.TrimPrefix(strings.TrimSuffix(q.URL.Path, "/:getIamPolicy"), apis[q.op.api].root)
	return strings.TrimSuffix(below, "/-")
}

// encode writes an answer as JSON: enums as numbers where the caller asked for that, as the generated REST clients do.
func encode(answer any, numbers bool) ([]byte, error) {
	message, is := answer.(proto.Message)
	if !is {
		text, err := json.MarshalIndent(answer, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("the answer cannot be written: %w", err)
		}
		return text, nil
	}
	text, err := protojson.MarshalOptions{UseEnumNumbers: numbers}.Marshal(message)
	if err != nil {
		return nil, fmt.Errorf("the answer cannot be written: %w", err)
	}
	// protojson varies its spaces on purpose; the same answer is the same text here.
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return nil, fmt.Errorf("the answer cannot be written: %w", err)
	}
	return out.Bytes(), nil
}

// status remembers what was answered.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }
