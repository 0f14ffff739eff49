package report

import (
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report/plain"
)

// Clean makes text from the input safe to show on one line. It lives in a package of its own, so that the provider, which
// shows names too, links no format.
func Clean(s string) string { return plain.Text(s) }

// cleanLines keeps the lines of a text we wrote ourselves, a fix or an example, and cleans each: names from the input are
// in them too.
func cleanLines(s string) []string {
	lines := strings.Split(strings.Trim(s, "\n"), "\n")
	for i, line := range lines {
		lines[i] = Clean(strings.TrimRight(strings.ReplaceAll(line, "\t", "  "), " "))
	}
	return lines
}
