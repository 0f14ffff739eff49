package configuration

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"path"
	"strings"
)

const (
	configPrefix = "tfconfig/"
	modulePrefix = configPrefix + "m-"
	manifestName = configPrefix + "modules.json"
)

// archive holds the modules of a saved plan by key, already read: a plan holds little more than what is needed.
type archive struct {
	modules map[string][]sourceFile
	dirs    map[string]string
}

func openArchive(name string) (*archive, error) {
	reader, err := zip.OpenReader(name)
	if err != nil {
		return nil, fmt.Errorf("%s is neither a configuration folder nor a saved plan: %w", name, err)
	}
	defer func() { _ = reader.Close() }()
	if len(reader.File) > maxEntries {
		return nil, fmt.Errorf("%s holds more than %d files", name, maxEntries)
	}
	a := &archive{modules: map[string][]sourceFile{}, dirs: map[string]string{}}
	texts := map[string][]byte{}
	total := 0
	for _, entry := range reader.File {
		if !wanted(entry.Name) {
			continue
		}
		text, err := readEntry(entry)
		if err != nil {
			return nil, fmt.Errorf("read saved plan %s: %w", name, err)
		}
		if total += len(text); total > maxTotalSize {
			return nil, fmt.Errorf("configuration in %s is larger than %d MiB", name, maxTotalSize>>20)
		}
		texts[entry.Name] = text
	}
	if err := a.place(texts); err != nil {
		return nil, fmt.Errorf("read saved plan %s: %w", name, err)
	}
	if len(a.modules[""]) == 0 {
		return nil, fmt.Errorf("%s is not a saved plan: it holds no configuration", name)
	}
	return a, nil
}

// wanted leaves the state and the plan itself unread: they may be large, and are not configuration.
func wanted(name string) bool {
	if name == manifestName {
		return true
	}
	return strings.HasPrefix(name, modulePrefix) && isConfiguration(path.Base(name))
}

func readEntry(entry *zip.File) ([]byte, error) {
	// The size in the header may lie, so the read is limited as well.
	if entry.UncompressedSize64 > maxFileSize {
		return nil, fmt.Errorf("%s is larger than %d MiB", entry.Name, maxFileSize>>20)
	}
	file, err := entry.Open()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", entry.Name, err)
	}
	defer func() { _ = file.Close() }()
	return readLimited(file, entry.Name)
}

func (a *archive) place(texts map[string][]byte) error {
	if text, ok := texts[manifestName]; ok {
		var entries []manifestEntry
		if err := json.Unmarshal(text, &entries); err != nil {
			return fmt.Errorf("read %s: %w", manifestName, err)
		}
		for _, entry := range entries {
			a.dirs[entry.Key] = path.Clean(entry.Dir)
		}
	}
	for name, text := range texts {
		key, file, ok := strings.Cut(strings.TrimPrefix(name, modulePrefix), "/")
		if !ok || name == manifestName || strings.Contains(file, "/") {
			continue
		}
		// Without a manifest entry the place inside the archive is all a user can be told.
		dir, known := a.dirs[key]
		if !known {
			dir = modulePrefix + key
			if key == "" {
				dir = "."
			}
			a.dirs[key] = dir
		}
		a.modules[key] = append(a.modules[key], sourceFile{name: path.Join(dir, file), text: text})
	}
	for _, files := range a.modules {
		sortFiles(files)
	}
	return nil
}

func (a *archive) module(key, _, _ string) (string, []sourceFile, bool, error) {
	files := a.modules[key]
	return a.dirs[key], files, len(files) > 0, nil
}
