package terraform

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

// attachPools gives every cluster its node pools: those managed as resources, those inline, the default pool where it is kept,
// and for a cluster whose pools nobody told of, one that stands for whatever nodes it will have.
func (w *world) attachPools(f *topology.Facts) {
	byID := map[topology.ID]*topology.Cluster{}
	for _, c := range f.Clusters {
		byID[c.ID] = c
	}
	for _, in := range w.instances {
		if in.typ != "google_container_node_pool" || in.data {
			continue
		}
		t := w.join(in, []string{"cluster"}, "google_container_cluster", nil)
		if c := byID[t.id]; t.known && c != nil {
			c.Pools = append(c.Pools, w.managedPool(in, c, t))
		} else if t.known {
			w.loosePools = append(w.loosePools, loosePool{w, in, t})
		}
	}
	for _, c := range f.Clusters {
		w.addOwnPools(w.clusters[c.ID], c)
		slices.SortStableFunc(c.Pools, func(a, b *topology.NodePool) int { return cmp.Compare(a.Address, b.Address) })
	}
}

// managedPool reads a pool that is a resource of its own.
func (w *world) managedPool(in *instance, c *topology.Cluster, t target) *topology.NodePool {
	p := w.readPool(in, in.value, nil, c, func(path ...string) cty.Value { return w.settled(in, path...) })
	p.Object = w.object(in)
	p.Project, p.Location = cmp.Or(p.Project, c.Project), cmp.Or(p.Location, c.Location)
	p.Cluster = t.fact(in.from("cluster"))
	return p
}

func (w *world) addOwnPools(in *instance, c *topology.Cluster) {
	removed := boolOf(w.settled(in, "remove_default_node_pool"), in.from("remove_default_node_pool")).Or(false)
	managed := map[string]bool{"default-pool": removed && len(c.Pools) > 0}
	for _, p := range c.Pools {
		managed[p.Name] = true
	}
	inline, _ := elements(attribute(in.value, "node_pool"))
	for i, v := range inline {
		name, _ := asString(attribute(v, "name"))
		if managed[name] && name != "" {
			continue
		}
		p := w.readPool(in, v, []string{"node_pool", strconv.Itoa(i)}, c, func(path ...string) cty.Value { return blank(dig(v, path...)) })
		p.Object = c.Object
		p.Kind, p.Name = "google_container_node_pool", shown(attribute(v, "name"))
		p.Address = fmt.Sprintf("%s.node_pool[%d]", c.Address, i)
		if c.Autopilot.Or(false) {
			p.Tags = joined(p.Tags, w.autopilotTags(in))
		}
		c.Pools = append(c.Pools, p)
	}
	if len(c.Pools) > 0 && (removed || len(inline) > 0 || c.Autopilot.Or(false)) {
		return
	}
	own := in.value
	if c.Autopilot.Or(false) {
		own = cty.EmptyObjectVal
	}
	p := w.readPool(in, own, nil, c, func(path ...string) cty.Value {
		if path[0] == "node_config" && !c.Autopilot.Or(false) {
			return w.settled(in, path...)
		}
		return cty.NullVal(cty.DynamicPseudoType)
	})
	p.Object = c.Object
	p.Kind, p.Name = "google_container_cluster", c.Name
	if c.Autopilot.Or(false) {
		p.Tags = w.autopilotTags(in)
		path := []string{"cluster_autoscaling", "auto_provisioning_defaults", "service_account"}
		p.ServiceAccount, p.Account = w.account(in, w.settled(in, path...), dig(in.value, path...), path)
		scopes := w.settled(in, "cluster_autoscaling", "auto_provisioning_defaults", "oauth_scopes")
		p.Scopes = stringsOf(scopes, in.from("cluster_autoscaling.auto_provisioning_defaults.oauth_scopes"), topology.CloudPlatform)
		p.MaxNodes = topology.Unknown[int](autopilotGrows, in.from("enable_autopilot"))
	} else if !removed {
		count := intOf(w.settled(in, "initial_node_count"), in.from("initial_node_count"), 0)
		p.MaxNodes = times(count, w.zones(in, cty.NullVal(cty.DynamicPseudoType), c), 1)
	}
	c.Pools = append(c.Pools, p)
}

// autopilotTags are the network tags of every node that Autopilot adds.
func (w *world) autopilotTags(in *instance) topology.Value[[]string] {
	return stringsOf(w.settled(in, "node_pool_auto_config", "network_tags", "tags"), in.from("node_pool_auto_config.network_tags.tags"))
}

// joined is two lists as one; it is known where both are.
func joined(a, b topology.Value[[]string]) topology.Value[[]string] {
	x, known := a.Get()
	y, too := b.Get()
	switch {
	case !known || too && len(y) == 0:
		return a
	case !too:
		return b
	}
	return topology.Known(slices.Concat(x, y), b.Origin)
}

// blank reads an unknown of an inline pool as left out: its blocks are computed, and what a configuration sets there is known or rare.
func blank(v cty.Value) cty.Value {
	if !isKnown(v) {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return v
}

// readPool reads what pools have in common, wherever they are written. Get gives an attribute with its default settled.
//
// The pool is written at a place in the instance's configuration: nowhere below it, or in one of a cluster's blocks.
func (w *world) readPool(in *instance, v cty.Value, place []string, c *topology.Cluster, get func(...string) cty.Value) *topology.NodePool {
	p := &topology.NodePool{Private: c.PrivateNodes, Subnetwork: c.Subnetwork, PodRange: c.PodRange,
		Cluster: topology.Known(c.ID, in.from("cluster"))}
	if own := get("network_config", "enable_private_nodes"); !isNull(own) {
		p.Private, p.OwnPrivacy = boolOf(own, in.from("network_config.enable_private_nodes")), true
	}
	if own := get("network_config", "subnetwork"); !isUnset(own) {
		p.Subnetwork = w.poolSubnetwork(in, own)
	}
	if own := get("network_config", "pod_range"); !isUnset(own) {
		p.PodRange = stringOf(own, in.from("network_config.pod_range"))
	} else if created := get("network_config", "create_pod_range"); !isNull(created) {
		if s, _ := asString(created); s != "false" {
			p.PodRange = topology.Known("", in.from("network_config.create_pod_range"))
		}
	}
	p.Tags = stringsOf(get("node_config", "tags"), in.from("node_config.tags"))
	p.ServiceAccount, p.Account = w.account(in, get("node_config", "service_account"), dig(v, "node_config", "service_account"), append(place, "node_config", "service_account"))
	p.Scopes = scopesOf(in, get)
	machine, _ := asString(get("node_config", "machine_type"))
	p.Architecture = topology.ArchitectureOf(machine)
	image, _ := asString(get("node_config", "image_type"))
	p.Windows = strings.HasPrefix(strings.ToUpper(image), "WINDOWS")
	p.RegistryHosts, p.Taints = w.registryHosts(c, get), taintsOf(get("node_config", "taint"))
	p.MaxNodes = w.maxNodes(in, v, c, get)
	return p
}

func (w *world) poolSubnetwork(in *instance, own cty.Value) topology.Value[topology.ID] {
	from := in.from("network_config.subnetwork")
	if t, ok := w.joinValue(in, own, "google_compute_subnetwork"); ok {
		return t.fact(from)
	}
	return w.joinReferences(in, []string{"network_config", "subnetwork"}, "google_compute_subnetwork", nil).fact(from)
}

// autopilotGrows is why the most nodes of an Autopilot cluster are not known.
const autopilotGrows = "Autopilot adds nodes as it needs them"

// maxNodes is the most nodes of a pool: the total maximum as it is, else the maximum or count of one zone times the zones, and the nodes that an
// upgrade adds at once (max_surge, 1 by default; GKE documentation, "Surge upgrades").
func (w *world) maxNodes(in *instance, v cty.Value, c *topology.Cluster, get func(...string) cty.Value) topology.Value[int] {
	if c.Autopilot.Or(false) {
		return topology.Unknown[int](autopilotGrows, c.From("enable_autopilot"))
	}
	surge := intOf(get("upgrade_settings", "max_surge"), in.from("upgrade_settings.max_surge"), 1)
	zones := w.zones(in, attribute(v, "node_locations"), c)
	extra, known := surge.Get()
	if !known {
		return surge
	}
	if total := get("autoscaling", "total_max_node_count"); !isNull(total) {
		if n, _ := asString(total); n != "0" {
			return times(intOf(total, in.from("autoscaling.total_max_node_count"), 0), topology.Known(1, in.from("node_locations")), extra)
		}
	}
	if most := get("autoscaling", "max_node_count"); !isNull(most) {
		return times(intOf(most, in.from("autoscaling.max_node_count"), 0), zones, extra)
	}
	for _, attr := range []string{"node_count", "initial_node_count"} {
		if count := get(attr); !isNull(count) {
			return times(intOf(count, in.from(attr), 0), zones, extra)
		}
	}
	return topology.Unknown[int]("the pool's size is not set", in.from("node_count"))
}

// zones counts the zones of a pool: its own list, else the cluster's, else one for a zonal cluster. A regional cluster spreads over zones that
// GKE picks, three by default.
func (w *world) zones(in *instance, own cty.Value, c *topology.Cluster) topology.Value[int] {
	from := in.from("node_locations")
	if list, told := elements(own); told && len(list) > 0 {
		return topology.Known(len(list), from)
	}
	extra := 0
	if cluster := w.clusters[c.ID]; cluster != nil {
		if list, told := elements(attribute(cluster.value, "node_locations")); told {
			extra = len(list)
		}
	}
	switch {
	case c.Location == "":
		return topology.Unknown[int](topology.KnownAfterApply, from)
	case c.Region() != c.Location:
		return topology.Known(1+extra, from) // a zonal cluster lists only further zones
	case extra > 0:
		return topology.Known(extra, from)
	}
	return topology.Default(3, from)
}

func times(count, zones topology.Value[int], surge int) topology.Value[int] {
	n, known := count.Get()
	if !known {
		return count
	}
	z, known := zones.Get()
	if !known {
		return zones
	}
	v := topology.Known(n*z+surge, count.Origin)
	v.Assumed = zones.Assumed
	return v
}

// defaultScopes are what the google provider sends for a pool without a node_config block (gke-default).
var defaultScopes = []string{"https://www.googleapis.com/auth/devstorage.read_only", "https://www.googleapis.com/auth/logging.write",
	"https://www.googleapis.com/auth/monitoring", "https://www.googleapis.com/auth/service.management.readonly",
	"https://www.googleapis.com/auth/servicecontrol", "https://www.googleapis.com/auth/trace.append"}

// scopesOf reads a pool's OAuth scopes. With a node_config block that names none the provider sends none, and the API decides.
func scopesOf(in *instance, get func(...string) cty.Value) topology.Value[[]string] {
	from := in.from("node_config.oauth_scopes")
	config := get("node_config")
	if blocks, told := elements(config); isNull(config) || told && len(blocks) == 0 {
		return topology.Default(defaultScopes, from)
	}
	scopes := get("node_config", "oauth_scopes")
	if isNull(scopes) || isEmpty(scopes) {
		return topology.Unknown[[]string]("node_config names none, and the API decides", from)
	}
	return stringsOf(scopes, from)
}
