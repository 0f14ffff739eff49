package terraform

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each kind of wrong input is answered with one line that names the file, what it is, and what was expected.
func TestReadNamesWhatTheInputIs(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "is empty"},
		{"white space", " \n\t\n", "is empty"},
		{"words", "hello", "is not JSON"},
		{"HCL", "# network\n\nresource \"google_compute_network\" \"n\" {\n  name = \"n\"\n}\n", "is Terraform configuration (HCL)"},
		{"HCL that begins with settings", "terraform {\n  required_version = \"1\"\n}\n", "is Terraform configuration (HCL)"},
		{"a plan for people", "\nTerraform used the selected providers to generate the following execution plan.\n", "is what terraform prints for people"},
		{"UTF-16", "\xff\xfe{\x00}\x00", "is UTF-16"},
		{"a zip archive", "PK\x03\x04....", "is a saved plan"},
		{"gzip", "\x1f\x8b\x08\x00", "is compressed"},
		{"an array", "[]", "is JSON, but an array"},
		{"null", "null", "is JSON, but null"},
		{"a string", `"text"`, "is JSON, but a string"},
		{"an object of something else", `{"kind":"Pod"}`, "has no format_version"},
		{"cut off", `{"format_version":"1.2","resource_changes":[{"address":"a`, "is truncated"},
		{"cut off behind a value", `{"format_version":"1.2"`, "is truncated"},
		{"broken", `{"format_version":"1.2",,}`, "is not valid JSON at byte 2"},
		{"two documents", `{"format_version":"1.2"}{"format_version":"1.2"}`, "has more after the end"},
		{"another major version", `{"format_version":"2.0","resource_changes":"other"}`, `has format_version "2.0": expected major version 1`},
		{"an old version", `{"format_version":"0.1"}`, "expected major version 1"},
		{"a version of another type", `{"format_version":1.2}`, "format_version at /format_version is a number, expected a string"},
		{"an errored plan", `{"format_version":"1.2","planned_values":{},"errored":true}`, "errored is true"},
		{"a partial plan", `{"format_version":"1.2","planned_values":{},"complete":false}`, "complete is false"},
		{"a raw state", `{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"x","resources":[]}`, "is a raw state file"},
		{"an asset export", `{"name":"//compute.googleapis.com/projects/p/global/networks/n","asset_type":"compute.googleapis.com/Network"}` + "\n" + `{"name":"b"}`, "is an asset export: give it with --assets"},
		{"an asset export as the API writes it", `{"name":"//compute.googleapis.com/projects/p/global/networks/n","assetType":"compute.googleapis.com/Network"}`, "is an asset export: give it with --assets"},
		{"a schema dump", `{"format_version":"1.0","provider_schemas":{}}`, "providers schema -json"},
		{"a log", `{"@level":"info","@message":"Terraform 1.11.4"}` + "\n" + `{"@level":"info"}`, "is the log of"},
		{"changes of another type", `{"format_version":"1.2","resource_changes":"none"}`, "resource_changes at /resource_changes is a string, expected an array"},
		{"a change of another type", `{"format_version":"1.2","resource_changes":[5]}`, "at /resource_changes/0 is a number, expected an object"},
		{"an address of another type", `{"format_version":"1.2","resource_changes":[{"address":{}}]}`, "address at /resource_changes/0/address is an object, expected a string"},
		{"a configuration of another type", `{"format_version":"1.2","configuration":{"root_module":[]}}`, "at /configuration/root_module is an array, expected an object"},
		{"actions of another type in a sorted plan", `{"format_version":"1.2","resource_changes":[{"change":{"actions":"create"},"type":"google_compute_network"}]}`, "actions at /actions is a string, expected an array"},
		{"a line break in a name", `{"format_version":"1.2","provider` + `_schemas":{},"configuration":{"provider_config":{"a\nb":7}}}`, `"/configuration/provider_config/a\nb"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "input.json")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			in := Input{Plans: []string{"-"}, Stdin: strings.NewReader(c.text)}
			_, err := Read(context.Background(), in)
			if err == nil {
				t.Fatal("read without an error")
			}
			if got := err.Error(); !strings.HasPrefix(got, "-: ") || !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if _, err := Read(context.Background(), Input{States: []string{file}}); err == nil || !strings.HasPrefix(err.Error(), file+": ") {
				t.Errorf("as a state: %v", err)
			}
		})
	}
}

func TestReadNamesWrongFiles(t *testing.T) {
	dir := t.TempDir()
	state, plan := filepath.Join(dir, "state.json"), filepath.Join(dir, "plan.json")
	for file, text := range map[string]string{state: `{"format_version":"1.0","values":{"root_module":{}}}`, plan: `{"format_version":"1.2","planned_values":{}}`} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		in   Input
		want string
	}{
		{"a missing file", Input{Plans: []string{filepath.Join(dir, "none")}}, "no such file or directory: expected a file"},
		{"a folder", Input{Plans: []string{dir}}, dir + ": is a directory: expected a file"},
		{"a folder as a state", Input{States: []string{dir}}, dir + ": is a directory: expected a file"},
		{"a configuration that is not there", Input{Plans: []string{plan}, ConfigDir: filepath.Join(dir, "none")}, filepath.Join(dir, "none") + ": no such file or directory: expected the folder of the configuration"},
		{"a state as a plan", Input{Plans: []string{state}}, "is a state: give it with --state"},
		{"a plan as a state", Input{States: []string{plan}}, "is a plan: give it with --plan"},
		{"no standard input", Input{Plans: []string{"-"}}, "there is no standard input"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Read(context.Background(), c.in); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestReadAcceptsPlansWithoutClusters(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"an empty plan", `{"format_version":"1.2","planned_values":{"root_module":{}},"configuration":{"root_module":{}}}`},
		{"a plan to destroy everything", `{"format_version":"1.2","planned_values":{},"resource_changes":[]}`},
		{"nulls", `{"format_version":"1.2","planned_values":null,"resource_changes":null,"configuration":null,"prior_state":null,"variables":null,"errored":null}`},
		{"a later minor version", `{"format_version":"1.99","planned_values":{},"new":{"a":[1]}}`},
		{"Terraform 1.0", `{"format_version":"0.2","planned_values":{}}`},
		{"a byte order mark", "\xef\xbb\xbf" + `{"format_version":"1.2","planned_values":{}}`},
		{"other resources", `{"format_version":"1.2","resource_changes":[{"address":"null_resource.a","type":"null_resource","name":"a","mode":"managed","change":{"actions":["create"],"after":{"triggers":null}}}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Read(context.Background(), Input{Plans: []string{"-"}, Stdin: strings.NewReader(c.text)})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.After.Clusters) != 0 || len(r.Sources) != 1 || r.Changed {
				t.Errorf("read %+v", r)
			}
		})
	}
}
