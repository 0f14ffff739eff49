package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	for _, tc := range []struct {
		name, text         string
		first, hang, width int
		want               []string
	}{
		{"fits", "one two", 0, 0, 10, []string{"one two"}},
		{"exactly", "one two", 0, 0, 7, []string{"one two"}},
		{"breaks at a space", "one two three", 0, 0, 8, []string{"one two", "three"}},
		{"the first line is shorter", "one two", 5, 2, 10, []string{"one", "two"}},
		{"nothing fits beside the head", "one two", 9, 2, 10, []string{"", "one two"}},
		{"columns keep their gap", "one  two", 0, 0, 10, []string{"one  two"}},
		{"no gap at a break", "one  two", 0, 0, 5, []string{"one", "two"}},
		{"long words stay whole", "a module.network.google_compute_subnetwork.gke b", 0, 2, 12,
			[]string{"a", "module.network.google_compute_subnetwork.gke", "b"}},
		{"wide glyphs", "日本 日本", 0, 0, 8, []string{"日本", "日本"}},
		{"empty", "", 4, 4, 10, []string{""}},
		{"only spaces", "   ", 4, 4, 10, []string{""}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, wrap(tc.text, tc.first, tc.hang, tc.width)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzWrapLosesNoWord(f *testing.F) {
	f.Add("one two  three", 3, 2, 9)
	f.Add("日本 \u202e x", 90, 0, 0)
	f.Fuzz(func(t *testing.T, text string, first, hang, width int) {
		text = Clean(text)
		got := wrap(text, first%100, hang%100, width%200)
		if a, b := strings.FieldsFunc(text, space), strings.FieldsFunc(strings.Join(got, " "), space); !cmp.Equal(a, b) {
			t.Errorf("%q became %q", text, got)
		}
	})
}

func space(r rune) bool { return r == ' ' }

func TestEither(t *testing.T) {
	for want, in := range map[string][]string{"": nil, "a": {"a"}, "a or b": {"a", "b"}, "a, b or c": {"a", "b", "c"}} {
		if got := either(in); got != want {
			t.Errorf("either(%q) = %q, want %q", in, got, want)
		}
	}
}
