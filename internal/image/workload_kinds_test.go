package image

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// read reads a manifest that must be good.
func read(t *testing.T, text string) Manifests {
	t.Helper()
	m, err := ReadManifests(strings.NewReader(text), "app.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// refs writes each workload as kind/name, replicas and images, with what marks them.
func refs(m Manifests) []string {
	out := []string{}
	for _, w := range m.Workloads {
		s := fmt.Sprintf("%s/%s x%d", w.Kind, w.Name, w.Replicas)
		if w.Inferred {
			s += " inferred"
		}
		for _, i := range w.Images {
			s += " " + i.Ref
		}
		out = append(out, s)
	}
	return out
}

// indent puts a block under a key.
func indent(n int, text string) string {
	pad := strings.Repeat(" ", n)
	return pad + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+pad) + "\n"
}

const onePod = "containers:\n- name: c\n  image: app:1\n"

const podTemplate = "template:\n  spec:\n    containers:\n    - name: c\n      image: app:1\n"

func head(apiVersion, kind string) string {
	return fmt.Sprintf("apiVersion: %s\nkind: %s\nmetadata:\n  name: n\n", apiVersion, kind)
}

// Every kind that runs pods is read where its pod spec stands, with the number of pods it runs.
func TestKinds(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"pod", head("v1", "Pod") + "spec:\n" + indent(2, onePod), []string{"Pod/n x1 app:1"}},
		{"pod template", head("v1", "PodTemplate") + podTemplate, []string{"PodTemplate/n x0 app:1"}},
		{"replication controller", head("v1", "ReplicationController") + "spec:\n  replicas: 2\n" + indent(2, podTemplate), []string{"ReplicationController/n x2 app:1"}},
		{"replication controller of no template", head("v1", "ReplicationController") + "spec: {}\n", []string{}},
		{"deployment", head("apps/v1", "Deployment") + "spec:\n  replicas: 3\n" + indent(2, podTemplate), []string{"Deployment/n x3 app:1"}},
		{"deployment, replicas left out", head("apps/v1", "Deployment") + "spec:\n" + indent(2, podTemplate), []string{"Deployment/n x1 app:1"}},
		{"deployment, scaled to nothing", head("apps/v1", "Deployment") + "spec:\n  replicas: 0\n" + indent(2, podTemplate), []string{"Deployment/n x0 app:1"}},
		{"deployment of an old group", head("extensions/v1beta1", "Deployment") + "spec:\n" + indent(2, podTemplate), []string{"Deployment/n x1 app:1"}},
		{"deployment, group forgotten", head("v1", "Deployment") + "spec:\n" + indent(2, podTemplate), []string{"Deployment/n x1 app:1"}},
		{"stateful set", head("apps/v1", "StatefulSet") + "spec:\n  replicas: 5\n" + indent(2, podTemplate), []string{"StatefulSet/n x5 app:1"}},
		{"replica set", head("apps/v1", "ReplicaSet") + "spec:\n" + indent(2, podTemplate), []string{"ReplicaSet/n x1 app:1"}},
		{"daemon set", head("apps/v1", "DaemonSet") + "spec:\n" + indent(2, podTemplate), []string{"DaemonSet/n x0 app:1"}},
		{"job", head("batch/v1", "Job") + "spec:\n" + indent(2, podTemplate), []string{"Job/n x1 app:1"}},
		{"job, parallel", head("batch/v1", "Job") + "spec:\n  parallelism: 8\n" + indent(2, podTemplate), []string{"Job/n x8 app:1"}},
		{"job of fewer completions", head("batch/v1", "Job") + "spec:\n  parallelism: 8\n  completions: 2\n" + indent(2, podTemplate), []string{"Job/n x2 app:1"}},
		{"cron job", head("batch/v1", "CronJob") + "spec:\n  jobTemplate:\n    spec:\n      parallelism: 2\n" + indent(6, podTemplate), []string{"CronJob/n x2 app:1"}},
		{"cron job of an old version", head("batch/v1beta1", "CronJob") + "spec:\n  jobTemplate:\n    spec:\n" + indent(6, podTemplate), []string{"CronJob/n x1 app:1"}},
		{"generated name", "apiVersion: v1\nkind: Pod\nmetadata: {generateName: n-}\nspec:\n" + indent(2, onePod), []string{"Pod/n- x1 app:1"}},

		{"rollout", head("argoproj.io/v1alpha1", "Rollout") + "spec:\n  replicas: 4\n" + indent(2, podTemplate), []string{"Rollout/n x4 app:1"}},
		{"rollout of a deployment", head("argoproj.io/v1alpha1", "Rollout") + "spec:\n  workloadRef: {name: n}\n", []string{}},
		{"knative service", head("serving.knative.dev/v1", "Service") + "spec:\n" + indent(2, podTemplate), []string{"Service/n x0 app:1"}},
		{"knative configuration", head("serving.knative.dev/v1", "Configuration") + "spec:\n" + indent(2, podTemplate), []string{"Configuration/n x0 app:1"}},
		{"knative revision", head("serving.knative.dev/v1", "Revision") + "spec:\n" + indent(2, onePod), []string{"Revision/n x0 app:1"}},
		{"job set", head("jobset.x-k8s.io/v1alpha2", "JobSet") + "spec:\n  replicatedJobs:\n  - name: a\n    replicas: 2\n    template:\n      spec:\n        parallelism: 3\n" + indent(8, podTemplate) +
			"  - name: b\n    template:\n      spec:\n" + indent(8, podTemplate), []string{"JobSet/n x6 app:1", "JobSet/n x1 app:1"}},
		{"job set of nothing", head("jobset.x-k8s.io/v1alpha2", "JobSet") + "spec:\n  replicatedJobs:\n  - name: a\n", []string{"JobSet/n x1"}},
		{"leader worker set", head("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet") + "spec:\n  replicas: 2\n  leaderWorkerTemplate:\n    size: 4\n    leaderTemplate:\n      spec:\n" + indent(8, onePod) +
			"    workerTemplate:\n      spec:\n" + indent(8, onePod), []string{"LeaderWorkerSet/n x2 app:1", "LeaderWorkerSet/n x6 app:1"}},
		{"leader worker set of workers", head("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet") + "spec:\n  leaderWorkerTemplate:\n    size: 4\n    workerTemplate:\n      spec:\n" + indent(8, onePod),
			[]string{"LeaderWorkerSet/n x4 app:1"}},

		{"custom resource", head("ray.io/v1", "RayCluster") + "spec:\n  headGroupSpec:\n" + indent(4, podTemplate) + "  workerGroupSpecs:\n  - groupName: g\n" + indent(4, podTemplate),
			[]string{"RayCluster/n x0 inferred app:1", "RayCluster/n x0 inferred app:1"}},
		{"pod spec at the top", head("example.com/v1", "Thing") + onePod, []string{"Thing/n x0 inferred app:1"}},
		{"OpenKruise", head("apps.kruise.io/v1alpha1", "CloneSet") + "spec:\n" + indent(2, podTemplate), []string{"CloneSet/n x0 inferred app:1"}},
		{"argo workflow", head("argoproj.io/v1alpha1", "Workflow") + "spec:\n  templates:\n  - name: a\n    container: {image: app:1}\n    sidecars: [{name: s, image: side:1}]\n    initContainers: [{name: i, image: init:1}]\n" +
			"  - name: b\n    script: {image: app:2, source: x}\n  - name: c\n    container: {image: '{{inputs.parameters.image}}'}\n",
			[]string{"Workflow/n x0 inferred init:1 app:1 side:1", "Workflow/n x0 inferred app:2"}},
		{"tekton task", head("tekton.dev/v1", "Task") + "spec:\n  stepTemplate: {image: base:1}\n  steps:\n  - {name: a, image: app:1}\n  - {name: b, image: $(params.image)}\n  sidecars: [{image: side:1}]\n",
			[]string{"Task/n x0 inferred base:1 app:1 side:1"}},
		{"list", "apiVersion: v1\nkind: List\nitems:\n-" + indent(2, head("v1", "Pod")+"spec:\n"+indent(2, onePod))[1:] + "-" + indent(2, head("apps/v1", "Deployment")+"spec:\n"+indent(2, podTemplate))[1:],
			[]string{"Pod/n x1 app:1", "Deployment/n x1 app:1"}},
		{"typed list", "apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: n}\n  spec:\n" + indent(4, podTemplate), []string{"Deployment/n x1 app:1"}},
		{"list in a list", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: PodList\n  items:\n  - metadata: {name: n}\n    spec:\n" + indent(6, onePod), []string{"Pod/n x1 app:1"}},
		{"empty list", "apiVersion: v1\nkind: List\nitems: []\n", []string{}},
		{"list of null", "apiVersion: v1\nkind: List\nitems:\n", []string{}},
		{"JSON", `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"n"},"spec":{"containers":[{"image":"reg.example.com\/app:1"}]}}`, []string{"Pod/n x1 reg.example.com/app:1"}},
		{"JSON list", `{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"n"},"spec":{"containers":[{"image":"app:1"}]}}],"kind":"List"}`, []string{"Pod/n x1 app:1"}},
		{"flow mapping of YAML", "{apiVersion: v1, kind: Pod, metadata: {name: n}, spec: {containers: [{image: 'app:1'}]}}\n", []string{"Pod/n x1 app:1"}},
		{"flow mapping with a key in quotes", "{\"apiVersion\": v1, kind: Pod, metadata: {name: n}, spec: {containers: [{image: 'app:1'}]}}\n", []string{"Pod/n x1 app:1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, refs(read(t, tc.text))); diff != "" {
				t.Errorf("%s\n%s", diff, tc.text)
			}
		})
	}
}

// Every place of a pod spec that names an image, in the order of their start.
func TestMentions(t *testing.T) {
	m := read(t, `apiVersion: v1
kind: Pod
metadata: {name: n, namespace: team}
spec:
  serviceAccountName: robot
  imagePullSecrets: [{name: one}, {name: two}, {}]
  volumes:
  - name: model
    image:
      reference: models/llm:1
      pullPolicy: Never
  - name: scratch
    emptyDir: {}
  containers:
  - name: main
    image: app:1
    imagePullPolicy: Always
    args: [--image=not/this:1]
    env:
    - {name: RELATED_IMAGE, value: "not/that:1"}
  initContainers:
  - name: wait
    image: wait:1
  - name: proxy
    image: proxy:1
    restartPolicy: Always
  ephemeralContainers:
  - name: debug
    image: debug:1
`)
	want := []Workload{{
		Kind: "Pod", APIVersion: "v1", Namespace: "team", Name: "n", File: "app.yaml", Line: 1, Replicas: 1, PullSecrets: []string{"one", "two"}, ServiceAccount: "robot",
		Images: []Mention{
			{Ref: "wait:1", Container: "wait", Init: true, Line: 23},
			{Ref: "proxy:1", Container: "proxy", Init: true, Line: 25},
			{Ref: "app:1", Container: "main", Policy: "Always", Line: 16},
			{Ref: "debug:1", Container: "debug", Ephemeral: true, Line: 29},
			{Ref: "models/llm:1", Container: "model", Policy: "Never", Volume: true, Line: 10},
		},
	}}
	if diff := cmp.Diff(want, m.Workloads); diff != "" {
		t.Error(diff)
	}
}

func TestAccounts(t *testing.T) {
	m := read(t, "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot, namespace: team}\nimagePullSecrets:\n- name: regcred\nsecrets:\n- name: token\n")
	if diff := cmp.Diff([]ServiceAccount{{"team", "robot", []string{"regcred"}}}, m.Accounts); diff != "" {
		t.Error(diff)
	}
	if w := read(t, head("v1", "Pod")+"spec:\n  serviceAccount: old\n"+indent(2, onePod)).Workloads; w[0].ServiceAccount != "old" {
		t.Errorf("the field of old is %q", w[0].ServiceAccount)
	}
}
