// Package settings reads what a repository and its platform team ask of the command, and says which of it holds: configuration, policy and baseline
// files. It judges nothing.
package settings

import (
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// DefaultFile is the configuration that is read from the working directory where it is there.
const DefaultFile = ".gkepreflight.yaml"

// What the settings with a choice of words may say.
var (
	Internets = []string{"auto", "required", "images"}
	Mirrors   = []string{"deny", "warn", "allow"}
	FailOns   = []string{"error", "warning", "never"}
	Levels    = []string{string(checks.Error), string(checks.Warning), string(checks.Info)}
)

// Values are settings as the flags or a configuration give them. What was not given is the zero value.
type Values struct {
	Internet, Mirror, FailOn string
	Strict                   *bool
	Only, Skip               []string
	Severity                 map[string]checks.Severity
	// HubLimit is docker_hub_limit: the pulls that Docker Hub grants an address in six hours.
	HubLimit int
	Ignore   []checks.Exception
}

// Config is a configuration file: the settings of a repository, which those who change its code can change too.
type Config struct {
	File string
	Values
}

// Policy is a policy file: the settings of a platform team, which win over flags and configuration.
type Policy struct {
	File                     string
	Internet, Mirror, FailOn string
	Strict                   *bool
	// Locked are checks that cannot be skipped, ignored or let pass by a baseline.
	Locked []string
	// Floors are the least severities that flags and configuration may give.
	Floors map[string]checks.Severity
}

// locked lists the locked checks once each, sorted.
func (p Policy) locked() []string { return slices.Compact(slices.Sorted(slices.Values(p.Locked))) }
