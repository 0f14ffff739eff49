// Package checks judges: one file a check, each stating a fact that should hold, why it matters and how to mend it.
package checks

import (
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Check is a fact that should hold.
type Check struct {
	Name     string
	Severity Severity
	// Holds states the fact, positively, in lower case: "node ranges are translated by a Public NAT gateway".
	Holds string
	// Why says what breaks in the cluster when it does not hold. Full sentences.
	Why string
	// Mend says how to make it hold. Full sentences; Example is HCL (or a command) that does.
	Mend    string
	Example string
	// Limits is what the check does not see.
	Limits string
	// Reads are the collections the check asks the topology for; Permissions, which follow from them, what a live read of them needs. All
	// fills them in, beside any that a check names itself.
	Reads       []topology.Collection
	Permissions []string
	// Since is the version that brought the check.
	Since string
	// Page is what the check's page shows besides.
	Page Page
	// Cluster judges one cluster that has private nodes, or may have. Nil for a check of the plan as a whole.
	Cluster func(*Case) []Result
	// Plan judges what belongs to no cluster. Nil for most.
	Plan func(*topology.Topology) []Result
}

// Page is what people look up when a check fails.
type Page struct {
	// Symptom is what one sees in the cluster, in Markdown.
	Symptom string
	// Broken is HCL in which the check fails; Mended the same mended, where the check's example does not say it.
	Broken, Mended string
	// Look says what to look for in what the commands print.
	Look, Commands string
}

// All lists the checks in the order people read them: the cause before what follows from it.
func All() []Check {
	all := []Check{
		natNodeRange, natPodRange, natOverlap, natRangeNames, natCapacity,
		internetRoute, egressFirewall, privateGoogleAccess, registryDNS,
		imageReference, imageReachable, imageExists, mirrorDependence, registryAccess, nodeScopes, repository, perimeter,
		dockerHubLimit, pullPolicy, pullSecret, gated,
	}
	for i := range all {
		needs := slices.Clone(all[i].Permissions)
		for _, c := range all[i].Reads {
			needs = append(needs, permissions[c]...)
		}
		slices.Sort(needs)
		all[i].Permissions = slices.Compact(needs)
	}
	return all
}

// permissions are what a live read of a collection needs (a test of the client that reads holds them against its calls). Images, masquerading and
// deferred reads come from plans and clusters alone, answers from registries, and perimeters from exports.
var permissions = map[topology.Collection][]string{
	topology.Clusters:    {"container.clusters.get", "container.clusters.list"},
	topology.Networks:    {"compute.networks.list"},
	topology.Subnetworks: {"compute.subnetworks.list"},
	topology.Routers:     {"compute.routers.get", "compute.routers.list"},
	topology.Routes:      {"compute.routes.list", "networkconnectivity.policyBasedRoutes.list"},
	topology.Firewalls:   {"compute.firewallPolicies.list", "compute.networks.getEffectiveFirewalls", "compute.regionFirewallPolicies.get"},
	topology.DNS:         {"dns.managedZones.list", "dns.policies.list", "dns.resourceRecordSets.list", "dns.responsePolicies.list", "dns.responsePolicyRules.list"},
	topology.Endpoints:   {"compute.globalForwardingRules.list"},

	topology.Repositories: {"artifactregistry.projectsettings.get", "artifactregistry.repositories.list", "artifactregistry.vpcscconfigs.get"},
	topology.IAM:          {"artifactregistry.repositories.getIamPolicy", "compute.projects.get", "iam.roles.get", "resourcemanager.projects.get", "resourcemanager.projects.getIamPolicy"},
}

// Find returns the check of a name.
func Find(name string) (Check, bool) {
	for _, c := range All() {
		if c.Name == name {
			return c, true
		}
	}
	return Check{}, false
}
