package image

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What only looks like a workload is none.
func TestTraps(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"config map of YAML text", head("v1", "ConfigMap") + "data:\n  pod.yaml: |\n    containers:\n    - image: not:1\n", []string{}},
		{"config map of data that is no text", head("v1", "ConfigMap") + "data:\n  containers:\n  - image: not:1\n", []string{}},
		{"config map of a template", head("v1", "ConfigMap") + "data:\n  alert: 'up {{ $labels.job }} {{ .Values.x }}'\n", []string{}},
		{"custom resource definition", head("apiextensions.k8s.io/v1", "CustomResourceDefinition") +
			"spec:\n  versions:\n  - schema:\n      openAPIV3Schema:\n        properties:\n          containers:\n            type: array\n            default:\n            - image: not:1\n          spec:\n            default:\n              containers:\n              - image: not:2\n", []string{}},
		{"crossplane definition", head("apiextensions.crossplane.io/v1", "CompositeResourceDefinition") +
			"spec:\n  versions:\n  - schema:\n      openAPIV3Schema:\n        properties:\n          spec:\n            default:\n              containers: [{image: not:1}]\n", []string{}},
		{"schema that is a mapping", head("example.com/v1", "Schema") + "spec:\n  properties:\n    containers:\n      image: not:1\n", []string{}},
		{"controller revision", head("apps/v1", "ControllerRevision") + "data:\n  spec:\n" + indent(4, podTemplate), []string{}},
		{"status", head("v1", "Pod") + "spec:\n" + indent(2, onePod) + "status:\n  containerStatuses:\n  - image: not:1\n", []string{"Pod/n x1 app:1"}},
		{"status of a custom resource", head("example.com/v1", "Thing") + "status:\n" + indent(2, onePod), []string{}},
		{"last applied", "apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  annotations:\n    containers: '[{\"image\":\"not:1\"}]'\n", []string{}},
		{"kyverno policy", head("kyverno.io/v1", "ClusterPolicy") + "spec:\n  rules:\n  - validate:\n      pattern:\n        spec:\n          containers:\n          - image: '!*:latest'\n", []string{}},
		{"gatekeeper constraint", head("constraints.gatekeeper.sh/v1beta1", "K8sAllowedRepos") + "spec:\n  parameters:\n    containers: [{image: 'gcr.io/*'}]\n", []string{}},
		{"containers of names", head("example.com/v1", "Thing") + "spec:\n  containers: [a, b]\n", []string{}},
		{"containers of no image", head("example.com/v1", "Thing") + "spec:\n  containers:\n  - {name: a, cpu: 1}\n", []string{}},
		{"containers with an image that is none", head("example.com/v1", "Thing") + "spec:\n  containers:\n  - {name: a, image: {repository: not}}\n", []string{}},
		{"steps of others", head("example.com/v1", "Thing") + "spec:\n  steps:\n  - {name: a, image: not:1}\n  container: {image: not:2}\n", []string{}},
		{"kustomization", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages:\n- name: not\n  newTag: '1'\n", []string{}},
		{"service of Kubernetes", head("v1", "Service") + "spec:\n" + indent(2, podTemplate), []string{}},
		{"replica set of the past", "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata:\n  name: n\n  ownerReferences:\n  - {kind: Deployment, name: n, controller: true}\nspec:\n  replicas: 0\n" + indent(2, podTemplate), []string{}},
		{"replica set of its own, scaled to nothing", head("apps/v1", "ReplicaSet") + "spec:\n  replicas: 0\n" + indent(2, podTemplate), []string{"ReplicaSet/n x0 app:1"}},
		{"istio gateway", head("apps/v1", "Deployment") + "spec:\n  template:\n    metadata:\n      annotations: {inject.istio.io/templates: gateway}\n    spec:\n      containers:\n      - {name: istio-proxy, image: auto}\n", []string{"Deployment/n x1"}},
		{"an image named auto", head("v1", "Pod") + "spec:\n  containers:\n  - image: auto\n", []string{"Pod/n x1 auto"}},
		{"image left to a controller", head("apps/v1", "Deployment") + "spec:\n  template:\n    spec:\n      containers:\n      - name: a\n      - name: b\n        image:\n", []string{"Deployment/n x1"}},
		{"other fields of wrong types", head("apps/v1", "Deployment") + "spec:\n  minReadySeconds: ${SECONDS}\n  template:\n    spec:\n      hostNetwork: maybe\n      containers:\n      - image: app:1\n        ports: [{containerPort: eighty}]\n        resources: 5\n", []string{"Deployment/n x1 app:1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, refs(read(t, tc.text))); diff != "" {
				t.Errorf("%s\n%s", diff, tc.text)
			}
		})
	}
}

// An empty image is mentioned where nothing else could put one there, so that somebody says it is empty.
func TestEmptyImages(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want []Mention
	}{
		"written in a template": {head("apps/v1", "Deployment") + "spec:\n  template:\n    spec:\n      containers:\n      - image: ''\n", []Mention{{Line: 9}}},
		"left out of a pod":     {head("v1", "Pod") + "spec:\n  containers:\n  - name: a\n", []Mention{{Container: "a", Line: 7}}},
		"null in a pod":         {head("v1", "Pod") + "spec:\n  containers:\n  - name: a\n    image:\n", []Mention{{Container: "a", Line: 7}}},
		"volume without one":    {head("v1", "Pod") + "spec:\n  volumes:\n  - name: v\n    image: {}\n", []Mention{{Container: "v", Volume: true, Line: 7}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, read(t, tc.text).Workloads[0].Images); diff != "" {
				t.Error(diff)
			}
			if list, err := FromManifests([]byte(tc.text)); err != nil || len(list) != 0 {
				t.Errorf("FromManifests: %v, %v", list, err)
			}
		})
	}
}

// YAML's own ways to write a value once.
func TestAliases(t *testing.T) {
	m := read(t, `apiVersion: apps/v1
kind: Deployment
metadata: {name: n}
x-base: &base
  name: c
  image: base:1
x-list: &list
- image: listed:1
x-images:
  extra: &image extra:1
spec:
  template:
    spec:
      initContainers: *list
      containers:
      - *base
      - <<: *base
        name: own
      - <<: [{image: first:1}, *base]
      - image: *image
      - {<<: *base, image: own:1}
      - "<<": {image: no:1}
        image: quoted:1
`)
	want := []Mention{
		{Ref: "listed:1", Init: true, Line: 8}, {Ref: "base:1", Container: "c", Line: 6}, {Ref: "base:1", Container: "own", Line: 6},
		{Ref: "first:1", Container: "c", Line: 19}, {Ref: "extra:1", Line: 10}, {Ref: "own:1", Container: "c", Line: 21}, {Ref: "quoted:1", Line: 23},
	}
	if diff := cmp.Diff(want, m.Workloads[0].Images); diff != "" {
		t.Error(diff)
	}
}
