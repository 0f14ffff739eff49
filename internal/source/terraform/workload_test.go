package terraform

import (
	"slices"
	"testing"
)

// Images of the kubernetes provider's workloads, joined to the cluster their provider is configured with.
func TestWorkloads(t *testing.T) {
	pod := func(image any) []any {
		return one(object{"container": one(object{"name": "c", "image": image, "env": one(object{"value": "hunter2"})}), "init_container": one(object{"name": "i", "image": "busybox"})})
	}
	deployment := func(image any) object {
		return object{"spec": one(object{"template": one(object{"spec": pod(image)})})}
	}
	providers := object{"kubernetes": object{"expressions": object{"host": refs("google_container_cluster.c.endpoint", "google_container_cluster.c")}},
		"kubernetes.literal": object{"expressions": object{"host": constant("https://10.0.0.2")}}}
	cluster := clusterAt("google_container_cluster.c", object{})
	for _, c := range []struct {
		name, address, provider string
		after, unknown, config  object
		images                  []string
		registry, why           string
	}{
		{name: "a deployment", address: "kubernetes_deployment_v1.d", provider: "kubernetes", after: deployment("nginx:1.27"), images: []string{"nginx:1.27", "busybox"}},
		{name: "a cron job", address: "kubernetes_cron_job_v1.d", provider: "kubernetes", after: object{"spec": one(object{"job_template": one(deployment("nginx"))})}, images: []string{"nginx", "busybox"}},
		{name: "a pod", address: "kubernetes_pod.d", provider: "kubernetes", after: object{"spec": pod("nginx")}, images: []string{"nginx", "busybox"}},
		{name: "a provider with a literal host", address: "kubernetes_pod.d", provider: "kubernetes.literal", after: object{"spec": pod("nginx")}, images: []string{"nginx", "busybox"}, why: "does not lead to one cluster"},
		{name: "a provider that is not told", address: "kubernetes_pod.d", provider: "kubernetes.none", after: object{"spec": pod("nginx")}, images: []string{"nginx", "busybox"}, why: "is not told"},
		{name: "a repository that is created too", address: "kubernetes_deployment_v1.d", provider: "kubernetes",
			after:   object{"spec": one(object{"template": one(object{"spec": one(object{"container": one(object{"name": "c"})})})})},
			unknown: object{"spec": one(object{"template": one(object{"spec": one(object{"container": one(object{"image": true})})})})},
			config:  object{"spec": one(object{"template": one(object{"spec": one(object{"container": one(object{"image": refs("google_artifact_registry_repository.r.name", "google_artifact_registry_repository.r")})})})})},
			images:  []string{"?"}, registry: "pkg.dev"},
		{name: "no image", address: "kubernetes_pod.d", provider: "kubernetes", after: object{"spec": pod(nil)}, images: []string{"busybox"}},
		{name: "no specification", address: "kubernetes_pod.d", provider: "kubernetes", after: object{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.config == nil {
				c.config = object{}
			}
			b := build{providers: providers, resources: []resource{cluster, {address: c.address, provider: c.provider, after: c.after, unknown: c.unknown, config: c.config},
				{address: "google_artifact_registry_repository.r", after: object{"repository_id": "r", "project": "p", "location": "r1"}, unknown: object{"name": true}, config: object{}}}}
			f := b.read(t).After
			var got []string
			for _, use := range f.Images {
				got = append(got, use.Ref.Or("?"))
				if use.From != c.address || use.Declared {
					t.Errorf("the use is %+v", use)
				}
				if c.why != "" {
					unknown(t, "cluster", use.Cluster, c.why)
				} else {
					is(t, "cluster", use.Cluster, f.Clusters[0].ID)
				}
			}
			if !slices.Equal(got, c.images) {
				t.Errorf("images are %v, want %v", got, c.images)
			}
			if len(got) > 0 && f.Images[0].Registry != c.registry {
				t.Errorf("registry is %q", f.Images[0].Registry)
			}
		})
	}
}

// The ConfigMap of ip-masq-agent says towards which destinations pods keep their address.
func TestMasquerades(t *testing.T) {
	for _, c := range []struct {
		name, object, config string
		want                 []string
		why                  string
		none                 bool
	}{
		{name: "a list", object: "ip-masq-agent", config: "nonMasqueradeCIDRs:\n- 0.0.0.0/0\nresyncInterval: 60s\n", want: []string{"0.0.0.0/0"}},
		{name: "JSON", object: "ip-masq-agent", config: `{"nonMasqueradeCIDRs":["10.0.0.0/8"]}`, want: []string{"10.0.0.0/8"}},
		{name: "no list", object: "ip-masq-agent", config: "masqLinkLocal: true"},
		{name: "no YAML", object: "ip-masq-agent", config: "\t{", why: "is no YAML"},
		{name: "another list", object: "ip-masq-agent", config: "nonMasqueradeCIDRs: {a: 1}", why: "is no YAML"},
		{name: "another ConfigMap", object: "settings", config: "nonMasqueradeCIDRs: []", none: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := build{resources: []resource{{address: "kubernetes_config_map_v1.m", config: object{},
				after: object{"metadata": one(object{"name": c.object, "namespace": "kube-system"}), "data": object{"config": c.config}}}}}
			list := b.read(t).After.Masquerades
			switch {
			case c.none:
				if len(list) != 0 {
					t.Errorf("read %+v", list)
				}
			case len(list) != 1:
				t.Fatalf("%d configurations", len(list))
			case c.why != "":
				unknown(t, "destinations", list[0].KeepsFor, c.why)
			default:
				if got, known := list[0].KeepsFor.Get(); !known || !slices.Equal(got, c.want) {
					t.Errorf("destinations are %v", got)
				}
			}
		})
	}
}
