package provider

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

const enforcementVariable = "GKEPREFLIGHT_ENFORCEMENT"

const (
	enforceError = "error"
	enforceWarn  = "warn"
	enforceOff   = "off"
)

var enforcements = []string{enforceError, enforceWarn, enforceOff}

// settings is what the provider block and the environment say; it does not change after Configure.
type settings struct{ enforcement string }

// fromEnvironment is the enforcement where no provider block was read: in validators, and while a configuration is only validated.
func fromEnvironment() string {
	s, _ := newSettings(types.StringNull())
	return s.enforcement
}

// newSettings takes the environment's word over the configuration's. An unknown configuration enforces.
func newSettings(configured types.String) (*settings, error) {
	s := &settings{enforcement: enforceError}
	if v := configured.ValueString(); v != "" {
		s.enforcement = v
	}
	env := os.Getenv(enforcementVariable)
	if env == "" {
		return s, nil
	}
	if !slices.Contains(enforcements, env) {
		return s, fmt.Errorf("%q is none of %s", env, strings.Join(enforcements, ", "))
	}
	s.enforcement = env
	return s, nil
}
