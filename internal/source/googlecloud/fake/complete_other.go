package fake

import (
	"fmt"
	"strings"

	"cloud.google.com/go/container/apiv1/containerpb"
	"google.golang.org/api/dns/v1"
	"google.golang.org/protobuf/proto"
)

const containerLinks = "https://container.googleapis.com/v1/"

// completeClusters fills in what GKE does. A cluster's network and subnetwork are bare names at its top, and relative paths in its networkConfig.
func (p *project) completeClusters() {
	p.Clusters = copies(p.Clusters, func(c *containerpb.Cluster) {
		scope := "locations"
		region := c.GetLocation()
		if parts := strings.Split(region, "-"); len(parts) == 3 {
			scope, region = "zones", parts[0]+"-"+parts[1]
		}
		if c.SelfLink == "" {
			c.SelfLink = containerLinks + "projects/" + p.ID + "/" + scope + "/" + c.GetLocation() + "/clusters/" + c.GetName()
		}
		if c.Status == containerpb.Cluster_STATUS_UNSPECIFIED {
			c.Status = containerpb.Cluster_RUNNING
		}
		if c.NetworkConfig == nil {
			c.NetworkConfig = &containerpb.NetworkConfig{}
		}
		n := c.GetNetworkConfig()
		if n.Network == "" {
			n.Network = strings.TrimPrefix(*p.link("global", "networks", c.GetNetwork()), computeLinks)
		}
		if n.Subnetwork == "" {
			n.Subnetwork = strings.TrimPrefix(*p.link(region, "subnetworks", c.GetSubnetwork()), computeLinks)
		}
		c.Network, c.Subnetwork = last(c.GetNetwork()), last(c.GetSubnetwork())
		for _, pool := range c.GetNodePools() {
			if pool.SelfLink == "" {
				pool.SelfLink = c.GetSelfLink() + "/nodePools/" + pool.GetName()
			}
			if pool.Status == containerpb.NodePool_STATUS_UNSPECIFIED {
				pool.Status = containerpb.NodePool_RUNNING
			}
		}
	})
}

func (p *project) completeRepositories() {
	given := p.Repositories
	p.Repositories = nil
	for _, r := range given {
		r.Repository = proto.CloneOf(r.Repository)
		parts := strings.Split(r.GetName(), "/")
		if len(parts) == 2 {
			// LOCATION/NAME.
			r.Name = "projects/" + p.ID + "/locations/" + parts[0] + "/repositories/" + parts[1]
			r.RegistryUri = parts[0] + "-docker.pkg.dev/" + p.ID + "/" + parts[1]
		}
		p.Repositories = append(p.Repositories, r)
	}
}

func (p *project) completeZones() {
	zones, policies, servers := p.Zones, p.ResponsePolicies, p.DNSPolicies
	p.Zones, p.ResponsePolicies, p.DNSPolicies = nil, nil, nil
	for _, z := range zones {
		c := *z.ManagedZone
		c.Kind, c.Id = "dns#managedZone", *number("managedZones/" + p.ID + "/" + c.Name)
		if v := c.PrivateVisibilityConfig; v != nil {
			attached := *v
			attached.Networks = nil
			for _, n := range v.Networks {
				attached.Networks = append(attached.Networks, &dns.ManagedZonePrivateVisibilityConfigNetwork{
					Kind: "dns#managedZonePrivateVisibilityConfigNetwork", NetworkUrl: *p.link("global", "networks", n.NetworkUrl)})
			}
			c.PrivateVisibilityConfig = &attached
		}
		for _, r := range z.Records {
			r.Kind = "dns#resourceRecordSet"
		}
		p.Zones = append(p.Zones, Zone{ManagedZone: &c, Records: z.Records})
	}
	for _, r := range policies {
		c := *r.ResponsePolicy
		c.Kind, c.Id = "dns#responsePolicy", signed("responsePolicies/"+p.ID+"/"+c.ResponsePolicyName)
		c.Networks = nil
		for _, n := range r.Networks {
			c.Networks = append(c.Networks, &dns.ResponsePolicyNetwork{Kind: "dns#responsePolicyNetwork", NetworkUrl: *p.link("global", "networks", n.NetworkUrl)})
		}
		p.ResponsePolicies = append(p.ResponsePolicies, ResponsePolicy{ResponsePolicy: &c, Rules: r.Rules})
	}
	for _, s := range servers {
		c := *s
		c.Kind, c.Id = "dns#policy", *number("policies/" + p.ID + "/" + c.Name)
		c.Networks = nil
		for _, n := range s.Networks {
			c.Networks = append(c.Networks, &dns.PolicyNetwork{Kind: "dns#policyNetwork", NetworkUrl: *p.link("global", "networks", n.NetworkUrl)})
		}
		p.DNSPolicies = append(p.DNSPolicies, &c)
	}
}

// signed is number for the APIs whose ids are signed.
func signed(link string) int64 { return int64(*number(link) >> 1) }

// relative names the project in newer APIs.
func (p *project) relative() string { return fmt.Sprintf("projects/%d", p.Number) }
