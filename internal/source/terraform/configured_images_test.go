package terraform

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// The configuration gives back what plan JSON loses of an interpolation: its literal host, and what follows from a repository's names.
func TestImagesFromTheConfiguration(t *testing.T) {
	dir := "../../testdata/plans/12-k8s-workloads"
	read := func(config string) (known []string, open int) {
		r, err := Read(context.Background(), Input{Plans: []string{filepath.Join(dir, "plan.json")}, ConfigDir: config})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range r.After.Images {
			if ref, ok := u.Ref.Get(); ok {
				known = append(known, ref)
			} else {
				open++
			}
		}
		return known, open
	}
	if _, open := read(""); open != 2 {
		t.Errorf("JSON alone leaves %d images open, expected 2", open)
	}
	known, open := read(dir)
	if open != 0 {
		t.Errorf("%d images stay open with the configuration", open)
	}
	for _, want := range []string{"us-central1-docker.pkg.dev/demo-project/dockerhub/library/nginx:1.27", "us-central1-docker.pkg.dev/demo-project/apps/app:1.0"} {
		if !slices.Contains(known, want) {
			t.Errorf("%s is not among %v", want, known)
		}
	}
}

func TestGraftTakesImagesAndNothingElse(t *testing.T) {
	plan := cty.ObjectVal(map[string]cty.Value{"container": cty.TupleVal([]cty.Value{
		cty.ObjectVal(map[string]cty.Value{"image": cty.DynamicVal, "name": cty.StringVal("a"), "port": cty.DynamicVal}),
		cty.ObjectVal(map[string]cty.Value{"image": cty.StringVal("planned:1"), "name": cty.DynamicVal}),
	})})
	written := cty.ObjectVal(map[string]cty.Value{"container": cty.TupleVal([]cty.Value{
		cty.ObjectVal(map[string]cty.Value{"image": cty.StringVal("evaluated:1"), "port": cty.StringVal("secret"), "env": cty.StringVal("secret")}),
		cty.ObjectVal(map[string]cty.Value{"image": cty.StringVal("evaluated:2"), "name": cty.StringVal("secret")}),
	})})
	list, _ := elements(attribute(graft(plan, written), "container"))
	if got, _ := asString(attribute(list[0], "image")); got != "evaluated:1" {
		t.Errorf("an unknown image is %q", got)
	}
	if got, _ := asString(attribute(list[1], "image")); got != "planned:1" {
		t.Errorf("a known image became %q", got)
	}
	if isKnown(attribute(list[0], "port")) || isKnown(attribute(list[1], "name")) || !isNull(attribute(list[0], "env")) {
		t.Error("more than images was taken from the configuration")
	}
	other := cty.ObjectVal(map[string]cty.Value{"container": cty.TupleVal([]cty.Value{cty.EmptyObjectVal})})
	if got := graft(plan, other); !got.RawEquals(plan) {
		t.Error("lists of other lengths were paired")
	}
}

func TestKnownHost(t *testing.T) {
	unknown := func(prefix string) cty.Value {
		return cty.UnknownVal(cty.String).Refine().StringPrefixFull(prefix).NewValue()
	}
	for _, c := range []struct {
		name  string
		image cty.Value
		want  string
	}{
		{"a host before what is unknown", unknown("us-docker.pkg.dev/project/"), "us-docker.pkg.dev"},
		{"a host with a port", unknown("registry.example:5000/app"), "registry.example:5000"},
		{"cut within the host", unknown("us-docker.pkg"), ""},
		{"a namespace of Docker Hub", unknown("library/ngi"), ""},
		{"nothing known", cty.DynamicVal, ""},
		{"known", cty.StringVal("gcr.io/a/b"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := knownHost(c.image.Mark(sensitiveMark{})); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
