package provider

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/registry"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/live"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const enforcementVariable = "GKEPREFLIGHT_ENFORCEMENT"

// environment is the one place where the environment is asked.
func environment(name string) string { return os.Getenv(name) }

const (
	enforceError = "error"
	enforceWarn  = "warn"
	enforceOff   = "off"
)

var enforcements = []string{enforceError, enforceWarn, enforceOff}

// settings is what the provider block and the environment say; it does not change after Configure.
type settings struct {
	enforcement string

	// google is how Google Cloud is asked, assets the export that is read in its place. Broken says why neither can be; later names the argument that
	// only apply knows.
	google live.Options
	assets string
	broken error
	later  string

	mu      sync.Mutex
	clients map[bool]*registry.Client
	asks    *live.Client
	export  *export
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
		// Only what was given: looking for other credentials asks the metadata server, which is not there on most machines.
		if s.google.AccessToken != "" || s.google.Credentials != "" {
			o.GoogleToken = s.token
		}
		s.clients[allowPrivate] = registry.New(o)
	}
	return s.clients[allowPrivate]
}

// token is the access token for Google's registries.
func (s *settings) token(ctx context.Context) (string, error) { return s.client().Token(ctx) }

// unconfigured are the settings where no provider block was read.
func unconfigured() *settings { return &settings{enforcement: fromEnvironment()} }

// configured are the settings that Configure handed over, or those there were.
func configured(data any, before *settings) *settings {
	if s, ok := data.(*settings); ok {
		return s
	}
	return before
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
	env := environment(enforcementVariable)
	if env == "" {
		return s, nil
	}
	if !slices.Contains(enforcements, env) {
		return s, fmt.Errorf("%q is none of %s", env, strings.Join(enforcements, ", "))
	}
	s.enforcement = env
	return s, nil
}
