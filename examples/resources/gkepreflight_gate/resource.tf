# Hand over the google provider's own objects, resources or data sources.
resource "gkepreflight_gate" "main" {
  cluster     = google_container_cluster.main
  subnetworks = [google_compute_subnetwork.gke]
  routers     = [google_compute_router.main]
  nats        = [google_compute_router_nat.main]

  # What the nodes will pull, besides GKE's own images. No manifest is stored, only the references.
  images = provider::gkepreflight::manifest_images(file("${path.module}/app.yaml"))
}

# The pool is not made before the gate has passed.
resource "google_container_node_pool" "main" {
  name       = "main"
  cluster    = google_container_cluster.main.id
  node_count = 1

  depends_on = [gkepreflight_gate.main]
}

# Policy: what is accepted, and why.
resource "gkepreflight_gate" "isolated" {
  cluster     = google_container_cluster.isolated
  subnetworks = [google_compute_subnetwork.isolated]
  routers     = []
  nats        = [] # there are none; null would say that it is not told

  internet = "images" # ask for the internet only where an image needs it
  images   = ["us-central1-docker.pkg.dev/my-project/apps/web:1.4.2"]

  severity = {
    nat-pod-range = "info"
  }

  ignore = [{
    check   = "mirror-dependence"
    objects = ["docker.io/library/redis:*"]
    reason  = "The cache in the test cluster may be cold."
    expires = "2027-03-31"
  }]
}
