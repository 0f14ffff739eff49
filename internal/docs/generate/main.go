// Command generate writes the page of each check, and the one that lists them, into docs/guides and removes those of checks that are gone. Run it at
// the root of the repository.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/docs"
)

func main() {
	if err := write(filepath.Join("docs", "guides")); err != nil {
		log.Fatal(err)
	}
}

func write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // documentation is for everybody
		return err
	}
	old, err := filepath.Glob(filepath.Join(folder, docs.Prefix+"*.md"))
	if err != nil {
		return err
	}
	pages := docs.Pages()
	for _, name := range old {
		if _, wanted := pages[filepath.Base(name)]; !wanted {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil { //nolint:gosec // documentation is for everybody
			return err
		}
	}
	return nil
}
