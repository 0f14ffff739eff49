package configuration_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform/configuration"
)

// fakeKnown answers for instances by "module address/type.name".
type fakeKnown struct {
	variables map[string]cty.Value
	instances map[string][]configuration.Instance
}

func (f fakeKnown) Variable(name string) (cty.Value, bool) {
	value, ok := f.variables[name]
	return value, ok
}

func (f fakeKnown) Instances(module configuration.Path, mode, typ, name string) ([]configuration.Instance, bool) {
	key := address(module) + "/" + typ + "." + name
	if mode == "data" {
		key = address(module) + "/data." + typ + "." + name
	}
	list, told := f.instances[key]
	return list, told
}

func object(pairs ...any) cty.Value {
	attrs := map[string]cty.Value{}
	for i := 0; i < len(pairs); i += 2 {
		switch value := pairs[i+1].(type) {
		case string:
			attrs[pairs[i].(string)] = cty.StringVal(value)
		case cty.Value:
			attrs[pairs[i].(string)] = value
		}
	}
	return cty.ObjectVal(attrs)
}

func unknown(from string) cty.Value { return cty.DynamicVal.Mark(origin(from)) }

func single(value cty.Value) []configuration.Instance {
	return []configuration.Instance{{Key: cty.NilVal, Value: value}}
}

func counted(values ...cty.Value) []configuration.Instance {
	list := []configuration.Instance{}
	for i, value := range values {
		list = append(list, configuration.Instance{Key: cty.NumberIntVal(int64(i)), Value: value})
	}
	return list
}

func keyed(pairs ...any) []configuration.Instance {
	list := []configuration.Instance{}
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, configuration.Instance{Key: cty.StringVal(pairs[i].(string)), Value: pairs[i+1].(cty.Value)})
	}
	return list
}

func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		full := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func open(t *testing.T, files map[string]string) *configuration.Configuration {
	t.Helper()
	config, err := configuration.Open(writeFiles(t, files))
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// plain evaluates attribute v of test_thing.x in the root module.
func plain(t *testing.T, files map[string]string, known fakeKnown) string {
	t.Helper()
	return attribute(t, files, known, nil, cty.NilVal)
}

func attribute(t *testing.T, files map[string]string, known fakeKnown, module configuration.Path, key cty.Value) string {
	t.Helper()
	attrs, ok := open(t, files).Evaluator(known).Resource(module, "managed", "test_thing", "x", key, []string{"v"})
	if !ok {
		t.Fatal("no block test_thing.x")
	}
	found, ok := attrs["v"]
	if !ok {
		return "absent"
	}
	return show(found.Value)
}
