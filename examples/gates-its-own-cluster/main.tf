# A module that refuses to make a cluster where its nodes could not pull: the network is a Shared VPC of another configuration, and is read as it is.

terraform {
  required_version = ">= 1.8"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.0"
    }
    gkepreflight = {
      source  = "gkepreflight/gkepreflight"
      version = "~> 0.1"
    }
  }
}

variable "project" {
  type        = string
  description = "Service project of the cluster."
}

variable "name" {
  type        = string
  description = "Name of the cluster."
}

variable "subnetwork" {
  type        = string
  description = "Link of the nodes' subnetwork: projects/HOST/regions/REGION/subnetworks/NAME."
}

variable "pod_range" {
  type        = string
  description = "Secondary range of the pods."
}

variable "node_account" {
  type        = string
  description = "Address of the nodes' service account."
}

variable "repository" {
  type        = string
  description = "Artifact Registry repository that the workloads pull from: projects/P/locations/L/repositories/NAME."
}

locals {
  host   = split("/", var.subnetwork)[1]
  region = split("/", var.subnetwork)[3]
}

# Everything comes from variables, so that Terraform reads while it plans. fail_on = "never" leaves the verdict to the conditions below, which
# never stand in the way of a destroy.
data "gkepreflight_nat_coverage" "nodes" {
  subnetwork = var.subnetwork
  pod_ranges = [var.pod_range]
  fail_on    = "never"
}

data "gkepreflight_artifact_registry" "images" {
  repository      = var.repository
  subnetwork      = var.subnetwork
  service_account = var.node_account
  fail_on         = "never"
}

locals {
  findings = [
    for r in concat(data.gkepreflight_nat_coverage.nodes.results, data.gkepreflight_artifact_registry.images.results) :
    "${r.check}: ${r.message}" if r.status == "fail" && r.severity == "error"
  ]
}

resource "google_container_cluster" "this" {
  project    = var.project
  name       = var.name
  location   = local.region
  network    = "projects/${local.host}/global/networks/shared"
  subnetwork = var.subnetwork

  initial_node_count       = 1
  remove_default_node_pool = true

  private_cluster_config {
    enable_private_nodes = true
  }

  ip_allocation_policy {
    cluster_secondary_range_name = var.pod_range
  }

  lifecycle {
    precondition {
      condition     = length(local.findings) == 0
      error_message = "The nodes could not pull their images.\n${join("\n", local.findings)}"
    }
  }
}

resource "google_container_node_pool" "apps" {
  project  = var.project
  name     = "apps"
  location = local.region
  cluster  = google_container_cluster.this.name

  initial_node_count = 1

  node_config {
    service_account = var.node_account
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
  }
}
