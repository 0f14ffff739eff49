package diagnose

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

// Whatever the input: one clear line or a diagnosis that counts what it read, and nothing raw reaches the screen.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"cluster.json", "describe.txt", "events.txt"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, text := range []string{waitingPod, failedEvent, failedNewEvent, "", "{", "[]", `{"items":[{}],"kind":"PodList"}`, "\x00", "Name:\nNode:\n", `Failed to pull image "`,
		`{"kind":"Pod","status":{"containerStatuses":[{"state":{"waiting":{"reason":"ErrImagePull","message":"\u001b]0;x\u0007"}}}]}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Read("in", bytes.NewReader(data))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "in: ") {
				t.Errorf("the error does not name the input: %q", err)
			}
			return
		}
		d := Diagnose(r)
		if d.Failed() != (d.Pulls.Failed > 0) {
			t.Errorf("%d failed pulls, %d causes, %d not recognised", d.Pulls.Failed, len(d.Causes), len(d.Unrecognised))
		}
		for _, format := range Formats() {
			var b bytes.Buffer
			if err := Write(&b, format, "1", d, report.Options{}); err != nil {
				t.Fatal(err)
			}
			for _, c := range b.String() {
				if c != '\n' && !unicode.IsGraphic(c) {
					t.Errorf("%s holds %q", format, c)
				}
			}
		}
	})
}
