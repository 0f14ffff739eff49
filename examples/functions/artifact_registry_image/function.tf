# us-central1-docker.pkg.dev/my-project/docker-hub/library/nginx:1.27
output "image" {
  value = provider::gkepreflight::artifact_registry_image("nginx:1.27", "us-central1-docker.pkg.dev/my-project/docker-hub")
}
