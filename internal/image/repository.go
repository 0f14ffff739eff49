package image

import "strings"

// Repository is the Artifact Registry repository behind an image.
type Repository struct{ Project, Location, Name string }

// legacy are the hosts of Container Registry, whose images Artifact Registry serves from repositories of these names and locations
// (Artifact Registry documentation, "Transition from Container Registry").
var legacy = map[string]string{"gcr.io": "us", "us.gcr.io": "us", "eu.gcr.io": "europe", "asia.gcr.io": "asia"}

// public are projects of Google whose images everybody may read.
var public = map[string]bool{"cloudrun": true, "gke-release": true, "google-samples": true, "k8s-artifacts-prod": true, "distroless": true,
	"google-containers": true, "google_containers": true, "cloud-builders": true, "kaniko-project": true, "google.com:cloudsdktool": true, "cloud-marketplace": true,
	"istio-release": true, "knative-releases": true, "tekton-releases": true, "artifact-registry-docker-cache": true, "cloudsql-docker": true,
	"cloud-sql-connectors": true, "stackdriver-agents-public": true, "gke-on-prem-release": true}

// Repository finds the repository that serves the image, and whether there is one that rights could be asked of: mirror.gcr.io, GKE's own hosts and
// Google's public projects are open to everybody.
func (r Reference) Repository() (Repository, bool) {
	if r.Class != Google {
		return Repository{}, false
	}
	parts := strings.Split(r.Path, "/")
	project := parts[0]
	rest := parts[1:]
	if strings.Contains(project, ".") && len(rest) > 0 {
		project, rest = project+":"+rest[0], rest[1:] // a domain-scoped project
	}
	if public[project] {
		return Repository{}, false
	}
	host := hostname(r.Host)
	if location, known := legacy[host]; known {
		return Repository{project, location, host}, true
	}
	location, docker := strings.CutSuffix(host, "-docker.pkg.dev")
	if !docker || len(rest) < 2 {
		return Repository{}, false
	}
	return Repository{project, location, rest[0]}, true
}

func (r Repository) String() string {
	return "projects/" + r.Project + "/locations/" + r.Location + "/repositories/" + r.Name
}
