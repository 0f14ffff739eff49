package asset_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/asset"
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

func measure(side, export string) error {
	work := map[string]func(string) error{"ours": readExport, "theirs": decodeLines}[side]
	start := time.Now()
	if err := work(export); err != nil {
		return err
	}
	_, err := fmt.Println(time.Since(start).Nanoseconds(), peakBytes())
	return err
}

func readExport(export string) error {
	f, _, err := asset.Read(context.Background(), []string{export}, asset.Options{})
	if err == nil && len(f.Clusters) == 0 {
		return errors.New("no cluster was read")
	}
	return err
}

// decodeLines is the least that a program does which decodes every line before it looks at it.
func decodeLines(export string) error {
	f, err := os.Open(export)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	dec := json.NewDecoder(bufio.NewReaderSize(f, 1<<20))
	for {
		var asset map[string]any
		if err := dec.Decode(&asset); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// cost is what one side took: time on the clock, time of the processors (which a busy machine stretches less), and peak memory.
type cost struct {
	time, cpu time.Duration
	bytes     float64
}

func run(b *testing.B, side, export string) cost {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self, export)
	cmd.Env, cmd.Stderr = append(os.Environ(), sideOf+"="+side), os.Stderr
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

// BenchmarkExport reads generated exports, and decodes the same lines into maps. Its metrics are our processor time over that of the decoding
// alone, our peak memory, and our time for each line, which stays level where growth is linear.
func BenchmarkExport(b *testing.B) {
	for _, o := range []organisation{{100, 10_000}, {1000, 100_000}, {10_000, 1_000_000}} {
		b.Run(fmt.Sprintf("%d", o.lines), func(b *testing.B) {
			export := generate(b, o)
			info, err := os.Stat(export)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(info.Size())
			theirs := run(b, "theirs", export)
			ours := run(b, "ours", export)
			for b.Loop() {
				again := run(b, "ours", export)
				ours = cost{min(ours.time, again.time), min(ours.cpu, again.cpu), min(ours.bytes, again.bytes)}
			}
			b.ReportMetric(float64(ours.cpu)/float64(theirs.cpu), "x-json")
			b.ReportMetric(ours.bytes/(1<<20), "peak-MiB")
			b.ReportMetric(float64(ours.cpu.Nanoseconds())/float64(o.lines), "cpu-ns/line")
		})
	}
}
