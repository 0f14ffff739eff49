package fake

import (
	"fmt"
	"strings"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/api/dns/v1"
	"google.golang.org/protobuf/proto"
)

// VPC is a network without automatic subnetworks.
func VPC(name string) *computepb.Network { return &computepb.Network{Name: proto.String(name)} }

// Subnet is a subnetwork; ranges are its secondary ones.
func Subnet(name, region, network, cidr string, ranges ...*computepb.SubnetworkSecondaryRange) *computepb.Subnetwork {
	return &computepb.Subnetwork{Name: proto.String(name), Region: proto.String(region), Network: proto.String(network),
		IpCidrRange: proto.String(cidr), SecondaryIpRanges: ranges}
}

// Range is a secondary range.
func Range(name, cidr string) *computepb.SubnetworkSecondaryRange {
	return &computepb.SubnetworkSecondaryRange{RangeName: proto.String(name), IpCidrRange: proto.String(cidr)}
}

// WithGoogleAccess switches Private Google Access on.
func WithGoogleAccess(s *computepb.Subnetwork) *computepb.Subnetwork {
	s.PrivateIpGoogleAccess = proto.Bool(true)
	return s
}

// DefaultRoute is a network's route to the default internet gateway.
func DefaultRoute(network string) *computepb.Route {
	return &computepb.Route{Name: proto.String("default-route-" + network), Network: proto.String(network), DestRange: proto.String("0.0.0.0/0"),
		NextHopGateway: proto.String("default-internet-gateway"), Priority: proto.Uint32(1000)}
}

// NAT is a router with one Public NAT gateway of automatic addresses, for what is listed, or for every range of the region where nothing is.
func NAT(name, region, network string, listed ...*computepb.RouterNatSubnetworkToNat) Router {
	gateway := &computepb.RouterNat{Name: proto.String(name), Type: proto.String("PUBLIC"), EndpointTypes: []string{"ENDPOINT_TYPE_VM"},
		NatIpAllocateOption: proto.String("AUTO_ONLY"), SourceSubnetworkIpRangesToNat: proto.String("ALL_SUBNETWORKS_ALL_IP_RANGES"),
		EnableEndpointIndependentMapping: proto.Bool(false)}
	if len(listed) > 0 {
		gateway.SourceSubnetworkIpRangesToNat, gateway.Subnetworks = proto.String("LIST_OF_SUBNETWORKS"), listed
	}
	return Router{Router: &computepb.Router{Name: proto.String(name), Region: proto.String(region), Network: proto.String(network),
		Nats: []*computepb.RouterNat{gateway}}}
}

// AllRanges lists every range of a subnetwork for a gateway.
func AllRanges(subnetwork string) *computepb.RouterNatSubnetworkToNat {
	return &computepb.RouterNatSubnetworkToNat{Name: proto.String(subnetwork), SourceIpRangesToNat: []string{"ALL_IP_RANGES"}}
}

// PrimaryRange lists the primary range of a subnetwork for a gateway.
func PrimaryRange(subnetwork string) *computepb.RouterNatSubnetworkToNat {
	return &computepb.RouterNatSubnetworkToNat{Name: proto.String(subnetwork), SourceIpRangesToNat: []string{"PRIMARY_IP_RANGE"}}
}

// SecondaryRanges lists some secondary ranges of a subnetwork, and not its primary one, for a gateway.
func SecondaryRanges(subnetwork string, names ...string) *computepb.RouterNatSubnetworkToNat {
	return &computepb.RouterNatSubnetworkToNat{Name: proto.String(subnetwork), SourceIpRangesToNat: []string{"LIST_OF_SECONDARY_IP_RANGES"},
		SecondaryIpRangeNames: names}
}

// Cluster is a GKE cluster with public nodes: one node pool, "default-pool", of the default account.
func Cluster(name, location, network, subnetwork, pods, services string) *containerpb.Cluster {
	return &containerpb.Cluster{Name: name, Location: location, Network: network, Subnetwork: subnetwork, CurrentMasterVersion: "1.33.5-gke.1201000",
		IpAllocationPolicy: &containerpb.IPAllocationPolicy{UseIpAliases: true, ClusterSecondaryRangeName: pods, ServicesSecondaryRangeName: services},
		NetworkConfig:      &containerpb.NetworkConfig{DefaultSnatStatus: &containerpb.DefaultSnatStatus{}},
		NodePools: []*containerpb.NodePool{{Name: "default-pool", InitialNodeCount: 3, Locations: []string{zone(location)},
			Config: &containerpb.NodeConfig{MachineType: "e2-standard-4", ServiceAccount: "default", ImageType: "COS_CONTAINERD",
				OauthScopes: []string{"https://www.googleapis.com/auth/cloud-platform"}},
			NetworkConfig: &containerpb.NodeNetworkConfig{PodRange: pods}}}}
}

// PrivateCluster is a GKE cluster whose nodes have no external addresses.
func PrivateCluster(name, location, network, subnetwork, pods, services string) *containerpb.Cluster {
	c := Cluster(name, location, network, subnetwork, pods, services)
	c.PrivateClusterConfig = &containerpb.PrivateClusterConfig{MasterIpv4CidrBlock: "172.16.0.0/28"}
	c.NetworkConfig.DefaultEnablePrivateNodes = proto.Bool(true)
	return c
}

// zone is a zone of a location: itself, or the first of a region.
func zone(location string) string {
	if strings.Count(location, "-") > 1 {
		return location
	}
	return location + "-a"
}

// PrivateZone is a zone that networks see, with records: pairs of a name and an address.
func PrivateZone(name, domain string, networks []string, records ...[2]string) Zone {
	z := Zone{ManagedZone: &dns.ManagedZone{Name: name, DnsName: domain, Visibility: "private", PrivateVisibilityConfig: &dns.ManagedZonePrivateVisibilityConfig{}}}
	for _, n := range networks {
		z.PrivateVisibilityConfig.Networks = append(z.PrivateVisibilityConfig.Networks, &dns.ManagedZonePrivateVisibilityConfigNetwork{NetworkUrl: n})
	}
	for _, r := range records {
		z.Records = append(z.Records, &dns.ResourceRecordSet{Name: r[0], Type: "A", Ttl: 300, Rrdatas: []string{r[1]}})
	}
	return z
}

// DockerRepository is a standard repository of Artifact Registry with a policy.
func DockerRepository(location, name string, p *iampb.Policy) Repository {
	return Repository{Repository: &artifactregistrypb.Repository{Name: location + "/" + name, Format: artifactregistrypb.Repository_DOCKER,
		Mode: artifactregistrypb.Repository_STANDARD_REPOSITORY}, Policy: p}
}

// Allow is a policy of one role for some members.
func Allow(role string, members ...string) *iampb.Policy {
	return &iampb.Policy{Version: 1, Etag: []byte(fmt.Sprint(role, members)), Bindings: []*iampb.Binding{{Role: role, Members: members}}}
}
