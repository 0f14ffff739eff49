terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    google = {
      source = "hashicorp/google"
    }
    gkepreflight = {
      source  = "gkepreflight/gkepreflight"
      version = "~> 0.1"
    }
  }
}
