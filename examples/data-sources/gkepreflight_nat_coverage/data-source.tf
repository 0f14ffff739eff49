# The network belongs to another configuration; the subnetwork comes from a variable, so that it is read while Terraform plans.
variable "subnetwork" {
  type        = string
  description = "Link of a subnetwork of the Shared VPC: projects/HOST/regions/REGION/subnetworks/NAME."
  default     = "projects/net-host/regions/europe-west4/subnetworks/gke"
}

data "gkepreflight_nat_coverage" "gke" {
  subnetwork = var.subnetwork
  pod_ranges = ["pods"]
}

output "uncovered" {
  value = [for r in data.gkepreflight_nat_coverage.gke.ranges : r.cidr if r.covered == false]
}
