resource "google_container_cluster" "main" {
  project                  = var.project
  name                     = var.name
  location                 = var.region
  network                  = google_compute_network.main.id
  subnetwork               = google_compute_subnetwork.nodes.id
  initial_node_count       = 1
  remove_default_node_pool = true

  ip_allocation_policy {
    cluster_secondary_range_name = "pods"
  }

  private_cluster_config {
    enable_private_nodes = true
  }

  # The default pool's nodes pull too, before they are removed.
  depends_on = [google_compute_router_nat.main]
}

# Judged in every plan, and once more before it is created, with everything known.
resource "gkepreflight_gate" "main" {
  cluster      = google_container_cluster.main
  networks     = [google_compute_network.main]
  subnetworks  = [google_compute_subnetwork.nodes]
  routers      = [google_compute_router.main]
  nats         = google_compute_router_nat.main
  repositories = values(google_artifact_registry_repository.upstream)
  images       = values(local.images)
  internet     = var.nat ? "required" : "images"

  # A gate is handed no grants, so this stays undecided; the module makes them, in registries.tf.
  severity = { registry-access = "info" }
}

resource "google_container_node_pool" "main" {
  project    = var.project
  name       = "main"
  location   = var.region
  cluster    = google_container_cluster.main.name
  node_count = var.node_count

  node_config {
    machine_type    = var.machine_type
    service_account = google_service_account.nodes.email
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
  }

  depends_on = [gkepreflight_gate.main, google_artifact_registry_repository_iam_member.nodes]
}
