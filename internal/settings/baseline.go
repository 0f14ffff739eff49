package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// baselineVersion is the version of a baseline's shape. Members may be added to it: what is not known is not read.
const baselineVersion = 1

// largestBaseline holds a million findings.
const largestBaseline = 256 << 20

type baseline struct {
	SchemaVersion int            `json:"schema_version"`
	Entries       []checks.Known `json:"entries"`
}

// WriteBaseline writes a baseline: the same findings give the same bytes.
func WriteBaseline(w io.Writer, entries []checks.Known) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if entries == nil {
		entries = []checks.Known{}
	}
	return e.Encode(baseline{baselineVersion, entries})
}

// ReadBaseline reads a baseline.
func ReadBaseline(name string) ([]checks.Known, error) {
	text, err := slurp(name, largestBaseline)
	if err != nil {
		return nil, err
	}
	const expected = "expected what gkepreflight check --write-baseline writes"
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf("%s: is empty: %s", name, expected)
	}
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return nil, fmt.Errorf("%s: is no UTF-8 text: %s", name, expected)
	}
	var b baseline
	if err := json.Unmarshal(text, &b); err != nil {
		return nil, misread(name, text, err, expected)
	}
	switch {
	case b.SchemaVersion == 0:
		return nil, fmt.Errorf("%s: has no schema_version: %s", name, expected)
	case b.SchemaVersion != baselineVersion:
		return nil, fmt.Errorf("%s: has schema_version %d, and this version reads %d", name, b.SchemaVersion, baselineVersion)
	}
	for i, k := range b.Entries {
		if k.Check == "" || k.Failed < 0 || k.Undecided < 0 || k.Failed+k.Undecided == 0 {
			return nil, fmt.Errorf("%s: entries[%d]: expected check, object, cluster, and how many of it fail or are unknown", name, i)
		}
	}
	return b.Entries, nil
}

// misread says where a baseline is not what it should be.
func misread(name string, text []byte, err error, expected string) error {
	var broken *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &broken):
		line, column := position(text, broken.Offset)
		return fmt.Errorf("%s:%d:%d: is broken JSON: %w", name, line, column, err)
	case errors.As(err, &wrong):
		line, column := position(text, wrong.Offset)
		what := wrong.Field
		if what == "" {
			what = "the file"
		}
		return fmt.Errorf("%s:%d:%d: %s is of another type (%s): %s", name, line, column, what, wrong.Value, expected)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// position is the line and column that a number of bytes ends at.
func position(text []byte, offset int64) (line, column int) {
	before := text[:min(max(offset-1, 0), int64(len(text)))]
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
}

// Unlocked is what of a baseline holds under a policy, and what the policy refuses of it.
func Unlocked(file string, entries []checks.Known, policy Policy) ([]checks.Known, []string) {
	dropped := map[string]int{}
	left := slices.DeleteFunc(slices.Clone(entries), func(k checks.Known) bool {
		locked := slices.Contains(policy.Locked, k.Check)
		if locked {
			dropped[k.Check]++
		}
		return locked
	})
	var refused []string
	for _, check := range policy.locked() {
		if n := dropped[check]; n > 0 {
			refused = append(refused, fmt.Sprintf("%s locks %s: %s", policy.File, check, unfollowed(n, "entry", "entries", file)))
		}
	}
	return left, refused
}
