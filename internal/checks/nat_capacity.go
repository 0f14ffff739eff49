package checks

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var natCapacity = Check{
	Name:     "nat-capacity",
	Severity: Warning,
	Holds:    "a gateway with manual addresses has ports for the most nodes that its clusters can reach",
	Why: "With MANUAL_ONLY a gateway that runs out of ports serves no new VM: nodes that the autoscaler adds, or that an upgrade surges, cannot pull. Each address has the ports 1024 to 65535, given to VMs in aligned " +
		"blocks of a power of two; where the gateway translates secondary ranges, a VM gets at least 1,024 (Cloud NAT documentation, \"Port reservation procedure\"). " +
		"Where the live gateway was asked, it fails too if Cloud NAT itself says that it needs more addresses for the VMs there are.",
	Mend:    "Reserve more addresses for the gateway, lower min_ports_per_vm, or let Cloud NAT allocate addresses (AUTO_ONLY).",
	Example: "nat_ip_allocate_option = \"AUTO_ONLY\"",
	Limits:  "Whether the floor of 1,024 ports holds under dynamic allocation too is not documented; there the configured minimum is counted. VMs outside these clusters are not counted.",
	Reads:   []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes},
	Since:   "0.1.0",
	Page: Page{
		Symptom: "The first nodes pull; those that the autoscaler or an upgrade adds do not, and their pods end in `ImagePullBackOff` with `i/o timeout`. The metric `nat_allocation_failed` is true, and the console says how many more addresses the gateway needs.",
		Broken: `resource "google_compute_router_nat" "nat" {
  name                               = "nat"
  router                             = google_compute_router.router.name
  region                             = google_compute_router.router.region
  nat_ip_allocate_option             = "MANUAL_ONLY"
  nat_ips                            = [google_compute_address.only.id] # 63 nodes of 1,024 ports
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}

resource "google_container_node_pool" "main" {
  name    = "main"
  cluster = google_container_cluster.main.id
  autoscaling {
    total_max_node_count = 200
  }
}`,
		Mended: `resource "google_compute_router_nat" "nat" {
  name                               = "nat"
  router                             = google_compute_router.router.name
  region                             = google_compute_router.router.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}`,
		Look: "Compare the gateway's addresses and ports for each VM with the most nodes its clusters can have.",
		Commands: `gcloud compute routers nats describe NAT --router=ROUTER --region=REGION \
  --format="yaml(natIpAllocateOption,natIps,minPortsPerVm,enableDynamicPortAllocation)"
gcloud compute routers get-nat-ip-info ROUTER --region=REGION
gcloud compute routers get-status ROUTER --region=REGION --format="yaml(result.natStatus)"`,
	},
	Cluster: judgeNATCapacity,
}

func judgeNATCapacity(k *Case) []Result {
	var out []Result
	var asked []*topology.NAT
	for i := range k.Groups {
		g := &k.Groups[i]
		if around := k.aroundNAT(g); around != "" {
			_, object := k.subnetwork(g)
			out = append(out, skipped(Result{Object: object}, around))
			continue
		}
		c := k.Paths.Coverage(g.Subnetwork, g.Network, g.Region, egress.PrimaryRange)
		if refused := k.Facts.Refused(topology.Routers, g.Network); refused != "" {
			_, object := k.subnetwork(g)
			out = append(out, g.soften(unread(object, "the ports of its gateways", refused)))
		}
		if c.Verdict != topology.Pass {
			continue
		}
		for _, n := range c.Gateways {
			if manual, known := n.ManualAddresses.Get(); known && manual && !slices.Contains(asked, n) {
				asked = append(asked, n)
				out = append(out, k.judgeCapacity(n))
			}
		}
	}
	return distinct(out)
}

// unread is the result on what should have been read and was not.
func unread(object Object, what, why string) Result {
	return Result{Object: object, Status: topology.Undecided, Message: fmt.Sprintf("%s, for subnetwork %s, could not be read: %s", what, quote(object.called()), why)}
}

func (k *Case) judgeCapacity(n *topology.NAT) Result {
	r := Result{Object: objectOf(&n.Object)}
	nodes, why := k.nodesBehind(n)
	addresses, known := n.Addresses.Get()
	each := portsPerVM(n)
	count := "unknown"
	if known {
		count = fmt.Sprintf("%d addresses", addresses)
	}
	r.Evidence = []egress.Evidence{told(&n.Object, "nat_ips", n.Addresses, count), told(&n.Object, "min_ports_per_vm", n.MinPorts, fmt.Sprintf("%d ports for each VM", each))}
	room := addresses * blocks(each)
	switch {
	case !known:
		r.Status = topology.Undecided
		r.Message = fmt.Sprintf("how many addresses %s has is not known: %s", quote(n.Display()), n.Addresses.Why())
	case nodes > room:
		r.Status = topology.Fail
		r.Message = fmt.Sprintf("%s has ports for %d nodes (%d addresses, %d ports for each VM) and its clusters can reach %d", quote(n.Display()), room, addresses, each, nodes)
	case why != "":
		r.Status = topology.Undecided
		r.Message = fmt.Sprintf("%s has ports for %d nodes; how many its clusters can reach is not known: %s", quote(n.Display()), room, why)
	default:
		r.Status = topology.Pass
		r.Message = fmt.Sprintf("%s has ports for %d nodes, its clusters can reach %d", quote(n.Display()), room, nodes)
	}
	short := asksForMore(&r, n)
	if r.Status == topology.Fail {
		// A block so large that no address holds one is no matter of more addresses.
		more := "fewer ports for each VM"
		if most := blocks(each); most > 0 {
			more = fmt.Sprintf("%d addresses", max((nodes+most-1)/most, addresses+short))
		}
		r.Fix = fmt.Sprintf("# in %s: %s, or\nnat_ip_allocate_option = \"AUTO_ONLY\"\nnat_ips                = []", objectOf(&n.Object).where(), more)
	}
	return r
}

// asksForMore fails a gateway of which Google itself says that it has too few addresses, whatever the sizes of clusters come to: it counts every VM
// there is, and knows how their blocks of ports lie. It returns how many addresses are missing.
func asksForMore(r *Result, n *topology.NAT) int {
	if n.Status == nil || n.Status.ExtraNeeded <= 0 {
		return 0
	}
	needed := fmt.Sprintf("%d more addresses", n.Status.ExtraNeeded)
	if n.Status.ExtraNeeded == 1 {
		needed = "one more address"
	}
	r.Status = topology.Fail
	r.Message = fmt.Sprintf("Cloud NAT itself says that %s needs %s for the VMs there are; %s", quote(n.Display()), needed, r.Message)
	r.Evidence = append(r.Evidence, egress.Evidence{Object: n.Address, Attribute: "natStatus.minExtraNatIpsNeeded",
		Value: fmt.Sprintf("%s, with %d in use and %d VM interfaces that have ports", needed, n.Status.Addresses, n.Status.VMs)})
	return n.Status.ExtraNeeded
}

// told is evidence for a value; one without an origin is pinned to the object that carries it.
func told[T any](o *topology.Object, attribute string, v topology.Value[T], text string) egress.Evidence {
	from := v.Origin
	from.Object, from.Attribute = cmp.Or(from.Object, o.Address), cmp.Or(from.Attribute, attribute)
	return egress.From(from, text, v.Assumed)
}

// portsPerVM is what one VM takes at least: the configured minimum or 64 (32 when dynamic), rounded up to a power of two, and 1,024 where
// secondary ranges are translated without dynamic allocation.
func portsPerVM(n *topology.NAT) int {
	ports := minimumPorts(n)
	if !n.Dynamic.Or(false) && translatesSecondary(n) {
		ports = max(ports, 1024)
	}
	return ports
}

func minimumPorts(n *topology.NAT) int {
	ports := n.MinPorts.Or(0)
	switch {
	case ports == 0 && n.Dynamic.Or(false):
		ports = 32
	case ports == 0:
		ports = 64
	}
	return 1 << bits.Len(uint(max(ports, 1)-1))
}

func translatesSecondary(n *topology.NAT) bool {
	if n.Mode.Or("") != topology.ListOfRanges {
		return n.Mode.Or("") == topology.AllRanges
	}
	return slices.ContainsFunc(n.Entries, func(e topology.NATEntry) bool {
		options := e.Options.Or(nil)
		return slices.Contains(options, topology.EntryAllRanges) || slices.Contains(options, topology.EntrySecondary)
	})
}

// blocks counts the aligned blocks of a size between the ports 1024 and 65535 of one address.
func blocks(size int) int {
	const all, first = 65536, 1024
	return all/size - (first+size-1)/size
}
