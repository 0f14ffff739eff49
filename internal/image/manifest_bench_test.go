package image

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"
)

// deployments is a stream of deployments with a hundred thousand images, as a large cluster is rendered.
func deployments(uses int) [][]byte {
	const each = 4
	var out [][]byte
	for n := range uses / each {
		var b strings.Builder
		fmt.Fprintf(&b, "---\n# Source: chart/templates/app-%d.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-%d\n  namespace: team-%d\n  labels:\n    app.kubernetes.io/name: app\n"+
			"spec:\n  replicas: 3\n  selector:\n    matchLabels:\n      app: app-%d\n  template:\n    metadata:\n      labels:\n        app: app-%d\n    spec:\n      serviceAccountName: app\n"+
			"      nodeSelector:\n        kubernetes.io/arch: amd64\n      containers:\n", n, n, n%50, n, n)
		for c := range each {
			fmt.Fprintf(&b, "      - name: c%d\n        image: europe-docker.pkg.dev/project/team/app-%d:1.%d\n        args: [\"--port=80\"]\n        env:\n        - name: MODE\n          value: \"on\"\n"+
				"        ports:\n        - containerPort: 80\n        resources:\n          requests:\n            cpu: 100m\n            memory: 128Mi\n", c, n, c)
		}
		out = append(out, []byte(b.String()))
	}
	return out
}

// BenchmarkManifests reports how long reading takes, next to parsing the same YAML and doing nothing with it.
func BenchmarkManifests(b *testing.B) {
	documents := deployments(100_000)
	stream := bytes.Join(documents, nil)
	b.SetBytes(int64(len(stream)))
	var ours, alone time.Duration
	for b.Loop() {
		start := time.Now()
		for _, d := range documents {
			var v any
			if err := yaml.Unmarshal(d, &v); err != nil {
				b.Fatal(err)
			}
		}
		alone += time.Since(start)
		start = time.Now()
		m, err := ReadManifests(bytes.NewReader(stream), "stream.yaml")
		if err != nil || len(m.Workloads)*4 != 100_000 {
			b.Fatal(len(m.Workloads), err)
		}
		ours += time.Since(start)
	}
	b.ReportMetric(float64(ours)/float64(alone), "yaml-ratio")
}
