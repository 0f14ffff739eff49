package provider

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestStartBuildsNothing: every terraform command starts the provider several times, mostly for its schema alone. What our own packages build before
// main, clients and descriptors above all, waits for the first question instead.
func TestStartBuildsNothing(t *testing.T) {
	t.Parallel()
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(dir, "terraform-provider-gkepreflight"))
	cmd.Env = []string{"GODEBUG=inittrace=1"} // without Terraform's cookie it says so and ends
	out, _ := cmd.CombinedOutput()
	const own, most = "github.com/gkepreflight/", 1 << 20
	ours := 0
	// A line is: init PACKAGE @TIME ms, TIME ms clock, BYTES bytes, NUMBER allocs.
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if len(words) < 9 || words[0] != "init" || !strings.HasPrefix(words[1], own) {
			continue
		}
		bytes, err := strconv.Atoi(words[7])
		if err != nil || words[8] != "bytes," {
			t.Fatalf("a line of another form: %q", line)
		}
		if ours += bytes; bytes > most/2 {
			t.Errorf("%s takes %d KiB before main", words[1], bytes>>10)
		}
	}
	if ours == 0 || ours > most {
		t.Errorf("our packages take %d KiB before main, at most %d:\n%s", ours>>10, most>>10, out)
	}
}
