package provider

import (
	flags "flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flags.Bool("update", false, "write the golden files")

var overrides = regexp.MustCompile(`(?s)\n?Warning: Provider development overrides are in effect.*?published\s+releases\.\n`)

// TestGolden holds what people see against what terraform prints: the plan that fails, the one that goes through, and what lies between.
func TestGolden(t *testing.T) {
	fail, fixed, undecided := uncovered, covered, later
	fail.more, fixed.more, undecided.more = pool, pool, pool
	for _, test := range []struct {
		name string
		hcl  string
		exit int
	}{
		{"failing", fail.hcl(), 1},
		{"fixed", fixed.hcl(), 0},
		{"undecided", undecided.hcl(), 0},
		{"warned", including(fail, "  severity    = { \"nat-node-range\" = \"warning\" }").hcl(), 0},
		{"demo_broken", demo(t, "broken"), 1},
		{"demo_fixed", demo(t, "fixed"), 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newFolder(t, "main.tf", test.hcl).run("plan")
			r.want(t, test.exit)
			compare(t, filepath.Join("testdata", test.name+".golden"), trimmed(r.out, strings.HasPrefix(test.name, "demo")))
		})
	}
}

// demo is a configuration of examples/demo, which the README shows.
func demo(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "demo", name, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// trimmed is a plan without the warning that is due to the test alone, and, where it is to be short, from the count of actions on.
func trimmed(out string, short bool) string {
	out = strings.TrimLeft(overrides.ReplaceAllString(strings.ReplaceAll(out, "OpenTofu", "Terraform"), ""), "\n")
	if _, rest, found := strings.Cut(out, "\nPlan: "); found && short {
		out = "Plan: " + rest
	}
	return out
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./internal/provider -run TestGolden -update writes it):\n%s", path, got)
	}
	for i, line := range strings.Split(got, "\n") {
		if strings.TrimRight(line, " ") != line {
			t.Errorf("line %d ends in spaces: %q", i+1, line)
		}
	}
}
