package image

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ReadPath reads a file, the .yaml, .yml and .json files below a folder in the order of their names, or standard input for "-". Below a folder, what is
// hidden is passed over, and so are documents that are no Kubernetes objects: values and settings lie beside manifests.
func ReadPath(path string, stdin io.Reader) (Manifests, error) {
	if path == "-" {
		if stdin == nil {
			return Manifests{}, errors.New("standard input is not given: expected manifests on it")
		}
		return ReadManifests(stdin, path)
	}
	about, err := os.Stat(path)
	if err != nil {
		return Manifests{}, unwrapPath(path, err)
	}
	in := reading{passOver: about.IsDir()}
	if !about.IsDir() {
		err := in.file(path)
		return in.Manifests, err
	}
	f := folder{}
	if err := f.walk(path, nil); err != nil {
		return Manifests{}, err
	}
	if len(f.files) == 0 {
		return Manifests{}, fmt.Errorf("%s: holds no manifest: expected .yaml, .yml or .json files in it", path)
	}
	for _, name := range f.files {
		if err := in.file(name); err != nil {
			return in.Manifests, err
		}
	}
	if in.objects == 0 {
		return Manifests{}, fmt.Errorf("%s: none of its files (%d) holds a Kubernetes object: expected mappings with apiVersion and kind", path, len(f.files))
	}
	return in.Manifests, nil
}

func (in *reading) file(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return unwrapPath(name, err)
	}
	defer f.Close()
	return in.stream(f, name)
}

// unwrapPath puts the name in front once.
func unwrapPath(name string, err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// folder collects the manifests below a folder.
type folder struct{ files []string }

// walk follows links, as people link folders of manifests into each other, but into no folder that it is inside of.
func (f *folder) walk(path string, inside []os.FileInfo) error {
	about, err := os.Stat(path)
	if err != nil {
		return unwrapPath(path, err)
	}
	if slices.ContainsFunc(inside, func(a os.FileInfo) bool { return os.SameFile(a, about) }) {
		return nil
	}
	inside = append(slices.Clip(inside), about)
	entries, err := os.ReadDir(path)
	if err != nil {
		return unwrapPath(path, err)
	}
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		below, err := os.Stat(name)
		switch {
		case err != nil && e.Type()&os.ModeSymlink != 0 && !isManifest(name):
			// A link to nothing, or to itself, that would not have been read.
		case err != nil:
			return unwrapPath(name, err)
		case below.IsDir():
			if err := f.walk(name, inside); err != nil {
				return err
			}
		case below.Mode().IsRegular() && isManifest(name):
			f.files = append(f.files, name)
		}
	}
	return nil
}

func isManifest(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}
