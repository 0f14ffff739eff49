# Something that is deployed to a cluster that is there already, and only if the cluster's nodes can pull: the data source reads Google Cloud while
# Terraform plans, and stops the plan where they cannot.

terraform {
  required_providers {
    gkepreflight = {
      source = "gkepreflight/gkepreflight"
    }
  }
}

variable "cluster" {
  type    = string
  default = "shop"
}

data "gkepreflight_cluster" "target" {
  name     = var.cluster
  location = "europe-west1"
  project  = "demo"
}

resource "terraform_data" "release" {
  input = data.gkepreflight_cluster.target.verdict
}
