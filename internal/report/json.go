package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// SchemaVersion is the version of the JSON report. Within it members are only ever added.
const SchemaVersion = 1

type jsonReport struct {
	SchemaVersion int              `json:"schema_version"`
	Tool          Tool             `json:"tool"`
	Sources       []Source         `json:"sources"`
	Summary       checks.Summary   `json:"summary"`
	Clusters      []checks.Cluster `json:"clusters"`
	Images        []checks.Image   `json:"images"`
	Results       []jsonResult     `json:"results"`
	Errors        []SourceError    `json:"errors"`
}

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

func writeJSON(w io.Writer, r Report, _ Options) error {
	doc := jsonReport{
		SchemaVersion: SchemaVersion,
		Tool:          r.Tool,
		Sources:       present(r.Sources),
		Summary:       r.Summary,
		Clusters:      present(r.Clusters),
		Images:        make([]checks.Image, len(r.Images)),
		Results:       make([]jsonResult, len(r.Results)),
		Errors:        present(r.Errors),
	}
	for i, image := range r.Images {
		image.From = present(image.From)
		doc.Images[i] = image
	}
	for i, result := range r.Results {
		doc.Results[i] = jsonResult(result)
		doc.Results[i].Path = present(result.Path)
		doc.Results[i].Evidence = present(result.Evidence)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := w.Write(visible(out.Bytes()))
	return err
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
