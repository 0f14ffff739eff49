package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

// target is one report to write; no file is standard output.
type target struct{ format, file string }

// pair matches formats and outputs by position.
func pair(formats, outputs []string) ([]target, error) {
	if len(formats) == 0 {
		formats = []string{"text"}
	}
	if len(outputs) > len(formats) {
		return nil, fmt.Errorf("--output %s has no --format: they are paired by position", outputs[len(formats)])
	}
	targets := make([]target, len(formats))
	taken := map[string]string{}
	for i, format := range formats {
		if err := oneOf("format", format, report.Formats()); err != nil {
			return nil, err
		}
		targets[i].format = format
		if i < len(outputs) && outputs[i] != "-" {
			if outputs[i] == "" {
				return nil, errors.New("--output names no file")
			}
			targets[i].file = filepath.Clean(outputs[i])
		}
		file := targets[i].file
		other, twice := taken[file]
		switch {
		case twice && file == "":
			return nil, fmt.Errorf("both %s and %s would go to standard output: give one of them an --output FILE", other, format)
		case twice:
			return nil, fmt.Errorf("both %s and %s would be written to %s", other, format, file)
		}
		taken[file] = format
	}
	return targets, nil
}

// writeAll writes every report it can, for a full disk must not cost what the screen could still show.
func writeAll(targets []target, r report.Report, std streams) error {
	var errs []error
	for _, t := range targets {
		if t.file == "" {
			errs = append(errs, report.Write(std.out, t.format, r, screen(std.out, std.env)))
			continue
		}
		err := replace(t.file, func(w io.Writer) error { return report.Write(w, t.format, r, report.Options{}) })
		if err != nil {
			errs = append(errs, fmt.Errorf("--output %s: %w", t.file, cause(err)))
		}
	}
	return errors.Join(errs...)
}

// cause drops the name of a temporary file nobody has heard of.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// replace writes a file completely or leaves what was there. Devices and pipes are written to, not replaced.
func replace(name string, write func(io.Writer) error) (err error) {
	mode := fs.FileMode(0o644)
	if resolved, err := filepath.EvalSymlinks(name); err == nil {
		name = resolved
	}
	switch info, err := os.Stat(name); {
	case err != nil:
	case info.Mode().IsRegular():
		mode = info.Mode().Perm()
	case !info.IsDir():
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	default:
		return errors.New("is a directory")
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(write(f), f.Chmod(mode), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
