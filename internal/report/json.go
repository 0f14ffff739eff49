package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// SchemaVersion is the version of the JSON report. Within it members are only ever added.
const SchemaVersion = 1

// jsonResult is checks.Result with every array and boolean always present, so that `.results[].evidence[]` never meets
// a null. It is converted from checks.Result: a field that one has and the other lacks does not compile.
type jsonResult struct {
	Check      string              `json:"check"`
	Status     topology.Verdict    `json:"status"`
	Severity   checks.Severity     `json:"severity"`
	Cluster    string              `json:"cluster"`
	Object     checks.Object       `json:"object"`
	Regression bool                `json:"regression"`
	CausedBy   string              `json:"caused_by,omitempty"`
	Message    string              `json:"message"`
	Path       []egress.Hop        `json:"path"`
	Evidence   []egress.Evidence   `json:"evidence"`
	Fix        string              `json:"fix,omitempty"`
	Docs       string              `json:"docs"`
	Suppressed *checks.Suppression `json:"suppressed,omitempty"`
	Image      string              `json:"-"`
	Loose      bool                `json:"-"`
}

// writeJSON writes element by element: the report of an organisation is larger than all that was read for it.
func writeJSON(w io.Writer, r Report, _ Options) error {
	to := &firstError{Writer: w}
	j := jsonWriter{enc: jsontext.NewEncoder(to, jsontext.WithIndent("  "), jsontext.PreserveRawStrings(true))}
	j.token(jsontext.BeginObject)
	j.field("schema_version", SchemaVersion)
	j.field("tool", r.Tool)
	j.field("sources", present(r.Sources))
	j.field("summary", r.Summary)
	each(&j, "clusters", r.Clusters, func(c checks.Cluster) any { return c })
	each(&j, "images", r.Images, func(i checks.Image) any {
		i.From = present(i.From)
		return i
	})
	each(&j, "results", r.Results, func(x checks.Result) any {
		out := jsonResult(x)
		out.Path, out.Evidence = present(x.Path), present(x.Evidence)
		return out
	})
	j.field("errors", present(r.Errors))
	j.token(jsontext.EndObject)
	return cmp.Or(to.err, j.err)
}

// firstError keeps what went wrong with a writer, which the encoder words as its own.
type firstError struct {
	io.Writer
	err error
}

func (f *firstError) Write(p []byte) (int, error) {
	n, err := f.Writer.Write(p)
	f.err = cmp.Or(f.err, err)
	return n, err
}

// jsonWriter keeps the first error.
type jsonWriter struct {
	enc *jsontext.Encoder
	err error
}

func (j *jsonWriter) token(t jsontext.Token) {
	if j.err == nil {
		j.err = j.enc.WriteToken(t)
	}
}

func (j *jsonWriter) field(name string, v any) {
	j.token(jsontext.String(name))
	j.value(v)
}

func (j *jsonWriter) value(v any) {
	if j.err != nil {
		return
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if j.err = enc.Encode(v); j.err == nil {
		j.err = j.enc.WriteValue(visible(out.Bytes()))
	}
}

func each[T any](j *jsonWriter, name string, list []T, as func(T) any) {
	j.token(jsontext.String(name))
	j.token(jsontext.BeginArray)
	for _, v := range list {
		j.value(as(v))
	}
	j.token(jsontext.EndArray)
}

// visible escapes what a terminal would obey or hide in JSON that is written: the encoder leaves C1 controls, DEL and
// bidirectional overrides as they are. They only stand in strings there, and mean the same.
func visible(doc []byte) []byte {
	hidden := func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }
	if !bytes.ContainsFunc(doc, hidden) {
		return doc
	}
	var b bytes.Buffer
	for _, r := range string(doc) {
		switch {
		case !hidden(r):
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return b.Bytes()
}

// present makes an array of nothing `[]` rather than `null`.
func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
