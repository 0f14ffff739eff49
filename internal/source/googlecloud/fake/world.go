package fake

import (
	"fmt"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/api/dns/v1"
	"google.golang.org/api/iam/v1"
	"google.golang.org/api/networkconnectivity/v1"
)

// World is what there is: projects, and the folders and organizations above them.
type World struct {
	Projects []Project
	Above    []Ancestor
}

// Ancestor is a folder or an organization: "folders/1", "organizations/2".
type Ancestor struct {
	Name, Parent string
	Policy       *iampb.Policy
	// Roles are the custom roles of an organization.
	Roles []*iam.Role
}

// Project is a project and what is in it. Objects are Google's own types, so that answers have their exact shape. A link may be the bare name of
// what it leads to, in this project and the object's region; numbers, kinds, self links and states may be left out.
type Project struct {
	ID     string
	Number int64
	// Parent is a folder or an organization: "folders/1".
	Parent string
	// DefaultAccount is the Compute Engine default service account; empty for the one that its number makes, "-" for none.
	DefaultAccount string

	Clusters []*containerpb.Cluster
	// MissingZones are zones that the list of clusters could not reach.
	MissingZones []string

	Networks        []*computepb.Network
	Subnetworks     []*computepb.Subnetwork
	Routers         []Router
	Routes          []*computepb.Route
	PolicyRoutes    []*networkconnectivity.PolicyBasedRoute
	Firewalls       []*computepb.Firewall
	ForwardingRules []*computepb.ForwardingRule
	// FirewallPolicies are network firewall policies, with the networks they are associated with; those with a region are regional.
	FirewallPolicies []*computepb.FirewallPolicy
	// Hierarchy are the rules that folders and organizations give to every network of the project.
	Hierarchy []*computepb.NetworksGetEffectiveFirewallsResponseEffectiveFirewallPolicy

	Zones            []Zone
	ResponsePolicies []ResponsePolicy
	DNSPolicies      []*dns.Policy

	Repositories []Repository
	Settings     *artifactregistrypb.ProjectSettings
	// Perimeter is what remote repositories may do inside a perimeter, by location.
	Perimeter map[string]*artifactregistrypb.VPCSCConfig

	Policy          *iampb.Policy
	Roles           []*iam.Role
	ServiceAccounts []*iam.ServiceAccount

	// Answers are whole answers by method and path, "GET /compute/v1/projects/p/global/routes", that are served as they are: recorded ones.
	Answers map[string][]byte
}

// Router is a Cloud Router, and what it says of itself while it runs; what it says of its addresses and mappings may be left out.
type Router struct {
	*computepb.Router
	Status    *computepb.RouterStatus
	Addresses *computepb.NatIpInfoResponse
	Mappings  *computepb.VmEndpointNatMappingsList
}

// Zone is a managed zone and its record sets.
type Zone struct {
	*dns.ManagedZone
	Records []*dns.ResourceRecordSet
}

// ResponsePolicy is a response policy and its rules.
type ResponsePolicy struct {
	*dns.ResponsePolicy
	Rules []*dns.ResponsePolicyRule
}

// Repository is an Artifact Registry repository and who may do what with it.
type Repository struct {
	*artifactregistrypb.Repository
	Policy *iampb.Policy
}

// world is what is served: projects by their id and by their number, what is above them by name.
type world struct {
	projects map[string]*project
	above    map[string]Ancestor
}

// project is a described project with nothing left out.
type project struct {
	Project
	recorded map[string][]byte
}

// build fills in what was left out, and leaves what it was given as it was.
func (w World) build() (world, error) {
	out := world{projects: map[string]*project{}, above: map[string]Ancestor{}}
	for i, p := range w.Projects {
		if p.ID == "" {
			return out, fmt.Errorf("project %d of the world has no ID", i)
		}
		if out.projects[p.ID] != nil {
			return out, fmt.Errorf("project %q is twice in the world", p.ID)
		}
		if p.Number == 0 {
			p.Number = int64(100000000001 + i)
		}
		made := complete(p)
		out.projects[p.ID], out.projects[fmt.Sprint(p.Number)] = made, made
	}
	for _, a := range w.Above {
		out.above[a.Name] = a
	}
	return out, nil
}
