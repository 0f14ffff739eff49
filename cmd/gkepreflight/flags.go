package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/settings"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
)

// checkFlags are the flags of check as they were given.
type checkFlags struct {
	states, plans, assets      []string
	terraform, configDir       string
	project, location, cluster string
	internet, mirror           string
	images, manifests          []string
	only, skip, severities     []string
	formats, outputs           []string
	failOn                     string
	strict                     bool
	config, policyFile         string
	baseline, writeBaseline    string
	live, allowPrivate         bool
	// set tells a flag that was given from one that has its default.
	set *pflag.FlagSet
}

func (f *checkFlags) register(set *pflag.FlagSet) {
	f.set = set
	set.SortFlags = false
	set.StringArrayVar(&f.plans, "plan", nil, "`FILE` of terraform show -json, or a saved plan; - is stdin")
	set.StringArrayVar(&f.states, "state", nil, "`FILE` from terraform show -json of a state")
	set.StringArrayVar(&f.assets, "assets", nil, "`FILE` of a Cloud Asset Inventory export: NDJSON, also gzip")
	set.StringVar(&f.configDir, "config-dir", "", "`DIR` of the configuration of a JSON plan, or its saved plan")
	set.StringVar(&f.terraform, "terraform", "", "`PATH` of the terraform or tofu that reads saved plans")
	set.StringVar(&f.project, "project", "", "only clusters of projects that match `GLOB`")
	set.StringVar(&f.location, "location", "", "only clusters of regions or zones that match `GLOB`")
	set.StringVar(&f.cluster, "cluster", "", "only clusters whose name or address matches `GLOB`")
	set.StringArrayVar(&f.images, "image", nil, "`REF` that the nodes will pull")
	set.StringArrayVar(&f.manifests, "manifests", nil, "`PATH` of Kubernetes manifests: a file, a folder or -")
	set.BoolVar(&f.live, "live", false, "read from Google Cloud what is lacking; ask registries")
	set.BoolVar(&f.allowPrivate, "allow-private-registries", false, "let --live ask registries on private addresses")
	set.StringVar(&f.internet, "internet", "auto", "`REACH` nodes must have: auto, required, images")
	set.StringVar(&f.mirror, "mirror", "deny", "`RULE` for mirror-only images: deny, warn, allow")
	set.StringArrayVar(&f.only, "only", nil, "only this `CHECK`")
	set.StringArrayVar(&f.skip, "skip", nil, "not this `CHECK`")
	set.StringArrayVar(&f.severities, "severity", nil, "`CHECK=LEVEL`: what its failure is worth: error, warning, info")
	set.StringVar(&f.config, "config", "", "`FILE` of a repository's settings (default "+settings.DefaultFile+")")
	set.StringVar(&f.policyFile, "policy", "", "`FILE` of a platform team's settings, which win")
	set.StringVar(&f.baseline, "baseline", "", "`FILE` of what was found before: only what is new counts")
	set.StringVar(&f.writeBaseline, "write-baseline", "", "`FILE` for what is found now, to be a baseline")
	set.StringArrayVar(&f.formats, "format", nil, "`FORMAT`: "+strings.Join(report.Formats(), ", "))
	set.StringArrayVar(&f.outputs, "output", nil, "`FILE` for the format at the same position (default stdout)")
	set.StringVar(&f.failOn, "fail-on", "error", "least `LEVEL` that fails: error, warning, never")
	set.BoolVar(&f.strict, "strict", false, "count undecided results, too")
}

// listed splits what may be given once with commas or several times. Names of files may hold commas: they only repeat.
func listed(values []string) []string {
	var list []string
	for _, value := range values {
		for _, word := range strings.Split(value, ",") {
			if word = strings.TrimSpace(word); word != "" {
				list = append(list, word)
			}
		}
	}
	return list
}

// values are the settings that flags were given for; the others are left to files and defaults.
func (f *checkFlags) values() (settings.Values, error) {
	names, only, skip := checkNames(), listed(f.only), listed(f.skip)
	v := settings.Values{Only: only, Skip: skip, Severity: map[string]checks.Severity{}}
	errs := []error{
		oneOf("value of --internet", f.internet, settings.Internets),
		oneOf("value of --mirror", f.mirror, settings.Mirrors),
		oneOf("value of --fail-on", f.failOn, settings.FailOns),
	}
	for _, name := range slices.Concat(only, skip) {
		errs = append(errs, oneOf("check", name, names))
	}
	for _, s := range listed(f.severities) {
		name, level, ok := strings.Cut(s, "=")
		if !ok {
			return v, fmt.Errorf("--severity %s: expected CHECK=LEVEL, for example nat-pod-range=error", s)
		}
		errs = append(errs, oneOf("check", name, names), oneOf("severity", level, settings.Levels))
		v.Severity[name] = checks.Severity(level)
	}
	// One line is one error: the first is mended first.
	for _, err := range errs {
		if err != nil {
			return v, err
		}
	}
	for flag, to := range map[string]struct {
		given *string
		value string
	}{"internet": {&v.Internet, f.internet}, "mirror": {&v.Mirror, f.mirror}, "fail-on": {&v.FailOn, f.failOn}} {
		if f.set.Changed(flag) {
			*to.given = to.value
		}
	}
	if f.set.Changed("strict") {
		v.Strict = &f.strict
	}
	return v, nil
}

// input is what is to be read; typed says that standard input is a terminal.
func (f *checkFlags) input(stdin io.Reader, typed bool) (terraform.Input, error) {
	in := terraform.Input{States: f.states, Plans: f.plans, ConfigDir: f.configDir, Terraform: f.terraform, Stdin: stdin}
	piped := 0
	for _, name := range slices.Concat(f.plans, f.states, f.manifests) {
		if name == "-" {
			piped++
		}
	}
	switch {
	case len(f.plans)+len(f.states)+len(f.assets) == 0 && !f.live:
		return in, errors.New("nothing to check: give a plan, a state, --assets or --live, for example: terraform show -json tfplan | gkepreflight check --plan -")
	case f.allowPrivate && !f.live:
		return in, errNotLive
	case slices.Contains(f.plans, ""):
		return in, errors.New("--plan names no file")
	case slices.Contains(f.states, ""):
		return in, errors.New("--state names no file")
	case slices.Contains(f.assets, ""):
		return in, errors.New("--assets names no file")
	case slices.Contains(f.images, ""):
		return in, errors.New("--image names no image")
	case slices.Contains(f.assets, "-"):
		return in, errors.New("--assets reads files, not standard input: give the name of the export")
	case piped > 1:
		return in, errors.New("- is given twice: standard input holds one source")
	case piped == 1 && typed:
		return in, errors.New("- is standard input, and that is a terminal: pipe a plan into it, for example: terraform show -json tfplan | gkepreflight check --plan -")
	}
	return in, nil
}

// chooses reports whether the flags choose clusters.
func (f *checkFlags) chooses() bool { return f.project != "" || f.location != "" || f.cluster != "" }

// choice words the flags that choose clusters.
func (f *checkFlags) choice() string {
	var given []string
	for _, flag := range []struct{ name, glob string }{{"project", f.project}, {"location", f.location}, {"cluster", f.cluster}} {
		if flag.glob != "" {
			given = append(given, fmt.Sprintf("--%s %q", flag.name, flag.glob))
		}
	}
	return strings.Join(given, " ")
}
