package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

func TestPair(t *testing.T) {
	for _, tc := range []struct {
		name             string
		formats, outputs []string
		want             []target
		err              string
	}{
		{"default", nil, nil, []target{{"text", ""}}, ""},
		{"text to a file", nil, []string{"r.txt"}, []target{{"text", "r.txt"}}, ""},
		{"json", []string{"json"}, nil, []target{{"json", ""}}, ""},
		{"both", []string{"text", "json"}, []string{"-", "r.json"}, []target{{"text", ""}, {"json", "r.json"}}, ""},
		{"the last to the screen", []string{"json", "text"}, []string{"r.json"}, []target{{"json", "r.json"}, {"text", ""}}, ""},
		{"two to the screen", []string{"text", "json"}, nil, nil, "both text and json would go to standard output: give one of them an --output FILE"},
		{"one said, one not", []string{"text", "json"}, []string{"-"}, nil, "both text and json would go to standard output: give one of them an --output FILE"},
		{"one file", []string{"text", "json"}, []string{"r", "./r"}, nil, "both text and json would be written to r"},
		{"too many outputs", []string{"text"}, []string{"a", "b"}, nil, "--output b has no --format: they are paired by position"},
		{"misspelled", []string{"jsn"}, nil, nil, `unknown format "jsn": did you mean "json"?`},
		{"unknown", []string{"postscript"}, nil, nil, `unknown format "postscript": expected one of ` + strings.Join(report.Formats(), ", ")},
		{"empty", []string{"text"}, []string{""}, nil, "--output names no file"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := pair(tc.formats, tc.outputs)
			if message(err) != tc.err {
				t.Fatalf("got error %q, want %q", message(err), tc.err)
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(target{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

func TestReplaceIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "report.json")
	if err := replace(file, text("first")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if err := replace(link, text("second")); err != nil {
		t.Fatal(err)
	}
	broken := func(w io.Writer) error {
		if err := text("half")(w); err != nil {
			return err
		}
		return errors.New("disk full")
	}
	if err := replace(file, broken); message(err) != "disk full" {
		t.Errorf("got %v", err)
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != "second" {
		t.Errorf("the file holds %q, %v", got, err)
	}
	info, err := os.Lstat(file)
	if err != nil || info.Mode() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info, err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestReplaceLeavesDevicesInPlace(t *testing.T) {
	if err := replace(os.DevNull, text("gone")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%s is %v, %v", os.DevNull, info.Mode(), err)
	}
}

func TestWriteAllWritesWhatItCan(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	std := streams{out: &out, env: func(string) string { return "" }}
	missing, good := filepath.Join(dir, "no", "r.json"), filepath.Join(dir, "r.json")
	err := writeAll([]target{{"json", missing}, {"json", dir}, {"text", ""}, {"json", good}}, report.Report{}, std)
	want := "--output " + missing + ": no such file or directory\n--output " + dir + ": is a directory"
	if message(err) != want {
		t.Errorf("got %q, want %q", message(err), want)
	}
	if !strings.HasSuffix(out.String(), "0 exceptions\n") {
		t.Errorf("standard output got %q", out.String())
	}
	if data, err := os.ReadFile(good); err != nil || !bytes.HasPrefix(data, []byte("{")) {
		t.Errorf("%s: %q, %v", good, data, err)
	}
}
