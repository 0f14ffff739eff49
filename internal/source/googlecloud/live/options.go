// Package live reads Google Cloud through its REST APIs. It takes the google provider's own settings, asks each question once for everybody who asks
// it, and hands what it is told to an Inventory; what it is refused becomes part of the facts.
package live

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Attributes are the google provider's own settings as a provider block gives them; what is empty was not given. The command has none and goes by
// the environment alone.
type Attributes struct {
	Credentials string // a path, or the JSON itself
	AccessToken string

	ImpersonateServiceAccount          string
	ImpersonateServiceAccountDelegates []string

	Project, Region, Zone string
	BillingProject        string
	UserProjectOverride   *bool
	RequestTimeout        string // such as 120s, for each HTTP request
	RequestReason         string
	UniverseDomain        string
	// Endpoints are custom endpoints by attribute, such as compute_custom_endpoint (see EndpointAttributes), each with its version and a final "/".
	Endpoints map[string]string
}

// Options are settings that were resolved.
type Options struct {
	Credentials, AccessToken  string
	ImpersonateServiceAccount string
	Delegates                 []string
	Project, Region, Zone     string
	BillingProject            string
	UserProjectOverride       bool
	RequestTimeout            time.Duration // two minutes when zero
	RequestReason             string
	UniverseDomain            string // empty for that of the credentials
	UserAgent                 string

	// Concurrency is how many requests are under way at once; 12 when zero.
	Concurrency int
	// Transport carries the requests; nil is the usual one. Wait passes time between attempts; nil waits by the clock.
	Transport http.RoundTripper
	Wait      func(context.Context, time.Duration) error

	// file is where GOOGLE_APPLICATION_CREDENTIALS points; endpoints are hosts by service, without the version.
	file      string
	endpoints map[service]string
}

// usualTimeout is the google provider's request_timeout.
const usualTimeout = 120 * time.Second

// AccessTokenVariable holds an access token, as the google provider takes it.
const AccessTokenVariable = "GOOGLE_OAUTH_ACCESS_TOKEN" //nolint:gosec // the name of a variable is no credential

// Resolve settles attributes and environment as the google provider does: an attribute wins over its variables, and the variables for credentials count
// only where no attribute gives any. Nothing is read but what it is handed.
func Resolve(given Attributes, env func(string) string) (Options, error) {
	o := Options{Credentials: given.Credentials, AccessToken: given.AccessToken, Delegates: given.ImpersonateServiceAccountDelegates,
		UniverseDomain: given.UniverseDomain, RequestTimeout: usualTimeout, file: env("GOOGLE_APPLICATION_CREDENTIALS")}
	if given.Credentials != "" && given.AccessToken != "" {
		return o, fmt.Errorf("credentials and access_token are both given: expected one of them")
	}
	first := func(attribute string, variables ...string) string {
		for _, name := range variables {
			attribute = cmp.Or(attribute, env(name))
		}
		return attribute
	}
	if o.Credentials == "" && o.AccessToken == "" {
		o.Credentials = first("", "GOOGLE_CREDENTIALS", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON")
		o.AccessToken = first("", AccessTokenVariable)
	}
	o.ImpersonateServiceAccount = first(given.ImpersonateServiceAccount, "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT")
	o.Project = first(given.Project, "GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT")
	o.Region = lastSegment(first(given.Region, "GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION"))
	o.Zone = lastSegment(first(given.Zone, "GOOGLE_ZONE", "GCLOUD_ZONE", "CLOUDSDK_COMPUTE_ZONE"))
	o.BillingProject = first(given.BillingProject, "GOOGLE_BILLING_PROJECT")
	o.RequestReason = first(given.RequestReason, "CLOUDSDK_CORE_REQUEST_REASON")
	o.UserAgent = strings.TrimSpace("gkepreflight " + env("GOOGLE_TERRAFORM_USERAGENT_EXTENSION"))
	if text := env("USER_PROJECT_OVERRIDE"); given.UserProjectOverride != nil {
		o.UserProjectOverride = *given.UserProjectOverride
	} else if text != "" {
		override, err := strconv.ParseBool(text)
		if err != nil {
			return o, fmt.Errorf("USER_PROJECT_OVERRIDE is %q: expected true or false", text)
		}
		o.UserProjectOverride = override
	}
	if given.RequestTimeout != "" {
		d, err := time.ParseDuration(given.RequestTimeout)
		if err != nil || d <= 0 {
			return o, fmt.Errorf("request_timeout is %q: expected a duration such as \"120s\"", given.RequestTimeout)
		}
		o.RequestTimeout = d
	}
	var err error
	o.endpoints, err = resolveEndpoints(given.Endpoints, env)
	return o, err
}

// lastSegment is the name at the end of a self link, which the google provider takes for a region.
func lastSegment(link string) string { return link[strings.LastIndexByte(link, '/')+1:] }
