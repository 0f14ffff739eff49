output "cluster" {
  description = "The cluster, whole: for gates of other configurations."
  value       = google_container_cluster.main
  sensitive   = true
}

output "subnetwork" {
  description = "The nodes' subnetwork, whole."
  value       = google_compute_subnetwork.nodes
}

output "images" {
  description = "What to write into manifests, by the name upstream."
  value       = local.images
}

output "verdict" {
  description = "What the gate says: pass, warn, unknown or fail."
  value       = gkepreflight_gate.main.verdict
}
