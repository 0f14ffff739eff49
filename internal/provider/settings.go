package provider

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/registry"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const enforcementVariable = "GKEPREFLIGHT_ENFORCEMENT"

// tokenVariable holds an access token for Google's registries, as the google provider takes it.
const tokenVariable = "GOOGLE_OAUTH_ACCESS_TOKEN"

const (
	enforceError = "error"
	enforceWarn  = "warn"
	enforceOff   = "off"
)

var enforcements = []string{enforceError, enforceWarn, enforceOff}

// settings is what the provider block and the environment say; it does not change after Configure.
type settings struct {
	enforcement string

	mu      sync.Mutex
	clients map[bool]*registry.Client
}

// registries is the one client of this process for data sources that may ask private addresses, or for those that may not. What one was told
// the others need not ask.
func (s *settings) registries(allowPrivate bool) *registry.Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clients == nil {
		s.clients = map[bool]*registry.Client{}
	}
	if s.clients[allowPrivate] == nil {
		o := registry.Options{AllowPrivate: allowPrivate}
		if token := os.Getenv(tokenVariable); token != "" {
			o.GoogleToken = func(context.Context) (string, error) { return token, nil }
		}
		s.clients[allowPrivate] = registry.New(o)
	}
	return s.clients[allowPrivate]
}

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
