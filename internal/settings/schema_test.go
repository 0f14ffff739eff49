package settings

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/schema"
)

var update = flag.Bool("update", false, "write the names of the checks into the schemas")

// fits holds a text, YAML or JSON, against a schema.
func fits(t *testing.T, schema []byte, text string) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("s.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("s.json")
	if err != nil {
		t.Fatal(err)
	}
	converted, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(converted))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(value)
}

// The published schema and the reader agree, so that an editor says what the command would.
func TestConfigSchemaAndReaderAgree(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		good bool
	}{
		"whole":            {whole, true},
		"empty":            {"", true},
		"commented out":    {"ignore:\nskip:\nonly:\nseverity:\n", true},
		"no entries":       {"ignore: []\nskip: []\nseverity: {}\n", true},
		"unknown key":      {"ignroe: []\n", false},
		"unknown word":     {"mirror: none\n", false},
		"no word":          {"mirror:\n", false},
		"wrong type":       {"strict: maybe\n", false},
		"no limit":         {"docker_hub_limit: 0\n", false},
		"unknown check":    {"only: [gatd]\n", false},
		"unknown level":    {"severity: {gated: warn}\n", false},
		"severity's check": {"severity: {gatd: info}\n", false},
		"no reason":        {"ignore: [{check: gated}]\n", false},
		"blank reason":     {"ignore: [{check: gated, reason: ' '}]\n", false},
		"no check":         {"ignore: [{reason: r}]\n", false},
		"no objects":       {"ignore: [{check: gated, reason: r, objects: []}]\n", false},
		"an empty object":  {"ignore: [{check: gated, reason: r, objects: ['']}]\n", false},
		"no day":           {"ignore: [{check: gated, reason: r, expires: soon}]\n", false},
		"an empty day":     {"ignore: [{check: gated, reason: r, expires: ''}]\n", false},
		"unknown member":   {"ignore: [{check: gated, reason: r, until: soon}]\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			_, read := ReadConfig(saved(t, tc.text))
			if schemed := fits(t, schema.Config, tc.text); (schemed == nil) != tc.good || (read == nil) != tc.good {
				t.Errorf("the schema says %v, the reader %v", schemed, read)
			}
		})
	}
}

func TestPolicySchemaAndReaderAgree(t *testing.T) {
	for text, good := range map[string]bool{
		"":                                true,
		"locked:\nseverity_floor:\n":      true,
		"locked: [gated]\nmirror: deny\n": true,
		"severity_floor: {gated: error}":  true,
		"locked: [gatd]\n":                false,
		"severity_floor: {gated: never}":  false,
		"ignore: []\n":                    false,
		"strict: 1\n":                     false,
	} {
		_, read := ReadPolicy(saved(t, text))
		if schemed := fits(t, schema.Policy, text); (schemed == nil) != good || (read == nil) != good {
			t.Errorf("%q: the schema says %v, the reader %v", text, schemed, read)
		}
	}
}

func TestBaselinesKeepToTheSchema(t *testing.T) {
	for _, list := range [][]checks.Known{nil, entries} {
		var b bytes.Buffer
		if err := WriteBaseline(&b, list); err != nil {
			t.Fatal(err)
		}
		if err := fits(t, schema.Baseline, b.String()); err != nil {
			t.Error(err)
		}
	}
}

// The examples of the repository are good, to the schema and to the reader.
func TestExamples(t *testing.T) {
	for file, is := range map[string][]byte{"../../examples/settings/.gkepreflight.yaml": schema.Config, "../../examples/settings/policy.yaml": schema.Policy} {
		text, err := slurp(file, largest)
		if err != nil {
			t.Fatal(err)
		}
		if err := fits(t, is, string(text)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		read := func(name string) error { _, err := ReadConfig(name); return err }
		if strings.HasSuffix(file, "policy.yaml") {
			read = func(name string) error { _, err := ReadPolicy(name); return err }
		}
		if err := read(file); err != nil {
			t.Error(err)
		}
	}
}

var enum = regexp.MustCompile(`(?s)("description": "The name of a check\.",\s*"enum": )\[.*?\]`)

// The schemas list every check and every choice there is.
func TestSchemasNameEveryChoice(t *testing.T) {
	for name, text := range map[string][]byte{"config": schema.Config, "policy": schema.Policy} {
		if *update {
			list, err := json.MarshalIndent(checks.Names(), "      ", "  ")
			if err != nil {
				t.Fatal(err)
			}
			text = enum.ReplaceAll(text, append([]byte("${1}"), list...))
			if err := os.WriteFile("../../schema/"+name+".schema.json", text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var s struct {
			Properties map[string]struct{ Enum []string }
			Defs       map[string]struct{ Enum []string } `json:"$defs"`
		}
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatal(err)
		}
		for of, lists := range map[string][2][]string{"checks (go test ./internal/settings -update writes them)": {checks.Names(), s.Defs["check"].Enum}, "levels": {Levels, s.Defs["level"].Enum},
			"internet": {Internets, s.Properties["internet"].Enum}, "mirror": {Mirrors, s.Properties["mirror"].Enum}, "fail_on": {FailOns, s.Properties["fail_on"].Enum}} {
			if diff := cmp.Diff(lists[0], lists[1]); diff != "" {
				t.Errorf("%s: %s: %s", name, of, diff)
			}
		}
	}
}
