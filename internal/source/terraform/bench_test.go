package terraform_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/sides"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestMain(m *testing.M) {
	sides.Main(m, map[string]func(string) error{"ours": readAndJudge, "theirs": decodeWhole})
}

// readAndJudge is all that the command does between its flags and its report.
func readAndJudge(plan string) error {
	r, err := terraform.Read(context.Background(), terraform.Input{Plans: []string{plan}})
	if err != nil {
		return err
	}
	if len(checks.Judge(topology.New(r.After), nil, checks.Policy{}).Results) == 0 {
		return errors.New("nothing was judged")
	}
	return nil
}

// decodeWhole is what any program does that reads a plan with HashiCorp's package, before it looks at anything.
func decodeWhole(plan string) error {
	text, err := os.ReadFile(plan)
	if err != nil {
		return err
	}
	var p tfjson.Plan
	return json.Unmarshal(text, &p)
}

// BenchmarkRead reads and judges generated plans, and decodes the same bytes with terraform-json. Its metrics are our time and peak memory
// over those of the decoding alone, and our own time and memory for each cluster, which stay level where growth is linear.
func BenchmarkRead(b *testing.B) {
	for _, form := range []fleetForm{flat, forEach} {
		for _, clusters := range []int{100, 1000, 4000} {
			b.Run(fmt.Sprintf("%s/%d", form, clusters), func(b *testing.B) {
				plan := filepath.Join(b.TempDir(), "plan.json")
				writeFleet(b, plan, form, clusters)
				info, err := os.Stat(plan)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(info.Size())
				ours, theirs := sides.Run(b, "ours", plan), sides.Run(b, "theirs", plan)
				for b.Loop() {
					ours, theirs = ours.Least(sides.Run(b, "ours", plan)), theirs.Least(sides.Run(b, "theirs", plan))
				}
				b.ReportMetric(float64(ours.Time)/float64(theirs.Time), "time-ratio")
				b.ReportMetric(float64(ours.CPU)/float64(theirs.CPU), "cpu-ratio")
				b.ReportMetric(ours.Bytes/theirs.Bytes, "memory-ratio")
				b.ReportMetric(float64(ours.Time.Microseconds())/float64(clusters), "us/cluster")
				b.ReportMetric(ours.Bytes/1024/float64(clusters), "KiB/cluster")
			})
		}
	}
}
