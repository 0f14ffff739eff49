locals {
  image = provider::gkepreflight::parse_image("nginx:1.27")
}

# docker.io/library/nginx:1.27
output "normalized" {
  value = local.image.normalized
}

# mirror: the nodes ask mirror.gcr.io first, then Docker Hub over the internet
output "via" {
  value = local.image.via
}
