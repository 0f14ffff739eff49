package topology

import "strings"

// Cluster is a GKE cluster as it will be after apply.
type Cluster struct {
	Object
	Network    Value[ID]
	Subnetwork Value[ID]
	// PrivateNodes is the cluster's default; each node pool may override it.
	PrivateNodes Value[bool]
	Autopilot    Value[bool]
	// PodRange names the secondary range of the cluster's pods; empty when GKE creates the range itself.
	PodRange Value[string]
	// ExtraPodRanges are names from additional_pod_ranges_config.
	ExtraPodRanges []Value[string]
	// ExtraSubnetworks are those of a multi-subnet cluster (additional_ip_ranges_config).
	ExtraSubnetworks []ClusterSubnetwork
	AutoIPAM         Value[bool]
	// SNATDisabled is default_snat_status.disabled: pods keep their address towards the internet.
	SNATDisabled Value[bool]
	Pools        []*NodePool
}

// ClusterSubnetwork is one further subnetwork of a cluster and the pod ranges used in it.
type ClusterSubnetwork struct {
	Subnetwork Value[ID]
	PodRanges  []Value[string]
}

// NodePool is a group of nodes; where a cluster's own default pool is kept, that is one too.
type NodePool struct {
	Object
	Cluster Value[ID]
	// Private is effective: the pool's own setting, else the cluster's.
	Private Value[bool]
	// OwnPrivacy is true when the pool sets privacy itself.
	OwnPrivacy bool
	// Subnetwork is effective: the pool's own, else the cluster's.
	Subnetwork Value[ID]
	// PodRange is effective; empty when GKE creates the range itself.
	PodRange       Value[string]
	Tags           Value[[]string]
	ServiceAccount Value[string]
	// Account is the service account where it is known only by reference; empty otherwise.
	Account ID
	// Scopes are the OAuth scopes. Unknown where the API decides.
	Scopes Value[[]string]
	// Architecture is arm64 or amd64, as far as the machine type tells.
	Architecture string
	// MaxNodes is the most nodes the pool can have at once over all zones, surge nodes included.
	MaxNodes Value[int]
	Windows  bool
	// RegistryHosts are the hosts that containerd_config lists for a registry, in place of what GKE writes for it.
	RegistryHosts map[string][]string
	// Taints keep pods without a toleration away.
	Taints []Taint
}

// CloudPlatform is the OAuth scope that allows everything IAM allows; Autopilot's nodes have it.
const CloudPlatform = "https://www.googleapis.com/auth/cloud-platform"

// ArchitectureOf tells Arm machine types (T2A, C4A, N4A, A4X) from the others: arm64 or amd64; empty where the type is not told.
func ArchitectureOf(machine string) string {
	if machine == "" {
		return ""
	}
	series, _, _ := strings.Cut(machine, "-")
	switch strings.ToLower(series) {
	case "t2a", "c4a", "n4a", "a4x":
		return "arm64"
	}
	return "amd64"
}

// Taint is a node taint; Effect is NoSchedule, NoExecute or PreferNoSchedule.
type Taint struct{ Key, Value, Effect string }

// Masquerade is an ip-masq-agent ConfigMap: destinations towards which pods keep their address.
type Masquerade struct {
	Object
	Cluster  Value[ID]
	KeepsFor Value[[]string] // nonMasqueradeCIDRs
}

// DeferredRead is a data source of this provider that Terraform will read only during apply.
type DeferredRead struct {
	Object
	Reason string
}
