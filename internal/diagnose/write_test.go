package diagnose

import (
	"bytes"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/gkepreflight/terraform-provider-gkepreflight/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

func written(t *testing.T, format string, d Diagnosis, o report.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, "1.2.3", d, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

// explained is the cluster of the test data beside a network without a gateway.
func explained(t *testing.T) Diagnosis {
	d := Diagnose(readFile(t, "cluster.json"))
	d.Explain(checks.Judgement{}, judged([]string{"apps"}, result("apps", "nat-node-range", topology.Fail), result("apps", "registry-access", topology.Undecided)))
	return d
}

func TestGolden(t *testing.T) {
	for name, tc := range map[string]struct {
		d      Diagnosis
		format string
		o      report.Options
	}{
		"cluster.text":   {explained(t), "text", report.Options{}},
		"cluster.json":   {explained(t), "json", report.Options{}},
		"cluster.narrow": {explained(t), "text", report.Options{Width: 60, Color: true, ASCII: true}},
		"describe.text":  {Diagnose(readFile(t, "describe.txt")), "text", report.Options{}},
		"events.text":    {Diagnose(readFile(t, "events.txt")), "text", report.Options{}},
		"nothing.text":   {Diagnose(readText(t, `{"kind":"List","items":[]}`)), "text", report.Options{}},
		"nothing.json":   {Diagnose(readText(t, `{"kind":"List","items":[]}`)), "json", report.Options{}},
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, written(t, tc.format, tc.d, tc.o)) })
	}
}

func TestNothingSecretAndNothingRawIsWritten(t *testing.T) {
	for _, format := range Formats() {
		got := written(t, format, explained(t), report.Options{})
		for _, never := range []string{"TOP-SECRET", "abcdef", "\x1b", "\x9b"} {
			if strings.Contains(got, never) {
				t.Errorf("%s holds %q", format, never)
			}
		}
	}
}

func TestLongListsAreCutOnTheScreenOnly(t *testing.T) {
	r := newReading()
	for i := range 30 {
		r.Failures = append(r.Failures, Failure{Namespace: "n", Pod: "p" + string(rune('a'+i)), Image: "a", Message: "toomanyrequests"})
	}
	d := Diagnose(r)
	if got := written(t, "text", d, report.Options{}); !strings.Contains(got, "and 20 more") {
		t.Errorf("got\n%s", got)
	}
	if got := written(t, "json", d, report.Options{}); strings.Count(got, `"namespace"`) != 30 {
		t.Error("JSON must hold all pods")
	}
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("diagnose.schema.json", parsed(t, string(schema.Diagnose))); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("diagnose.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parsed(t *testing.T, text string) any {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestJSONKeepsToTheSchema(t *testing.T) {
	s := compiled(t)
	good := written(t, "json", explained(t), report.Options{})
	for name, text := range map[string]string{"cluster": good, "nothing": written(t, "json", Diagnosis{}, report.Options{})} {
		if err := s.Validate(parsed(t, text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, swap := range map[string][2]string{
		"another version":    {`"schema_version": 1`, `"schema_version": 2`},
		"null array":         {`"explained_by": []`, `"explained_by": null`},
		"unknown confidence": {`"confidence": "likely"`, `"confidence": "sure"`},
		"no name":            {`"cause": "no-path-to-internet",`, ``},
	} {
		bad := strings.Replace(good, swap[0], swap[1], 1)
		if bad == good {
			t.Fatalf("%s: nothing was changed", name)
		}
		if err := s.Validate(parsed(t, bad)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// Every member that is written is described, so that the schema cannot fall behind.
func TestTheSchemaDescribesEveryMember(t *testing.T) {
	root, _ := parsed(t, string(schema.Diagnose)).(map[string]any)
	var walk func(at string, s map[string]any, v any)
	walk = func(at string, s map[string]any, v any) {
		if ref, ok := s["$ref"].(string); ok {
			defs, _ := root["$defs"].(map[string]any)
			s, _ = defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		}
		switch v := v.(type) {
		case []any:
			items, _ := s["items"].(map[string]any)
			for _, e := range v {
				walk(at+"[]", items, e)
			}
		case map[string]any:
			properties, _ := s["properties"].(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(v)) {
				p, ok := properties[name].(map[string]any)
				if !ok {
					t.Errorf("%s.%s is not in the schema", at, name)
					continue
				}
				walk(at+"."+name, p, v[name])
			}
		}
	}
	walk("", root, parsed(t, written(t, "json", explained(t), report.Options{})))
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWriteSaysWhatWentWrong(t *testing.T) {
	if err := Write(&bytes.Buffer{}, "yaml", "1", Diagnosis{}, report.Options{}); err == nil || err.Error() != `unknown format "yaml": expected json or text` {
		t.Errorf("got %v", err)
	}
	for _, format := range Formats() {
		if err := Write(brokenPipe{}, format, "1", Diagnosis{}, report.Options{}); err == nil || err.Error() != "writing the "+format+" diagnosis: broken pipe" {
			t.Errorf("%s: got %v", format, err)
		}
	}
}
