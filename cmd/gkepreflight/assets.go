package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"golang.org/x/term"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/asset"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// existing reads what exists in Google Cloud, knowing what the other sources tell.
type existing = func(ctx context.Context, told topology.Facts) (topology.Facts, error)

// softLimit is from how many bytes on garbage is collected more eagerly: the export of an organisation with 10,000 clusters is to be read and judged
// in 512 MiB. It costs time near the limit, and what needs more memory gets it.
const softLimit = 420 << 20

// exported lays asset exports beneath what is read live, and hands what both tell to the live read. What is said of assets that could not be read
// goes into the report's errors.
func (f *checkFlags) exported(live existing, std streams, unread *[]report.SourceError) existing {
	if len(f.assets) == 0 {
		return live
	}
	return func(ctx context.Context, told topology.Facts) (topology.Facts, error) {
		if std.env("GOMEMLIMIT") == "" {
			debug.SetMemoryLimit(softLimit)
		}
		facts, said, err := asset.Read(ctx, f.assets, asset.Options{Progress: lines(std.err)})
		for _, message := range said {
			*unread = append(*unread, report.SourceError{Source: "assets", Message: message})
		}
		if err != nil || live == nil {
			return facts, err
		}
		read, err := live(ctx, topology.Lay(facts, told, nil))
		return topology.Lay(facts, read, nil), err
	}
}

// assetSources names the exports for the report.
func (f *checkFlags) assetSources() []report.Source {
	var out []report.Source
	for _, name := range f.assets {
		out = append(out, report.Source{Kind: "assets", Name: name})
	}
	return out
}

// lines counts on a terminal how many lines of an export were read, in one line that is gone in the end; nil for any other place.
func lines(w io.Writer) func(name string, n int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	wide := 0
	return func(name string, n int) {
		said := ""
		if n > 0 {
			said = fmt.Sprintf("%d assets of %s were read", n, filepath.Base(name))
		}
		blank := strings.Repeat(" ", max(0, wide-len(said)))
		wide = len(said)
		fmt.Fprint(w, "\r"+said+blank+strings.Repeat("\b", len(blank)))
	}
}
