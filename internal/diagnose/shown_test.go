package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const noPath = `Failed to pull image "quay.io/a/b:1": Head "https://quay.io/v2/a/b/manifests/1": dial tcp 54.1.2.3:443: i/o timeout`

// podJSON is a pod with a container of each kind and the state it is in.
func podJSON(kind, status string) string {
	spec := map[string]string{"init": "initContainers", "main": "containers", "ephemeral": "ephemeralContainers"}[kind]
	list := map[string]string{"init": "initContainerStatuses", "main": "containerStatuses", "ephemeral": "ephemeralContainerStatuses"}[kind]
	return fmt.Sprintf(`{"kind":"Pod","metadata":{"name":"a","namespace":"n"},"spec":{"nodeName":"x",%q:[{"name":"c","image":"nginx:1.27"}]},"status":{%q:[{"name":"c",%s}]}}`, spec, list, status)
}

// A pod tells of a failed pull by the reason a container waits for, whatever kind the container is of (F3, F5), and by its image as written.
func TestWhatAPodWaitsFor(t *testing.T) {
	waiting := func(reason string) string {
		return `"image":"sha256:ab","state":{"waiting":{"reason":"` + reason + `","message":"m"}}`
	}
	for name, tc := range map[string]struct {
		pod  string
		want string
	}{
		"a container":                  {podJSON("main", waiting("ErrImagePull")), "nginx:1.27 ErrImagePull"},
		"an init container":            {podJSON("init", waiting("ImagePullBackOff")), "nginx:1.27 ImagePullBackOff"},
		"an ephemeral container":       {podJSON("ephemeral", waiting("ErrImageNeverPull")), "nginx:1.27 ErrImageNeverPull"},
		"a name that does not parse":   {podJSON("main", waiting("InvalidImageName")), "nginx:1.27 InvalidImageName"},
		"trap: it crashes":             {podJSON("main", waiting("CrashLoopBackOff")), ""},
		"trap: it is being made":       {podJSON("main", waiting("ContainerCreating")), ""},
		"trap: it runs":                {podJSON("main", `"state":{"running":{}}`), ""},
		"of no container in the spec":  {strings.Replace(podJSON("main", waiting("ErrImagePull")), `"name":"c","image":"nginx`, `"name":"d","image":"nginx`, 1), "sha256:ab ErrImagePull"},
		"trap: the last state, not it": {podJSON("main", `"state":{"running":{}},"lastState":{"waiting":{"reason":"ErrImagePull"}}`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := readText(t, tc.pod)
			got := ""
			for _, f := range r.Failures {
				got += f.Image + " " + f.Reason
			}
			if got != tc.want || r.Pods != 1 {
				t.Errorf("got %q of %d pods, want %q", got, r.Pods, tc.want)
			}
		})
	}
}

// A pod that failed has its image by now when its container shows one, runs or has run.
func TestRecovered(t *testing.T) {
	event := `{"kind":"Event","metadata":{"name":"e","namespace":"n"},"involvedObject":{"kind":"Pod","name":"a","namespace":"n"},"reason":"Failed","message":"Failed to pull image \"nginx:1.27\": toomanyrequests"}`
	for name, tc := range map[string]struct {
		status string
		want   bool
	}{
		"an image that is there":     {`"imageID":"docker.io/library/nginx@sha256:ab","state":{"waiting":{"reason":"CrashLoopBackOff"}}`, true},
		"it runs":                    {`"state":{"running":{}}`, true},
		"it has run":                 {`"state":{"terminated":{"exitCode":0}}`, true},
		"trap: an image of before":   {`"imageID":"docker.io/library/nginx@sha256:ab","state":{"waiting":{"reason":"ImagePullBackOff"}}`, false},
		"trap: it is being made":     {`"state":{"waiting":{"reason":"ContainerCreating"}}`, false},
		"trap: nothing is known yet": {`"ready":false`, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := Diagnose(readText(t, event+podJSON("main", tc.status)))
			if len(d.Causes) == 0 || d.Causes[0].Name != "registry-rate-limit" || d.Causes[0].Pods[0].Recovered != tc.want {
				t.Errorf("got %+v", d.Causes)
			}
		})
	}
	other := strings.ReplaceAll(podJSON("main", `"state":{"running":{}}`), "nginx:1.27", "redis:7")
	if d := Diagnose(readText(t, event+other)); d.Causes[0].Pods[0].Recovered {
		t.Error("another image of the pod is no proof")
	}
}

// Events of both APIs count as often as they were seen, and only those of the kubelet about pods' images.
func TestWhatAnEventCounts(t *testing.T) {
	event := func(members string) string {
		return `{"kind":"Event","metadata":{"name":"e","namespace":"n"},"involvedObject":{"kind":"Pod","name":"a"},"message":"Failed to pull image \"quay.io/a/b:1\": toomanyrequests",` + members + `}`
	}
	fresh := func(members string) string {
		return `{"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"e","namespace":"n"},"regarding":{"kind":"Pod","name":"a"},"reason":"Failed","note":"Failed to pull image \"quay.io/a/b:1\": toomanyrequests",` + members + `}`
	}
	for name, tc := range map[string]struct {
		event string
		want  string
	}{
		"its count":                    {event(`"reason":"Failed","count":3`), "a n  3"},
		"no count is once":             {event(`"reason":"Failed"`), "a n  1"},
		"its series, where greater":    {event(`"reason":"Failed","count":1,"series":{"count":8}`), "a n  8"},
		"its count, where greater":     {event(`"reason":"Failed","count":9,"series":{"count":8}`), "a n  9"},
		"from the node":                {event(`"reason":"Failed","source":{"host":"x"}`), "a n x 1"},
		"from the kubelet of a node":   {event(`"reason":"Failed","reportingComponent":"kubelet","reportingInstance":"y"`), "a n y 1"},
		"trap: from another component": {event(`"reason":"Failed","reportingComponent":"job-controller","reportingInstance":"z"`), "a n  1"},
		"trap: a good pull":            {event(`"reason":"Pulled"`), ""},
		"of the new API":               {fresh(`"deprecatedCount":4`), "a n  4"},
		"a series of the new API":      {fresh(`"series":{"count":6}`), "a n  6"},
		"a node of the new API":        {fresh(`"reportingController":"k8s.io/kubelet","reportingInstance":"y"`), "a n y 1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := readText(t, tc.event)
			got := ""
			for _, f := range r.Failures {
				got += fmt.Sprint(f.Pod, " ", f.Namespace, " ", f.Node, " ", f.Count)
			}
			if got != tc.want || r.Events != 1 {
				t.Errorf("got %q of %d events, want %q", got, r.Events, tc.want)
			}
		})
	}
}

// A node with an external address needs no NAT, whatever order its addresses come in.
func TestNodesWithAnExternalAddress(t *testing.T) {
	node := func(addresses string) string {
		return `{"kind":"List","items":[{"kind":"Node","metadata":{"name":"x"},"status":{"addresses":[` + addresses + `],"nodeInfo":{"containerRuntimeVersion":"containerd://2.0.6"}}},{"kind":"Pod"}]}`
	}
	inside, outside, empty := `{"type":"InternalIP","address":"10.0.0.5"}`, `{"type":"ExternalIP","address":"34.1.2.3"}`, `{"type":"ExternalIP","address":""}`
	for addresses, want := range map[string]bool{inside + "," + outside: true, outside + "," + inside: true, inside: false, inside + "," + empty: false, "": false} {
		if got := readText(t, node(addresses)).Nodes["x"]; got != (Node{Containerd: 2, External: want}) {
			t.Errorf("%s: %+v", addresses, got)
		}
	}
}

// kubectl's text for people: what is described, by which pod and node; what it leaves out stays unknown.
func TestDescribedPods(t *testing.T) {
	pod := func(node, rest string) string {
		return "Name:  web\nNamespace:  shop\nNode:  " + node + "\n" + rest + "Events:  <none>\n"
	}
	waits := "Containers:\n  c:\n    Image:  nginx:1.27\n    State:  Waiting\n      Reason:  ErrImagePull\n"
	for name, tc := range map[string]struct {
		text  string
		pods  int
		wants string
	}{
		"it waits":                 {pod("x/10.0.0.5", waits), 1, "shop/web on x: nginx:1.27 ErrImagePull"},
		"not yet placed":           {pod("<none>", waits), 1, "shop/web on : nginx:1.27 ErrImagePull"},
		"trap: it crashes":         {pod("x/10.0.0.5", strings.Replace(waits, "ErrImagePull", "CrashLoopBackOff", 1)), 1, ""},
		"two pods":                 {pod("x/1", "") + "\n\n" + pod("y/1", waits), 2, "shop/web on y: nginx:1.27 ErrImagePull"},
		"the next has no old node": {pod("x/1", "") + "\n\nName:  api\nNamespace:  shop\n" + waits + "Events:  <none>\n", 1, "shop/api on : nginx:1.27 ErrImagePull"},
	} {
		t.Run(name, func(t *testing.T) {
			r := readText(t, tc.text)
			got := ""
			for _, f := range r.Failures {
				got += fmt.Sprintf("%s/%s on %s: %s %s", f.Namespace, f.Pod, f.Node, f.Image, f.Reason)
			}
			if got != tc.wants || r.Pods != tc.pods || r.Events != 0 {
				t.Errorf("got %q of %d pods and %d events, want %q of %d", got, r.Pods, r.Events, tc.wants, tc.pods)
			}
		})
	}
	for seen, want := range map[string]int{"(x4 over 6m)": 4, "(x0 over 6m)": 1, "(x99999999999 over 6m)": 1, "": 1} {
		r := readText(t, "LAST SEEN   TYPE   REASON   OBJECT   MESSAGE\n2m "+seen+"  Warning  Failed  pod/p  "+noPath+"\n")
		if len(r.Failures) != 1 || r.Failures[0].Count != want || r.Events != 1 {
			t.Errorf("%s: %+v", seen, r.Failures)
		}
	}
}

// Pods are listed once for each node that they were on, in order; an event that names no node adds none. Only those that all recovered have.
func TestPodsOfACause(t *testing.T) {
	fail := func(namespace, pod, node string) Failure {
		return Failure{Namespace: namespace, Pod: pod, Node: node, Image: "quay.io/a/b:1", Message: noPath, Count: 1}
	}
	r := newReading()
	r.Failures = []Failure{fail("n", "b", "y"), fail("n", "a", ""), fail("n", "a", "x"), fail("n", "a", "w"), fail("m", "c", ""), fail("n", "b", "y"), {Message: noPath, Image: "quay.io/a/b:1"}}
	d := Diagnose(r)
	want := []Pod{{Namespace: "m", Name: "c"}, {Namespace: "n", Name: "a", Node: "w"}, {Namespace: "n", Name: "a", Node: "x"}, {Namespace: "n", Name: "b", Node: "y"}}
	if diff := cmp.Diff(want, d.Causes[0].Pods); diff != "" {
		t.Error(diff)
	}
	if d.Pulls != (Pulls{Failed: 4, Pods: 3}) {
		t.Errorf("pulls %+v", d.Pulls)
	}
}

// An image that is written in several ways is one, shown as the first of them; so is the message, whatever came first.
func TestOneImageWrittenInSeveralWays(t *testing.T) {
	ways := []string{"nginx", "docker.io/nginx", "docker.io/library/nginx:latest"}
	for range 2 {
		r := newReading()
		for i, way := range ways {
			r.Failures = append(r.Failures, Failure{Pod: fmt.Sprint(i), Image: way, Message: fmt.Sprintf("Failed to pull image %q: toomanyrequests", way)})
		}
		c := Diagnose(r).Causes[0]
		if !slices.Equal(c.Images, []string{"docker.io/library/nginx:latest"}) || c.Message != `Failed to pull image "docker.io/library/nginx:latest": toomanyrequests` {
			t.Errorf("got %v, %q", c.Images, c.Message)
		}
		slices.Reverse(ways)
	}
}

// Nodes belong to the cluster whose name theirs begins with, of Standard and of Autopilot; a cluster whose name only begins alike is another.
func TestNodesAndTheirClusters(t *testing.T) {
	for node, want := range map[string][]string{
		"gke-apps-pool-1a2b-x1":   {"apps"},
		"gk3-apps-pool-2-1a2b-x1": {"apps"},
		"gke-apps-eu-pool-1a2b-x": {"apps", "apps-eu"},
		"gke-application-1a2b-x":  {"apps", "apps-eu", ""},
		"":                        {"apps", "apps-eu", ""},
	} {
		r := newReading()
		r.Failures = []Failure{{Pod: "a", Image: "quay.io/a/b:1", Node: node, Message: noPath}}
		d := Diagnose(r)
		j := judged([]string{"apps", "apps-eu", ""}, result("apps", "nat-node-range", topology.Fail), result("apps-eu", "nat-node-range", topology.Fail), result("", "nat-node-range", topology.Fail))
		d.Explain(checks.Judgement{}, j)
		var got []string
		for _, e := range d.Causes[0].ExplainedBy {
			got = append(got, strings.TrimPrefix(e.Cluster, "google_container_cluster."))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", node, got, want)
		}
	}
}

// What the network says of a cause is one line each: explained, passed, or not decided, and nothing where none was asked.
func TestWhatTheNetworkSays(t *testing.T) {
	r := newReading()
	r.Failures = []Failure{{Namespace: "n", Pod: "a", Image: "quay.io/a/b:1", Message: noPath}}
	for name, tc := range map[string]struct {
		results []checks.Result
		want    string
	}{
		"passes":           {[]checks.Result{result("apps", "nat-node-range", topology.Pass), result("apps", "internet-route", topology.Pass)}, "    not explained: what was given passes nat-node-range, internet-route\n"},
		"not decided":      {[]checks.Result{result("apps", "nat-node-range", topology.Undecided), result("apps", "internet-route", topology.Pass)}, "    not decided: nat-node-range; `gkepreflight check` says what would decide\n"},
		"each check once":  {[]checks.Result{result("apps", "nat-node-range", topology.Undecided), result("apps", "nat-node-range", topology.Undecided)}, "    not decided: nat-node-range; `gkepreflight check`"},
		"fails":            {[]checks.Result{result("apps", "internet-route", topology.Fail)}, `    explained: cluster "apps": internet-route: internet-route of apps`},
		"trap: only skips": {[]checks.Result{result("apps", "nat-node-range", topology.Skip)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := Diagnose(r)
			d.Explain(checks.Judgement{}, judged([]string{"apps"}, tc.results...))
			got := written(t, "text", d, report.Options{Width: 200})
			if !strings.Contains(got, tc.want) || tc.want == "" && strings.Contains(got, "explained") {
				t.Errorf("got\n%s\nwant %q", got, tc.want)
			}
		})
	}
}

// A list of ten is shown whole, of eleven the first ten.
func TestListsOfTen(t *testing.T) {
	for n, want := range map[int]string{1: "p00", 10: "p09", 11: "p09 and 1 more"} {
		r := newReading()
		for i := range n {
			r.Failures = append(r.Failures, Failure{Pod: fmt.Sprintf("p%02d", i), Image: "a", Message: "toomanyrequests"})
		}
		if got := written(t, "text", Diagnose(r), report.Options{Width: 200}); !strings.Contains(got, want+"\n") {
			t.Errorf("of %d: want %q in\n%s", n, want, got)
		}
	}
	if got := clip("abcde", 5); got != "abcde" {
		t.Errorf("a text as long as allowed is cut: %q", got)
	}
}
