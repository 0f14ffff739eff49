resource "google_compute_network" "main" {
  project                 = var.project
  name                    = var.name
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "nodes" {
  project                  = var.project
  name                     = "${var.name}-nodes"
  region                   = var.region
  network                  = google_compute_network.main.id
  ip_cidr_range            = var.ranges.nodes
  private_ip_google_access = true

  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = var.ranges.pods
  }
}

resource "google_compute_router" "main" {
  project = var.project
  name    = "${var.name}-router"
  region  = var.region
  network = google_compute_network.main.id
}

# By name and not by id: the name is known while Terraform plans, so the gate decides in the plan.
resource "google_compute_router_nat" "main" {
  count = var.nat ? 1 : 0

  project                            = var.project
  name                               = "${var.name}-nat"
  router                             = google_compute_router.main.name
  region                             = var.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.nodes.name
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
}
