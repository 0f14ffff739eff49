// Package sides lets benchmarks compare two ways of doing the same work by time and peak memory. Peak memory is a process's, so each side is a
// process of its own: the test binary, started again.
package sides

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// variable makes the test binary one side of the comparison.
const variable = "GKEPREFLIGHT_BENCH_SIDE"

// Main stands in a package's TestMain: it does the work of one side where that was asked for, and runs the tests otherwise. Work takes the argument
// that Run was given.
func Main(m *testing.M, work map[string]func(string) error) {
	side := os.Getenv(variable)
	if side == "" {
		os.Exit(m.Run())
	}
	if err := measure(work[side], side, os.Args[len(os.Args)-1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func measure(work func(string) error, side, argument string) error {
	if work == nil {
		return fmt.Errorf("no side %q", side)
	}
	start := time.Now()
	if err := work(argument); err != nil {
		return err
	}
	_, err := fmt.Println(time.Since(start).Nanoseconds(), PeakOf(os.Getpid()))
	return err
}

// Cost is what one side took: time on the clock, time of the processors (which a busy machine stretches less), and peak memory in bytes.
type Cost struct {
	Time, CPU time.Duration
	Bytes     float64
}

// Run measures a side once.
func Run(b *testing.B, side, argument string) Cost {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self, argument)
	cmd.Env, cmd.Stderr = append(os.Environ(), variable+"="+side), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("%s: %v", side, err)
	}
	var ns int64
	var peak float64
	if _, err := fmt.Fscan(strings.NewReader(string(out)), &ns, &peak); err != nil {
		b.Fatalf("%s: %v", side, err)
	}
	return Cost{time.Duration(ns), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peak}
}

// Least keeps the best of each figure, which other work on the machine disturbs least.
func (c Cost) Least(other Cost) Cost {
	return Cost{min(c.Time, other.Time), min(c.CPU, other.CPU), min(c.Bytes, other.Bytes)}
}
