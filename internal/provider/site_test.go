package provider

import (
	"cmp"
	"strings"
)

// site is a configuration in the google provider's shapes, without the google provider: one private cluster, two subnetworks, a router and
// a gateway. As on a first plan, what terraform_data puts out (IDs, self links, the network, the cluster's project) is unknown until apply.
type site struct {
	mode   string // source_subnetwork_ip_ranges_to_nat; ALL_SUBNETWORKS_ALL_IP_RANGES when empty
	listed string // HCL of the gateway's subnetwork blocks; [] when empty
	region string // the gateway's
	nats   string // HCL of the argument; [local.nat] when empty
	meta   string // further lines in the gate's block
	more   string // what else is in the file
	gates  string // HCL instead of the one gate
}

// The ways a gateway can be written for subnetwork "gke".
var (
	covered   = site{}
	uncovered = site{mode: "LIST_OF_SUBNETWORKS", listed: `[{ name = "other", source_ip_ranges_to_nat = ["ALL_IP_RANGES"], secondary_ip_range_names = [] }]`}
	// later lists the other subnetwork by its ID, which only apply knows.
	later = site{mode: "LIST_OF_SUBNETWORKS", listed: `[{ name = local.made.other, source_ip_ranges_to_nat = ["ALL_IP_RANGES"], secondary_ip_range_names = [] }]`}
	// laterCovered lists the right one by its ID.
	laterCovered = site{mode: "LIST_OF_SUBNETWORKS", listed: `[{ name = local.made.gke, source_ip_ranges_to_nat = ["ALL_IP_RANGES"], secondary_ip_range_names = [] }]`}
)

const required = `terraform {
  required_providers {
    gkepreflight = { source = "gkepreflight/gkepreflight" }
  }
}
`

const surroundings = `
resource "terraform_data" "made" {
  input = {
    project = "demo-project"
    vpc     = "projects/demo-project/global/networks/demo-vpc"
    gke     = "projects/demo-project/regions/us-central1/subnetworks/gke"
    other   = "projects/demo-project/regions/us-central1/subnetworks/other"
    router  = "projects/demo-project/regions/us-central1/routers/nat-router"
    nat     = "demo-project/us-central1/nat-router/nat"
    cluster = "projects/demo-project/locations/us-central1/clusters/private"
    key     = "SECRET-UNKNOWN-UNTIL-APPLY"
  }
}

locals {
  made = terraform_data.made.output

  gke = {
    id                       = local.made.gke
    self_link                = local.made.gke
    name                     = "gke"
    project                  = "demo-project"
    region                   = "us-central1"
    network                  = local.made.vpc
    ip_cidr_range            = "10.10.0.0/20"
    private_ip_google_access = true
    secondary_ip_range       = [{ range_name = "pods", ip_cidr_range = "10.20.0.0/16" }]
  }
  other = merge(local.gke, {
    id                 = local.made.other
    self_link          = local.made.other
    name               = "other"
    ip_cidr_range      = "10.11.0.0/20"
    secondary_ip_range = []
  })
  network = {
    id                              = local.made.vpc
    self_link                       = local.made.vpc
    name                            = "demo-vpc"
    project                         = "demo-project"
    delete_default_routes_on_create = false
  }
  router = {
    id        = local.made.router
    self_link = local.made.router
    name      = "nat-router"
    project   = "demo-project"
    region    = "REGION"
    network   = local.made.vpc
  }
  nat = {
    id                                 = local.made.nat
    name                               = "nat"
    project                            = "demo-project"
    region                             = "REGION"
    router                             = "nat-router"
    type                               = "PUBLIC"
    nat_ip_allocate_option             = "AUTO_ONLY"
    source_subnetwork_ip_ranges_to_nat = "MODE"
    subnetwork                         = LISTED
  }
  cluster = {
    id                     = local.made.cluster
    self_link              = local.made.cluster
    name                   = "private"
    project                = local.made.project
    location               = "us-central1"
    network                = local.made.vpc
    subnetwork             = "gke"
    private_cluster_config = [{ enable_private_nodes = true, master_ipv4_cidr_block = "172.16.0.0/28" }]
    ip_allocation_policy   = [{ cluster_secondary_range_name = "pods" }]
    master_auth            = [{ client_key = "SECRET-CLIENT-KEY", cluster_ca_certificate = local.made.key }]
  }
}
`

const oneGate = `
resource "gkepreflight_gate" "private" {
  cluster     = local.cluster
  networks    = [local.network]
  subnetworks = [local.gke, local.other]
  routers     = [local.router]
  nats        = NATS
META
}
`

// bare is the configuration without the block that says where providers come from.
func (s site) bare() string {
	return strings.NewReplacer("MODE", cmp.Or(s.mode, "ALL_SUBNETWORKS_ALL_IP_RANGES"), "LISTED", cmp.Or(s.listed, "[]"), "REGION", cmp.Or(s.region, "us-central1"),
		"NATS", cmp.Or(s.nats, "[local.nat]"), "META", s.meta).Replace(surroundings + cmp.Or(s.gates, oneGate) + s.more)
}

func (s site) hcl() string { return required + s.bare() }

// pool stands for the node pool that waits for the gate.
const pool = `
resource "terraform_data" "pool" {
  input      = "pool"
  depends_on = [gkepreflight_gate.private]
}
`
