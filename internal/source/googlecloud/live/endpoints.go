package live

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// service is an API that is asked.
type service string

// The APIs, by the host they answer at.
const (
	computeAPI             service = "compute"
	containerAPI           service = "container"
	artifactRegistryAPI    service = "artifactregistry"
	dnsAPI                 service = "dns"
	iamAPI                 service = "iam"
	resourceManagerAPI     service = "cloudresourcemanager"
	networkConnectivityAPI service = "networkconnectivity"
)

// customEndpoints are the google provider's attributes for endpoints of these APIs. Path is what stands before the version in a base path, which the
// clients add themselves. Of two attributes for one API the later wins.
var customEndpoints = []struct {
	attribute string
	service   service
	path      string
}{
	{"artifact_registry_custom_endpoint", artifactRegistryAPI, ""},
	{"compute_custom_endpoint", computeAPI, "/compute"},
	{"container_custom_endpoint", containerAPI, ""},
	{"dns_custom_endpoint", dnsAPI, "/dns"},
	{"iam_custom_endpoint", iamAPI, ""},
	{"network_connectivity_custom_endpoint", networkConnectivityAPI, ""},
	{"resource_manager_custom_endpoint", resourceManagerAPI, ""},
	{"resource_manager_v3_custom_endpoint", resourceManagerAPI, ""},
}

// EndpointAttributes lists the attributes for custom endpoints, sorted.
func EndpointAttributes() []string {
	names := make([]string, len(customEndpoints))
	for i, e := range customEndpoints {
		names[i] = e.attribute
	}
	return names
}

// versioned is the google provider's rule for custom endpoints: they end in a version and a slash.
var versioned = regexp.MustCompile(`^(.*)/[^/]+/$`)

func resolveEndpoints(given map[string]string, env func(string) string) (map[service]string, error) {
	out := map[service]string{}
	for _, e := range customEndpoints {
		name, value := e.attribute, given[e.attribute]
		if value == "" {
			name = "GOOGLE_" + strings.ToUpper(e.attribute)
			value = env(name)
		}
		if value == "" {
			continue
		}
		host, err := unversioned(value, e.path)
		if err != nil {
			return nil, fmt.Errorf("%s is %q: %w", name, value, err)
		}
		out[e.service] = host
	}
	return out, nil
}

// unversioned strips the version and the API's own path from a base path: https://host/compute/v1/ is https://host.
func unversioned(base, path string) (string, error) {
	u, err := url.Parse(base)
	m := versioned.FindStringSubmatch(base)
	if err != nil || m == nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" || !strings.Contains(m[1], "://"+u.Host) {
		return "", fmt.Errorf("expected an address that ends in the API's version and a slash, such as https://%s/v1/", "www.googleapis.com"+path)
	}
	return strings.TrimSuffix(strings.TrimSuffix(m[1], "/"), path), nil
}
