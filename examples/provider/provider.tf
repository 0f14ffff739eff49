terraform {
  required_version = ">= 1.8"

  required_providers {
    gkepreflight = {
      source  = "gkepreflight/gkepreflight"
      version = "~> 0.1"
    }
  }
}

# The block may be left out: there are no credentials to give.
provider "gkepreflight" {
  # "warn" reports and stops nothing. The environment variable GKEPREFLIGHT_ENFORCEMENT wins over it.
  enforcement = "error"
}
