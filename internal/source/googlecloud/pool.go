package googlecloud

import (
	"slices"
	"strings"

	"cloud.google.com/go/container/apiv1/containerpb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// readPool reads a node pool; what it does not set itself is its cluster's.
func (v *Inventory) readPool(c cluster, p *containerpb.NodePool) *topology.NodePool {
	f := c.fact
	n := &topology.NodePool{Private: f.PrivateNodes, Subnetwork: f.Subnetwork, PodRange: f.PodRange}
	n.Object = v.object("google_container_node_pool", f.Address+"/nodePools/"+p.GetName(), f.Project, f.Location, f.Name+"/"+p.GetName())
	n.Name = p.GetName()
	n.Cluster = topology.Known(f.ID, n.From("cluster"))
	own := p.GetNetworkConfig()
	if own != nil && own.EnablePrivateNodes != nil {
		n.Private, n.OwnPrivacy = topology.Known(*own.EnablePrivateNodes, n.From("networkConfig.enablePrivateNodes")), true
	}
	if own.GetSubnetwork() != "" {
		n.Subnetwork = v.subnetworkOf(f, own.GetSubnetwork(), n.From("networkConfig.subnetwork"))
	}
	switch {
	case own.GetPodRange() != "":
		n.PodRange = topology.Known(own.GetPodRange(), n.From("networkConfig.podRange"))
	case own.GetCreatePodRange():
		n.PodRange = topology.Known("", n.From("networkConfig.createPodRange"))
	}
	config := p.GetConfig()
	n.Tags = texts(config.GetTags(), n.From("config.tags"))
	if auto := c.told.GetNodePoolAutoConfig().GetNetworkTags().GetTags(); f.Autopilot.Or(false) && len(auto) > 0 {
		n.Tags = topology.Known(slices.Concat(config.GetTags(), auto), n.From("config.tags"))
	}
	v.account(n, config.GetServiceAccount(), "config.serviceAccount")
	n.Scopes = scopes(config.GetOauthScopes(), n.From("config.oauthScopes"))
	n.Architecture = topology.ArchitectureOf(config.GetMachineType())
	n.Windows = strings.HasPrefix(strings.ToUpper(config.GetImageType()), "WINDOWS")
	n.RegistryHosts, n.Taints = registryHosts(c.told, config), taints(config.GetTaints())
	n.MaxNodes = c.maxNodes(n, p)
	return n
}

// standIn stands for whatever nodes a cluster without node pools will have: those that Autopilot adds and does not list, or none yet.
func (v *Inventory) standIn(c cluster) *topology.NodePool {
	f := c.fact
	n := &topology.NodePool{Object: f.Object, Cluster: topology.Known(f.ID, f.From("cluster")), Private: f.PrivateNodes, Subnetwork: f.Subnetwork, PodRange: f.PodRange}
	const defaults = "autoscaling.autoprovisioningNodePoolDefaults."
	made := c.told.GetAutoscaling().GetAutoprovisioningNodePoolDefaults()
	n.Tags = texts(c.told.GetNodePoolAutoConfig().GetNetworkTags().GetTags(), n.From("nodePoolAutoConfig.networkTags.tags"))
	v.account(n, made.GetServiceAccount(), defaults+"serviceAccount")
	n.Scopes = scopes(made.GetOauthScopes(), n.From(defaults+"oauthScopes"))
	n.RegistryHosts = registryHosts(c.told, nil)
	n.MaxNodes = topology.Unknown[int]("it has no node pools yet", n.From("nodePools"))
	if f.Autopilot.Or(false) {
		if !n.Scopes.Known() {
			n.Scopes = topology.Default([]string{topology.CloudPlatform}, n.Scopes.Origin)
		}
		n.MaxNodes = topology.Unknown[int](autopilotGrows, n.From("autopilot.enabled"))
	}
	return n
}

// account reads a node service account. "default" is how GKE writes the Compute Engine default account: its address where the project told it, else
// empty.
func (v *Inventory) account(n *topology.NodePool, email, attribute string) {
	from := n.From(attribute)
	email = email[strings.LastIndexByte(email, '/')+1:]
	if email == "" || email == "default" {
		n.ServiceAccount = topology.Known(v.projects.accounts[n.Project], from)
		n.ServiceAccount.Assumed = email == ""
	} else {
		n.ServiceAccount = topology.Known(email, from)
	}
	if address := n.ServiceAccount.Or(""); address != "" {
		n.Account = topology.Identify("google_service_account", "-", "-", address)
	}
}

// scopes reads OAuth scopes. What an empty list comes to is not documented, so that it is not taken for none.
func scopes(list []string, from topology.Origin) topology.Value[[]string] {
	if len(list) == 0 {
		return topology.Unknown[[]string]("the API names none", from)
	}
	return topology.Known(list, from)
}

// registryHosts are the hosts that a pool's containerd lists, by registry; the cluster's default stands where the pool says nothing.
func registryHosts(c *containerpb.Cluster, own *containerpb.NodeConfig) map[string][]string {
	servers := own.GetContainerdConfig().GetRegistryHosts()
	if len(servers) == 0 {
		servers = c.GetNodePoolDefaults().GetNodeConfigDefaults().GetContainerdConfig().GetRegistryHosts()
	}
	var out map[string][]string
	for _, s := range servers {
		if s.GetServer() == "" {
			continue
		}
		if out == nil {
			out = map[string][]string{}
		}
		hosts := []string{}
		for _, h := range s.GetHosts() {
			hosts = append(hosts, h.GetHost())
		}
		out[s.GetServer()] = hosts
	}
	return out
}

// effects are the taint effects as Kubernetes writes them.
var effects = map[containerpb.NodeTaint_Effect]string{containerpb.NodeTaint_NO_SCHEDULE: "NoSchedule",
	containerpb.NodeTaint_NO_EXECUTE: "NoExecute", containerpb.NodeTaint_PREFER_NO_SCHEDULE: "PreferNoSchedule"}

func taints(list []*containerpb.NodeTaint) []topology.Taint {
	var out []topology.Taint
	for _, t := range list {
		if effect := effects[t.GetEffect()]; effect != "" && t.GetKey() != "" {
			out = append(out, topology.Taint{Key: t.GetKey(), Value: t.GetValue(), Effect: effect})
		}
	}
	return out
}
