package docs

import "maps"

// illustration is what a page shows besides the check's declaration.
type illustration struct {
	// symptom is what one sees in the cluster, in Markdown.
	symptom string
	// broken is HCL in which the check fails; mended the same mended, where the declaration's example does not say it.
	broken, mended string
	// look says what to look for in what the commands print.
	look, commands string
}

// illustrations are by name of check; a test holds that every check has one.
var illustrations = merge(network, images)

// network illustrates the checks of the way to a registry.
var network = map[string]illustration{
	"nat-node-range": {
		symptom: "Pods with images from registries outside Google stay in `ErrImagePull` and `ImagePullBackOff`, while GKE's own pods run. The event `Failed` ends in the name of the registry and a time-out:\n\n" +
			"```text\nfailed to do request: Head \"https://quay.io/v2/…\": dial tcp …:443: i/o timeout\n```\n\n" +
			"Some images from Docker Hub may still arrive, from the mirror.gcr.io cache; that makes the fault look random. From GKE 1.33 on, an image of Docker Hub that the cache lacks reads `not found` instead of a time-out.",
		broken: `resource "google_compute_router_nat" "nat" {
  name                               = "nat"
  router                             = google_compute_router.router.name
  region                             = google_compute_router.router.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  # There is a gateway, but not for the nodes.
  subnetwork {
    name                    = google_compute_subnetwork.bastion.name
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
}`,
		look: "The gateway must list the nodes' subnetwork, or all of them, with its primary range. On a node, a 401 says that Docker Hub was reached; a time-out says that it was not.",
		commands: `gcloud container clusters describe CLUSTER --location=LOCATION --format="value(subnetwork)"
gcloud compute routers list --filter="region:REGION" --format="table(name,network)"
gcloud compute routers nats list --router=ROUTER --region=REGION
gcloud compute routers nats describe NAT --router=ROUTER --region=REGION
gcloud compute ssh NODE --zone=ZONE --tunnel-through-iap \
  --command='curl -s -o /dev/null -w "%{http_code}\n" --max-time 10 https://registry-1.docker.io/v2/'`,
	},
	"nat-pod-range": {
		symptom: "Pulls work. Where pods keep their own address, what the pods themselves call on the internet times out. Where they leave with the node's, busy nodes run out of ports: now and then a connection of a pod, " +
			"or a pull beside it, times out, and the logs of Cloud NAT show drops with the reason `OUT_OF_RESOURCES`.",
		broken: "subnetwork {\n  name                    = google_compute_subnetwork.gke.id\n  source_ip_ranges_to_nat = [\"PRIMARY_IP_RANGE\"]\n}",
		look:   "Pods keep their address where `defaultSnatStatus.disabled` is true, or where ip-masq-agent lists public destinations in `nonMasqueradeCIDRs`. The gateway should then list the pod ranges.",
		commands: `gcloud container clusters describe CLUSTER --location=LOCATION --format="yaml(networkConfig.defaultSnatStatus,ipAllocationPolicy)"
kubectl --namespace=kube-system get configmap ip-masq-agent --output=yaml
gcloud compute routers nats describe NAT --router=ROUTER --region=REGION --format="yaml(sourceSubnetworkIpRangesToNat,subnetworks)"`,
	},
	"nat-overlap": {
		symptom: "Both gateways look healthy, and nodes of the subnetwork still time out towards every registry outside Google; often only some of them, or only new ones.",
		broken: `resource "google_compute_router_nat" "all" {
  name                               = "nat-all"
  router                             = google_compute_router.router.name
  region                             = google_compute_router.router.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}

resource "google_compute_router_nat" "gke" {
  name                               = "nat-gke"
  router                             = google_compute_router.router.name
  region                             = google_compute_router.router.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  # The other gateway has it already.
  subnetwork {
    name                    = google_compute_subnetwork.gke.name
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
}`,
		mended: `resource "google_compute_router_nat" "others" {
  name                               = "nat-others"
  router                             = google_compute_router.router.name
  region                             = google_compute_router.router.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.others.name
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
}`,
		look: "No range may be in two gateways of type PUBLIC in the same region and network. A VM's ports are listed by the gateway that gave them.",
		commands: `gcloud compute routers list --filter="region:REGION" --format="table(name,network,nats[].name)"
gcloud compute routers nats list --router=ROUTER --region=REGION
gcloud compute routers get-nat-mapping-info ROUTER --region=REGION`,
	},
	"nat-range-names": {
		symptom: "As with an uncovered pod range: pods that keep their address cannot call out, others share the few ports of their node. A new node pool with a range of its own fails where the older ones work.",
		broken: `subnetwork {
  name                     = google_compute_subnetwork.gke.id
  source_ip_ranges_to_nat  = ["PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"]
  secondary_ip_range_names = ["pod"] # the range is called pods
}`,
		look: "Every name that the gateway lists must be among the subnetwork's ranges, and every pod range of the cluster among the gateway's.",
		commands: `gcloud compute networks subnets describe SUBNETWORK --region=REGION --format="yaml(secondaryIpRanges)"
gcloud compute routers nats describe NAT --router=ROUTER --region=REGION --format="yaml(subnetworks)"
gcloud container clusters describe CLUSTER --location=LOCATION --format="yaml(ipAllocationPolicy)"`,
	},
	"nat-capacity": {
		symptom: "The first nodes pull; those that the autoscaler or an upgrade adds do not, and their pods end in `ImagePullBackOff` with `i/o timeout`. The metric `nat_allocation_failed` is true, and the console says how many more addresses the gateway needs.",
		broken: `resource "google_compute_router_nat" "nat" {
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
		mended: `resource "google_compute_router_nat" "nat" {
  name                               = "nat"
  router                             = google_compute_router.router.name
  region                             = google_compute_router.router.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}`,
		look: "Compare the gateway's addresses and ports for each VM with the most nodes its clusters can have.",
		commands: `gcloud compute routers nats describe NAT --router=ROUTER --region=REGION \
  --format="yaml(natIpAllocateOption,natIps,minPortsPerVm,enableDynamicPortAllocation)"
gcloud compute routers get-nat-ip-info ROUTER --region=REGION
gcloud compute routers get-status ROUTER --region=REGION --format="yaml(result.natStatus)"`,
	},
	"internet-route": {
		symptom: "Every registry outside Google times out (`i/o timeout`), although a gateway translates the nodes' range. Where the default route is gone altogether, Google's registries time out too, and nodes do not become ready.",
		broken: `resource "google_compute_network" "vpc" {
  name                            = "vpc"
  auto_create_subnetworks         = false
  delete_default_routes_on_create = true # and no other route for 0.0.0.0/0
}`,
		look: "Of the routes for 0.0.0.0/0 that apply to the nodes' network tags, the best one must lead to `default-internet-gateway`. Look for 0.0.0.0/1 and 128.0.0.0/1, too, and for routes learned over BGP.",
		commands: `gcloud compute routes list --filter="network:NETWORK" --format="table(name,destRange,priority,nextHopGateway,nextHopIlb,nextHopIp,tags)"
gcloud compute routers get-status ROUTER --region=REGION --format="yaml(result.bestRoutes)"
gcloud container node-pools describe POOL --cluster=CLUSTER --location=LOCATION --format="value(config.tags)"`,
	},
	"egress-firewall": {
		symptom: "Pulls time out (`i/o timeout`) as if there were no gateway. Where the rule denies Google's addresses as well, GKE's own pods fail the same way; a time-out on 199.36.153.x says that the private or restricted addresses are not let out.",
		broken: `resource "google_compute_firewall" "deny_egress" {
  name               = "deny-egress"
  network            = google_compute_network.vpc.id
  direction          = "EGRESS"
  priority           = 1000
  destination_ranges = ["0.0.0.0/0"]
  deny {
    protocol = "all"
  }
}`,
		look: "Read the rules in their order: hierarchical policies, then VPC rules by priority. The first that matches TCP 443 from the nodes decides. Rules with logging show what they drop.",
		commands: `gcloud compute networks get-effective-firewalls NETWORK
gcloud compute firewall-rules list --filter="network:NETWORK AND direction=EGRESS" \
  --format="table(name,priority,destinationRanges.list(),allowed[].map().firewall_rule().list(),denied[].map().firewall_rule().list(),targetTags.list())"`,
	},
	"private-google-access": {
		symptom: "Nodes register late or never, and GKE's own pods do not start. Images of Artifact Registry and gcr.io time out:\n\n" +
			"```text\nfailed to do request: Head \"https://us-central1-docker.pkg.dev/v2/…\": dial tcp …:443: i/o timeout\n```",
		broken: "resource \"google_compute_subnetwork\" \"gke\" {\n  # …\n  private_ip_google_access = false\n}",
		look:   "It must print True, unless a Public NAT gateway translates the subnetwork's primary range.",
		commands: `gcloud compute networks subnets describe SUBNETWORK --region=REGION --format="value(privateIpGoogleAccess)"
gcloud compute routers nats list --router=ROUTER --region=REGION`,
	},
	"registry-dns": {
		symptom: "Where the wildcard record is missing, the name does not exist; where only `googleapis.com` is steered, the registry's public address times out:\n\n" +
			"```text\nlookup us-central1-docker.pkg.dev on 169.254.169.254:53: no such host\n```",
		broken: `resource "google_dns_managed_zone" "gcr" {
  name       = "gcr-io"
  dns_name   = "gcr.io."
  visibility = "private"
  private_visibility_config {
    networks {
      network_url = google_compute_network.vpc.id
    }
  }
}

# The domain alone: gke.gcr.io and the others under it do not exist.
resource "google_dns_record_set" "apex" {
  managed_zone = google_dns_managed_zone.gcr.name
  name         = "gcr.io."
  type         = "A"
  ttl          = 300
  rrdatas      = ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"]
}`,
		look: "Each zone for `pkg.dev` and `gcr.io` needs a record for the domain and one for its wildcard, and must be attached to the cluster's network. On a node the names must resolve to the addresses that are meant.",
		commands: `gcloud dns managed-zones list --filter="visibility=private" --format="table(name,dnsName,privateVisibilityConfig.networks[].networkUrl)"
gcloud dns record-sets list --zone=ZONE
gcloud dns response-policies list
gcloud compute ssh NODE --zone=ZONE --tunnel-through-iap --command="getent hosts gke.gcr.io us-central1-docker.pkg.dev"`,
	},
	"gated": {
		symptom: "This concerns the data sources of this provider, which come with a later version. Nothing shows while planning: the plan passes. The judgement comes during apply, when routers and gateways may exist already.",
		broken: `data "gkepreflight_cluster" "main" {
  name       = "main"
  depends_on = [google_compute_router_nat.nat] # read during apply, when the gateway is about to change
}`,
		look:     "Lists the reads that Terraform put off to apply. It should print nothing.",
		commands: "terraform show -json tfplan | jq -r '.resource_changes[] | select(.action_reason // \"\" | startswith(\"read_because\")) | .address'",
	},
}

func merge(parts ...map[string]illustration) map[string]illustration {
	all := map[string]illustration{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}
