package asset

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// object is a Kubernetes object without its status and the notes of who managed which field, which are most of it.
type object struct {
	APIVersion string         `json:"apiVersion,omitempty"`
	Kind       string         `json:"kind,omitempty"`
	Metadata   metadata       `json:"metadata"`
	Spec       jsontext.Value `json:"spec,omitempty"`
}

type metadata struct {
	Namespace       string            `json:"namespace,omitempty"`
	Name            string            `json:"name,omitempty"`
	OwnerReferences []reference       `json:"ownerReferences,omitempty"`
	Annotations     map[string]string `json:"annotations,omitempty"`
}

type reference struct {
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	Controller bool   `json:"controller"`
}

// groups are the API versions behind the asset types, whose group is that of Kubernetes with a suffix.
var groups = map[string]string{"k8s.io": "v1", "apps.k8s.io": "apps/v1", "batch.k8s.io": "batch/v1"}

// workload reads what runs in a cluster. What is owned by a controller that was read already is not even taken apart.
func (r *reader) workload(l *line) error {
	cluster, found := r.clusterOf(l.name)
	if !found {
		return nil // a cluster outside Google Cloud
	}
	var o struct {
		object
		Status struct {
			Phase string `json:"phase"`
		} `json:"status"`
	}
	if err := json.Unmarshal(l.data, &o, options); err != nil {
		return worded(err)
	}
	if o.Status.Phase == "Succeeded" || o.Status.Phase == "Failed" {
		return nil // it pulls nothing any more
	}
	var owner googlecloud.Owner
	for _, ref := range o.Metadata.OwnerReferences {
		if ref.Controller {
			owner = googlecloud.Owner{Kind: ref.Kind, Name: ref.Name}
		}
	}
	group, kind, _ := strings.Cut(l.kind, "/")
	if owner.Name != "" && r.inventory.Controlled(cluster, o.Metadata.Namespace, kind, o.Metadata.Name, owner) {
		return nil
	}
	lean, err := json.Marshal(o.object, options)
	if err != nil {
		return err
	}
	return r.inventory.Workload(l.name, cluster, owner, groups[group], kind, lean)
}

// clusterOf is the cluster in the name of an object that runs in it.
func (r *reader) clusterOf(name string) (topology.ID, bool) {
	at, _, inside := strings.Cut(name, "/k8s/")
	path, gke := strings.CutPrefix(at, "//container.googleapis.com/projects/")
	parts := strings.Split(path, "/")
	if !inside || !gke || len(parts) != 5 || parts[3] != "clusters" {
		return "", false
	}
	return topology.Identify("google_container_cluster", r.idOf(parts[0]), parts[2], parts[4]), true
}
