terraform {
  required_version = ">= 1.8"

  required_providers {
    gkepreflight = {
      source  = "gkepreflight/gkepreflight"
      version = "~> 0.1"
    }
  }
}

# The block may be left out. The gate and the functions need no credentials.
provider "gkepreflight" {
  # Data sources take credentials, project and region as the google provider does, from here or from the same environment variables.
  project = "my-project"
  region  = "europe-west4"

  # "warn" reports and stops nothing. The environment variable GKEPREFLIGHT_ENFORCEMENT wins over it.
  enforcement = "error"
}
