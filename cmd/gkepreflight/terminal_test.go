package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

func TestTerminal(t *testing.T) {
	for _, tc := range []struct {
		name string
		env  map[string]string
		want report.Options
	}{
		{"plain", nil, report.Options{Color: true}},
		{"no colour", map[string]string{"NO_COLOR": "1"}, report.Options{}},
		{"dumb", map[string]string{"TERM": "dumb"}, report.Options{}},
		{"UTF-8", map[string]string{"LANG": "de_DE.UTF-8"}, report.Options{Color: true}},
		{"utf8", map[string]string{"LC_CTYPE": "C.utf8", "LANG": "C"}, report.Options{Color: true}},
		{"POSIX", map[string]string{"LC_ALL": "C", "LANG": "en_US.UTF-8"}, report.Options{Color: true, ASCII: true}},
	} {
		if got := terminal(func(name string) string { return tc.env[name] }); got != tc.want {
			t.Errorf("%s: got %+v, want %+v", tc.name, got, tc.want)
		}
	}
}

// A log is the same whoever made it: nothing in the environment colours or wraps what goes to a file or a pipe.
func TestScreenOffATerminal(t *testing.T) {
	env := func(name string) string { return map[string]string{"LC_ALL": "C", "COLUMNS": "20"}[name] }
	file, err := os.Create(t.TempDir() + "/log")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got := screen(file, env); got != (report.Options{}) {
		t.Errorf("file: %+v", got)
	}
	if got := screen(&bytes.Buffer{}, env); got != (report.Options{}) {
		t.Errorf("buffer: %+v", got)
	}
	if interactive(file) || interactive(&bytes.Buffer{}) {
		t.Error("taken for a terminal")
	}
}
