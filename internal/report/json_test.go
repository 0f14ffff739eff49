package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/schema"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema.Report))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parsed(t *testing.T, data []byte) any {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestReportsKeepToTheSchema(t *testing.T) {
	s := compiled(t)
	for name, r := range map[string]report.Report{
		"full": full(), "hostile": hostile(), "fleet": fleet(), "nothing": report.New("dev", nil, checks.Judgement{}, nil),
	} {
		if err := s.Validate(parsed(t, written(t, "json", r, report.Options{}))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSchemaRefusesWhatReadersCannotUse(t *testing.T) {
	s := compiled(t)
	good := string(written(t, "json", full(), report.Options{}))
	for name, swap := range map[string][2]string{
		"another version": {`"schema_version": 1`, `"schema_version": 2`},
		"null array":      {`"path": []`, `"path": null`},
		"unknown status":  {`"status": "pass"`, `"status": "ok"`},
		"no check":        {`"check": "nat-overlap",`, ``},
	} {
		bad := strings.Replace(good, swap[0], swap[1], 1)
		if bad == good {
			t.Fatalf("%s: nothing was changed", name)
		}
		if err := s.Validate(parsed(t, []byte(bad))); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	more := strings.Replace(good, `"schema_version": 1,`, `"schema_version": 1, "later": {},`, 1)
	if err := s.Validate(parsed(t, []byte(more))); err != nil {
		t.Errorf("an added member is refused: %v", err)
	}
}

// Every member a report writes is described, so that the schema cannot fall behind.
func TestTheSchemaDescribesEveryMember(t *testing.T) {
	root, _ := parsed(t, schema.Report).(map[string]any)
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
	walk("", root, parsed(t, written(t, "json", full(), report.Options{})))
}

func TestJSONEscapesNoHTMLAndEndsInANewline(t *testing.T) {
	r := full()
	r.Results[0].Message = "a < b && c > d"
	got := string(written(t, "json", r, report.Options{}))
	if !strings.Contains(got, r.Results[0].Message) {
		t.Error("HTML characters were escaped")
	}
	if !strings.HasSuffix(got, "\n}\n") || strings.Contains(got, "null") {
		t.Error("no trailing newline, or a null")
	}
	if !json.Valid([]byte(got)) {
		t.Error("not JSON")
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWriteSaysWhatWentWrong(t *testing.T) {
	err := report.Write(&bytes.Buffer{}, "yaml", full(), report.Options{})
	if err == nil || err.Error() != `unknown format "yaml": expected `+strings.Join(report.Formats(), ", ") {
		t.Errorf("got %v", err)
	}
	for _, format := range report.Formats() {
		err := report.Write(brokenPipe{}, format, full(), report.Options{})
		if err == nil || err.Error() != "writing the "+format+" report: broken pipe" {
			t.Errorf("%s: got %v", format, err)
		}
	}
}
