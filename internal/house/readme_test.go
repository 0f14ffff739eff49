package house

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

var update = flag.Bool("update", false, "write what the README shows anew")

// What the README shows is what the golden files hold, and those are what the programs print.
func TestREADMEShowsWhatIsPrinted(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(readme)
	for name, want := range map[string]string{
		"demo:broken": fenced(t, "../provider/testdata/demo_broken.golden"),
		"checks":      catalogue(),
		"permissions": role(t),
	} {
		block := regexp.MustCompile(`(?s)<!-- ` + name + ` -->\n(.*?)<!-- /` + name + ` -->`)
		found := block.FindStringSubmatchIndex(text)
		if found == nil {
			t.Errorf("README has no block %s", name)
			continue
		}
		if *update {
			text = text[:found[2]] + want + text[found[3]:]
		} else if got := text[found[2]:found[3]]; got != want {
			t.Errorf("README block %s is stale (go test ./internal/house -update):\n%s", name, got)
		}
	}
	if *update {
		if err := os.WriteFile("../../README.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func fenced(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return "```text\n" + strings.TrimSpace(string(b)) + "\n```\n"
}

// TestPermissionsOnlyRead holds what README and guides say of the role.
func TestPermissionsOnlyRead(t *testing.T) {
	reads := regexp.MustCompile(`\.(get|list|getIamPolicy|getEffectiveFirewalls)$`)
	for _, c := range checks.All() {
		for _, p := range c.Permissions {
			if !reads.MatchString(p) {
				t.Errorf("%s needs %s, which is no permission to get or list", c.Name, p)
			}
		}
	}
}

// role is what gkepreflight explain --permissions prints.
func role(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	if err := report.Role(&b, checks.All()); err != nil {
		t.Fatal(err)
	}
	return "```yaml\n" + b.String() + "```\n"
}

// catalogue is the table of checks.
func catalogue() string {
	var b strings.Builder
	b.WriteString("| check | severity | holds when |\n|---|---|---|\n")
	for _, c := range checks.All() {
		fmt.Fprintf(&b, "| [`%s`](docs/guides/check-%s.md) | %s | %s |\n", c.Name, c.Name, c.Severity, c.Holds)
	}
	return b.String()
}
