package terraform_test

import (
	"path/filepath"
	"testing"
)

func BenchmarkProf(b *testing.B) {
	plan := filepath.Join(b.TempDir(), "plan.json")
	writeFleet(b, plan, forEach, 4000)
	b.ReportAllocs()
	for b.Loop() {
		if err := readAndJudge(plan); err != nil {
			b.Fatal(err)
		}
	}
}
