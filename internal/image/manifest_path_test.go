package image

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree writes files, and links where the text begins with an arrow.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		err := error(nil)
		if target, link := strings.CutPrefix(text, "-> "); link {
			err = os.Symlink(filepath.FromSlash(target), path)
		} else {
			err = os.WriteFile(path, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func podOf(image string) string {
	return head("v1", "Pod") + "spec:\n  containers:\n  - image: " + image + "\n"
}

func TestReadPath(t *testing.T) {
	root := tree(t, map[string]string{
		"b.yaml":               podOf("b"),
		"a/z.yml":              podOf("z"),
		"a/k.JSON":             `{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"k"}]}}`,
		"a/notes.txt":          "containers:\n- image: not\n",
		"a/up":                 "-> ..",
		"a/self":               "-> self",
		"linked":               "-> a",
		"link.yaml":            "-> b.yaml",
		".git/c.yaml":          podOf("hidden"),
		".hidden.yaml":         "a: [",
		"values.yaml":          "image: {repository: not}\n---\n" + podOf("behind"),
		"package.json":         `{"name": "not"}`,
		"list.yaml":            "- a\n",
		"d.yaml/inner.yaml":    podOf("inner"),
		"kustomization.yaml":   "resources: [b.yaml]\n",
		"empty/none/.gitkeep":  "",
		"commented/empty.yaml": "# nothing\n",
	})
	m, err := ReadPath(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, w := range m.Workloads {
		name, err := filepath.Rel(root, w.File)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(name)+" "+w.Images[0].Ref)
	}
	want := []string{"a/k.JSON k", "a/z.yml z", "b.yaml b", "d.yaml/inner.yaml inner", "link.yaml b", "linked/k.JSON k", "linked/z.yml z", "values.yaml behind"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	m, err = ReadPath(filepath.Join(root, "a", "notes.txt"), nil)
	if err == nil {
		t.Errorf("a file that is named is read whatever it is called: %+v", m)
	}
	m, err = ReadPath(filepath.Join(root, ".git", "c.yaml"), nil)
	if err != nil || len(m.Workloads) != 1 {
		t.Errorf("a hidden file that is named: %+v, %v", m, err)
	}
	m, err = ReadPath("-", strings.NewReader(podOf("in")))
	if err != nil || len(m.Workloads) != 1 || m.Workloads[0].File != "-" {
		t.Errorf("standard input: %+v, %v", m, err)
	}
}

// A path that gives nothing says so: nothing to pull would be an answer too.
func TestReadPathRefuses(t *testing.T) {
	root := tree(t, map[string]string{
		"empty/notes.txt":    "x",
		"values/values.yaml": "a: 1\n",
		"broken/a.yaml":      "kind: Pod\n b: 1\n",
		"chart/Chart.yaml":   "apiVersion: v2\nname: web\n",
		"chart/d.yaml":       "kind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n",
		"loose/gone.yaml":    "-> nowhere.yaml",
	})
	for name, tc := range map[string]struct{ path, says string }{
		"no such file":           {"gone", "gone: no such file"},
		"folder of no manifests": {"empty", "empty: holds no manifest: expected .yaml, .yml or .json files in it"},
		"folder of no objects":   {"values", "values: none of its files (1) holds a Kubernetes object"},
		"broken file":            {"broken", filepath.Join("broken", "a.yaml") + ":2:3: is broken YAML"},
		"chart":                  {"chart", filepath.Join("chart", "d.yaml") + ":3:10: " + rendered},
		"link to nothing":        {"loose", filepath.Join("loose", "gone.yaml") + ": no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadPath(filepath.Join(root, tc.path), nil)
			if err == nil || !strings.Contains(err.Error(), tc.says) || strings.Count(err.Error(), root) != 1 {
				t.Errorf("error %v, want %q", err, tc.says)
			}
		})
	}
	if _, err := ReadPath("-", nil); err == nil {
		t.Error("no standard input, and no error")
	}
}
