package diagnose

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readFile(t *testing.T, name string) *Reading {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r, err := Read(name, f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func readText(t *testing.T, text string) *Reading {
	t.Helper()
	r, err := Read("in", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const (
	waitingPod = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"n"},"spec":{"nodeName":"x","containers":[{"name":"c","image":"quay.io/a/b:1"}]},` +
		`"status":{"containerStatuses":[{"name":"c","image":"quay.io/a/b:1","state":{"waiting":{"reason":"ErrImagePull","message":"dial tcp 54.1.2.3:443: i/o timeout"}}}]}}`
	failedEvent = `{"apiVersion":"v1","kind":"Event","metadata":{"name":"a.1","namespace":"n"},"involvedObject":{"kind":"Pod","name":"a","namespace":"n"},"reason":"Failed","count":3,` +
		`"message":"Failed to pull image \"quay.io/a/b:1\": dial tcp 54.1.2.3:443: i/o timeout","source":{"host":"x"}}`
	failedNewEvent = `{"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"a.1","namespace":"n"},"regarding":{"kind":"Pod","name":"a","namespace":"n"},"reason":"Failed",` +
		`"series":{"count":3,"lastObservedTime":null},"note":"Failed to pull image \"quay.io/a/b:1\": dial tcp 54.1.2.3:443: i/o timeout","reportingController":"kubelet","reportingInstance":"x","eventTime":null}`
)

var (
	ofPod   = Failure{Namespace: "n", Pod: "a", Node: "x", Image: "quay.io/a/b:1", Reason: "ErrImagePull", Message: "dial tcp 54.1.2.3:443: i/o timeout"}
	ofEvent = Failure{Namespace: "n", Pod: "a", Node: "x", Image: "quay.io/a/b:1", Reason: "Failed", Message: `Failed to pull image "quay.io/a/b:1": dial tcp 54.1.2.3:443: i/o timeout`, Count: 3}
)

func TestReadShapes(t *testing.T) {
	untyped := strings.NewReplacer(`"apiVersion":"v1","kind":"Pod",`, "", `"apiVersion":"v1","kind":"Event",`, "", `"apiVersion":"events.k8s.io/v1","kind":"Event",`, "")
	for name, tc := range map[string]struct {
		text string
		want []Failure
	}{
		"one pod":                   {waitingPod, []Failure{ofPod}},
		"one event":                 {failedEvent, []Failure{ofEvent}},
		"one event of the new kind": {failedNewEvent, []Failure{ofEvent}},
		"a list":                    {`{"apiVersion":"v1","items":[` + waitingPod + `,` + failedEvent + `],"kind":"List"}`, []Failure{ofPod, ofEvent}},
		"a pod list, kind first":    {`{"kind":"PodList","apiVersion":"v1","items":[` + untyped.Replace(waitingPod) + `]}`, []Failure{ofPod}},
		"a pod list, kind last":     {`{"apiVersion":"v1","items":[` + untyped.Replace(waitingPod) + `],"kind":"PodList"}`, []Failure{ofPod}},
		"an event list, kind last":  {`{"apiVersion":"events.k8s.io/v1","items":[` + untyped.Replace(failedNewEvent) + `],"kind":"EventList"}`, []Failure{ofEvent}},
		"both APIs show one event":  {`{"items":[` + failedEvent + `,` + failedNewEvent + `],"kind":"List"}`, []Failure{ofEvent}},
		"a bare array":              {`[` + waitingPod + `]`, []Failure{ofPod}},
		"documents in a row":        {waitingPod + "\n" + failedEvent, []Failure{ofPod, ofEvent}},
		"a byte order mark":         {"\xef\xbb\xbf" + waitingPod, []Failure{ofPod}},
		"an empty list":             {`{"apiVersion":"v1","items":[],"kind":"List"}`, nil},
		"a pod without status":      {`{"kind":"Pod","metadata":{"name":"a"}}`, nil},
		"an event of a node":        {`{"kind":"Event","involvedObject":{"kind":"Node"},"reason":"Failed","message":"Failed to pull image \"a\": x"}`, nil},
		"a container that crashes":  {`{"kind":"Event","involvedObject":{"kind":"Pod"},"reason":"Failed","message":"Error: failed to create containerd container: not found"}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, readText(t, tc.text).Failures); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	whole := `{"apiVersion":"v1","kind":"List","items":[` + waitingPod + `]}`
	for name, tc := range map[string]struct{ text, want string }{
		"nothing":           {" \n", "in: is empty: expected `kubectl get pods,events -o json`"},
		"truncated":         {whole[:len(whole)-30], "in: ends in the middle (after byte "},
		"a broken list":     {`{"items":[}`, "in: is not valid JSON at byte 10: expected"},
		"a bare string":     {`{"kind":"Pod"} "x"`, "in: holds something other than an object before byte 18: expected"},
		"a wrong type":      {`{"kind":"List","items":[{"kind":"Pod"},{"kind":"Pod","metadata":{"name":7}}]}`, "in: items[1]: is no Pod as Kubernetes writes it: json: cannot unmarshal number"},
		"items of numbers":  {`{"kind":"List","items":[1]}`, "in: items[0] is no Kubernetes object: expected"},
		"other kinds":       {`{"kind":"List","items":[{"kind":"Deployment"},{"kind":"Secret"}]}`, "in: holds no pods and no events, only Deployment, Secret: expected"},
		"no kind":           {`{"a":1}`, "in: holds no pods and no events: expected"},
		"an empty object":   {`{}`, "in: holds no pods and no events: expected"},
		"a plan":            {`{"format_version":"1.2","planned_values":{}}`, "in: is Terraform's JSON: give it with --plan or --state; as FILE expected"},
		"gzip":              {"\x1f\x8b\x08\x00", "in: is compressed with gzip: expected"},
		"binary":            {"\x7fELF\x02\x01\x00\x00", "in: is binary: expected"},
		"UTF-16":            {"\xff\xfe{\x00", "in: is UTF-16 text"},
		"YAML":              {"apiVersion: v1\nitems:\n- kind: Pod\n", "in: is YAML: expected"},
		"the pods' table":   {"NAME   READY   STATUS             RESTARTS   AGE\nweb    0/1     ImagePullBackOff   0   3m\n", "in: is the table of `kubectl get pods`, which shows no causes: expected"},
		"prose":             {"hello\nworld\n", "in: is neither JSON nor kubectl's text about pods (2 lines read): expected"},
		"a line too long":   {"x\n" + strings.Repeat("y", longestLine+1), "in: line 2 is longer than 1048576 bytes: expected"},
		"hostile kind name": {`{"kind":"` + strings.Repeat("k", 500) + `"}`, "… (420 bytes more): expected"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read("in", strings.NewReader(tc.text))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
		})
	}
}

func TestReadText(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want Failure
	}{
		"describe, older kubectl": {"Name: p\nNamespace: n\nNode: a/1\nEvents:\n  Warning  Failed  5m12s (x4 over 6m40s)  kubelet, gke-b  Failed to pull image \"a\": x", Failure{Namespace: "n", Pod: "p", Node: "gke-b", Image: "a", Reason: "Failed", Message: `Failed to pull image "a": x`, Count: 4}},
		"events of one namespace": {"LAST SEEN   TYPE   REASON   OBJECT   MESSAGE\n2m  Warning  Failed  pod/p  Failed to pull image \"a\": x", Failure{Pod: "p", Image: "a", Reason: "Failed", Message: `Failed to pull image "a": x`, Count: 1}},
		"kubectl events":          {"NAMESPACE  LAST SEEN  TYPE  REASON  OBJECT  MESSAGE\nn  2m (x3 over 5m)  Warning  Failed  Pod/p  Failed to pull image \"a\": x", Failure{Namespace: "n", Pod: "p", Image: "a", Reason: "Failed", Message: `Failed to pull image "a": x`, Count: 3}},
		"wide": {"LAST SEEN   TYPE   REASON   OBJECT   SUBOBJECT   SOURCE   MESSAGE   FIRST SEEN   COUNT   NAME\n2m  Warning  Failed  pod/p  spec.containers{c}  kubelet, gke-b  Failed to pull image \"a\": x   3m   4   p.17ab",
			Failure{Pod: "p", Node: "gke-b", Image: "a", Reason: "Failed", Message: `Failed to pull image "a": x`, Count: 1}},
		"only a message": {`rpc error: code = Unknown desc = failed to pull and unpack image "a": x`, Failure{Image: "a", Reason: "Failed", Message: `rpc error: code = Unknown desc = failed to pull and unpack image "a": x`, Count: 1}},
		"secret":         {"LAST SEEN   TYPE   REASON\n2m Warning FailedToRetrieveImagePullSecret pod/p Unable to retrieve some image pull secrets (r); attempting", Failure{Pod: "p", Reason: "FailedToRetrieveImagePullSecret", Message: "Unable to retrieve some image pull secrets (r); attempting", Count: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff([]Failure{tc.want}, readText(t, tc.text+"\r\n").Failures); diff != "" {
				t.Error(diff)
			}
		})
	}
	whole := `{"apiVersion":"v1","kind":"List","items":[` + waitingPod + `]}`
	for _, size := range []int{1, 20, 60, len(whole) - 30, len(whole) - 1} {
		_, err := Read("in", strings.NewReader(whole[:size]))
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("(after byte %d)", size)) {
			t.Errorf("cut after %d bytes: %v", size, err)
		}
	}
	if r := readText(t, "LAST SEEN   TYPE   REASON   OBJECT   MESSAGE\n2m  Warning  BackOff  pod/p  Back-off restarting failed container\n"); len(r.Failures) != 0 {
		t.Errorf("a crash is no pull: %+v", r.Failures)
	}
}

func TestNodesTellTheGeneration(t *testing.T) {
	for name, tc := range map[string]struct {
		runtime, kubelet string
		want             int
	}{
		"containerd 1":         {"containerd://1.7.27", "v1.33.1-gke.1", 1},
		"containerd 2":         {"containerd://2.0.6", "v1.33.4-gke.1", 2},
		"GKE before 1.33":      {"", "v1.32.8-gke.1026000", 1},
		"GKE 1.33":             {"", "v1.33.0-gke.1", 2},
		"elsewhere":            {"", "v1.33.0", 0},
		"another runtime":      {"cri-o://1.30.0", "v1.33.0-gke.1", 0},
		"nothing":              {"", "", 0},
		"a number out of hand": {"containerd://99999999999999999999.1", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := generation(tc.runtime, tc.kubelet); got != tc.want {
				t.Errorf("got %d, want %d", got, tc.want)
			}
		})
	}
	described := readText(t, "Name: gke-a\nSystem Info:\n  Container Runtime Version:  containerd://1.7.27\n  Kubelet Version:  v1.32.8-gke.1\nEvents: <none>\n")
	table := readText(t, "LAST SEEN  TYPE  REASON\ngke-a   Ready    <none>   3d   v1.32.8-gke.1   10.0.0.5   <none>   Container-Optimized OS   6.6.1   containerd://1.7.27\n")
	for _, r := range []*Reading{described, table} {
		if got := r.node("gke-a").Containerd; got != 1 {
			t.Errorf("got %d of %+v", got, r.Nodes)
		}
		if got := r.node("gke-gone").Containerd; got != 1 {
			t.Errorf("a node that is gone: got %d, the only other runs 1", got)
		}
	}
	mixed := newReading()
	mixed.Nodes["a"], mixed.Nodes["b"] = Node{Containerd: 1}, Node{Containerd: 2, External: true}
	if got := mixed.node("gone"); got != (Node{}) {
		t.Errorf("nodes that disagree speak for none: got %+v", got)
	}
}
