package asset

import (
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// kind is how an asset type is read.
type kind struct {
	// of is the collection that the type belongs to. Where lists is true, a line of the type shows that the collection was exported.
	of    topology.Collection
	lists bool
	read  func(*reader, *line) error
}

const (
	kubernetes = ".k8s.io/"
	core       = "k8s.io/"
)

// kinds are the asset types that matter, as Cloud Asset Inventory names them (its documentation, "Asset types"). Firewall policies have come under
// several names: hierarchical ones and those of networks under one, and the latter under their own.
var kinds = map[string]kind{
	"container.googleapis.com/Cluster":                     {topology.Clusters, true, (*reader).cluster},
	"container.googleapis.com/NodePool":                    {topology.Clusters, false, (*reader).pool},
	"compute.googleapis.com/Network":                       {topology.Networks, true, (*reader).network},
	"compute.googleapis.com/Subnetwork":                    {topology.Subnetworks, true, (*reader).subnetwork},
	"compute.googleapis.com/Router":                        {topology.Routers, true, (*reader).router},
	"compute.googleapis.com/Route":                         {topology.Routes, true, (*reader).route},
	"networkconnectivity.googleapis.com/PolicyBasedRoute":  {topology.Routes, false, (*reader).policyRoute},
	"compute.googleapis.com/Firewall":                      {topology.Firewalls, true, (*reader).firewall},
	"compute.googleapis.com/FirewallPolicy":                {topology.Firewalls, false, (*reader).firewallPolicy},
	"compute.googleapis.com/NetworkFirewallPolicy":         {topology.Firewalls, false, (*reader).firewallPolicy},
	"compute.googleapis.com/RegionNetworkFirewallPolicy":   {topology.Firewalls, false, (*reader).firewallPolicy},
	"compute.googleapis.com/GlobalForwardingRule":          {topology.Endpoints, true, (*reader).forwardingRule},
	"compute.googleapis.com/ForwardingRule":                {topology.Endpoints, true, (*reader).forwardingRule},
	"compute.googleapis.com/Project":                       {topology.Networks, false, (*reader).computeProject},
	"dns.googleapis.com/ManagedZone":                       {topology.DNS, true, (*reader).zone},
	"dns.googleapis.com/ResourceRecordSet":                 {topology.DNS, false, (*reader).recordSet},
	"dns.googleapis.com/Policy":                            {topology.DNS, false, (*reader).dnsPolicy},
	"dns.googleapis.com/ResponsePolicy":                    {topology.DNS, false, (*reader).responsePolicy},
	"dns.googleapis.com/ResponsePolicyRule":                {topology.DNS, false, (*reader).responseRule},
	"artifactregistry.googleapis.com/Repository":           {topology.Repositories, true, (*reader).repository},
	"iam.googleapis.com/Role":                              {topology.IAM, false, (*reader).role},
	"iam.googleapis.com/ServiceAccount":                    {topology.IAM, false, (*reader).account},
	"cloudresourcemanager.googleapis.com/Project":          {topology.IAM, false, (*reader).project},
	"cloudresourcemanager.googleapis.com/Folder":           {topology.IAM, false, nil},
	"cloudresourcemanager.googleapis.com/Organization":     {topology.IAM, false, nil},
	"accesscontextmanager.googleapis.com/ServicePerimeter": {topology.Perimeters, true, (*reader).perimeter},
	core + "Pod":                        {topology.Images, true, (*reader).workload},
	core + "ReplicationController":      {topology.Images, true, (*reader).workload},
	"apps" + kubernetes + "Deployment":  {topology.Images, true, (*reader).workload},
	"apps" + kubernetes + "StatefulSet": {topology.Images, true, (*reader).workload},
	"apps" + kubernetes + "DaemonSet":   {topology.Images, true, (*reader).workload},
	"apps" + kubernetes + "ReplicaSet":  {topology.Images, true, (*reader).workload},
	"batch" + kubernetes + "Job":        {topology.Images, true, (*reader).workload},
	"batch" + kubernetes + "CronJob":    {topology.Images, true, (*reader).workload},
}

// policed are the types whose IAM policies matter.
var policed = map[string]bool{"cloudresourcemanager.googleapis.com/Project": true, "cloudresourcemanager.googleapis.com/Folder": true,
	"cloudresourcemanager.googleapis.com/Organization": true, "artifactregistry.googleapis.com/Repository": true}
