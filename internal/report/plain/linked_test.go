package plain

import (
	"os/exec"
	"strings"
	"testing"
)

// The provider starts with every plan: it shows names, and links none of the formats with their libraries.
func TestTheProviderLinksNoFormat(t *testing.T) {
	const module = "github.com/gkepreflight/terraform-provider-gkepreflight"
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", module).Output()
	if err != nil {
		t.Fatal(err)
	}
	linked := strings.Fields(string(out))
	if len(linked) < 100 || !strings.Contains(string(out), module+"/internal/report/plain\n") {
		t.Fatalf("the provider links %d packages, and this one is not among them", len(linked))
	}
	for _, name := range linked {
		if name == module+"/internal/report" || strings.Contains(name, "go-sarif") || strings.Contains(name, "gojsonschema") {
			t.Errorf("the provider links %s", name)
		}
	}
}
