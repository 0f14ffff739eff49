package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "draw the README's picture anew")

// The README's picture shows what the demo's golden file holds, down to the fix, and that is what terraform prints.
func TestTheREADMEsPicture(t *testing.T) {
	golden, err := os.ReadFile("../../provider/testdata/demo_broken.golden")
	if err != nil {
		t.Fatal(err)
	}
	printed, _, cut := strings.Cut(string(golden), "\nWhy, and how to check by hand:")
	if !cut || !strings.Contains(printed, "✗ exit") || !strings.Contains(printed, "Write instead:") {
		t.Fatalf("the demo prints something else:\n%s", printed)
	}
	const file = "../../../docs/images/failing-plan.svg"
	want := Draw("terraform plan", printed)
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/images/failing-plan.svg is stale; run: go test ./internal/docs/picture -update")
	}
}

// shown reads a picture as a viewer does: the lines of text with their classes.
func shown(t *testing.T, picture []byte) (lines []string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(picture))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return lines
		}
		if err != nil {
			t.Fatal(err)
		}
		start, is := token.(xml.StartElement)
		if !is || start.Name.Local != "text" {
			if is && slices.Contains([]string{"script", "foreignObject", "image", "a", "use"}, start.Name.Local) {
				t.Errorf("a picture with %s", start.Name.Local)
			}
			continue
		}
		var text struct {
			Class string `xml:"class,attr"`
			Text  string `xml:",chardata"`
		}
		if err := d.DecodeElement(&text, &start); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, text.Class+"|"+text.Text)
	}
}

func TestDraw(t *testing.T) {
	got := shown(t, Draw("terraform plan", "Error: nat-node-range: <b>&\n\n  on main.tf line 3\n  ✓ route\n  ✗ exit  no way\n  ? dns\n  ! pods\n\nWrite instead:\n\n    # in nat\n    name = \"a\"\n"))
	want := []string{"p|$ terraform plan", "x e|Error: nat-node-range: <b>&", "d|on main.tf line 3", "t|✓ route", "x|✗ exit  no way", "q|? dns", "b|! pods",
		"|Write instead:", "d|# in nat", `f|name = "a"`}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if again := shown(t, Draw("terraform plan", "")); len(again) != 1 {
		t.Errorf("nothing is %q", again)
	}
}
