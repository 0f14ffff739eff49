package terraform

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
	"sigs.k8s.io/yaml"
)

// workloadTypes are the kubernetes provider's resources that hold a pod spec.
var workloadTypes = []string{
	"kubernetes_deployment", "kubernetes_deployment_v1",
	"kubernetes_stateful_set", "kubernetes_stateful_set_v1",
	"kubernetes_daemonset", "kubernetes_daemon_set_v1",
	"kubernetes_replication_controller", "kubernetes_replication_controller_v1",
	"kubernetes_job", "kubernetes_job_v1",
	"kubernetes_cron_job", "kubernetes_cron_job_v1",
	"kubernetes_pod", "kubernetes_pod_v1",
}

// podSpec is the way to the pod spec in a workload.
func podSpec(typ string) []string {
	switch {
	case strings.HasPrefix(typ, "kubernetes_cron_job"):
		return []string{"spec", "job_template", "spec", "template", "spec"}
	case strings.HasPrefix(typ, "kubernetes_pod"):
		return []string{"spec"}
	}
	return []string{"spec", "template", "spec"}
}

// workloadKind is what Kubernetes calls a workload type: kubernetes_cron_job_v1 is a CronJob.
func workloadKind(typ string) string {
	words := strings.Split(strings.TrimSuffix(strings.TrimPrefix(typ, "kubernetes_"), "_v1"), "_")
	if words[0] == "daemonset" {
		return "DaemonSet"
	}
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

func (w *world) readWorkload(in *instance, f *topology.Facts) {
	cluster := w.workloadCluster(in)
	path := podSpec(in.typ)
	spec := dig(in.value, path...)
	object := w.object(in)
	if name := dig(in.value, "metadata", "name"); !isSensitive(name) {
		object.ID = cmp.Or(topology.WorkloadID(cluster, namespaceOf(dig(in.value, "metadata", "namespace")), workloadKind(in.typ), shown(name)), object.ID)
	}
	for _, kind := range []string{"container", "init_container"} {
		containers, _ := elements(attribute(single(spec), kind))
		for i, c := range containers {
			imageValue := attribute(c, "image")
			if isNull(imageValue) {
				continue // controllers fill it in
			}
			from := in.from(fmt.Sprintf("%s.%s[%d].image", strings.Join(path, "."), kind, i))
			use := &topology.ImageUse{Ref: stringOf(imageValue, from), Cluster: cluster, From: in.address, Object: object}
			w.podHabits(in, single(spec), c, use)
			switch host := knownHost(imageValue); {
			case use.Ref.Known():
			case host != "" && image.ClassOf(host) == image.Google:
				use.Registry = host
			case host == "" && w.namesRepository(in, path, kind, i):
				use.Registry = "pkg.dev"
			}
			f.Images = append(f.Images, use)
		}
	}
}

// podHabits reads how a pod pulls: the policy, its secrets and account, and the nodes it asks for.
func (w *world) podHabits(in *instance, spec, container cty.Value, use *topology.ImageUse) {
	use.Policy = shown(attribute(container, "image_pull_policy"))
	use.Namespace = namespaceOf(dig(in.value, "metadata", "namespace"))
	use.Account = shown(attribute(spec, "service_account_name"))
	use.Secrets = namesOf(attribute(spec, "image_pull_secrets"))
	if len(use.Secrets) == 0 {
		// Admission copies the service account's pull secrets into pods that name none (Kubernetes documentation, "Configure Service Accounts").
		use.Secrets = w.lent()[accountKey{use.Cluster.Or(""), orDefault(use.Namespace), orDefault(use.Account)}]
		use.SecretsLent = len(use.Secrets) > 0
	}
	use.NodeSelector = selectorOf(spec)
	use.Tolerations, use.TolerationsTold = tolerationsOf(spec)
	if n, known := intOf(dig(in.value, "spec", "replicas"), in.from("spec.replicas"), 0).Get(); known {
		use.Replicas = n
	}
}

// namesRepository reports whether an unknown image's references name an Artifact Registry repository: the literal host of an
// interpolation is not in plan JSON, the references are.
func (w *world) namesRepository(in *instance, path []string, kind string, i int) bool {
	if in.config == nil {
		return false
	}
	e := in.config.attributes[path[0]]
	for _, p := range append(append([]string{}, path[1:]...), kind) {
		if len(e.blocks) == 0 {
			return false
		}
		e = e.blocks[0][p]
	}
	if i >= len(e.blocks) {
		return false
	}
	return len(w.resolve(e.blocks[i]["image"].references, w.ask(in, "google_artifact_registry_repository")).instances) > 0
}

// workloadCluster joins a workload to the cluster its provider is configured with.
func (w *world) workloadCluster(in *instance) topology.Value[topology.ID] {
	from := in.from("provider")
	if in.config == nil || in.config.providerKey == "" {
		return topology.Unknown[topology.ID]("the provider's configuration is not told", from)
	}
	key := in.config.providerKey
	p := w.doc.providers[key]
	if p == nil || len(p.attributes) == 0 {
		if i := strings.LastIndexByte(key, ':'); i >= 0 {
			p = w.doc.providers[key[i+1:]]
		}
	}
	if p == nil {
		return topology.Unknown[topology.ID]("the provider's configuration is not told", from)
	}
	q := asking{module: w.module(p.module), own: cty.NilVal, literal: cty.NilVal, want: "google_container_cluster"}
	t := w.choose(w.resolve(p.attributes["host"].references, q), nil)
	if !t.known {
		t.why = "the provider's host does not lead to one cluster"
	}
	return t.fact(from)
}

// readConfigMap reads an ip-masq-agent ConfigMap: key config, nonMasqueradeCIDRs (ip-masq-agent documentation).
func (w *world) readConfigMap(in *instance, f *topology.Facts) {
	name, _ := asString(dig(in.value, "metadata", "name"))
	namespace, _ := asString(dig(in.value, "metadata", "namespace"))
	if name != "ip-masq-agent" || namespace != "kube-system" || in.data {
		return
	}
	m := &topology.Masquerade{Object: w.object(in), Cluster: w.workloadCluster(in)}
	m.Name = name
	from := in.from("data.config")
	config := attribute(attribute(in.value, "data"), "config")
	text, known := asString(config)
	var parsed struct {
		NonMasqueradeCIDRs []string `json:"nonMasqueradeCIDRs"`
	}
	switch {
	case !known || isSensitive(config):
		m.KeepsFor = topology.Unknown[[]string](whyNot(config, "a string"), from)
	case yaml.Unmarshal([]byte(text), &parsed) != nil:
		m.KeepsFor = topology.Unknown[[]string]("is no YAML that ip-masq-agent reads", from)
	default:
		m.KeepsFor = topology.Known(parsed.NonMasqueradeCIDRs, from)
	}
	f.Masquerades = append(f.Masquerades, m)
}
