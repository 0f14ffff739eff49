variable "project" {
  description = "The project of network, cluster and repositories."
  type        = string
}

variable "region" {
  description = "The region of all of them."
  type        = string
}

variable "name" {
  description = "The name of the cluster, and the beginning of all other names."
  type        = string
}

variable "ranges" {
  description = "The address ranges of nodes and pods. Services take GKE's own range."
  type = object({
    nodes = string
    pods  = string
  })
  default = {
    nodes = "10.0.0.0/20"
    pods  = "10.4.0.0/14"
  }
}

variable "upstreams" {
  description = "The registries that remote repositories stand for, by host. docker.io is Docker Hub; the others are addresses."
  type        = map(object({ repository = string }))
  default = {
    "docker.io"       = { repository = "docker-hub" }
    "ghcr.io"         = { repository = "ghcr" }
    "quay.io"         = { repository = "quay" }
    "registry.k8s.io" = { repository = "k8s" }
  }
}

variable "images" {
  description = "What the workloads pull, as upstream names it: nginx:1.27, quay.io/prometheus/prometheus:v3.0.0."
  type        = list(string)
  default     = []
}

variable "nat" {
  description = "Whether the nodes get Cloud NAT. Without it they pull through the remote repositories alone."
  type        = bool
  default     = true
}

variable "machine_type" {
  description = "The machine type of the nodes."
  type        = string
  default     = "e2-standard-4"
}

variable "node_count" {
  description = "The nodes of the pool in each zone."
  type        = number
  default     = 1
}
