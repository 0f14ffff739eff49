package diagnose

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

// Formats lists what Write takes.
func Formats() []string { return []string{"json", "text"} }

// Write writes a diagnosis as text or JSON.
func Write(w io.Writer, format, version string, d Diagnosis, o report.Options) error {
	var err error
	switch format {
	case "json":
		err = writeJSON(w, version, d)
	case "text":
		err = writeText(w, d, o)
	default:
		return fmt.Errorf("unknown format %q: expected json or text", format)
	}
	if err != nil {
		return fmt.Errorf("writing the %s diagnosis: %w", format, err)
	}
	return nil
}

type document struct {
	SchemaVersion int            `json:"schema_version"`
	Tool          report.Tool    `json:"tool"`
	Causes        []Cause        `json:"causes"`
	Unrecognised  []Unrecognised `json:"unrecognised"`
	Pulls         Pulls          `json:"pulls"`
}

func writeJSON(w io.Writer, version string, d Diagnosis) error {
	doc := document{SchemaVersion: SchemaVersion, Tool: report.Tool{Name: "gkepreflight", Version: version},
		Causes: []Cause{}, Unrecognised: []Unrecognised{}, Pulls: d.Pulls}
	for _, c := range d.Causes {
		if c.ExplainedBy == nil {
			c.ExplainedBy = []Explanation{}
		}
		doc.Causes = append(doc.Causes, c)
	}
	doc.Unrecognised = append(doc.Unrecognised, d.Unrecognised...)
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}
