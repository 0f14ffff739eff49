// Package terraform reads facts in the google provider's attribute shape: from plan and state JSON, with the configuration behind it.
package terraform

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Input is what to read. Later sources of the same object win: what exists over states, and plans over both.
type Input struct {
	States, Plans []string
	// Existing reads what exists in Google Cloud; nil where nobody asks. It is called once, with what states and plans tell together, so that it
	// knows what to ask for. What it returns lies over the states and beneath the plans.
	Existing func(ctx context.Context, told topology.Facts) (topology.Facts, error)
	// ConfigDir is the configuration behind a JSON plan: a folder, or the saved plan file that carries it.
	ConfigDir string
	// Terraform is the binary that shows a saved plan; empty for the one on PATH.
	Terraform string
	// Stdin is read for the plan "-".
	Stdin io.Reader
}

// Source names something that was read.
type Source struct{ Kind, Name string }

// Reading is what the sources say: the world after apply, and as it was before.
type Reading struct {
	After, Before topology.Facts
	// Changed is true when a plan changes or adds anything, so that Before differs.
	Changed bool
	Sources []Source
}

// Read reads every source. An error names the file, the place in it and what was expected.
func Read(ctx context.Context, in Input) (Reading, error) {
	var r Reading
	var states, plans []layer
	for _, name := range in.States {
		doc, err := readFile(name, in.Stdin)
		if err != nil {
			return r, err
		}
		if doc.plan {
			return r, fmt.Errorf("%s: is a plan: give it with --plan", name)
		}
		states = append(states, layerOf(doc))
		r.Sources = append(r.Sources, Source{"state", name})
	}
	for _, name := range in.Plans {
		doc, err := readPlan(ctx, name, in)
		if err != nil {
			return r, err
		}
		plans = append(plans, layerOf(doc))
		r.Sources = append(r.Sources, Source{"plan", name})
	}
	r.lay(states, topology.Facts{}, plans)
	if in.Existing == nil {
		return r, nil
	}
	existing, err := in.Existing(ctx, r.After)
	if err != nil {
		return r, err
	}
	r.lay(states, existing, plans)
	return r, nil
}

func readPlan(ctx context.Context, name string, in Input) (*document, error) {
	text, err := openFile(name, in.Stdin)
	if err != nil {
		return nil, err
	}
	defer func() { _ = text.Close() }()
	var doc *document
	saved := name != "-" && text.saved()
	if saved {
		doc, err = showPlan(ctx, name, in.Terraform)
	} else {
		doc, err = readDocument(text.Reader, name)
	}
	if err != nil {
		return nil, err
	}
	if !doc.plan {
		return nil, fmt.Errorf("%s: is a state: give it with --state", name)
	}
	config := in.ConfigDir
	if config == "" && saved {
		config = name
	}
	if config != "" {
		err = doc.configure(config)
	}
	return doc, err
}

// readFile reads plan or state JSON; "-" is standard input.
func readFile(name string, stdin io.Reader) (*document, error) {
	text, err := openFile(name, stdin)
	if err != nil {
		return nil, err
	}
	defer func() { _ = text.Close() }()
	return readDocument(text.Reader, name)
}

// input is a source that was opened, once: a pipe, as a shell's <(…) gives one, holds what it holds only once.
type input struct {
	*bufio.Reader
	io.Closer
}

// openFile opens a file; "-" is standard input, which is left open.
func openFile(name string, stdin io.Reader) (input, error) {
	if name == "-" {
		if stdin == nil {
			return input{}, errors.New("-: there is no standard input")
		}
		return input{bufio.NewReaderSize(stdin, sniffed), io.NopCloser(nil)}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return input{}, fileError(name, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return input{}, errors.Join(fileError(name, syscall.EISDIR), f.Close())
	}
	return input{bufio.NewReaderSize(f, sniffed), f}, nil
}

// saved tells a saved plan file, which is a zip archive, from JSON. What cannot be read is said by whoever reads on.
func (in input) saved() bool {
	head, _ := in.Peek(2)
	return string(head) == "PK"
}

func fileError(name string, err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Errorf("%s: %w: expected a file with the output of `terraform show -json`", name, err)
}

// sourceDir is the folder a saved plan is shown in: the initialised directory it lies in.
func sourceDir(plan string) string { return filepath.Dir(plan) }
