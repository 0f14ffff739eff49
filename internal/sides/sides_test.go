package sides

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

func TestMeasure(t *testing.T) {
	failed := errors.New("it failed")
	for _, tc := range []struct {
		name string
		work func(string) error
		want string
	}{
		{"a side nobody has", nil, `no side "ours"`},
		{"work that fails", func(string) error { return failed }, "it failed"},
		{"work on its argument", func(a string) error {
			if a != "plan.json" {
				return errors.New("argument " + a)
			}
			return nil
		}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ""
			if err := measure(tc.work, "ours", "plan.json"); err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestLeast(t *testing.T) {
	a, b := Cost{Time: time.Second, CPU: 3, Bytes: 5}, Cost{Time: time.Minute, CPU: 2, Bytes: 7}
	if got, want := a.Least(b), (Cost{time.Second, 2, 5}); got != want || b.Least(a) != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A process that grew says so; one that nobody has says nothing.
func TestPeakOf(t *testing.T) {
	const size = 64 << 20
	ballast := strings.Repeat("x", size)
	if got := PeakOf(os.Getpid()); got < size {
		t.Errorf("%d bytes at the most, while %d are held", got, len(ballast))
	}
	if got := PeakOf(-1); got != 0 {
		t.Errorf("no process, and a peak of %d", got)
	}
}
