package settings

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

var entries = []checks.Known{
	{Cluster: "", Check: "gated", Object: `data.x.y["<a>&\u007f"]`, Undecided: 2},
	{Cluster: "google_container_cluster.c", Check: "nat-node-range", Object: "google_compute_subnetwork.s", Failed: 1},
}

func TestBaselineIsReadAsItWasWritten(t *testing.T) {
	var b bytes.Buffer
	if err := WriteBaseline(&b, entries); err != nil {
		t.Fatal(err)
	}
	got, err := ReadBaseline(saved(t, b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(entries, got); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(b.String(), `["<a>&`) && !strings.Contains(b.String(), `[\"<a>&`) {
		t.Errorf("an address cannot be searched for in\n%s", b.String())
	}
	b.Reset()
	if err := WriteBaseline(&b, nil); err != nil || b.String() != "{\n  \"schema_version\": 1,\n  \"entries\": []\n}\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

func TestBaselineMayHoldMoreThanIsKnown(t *testing.T) {
	got, err := ReadBaseline(saved(t, "{\"schema_version\": 1, \"later\": {}, \"entries\": [\n\t{\"cluster\": \"c\", \"check\": \"a-later-check\", \"object\": \"o\", \"fail\": 1, \"since\": \"2026\"}]}"))
	if err != nil || len(got) != 1 || got[0].Check != "a-later-check" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestBaselineNamesWhatIsWrong(t *testing.T) {
	const expected = "expected what gkepreflight check --write-baseline writes"
	for name, tc := range map[string]struct{ text, want string }{
		"empty":                       {" \n", ": is empty: " + expected},
		"binary":                      {"{\x00}", ": is no UTF-8 text: " + expected},
		"latin 1":                     {"{\"\xe9\": 1}", ": is no UTF-8 text: " + expected},
		"YAML":                        {"schema_version: 1\n", ":1:1: is broken JSON: invalid character 's' looking for beginning of value"},
		"a conflict":                  {"{\n  \"schema_version\": 1,\n<<<<<<< HEAD\n", ":3:1: is broken JSON: invalid character '<' looking for beginning of object key string"},
		"cut off":                     {"{\n  \"entries\": [", ": is broken JSON: unexpected end of JSON input"},
		"more behind":                 {"{\"schema_version\": 1}\n{}", ":2:1: is broken JSON: invalid character '{' after top-level value"},
		"a list":                      {"[]", ": the file is of another type (array): " + expected},
		"a number":                    {"{\"schema_version\": 1, \"entries\": [{\"check\": 3}]}", "is of another type (number): " + expected},
		"another file":                {"{\"format_version\": \"1.2\"}", ": has no schema_version: " + expected},
		"a later version":             {"{\"schema_version\": 2}", ": has schema_version 2, and this version reads 1"},
		"no count":                    {"{\"schema_version\": 1, \"entries\": [{\"check\": \"gated\"}]}", ": entries[0]: expected check, object, cluster, and how many of it fail or are unknown"},
		"less than none":              {"{\"schema_version\": 1, \"entries\": [{\"check\": \"gated\", \"fail\": -1, \"unknown\": 3}]}", ": entries[0]: expected check"},
		"less than none is undecided": {"{\"schema_version\": 1, \"entries\": [{\"check\": \"gated\", \"fail\": 3, \"unknown\": -1}]}", ": entries[0]: expected check"},
		"no check":                    {"{\"schema_version\": 1, \"entries\": [{\"check\": \"gated\", \"fail\": 1}, {\"object\": \"o\", \"fail\": 1}]}", ": entries[1]: expected check, object, cluster"},
		"a number too large":          {"{\"schema_version\": 1, \"entries\": [{\"check\": \"gated\", \"fail\": 1e30}]}", "is of another type (number 1e30): " + expected},
		"a text for the version":      {"{\n \"schema_version\": \"1\"}", ":2:22: schema_version is of another type (string): " + expected},
		"a later version's entries":   {"{\"schema_version\": 2, \"entries\": [{}]}", ": has schema_version 2, and this version reads 1"},
		"entries that are a mapping":  {"{\"schema_version\": 1, \"entries\": {}}", "entries is of another type (object): " + expected},
		"the version below":           {"{\"schema_version\": -1}", ": has schema_version -1, and this version reads 1"},
	} {
		t.Run(name, func(t *testing.T) {
			file := saved(t, tc.text)
			_, err := ReadBaseline(file)
			if text := message(err); !strings.HasPrefix(text, file+":") || !strings.Contains(text, tc.want) || strings.Contains(text, "\n") {
				t.Errorf("got %q, want %q", strings.TrimPrefix(text, file), tc.want)
			}
		})
	}
}

func TestUnlocked(t *testing.T) {
	left, refused := Unlocked("base.json", append(entries, checks.Known{Check: "gated", Object: "other"}), Policy{File: "team.yaml", Locked: []string{"gated", "perimeter"}})
	if diff := cmp.Diff(entries[1:], left) + cmp.Diff([]string{"team.yaml locks gated: its 2 entries in base.json are not followed"}, refused); diff != "" {
		t.Error(diff)
	}
	if all, none := Unlocked("base.json", entries, Policy{}); len(all) != len(entries) || len(none) > 0 {
		t.Errorf("got %v, %v", all, none)
	}
}
