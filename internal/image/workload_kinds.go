package image

import (
	"strings"

	"go.yaml.in/yaml/v4"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// pod is a pod spec of an object: its values, the node it was made of, and how many pods it becomes.
type pod struct {
	meta     map[string]string // annotations of the template
	spec     *corev1.PodSpec
	node     *yaml.Node
	replicas int
	// bare is a pod as it will run: nothing fills in what its spec leaves out.
	bare bool
}

// finder reads the pod specs of an object of one kind.
type finder func(p shaper, o *yaml.Node) ([]pod, error)

// builtin are the kinds of Kubernetes itself, whatever version of their group is written: the way to the pod spec never changed.
var builtin = map[string]finder{
	"Pod": func(p shaper, o *yaml.Node) ([]pod, error) {
		t, err := typed[corev1.Pod](p, o, templateShape)
		if err != nil {
			return nil, err
		}
		return []pod{{meta: t.Annotations, spec: &t.Spec, node: dig(o, "spec"), replicas: 1, bare: true}}, nil
	},
	"PodTemplate": func(p shaper, o *yaml.Node) ([]pod, error) {
		t, err := typed[corev1.PodTemplate](p, o, object(map[string]*shape{"template": templateShape}))
		if err != nil {
			return nil, err
		}
		return []pod{template(t.Template, dig(o, "template"), 0)}, nil
	},
	"ReplicationController": func(p shaper, o *yaml.Node) ([]pod, error) {
		t, err := typed[corev1.ReplicationController](p, o, scaledShape)
		if err != nil || t.Spec.Template == nil {
			return nil, err
		}
		return specTemplate(*t.Spec.Template, o, count(t.Spec.Replicas)), nil
	},
	"Deployment": func(p shaper, o *yaml.Node) ([]pod, error) {
		t, err := typed[appsv1.Deployment](p, o, scaledShape)
		if err != nil {
			return nil, err
		}
		return specTemplate(t.Spec.Template, o, count(t.Spec.Replicas)), nil
	},
	"StatefulSet": func(p shaper, o *yaml.Node) ([]pod, error) {
		t, err := typed[appsv1.StatefulSet](p, o, scaledShape)
		if err != nil {
			return nil, err
		}
		return specTemplate(t.Spec.Template, o, count(t.Spec.Replicas)), nil
	},
	"ReplicaSet": func(p shaper, o *yaml.Node) ([]pod, error) {
		t, err := typed[appsv1.ReplicaSet](p, o, scaledShape)
		if err != nil || retired(o, t.Spec.Replicas) {
			return nil, err
		}
		return specTemplate(t.Spec.Template, o, count(t.Spec.Replicas)), nil
	},
	"DaemonSet": func(p shaper, o *yaml.Node) ([]pod, error) {
		t, err := typed[appsv1.DaemonSet](p, o, scaledShape)
		if err != nil {
			return nil, err
		}
		return specTemplate(t.Spec.Template, o, 0), nil
	},
	"Job": func(p shaper, o *yaml.Node) ([]pod, error) {
		t, err := typed[batchv1.Job](p, o, jobShape)
		if err != nil {
			return nil, err
		}
		return specTemplate(t.Spec.Template, o, parallel(t.Spec)), nil
	},
	"CronJob": func(p shaper, o *yaml.Node) ([]pod, error) {
		t, err := typed[batchv1.CronJob](p, o, spec(map[string]*shape{"jobTemplate": jobShape}))
		if err != nil {
			return nil, err
		}
		job := t.Spec.JobTemplate.Spec
		return specTemplate(job.Template, dig(o, "spec", "jobTemplate"), parallel(job)), nil
	},
}

func template(t corev1.PodTemplateSpec, n *yaml.Node, replicas int) pod {
	return pod{meta: t.Annotations, spec: &t.Spec, node: dig(n, "spec"), replicas: replicas}
}

func specTemplate(t corev1.PodTemplateSpec, o *yaml.Node, replicas int) []pod {
	return []pod{template(t, dig(o, "spec", "template"), replicas)}
}

// count is a number of replicas: one where it is left out.
func count(replicas *int32) int {
	if replicas == nil {
		return 1
	}
	return max(int(*replicas), 0)
}

// parallel is how many pods of a job run at once.
func parallel(j batchv1.JobSpec) int {
	n := count(j.Parallelism)
	if j.Completions != nil {
		n = min(n, count(j.Completions))
	}
	return n
}

// retired is a replica set that a deployment keeps to roll back to: its images are those of the past.
func retired(o *yaml.Node, replicas *int32) bool {
	if replicas == nil || *replicas > 0 {
		return false
	}
	for _, owner := range list(dig(o, "metadata", "ownerReferences")) {
		if controls := dig(owner, "controller"); controls != nil && controls.Value == "true" {
			return true
		}
	}
	return false
}

// group is the API group of an apiVersion; empty for the core.
func group(apiVersion string) string {
	if g, _, found := strings.Cut(apiVersion, "/"); found {
		return g
	}
	return ""
}
