// Package report words a judgement: one file a format, and nothing is judged here.
package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// Tool is the program that wrote a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Source is where facts were read: plan, state, assets, live, image, manifests; and its name there.
type Source struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// SourceError is what went wrong with a source without ending the run.
type SourceError struct {
	Source  string `json:"source"`
	Message string `json:"message"`
}

// Report is everything a format may show. Its order is the judgement's, so that the same facts give the same bytes.
type Report struct {
	Tool     Tool
	Sources  []Source
	Summary  checks.Summary
	Clusters []checks.Cluster
	Images   []checks.Image
	Results  []checks.Result
	Errors   []SourceError
	// Notes are what the reader should know of exceptions.
	Notes []string
	// Root is the folder of the configuration, seen from the folder of the repository, with slashes; empty where they are
	// one, or it is not known. Terraform names files from the configuration's folder, and so do the formats people read and
	// JSON; those that other programs turn into links (github, gitlab, junit, sarif) name them from the repository's.
	Root string
}

// New makes the report of a judgement.
func New(version string, sources []Source, j checks.Judgement, errs []SourceError) Report {
	return Report{
		Tool:     Tool{Name: "gkepreflight", Version: version},
		Sources:  sources,
		Summary:  j.Summary,
		Clusters: j.Clusters,
		Images:   j.Images,
		Results:  j.Results,
		Errors:   errs,
		Notes:    j.Notes,
	}
}

// Options are what the reader's screen can show. Formats for programs ignore them.
type Options struct {
	// Color allows ANSI colours.
	Color bool
	// Width is where lines are wrapped; 0 is 100 columns.
	Width int
	// ASCII draws symbols with characters every terminal has.
	ASCII bool
}

// formats are the ways to write a report. A format is one function here and one file beside this one.
var formats = map[string]func(io.Writer, Report, Options) error{
	"github":   writeGitHub,
	"gitlab":   writeGitLab,
	"html":     writeHTML,
	"json":     writeJSON,
	"junit":    writeJUnit,
	"markdown": writeMarkdown,
	"sarif":    writeSARIF,
	"text":     writeText,
}

// Formats lists the names Write takes, sorted.
func Formats() []string { return slices.Sorted(maps.Keys(formats)) }

// Write writes the report in a format.
func Write(w io.Writer, format string, r Report, o Options) error {
	write, ok := formats[format]
	if !ok {
		return fmt.Errorf("unknown format %q: expected %s", format, strings.Join(Formats(), ", "))
	}
	if err := write(w, r, o); err != nil {
		return fmt.Errorf("writing the %s report: %w", format, err)
	}
	return nil
}
