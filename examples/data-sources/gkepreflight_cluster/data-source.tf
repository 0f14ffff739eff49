# Judges a cluster that is there, with the network as it is now. Names come from variables, so that it is read while Terraform plans.
variable "cluster" {
  type    = string
  default = "prod"
}

data "gkepreflight_cluster" "prod" {
  name     = var.cluster
  location = "europe-west4"
  project  = "my-project"

  images = provider::gkepreflight::manifest_images(file("${path.module}/app.yaml"))
}

# To decide yourself what a failure is worth, let nothing stop here and use the verdict.
data "gkepreflight_cluster" "report" {
  name    = var.cluster
  project = "my-project"
  fail_on = "never"
}

output "verdict" {
  value = data.gkepreflight_cluster.report.verdict
}
