// Package configuration reads the modules behind a plan and evaluates their expressions over what the plan knows.
//
// A plan shown as JSON leaves out local values and everything inside dynamic blocks. This package reads the module
// sources instead, from a folder or from the copy inside a saved plan file, and evaluates single attributes with the
// HCL evaluator. Whatever cannot be evaluated is unknown; nothing outside the configuration is read or run.
package configuration

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"github.com/zclconf/go-cty/cty/function"
)

const (
	maxFileSize   = 8 << 20
	maxTotalSize  = 256 << 20
	maxEntries    = 20000
	maxModules    = 2000
	maxModuleDeep = 30
)

// Configuration is a root module with the modules it calls.
type Configuration struct {
	root      *module
	functions map[string]function.Function
}

// sourceFile is one configuration file; name is where a user finds it, relative to the root module.
type sourceFile struct {
	name string
	text []byte
}

// origin hands out the files of one module. key is the dotted path of call names; found is false for a module whose
// sources are not there.
type origin interface {
	module(key, source, parent string) (dir string, files []sourceFile, found bool, err error)
}

// Open reads a configuration folder, with the modules it calls by local path and those that
// .terraform/modules/modules.json places, or the configuration copied into a saved plan file.
//
// It fails when the path cannot be read, holds no configuration, exceeds the size limits, or a file has a syntax
// error; the error then names the file and line. A called module that is not there is no error: its values are unknown.
func Open(path string) (*Configuration, error) {
	info, err := os.Stat(path)
	if err != nil {
		var at *os.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return nil, fmt.Errorf("%s: %w: expected the folder of the configuration, or its saved plan", path, err)
	}
	var from origin
	if info.IsDir() {
		from, err = openFolder(path)
	} else {
		from, err = openArchive(path)
	}
	if err != nil {
		return nil, err
	}
	l := &loader{from: from, called: map[string]bool{}}
	root, err := l.load("", "", "", nil)
	if err != nil {
		return nil, err
	}
	if root == nil {
		return nil, fmt.Errorf("no .tf files in folder %s", path)
	}
	return &Configuration{root: root, functions: functionTable(l.called)}, nil
}

type folder struct {
	root   string
	placed map[string]string
	total  int64
}

type manifestEntry struct {
	Key    string `json:"Key"`
	Source string `json:"Source"`
	Dir    string `json:"Dir"`
}

func openFolder(root string) (*folder, error) {
	f := &folder{root: root, placed: map[string]string{}}
	name := filepath.Join(root, ".terraform", "modules", "modules.json")
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read module manifest: %w", err)
	}
	var manifest struct {
		Modules []manifestEntry `json:"Modules"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, fmt.Errorf("read module manifest %s: %w", name, err)
	}
	for _, entry := range manifest.Modules {
		f.placed[entry.Key] = filepath.ToSlash(entry.Dir)
	}
	return f, nil
}

func (f *folder) module(key, source, parent string) (string, []sourceFile, bool, error) {
	dir, ok := ".", true
	switch {
	case key == "":
	case strings.HasPrefix(source, "./"), strings.HasPrefix(source, "../"), source == ".", source == "..":
		// The manifest may be older than the configuration, a local path never is.
		dir = path.Join(parent, source)
	default:
		dir, ok = f.placed[key]
	}
	if !ok {
		return "", nil, false, nil
	}
	files, err := f.read(dir)
	return dir, files, len(files) > 0, err
}

func (f *folder) read(dir string) ([]sourceFile, error) {
	full := filepath.FromSlash(dir)
	if !filepath.IsAbs(full) {
		full = filepath.Join(f.root, full)
	}
	entries, err := os.ReadDir(full)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read module folder: %w", err)
	}
	var files []sourceFile
	for _, entry := range entries {
		if !isConfiguration(entry.Name()) {
			continue
		}
		name := filepath.Join(full, entry.Name())
		// A pipe or device named like a configuration file would block the read.
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		text, err := readFile(name)
		if err != nil {
			return nil, err
		}
		if f.total += int64(len(text)); f.total > maxTotalSize {
			return nil, fmt.Errorf("configuration is larger than %d MiB", maxTotalSize>>20)
		}
		files = append(files, sourceFile{name: path.Join(dir, entry.Name()), text: text})
	}
	sortFiles(files)
	return files, nil
}

func readFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	defer func() { _ = file.Close() }()
	return readLimited(file, name)
}

func readLimited(r io.Reader, name string) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxFileSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(text) > maxFileSize {
		return nil, fmt.Errorf("%s is larger than %d MiB", name, maxFileSize>>20)
	}
	return text, nil
}

func isConfiguration(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~") {
		return false
	}
	return strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tf.json")
}

func isOverride(name string) bool {
	base := strings.TrimSuffix(strings.TrimSuffix(path.Base(name), ".json"), ".tf")
	return base == "override" || strings.HasSuffix(base, "_override")
}

// sortFiles puts override files last, so that a later block wins over an earlier one.
func sortFiles(files []sourceFile) {
	sort.Slice(files, func(i, j int) bool {
		a, b := files[i].name, files[j].name
		if isOverride(a) != isOverride(b) {
			return isOverride(b)
		}
		return a < b
	})
}
