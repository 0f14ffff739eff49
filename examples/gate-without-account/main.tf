# A gate over objects that are written out: runs without the google provider and without an account.

terraform {
  required_version = ">= 1.8"

  required_providers {
    gkepreflight = {
      source = "gkepreflight/gkepreflight"
    }
  }
}

locals {
  network = "projects/my-project/global/networks/vpc"
  region  = "us-central1"
}

resource "gkepreflight_gate" "main" {
  cluster = {
    name                   = "main"
    project                = "my-project"
    location               = local.region
    network                = local.network
    subnetwork             = "projects/my-project/regions/us-central1/subnetworks/gke"
    private_cluster_config = [{ enable_private_nodes = true }]
    ip_allocation_policy   = [{ cluster_secondary_range_name = "pods" }]
  }

  subnetworks = [{
    name                     = "gke"
    project                  = "my-project"
    region                   = local.region
    network                  = local.network
    ip_cidr_range            = "10.1.0.0/20"
    secondary_ip_range       = [{ range_name = "pods", ip_cidr_range = "10.2.0.0/16" }]
    private_ip_google_access = true
  }]

  routers = [{
    name    = "nat-router"
    project = "my-project"
    region  = local.region
    network = local.network
  }]

  nats = [{
    name                               = "nat"
    project                            = "my-project"
    region                             = local.region
    router                             = "nat-router"
    nat_ip_allocate_option             = "AUTO_ONLY"
    source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
  }]

  images = ["nginx:1.27", "registry.k8s.io/pause:3.10"]
}

output "verdict" {
  value = gkepreflight_gate.main.verdict
}

output "results" {
  value = { for r in gkepreflight_gate.main.results : r.check => r.status... }
}
