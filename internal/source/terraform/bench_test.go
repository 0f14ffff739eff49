package terraform_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// sideOf makes the test binary one side of the comparison: peak memory is a process's, so each side is a process of its own.
const sideOf = "GKEPREFLIGHT_BENCH_SIDE"

func TestMain(m *testing.M) {
	if side := os.Getenv(sideOf); side != "" {
		if err := measure(side, os.Args[len(os.Args)-1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func measure(side, plan string) error {
	work, known := map[string]func(string) error{"ours": readAndJudge, "theirs": decodeWhole}[side]
	if !known {
		return fmt.Errorf("no side %q", side)
	}
	start := time.Now()
	if err := work(plan); err != nil {
		return err
	}
	_, err := fmt.Println(time.Since(start).Nanoseconds(), peakBytes())
	return err
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

// cost is what one side took: time on the clock, time of the processors (which a busy machine stretches less), and peak memory.
type cost struct {
	time, cpu time.Duration
	bytes     float64
}

// run measures a side once.
func run(b *testing.B, side, plan string) cost {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self, plan)
	cmd.Env = append(os.Environ(), sideOf+"="+side)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%s: %v", side, err)
	}
	var ns int64
	var peak float64
	if _, err := fmt.Fscan(strings.NewReader(string(out)), &ns, &peak); err != nil {
		b.Fatalf("%s: %v", side, err)
	}
	return cost{time.Duration(ns), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peak}
}

// least keeps the best of each figure, which other work on the machine disturbs least.
func (c cost) least(other cost) cost {
	return cost{min(c.time, other.time), min(c.cpu, other.cpu), min(c.bytes, other.bytes)}
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
				ours, theirs := run(b, "ours", plan), run(b, "theirs", plan)
				for b.Loop() {
					ours, theirs = ours.least(run(b, "ours", plan)), theirs.least(run(b, "theirs", plan))
				}
				b.ReportMetric(float64(ours.time)/float64(theirs.time), "time-ratio")
				b.ReportMetric(float64(ours.cpu)/float64(theirs.cpu), "cpu-ratio")
				b.ReportMetric(ours.bytes/theirs.bytes, "memory-ratio")
				b.ReportMetric(float64(ours.time.Microseconds())/float64(clusters), "us/cluster")
				b.ReportMetric(ours.bytes/1024/float64(clusters), "KiB/cluster")
			})
		}
	}
}
