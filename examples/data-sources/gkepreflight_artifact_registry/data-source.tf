# Do the nodes reach the repository, and may their account read it?
data "gkepreflight_artifact_registry" "apps" {
  repository      = "projects/images/locations/europe/repositories/apps"
  subnetwork      = "projects/net-host/regions/europe-west4/subnetworks/gke"
  service_account = "nodes@my-project.iam.gserviceaccount.com"
  network_tags    = ["gke-nodes"]
}
