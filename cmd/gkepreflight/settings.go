package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/settings"
)

// asked is what is asked of a run, by flags, configuration, policy and baseline together.
type asked struct {
	policy checks.Policy
	failOn string
	strict bool
	// refused says what the policy did not allow.
	refused []string
	// rules is the policy file, which a baseline that is written has to keep to.
	rules settings.Policy
}

// asked reads the files of settings and says what holds.
func (f *checkFlags) asked() (asked, error) {
	var a asked
	given, err := f.values()
	if err != nil {
		return a, err
	}
	for _, flag := range []string{"config", "policy", "baseline", "write-baseline"} {
		if value := f.set.Lookup(flag).Value.String(); f.set.Changed(flag) && (value == "" || value == "-") {
			return a, fmt.Errorf("--%s names no file", flag)
		}
	}
	config, err := f.readConfig()
	if err != nil {
		return a, err
	}
	if f.policyFile != "" {
		if a.rules, err = settings.ReadPolicy(f.policyFile); err != nil {
			return a, err
		}
	}
	v, refused := settings.Settle(given, config, a.rules)
	a.policy = checks.Policy{Internet: v.Internet, Mirror: v.Mirror, Only: v.Only, Skip: v.Skip, Severities: v.Severity,
		Project: f.project, Location: f.location, Cluster: f.cluster, HubLimit: v.HubLimit, Ignore: v.Ignore}
	a.failOn, a.strict, a.refused = cmp.Or(v.FailOn, f.failOn), v.Strict != nil && *v.Strict, refused
	left := func(name string) bool { return !slices.Contains(v.Skip, name) }
	if len(v.Only) > 0 && !slices.ContainsFunc(v.Only, left) || !slices.ContainsFunc(checkNames(), left) {
		by := "--skip"
		if len(given.Skip) == 0 {
			by = "skip in " + config.File
		}
		return a, fmt.Errorf("no check is left: %s takes away all of them", by)
	}
	if f.baseline != "" {
		known, err := settings.ReadBaseline(f.baseline)
		if err != nil {
			return a, err
		}
		known, refused := settings.Unlocked(f.baseline, known, a.rules)
		a.policy.Baseline, a.refused = known, slices.Concat(a.refused, refused)
	}
	return a, nil
}

// readConfig reads the configuration that was named, or the one that lies in the working directory.
func (f *checkFlags) readConfig() (settings.Config, error) {
	if f.config != "" {
		return settings.ReadConfig(f.config)
	}
	if _, err := os.Lstat(settings.DefaultFile); errors.Is(err, fs.ErrNotExist) {
		return settings.Config{}, nil
	}
	return settings.ReadConfig(settings.DefaultFile)
}

// wordless are the formats that have no place for notes.
var wordless = []string{"gitlab", "json", "junit"}

// tell says what the policy refused where a pipeline's log shows it, whatever becomes of the report, and puts it at the head of the report's notes. The other
// notes are said here only where no report has a place for them.
func (a *asked) tell(j *checks.Judgement, targets []target, w io.Writer) {
	said := a.refused
	if !slices.ContainsFunc(targets, func(t target) bool { return !slices.Contains(wordless, t.format) }) {
		said = slices.Concat(said, j.Notes)
	}
	for _, line := range said {
		complain(w, line)
	}
	j.Notes = slices.Concat(a.refused, j.Notes)
}

// today is the day that exceptions are held against, the same everywhere.
func today() string { return time.Now().UTC().Format(time.DateOnly) }

// spare refuses a report or a baseline that would be written over another, or over what is read: a plan cannot always be made again. Only a baseline
// may take the place of the one before.
func (f *checkFlags) spare(targets []target) error {
	for _, t := range targets {
		if f.writeBaseline != "" && t.file == filepath.Clean(f.writeBaseline) {
			return fmt.Errorf("both %s and the baseline would be written to %s", t.format, t.file)
		}
		if sameFile(t.file, f.baseline) {
			return fmt.Errorf("--output %s would overwrite the baseline, which is read", t.file)
		}
	}
	for _, name := range slices.Concat(f.plans, f.states, f.assets, f.manifests, []string{f.configDir, f.config, f.policyFile}) {
		for _, t := range targets {
			if sameFile(t.file, name) {
				return fmt.Errorf("--output %s would overwrite %s, which is read", t.file, name)
			}
		}
		if sameFile(f.writeBaseline, name) {
			return fmt.Errorf("--write-baseline %s would overwrite %s, which is read", f.writeBaseline, name)
		}
	}
	return nil
}

// sameFile reports whether two names are one regular file; a terminal or a null device may well be both read and written.
func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil || !one.Mode().IsRegular() {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// keep writes what was found as a baseline, where one is asked for. What a policy locks is left out: it would not be followed.
func (f *checkFlags) keep(results []checks.Result, rules settings.Policy, std streams) error {
	if f.writeBaseline == "" {
		return nil
	}
	found := checks.Baseline(results)
	entries, refused := settings.Unlocked(f.writeBaseline, found, rules)
	if err := replace(f.writeBaseline, func(w io.Writer) error { return settings.WriteBaseline(w, entries) }); err != nil {
		return fmt.Errorf("--write-baseline %s: %w", f.writeBaseline, cause(err))
	}
	said := fmt.Sprintf("%s: a baseline of %d entries was written", f.writeBaseline, len(entries))
	if len(refused) > 0 {
		said += fmt.Sprintf(", without %d of checks that %s locks", len(found)-len(entries), rules.File)
	}
	complain(std.err, said)
	return nil
}
