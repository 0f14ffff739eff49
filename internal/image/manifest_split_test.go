package image

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// Workloads and images are at the lines that an editor shows.
func TestPositions(t *testing.T) {
	yaml := func(name string) string {
		return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\nspec:\n  containers:\n  - image: " + name + "\n"
	}
	json := func(name string) string {
		return "{\n  \"apiVersion\": \"v1\", \"kind\": \"Pod\",\n\t\"metadata\": {\"name\": \"" + name + "\"},\n  \"spec\": {\"containers\": [\n    {\"image\": \"" + name + "\"}]}}\n"
	}
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"one", yaml("a"), []string{"a 1 6"}},
		{"comments before", "# of the file\n\n# of the pod\n" + yaml("a"), []string{"a 4 9"}},
		{"separator first", "---\n" + yaml("a"), []string{"a 2 7"}},
		{"rendered by Helm", "---\n# Source: chart/a.yaml\n" + yaml("a") + "---\n# Source: chart/b.yaml\n" + yaml("b"), []string{"a 3 8", "b 11 16"}},
		{"comment on a separator", yaml("a") + "--- # next\n" + yaml("b"), []string{"a 1 6", "b 8 13"}},
		{"object on a separator", "--- {apiVersion: v1, kind: Pod, spec: {containers: [{image: x}]}}\n--- {kind: Pod, spec: {containers: [{image: y}]}}", []string{" 1 1", " 2 2"}},
		{"empty documents", "---\n\n---\n---\n" + yaml("a") + "---\n", []string{"a 5 10"}},
		{"directive", "%YAML 1.1\n---\n" + yaml("a"), []string{"a 3 8"}},
		{"directive of a later version", "%YAML 1.2\n---\n" + yaml("a") + "...\n%YAML 1.2\n---\n" + yaml("b"), []string{"a 3 8", "b 12 17"}},
		{"end of a document", yaml("a") + "...\n" + yaml("b"), []string{"a 1 6", "b 8 13"}},
		{"Windows", strings.ReplaceAll(yaml("a")+"---\n"+yaml("b"), "\n", "\r\n"), []string{"a 1 6", "b 8 13"}},
		{"byte order mark", "\xef\xbb\xbf" + yaml("a"), []string{"a 1 6"}},
		{"no break at the end", strings.TrimSuffix(yaml("a"), "\n"), []string{"a 1 6"}},
		{"a separator within a line", "apiVersion: v1\nkind: ConfigMap\ndata: {a: x --- y}\n---\n" + yaml("a"), []string{"a 5 10"}},
		{"an indented separator in text", "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    ---\n    kind: Pod\n---\n" + yaml("a"), []string{"a 8 13"}},
		{"dashes that are no separator", "apiVersion: v1\nkind: ConfigMap\n---x: y\n---\n" + yaml("a"), []string{"a 5 10"}},
		{"in a list", "apiVersion: v1\nkind: List\nitems:\n- " + strings.TrimPrefix(indent(2, yaml("a")), "  "), []string{"a 4 9"}},
		{"JSON", json("a"), []string{"a 1 5"}},
		{"JSON after JSON", json("a") + json("b"), []string{"a 1 5", "b 6 10"}},
		{"JSON between separators", "---\n" + json("a") + "---\n" + yaml("b"), []string{"a 2 6", "b 8 13"}},
		{"JSON a line", strings.Repeat(`{"kind":"Pod","spec":{"containers":[{"image":"}{"}]}}`+"\n", 2), []string{" 1 1", " 2 2"}},
		{"JSON on one line", strings.Repeat(`{"kind":"Pod","spec":{"containers":[{"image":"\"{"}]}}`, 2), []string{" 1 1", " 1 1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for way, r := range map[string]io.Reader{"at once": strings.NewReader(tc.text), "byte by byte": iotest.OneByteReader(strings.NewReader(tc.text))} {
				m, err := ReadManifests(r, "app.yaml")
				if err != nil {
					t.Fatal(err)
				}
				got := []string{}
				for _, w := range m.Workloads {
					got = append(got, fmt.Sprintf("%s %d %d", w.Name, w.Line, w.Images[0].Line))
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("%s: %s\n%s", way, diff, tc.text)
				}
			}
		})
	}
}

// Columns of JSON on a line that another object ends on.
func TestColumns(t *testing.T) {
	_, err := ReadManifests(strings.NewReader(`{"kind":"é"}{"kind":"Pod","spec":5}`), "a.json")
	if err == nil || !strings.HasPrefix(err.Error(), "a.json:1:34: expected a mapping") {
		t.Error(err)
	}
}

// repeated is a text, many times over, that notes the most memory in use while it is read.
type repeated struct {
	text  string
	times int
	part  *strings.Reader
	most  uint64
	calls int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.calls++; r.calls%64 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		r.most = max(r.most, m.HeapAlloc)
	}
	if r.part == nil || r.part.Len() == 0 {
		if r.times == 0 {
			return 0, io.EOF
		}
		r.times--
		r.part = strings.NewReader(r.text)
	}
	return r.part.Read(p)
}

// A stream takes the memory of its documents, not its own.
func TestStreamInBoundedMemory(t *testing.T) {
	document := head("v1", "ConfigMap") + "data:\n  a: " + strings.Repeat("x", 2000) + "\n---\n"
	r := &repeated{text: document, times: (50 << 20) / len(document)}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	m, err := ReadManifests(r, "stream.yaml")
	if err != nil || len(m.Workloads) > 0 {
		t.Fatal(err)
	}
	if r.most > before.HeapAlloc+(32<<20) {
		t.Errorf("50 MiB of documents took %d MiB", (r.most-before.HeapAlloc)>>20)
	}
}

// A document of 50 MB is read; one of more than 64 MiB is refused where it begins, whether it has lines or not.
func TestLargeDocuments(t *testing.T) {
	large := &repeated{text: "    " + strings.Repeat("x", 1000) + "\n", times: 50_000}
	m, err := ReadManifests(io.MultiReader(strings.NewReader(head("v1", "ConfigMap")+"data:\n  a: |\n"), large, strings.NewReader("---\n"+head("v1", "Pod")+"spec:\n"+indent(2, onePod))), "large.yaml")
	if err != nil || len(m.Workloads) != 1 || m.Workloads[0].Line != 50_008 {
		t.Errorf("%+v, %v", m.Workloads, err)
	}
	long := strings.Repeat("x", 1000)
	for name, text := range map[string]string{"lines": "  k: " + long + "\n", "one line": long, "comments": "# " + long + "\n", "JSON": "{\"" + long + "\":\n"} {
		t.Run(name, func(t *testing.T) {
			block := strings.Repeat(text, 1000)
			_, err := ReadManifests(io.MultiReader(strings.NewReader("kind: Pod\n---\n"), &repeated{text: block, times: maxDocument/len(block) + 2}), "huge.yaml")
			if !errors.Is(err, errTooLarge) || !strings.HasPrefix(err.Error(), "huge.yaml:2:1: the document is larger than 64 MiB") {
				t.Error(err)
			}
		})
	}
}
