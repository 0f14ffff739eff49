# The broken demo, mended: the gateway lists the cluster's subnetwork, too.
#
# The objects stand in locals, in the google provider's shape, so that this needs no account. With resources, write
# google_container_cluster.main and so on in their place.

terraform {
  required_providers {
    gkepreflight = {
      source = "gkepreflight/gkepreflight"
    }
  }
}

# Stands for the network, which is not made yet: its ID is known only after apply.
resource "terraform_data" "vpc" {}

locals {
  network = terraform_data.vpc.id
  region  = "us-central1"

  subnetworks = {
    for name, range in { bastion = "10.0.0.0/28", gke = "10.1.0.0/20" } : name => {
      id                         = "projects/demo/regions/us-central1/subnetworks/${name}"
      name                       = name
      project                    = "demo"
      region                     = local.region
      network                    = local.network
      ip_cidr_range              = range
      secondary_ip_range = name != "gke" ? [] : [
        { range_name = "pods", ip_cidr_range = "10.2.0.0/16" },
        { range_name = "services", ip_cidr_range = "10.3.0.0/20" },
      ]
      private_ip_google_access = true
    }
  }

  router = {
    id      = "projects/demo/regions/us-central1/routers/nat-router"
    name    = "nat-router"
    project = "demo"
    region  = local.region
    network = local.network
  }

  nat = {
    id                                 = "demo/us-central1/nat-router/nat"
    name                               = "nat"
    project                            = "demo"
    region                             = local.region
    router                             = local.router.name
    nat_ip_allocate_option             = "AUTO_ONLY"
    source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"
    subnetwork = [
      { name = local.subnetworks["bastion"].name, source_ip_ranges_to_nat = ["ALL_IP_RANGES"] },
      { name = local.subnetworks["gke"].name, source_ip_ranges_to_nat = ["ALL_IP_RANGES"] },
    ]
  }

  cluster = {
    id                       = "projects/demo/locations/us-central1/clusters/main"
    name                     = "main"
    project                  = "demo"
    location                 = local.region
    network                  = local.network
    subnetwork               = local.subnetworks["gke"].id
    private_cluster_config   = [{ enable_private_nodes = true }]
    ip_allocation_policy     = [{ cluster_secondary_range_name = "pods" }]
    remove_default_node_pool = true
  }
}

resource "gkepreflight_gate" "main" {
  cluster     = local.cluster
  subnetworks = [local.subnetworks["gke"]]
  routers     = [local.router]
  nats        = [local.nat]
  images      = ["nginx:1.27"]
}

# Stands for the node pool: it is not made before the gate has passed.
resource "terraform_data" "pool" {
  depends_on = [gkepreflight_gate.main]
}

output "verdict" {
  value = gkepreflight_gate.main.verdict
}
