package asset_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/sides"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/asset"
)

func TestMain(m *testing.M) {
	sides.Main(m, map[string]func(string) error{"ours": readExport, "theirs": decodeLines})
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
			theirs := sides.Run(b, "theirs", export)
			ours := sides.Run(b, "ours", export)
			for b.Loop() {
				ours = ours.Least(sides.Run(b, "ours", export))
			}
			b.ReportMetric(float64(ours.CPU)/float64(theirs.CPU), "x-json")
			b.ReportMetric(ours.Bytes/(1<<20), "peak-MiB")
			b.ReportMetric(float64(ours.CPU.Nanoseconds())/float64(o.lines), "cpu-ns/line")
		})
	}
}
