package main

import (
	"slices"
	"strings"
	"testing"
)

// What a shell is offered: the words that fit, and at the end a directive, of which :4 says "no files" and :0 "files too".
func TestCompletion(t *testing.T) {
	for _, c := range []struct {
		name  string
		typed []string
		first string // the first word offered, without its description
		count int    // of words
		files bool
	}{
		{"commands", []string{"ch"}, "check", 1, false},
		{"checks to explain", []string{"explain", "nat-n"}, "nat-node-range", 1, false},
		{"checks to leave out", []string{"check", "--skip", "nat-c"}, "nat-capacity", 1, false},
		{"the last of a list", []string{"check", "--only", "gated,nat-c"}, "gated,nat-capacity", 1, false},
		{"levels of a check", []string{"check", "--severity", "gated="}, "gated=error", 3, false},
		{"formats", []string{"check", "--format", "sar"}, "sarif", 1, false},
		{"formats of diagnose", []string{"diagnose", "--format", ""}, "json", 2, false},
		{"words of internet", []string{"check", "--internet", "r"}, "required", 1, false},
		{"words of mirror", []string{"check", "--mirror", "al"}, "allow", 1, false},
		{"words of fail-on", []string{"check", "--fail-on", "w"}, "warning", 1, false},
		{"no check of that name", []string{"check", "--only", "nat-x"}, "", 0, false},
		{"clusters are not files", []string{"check", "--cluster", ""}, "", 0, false},
		{"a plan is a file", []string{"check", "--plan", ""}, "", 0, true},
		{"an output is a file", []string{"check", "--output", ""}, "", 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, _ := call(t, append([]string{"__complete"}, c.typed...)...)
			lines := strings.Split(strings.TrimSpace(out), "\n")
			words, directive := lines[:len(lines)-1], lines[len(lines)-1]
			if code != 0 || len(words) != c.count {
				t.Fatalf("status %d, %d words, want %d:\n%s", code, len(words), c.count, out)
			}
			if c.count > 0 {
				if first, _, _ := strings.Cut(words[0], "\t"); first != c.first {
					t.Errorf("offered %q first, want %q", first, c.first)
				}
			}
			if got := directive == ":0"; got != c.files {
				t.Errorf("files are offered: %v, want %v (%s)", got, c.files, directive)
			}
		})
	}
}

func TestCompletionScripts(t *testing.T) {
	for shell, marks := range map[string][]string{
		"bash": {"complete -o default", "__start_gkepreflight"}, "zsh": {"#compdef gkepreflight"},
		"fish": {"complete -c gkepreflight"}, "powershell": {"Register-ArgumentCompleter -CommandName 'gkepreflight'"},
	} {
		code, out, stderr := call(t, "completion", shell)
		if code != 0 || stderr != "" || slices.ContainsFunc(marks, func(m string) bool { return !strings.Contains(out, m) }) {
			t.Errorf("%s: status %d, stderr %q, %d bytes without one of %q", shell, code, stderr, len(out), marks)
		}
	}
}
