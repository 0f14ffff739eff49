package checks

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"sigs.k8s.io/yaml"
)

// BenchmarkImages reads and judges 100,000 image uses over 50 clusters, and reports the time as a ratio to parsing their YAML alone.
func BenchmarkImages(b *testing.B) {
	const clusters, deployments, containers = 50, 500, 4
	texts := make([][]byte, clusters)
	for c := range texts {
		var t bytes.Buffer
		for d := range deployments {
			fmt.Fprintf(&t, "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-%d\n  namespace: shop\nspec:\n  replicas: 2\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n", d)
			for i := range containers {
				fmt.Fprintf(&t, "      - name: c%d\n        image: docker.io/team%d/app-%d:%d\n        imagePullPolicy: IfNotPresent\n        resources:\n          requests: {cpu: 100m, memory: 128Mi}\n", i, c, d, i)
			}
		}
		texts[c] = t.Bytes()
	}
	var parsing, judging time.Duration
	for b.Loop() {
		start := time.Now()
		for _, text := range texts {
			for _, doc := range bytes.Split(text, []byte("---\n"))[1:] {
				var tree any
				if err := yaml.Unmarshal(doc, &tree); err != nil {
					b.Fatal(err)
				}
			}
		}
		parsing += time.Since(start)
		start = time.Now()
		f := world(nat("nat"))
		f.Clusters = nil
		for c, text := range texts {
			k := newCluster(fmt.Sprintf("c%d", c), newPool("default-pool"))
			f.Clusters = append(f.Clusters, k)
			m, err := image.ReadManifests(bytes.NewReader(text), "apps.yaml")
			if err != nil {
				b.Fatal(err)
			}
			f.Images = append(f.Images, m.Facts(known(k.ID), false).Images...)
		}
		if n := len(Judge(topology.New(f), nil, Policy{}).Images); n != clusters*deployments*containers {
			b.Fatalf("%d images judged", n)
		}
		judging += time.Since(start)
	}
	b.ReportMetric(judging.Seconds()/parsing.Seconds(), "yaml-ratio")
}
