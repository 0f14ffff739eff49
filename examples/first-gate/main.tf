# A private cluster with Cloud NAT, and a gate between the cluster and its node pool.

terraform {
  required_version = ">= 1.8"

  required_providers {
    google = {
      source = "hashicorp/google"
    }
    gkepreflight = {
      source  = "gkepreflight/gkepreflight"
      version = "~> 0.1"
    }
  }
}

variable "project" {
  type = string
}

variable "region" {
  type    = string
  default = "us-central1"
}

provider "google" {
  project = var.project
  region  = var.region
}

resource "google_compute_network" "vpc" {
  name                    = "gke"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "gke" {
  name                     = "gke"
  region                   = var.region
  network                  = google_compute_network.vpc.id
  ip_cidr_range            = "10.1.0.0/20"
  private_ip_google_access = true

  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.2.0.0/16"
  }
  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = "10.3.0.0/20"
  }
}

resource "google_compute_router" "main" {
  name    = "nat-router"
  region  = var.region
  network = google_compute_network.vpc.id
}

resource "google_compute_router_nat" "main" {
  name                               = "nat"
  router                             = google_compute_router.main.name
  region                             = var.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}

resource "google_container_cluster" "main" {
  name                     = "main"
  location                 = var.region
  network                  = google_compute_network.vpc.id
  subnetwork               = google_compute_subnetwork.gke.id
  initial_node_count       = 1
  remove_default_node_pool = true

  ip_allocation_policy {
    cluster_secondary_range_name  = "pods"
    services_secondary_range_name = "services"
  }

  private_cluster_config {
    enable_private_nodes = true
  }

  # The default pool's nodes pull too, before the gate is applied.
  depends_on = [google_compute_router_nat.main]
}

resource "gkepreflight_gate" "main" {
  cluster     = google_container_cluster.main
  networks    = [google_compute_network.vpc]
  subnetworks = [google_compute_subnetwork.gke]
  routers     = [google_compute_router.main]
  nats        = [google_compute_router_nat.main]
  images      = ["nginx:1.27"]
}

resource "google_container_node_pool" "main" {
  name       = "main"
  cluster    = google_container_cluster.main.id
  node_count = 1

  depends_on = [gkepreflight_gate.main]
}
