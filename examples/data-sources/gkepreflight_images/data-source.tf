# Asks the registries while Terraform plans. Known values only: a data source that depends on a pending change is read during apply.
data "gkepreflight_images" "app" {
  images    = provider::gkepreflight::manifest_images(file("${path.module}/app.yaml"))
  platforms = ["linux/amd64", "linux/arm64"]
}

# What could not be learnt stops the plan, too; docker.io images have to be in the cache that nodes without Cloud NAT depend on.
data "gkepreflight_images" "isolated" {
  images  = ["nginx:1.27", "redis:7.4"]
  mirror  = "deny"
  strict  = true
  timeout = "30s"
}
