package terraform

import (
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/protobuf/proto"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// over reads a plan that a test built over what exists.
func (b build) over(t *testing.T, existing topology.Facts) Reading {
	t.Helper()
	doc, err := readDocument(strings.NewReader(b.json(t)), "plan.json")
	if err != nil {
		t.Fatal(err)
	}
	var r Reading
	r.lay(nil, existing, []layer{layerOf(doc)})
	return r
}

// A workload of a plan is the one that runs under its name, whose images it replaces; others run on.
func TestWorkloadsUnderAPlan(t *testing.T) {
	const cluster topology.ID = "google_container_cluster/p/r1/c"
	running := func() topology.Facts {
		v := googlecloud.New("live")
		for _, at := range []struct {
			cluster               topology.ID
			namespace, kind, name string
		}{{cluster, "shop", "Deployment", "web"}, {cluster, "shop", "StatefulSet", "web"}, {cluster, "default", "Deployment", "web"}, {cluster, "shop", "CronJob", "web"},
			{cluster, "kube-system", "DaemonSet", "web"}, {"google_container_cluster/p/r1/other", "shop", "Deployment", "web"}} {
			pod := `{"spec":{"containers":[{"name":"c","image":"old/` + strings.ToLower(at.kind) + `:` + at.namespace + `"}]}}`
			spec := `{"template":` + pod + `}`
			if at.kind == "CronJob" {
				spec = `{"jobTemplate":{"spec":` + spec + `}}`
			}
			text := `{"metadata":{"name":"` + at.name + `","namespace":"` + at.namespace + `"},"spec":` + spec + `}`
			version := map[string]string{"CronJob": "batch/v1"}[at.kind]
			if version == "" {
				version = "apps/v1"
			}
			if err := v.Workload("//"+string(at.cluster)+at.namespace+at.kind, at.cluster, googlecloud.Owner{}, version, at.kind, []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		return v.Facts()
	}
	metadata := func(namespace any) []any { return one(object{"name": "web", "namespace": namespace}) }
	template := func(image string) []any {
		return one(object{"template": one(object{"spec": one(object{"container": one(object{"name": "c", "image": image})})})})
	}
	all := []string{"old/cronjob:shop", "old/daemonset:kube-system", "old/deployment:default", "old/deployment:shop", "old/deployment:shop", "old/statefulset:shop"}
	but := func(gone string, more ...string) []string {
		list := slices.Clone(all)
		if i := slices.Index(list, gone); i >= 0 {
			list = slices.Delete(list, i, i+1)
		}
		list = append(list, more...)
		slices.Sort(list)
		return list
	}
	manifest := object{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": object{"name": "web", "namespace": "shop"},
		"spec": object{"template": object{"spec": object{"containers": one(object{"name": "c", "image": "new"})}}}}
	for _, c := range []struct {
		name, address string
		before, after object
		unknown       object
		want          []string
	}{
		{"a deployment", "kubernetes_deployment_v1.w", nil, object{"metadata": metadata("shop"), "spec": template("new")}, nil, but("old/deployment:shop", "new")},
		{"in the default namespace", "kubernetes_deployment.w", nil, object{"metadata": metadata(nil), "spec": template("new")}, nil, but("old/deployment:default", "new")},
		{"a stateful set", "kubernetes_stateful_set_v1.w", nil, object{"metadata": metadata("shop"), "spec": template("new")}, nil, but("old/statefulset:shop", "new")},
		{"a daemon set by its older name", "kubernetes_daemonset.w", nil, object{"metadata": metadata("kube-system"), "spec": template("new")}, nil, but("old/daemonset:kube-system", "new")},
		{"a cron job", "kubernetes_cron_job_v1.w", nil, object{"metadata": metadata("shop"), "spec": one(object{"job_template": one(object{"spec": template("new")})})}, nil, but("old/cronjob:shop", "new")},
		{"a manifest", "kubernetes_manifest.w", nil, object{"manifest": manifest}, nil, but("old/deployment:shop", "new")},
		// A plan does not tell where what it destroys ran: what runs stays, lest another cluster's workload goes in its place.
		{"destroyed", "kubernetes_deployment_v1.w", object{"metadata": metadata("shop"), "spec": template("old/deployment:shop")}, nil, nil, all},
		{"in a namespace that apply tells", "kubernetes_deployment_v1.w", nil, object{"metadata": one(object{"name": "web"}), "spec": template("new")},
			object{"metadata": one(object{"namespace": true})}, but("", "new")},
	} {
		t.Run(c.name, func(t *testing.T) {
			actions := []string{"create"}
			if c.after == nil {
				actions = []string{"delete"}
			}
			b := build{providers: object{"kubernetes": object{"expressions": object{"host": refs("google_container_cluster.c.endpoint", "google_container_cluster.c")}}},
				resources: []resource{{address: "google_container_cluster.c", actions: []string{"no-op"}, before: object{"name": "c", "project": "p", "location": "r1"},
					after: object{"name": "c", "project": "p", "location": "r1"}, config: object{}},
					{address: c.address, actions: actions, provider: "kubernetes", before: c.before, after: c.after, unknown: c.unknown, config: object{}}}}
			var got []string
			for _, u := range b.over(t, running()).After.Images {
				got = append(got, u.Ref.Or("?"))
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %v\nwant %v", got, c.want)
			}
		})
	}
}

// An object whose name is sensitive is the existing one of that name, and not counted beside it; no report shows the name.
func TestHiddenObjectsUnderAPlan(t *testing.T) {
	const compute = "https://www.googleapis.com/compute/v1/projects/p/"
	v := googlecloud.New("live")
	router := &computepb.Router{Name: proto.String("r"), SelfLink: proto.String(compute + "regions/r1/routers/r"), Network: proto.String(compute + "global/networks/vpc")}
	for _, name := range []string{"hunter2", "other"} {
		router.Nats = append(router.Nats, &computepb.RouterNat{Name: proto.String(name), SourceSubnetworkIpRangesToNat: proto.String(topology.AllRanges)})
	}
	v.Router(router)
	live := v.Facts()
	values := func(mode string) object {
		return object{"name": "hunter2", "project": "p", "region": "r1", "router": "r", "source_subnetwork_ip_ranges_to_nat": mode}
	}
	for _, c := range []struct {
		name    string
		actions []string
		after   object
		want    string
	}{
		{"changed", []string{"update"}, values(topology.AllPrimaryRanges), "(sensitive) " + topology.AllPrimaryRanges + ", other " + topology.AllRanges},
		{"as it is", []string{"no-op"}, values(topology.AllRanges), "(sensitive) " + topology.AllRanges + ", other " + topology.AllRanges},
		{"destroyed", []string{"delete"}, nil, "other " + topology.AllRanges},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := build{resources: []resource{{address: "google_compute_router_nat.n", actions: c.actions, before: values(topology.AllRanges), after: c.after,
				sensitive: object{"name": true}, config: object{}}}}.over(t, live)
			var got []string
			for _, n := range r.After.NATs {
				got = append(got, n.Name+" "+n.Mode.Or("?"))
			}
			slices.Sort(got)
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
			if c.after != nil && len(leaks(r.After, "hunter2")) > 0 {
				t.Errorf("the name stands in %v", leaks(r.After, "hunter2"))
			}
		})
	}
}
