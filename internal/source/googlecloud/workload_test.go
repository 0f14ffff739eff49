package googlecloud

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const (
	where   = "//container.googleapis.com/projects/p/locations/europe-west4/clusters/c/k8s/namespaces/shop/"
	podSpec = `{"containers":[{"name":"web","image":"%s","imagePullPolicy":"IfNotPresent"}],"serviceAccountName":"web","imagePullSecrets":[{"name":"hub"}]}`
)

func templated(image string) string {
	return `{"replicas":2,"selector":{},"template":{"spec":` + fmt.Sprintf(podSpec, image) + `}}`
}

// run adds an object to a cluster as an export has it.
func run(t *testing.T, v *Inventory, kind, name, spec string, owner Owner) {
	t.Helper()
	version := map[string]string{"Pod": "v1", "Job": "batch/v1"}[kind]
	if version == "" {
		version = "apps/v1"
	}
	object := fmt.Sprintf(`{"metadata":{"namespace":"shop","name":%q},"spec":%s}`, name, spec)
	cluster := topology.Identify("google_container_cluster", "p", "europe-west4", "c")
	if err := v.Workload(where+strings.ToLower(kind)+"s/"+name, cluster, owner, version, kind, []byte(object)); err != nil {
		t.Fatal(err)
	}
}

func imagesOf(v *Inventory) []string {
	var out []string
	for _, u := range v.Facts().Images {
		out = append(out, strings.TrimPrefix(u.From, where)+" "+u.Ref.Or(""))
	}
	slices.Sort(out)
	return out
}

// What a controller made tells nothing new, unless its controller is not there; the order does not matter.
func TestOwnedWorkloads(t *testing.T) {
	v := New("export")
	pod := fmt.Sprintf(podSpec, "web:1")
	run(t, v, "Pod", "web-1-a", pod, Owner{"ReplicaSet", "web-1"})
	run(t, v, "ReplicaSet", "web-1", templated("web:1"), Owner{"Deployment", "web"})
	run(t, v, "Deployment", "web", templated("web:1"), Owner{})
	run(t, v, "Pod", "orphan", fmt.Sprintf(podSpec, "orphan:1"), Owner{"Workflow", "w"})
	run(t, v, "Pod", "alone", fmt.Sprintf(podSpec, "alone:1"), Owner{})
	run(t, v, "Job", "once", templated("job:1"), Owner{"CronJob", "nightly"})
	cluster := topology.Identify("google_container_cluster", "p", "europe-west4", "c")
	if !v.Controlled(cluster, "shop", "Pod", "b", Owner{"ReplicaSet", "web-1"}) || v.Controlled(cluster, "other", "Pod", "b", Owner{"ReplicaSet", "web-1"}) {
		t.Error("a controller is known in its own namespace")
	}
	// A replica set that is passed over because of its deployment controls its pods all the same.
	if !v.Controlled(cluster, "shop", "ReplicaSet", "web-2", Owner{"Deployment", "web"}) || !v.Controlled(cluster, "shop", "Pod", "c", Owner{"ReplicaSet", "web-2"}) {
		t.Error("what was passed over is there")
	}
	want := []string{"deployments/web web:1", "jobs/once job:1", "pods/alone alone:1", "pods/orphan orphan:1"}
	if diff := cmp.Diff(want, imagesOf(v)); diff != "" {
		t.Error(diff)
	}
}

func TestWorkloadImages(t *testing.T) {
	v := New("export")
	run(t, v, "Deployment", "web", templated("docker.io/library/nginx:1.27"), Owner{})
	u := v.Facts().Images[0]
	if u.Declared || u.Inferred || u.Cluster.Or("") != topology.Identify("google_container_cluster", "p", "europe-west4", "c") {
		t.Errorf("%+v: a workload's image is found, in its cluster", u)
	}
	if u.From != where+"deployments/web" || u.Object.Address != u.From || u.Namespace != "shop" || u.Account != "web" || u.Replicas != 2 ||
		u.Policy != "IfNotPresent" || !slices.Equal(u.Secrets, []string{"hub"}) {
		t.Errorf("%+v", u)
	}
}

func TestWorkloadRefuses(t *testing.T) {
	v := New("export")
	if err := v.Workload("pod", "c", Owner{}, "v1", "Pod", []byte(`{"spec":{"containers":"none"}}`)); err == nil {
		t.Error("a list that is a string is an error")
	}
	if len(v.Facts().Images) != 0 {
		t.Error("and tells of no image")
	}
}
