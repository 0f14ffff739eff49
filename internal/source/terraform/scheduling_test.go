package terraform

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// onePod reads a pod of a specification, beside other resources, and gives the use of its image.
func onePod(t *testing.T, spec object, others ...resource) *topology.ImageUse {
	t.Helper()
	spec["container"] = one(object{"name": "c", "image": "quay.io/org/app:1"})
	providers := object{"kubernetes": object{"expressions": object{"host": refs("google_container_cluster.c.endpoint", "google_container_cluster.c")}}}
	list := append([]resource{clusterAt("google_container_cluster.c", object{}), {address: "kubernetes_pod.p", provider: "kubernetes", config: object{},
		after: object{"metadata": one(object{"name": "p", "namespace": "apps"}), "spec": one(spec)}}}, others...)
	return build{providers: providers, resources: list}.read(t).After.Images[0]
}

func TestPodScheduling(t *testing.T) {
	affinity := func(terms ...any) object {
		return object{"affinity": one(object{"node_affinity": one(object{"required_during_scheduling_ignored_during_execution": one(object{"node_selector_term": terms})})})}
	}
	term := func(key, operator string, values ...any) object {
		return object{"match_expressions": one(object{"key": key, "operator": operator, "values": values})}
	}
	for name, tc := range map[string]struct {
		spec object
		want map[string]string
	}{
		"nothing":               {object{}, nil},
		"a selector":            {object{"node_selector": object{"team": "a"}}, map[string]string{"team": "a"}},
		"affinity to one value": {affinity(term("team", "In", "a")), map[string]string{"team": "a"}},
		"affinity to two":       {affinity(term("team", "In", "a", "b")), nil},
		"affinity away":         {affinity(term("team", "NotIn", "a")), nil},
		"alternatives":          {affinity(term("team", "In", "a"), term("team", "In", "b")), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, onePod(t, tc.spec).NodeSelector); diff != "" {
				t.Error(diff)
			}
		})
	}
	u := onePod(t, object{"toleration": []any{object{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}, object{"key": "team", "value": "a"}, object{"operator": "Exists"}}})
	if diff := cmp.Diff([]string{"gpu:NoSchedule", "team=a", "*"}, u.Tolerations); diff != "" || !u.TolerationsTold {
		t.Errorf("told %v %s", u.TolerationsTold, diff)
	}
	if u := onePod(t, object{}); !u.TolerationsTold || len(u.Tolerations) > 0 {
		t.Errorf("none are written, so none there are: %+v", u)
	}
}

// Service accounts lend their pull secrets to pods of their namespace that name none.
func TestLentSecrets(t *testing.T) {
	account := func(typ, namespace, name string) resource {
		return resource{address: typ + ".a", provider: "kubernetes", config: object{},
			after: object{"metadata": one(object{"name": name, "namespace": namespace}), "image_pull_secret": one(object{"name": "lent"})}}
	}
	puller := object{"service_account_name": "puller"}
	for name, tc := range map[string]struct {
		spec    object
		account resource
		want    []string
	}{
		"its account":                     {puller, account("kubernetes_service_account", "apps", "puller"), []string{"lent"}},
		"the default account":             {object{}, account("kubernetes_default_service_account_v1", "apps", "default"), []string{"lent"}},
		"another account":                 {puller, account("kubernetes_service_account_v1", "apps", "other"), nil},
		"an account of another namespace": {puller, account("kubernetes_service_account_v1", "other", "puller"), nil},
		"its own come first":              {object{"service_account_name": "puller", "image_pull_secrets": one(object{"name": "own"})}, account("kubernetes_service_account", "apps", "puller"), []string{"own"}},
	} {
		t.Run(name, func(t *testing.T) {
			spec := object{}
			for k, v := range tc.spec {
				spec[k] = v
			}
			u := onePod(t, spec, tc.account)
			if diff := cmp.Diff(tc.want, u.Secrets); diff != "" || u.SecretsLent != (len(tc.want) > 0 && tc.want[0] == "lent") {
				t.Errorf("lent %v %s", u.SecretsLent, diff)
			}
		})
	}
}

// Of a pull secret its registries are read, and what is wrong with it; never what is in it.
func TestPullSecrets(t *testing.T) {
	const docker, older = "kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"
	const config = `{"auths":{"quay.io":{"auth":"aHVudGVyMjpodW50ZXIy"},"docker.io":{"username":"hunter2"}}}`
	for name, tc := range map[string]struct {
		after     object
		keys      []string
		complaint string
		why       string
	}{
		"auths":                {object{"type": docker, "data": object{".dockerconfigjson": config}}, []string{"docker.io", "quay.io"}, "", ""},
		"the older form":       {object{"type": older, "data": object{".dockercfg": `{"quay.io":{"password":"hunter2"}}`}}, []string{"quay.io"}, "", ""},
		"in base64":            {object{"type": docker, "binary_data": object{".dockerconfigjson": "eyJhdXRocyI6eyJxdWF5LmlvIjp7fX19"}}, []string{"quay.io"}, "", ""},
		"no JSON":              {object{"type": docker, "data": object{".dockerconfigjson": "hunter2"}}, nil, "not the JSON of a docker configuration", ""},
		"no registry":          {object{"type": docker, "data": object{".dockerconfigjson": `{"credHelpers":{"quay.io":"hunter2"}}`}}, nil, "names no registry", ""},
		"under another key":    {object{"type": docker, "data": object{"config.json": config}}, nil, "has no key .dockerconfigjson", ""},
		"written only":         {object{"type": docker, "data_wo_revision": 1}, nil, "", topology.KnownAfterApply},
		"no data that is told": {object{"type": docker}, nil, "", topology.KnownAfterApply},
		"of another type":      {object{"type": "Opaque", "data": object{".dockerconfigjson": config}}, nil, "", topology.KnownAfterApply},
	} {
		t.Run(name, func(t *testing.T) {
			tc.after["metadata"] = one(object{"name": "s", "namespace": "apps"})
			f := build{resources: []resource{{address: "kubernetes_secret.s", after: tc.after, sensitive: object{"data": true, "binary_data": true}, config: object{}}}}.read(t).After
			s := f.Secrets[0]
			if s.Name != "s" || s.Namespace != "apps" {
				t.Errorf("it is %s of %s", s.Name, s.Namespace)
			}
			if got := s.Keys.Or(nil); cmp.Diff(tc.keys, got) != "" || tc.why != "" && s.Keys.Known() {
				t.Errorf("keys %v, %s", got, s.Keys.Why())
			}
			if (tc.complaint == "") != (s.Complaint == "") || !strings.Contains(s.Complaint, tc.complaint) {
				t.Errorf("complaint %q, want %q", s.Complaint, tc.complaint)
			}
			if found := leaks(f, "hunter2"); len(found) > 0 {
				t.Error(found)
			}
		})
	}
}

// What containerd_config and taints say of a pool; the cluster's default stands where the pool says nothing.
func TestPoolSettings(t *testing.T) {
	config := func(server string, hosts ...string) []any {
		var list []any
		for _, h := range hosts {
			list = append(list, object{"host": h, "header": one(object{"key": "Authorization", "value": one("hunter2")})})
		}
		return one(object{"registry_hosts": one(object{"server": server, "hosts": list})})
	}
	pool := func(node object) resource {
		return resource{address: "google_container_node_pool.p", config: object{"cluster": refs("google_container_cluster.c.id", "google_container_cluster.c"), "node_config": one(object{})},
			after: object{"name": "p", "cluster": "c", "location": "r1", "project": "p", "node_config": one(node)}}
	}
	cluster := clusterAt("google_container_cluster.c", object{})
	cluster.after["remove_default_node_pool"] = true
	cluster.after["node_pool_defaults"] = one(object{"node_config_defaults": one(object{"containerd_config": config("docker.io", "https://cache.example.com")})})
	for name, tc := range map[string]struct {
		node object
		want map[string][]string
	}{
		"the cluster's default": {object{}, map[string][]string{"docker.io": {"https://cache.example.com"}}},
		"its own":               {object{"containerd_config": config("quay.io", "https://us-docker.pkg.dev", "10.0.0.9")}, map[string][]string{"quay.io": {"https://us-docker.pkg.dev", "10.0.0.9"}}},
	} {
		t.Run(name, func(t *testing.T) {
			tc.node["taint"] = []any{object{"key": "gpu", "value": "true", "effect": "NO_SCHEDULE"}, object{"key": "odd", "value": "", "effect": "WHATEVER"}}
			f := build{resources: []resource{cluster, pool(tc.node)}}.read(t).After
			p := f.Clusters[0].Pools[0]
			if diff := cmp.Diff(tc.want, p.RegistryHosts); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]topology.Taint{{Key: "gpu", Value: "true", Effect: "NoSchedule"}}, p.Taints); diff != "" {
				t.Error(diff)
			}
			if found := leaks(f, "hunter2"); len(found) > 0 {
				t.Error(found)
			}
		})
	}
}
