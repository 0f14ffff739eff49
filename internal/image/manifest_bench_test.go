package image

import (
	"bytes"
	"fmt"
	"slices"
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

// BenchmarkManifests reports how long reading takes, next to parsing the same YAML and doing nothing with it. The two take turns, so that both meet the
// same machine.
func BenchmarkManifests(b *testing.B) {
	const uses, turn = 100_000, 250
	documents := deployments(uses)
	b.SetBytes(int64(len(bytes.Join(documents, nil))))
	var ours, alone time.Duration
	for b.Loop() {
		found := 0
		for batch := range slices.Chunk(documents, turn) {
			start := time.Now()
			for _, d := range batch {
				var v any
				if err := yaml.Unmarshal(d, &v); err != nil {
					b.Fatal(err)
				}
			}
			alone += time.Since(start)
			stream := bytes.Join(batch, nil)
			start = time.Now()
			m, err := ReadManifests(bytes.NewReader(stream), "stream.yaml")
			if err != nil {
				b.Fatal(err)
			}
			ours += time.Since(start)
			for _, w := range m.Workloads {
				found += len(w.Images)
			}
		}
		if found != uses {
			b.Fatalf("%d images of %d", found, uses)
		}
	}
	b.ReportMetric(float64(ours)/float64(alone), "yaml-ratio")
}
