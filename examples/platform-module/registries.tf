# One remote repository for each registry outside Google. Google fetches from upstream, so the nodes need no way to the internet for these images.
resource "google_artifact_registry_repository" "upstream" {
  for_each = var.upstreams

  project       = var.project
  location      = var.region
  repository_id = "${var.name}-${each.value.repository}"
  format        = "DOCKER"
  mode          = "REMOTE_REPOSITORY"

  remote_repository_config {
    description = each.key

    dynamic "docker_repository" {
      for_each = each.key == "docker.io" ? ["DOCKER_HUB"] : []
      content {
        public_repository = docker_repository.value
      }
    }

    dynamic "common_repository" {
      for_each = each.key == "docker.io" ? [] : ["https://${each.key}"]
      content {
        uri = common_repository.value
      }
    }
  }
}

# The nodes pull as this account, and it may read these repositories and nothing else.
resource "google_service_account" "nodes" {
  project      = var.project
  account_id   = "${var.name}-nodes"
  display_name = "Nodes of ${var.name}"
}

resource "google_project_iam_member" "nodes" {
  project = var.project
  role    = "roles/container.defaultNodeServiceAccount"
  member  = "serviceAccount:${google_service_account.nodes.email}"
}

resource "google_artifact_registry_repository_iam_member" "nodes" {
  for_each = google_artifact_registry_repository.upstream

  project    = var.project
  location   = var.region
  repository = each.value.name
  role       = "roles/artifactregistry.reader"
  member     = "serviceAccount:${google_service_account.nodes.email}"
}

locals {
  # Each image under the name that the nodes pull: through the remote repository of its registry, or as it is.
  images = {
    for ref in var.images : ref => contains(keys(var.upstreams), provider::gkepreflight::parse_image(ref).registry) ? provider::gkepreflight::artifact_registry_image(
      ref, "${var.region}-docker.pkg.dev/${var.project}/${var.name}-${var.upstreams[provider::gkepreflight::parse_image(ref).registry].repository}",
    ) : ref
  }
}
