package image

import (
	"go.yaml.in/yaml/v4"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// custom are resources of others whose pod specs have a known place, by kind and group.
var custom = map[string]finder{
	"Rollout.argoproj.io":                      rollout,
	"Service.serving.knative.dev":              knativeTemplate,
	"Configuration.serving.knative.dev":        knativeTemplate,
	"Revision.serving.knative.dev":             knativeRevision,
	"JobSet.jobset.x-k8s.io":                   jobSet,
	"LeaderWorkerSet.leaderworkerset.x-k8s.io": leaderWorkerSet,
}

// templateAt reads a pod template; none where nothing stands there.
func templateAt(p shaper, n *yaml.Node, replicas int) ([]pod, error) {
	if isNull(n) {
		return nil, nil
	}
	t, err := typed[corev1.PodTemplateSpec](p, n, templateShape)
	if err != nil {
		return nil, err
	}
	return []pod{template(*t, n, replicas)}, nil
}

// numberAt is the number at a path, and one where it is left out.
func numberAt(p shaper, n *yaml.Node, keys ...string) (int, error) {
	v, err := p.value(dig(n, keys...), aNumber)
	if i, is := v.(int64); is {
		return max(int(i), 0), err
	}
	return 1, err
}

// rollout is an Argo Rollout. One that refers to a deployment (workloadRef) has no template of its own.
func rollout(p shaper, o *yaml.Node) ([]pod, error) {
	replicas, err := numberAt(p, o, "spec", "replicas")
	if err != nil {
		return nil, err
	}
	return templateAt(p, dig(o, "spec", "template"), replicas)
}

// knativeTemplate is a Knative service or configuration, which scales by itself.
func knativeTemplate(p shaper, o *yaml.Node) ([]pod, error) {
	return templateAt(p, dig(o, "spec", "template"), 0)
}

func knativeRevision(p shaper, o *yaml.Node) ([]pod, error) {
	return templateAt(p, o, 0)
}

func jobSet(p shaper, o *yaml.Node) ([]pod, error) {
	var out []pod
	for _, j := range list(dig(o, "spec", "replicatedJobs")) {
		replicas, err := numberAt(p, j, "replicas")
		if err != nil {
			return nil, err
		}
		t, err := typed[batchv1.JobTemplateSpec](p, dig(j, "template"), jobShape)
		if err != nil {
			return nil, err
		}
		out = append(out, specTemplate(t.Spec.Template, dig(j, "template"), replicas*parallel(t.Spec))...)
	}
	return out, nil
}

// leaderWorkerSet runs groups of one leader and size-1 workers; without a template of its own the leader is one of the workers.
func leaderWorkerSet(p shaper, o *yaml.Node) ([]pod, error) {
	of := dig(o, "spec", "leaderWorkerTemplate")
	groups, err := numberAt(p, o, "spec", "replicas")
	if err != nil {
		return nil, err
	}
	size, err := numberAt(p, of, "size")
	if err != nil {
		return nil, err
	}
	leaders, err := templateAt(p, dig(of, "leaderTemplate"), groups)
	if err != nil {
		return nil, err
	}
	workers, err := templateAt(p, dig(of, "workerTemplate"), groups*max(size-len(leaders), 0))
	return append(leaders, workers...), err
}
