package asset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// runs is the asset of a Kubernetes object in a cluster.
func runs(kind, plural, name, data string) string {
	return one(container+"/k8s/namespaces/shop/"+plural+"/"+name, kind, data)
}

// made is an object with a specification and an owner, as the API server tells of it.
func made(name, owner, spec, phase string) string {
	return fmt.Sprintf(`{"metadata":{"name":%q,"namespace":"shop","ownerReferences":[%s]},"spec":%s,"status":{"phase":%q}}`, name, owner, spec, phase)
}

func ownedBy(kind, name string) string {
	return fmt.Sprintf(`{"kind":"Node","name":"n1"},{"kind":%q,"name":%q,"controller":true}`, kind, name)
}

const (
	containers = `{"containers":[{"name":"web","image":"quay.io/org/app:1"}]}`
	template   = `{"template":{"spec":` + containers + `}}`
)

// pulled lists the images of facts with what pulls them.
func pulled(f topology.Facts) []string {
	out := []string{}
	for _, u := range f.Images {
		out = append(out, fmt.Sprintf("%s %s %s of %s", u.Cluster.Or("?"), u.Object.Kind, u.Ref.Or("?"), u.From))
	}
	slices.Sort(out)
	return out
}

// Every kind of workload that an export holds tells its images, by the group that the type of the asset gives.
func TestWorkloadKinds(t *testing.T) {
	for _, tc := range []struct{ kind, plural, spec string }{
		{"k8s.io/Pod", "pods", containers},
		{"k8s.io/ReplicationController", "replicationcontrollers", template},
		{"apps.k8s.io/Deployment", "deployments", template},
		{"apps.k8s.io/StatefulSet", "statefulsets", template},
		{"apps.k8s.io/DaemonSet", "daemonsets", template},
		{"apps.k8s.io/ReplicaSet", "replicasets", template},
		{"batch.k8s.io/Job", "jobs", template},
		{"batch.k8s.io/CronJob", "cronjobs", `{"jobTemplate":{"spec":` + template + `}}`},
	} {
		t.Run(tc.kind, func(t *testing.T) {
			f, notes := read(t, export(t, "assets.json", theProject, runs(tc.kind, tc.plural, "web", made("web", "", tc.spec, ""))))
			if len(f.Images) != 1 || len(notes) != 0 {
				t.Fatalf("%q, notes %q", pulled(f), notes)
			}
			u := f.Images[0]
			if u.Cluster.Or("") != "google_container_cluster/shop/europe-west4/c" || u.Ref.Or("") != "quay.io/org/app:1" || u.From != container+"/k8s/namespaces/shop/"+tc.plural+"/web" || u.Namespace != "shop" {
				t.Errorf("%+v", u)
			}
			// The field that says so is enough: a line that is not read as the object it is tells nothing.
			f, notes = read(t, export(t, "assets.json", theProject, runs(tc.kind, tc.plural, "web", `{"metadata":7}`)))
			if len(f.Images) != 0 || len(notes) != 1 || !strings.Contains(notes[0], "/"+tc.plural+"/web could not be read (") {
				t.Errorf("%q, notes %q", pulled(f), notes)
			}
		})
	}
}

// What is owned tells nothing beside its owner, and what has ended pulls nothing any more.
func TestWorkloadsThatCount(t *testing.T) {
	deployment := runs("apps.k8s.io/Deployment", "deployments", "web", made("web", "", template, ""))
	replicas := runs("apps.k8s.io/ReplicaSet", "replicasets", "web-1", made("web-1", ownedBy("Deployment", "web"), template, ""))
	ofReplicas := runs("k8s.io/Pod", "pods", "web-1-x", made("web-1-x", ownedBy("ReplicaSet", "web-1"), containers, "Running"))
	alone := func(phase string) string {
		return runs("k8s.io/Pod", "pods", "once", made("once", "", containers, phase))
	}
	attached := runs("k8s.io/Pod", "pods", "once", made("once", `{"kind":"ReplicaSet","name":"web-1"}`, containers, "Running"))
	elsewhere := strings.ReplaceAll(ofReplicas, "clusters/c/", "clusters/d/")
	outside := strings.ReplaceAll(deployment, "//container.googleapis.com/projects/shop/locations/europe-west4/clusters/c", "//gkehub.googleapis.com/projects/shop/locations/global/memberships/onprem")
	zonal := strings.ReplaceAll(deployment, "clusters/c/k8s", "clusters/c/more/k8s")
	notInside := strings.ReplaceAll(deployment, "/k8s/namespaces", "/namespaces")
	for _, tc := range []struct {
		name  string
		lines []string
		want  []string // the last part of what pulls
	}{
		{"a controller and what it made", []string{deployment, replicas, ofReplicas}, []string{"deployments/web"}},
		{"what was made comes first", []string{ofReplicas, replicas, deployment}, []string{"deployments/web"}},
		{"the controller was not exported", []string{ofReplicas, replicas}, []string{"replicasets/web-1"}},
		{"only a pod was", []string{ofReplicas}, []string{"pods/web-1-x"}},
		{"a pod of another cluster", []string{replicas, elsewhere}, []string{"pods/web-1-x", "replicasets/web-1"}},
		{"an owner that is no controller", []string{replicas, attached}, []string{"pods/once", "replicasets/web-1"}},
		{"the same line twice", []string{deployment, deployment}, []string{"deployments/web"}},
		{"a pod that runs", []string{alone("Running")}, []string{"pods/once"}},
		{"a pod that waits", []string{alone("Pending")}, []string{"pods/once"}},
		{"a pod that is done", []string{alone("Succeeded")}, nil},
		{"a pod that failed", []string{alone("Failed")}, nil},
		{"a cluster outside Google Cloud", []string{outside}, nil},
		{"a name of another form", []string{zonal}, nil},
		{"a name that leads into no cluster", []string{notInside}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, notes := read(t, export(t, "assets.json", append([]string{theProject}, tc.lines...)...))
			var got []string
			for _, u := range f.Images {
				got = append(got, u.From[strings.Index(u.From, "/shop/")+1:])
			}
			for i := range got {
				got[i] = got[i][strings.LastIndex(got[i], "namespaces/shop/")+len("namespaces/shop/"):]
			}
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" || len(notes) != 0 {
				t.Errorf("%s%q", diff, notes)
			}
		})
	}
}

// The account that a pool names as default is the project's own, under the address that its Compute Engine tells, or that follows from its number.
func TestDefaultAccounts(t *testing.T) {
	const kind = "compute.googleapis.com/Project"
	unnamed := strings.Replace(theCluster, `"serviceAccount":"nodes@shop.iam.gserviceaccount.com"`, `"serviceAccount":"default"`, 1)
	for _, tc := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"nobody tells the project", []string{strings.Replace(unnamed, "projects/700", "folders/7", 2)}, ""},
		{"its number", []string{unnamed, theProject}, "700-compute@developer.gserviceaccount.com"},
		{"its number as a number", []string{unnamed, strings.Replace(theProject, `"projectNumber":"700"`, `"projectNumber":700`, 1)}, "700-compute@developer.gserviceaccount.com"},
		{"its number in its name alone", []string{unnamed, strings.Replace(theProject, `,"projectNumber":"700"`, "", 1)}, "700-compute@developer.gserviceaccount.com"},
		{"its ancestors", []string{unnamed}, "700-compute@developer.gserviceaccount.com"},
		{"Compute Engine", []string{unnamed, theProject, one("//compute.googleapis.com/projects/shop", kind, `{"name":"shop","id":"42","defaultServiceAccount":"own@example.com"}`)}, "own@example.com"},
		{"Compute Engine, by the name of the asset", []string{unnamed, theProject, one("//compute.googleapis.com/projects/shop", kind, `{"defaultServiceAccount":"own@example.com"}`)}, "own@example.com"},
		{"Compute Engine before the number", []string{one("//compute.googleapis.com/projects/shop", kind, `{"name":"shop","defaultServiceAccount":"own@example.com"}`), theProject, unnamed}, "own@example.com"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, _ := read(t, export(t, "assets.json", tc.lines...))
			if len(f.Clusters) != 1 || len(f.Clusters[0].Pools) != 1 {
				t.Fatalf("%+v", f.Clusters)
			}
			if got := f.Clusters[0].Pools[0].ServiceAccount.Or("?"); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
	f, notes := read(t, export(t, "assets.json", one("//compute.googleapis.com/projects/shop", kind, `{"name":7}`)))
	if len(notes) != 1 || len(f.Readings) != 1 || f.Readings[0].Refused == "" || f.Readings[0].Collection != topology.Networks {
		t.Errorf("notes %q, readings %+v", notes, f.Readings)
	}
}

// A pool that has a line of its own belongs to its cluster, wherever the line stands; without the cluster it is nobody's.
func TestPools(t *testing.T) {
	pool := one(container+"/nodePools/extra", "container.googleapis.com/NodePool", `{"name":"extra","config":{"serviceAccount":"extra@shop.iam.gserviceaccount.com"}}`)
	broken := one(container+"/nodePools/extra", "container.googleapis.com/NodePool", `{"name":7}`)
	want := []string{"google_container_node_pool/shop/europe-west4/c/extra as extra@shop.iam.gserviceaccount.com", "google_container_node_pool/shop/europe-west4/c/main as nodes@shop.iam.gserviceaccount.com"}
	for _, tc := range []struct {
		name  string
		lines []string
		want  []string
		notes int
	}{
		{"after its cluster", []string{theCluster, pool}, want, 0},
		{"before its cluster", []string{pool, theCluster}, want, 0},
		{"twice", []string{pool, theCluster, pool}, want, 0},
		{"alone", []string{pool}, []string{}, 0},
		{"broken", []string{theCluster, broken}, want[1:], 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, notes := read(t, export(t, "assets.json", append([]string{theProject}, tc.lines...)...))
			if diff := cmp.Diff(tc.want, held(f)); diff != "" || len(notes) != tc.notes {
				t.Errorf("%s%q", diff, notes)
			}
		})
	}
}
