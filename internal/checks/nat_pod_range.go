package checks

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var natPodRange = Check{
	Name:     "nat-pod-range",
	Severity: Warning,
	Holds:    "every range that the node pools give to pods is translated by a Public NAT gateway too",
	Why: "With GKE's default source NAT pods leave with their node's address, and then an uncovered pod range costs only ports: a gateway that translates the primary range alone gives each node 64 ports, " +
		"which all its pods share. Where default SNAT is disabled, or ip-masq-agent keeps public destinations, pods leave with their own address and have no way out at all; then a failure is an error. " +
		"Image pulls themselves never use the pod range, and the services range never sends packets.",
	Mend:    "Let the gateway translate all ranges of the subnetwork, or list the pod ranges by name.",
	Example: "subnetwork {\n  name                    = google_compute_subnetwork.gke.id\n  source_ip_ranges_to_nat = [\"ALL_IP_RANGES\"]\n}",
	Limits:  "Policies that Autopilot applies to egress NAT are not read. Windows pods are taken to keep their address.",
	Reads: []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.DNS, topology.Endpoints,
		topology.Images, topology.Masquerades},
	Since: "0.1.0",
	Page: Page{
		Symptom: "Pulls work. Where pods keep their own address, what the pods themselves call on the internet times out. Where they leave with the node's, busy nodes run out of ports: now and then a connection of a pod, " +
			"or a pull beside it, times out, and the logs of Cloud NAT show drops with the reason `OUT_OF_RESOURCES`.",
		Broken: "subnetwork {\n  name                    = google_compute_subnetwork.gke.id\n  source_ip_ranges_to_nat = [\"PRIMARY_IP_RANGE\"]\n}",
		Look:   "Pods keep their address where `defaultSnatStatus.disabled` is true, or where ip-masq-agent lists public destinations in `nonMasqueradeCIDRs`. The gateway should then list the pod ranges.",
		Commands: `gcloud container clusters describe CLUSTER --location=LOCATION --format="yaml(networkConfig.defaultSnatStatus,ipAllocationPolicy)"
kubectl --namespace=kube-system get configmap ip-masq-agent --output=yaml
gcloud compute routers nats describe NAT --router=ROUTER --region=REGION --format="yaml(sourceSubnetworkIpRangesToNat,subnetworks)"`,
	},
	Cluster: judgeNATPodRange,
}

func judgeNATPodRange(k *Case) []Result {
	var out []Result
	for i := range k.Groups {
		g := &k.Groups[i]
		sub, object := k.subnetwork(g)
		d := k.demand(g)
		if !d.asked {
			out = append(out, skipped(Result{Object: object}, d.reason))
			continue
		}
		if around := k.aroundNAT(g); around != "" {
			out = append(out, skipped(Result{Object: object}, around))
			continue
		}
		node := k.Paths.Coverage(g.Subnetwork, g.Network, g.Region, egress.PrimaryRange)
		for _, r := range k.podRanges(g) {
			out = append(out, g.soften(k.judgePodRange(g, sub, object, d, node, r)))
		}
	}
	return distinct(out)
}

// podRange is a range that a pool gives to its pods.
type podRange struct {
	egress.Range
	pool *topology.NodePool
}

// podRanges lists the ranges that a group's pools give to pods in the group's subnetwork.
func (k *Case) podRanges(g *Group) []podRange {
	var out []podRange
	for _, p := range g.Pools {
		add := func(name topology.Value[string]) {
			text, known := name.Get()
			out = append(out, podRange{egress.Range{Name: name, Created: known && text == ""}, p})
		}
		extra := slices.IndexFunc(k.Cluster.ExtraSubnetworks, func(e topology.ClusterSubnetwork) bool {
			return e.Subnetwork.Known() && e.Subnetwork.Or("") == g.Subnetwork.Or("")
		})
		own, ownKnown := g.Subnetwork.Get()
		home, homeKnown := k.Cluster.Subnetwork.Get()
		if extra >= 0 && (!homeKnown || !ownKnown || own != home) {
			for _, name := range k.Cluster.ExtraSubnetworks[extra].PodRanges {
				add(name)
			}
			continue
		}
		add(p.PodRange)
		for _, name := range k.Cluster.ExtraPodRanges {
			add(name)
		}
	}
	return out
}

// keepsAddress says whether pods of a pool leave with their own address towards public destinations.
func (k *Case) keepsAddress(p *topology.NodePool) (topology.Value[bool], string) {
	if p.Windows {
		return topology.Known(true, p.From("node_config.image_type")), "Windows pods keep their address"
	}
	for _, m := range k.Facts.Masquerades() {
		id, known := m.Cluster.Get()
		if known && id != k.Cluster.ID || !known && len(k.Facts.Clusters()) != 1 {
			continue
		}
		kept, known := m.KeepsFor.Get()
		if !known {
			return topology.Unknown[bool](m.KeepsFor.Why(), m.KeepsFor.Origin), "the ip-masq-agent configuration is not known"
		}
		// An agent with a list of its own replaces what default SNAT does.
		public := slices.ContainsFunc(kept, isPublic)
		return topology.Known(public, m.KeepsFor.Origin), "ip-masq-agent keeps public destinations (" + m.Address + ")"
	}
	return k.Cluster.SNATDisabled, "default SNAT is disabled"
}

// isPublic reports whether a CIDR takes in public addresses: all that lie in none of the special ranges do.
func isPublic(cidr string) bool {
	p, err := netip.ParsePrefix(cidr)
	if err != nil || !p.Addr().Is4() {
		return false
	}
	return !special(p)
}

// special reports whether a range is one of those that GKE never masquerades by default (ip-masq-agent documentation), or one that no
// public registry has: multicast, and the virtual addresses of Google's APIs, which pods reach with their own address too.
func special(p netip.Prefix) bool {
	for _, text := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
		"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "169.254.0.0/16",
		"199.36.153.4/30", "199.36.153.8/30", "34.126.0.0/18"} {
		if s := netip.MustParsePrefix(text); s.Bits() <= p.Bits() && s.Contains(p.Addr()) {
			return true
		}
	}
	return false
}

func (k *Case) judgePodRange(g *Group, sub *topology.Subnetwork, object Object, d demand, node egress.Coverage, pr podRange) Result {
	r := Result{Object: object}
	c := k.Paths.Coverage(g.Subnetwork, g.Network, g.Region, pr.Range)
	r.Status, r.Evidence = c.Verdict, c.Evidence
	name := "pod range " + quote(pr.Name.Or("?"))
	switch {
	case pr.Created:
		name = "the pod range that GKE will create"
	case !pr.Name.Known():
		name = "the pod range"
	}
	r.Severity = Warning
	why := "pods leave with the node's address, so this costs only ports: the node's own " + ports(node.Gateways) + " are shared by its pods"
	keep, because := k.keepsAddress(pr.pool)
	keeps, known := keep.Get()
	switch {
	case !known:
		why = "whether pods keep their address is not known: " + keep.Why()
	case keeps:
		r.Severity = Error
		why = "pods keep their address (" + because + ") and have no way to the internet"
	case node.Verdict == topology.Pass && roomy(node.Gateways):
		r.Severity = Info
		why = "pods leave with the node's address, and the gateway gives each node ports enough"
	case node.Verdict != topology.Pass:
		why = "pods leave with the node's address, which has no Public NAT either"
	}
	if d.severity == Warning && r.Severity == Error {
		r.Severity = Warning
	}
	where := fmt.Sprintf("%s of subnetwork %s", name, quote(object.called()))
	switch c.Verdict {
	case topology.Pass:
		r.Message = fmt.Sprintf("%s is translated by %s", where, gateways(c.Gateways))
	case topology.Undecided:
		r.Message = fmt.Sprintf("whether %s is translated by a Public NAT is not known: %s", where, c.Why)
	default:
		r.Message = fmt.Sprintf("%s has no Public NAT: %s%s", where, why, aside(d.reason))
		if node.Verdict == topology.Fail {
			r.CausedBy = "nat-node-range"
		}
		r.Fix = fixPods(k, g, sub, c, node)
	}
	return r
}

// ports words how many source ports each node has at the first of the gateways.
func ports(list []*topology.NAT) string {
	if len(list) == 0 {
		return "ports"
	}
	return fmt.Sprintf("%d ports", minimumPorts(list[0]))
}

// roomy reports whether a gateway gives each VM 1,024 ports or more, or allocates them as they are needed.
func roomy(list []*topology.NAT) bool {
	return slices.ContainsFunc(list, func(n *topology.NAT) bool { return n.Dynamic.Or(false) || minimumPorts(n) >= 1024 })
}

func fixPods(k *Case, g *Group, sub *topology.Subnetwork, c, node egress.Coverage) string {
	if node.Verdict != topology.Pass || len(node.Gateways) == 0 {
		return fixNAT(k, g, sub, c)
	}
	n := node.Gateways[0]
	if n.Mode.Or("") == topology.AllPrimaryRanges {
		return fmt.Sprintf("# in %s\nsource_subnetwork_ip_ranges_to_nat = %q", objectOf(&n.Object).where(), topology.AllRanges)
	}
	_, object := k.subnetwork(g)
	return listAllRanges(n, object, ", the entry of this subnetwork")
}

// distinct drops results that say the same of the same object.
func distinct(results []Result) []Result {
	type key struct{ address, message string }
	seen := map[key]bool{}
	return slices.DeleteFunc(results, func(r Result) bool {
		k := key{r.Object.Address, r.Message}
		defer func() { seen[k] = true }()
		return seen[k]
	})
}
