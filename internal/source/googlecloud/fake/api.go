package fake

import "strings"

// api is one of Google's services.
type api struct {
	// service is its host, and its name in errors.
	service string
	// root is the path before projects/: the version is its last segment, as in the google provider's custom endpoints. The APIs that share a port
	// here and have the same paths elsewhere are told apart by the segment before; compute and DNS carry their name in their real paths.
	root string
	// size is the parameter that asks for the size of a page, pages the size of one that was not asked for.
	size  string
	pages int
	// errors says that errors come in the older form: a list of reasons, and no status.
	legacy bool
	// deny words a refusal for want of a permission on a resource: each service has its own words, and not all name the permission.
	deny func(permission, resource string) string
}

// apis are the services by their names in the google provider's custom endpoints.
var apis = map[string]api{
	"compute": {service: "compute.googleapis.com", root: "/compute/v1/", size: "maxResults", pages: 500, legacy: true, deny: func(permission, resource string) string {
		return "Required '" + permission + "' permission for '" + resource + "'"
	}},
	"dns": {service: "dns.googleapis.com", root: "/dns/v1/", size: "maxResults", pages: 100, legacy: true, deny: func(string, string) string {
		return "Forbidden"
	}},
	"container": {service: "container.googleapis.com", root: "/container/v1/", deny: func(permission, resource string) string {
		return `Required "` + permission + `" permission(s) for "` + resource + `".`
	}},
	"artifact_registry": {service: "artifactregistry.googleapis.com", root: "/artifactregistry/v1/", size: "pageSize", pages: 100, deny: orMissing("artifactregistry.googleapis.com")},
	"resource_manager_v3": {service: "cloudresourcemanager.googleapis.com", root: "/cloudresourcemanager/v3/", deny: func(string, string) string {
		return "The caller does not have permission"
	}},
	"iam":                  {service: "iam.googleapis.com", root: "/iam/v1/", size: "pageSize", pages: 300, deny: orMissing("iam.googleapis.com")},
	"network_connectivity": {service: "networkconnectivity.googleapis.com", root: "/networkconnectivity/v1/", size: "pageSize", pages: 100, deny: orMissing("networkconnectivity.googleapis.com")},
}

// orMissing is the wording of the newer services, which do not tell what is hidden from what is missing.
func orMissing(service string) func(permission, resource string) string {
	return func(permission, resource string) string {
		return "Permission '" + permission + "' denied on resource '//" + service + "/" + resource + "' (or it may not exist)."
	}
}

// variable is the environment variable of a service's custom endpoint.
func variable(name string) string { return "GOOGLE_" + strings.ToUpper(name) + "_CUSTOM_ENDPOINT" }
