# Fails the plan, also that of a first apply, and never stands in the way of terraform destroy.
resource "terraform_data" "pool" {
  lifecycle {
    precondition {
      condition     = provider::gkepreflight::nat_covers(local.subnetwork, [local.router], [local.nat]).primary
      error_message = "Cloud NAT does not translate the nodes' range of ${local.subnetwork.name}."
    }
  }
}

# Literal objects, so that this runs without an account. Write google_compute_subnetwork.gke and so on in their place.
locals {
  subnetwork = {
    name          = "gke"
    region        = "us-central1"
    network       = "projects/my-project/global/networks/vpc"
    ip_cidr_range = "10.1.0.0/20"
    secondary_ip_range = [
      { range_name = "pods", ip_cidr_range = "10.2.0.0/16" },
    ]
  }

  router = {
    name    = "nat-router"
    region  = "us-central1"
    network = "projects/my-project/global/networks/vpc"
  }

  nat = {
    name                               = "nat"
    router                             = "nat-router"
    region                             = "us-central1"
    source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES"
  }
}

# primary = true, secondary = { pods = false }
output "covered" {
  value = provider::gkepreflight::nat_covers(local.subnetwork, [local.router], [local.nat])
}
